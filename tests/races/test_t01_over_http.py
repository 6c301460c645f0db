"""T01 and T03 once more through the pages: site, desk and phone; a loser's page keeps what was typed."""

from functools import partial
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from foundation.accounts.choices import Role
from notifications.models import Message
from patients.choices import DocumentKind
from patients.demandable import Demandable
from scheduling.models import Appointment, Slot
from tests import factories as make
from tests.messages import code_of
from tests.races.harness import in_turns, run_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def slots():
    return make.slots_of(make.shift(make.doctor(), days=2, slots=6))


def browser(role=None) -> Client:
    client = Client(raise_request_exception=False)
    if role:
        client.force_login(make.user(role), backend="foundation.accounts.backend.StaffBackend")
    return client


def at_site(client, slot, number):
    """Goes a visitor's whole way, as far as it leads; returns the last answer."""
    phone = f"+7921777{number:04d}"
    chosen = {"slot": slot.pk, "service": slot.doctor.services.get().pk}
    typed = {"last_name": "Лунина", "first_name": "Вера", "birth_date": "17.05.1990", "phone": phone}
    answer = client.post(reverse("site:take"), chosen)
    if answer.status_code == 302:
        answer = client.post(reverse("site:details"), typed | {"who": "self", "patronymic": "", "consent": "on"})
    if answer.status_code == 302:
        code = code_of(phone)
        answer = client.post(reverse("site:code"), {"code": code})
    return answer


def form(slot, patient, *, seen=False):
    sent = {"key": uuid4().hex, "patient": patient.pk, "applicant": "self", "service": slot.doctor.services.get().pk}
    identity = Demandable.IDENTITY.value
    paper = {f"{identity}-seen": "on", f"{identity}-kind": DocumentKind.RF_PASSPORT, f"{identity}-seen_as": "original"}
    return sent | (paper if seen else {})


def at_office(client, slot, sent):
    return client.post(reverse("office:book", args=[slot.pk]), sent)


def test_one_of_40_browsers_gets_the_slot(slots):
    wanted, others = slots[0], slots[1:]
    desk = [(browser(Role.REGISTRAR), form(wanted, make.patient(), seen=True)) for _ in range(12)]
    phone = [(browser(Role.OPERATOR), form(wanted, make.patient())) for _ in range(12)]
    result = run_at_once(
        in_turns(
            [partial(at_site, browser(), wanted, number) for number in range(16)],
            [partial(at_office, client, wanted, sent) for client, sent in desk],
            [partial(at_office, client, wanted, sent) for client, sent in phone],
        )
    )
    assert sorted(answer.status_code for answer in result.values) == [302] + [409] * 39
    assert Appointment.objects.count() == 1
    assert Slot.objects.get(pk=wanted.pk).appointment_id == Appointment.objects.get().pk
    for answer in result.values:
        if answer.status_code == 409:
            page = answer.content.decode()
            assert sum(str(other.pk) in page for other in others) == 3


def test_the_same_form_sent_by_an_impatient_hand(slots):
    client = browser(Role.OPERATOR)
    sent = form(slots[0], make.patient())
    result = run_at_once([partial(at_office, client, slots[0], sent)] * 12)
    made = Appointment.objects.get()
    assert {answer.status_code for answer in result.values} == {302}
    assert {answer.url for answer in result.values} == {reverse("office:appointment", args=[made.pk])}
    assert Message.objects.filter(template="booked").count() == 1
    assert at_office(client, slots[1], sent).status_code == 422
