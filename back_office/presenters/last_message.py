from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from foundation import wording
from notifications.choices import MessageState, MessageTemplate
from notifications.models import Message
from notifications.queries.newest import newest_about
from patients.contact import number_of
from scheduling.choices import AppointmentStatus
from scheduling.models import Appointment


@dataclass(frozen=True, slots=True)
class LastMessage:
    """The line says what has become of the newest message about a visit, and whether it can be sent again."""

    visit_id: UUID
    time: str
    state: MessageState | None
    """None before the first message."""
    nobody: bool
    """There is no number to write to."""
    reminds: bool
    """It is a reminder of the visit, which has to arrive also where the patient was told when it was booked."""
    elsewhere: bool
    """It went to a number that is not theirs now."""
    can_send: bool
    told: bool
    """A person has told the patient, or the visit is over, so that nothing has to be done."""

    @classmethod
    def of(cls, visit: Appointment, message: Message | None) -> "LastMessage":
        number, now = number_of(visit.patient, visit.representation), timezone.now()
        ahead = visit.can_be_changed(now)
        reminds = bool(message and message.template == MessageTemplate.REMINDER)
        of_use = ahead or (visit.status == AppointmentStatus.CANCELLED and visit.ends_at > now)
        return cls(
            visit_id=visit.pk,
            time=wording.short_time(visit.local_start),
            state=MessageState(message.state) if message else None,
            nobody=of_use and not number,
            reminds=reminds,
            elsewhere=bool(of_use and number and message and message.address not in ("", number)),
            can_send=of_use and bool(number),
            told=not of_use or bool(visit.informed_at if ahead and not reminds else message and message.told_at),
        )

    @property
    def failed(self) -> bool:
        return self.state == MessageState.FAILED and not self.nobody

    @property
    def tell(self) -> bool:
        """True when there is nobody to write to, and nobody has told the patient yet."""
        return self.nobody and not self.told


def of_visit(visit: Appointment) -> LastMessage:
    return LastMessage.of(visit, newest_about([visit.pk]).get(visit.pk))


def sent_elsewhere(visits: Sequence[Appointment]) -> list[LastMessage]:
    """Returns the messages about these visits that went to a number that is not the patient's now (D43)."""
    newest = newest_about([visit.pk for visit in visits])
    lines = [LastMessage.of(visit, newest.get(visit.pk)) for visit in visits]
    return [line for line in lines if line.elsewhere]
