"""The visits that were booked or moved lately: a correction of the same moment has not seen them."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from scheduling.actions.appointments.move import MOVED
from scheduling.choices import AppointmentStatus
from scheduling.models import Appointment, AppointmentEvent

JUDGED_AGAIN = timedelta(days=1)
"""How long a new visit is judged again for: the minute and a half that a transaction may last, and a night without
the reconciliation."""


def written_lately() -> QuerySet[Appointment]:
    """Returns the visits ahead that were booked or moved within `JUDGED_AGAIN`, found among those ahead alone."""
    now = timezone.now()
    moves = AppointmentEvent.objects.filter(appointment=OuterRef("pk"), kind=MOVED, at__gt=now - JUDGED_AGAIN)
    ahead = Appointment.objects.filter(status=AppointmentStatus.BOOKED, starts_at__gt=now)
    return ahead.filter(Q(created_at__gt=now - JUDGED_AGAIN) | Exists(moves))
