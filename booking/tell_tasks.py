"""Tasks to phone patients whom no message about their visit has reached: «sent» is never «told» (R13)."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from booking.choices import RebookOutcome
from foundation.accounts.actors import Actor, system
from notifications.choices import NOT_DELIVERED, MessageTemplate
from notifications.models import Message
from notifications.queries.newest import newest_about
from notifications.queries.undelivered import undelivered
from patients.choices import ContactWay
from patients.contact import number_of
from scheduling.actions import visits
from scheduling.choices import AppointmentStatus
from scheduling.models import Appointment
from worklist import queries as worklist
from worklist.actions import tasks
from worklist.choices import Priority, TaskKind

MESSAGES = system("messages")


def renew() -> int:
    """Opens a task for each message about a visit that was not delivered, and drops those that nobody needs any more.

    The message was delivered or replaced meanwhile, or the visit has begun. Returns how many were opened.
    """
    lost = {message.about: message for message in undelivered(timezone.now()) if message.about}
    there = worklist.open_causes(kind=TaskKind.UNTOLD).keys()
    to_tell = _of_use(lost)
    new = [visit for visit in to_tell if visit.pk not in there]
    for visit in new:
        _open(visit, lost[visit.pk])
    if needless := there - {visit.pk for visit in to_tell}:
        tasks.close_about(kind=TaskKind.UNTOLD, subjects=list(needless), by=MESSAGES)
    return len(new)


def settle(appointment: UUID, *, outcome: RebookOutcome, by: Actor) -> None:
    """Closes the task of a visit of which the patient was told, or the message sent again."""
    tasks.close_about(kind=TaskKind.UNTOLD, subjects=[appointment], outcome=outcome, by=by)


def follow_number(of: QuerySet[Appointment], *, by: Actor) -> None:
    """Sends to the number of now what was not delivered to another number, after a correction of people.

    Whoever asks to be phoned only is phoned about it. What was delivered there is sent again by whoever presses
    «Отправить снова», which the pages offer.
    """
    ahead = of.filter(status=AppointmentStatus.BOOKED, starts_at__gt=timezone.now())
    ahead = ahead.exclude(patient__contact_way=ContactWay.CALLS)
    read = {visit.pk: visit for visit in ahead.select_related("patient", "representation")}
    for pk, message in newest_about(read).items():
        number = number_of(read[pk].patient, read[pk].representation)
        if message.state in NOT_DELIVERED and number and number != message.address:
            visits.send_again(appointment=pk, by=by)
            settle(pk, outcome=RebookOutcome.SENT_AGAIN, by=by)


def _of_use(lost: Mapping[UUID, Message]) -> list[Appointment]:
    """Returns the visits that are still as these messages say, the nearest first."""
    read = Appointment.objects.filter(pk__in=lost).select_related("patient", "representation").order_by("starts_at")
    return [visit for visit in read if visit.status == _status(lost[visit.pk])]


def _status(message: Message) -> AppointmentStatus:
    cancelled = message.template == MessageTemplate.CANCELLED
    return AppointmentStatus.CANCELLED if cancelled else AppointmentStatus.BOOKED


def _open(visit: Appointment, message: Message) -> None:
    tasks.open(
        kind=TaskKind.UNTOLD,
        subject=visit.pk,
        patient=visit.patient_id,
        phone=number_of(visit.patient, visit.representation),
        priority=Priority.NORMAL,
        waiting_since=message.created_at,
        due_at=visit.starts_at,
        expires_at=message.useful_until,
        unless_open=True,
    )
