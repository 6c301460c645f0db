"""T84: on random lists the order, and the reason of each skip, are those of a slow reference."""

from typing import NamedTuple

import pytest
import time_machine
from django.db import transaction

import booking
from foundation.accounts.choices import Role
from scheduling.models import Appointment, Slot
from tests import factories as make
from tests.waitlist import reference
from tests.waitlist.random_lists import Clinic
from tests.waitlist.reference import Day
from waitlist import matching
from waitlist.models import SlotOffer
from waitlist.queries import why
from waitlist.ranking import first, search
from waitlist.ranking.runs import runs_with

pytestmark = pytest.mark.django_db

LISTS, LONG = 50, 500
"""So many lists are drawn for each clinic, usually and with `--long`."""


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(make.moment(0, "12:00"), tick=False):
        yield


@pytest.fixture(autouse=True)
def contacts(settings):
    settings.CONTACTS, settings.CONTACTS_DAYS = reference.CONTACTS, reference.CONTACT_TIME.days


@pytest.fixture
def lists(request):
    return LONG if request.config.getoption("--long") else LISTS


@pytest.mark.parametrize("seed", [*range(4), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(4, 20))])
def test_t84_order_and_reasons_are_those_of_the_reference(seed, lists):
    clinic, seen = Clinic(seed), Seen()
    for _ in range(lists):
        compare(clinic, seen)
    assert not seen.wrong
    assert seen.proposed > 20
    assert len(seen.reasons) > 10, "nearly every reason there is"
    assert seen.longer
    assert seen.before


def test_w11_whoever_accepts_an_earlier_time_gives_theirs_to_the_next(lists):
    clinic, operator = Clinic(11), make.actor(Role.OPERATOR)
    swaps = [swap for _ in range(2 * lists) if (swap := swapped(clinic, operator))]
    assert len(swaps) > 2
    assert [each for each in swaps if each.found != each.expected] == []
    assert any(each.expected.next_in_line for each in swaps)


def without_priority(monkeypatch, settings):
    monkeypatch.setattr(search, "_turn", lambda entry: ("", entry.arrived_at))


def without_pauses(monkeypatch, settings):
    monkeypatch.setattr(first, "_STILL_WAITING", first._STILL_WAITING.replace("paused_until >", "paused_until <"))


def with_calls_to_all(monkeypatch, settings):
    monkeypatch.setattr(first, "_STILL_WAITING", first._STILL_WAITING.replace("<> 'writing'", "<> 'nothing'"))


def at_the_number_of_the_record(monkeypatch, settings):
    monkeypatch.setattr(first, "_STILL_WAITING", first._STILL_WAITING.replace("entry.phone", "NULL"))


def without_rests(monkeypatch, settings):
    monkeypatch.setattr(first, "_STILL_WAITING", first._STILL_WAITING.replace("entry.rests_until", "NULL"))


def without_contacts(monkeypatch, settings):
    settings.CONTACTS = 0


def without_gain(monkeypatch, settings):
    settings.MIN_GAIN_DAYS = 0


def without_starts_before(monkeypatch, settings):
    monkeypatch.setattr(matching, "runs_with", lambda around, *, now: runs_with(around, now=now)[-1:])


def with_what_was_declined(monkeypatch, settings):
    monkeypatch.setattr(search, "_THIS_DOCTOR", search._THIS_DOCTOR.replace("'declined'", "'withdrawn'"))
    monkeypatch.setattr(search, "_ANY_DOCTOR", search._ANY_DOCTOR.replace("'declined'", "'withdrawn'"))


@pytest.mark.parametrize(
    "fault",
    [
        without_priority,
        without_pauses,
        with_calls_to_all,
        without_rests,
        without_contacts,
        at_the_number_of_the_record,
        without_gain,
        without_starts_before,
        with_what_was_declined,
    ],
)
def test_control_a_changed_ranking_is_noticed(fault, monkeypatch, settings):
    fault(monkeypatch, settings)
    clinic, seen = Clinic(7), Seen()
    for _ in range(150):
        compare(clinic, seen)
        if seen.wrong:
            return
    pytest.fail("The lists do not notice it.")


