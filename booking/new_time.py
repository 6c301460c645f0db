"""Steps shared by the verbs that put a booked visit elsewhere: `move`, and a yes to an earlier time (W11)."""

from uuid import UUID

from django.db.models import Q

from booking import gate, rebook_tasks
from booking.choices import RebookOutcome
from booking.gate import Case
from foundation.accounts.actors import Actor
from patients.acting import acting_on
from patients.choices import Channel
from patients.models import Representation
from scheduling.actions.appointments import move as moving
from scheduling.actions.appointments.locked import locked
from scheduling.choices import AppointmentStatus, VisitKind
from scheduling.models import Appointment, Service, Slot
from scheduling.queries import first_appointments
from waitlist.models import WaitlistEntry


def go(
    visit: UUID,
    *,
    to_slot: UUID,
    by: Actor,
    service: Service | None = None,
    channel: Channel | None = None,
    representative: Representation | None = None,
    hold: UUID | None = None,
    offered: bool = False,
    reason: str = "",
) -> Appointment:
    """Moves the visit, if the gate lets it through as a new booking by `channel`, which is its own if not said.

    A representative who does not act on the new day falls away. Raises what `moving.lock` and the gate raise.
    """
    found = moving.lock(appointment=visit, to_slot=to_slot, service=service, hold_token=hold, offered=offered)
    if isinstance(found, Appointment):
        return found
    row = found.visit
    case = Case(
        time=found.to,
        service=found.service,
        patient=row.patient,
        representation=acting_on(
            found.to.day, patient=row.patient, representation=representative or row.representation
        ),
        channel=channel or Channel(row.channel),
        follow_up_of=row.follow_up_of,
        moves=True,
    )
    gate.check(case, skip=gate.SKIPPED_FOR_MOVES)
    moved = moving.write(found, representation=case.representation, by=by, reason=reason)
    rebook_tasks.settle(visit, outcome=RebookOutcome.MOVED, by=by)
    return moved


def lock_later(entry: WaitlistEntry, *, slot: UUID, service: Service) -> Appointment | None:
    """Locks and returns the visit that the patient would give up for this service at this earlier time.

    None when they have none, or none any more by the time of the lock. Where there are several it is the one for which
    they wait, else the nearest.
    """
    time = Slot.objects.filter(pk=slot)
    later = Appointment.objects.filter(
        patient=entry.patient,
        service__specialty=entry.specialty_id,
        status=AppointmentStatus.BOOKED,
        starts_at__gt=time.values("starts_at"),
    ).exclude(~Q(doctor__in=time.values("doctor")), visit_kind=VisitKind.FOLLOW_UP)
    keys = [visit.pk for visit in later.order_by("starts_at") if _is_the_same(visit, service, entry)]
    if not keys:
        return None
    chosen = entry.earlier_than_id if entry.earlier_than_id in keys else keys[0]
    visit = locked(chosen)
    return visit if later.filter(pk=chosen).exists() else None


def _is_the_same(visit: Appointment, service: Service, entry: WaitlistEntry) -> bool:
    """Tells whether a visit is what the wish is about: its service, else the first appointment of any doctor (W11).

    With another doctor the first appointment may have another name, length and price.
    """
    if visit.service_id == service.pk or entry.service_id or visit.visit_kind == VisitKind.FOLLOW_UP:
        return visit.service_id == service.pk
    first = {each.pk for each in first_appointments.by_doctor(entry.specialty).values()}
    return {visit.service_id, service.pk} <= first
