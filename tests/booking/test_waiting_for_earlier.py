"""«Оставить в листе на более раннее?»: the wish that a visit has ended goes on beside it (W22, R20)."""

import pytest
from django.urls import reverse

import booking
from back_office.presenters.waitlist import rows_of
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from scheduling.choices import CancelReason
from tests import factories as make
from tests import phoning
from waitlist import matching
from waitlist.choices import EntryState, RequestState
from waitlist.errors import EntryClosed
from waitlist.models import SlotOffer, WaitlistEntry, WaitlistRequest
from waitlist.queries import entries as listed

pytestmark = pytest.mark.django_db

DAY = 9


@pytest.fixture
def operator():
    return make.actor(Role.OPERATOR)


@pytest.fixture
def service():
    return make.service()


@pytest.fixture
def entry(service):
    return make.entry(service.specialty, weekdays=(1, 2, 3, 4, 5, 6, 7), note="после школы")


@pytest.fixture
def visit(service, entry):
    """It has ended the entry."""
    return make.appointment(free(service, DAY), of=entry.patient)


def free(service, days):
    return make.slots_of(make.shift(make.doctor(service), days=days, slots=1))[0]


def test_an_operator_leaves_the_patient_at_their_place(visit, entry, operator):
    arrived = entry.arrived_at
    for _press in range(2):
        assert booking.wait_for_earlier(appointment=visit.pk, by=operator).pk == entry.pk
    entry.refresh_from_db()
    assert (entry.state, entry.appointment, entry.earlier_than) == (EntryState.WAITING, None, visit)
    assert (entry.arrived_at, entry.closed_at, entry.closed_by) == (arrived, None, "")
    assert AuditEvent.objects.get(action="waitlist.waits_for_earlier").actor == operator.ref


def test_they_are_offered_an_earlier_time_and_give_up_the_visit(service, visit, entry, operator):
    booking.wait_for_earlier(appointment=visit.pk, by=operator)
    for days in (DAY + 1, DAY - 4):
        matching.offer_slot(slot=free(service, days).pk)
    offer = phoning.claim_next(by=operator)
    assert SlotOffer.objects.get() == offer
    assert booking.from_offer(offer=offer.pk, by=operator, unless_booked=True) == visit
    entry.refresh_from_db()
    assert (entry.state, entry.appointment) == (EntryState.BOOKED, visit)


def test_the_desk_hands_the_wish_over(visit, entry, operator):
    registrar = make.actor(Role.REGISTRAR)
    for _press in range(2):
        booking.wait_for_earlier(appointment=visit.pk, by=registrar)
    request = WaitlistRequest.objects.get()
    assert (request.state, request.patient, request.note) == (RequestState.HANDED_OVER, visit.patient, "после школы")
    entry.refresh_from_db()
    assert entry.state == EntryState.BOOKED, "only the contact centre puts people on the list"
    entered = booking.enter_request(request=request.pk, by=operator)
    assert (entered.state, entered.earlier_than_id) == (EntryState.WAITING, visit.pk)


def test_once_the_visit_is_cancelled_they_wait_as_others_do(service, visit, entry, operator):
    booking.wait_for_earlier(appointment=visit.pk, by=operator)
    booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=operator)
    matching.offer_slot(slot=free(service, DAY + 3).pk)
    assert SlotOffer.objects.get().entry_id == entry.pk
    assert "ищем раньше" not in " ".join(rows_of(listed.open_entries())[0].words)


def test_whoever_joins_with_a_visit_waits_for_an_earlier_time(service, operator):
    visit = make.appointment(free(service, DAY))
    again = make.entry(service.specialty, who=visit.patient)
    assert again.earlier_than_id == visit.pk
    laser = make.service(service.specialty, name="Лазер")
    make.doctor(laser)
    booking.remove_entry(entry=again.pk, reason="передумал", by=operator)
    assert make.entry(service.specialty, who=visit.patient, service=laser).earlier_than is None


def test_no_wish_was_ended_or_the_visit_is_over(service, visit, operator):
    other = make.appointment(free(service, DAY))
    booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=operator)
    for each in (visit, other):
        with pytest.raises(EntryClosed):
            booking.wait_for_earlier(appointment=each.pk, by=operator)


@pytest.mark.parametrize(("role", "said"), [(Role.OPERATOR, "ждёт время раньше"), (Role.REGISTRAR, "передано")])
def test_the_page_of_the_visit_asks(client, visit, entry, role, said):
    client.force_login(make.user(role))
    here = reverse("office:appointment", args=[visit.pk])
    assert "Оставить в листе на более раннее" in client.get(here).text
    answer = client.post(reverse("office:appointment_earlier", args=[visit.pk]), follow=True)
    assert said in answer.text
    assert WaitlistEntry.objects.filter(earlier_than=visit).exists() is (role == Role.OPERATOR)


def test_the_list_says_what_they_have(visit, entry, operator):
    booking.wait_for_earlier(appointment=visit.pk, by=operator)
    words = rows_of(listed.open_entries())[0].words
    assert words[-1] == f"есть запись на {visit.local_start:%d.%m} в {visit.local_start:%H:%M}, ищем раньше"
