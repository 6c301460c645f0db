"""T94: every form that makes something, pressed three times at once and once more later.

Each is filled in on its own page, as a person does it.
"""

from collections.abc import Callable
from datetime import time, timedelta
from functools import partial
from typing import NamedTuple

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import booking
from foundation.accounts.actors import staff
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.idempotency.models import HandledForm
from foundation.idempotency.once import FIELD
from notifications.models import Message
from patients.models import DataConsent, Patient, RegistryEntry, Representation
from scheduling.models import (
    Absence,
    Appointment,
    AppointmentEvent,
    Doctor,
    EmergencyCase,
    Location,
    Room,
    Service,
    Shift,
    ShiftRule,
    Slot,
    Specialty,
)
from tests import factories as make
from tests import phoning
from tests.clinic.test_second_press import reviewed
from tests.messages import code_of
from tests.races.forms import DrawnForms, form_for
from tests.races.harness import run_at_once
from waitlist.models import CallAttempt, SlotOffer, UnmetWish, WaitlistEntry, WaitlistRequest
from worklist.models import Task

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
COUNTED = (
    *(EmergencyCase, Patient, Representation, WaitlistRequest, WaitlistEntry, UnmetWish, CallAttempt),
    *(ShiftRule, Absence, Location, Room, Specialty, Service, Doctor, User, Shift, Slot),
    *(Appointment, AppointmentEvent, RegistryEntry, DataConsent, Message),
)
PERSON = {"last_name": "Лунина", "first_name": "Вера", "birth_date": "17.05.1990", "phone": "8 921 777 00 01"}
VISIT = {"Appointment": 1, "AppointmentEvent": 1, "Message": 1}
AT_OFFICE = VISIT | {"RegistryEntry": 1}


class Press(NamedTuple):
    """The form is on the page `at`; `typed` is filled in, and it makes the rows of `makes` once."""

    client: Client
    at: str
    typed: dict
    makes: dict[str, int]


def signed_in(role=Role.REGISTRAR, user=None) -> Client:
    client = Client(raise_request_exception=False)
    client.user = user or make.user(role)
    client.force_login(client.user, backend="foundation.accounts.backend.StaffBackend")
    return client


def page(name: str, *args: object, **query: object) -> str:
    return reverse(name, args=args, query=query or None)


def free_times(days: int = 2, slots: int = 6) -> list[Slot]:
    return make.slots_of(make.shift(make.doctor(), days=days, slots=slots))


def emergency_open() -> Press:
    return Press(signed_in(), page("office:emergencies"), {}, {"EmergencyCase": 1})


def patient_new() -> Press:
    return Press(signed_in(), page("office:patient_new"), PERSON | {"namesake": "on"}, {"Patient": 1})


def representative_new() -> Press:
    typed = {"rep-relation": "parent", "rep-last_name": "Лунина", "rep-first_name": "Вера"}
    return Press(signed_in(), page("office:representative_new", make.child().pk), typed, {"Representation": 1})


def hand_over() -> Press:
    at = page("office:find_time", patient=make.patient().pk, specialty=make.specialty().pk)
    return Press(signed_in(), at, {}, {"WaitlistRequest": 1})


def caller_new() -> Press:
    typed = PERSON | {"namesake": "on"}
    return Press(signed_in(Role.OPERATOR), page("office:caller_new"), typed, {"Patient": 1})


def caller_represent() -> Press:
    at = page("office:caller_wishes", make.child().pk)
    typed = {"relation": "parent", "last_name": "Лунина", "first_name": "Вера"}
    return Press(signed_in(Role.OPERATOR), at, typed, {"Representation": 1})


def caller_join() -> Press:
    at = page("office:caller_wishes", make.patient().pk, specialty=make.specialty().pk)
    return Press(signed_in(Role.OPERATOR), at, {"note": "после работы"}, {"WaitlistEntry": 1})


def caller_unmet() -> Press:
    at = page("office:caller_wishes", make.patient().pk, specialty=make.specialty().pk)
    return Press(signed_in(Role.OPERATOR), at, {"reason": "expensive"}, {"UnmetWish": 1})


def claimed_offer(client: Client) -> SlotOffer:
    slot = free_times()[0]
    offer = make.offer(make.entry(slot.doctor.specialties.get()), slot)
    return phoning.claim(offer=offer.pk, by=staff(client.user))


def call_finish() -> Press:
    client = signed_in(Role.OPERATOR)
    return Press(client, page("office:call", claimed_offer(client).pk), {"outcome": "no_answer"}, {"CallAttempt": 1})


def call_book() -> Press:
    client = signed_in(Role.OPERATOR)
    return Press(client, page("office:call", claimed_offer(client).pk), {}, AT_OFFICE | {"CallAttempt": 1})


