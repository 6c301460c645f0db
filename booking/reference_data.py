"""Use cases that follow a correction of the reference data: the visits ahead are judged by what it says now."""

from django.db.models import QuerySet

from booking import gate, rebook_tasks
from booking.holding import BrokenVisit
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from foundation.audit import trail
from scheduling.models import Appointment, Doctor, Service


@verb(Kind.CORRECT)
def recheck_doctor(*, doctor: Doctor, by: Actor) -> list[BrokenVisit]:
    """Judges the visits ahead of a doctor whose ages, services or work have changed in this transaction.

    Returns those that no longer hold; each of them has a task to phone.
    """
    gate.check()
    return _judged_anew(Appointment.objects.filter(doctor=doctor), "doctor.rechecked", doctor, by)


@verb(Kind.CORRECT)
def recheck_service(*, service: Service, by: Actor) -> list[BrokenVisit]:
    """Judges the visits ahead of a service that has become longer or is not given any more in this transaction.

    Returns those that no longer hold; each of them has a task to phone.
    """
    gate.check()
    return _judged_anew(Appointment.objects.filter(service=service), "service.rechecked", service, by)


def _judged_anew(visits: QuerySet[Appointment], action: str, changed: Doctor | Service, by: Actor) -> list[BrokenVisit]:
    broken = rebook_tasks.renew_for(visits)
    trail.record(by=by, action=action, object_ref=str(changed.pk), broken=len(broken))
    return broken
