"""What is true after every deed, whoever did what before. Each invariant yields what contradicts it."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import combinations, pairwise

from scheduling.choices import ACTIVE, HoldReason
from scheduling.models import Absence, Appointment, Slot
from scheduling.queries import availability
from tests.any_order.rows import Rows
from tests.any_order.world import World
from tests.factories.timetable import MOSCOW
from waitlist.choices import IN_THE_AIR, UNANSWERED, CallOutcome, EntryState, OfferState
from waitlist.models import SlotOffer
from worklist.choices import TaskKind, TaskState, Turn

Invariant = Callable[[World, Rows], Iterator[object]]
TAKING = (*ACTIVE, "noshow")
"""Statuses of visits that keep their slots: one that nobody came to may still be received."""


def each_time_is_free_held_booked_or_closed(world: World, rows: Rows) -> Iterator[object]:
    """A booked time may be closed as well, so that it stays closed when it is left; nothing else is two things.

    A time that a step has left may be closed too: the step may still be undone.
    """
    for slot in rows.slots:
        closed = slot.absence_id and slot.hold_reason != HoldReason.UNDO
        if slot.hold_token and (slot.appointment_id or closed):
            yield slot, "is held and something else"
        if slot.appointment_id and rows.visits[slot.appointment_id].status not in TAKING:
            yield slot, "belongs to a visit that has ended"


def what_is_shown_is_what_is_free(world: World, rows: Rows) -> Iterator[object]:
    shown = {each.pk for each in availability.nearest(service=world.services[0], limit=len(rows.slots))}
    for slot in rows.slots:
        if (slot.pk in shown) != is_free(slot, rows.now):
            yield slot, "is shown" if slot.pk in shown else "is not shown", "at", rows.now


def is_free(slot: Slot, now: datetime) -> bool:
    taken = slot.appointment_id or slot.absence_id or slot.held_against(None, now)
    return not taken and slot.starts_at >= now and not slot.passed


def no_hold_is_an_orphan(world: World, rows: Rows) -> Iterator[object]:
    """A hold has an owner and an end; that of an offer has its call, that of the first refusal its freed time.

    A call that is proposed or promised holds nothing. One that is being made holds its whole time and others from which
    the patient may choose, as far as the caps allow.
    """
    held = rows.slots_of_holds()
    for token, run in held.items():
        whose = {(slot.hold_owner, slot.hold_reason, slot.held_until) for slot in run}
        (owner, reason, until) = next(iter(whose))
        if len(whose) > 1 or not owner or not reason or until > rows.now + timedelta(days=3):
            yield token, "has no owner or no end"
        offer = rows.offers.get(token)
        if (reason == HoldReason.OFFER) != bool(offer and offer.state == OfferState.OPEN):
            yield token, "is of an offer that nobody phones about"
        if reason == HoldReason.REFUSAL and (token not in rows.freed_times or rows.freed_times[token].ended_at):
            yield token, "is of a freed time that is over"
        own = [slot for slot in run if offer and is_of_day(slot, offer)]
        if own and not covers(own, offer, world):
            yield offer, "holds a part of its time"


def is_of_day(slot: Slot, offer: SlotOffer) -> bool:
    """Tells whether a held slot can be of the offered time: the others to choose from differ in doctor or day."""
    return slot.doctor_id == offer.doctor_id and on_wall(slot.starts_at) == on_wall(offer.starts_at)


def on_wall(moment: datetime) -> date:
    return moment.astimezone(MOSCOW).date()


def covers(run: list[Slot], of: Appointment | SlotOffer, world: World) -> bool:
    """Tells whether slots follow each other from the start of a visit or offer on, and are just long enough."""
    minutes = timedelta(minutes=world.service(of.service_id).minutes)
    return (
        bool(run)
        and run[0].starts_at == of.starts_at
        and run[-1].starts_at < of.starts_at + minutes <= run[-1].ends_at
        and all(slot.ends_at == later.starts_at for slot, later in pairwise(run))
        and {slot.doctor_id for slot in run} == {of.doctor_id}
    )


def each_visit_has_the_times_it_lasts(world: World, rows: Rows) -> Iterator[object]:
    """One over a busy time has none, and so has one that is over before it began."""
    runs = rows.slots_of_visits()
    for visit in rows.visits.values():
        run = runs.get(visit.pk, [])
        if visit.status in TAKING and not visit.overbooked:
            if not covers(run, visit, world) or {rows.shifts[slot.shift_id].room_id for slot in run} != {visit.room_id}:
                yield visit, "has not the times it lasts"
        elif run:
            yield visit, "has times it does not take"


def nobody_is_in_two_places(world: World, rows: Rows) -> Iterator[object]:
    """No patient ever; no doctor and no room but for a visit over a busy time."""
    for one, other in combinations(rows.active(), 2):
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
            if one.patient_id == other.patient_id:
                yield one, other, "one patient"
            if shares_a_place(one, other) and not one.overbooked and not other.overbooked:
                yield one, other, "one doctor or room"


def shares_a_place(one: Appointment, other: Appointment) -> bool:
    return one.doctor_id == other.doctor_id or one.room_id == other.room_id


def each_visit_ahead_is_within_published_hours(world: World, rows: Rows) -> Iterator[object]:
    for visit in rows.ahead():
        if not any(
            shift.doctor_id == visit.doctor_id and shift.starts_at <= visit.starts_at < shift.ends_at
            for shift in rows.shifts.values()
        ):
            yield visit, "is outside of published hours"


def each_visit_in_an_absence_has_its_task(world: World, rows: Rows) -> Iterator[object]:
    stranded = {visit.pk for visit in rows.ahead() if any(touches(absence, visit, world) for absence in rows.absences)}
    open_tasks = [task for task in rows.tasks.values() if task.kind == TaskKind.REBOOK and task.state == TaskState.OPEN]
    if stranded - {task.subject for task in open_tasks}:
        yield "a visit in an absence has no task"
    if {task.subject for task in open_tasks if task.expires_at > rows.now} - stranded:
        yield "there is a task for a visit that nothing strands"


def touches(absence: Absence, visit: Appointment, world: World) -> bool:
    return (
        absence.starts_at < visit.ends_at
        and visit.starts_at < absence.ends_at
        and absence.doctor_id in (None, visit.doctor_id)
        and absence.room_id in (None, visit.room_id)
        and absence.location_id in (None, world.location)
    )


def each_open_offer_has_its_entry_and_its_task(world: World, rows: Rows) -> Iterator[object]:
    """One for an entry; one for a slot, but for promised calls, which are made whatever becomes of their time."""
    offers = [offer for offer in rows.offers.values() if offer.state in UNANSWERED]
    offered = {entry.pk for entry in rows.entries if entry.state == EntryState.OFFERED}
    if offered != {offer.entry_id for offer in offers} or len(offered) != len(offers):
        yield "an entry is offered a time without an offer, or twice"
    slots = [offer.slot_id for offer in offers if offer.state in IN_THE_AIR]
    if len(set(slots)) != len(slots):
        yield "one time is offered twice"
    tasks = {task.pk for task in rows.tasks.values() if task.state == TaskState.OPEN and task.kind == "freed_time"}
    if {offer.task_id for offer in offers} - tasks:
        yield "nobody phones about an offer"
    if tasks - {offer.task_id for offer in offers}:
        yield "somebody phones about an offer that is over"
    for offer in offers:
        task = rows.tasks[offer.task_id]
        if offer.state == OfferState.PROMISED and (task.turn != Turn.PROMISED or task.not_before is None):
            yield offer, "is promised for no minute"


def each_closed_task_says_how_and_by_whom(world: World, rows: Rows) -> Iterator[object]:
    outcomes = {
        TaskKind.FREED_TIME: set(CallOutcome),
        TaskKind.REBOOK: {"moved", "cancelled"},
        TaskKind.NO_CODE: {"booked", "entered"},
        TaskKind.EXPIRING: {"waits_on", "booked", "removed"},
    }
    for task in rows.tasks.values():
        ended = bool(task.closed_at), bool(task.closed_by)
        if ended != (task.state != TaskState.OPEN,) * 2:
            yield task, "does not say who closed it"
        if task.state == TaskState.DONE and task.outcome not in outcomes[task.kind]:
            yield task, "does not say how it ended"


def nobody_is_booked_from_the_list_without_a_yes(world: World, rows: Rows) -> Iterator[object]:
    agreed = {attempt.offer_id for attempt in rows.attempts if attempt.outcome == CallOutcome.BOOKED}
    for entry in rows.entries:
        if entry.state == EntryState.BOOKED and rows.visits[entry.appointment_id].patient_id != entry.patient_id:
            yield entry, "is booked with the visit of somebody else"
    for offer in rows.offers.values():
        if offer.state == OfferState.ACCEPTED and offer.pk not in agreed:
            yield offer, "is accepted without a call"
    for visit in rows.visits.values():
        if visit.created_by.startswith("system:") and visit.created_by != "system:test":
            yield visit, "is booked by nobody"


INVARIANTS: list[Invariant] = [
    each_time_is_free_held_booked_or_closed,
    what_is_shown_is_what_is_free,
    no_hold_is_an_orphan,
    each_visit_has_the_times_it_lasts,
    nobody_is_in_two_places,
    each_visit_ahead_is_within_published_hours,
    each_visit_in_an_absence_has_its_task,
    each_open_offer_has_its_entry_and_its_task,
    each_closed_task_says_how_and_by_whom,
    nobody_is_booked_from_the_list_without_a_yes,
]
