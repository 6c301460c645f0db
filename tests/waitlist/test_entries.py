"""The list itself: who is put on it, how wishes change, how it ends (R12, R20, R25)."""

from datetime import time, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from foundation.audit.models import AuditEvent
from foundation.changes import Changes
from tests import factories as make
from waitlist.actions import entries
from waitlist.choices import OPEN, EntryState
from waitlist.errors import AlreadyWaiting, EntryClosed, SlotsAreFree
from waitlist.models import WaitlistEntry
from waitlist.queries import entries as listed
from worklist.choices import Priority

pytestmark = pytest.mark.django_db


@pytest.fixture
def specialty():
    return make.specialty()


def join(specialty, patient=None, **given):
    given = {"wishes": make.wishes(specialty), "by": make.TEST} | given
    return entries.join(patient=patient or make.patient(), **given)


def closed(entry, state=EntryState.REMOVED):
    WaitlistEntry.objects.filter(pk=entry.pk).update(state=state, closed_at=timezone.now(), closed_by="test")


def test_an_entry_tells_who_waits_for_what_and_who_entered_it(specialty):
    child, by = make.child(), make.actor()
    mother = make.parent_of(child)
    wishes = make.wishes(
        specialty, weekdays=(1, 3), time_from=time(9), time_until=time(12), note="после школы", notice_minutes=90
    )
    entry = join(specialty, child, wishes=wishes, by=by, representation=mother)
    entry.refresh_from_db()
    assert (entry.patient, entry.birth_date, entry.representation) == (child, child.birth_date, mother)
    assert (entry.specialty, entry.weekdays, entry.note) == (specialty, [1, 3], "после школы")
    assert (entry.time_from, entry.time_until, entry.notice_minutes) == (time(9), time(12), 90)
    assert (entry.state, entry.sought_until, entry.attempts) == (EntryState.WAITING, None, 0)
    assert (entry.created_by, entry.created_by_name) == (by.ref, by.name)
    event = AuditEvent.objects.get(action="waitlist.joined")
    assert (event.actor, event.patient, event.object_ref) == (by.ref, child.pk, str(entry.pk))


def test_r12_while_a_time_fits_it_is_offered_first_and_may_be_refused(specialty):
    slots = make.slots_of(make.shift(make.doctor(make.service(specialty)), slots=2))
    with pytest.raises(SlotsAreFree) as refused:
        join(specialty)
    assert [slot.pk for slot in refused.value.slots] == [slot.pk for slot in slots]
    assert not WaitlistEntry.objects.exists()
    assert join(specialty, none_suits=True).sought_until
    unsuitable = make.wishes(specialty, time_from=time(20))
    assert join(specialty, wishes=unsuitable, none_suits=True).sought_until is None


def test_a_patient_waits_once_for_a_specialty_at_a_time(specialty):
    patient = make.patient()
    first = join(specialty, patient)
    with pytest.raises(AlreadyWaiting) as refused:
        join(specialty, patient)
    assert refused.value.entry == first
    join(make.specialty("Кардиология"), patient)
    closed(first)
    assert join(specialty, patient) != first


def test_any_other_refusal_of_the_database_is_a_fault(specialty):
    with pytest.raises(IntegrityError):
        join(specialty, wishes=make.wishes(specialty, time_from=time(12), time_until=time(9)))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (EntryState.WAITING, EntryState.WAITING),
        (EntryState.OFFERED, EntryState.OFFERED),
        (EntryState.UNREACHABLE, EntryState.WAITING),
    ],
)
def test_new_wishes_keep_the_place_and_begin_the_attempts_anew(specialty, before, after):
    entry = join(specialty)
    WaitlistEntry.objects.update(state=before, attempts=2)
    wishes = make.wishes(specialty, weekdays=(6,), note="только суббота")
    changed = entries.change(entry=entry.pk, changes=Changes(wishes.columns()), by=make.TEST)
    changed.refresh_from_db()
    assert (changed.state, changed.attempts, changed.created_at) == (after, 0, entry.created_at)
    assert (changed.weekdays, changed.note) == ([6], "только суббота")
    event = AuditEvent.objects.get(action="waitlist.changed")
    assert (event.patient, event.object_ref) == (entry.patient_id, str(entry.pk))


