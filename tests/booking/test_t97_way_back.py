"""T97: every step of the staff has a way back, and what follows from it waits until the time to undo it is over."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

import booking
from foundation.accounts.actors import site_visitor
from notifications.actions import sending
from notifications.models import Message
from scheduling import steps
from scheduling.actions import slots
from scheduling.choices import AppointmentStatus as Status
from scheduling.choices import CancelReason
from scheduling.errors import SlotTaken, UndoOver
from scheduling.models import Appointment, Slot, SlotRelease
from scheduling.queries import availability
from tests import factories as make
from tests.factories.visits import papers_of
from waitlist import matching
from waitlist.models import SlotOffer, WaitlistEntry
from worklist.models import Task

pytestmark = pytest.mark.django_db
GRACE = timedelta(seconds=10)
DAYS = 3


@pytest.fixture(autouse=True)
def grace(settings):
    settings.UNDO_SECONDS = 10


@pytest.fixture
def clock():
    """Stops the clock at this moment; `clock.shift` and `clock.move_to` move it."""
    with time_machine.travel(timezone.now(), tick=False) as stopped:
        yield stopped


@pytest.fixture
def visit():
    """A visit of two slots, three days ahead, with its doctor's next time free."""
    service = make.service(minutes=60)
    free = make.slots_of(make.shift(make.doctor(service), days=DAYS))
    return make.appointment(free[0], service=service, by=make.actor())


def arrived(visit, by):
    booking.check_in(appointment=visit.pk, seen=papers_of(visit.patient, None, visit.starts_at.date()), by=by)


def started(visit, by):
    booking.start(appointment=visit.pk, by=by)


def finished(visit, by):
    booking.finish(appointment=visit.pk, by=by)


def noshow(visit, by):
    booking.mark_noshow(appointment=visit.pk, by=by)


def cancelled(visit, by):
    booking.cancel(appointment=visit.pk, reason=CancelReason.CLINIC, by=by)


def entered_in_error(visit, by):
    booking.enter_in_error(appointment=visit.pk, note="не тот", by=by)


def moved(visit, by, *, to=2):
    booking.move(appointment=visit.pk, to_slot=slots_of(visit.doctor)[to].pk, by=by)


STEPS: dict[Status, Callable] = {
    Status.ARRIVED: arrived,
    Status.CHECKED_IN: started,
    Status.FULFILLED: finished,
    Status.NOSHOW: noshow,
    Status.CANCELLED: cancelled,
    Status.ENTERED_IN_ERROR: entered_in_error,
}
"""How each status is reached; the event is named as the function."""
ROADS: dict[Status, list[Callable]] = {
    Status.BOOKED: [],
    Status.ARRIVED: [arrived],
    Status.CHECKED_IN: [arrived, started],
    Status.NOSHOW: [noshow],
}
WAYS = [(was, STEPS[to]) for was, follow in steps.STEPS.items() for to in sorted(follow)]
"""Every transition of the product's table."""
OF_THE_DAY = {arrived, started, finished, noshow}


def slots_of(doctor):
    return list(Slot.objects.filter(doctor=doctor).order_by("starts_at"))


def state():
    """Returns all that a step may change, without what is written once and for all: events, releases, the trail."""
    hidden = {"sealed", "leased_until", "updated_at"}
    rows = [*Appointment.objects.order_by("pk"), *Slot.objects.order_by("pk"), *Task.objects.order_by("pk")]
    rows += [*Message.objects.exclude(state="dropped").order_by("pk"), *WaitlistEntry.objects.order_by("pk")]
    return [
        {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in hidden}
        for row in rows
    ]


def led_to(visit, was, step, clock):
    """Takes the visit to this status, at an hour at which the step is possible, and returns who will make it."""
    by = make.actor()
    if {step, *ROADS[was]} & OF_THE_DAY:
        clock.move_to(visit.starts_at)
        sending.send_due()
    for before in ROADS[was]:
        before(visit, by)
        clock.shift(GRACE)
    return by


def fits(visit):
    """Returns the starts at which the whole service can be booked with this doctor."""
    found = availability.nearest(service=visit.service, limit=50)
    return [slot.starts_at for slot in found if slot.doctor_id == visit.doctor_id]