def rebooking_finish() -> Press:
    client, slot = signed_in(), free_times()[0]
    make.appointment(slot)
    make.away(slot.doctor, 2, 2)
    task = booking.claim_task(task=Task.objects.get().pk, by=staff(client.user))
    return Press(client, page("office:rebooking_task", task.pk), {"outcome": "no_answer"}, {"attempts": 1})


def hours_of(doctor, **changes: object) -> dict:
    typed = {"starts": "09:00", "ends": "10:00", "room": doctor.room_id, "slot_minutes": "30"}
    return typed | {"valid_from": str(timezone.localdate()), "valid_until": ""} | changes


def rule_add() -> Press:
    doctor = make.doctor()
    typed = hours_of(doctor, weekdays=["1", "3"])
    return Press(signed_in(Role.SCHEDULE_ADMIN), page("office:rule_add", doctor.pk), typed, {"ShiftRule": 2})


def absence_add() -> Press:
    day = timezone.localdate() + timedelta(days=5)
    typed = {"kind": "leave", "first_day": day, "last_day": day}
    return Press(signed_in(Role.SCHEDULE_ADMIN), page("office:absence_add", make.doctor().pk), typed, {"Absence": 1})


def closure_add() -> Press:
    day = timezone.localdate() + timedelta(days=5)
    typed = {"what": "all", "kind": "repair", "first_day": day, "last_day": day}
    return Press(signed_in(Role.SCHEDULE_ADMIN), page("office:closure_add"), typed, {"Absence": 1})


def publish() -> Press:
    doctor, day = make.doctor(), timezone.localdate() + timedelta(days=5)
    columns = {"room": doctor.room, "slot_minutes": 30, "valid_from": timezone.localdate()}
    hours = {"weekday": day.isoweekday(), "starts": time(9), "ends": time(10)}
    ShiftRule.objects.create(doctor=doctor, **hours, **columns)
    at = page("office:publish", doctor.pk, first_day=day, last_day=day)
    return Press(signed_in(Role.SCHEDULE_ADMIN), at, {}, {"Shift": 1, "Slot": 2})


def request() -> Press:
    at = page("site:request", free_times()[0].doctor.specialties.get().slug)
    typed = PERSON | {"who": "self", "patronymic": "", "consent": "on"}
    return Press(Client(), at, typed, {"WaitlistRequest": 1})


def book() -> Press:
    slot, client = free_times()[0], signed_in(Role.OPERATOR)
    typed = {"applicant": "self", "service": slot.doctor.services.get().pk}
    return Press(client, page("office:book", slot.pk, patient=make.patient().pk), typed, AT_OFFICE)


def appointment_send_again() -> Press:
    at = page("office:appointment", make.appointment().pk)
    return Press(signed_in(), at, {}, {"Message": 1, "AppointmentEvent": 1})


def overbook() -> Press:
    busy = make.appointment().slots.get()
    at = page("office:overbook", busy.pk, patient=make.patient(last_name="Соколова").pk)
    typed = {"applicant": "self", "service": busy.doctor.services.get().pk, "reason": "острая боль"}
    return Press(signed_in(), at, typed | {"identity-seen": "on"}, AT_OFFICE)


def caller_book() -> Press:
    specialty = free_times()[0].doctor.specialties.get()
    at = page("office:caller_wishes", make.patient().pk, specialty=specialty.pk)
    return Press(signed_in(Role.OPERATOR), at, {}, AT_OFFICE)


def entry_book() -> Press:
    entry = make.entry(free_times()[0].doctor.specialties.get())
    return Press(signed_in(Role.OPERATOR), page("office:entry", entry.pk), {}, AT_OFFICE | {"CallAttempt": 1})


def follow_up() -> Press:
    client = signed_in(Role.DOCTOR)
    doctor = make.doctor(user=client.user)
    yesterday = make.slots_of(make.shift(doctor, days=-1))[0]
    with time_machine.travel(make.moment(-2)):
        visit = make.appointment(yesterday)
    make.seen(visit)
    chosen = make.slots_of(make.shift(doctor, days=20))[0]
    return Press(client, page("office:follow_up", visit.pk, weeks=2), {"slot": chosen.pk}, VISIT)


def code() -> Press:
    client, slot = Client(raise_request_exception=False), free_times()[0]
    client.post(page("site:take"), {"slot": slot.pk, "service": slot.doctor.services.get().pk})
    typed = PERSON | {"who": "self", "patronymic": "", "consent": "on"}
    assert client.post(page("site:details"), typed).url == page("site:code")
    sent = {"code": code_of("+79217770001")}
    return Press(client, page("site:code"), sent, VISIT | {"Patient": 1, "DataConsent": 1})