def test_whoever_is_urgent_has_a_reason_and_the_name_of_who_has_set_it(specialty):
    doctor, operator = make.actor(), make.actor()
    wishes = make.wishes(specialty, priority=Priority.URGENT, urgent_reason="Белова А. С.: подозрение на меланому")
    entry = join(specialty, wishes=wishes, by=doctor)
    assert (entry.urgent_reason, entry.urgent_by_name) == ("Белова А. С.: подозрение на меланому", doctor.name)
    assert entry.arrived_at <= entry.urgent_at <= timezone.now()
    since = entry.urgent_at
    other = make.wishes(specialty, note="утром", priority=Priority.URGENT, urgent_reason=entry.urgent_reason)
    entries.change(entry=entry.pk, changes=Changes(other.columns()), by=operator)
    entry.refresh_from_db()
    assert entry.urgent_at == since, "only the note is new"
    entries.change(entry=entry.pk, changes=Changes(make.wishes(specialty).columns()), by=operator)
    entry.refresh_from_db()
    assert (entry.priority, entry.urgent_reason, entry.urgent_by_name, entry.urgent_at) == ("2normal", "", "", None)


@pytest.mark.parametrize(
    ("wished", "refused"),
    [({"note": "перезвонить вечером"}, True), ({"weekdays": (6,)}, False), ({"time_from": time(9)}, False)],
    ids=["the note alone", "another weekday", "another hour"],
)
def test_times_free_for_new_wishes_have_been_read_out_to_nobody(specialty, wished, refused):
    make.shift(make.doctor(make.service(specialty)))
    entry = join(specialty, none_suits=True)
    assert entry.sought_until
    wishes = make.wishes(specialty, **wished)
    entries.change(entry=entry.pk, changes=Changes(wishes.columns()), by=make.TEST)
    entry.refresh_from_db()
    assert bool(entry.sought_until) == refused


@pytest.mark.parametrize(
    ("before", "after", "written"),
    [
        (EntryState.WAITING, (EntryState.WAITING, 2, True), 0),
        (EntryState.OFFERED, (EntryState.OFFERED, 2, True), 0),
        (EntryState.UNREACHABLE, (EntryState.WAITING, 0, False), 1),
    ],
)
def test_who_could_not_be_reached_and_calls_waits_again(specialty, before, after, written):
    entry = join(specialty)
    WaitlistEntry.objects.update(state=before, attempts=2, not_before=timezone.now() + timedelta(days=1))
    entries.wait_again(entry=entry.pk, by=make.TEST)
    entry.refresh_from_db()
    assert (entry.state, entry.attempts, entry.not_before is not None) == after
    about = {"patient": entry.patient_id, "object_ref": str(entry.pk), "actor": make.TEST.ref}
    assert AuditEvent.objects.filter(action="waitlist.waits_again", **about).count() == written


@pytest.mark.parametrize("state", [state for state in EntryState if state not in OPEN and state != EntryState.BOOKED])
def test_what_is_closed_stays_so(specialty, state):
    entry = join(specialty)
    closed(entry, state)
    for act in (
        lambda: entries.change(entry=entry.pk, changes=Changes({}), by=make.TEST),
        lambda: entries.wait_again(entry=entry.pk, by=make.TEST),
        lambda: entries.locked(entry.pk),
    ):
        with pytest.raises(EntryClosed):
            act()


def test_r25_a_booked_entry_is_closed_with_its_visit(specialty):
    entry, visit = join(specialty), make.appointment()
    entries.close_booked(entry, appointment=visit, by=make.TEST)
    entry.refresh_from_db()
    assert (entry.state, entry.appointment, entry.closed_by) == (EntryState.BOOKED, visit, make.TEST.ref)
    assert entry.closed_at <= timezone.now()
    event = AuditEvent.objects.get(action="waitlist.booked")
    assert (event.patient, event.object_ref) == (entry.patient_id, str(entry.pk))


def test_a_removed_entry_says_why_as_far_as_there_is_room(specialty):
    entry = join(specialty)
    entries.close_removed(entry, reason="ж" * 201, by=make.TEST)
    entry.refresh_from_db()
    assert (entry.state, entry.close_reason, entry.appointment) == (EntryState.REMOVED, "ж" * 200, None)
    assert AuditEvent.objects.filter(action="waitlist.removed", object_ref=str(entry.pk)).count() == 1


def test_the_list_is_in_the_order_of_r23_without_those_who_are_done(specialty, django_assert_num_queries):
    first, second, gone = join(specialty), join(specialty), join(specialty)
    urgent = join(specialty, wishes=make.wishes(specialty, priority=Priority.URGENT))
    for state, entry in ((EntryState.OFFERED, first), (EntryState.UNREACHABLE, second)):
        WaitlistEntry.objects.filter(pk=entry.pk).update(state=state)
    closed(gone)
    with django_assert_num_queries(1):
        shown = list(listed.open_entries())
        assert {(entry.specialty, entry.service, entry.representation) for entry in shown} == {(specialty, None, None)}
        assert [entry.patient_id for entry in shown] == [entry.patient.pk for entry in shown]
    assert shown == [urgent, first, second]