@pytest.mark.parametrize(("was", "step"), WAYS, ids=lambda part: getattr(part, "__name__", part))
def test_t97_every_step_is_undone_as_if_it_had_not_been(visit, was, step, clock):
    by = led_to(visit, was, step, clock)
    before = state()
    step(visit, by)
    assert state() != before, "it takes effect at once"
    clock.shift(GRACE - timedelta(milliseconds=1))
    slots.release_lapsed()
    matching.match_freed()
    assert sending.send_due() == 0
    booking.undo(appointment=visit.pk, step=step.__name__, by=by)
    assert state() == before
    kinds = list(visit.events.order_by("id").values_list("kind", "actor"))[-2:]
    assert kinds == [(step.__name__, by.ref), ("undone", by.ref)]


@pytest.mark.parametrize("step", [moved, cancelled, entered_in_error])
def test_a_time_in_grace_is_nobodys(visit, step, clock):
    """Neither public nor offered, ranked or taken, also for those with the token; afterwards it is let go once."""
    waits = make.entry(visit.service.specialty, who=make.patient())
    clock.shift(GRACE)
    sending.send_due()
    by = make.actor()
    step(visit, by)
    left = Slot.objects.filter(hold_reason="undo").order_by("starts_at")
    first, was = left[0], visit.starts_at
    SlotRelease.objects.all().delete()
    clock.shift(GRACE - timedelta(milliseconds=1))
    assert slots.release_lapsed() == matching.match_freed() == sending.send_due() == 0
    assert was not in fits(visit)
    assert (SlotOffer.objects.count(), matching.offer_slot(slot=first.pk)) == (0, None)
    for token in (None, first.hold_token):
        with pytest.raises(SlotTaken):
            make.appointment(first, service=visit.service, of=make.patient(), hold=token)
    clock.shift(timedelta(milliseconds=1))
    count = left.count()
    assert (slots.release_lapsed(), slots.release_lapsed()) == (count, 0)
    assert list(SlotRelease.objects.values_list("reason", flat=True)) == ["grace_over"] * count
    assert was in fits(visit)
    assert matching.match_freed() == count
    assert SlotOffer.objects.filter(entry=waits).count() == 1
    told = 0 if step is entered_in_error else 1
    assert (sending.send_due(), sending.send_due()) == (told, 0)
    with pytest.raises(UndoOver):
        booking.undo(appointment=visit.pk, step=step.__name__, by=by)


@pytest.mark.parametrize("to", [1, 2], ids=["onto a part of its own time", "to another time"])
def test_a_move_is_undone(visit, clock, to):
    clock.shift(GRACE)
    by, before = make.actor(), state()
    moved(visit, by, to=to)
    booking.undo(appointment=visit.pk, step="moved", by=by)
    assert state() == before


def test_w21_the_message_of_a_booking_waits_until_it_can_no_longer_be_undone(clock, visit):
    clock.shift(GRACE - timedelta(milliseconds=1))
    assert sending.send_due() == 0
    clock.shift(timedelta(milliseconds=1))
    assert sending.send_due() == 1


def test_a_booking_is_undone_as_entered_in_error(visit, clock):
    clock.shift(GRACE)
    by, free = make.actor(), slots_of(visit.doctor)[2]
    other = make.appointment(free, service=visit.service, of=make.patient(), by=by)
    booking.undo(appointment=other.pk, step="booked", by=by)
    other.refresh_from_db()
    assert (other.status, other.slots.count(), sending.send_due()) == ("entered-in-error", 0, 1)
    assert Message.objects.get(state="sent").about == visit.pk


def test_a_message_that_waits_is_put_back(visit, clock):
    """Cancelled before the message of the booking has left: it is withdrawn, and due again after the undo."""
    by, before = make.actor(), state()
    cancelled(visit, by)
    booking.undo(appointment=visit.pk, step="cancelled", by=by)
    assert state() == before
    clock.shift(GRACE)
    assert (sending.send_due(), sending.send_due()) == (1, 0)
    assert Message.objects.get(state="sent").template == "booked"


def test_a_step_that_tells_nothing_leaves_the_messages_alone(visit, clock):
    by = make.actor()
    Message.objects.update(due_at=visit.starts_at - timedelta(hours=1), useful_until=visit.ends_at)
    clock.move_to(visit.starts_at)
    before = state()
    arrived(visit, by)
    booking.undo(appointment=visit.pk, step="arrived", by=by)
    assert state() == before
    assert Message.objects.get().state == "queued"


