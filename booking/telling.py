"""Patients are told again what they were not told, or what went to a number that is not theirs (D43)."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from booking import gate
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from notifications.choices import NOT_DELIVERED
from notifications.queries.newest import newest_about
from patients.contact import number_of
from scheduling.actions import visits
from scheduling.choices import AppointmentStatus
from scheduling.models import Appointment


@verb(Kind.CORRECT)
def send_again(*, appointment: UUID, by: Actor) -> Appointment:
    """Sends the message about a visit again («Отправить снова»), with a new link; the old one is dead.

    Raises StepNotAllowed, NoNumber.
    """
    gate.check()
    return visits.send_again(appointment=appointment, by=by)


def follow_number(ahead: QuerySet[Appointment], *, by: Actor) -> None:
    """Sends to the number of now what was not delivered to another number, after a correction of people.

    What was delivered there is sent again by whoever presses «Отправить снова», which the pages offer.
    """
    booked = ahead.filter(status=AppointmentStatus.BOOKED, starts_at__gt=timezone.now())
    read = {visit.pk: visit for visit in booked.select_related("patient", "representation")}
    for pk, message in newest_about(read).items():
        number = number_of(read[pk].patient, read[pk].representation)
        if message.state in NOT_DELIVERED and number and number != message.address:
            visits.send_again(appointment=pk, by=by)
