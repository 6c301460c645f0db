"""A day of an operator: calls of eight kinds one after another, through the pages, without one error."""

import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from itertools import count
from statistics import median

import pytest
from django.urls import reverse

from scheduling.choices import AppointmentStatus
from scheduling.models import Appointment
from tests import factories as make
from tests.back_office.test_card import steps, was_here
from waitlist import matching
from waitlist.models import WaitlistEntry

pytestmark = pytest.mark.django_db
LINES = ("дерматолог", "белова", "дерматолог утро", "дерматолог пн-пт", "дерматолог до 15")


class Day:
    """One operator and the people who call; each kind of call is a method that returns nothing but is right."""

    def __init__(self, client, seed: int) -> None:
        self.client, self.chance = client, random.Random(seed)
        service = make.service()
        self.doctors = [make.doctor(service, last_name=name) for name in ("Белова", "Градов", "Зорин")]
        for doctor in self.doctors:
            for days in range(2, 9):
                make.shift(doctor, days=days, slots=16)
        self.days_ago = count(3, 2)
        self.requests, self.millis = 0, defaultdict(list)

    def asks(self, text: str):
        return self._answered(self.client.post(reverse("office:caller"), {"caller": text}, follow=True))

    def card(self, patient, query: str = "", **asked):
        address = reverse("office:caller_wishes", args=[patient.pk], query=asked or None)
        return self._answered(self.client.get(f"{address}{query}", follow=True))

    def posts(self, name: str, pk, /, query=None, **sent):
        return self._answered(self.client.post(reverse(f"office:{name}", args=[pk], query=query), sent, follow=True))

    def _answered(self, answer):
        self.requests += 1 + len(answer.redirect_chain)
        assert answer.status_code == 200, answer.status_code
        return answer

    def somebody(self, **columns):
        number = f"+7921{self.chance.randrange(10**6, 10**7)}"
        return make.patient(phone=number, **columns)

    def books(self, patient, page, **query):
        found, key = self.chance.choice(page.context["times"])
        told = self.posts(
            "caller_book", patient.pk, query, slot=found.slot.pk, service=found.service.pk, key=key
        ).context["told_of"]
        self.posts("appointment_informed", told.visit.pk, back=reverse("office:caller_wishes", args=[patient.pk]))
        return Appointment.objects.get(pk=told.visit.pk, patient=patient, informed_at__isnull=False)

    def known(self):
        patient = self.somebody()
        (found,) = self.asks(str(patient.phone)).context["people"]
        self.books(patient, self.card(patient, line=self.chance.choice(LINES)))
        assert found.pk == patient.pk

    def family(self):
        mother = self.somebody()
        child = make.child(phone="")
        acts = make.parent_of(child, phone=str(mother.phone))
        assert len(self.asks(str(mother.phone)).context["people"]) == 2
        assert self.books(child, self.card(child, line="дерматолог")).representation == acts

    def unknown(self):
        number = f"8921{self.chance.randrange(10**6, 10**7)}"
        assert self.asks(number).context["people"] == ()
        person = {"last_name": "Ли", "first_name": "Инна", "phone": number, "namesake": "on"}
        born = f"{self.chance.randrange(1, 29)}.12.{self.chance.randrange(1950, 2000)}"
        made = self.client.post(reverse("office:caller_new"), person | {"birth_date": born}, follow=True)
        patient = self._answered(made).context["patient"]
        self.books(patient, self.card(patient, line="градов"))

    def hidden(self):
        assert self.asks("скрыт").context["hidden"]
        patient = self.somebody(last_name=f"Щерба{self.chance.choice('квлмн')}ов")
        assert patient.pk in {found.pk for found in self.asks(patient.last_name).context["people"]}
        self.books(patient, self.card(patient, line="зорин"))

    def you_called_me(self):
        """Calls back the one who is first in line for a freed time: whoever that is by now."""
        make.entry(self.doctors[0].specialties.get(), who=self.somebody())
        free = self.doctors[0].slots.filter(appointment=None).latest("starts_at")
        patient = matching.offer_slot(slot=free.pk).patient
        task = next(banner.task for banner in self.card(patient).context["known"] if banner.task)
        call = self.posts("task_claim", task)
        self.posts("call_book", call.context["offer"].pk, key=call.context["key"])
        assert Appointment.objects.filter(patient=patient).exists()

    def nothing_suits(self):
        patient = self.somebody()
        page = self.card(patient, line="дерматолог")
        query = {"specialty": page.context["form"]["specialty"].value()}
        self.posts("caller_join", patient.pk, query, none_suits="1", note="после отпуска")
        assert WaitlistEntry.objects.get(patient=patient).sought_until is not None

    def follow_up(self):
        patient, doctor = self.somebody(), self.chance.choice(self.doctors)
        last = was_here(patient, doctor, days=next(self.days_ago))
        step = steps(self.card(patient))["Повторный приём"]
        made = self.books(patient, self.card(patient, f"?{step.query}"), follow_up=last.pk)
        assert made.follow_up_of == last

    def moves_or_cancels(self):
        patient = self.somebody()
        visit = self.books(patient, self.card(patient, line="дерматолог"))
        offered = steps(self.card(patient))
        if self.chance.random() < 0.5:
            found, _key = self.card(patient, f"?{offered['Перенести'].query}").context["times"][0]
            self.posts("appointment_move", visit.pk, to=found.slot.pk, back=reverse("office:caller"))
            assert Appointment.objects.get(pk=visit.pk).starts_at == found.slot.starts_at
        else:
            self.posts("appointment_cancel", visit.pk, reason="patient", back=reverse("office:caller"))
            assert Appointment.objects.get(pk=visit.pk).status == AppointmentStatus.CANCELLED

    @property
    def kinds(self) -> list[Callable[[], None]]:
        return [
            *(self.known, self.family, self.unknown, self.hidden),
            *(self.you_called_me, self.nothing_suits, self.follow_up, self.moves_or_cancels),
        ]


@pytest.mark.parametrize("calls", [8, pytest.param(80, marks=pytest.mark.long)])
def test_a_day_of_calls_has_no_error(sign_in, operator, calls, capsys):
    day = Day(sign_in(operator), seed=calls)
    order = day.kinds * (calls // len(day.kinds))
    day.chance.shuffle(order)
    for call in order:
        begun = time.perf_counter()
        call()
        day.millis[call.__name__].append((time.perf_counter() - begun) * 1000)
    with capsys.disabled():
        sys.stdout.write(f"\n{calls} calls: {day.requests} requests, 0 errors\n")
        for name, millis in sorted(day.millis.items()):
            sys.stdout.write(f"  {name:<18} {len(millis):>3} calls, p50 {median(millis):>5.0f} ms\n")
    assert Appointment.objects.exclude(status=AppointmentStatus.CANCELLED).count() >= calls * 5 // 8
