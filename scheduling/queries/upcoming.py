from collections.abc import Iterable
from uuid import UUID

from foundation.database import clock
from scheduling.choices import UPCOMING
from scheduling.models import Appointment


def next_visits(patients: Iterable[UUID]) -> dict[UUID, Appointment]:
    """Returns the next visit of each patient who has one, with its doctor and place."""
    upcoming = Appointment.objects.filter(patient__in=list(patients), status__in=UPCOMING, starts_at__gt=clock.now())
    upcoming = upcoming.select_related("doctor", "room__location").order_by("-starts_at")
    return {visit.patient_id: visit for visit in upcoming}