class Seen:
    """All that the lists of a test have shown."""

    def __init__(self):
        self.wrong, self.reasons = [], set()
        self.proposed = self.longer = self.before = 0


def compare(clinic, seen):
    """Draws a list and compares it; nothing of it stays."""
    with transaction.atomic():
        day, freed, people = clinic.drawn()
        expected = day.phoned(people, freed)
        slot = freed_slot(freed)
        services = why.services_at(slot)
        reasons = [(day.why(each, freed), why.reason(each.entry, slot=slot, services=services)) for each in people]
        if any(mine != theirs for mine, theirs in reasons):
            seen.wrong.append(reasons)
        phoned = [(each.entry.pk, start.pk) for each, start in expected]
        if (proposed := list(proposals(freed))) != phoned:
            seen.wrong.append((phoned, proposed))
        if Appointment.objects.count() != len(clinic.visits):
            seen.wrong.append("a visit that nobody has said yes to")
        seen.reasons |= {mine for mine, _theirs in reasons}
        seen.proposed += len(phoned)
        seen.before += any(start != freed for _each, start in expected)
        seen.longer += any(each.entry.service and each.entry.service.minutes > 30 for each, _start in expected)
        transaction.set_rollback(True)


class Ends(NamedTuple):
    """The visits of a person who has accepted an earlier time, and whom their old one is proposed to."""

    visits: dict
    next_in_line: list


class Swap(NamedTuple):
    found: Ends
    expected: Ends


def swapped(clinic, operator):
    """Draws a list, has its first take a time earlier than theirs, and compares; None where they have no other."""
    with transaction.atomic():
        day, freed, people = clinic.drawn()
        first = day.phoned(people, freed)[:1]
        swaps = [(each, start) for each, start in first if each.is_adult and day.given_up(each, start)]
        swap = swap_of(day, freed, people, *swaps[0], operator) if swaps else None
        transaction.set_rollback(True)
        return swap


def swap_of(day, freed, people, mover, start, operator):
    given_up = day.given_up(mover, start)
    old = list(Slot.objects.filter(shift__slots__appointment=given_up.pk).distinct().order_by("starts_at"))
    offer = matching.offer_slot(slot=freed.pk)
    booking.claim_task(task=offer.task_id, by=operator)
    booking.from_offer(offer=offer.pk, by=operator)
    matching.match_freed()
    for each in people:
        each.rests |= each.key == mover.key
    free = {slot.pk for slot in old if slot.appointment_id in (None, given_up.pk)}
    others = [each for each in people if each != mover]
    after = Day(old[0].doctor, [given_up.service], old, free, day.now)
    return Swap(
        found=Ends(visits_of(mover), proposed_at(old[0].doctor)),
        expected=Ends(
            {given_up.pk: start.starts_at} | {each.pk: each.starts_at for each in mover.visits if each != given_up},
            [(each.entry.pk, at.pk) for each, at in after.phoned(others, old[0])[:1]],
        ),
    )


def visits_of(person):
    return dict(
        Appointment.objects.filter(patient=person.entry.patient, status="booked").values_list("pk", "starts_at")
    )


def proposed_at(doctor):
    there = SlotOffer.objects.filter(doctor=doctor, state="proposed").order_by("created_at", "pk")
    return list(there.values_list("entry", "slot"))[:1]


def freed_slot(freed):
    return type(freed).objects.select_related("doctor", "shift__room__location").get(pk=freed.pk)


def proposals(freed):
    """Yields whom matching proposes the slot to, one after the other, as each says no."""
    while offer := matching.offer_slot(slot=freed.pk):
        yield offer.entry_id, offer.slot_id
        SlotOffer.objects.filter(pk=offer.pk).update(state="declined", ended_at=offer.expires_at)