def by_head(name: str, typed: dict, makes: dict[str, int]) -> Press:
    return Press(signed_in(Role.HEAD), page(f"office:{name}"), typed, makes)


def location_add() -> Press:
    typed = {"name": "Солнце", "address": "ул. Солнечная, д. 1", "timezone": "Europe/Moscow"}
    return by_head("location_add", typed, {"Location": 1})


def room_add() -> Press:
    return by_head("room_add", {"location": make.location().pk, "name": "каб. 91"}, {"Room": 1})


def specialty_add() -> Press:
    return by_head("specialty_add", {"name": "Хирургия", "doctor_title": "хирург", "order": "1"}, {"Specialty": 1})


def service_add() -> Press:
    typed = {"specialty": make.specialty().pk, "name": "Осмотр", "kind": "visit", "minutes": "30", "order": "1"}
    return by_head("service_add", typed | {"price": "2400,50", "active": "on"}, {"Service": 1})


def doctor_add() -> Press:
    service = make.service()
    name = {"last_name": "Лунина", "first_name": "Вера", "min_age": "0", "max_age": "120"}
    given = {"services": [service.pk], "specialties": [service.specialty_id], "active": "on"}
    return by_head("doctor_add", name | given, {"Doctor": 1})


def person_add() -> Press:
    name = {"last_name": "Лунина", "first_name": "Вера", "login": "lunina", "role": Role.REGISTRAR}
    secrets = {"password": "vremennyi-klyuch-1", "own_password": "parol-12345"}
    return by_head("person_add", name | secrets, {"User": 1})


OFFICE = (
    *(location_add, room_add, specialty_add, service_add, doctor_add, person_add),
    appointment_send_again,
    *(emergency_open, patient_new, representative_new, hand_over, caller_new, caller_represent),
    *(caller_join, caller_unmet, call_finish, rebooking_finish, rule_add, absence_add, closure_add, publish),
    *(book, overbook, caller_book, call_book, entry_book, follow_up),
)
FORMS: dict[str, Callable[[], Press]] = {f"office:{press.__name__}": press for press in OFFICE}
FORMS |= {f"site:{press.__name__}": press for press in (request, code)}


def counts() -> dict[str, int]:
    attempts = Task.objects.aggregate(sum=Sum("attempts"))["sum"] or 0
    return {model.__name__: model.objects.count() for model in COUNTED} | {"attempts": attempts}


def grown(before: dict[str, int]) -> dict[str, int]:
    return {name: number - before[name] for name, number in counts().items() if number != before[name]}


def again(client: Client) -> Client:
    """The same browser with the cookies it had when its form was drawn."""
    twin = Client(raise_request_exception=False)
    twin.cookies.load({name: morsel.value for name, morsel in client.cookies.items()})
    return twin


def told(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_every_form_that_makes_something_is_pressed_here():
    assert FORMS.keys() == {name for name, how in reviewed().items() if how != "again"}


@pytest.mark.parametrize("name", FORMS)
def test_three_presses_at_once_and_one_later_count_once(name):
    press = FORMS[name]()
    form = form_for(name, press.client.get(press.at).content.decode(), at=press.at)
    before, sent = counts(), form.hidden | press.typed
    answers = run_at_once([partial(again(press.client).post, form.action, sent) for _ in range(3)]).values
    answers.append(again(press.client).post(form.action, sent))
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.url for answer in answers}) == 1
    assert [told(answer) for answer in answers] == [told(answers[0])] * 4
    assert {model: number for model, number in grown(before).items() if model in press.makes} == press.makes
    assert grown(before).keys() - press.makes.keys() <= {"attempts"}


def test_one_more_patient_pressed_three_times_is_one_more_case():
    client = signed_in()
    case = client.post(reverse("office:emergency_open")).url
    forms = DrawnForms(client.get(case).content.decode(), at=case).forms
    _red_button, form = (form for form in forms if form.name == "office:emergency_open")
    run_at_once([partial(again(client).post, form.action, form.hidden | {"another": "1"}) for _ in range(3)])
    assert EmergencyCase.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "more"),
    [("office:emergency_open", {"another": "1"}), ("office:patient_new", {}), ("office:caller_new", {})],
)
def test_control_without_the_key_each_press_counts(name, more):
    press = FORMS[name]()
    form = form_for(name, press.client.get(press.at).content.decode(), at=press.at)
    del form.hidden[FIELD]
    before, sent = counts(), form.hidden | press.typed | more
    answers = run_at_once([partial(again(press.client).post, form.action, sent) for _ in range(3)]).values
    assert len({answer.url for answer in answers}) == 3
    assert grown(before) == {model: 3 * number for model, number in press.makes.items()}
    assert HandledForm.objects.count() == 0