def test_cancelled_again_after_an_undo_is_told(visit, clock):
    by = make.actor()
    cancelled(visit, by)
    booking.undo(appointment=visit.pk, step="cancelled", by=by)
    clock.shift(timedelta(seconds=1))
    cancelled(visit, by)
    clock.shift(GRACE)
    assert sending.send_due() == 1
    assert Message.objects.get(state="sent").template == "cancelled"


def test_a_second_press_is_harmless_and_others_do_not_undo(visit, clock):
    by = make.actor()
    cancelled(visit, by)
    with pytest.raises(UndoOver):
        booking.undo(appointment=visit.pk, step="cancelled", by=make.actor())
    with pytest.raises(UndoOver):
        booking.undo(appointment=visit.pk, step="moved", by=by)
    for _press in range(2):
        assert booking.undo(appointment=visit.pk, step="cancelled", by=by).status == "booked"
    assert list(visit.events.order_by("id").values_list("kind", flat=True)) == ["booked", "cancelled", "undone"]


def test_a_patients_own_cancellation_has_no_grace(visit, clock):
    clock.shift(GRACE)
    sending.send_due()
    who = site_visitor(session="t")
    booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=who)
    assert visit.starts_at in fits(visit)
    assert (SlotRelease.objects.filter(reason="cancelled").count(), sending.send_due()) == (2, 1)
    with pytest.raises(UndoOver):
        booking.undo(appointment=visit.pk, step="cancelled", by=who)


def test_an_absence_during_the_grace_does_not_take_the_visit(visit, clock):
    """The visit comes back, stranded, with a task to phone; a time nobody came back to is closed and not announced."""
    by = make.actor()
    cancelled(visit, by)
    make.away(visit.doctor, DAYS, DAYS)
    booking.undo(appointment=visit.pk, step="cancelled", by=by)
    visit.refresh_from_db()
    assert (visit.status, visit.slots.count()) == ("booked", 2)
    assert Task.objects.get(state="open").subject == visit.pk
    cancelled(visit, by)
    clock.shift(GRACE)
    SlotRelease.objects.all().delete()
    assert (slots.release_lapsed(), SlotRelease.objects.count(), fits(visit)) == (2, 0, [])


# Afterwards


def test_every_status_has_a_way_back_or_none_for_a_reason():
    assert (
        steps.BACK.keys()
        == steps.STEPS.keys()
        - {
            Status.BOOKED: "it is undone as entered in error, by that verb also later",
            Status.CANCELLED: "it is booked again",
            Status.ENTERED_IN_ERROR: "it should never have been written: the visit is booked anew",
        }.keys()
    )


def test_a_cancelled_visit_is_booked_again_while_its_time_is_free(visit, clock):
    by = make.actor()
    clock.shift(GRACE)
    cancelled(visit, by)
    with pytest.raises(SlotTaken):
        booking.reinstate(appointment=visit.pk, by=make.actor())
    clock.shift(GRACE)
    slots.release_lapsed()
    sending.send_due()
    before = state()
    assert booking.reinstate(appointment=visit.pk, by=by).status == "booked"
    assert booking.undo(appointment=visit.pk, step="booked_again", by=by).status == "cancelled"
    assert [row for row in state() if row.get("template") != "cancelled"] == [
        row for row in before if row.get("template") != "cancelled"
    ]
    clock.shift(GRACE)
    for _twice in range(2):
        booking.reinstate(appointment=visit.pk, by=by)
    visit.refresh_from_db()
    assert (visit.status, visit.slots.count(), visit.cancelled_at, visit.cancel_reason) == ("booked", 2, None, "")
    clock.shift(GRACE)
    assert sending.send_due() == 1
    assert Message.objects.filter(state="sent").latest("sent_at").template == "booked"


def test_a_visit_whose_time_is_gone_is_offered_others(visit, clock):
    cancelled(visit, site_visitor(session="t"))
    make.appointment(slots_of(visit.doctor)[0], service=visit.service, of=make.patient())
    with pytest.raises(SlotTaken) as taken:
        booking.reinstate(appointment=visit.pk, by=make.actor())
    assert 0 < len(taken.value.alternatives) <= 3
    visit.refresh_from_db()
    assert visit.status == "cancelled"
