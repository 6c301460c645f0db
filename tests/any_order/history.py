"""Each change of a visit has its event and its audit row, and neither has anything else: they are counted."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from scheduling.models import Appointment, AppointmentEvent
from tests.any_order.rows import Rows

SKIPS = {("arrived", "fulfilled"): 2}
"""Steps that one deed makes together: a busy doctor begins and ends a visit at once."""


def state_of(visit: Appointment) -> tuple[object, ...]:
    """What there is to change in a visit."""
    return visit.status, visit.starts_at, visit.doctor_id, visit.confirmed_at, visit.informed_at, visit.arrived_at


def changes(before: Rows, after: Rows) -> Counter[UUID]:
    """Counts the changes of each visit that one deed made."""
    counted: Counter[UUID] = Counter()
    for key, visit in after.visits.items():
        was = before.visits.get(key)
        if was is None or state_of(was) != state_of(visit):
            counted[key] = SKIPS.get((was.status, visit.status), 1) if was else 1
    return counted


def each_change_is_an_event_and_an_audit_row(before: Rows, after: Rows) -> Iterator[object]:
    events = after.events[len(before.events) :]
    changed = changes(before, after)
    if Counter(event.appointment_id for event in events) != changed:
        yield "events are not the changes of visits", events, changed
    told = [(row.object_ref, row.action) for row in after.audit if row.action.startswith("appointment.")]
    if told != [(str(event.appointment_id), f"appointment.{event.kind}") for event in after.events]:
        yield "audit rows are not the events"
    yield from unlinked(after.events, after.visits)


def unlinked(events: list[AppointmentEvent], visits: dict[UUID, Appointment]) -> Iterator[object]:
    """Each event begins where the one before it ended, and the last one ends where the visit is."""
    status: dict[UUID, str] = {}
    for event in events:
        if event.from_status != status.get(event.appointment_id, ""):
            yield event, "does not begin where the visit was"
        status[event.appointment_id] = event.to_status
    if status != {key: visit.status for key, visit in visits.items()}:
        yield "the history does not end where the visits are"


def the_waitlist_is_in_the_audit(after: Rows) -> Iterator[object]:
    """Whoever joins, is offered a time, promised a call, phoned, booked or taken off is so in the audit, as often."""
    states = Counter(entry.state for entry in after.entries)
    told = Counter(row.action for row in after.audit)
    expected = {
        "waitlist.joined": len(after.entries),
        "waitlist.offered": len(after.offers) - told["waitlist.promised"],
        "waitlist.called": len(after.attempts),
        "waitlist.booked": states["booked"] + told["waitlist.booking_undone"],
        "waitlist.removed": states["removed"],
    }
    if {action: told[action] for action in expected} != expected:
        yield "audit rows of the waitlist are not its changes", expected
