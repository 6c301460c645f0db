"""Puts messages to patients about their visits: the four facts of R13 and nothing that names a specialty.

A later message about a visit replaces those that were not sent. Which of them are true is judged by the visit itself.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings

from foundation.database import clock
from notifications import rendering, texts
from notifications.actions import outbox
from notifications.choices import MessageState, MessageTemplate
from notifications.models import Message
from patients.choices import Channel, ContactWay
from patients.contact import number_of
from scheduling import links, reminders
from scheduling.choices import AppointmentStatus, CancelReason
from scheduling.models import Appointment

AHEAD: Mapping[MessageTemplate, type[texts.Visit]] = {
    MessageTemplate.BOOKED: texts.Booked,
    MessageTemplate.MOVED: texts.Moved,
    MessageTemplate.REMINDER: texts.Reminder,
}
"""The facts of messages about a visit that is ahead."""
TELL_OF_THE_TIME = (MessageTemplate.BOOKED, MessageTemplate.MOVED)
"""What these tell, «Сообщено» on the visit has told as well."""


def booked(appointment: Appointment, *, due_at: datetime | None = None) -> None:
    """Tells the patient that the visit is booked; `due_at` is the end of the grace in which it can be undone."""
    _put(appointment, MessageTemplate.BOOKED, dedupe_key=f"booked:{appointment.pk}", due_at=due_at)


def booked_again(appointment: Appointment, *, at: datetime, due_at: datetime | None) -> None:
    """Tells the patient that the visit, cancelled before, takes place after all; `at` is the moment of that."""
    withdraw([appointment])
    key = f"booked:{appointment.pk}:{at.timestamp()}"
    _put(appointment, MessageTemplate.BOOKED, dedupe_key=key, due_at=due_at)


def moved(appointment: Appointment, *, at: datetime, due_at: datetime | None = None) -> None:
    """Tells the patient of the new time alone; `at` is the moment of the move, `due_at` the end of the grace."""
    withdraw([appointment])
    key = f"moved:{appointment.pk}:{at.timestamp()}"
    _put(appointment, MessageTemplate.MOVED, dedupe_key=key, due_at=due_at)


def cancelled(appointment: Appointment, *, at: datetime, due_at: datetime | None = None) -> None:
    """Tells the patient that the visit is cancelled; `at` is the moment of that, `due_at` the end of the grace.

    They are told also when no message about it has left: they know of it from the page, the desk or the phone. Whoever
    asks to be phoned only is not told of what they have said themselves.
    """
    withdraw([appointment])
    if appointment.patient.contact_way == ContactWay.CALLS and appointment.cancel_reason == CancelReason.PATIENT:
        return
    key = f"cancelled:{appointment.pk}:{at.timestamp()}"
    _put(appointment, MessageTemplate.CANCELLED, dedupe_key=key, due_at=due_at)


def again(appointment: Appointment) -> None:
    """Tells the patient anew what is so now, at their number of now; the link is a new one, and that of before is dead.

    The visit is locked.
    """
    withdraw([appointment])
    appointment.link_number += 1
    appointment.link_hash = links.hash_of(links.token_for(appointment.pk, appointment.link_number))
    appointment.save(update_fields=["link_number", "link_hash"])
    cancelled = appointment.status == AppointmentStatus.CANCELLED
    template = MessageTemplate.CANCELLED if cancelled else MessageTemplate.BOOKED
    _put(appointment, template, dedupe_key=f"again:{appointment.pk}:{appointment.link_number}", by_hand=True)


def remind(appointment: Appointment, *, dedupe_key: str, due_at: datetime) -> None:
    """Reminds the patient of the visit, which is read with its facts."""
    _keep_link(appointment)
    _put(appointment, MessageTemplate.REMINDER, dedupe_key=dedupe_key, due_at=due_at)


def forget_reminders(appointment: Appointment) -> None:
    """Drops the reminders that were not sent: the patient does not want any."""
    outbox.withdraw(about=[appointment.pk], template=MessageTemplate.REMINDER)


def withdraw(appointments: Iterable[Appointment]) -> None:
    """Drops what was not sent about these visits."""
    outbox.withdraw(about=[appointment.pk for appointment in appointments])


def take_back(appointment: Appointment, *, due_at: datetime) -> None:
    """Drops the message of a step that is undone, which was due at the end of its grace."""
    outbox.withdraw_due(about=appointment.pk, due_at=due_at)


def not_delivered(appointment: Appointment) -> dict[UUID, str]:
    """Returns the states of the messages about this visit that are not delivered, by their keys."""
    return outbox.not_delivered(about=appointment.pk)


def restore(appointment: UUID, withdrawn: Mapping[UUID, str]) -> None:
    """Takes the withdrawal of these messages back, after the visit is again as they say."""
    visit = _with_facts(appointment) if withdrawn else None
    if visit is None:
        return
    for message in Message.objects.filter(pk__in=withdrawn):
        facts = _facts(visit, MessageTemplate(message.template))
        outbox.restore(message, state=MessageState(withdrawn[message.pk]), facts=facts)


def is_true(message: Message) -> bool:
    """Tells whether a message about a visit may leave: the visit is as the message says, and the number is theirs.

    Where the visit still is but a fact has changed meanwhile, another message follows in place of this one.
    """
    visit = _with_facts(message.about) if message.about else None
    if visit is None:
        return True
    template = MessageTemplate(message.template)
    if not _is_so(visit, message):
        return False
    if message.address == _number(visit) and rendering.tells(message, _facts(visit, template)):
        return True
    _keep_link(visit)
    key = reminders.stem_of(message.dedupe_key) if template == MessageTemplate.REMINDER else f"{template}:{visit.pk}"
    _put(visit, template, dedupe_key=f"{key}:after:{message.pk}")
    return False


def _with_facts(appointment: UUID) -> Appointment | None:
    related = ("patient", "representation", "doctor", "room__location")
    return Appointment.objects.select_related(*related).filter(pk=appointment).first()


def _is_so(visit: Appointment, message: Message) -> bool:
    """Tells whether this kind of message is true of the visit; one that is booked is told of until it begins.

    A reminder is of its time, and of somebody who wants it.
    """
    if message.template == MessageTemplate.CANCELLED:
        return visit.status == AppointmentStatus.CANCELLED
    if not visit.can_be_changed(clock.now()):
        return False
    if message.template != MessageTemplate.REMINDER:
        return True
    of_this_time = datetime.fromisoformat(message.facts["starts_at"]) == visit.starts_at
    return settings.REMINDERS and visit.wants_reminders and of_this_time


def _facts(visit: Appointment, template: MessageTemplate) -> texts.Facts:
    doctor, place = visit.doctor.full_name, visit.room.location
    if template == MessageTemplate.CANCELLED:
        return texts.Cancelled(
            starts_at=visit.starts_at, doctor=doctor, address=place.told_address, zone=place.timezone
        )
    return AHEAD[template](
        starts_at=visit.starts_at,
        doctor=doctor,
        address=place.told_address,
        zone=place.timezone,
        link=links.url_of(visit),
    )


def _number(visit: Appointment) -> str:
    return number_of(visit.patient, visit.representation)


def _address(visit: Appointment, template: MessageTemplate) -> str:
    """Returns where to write; empty for whoever asks to be phoned only, so that somebody does.

    A reminder they have asked for, and what they book on the site is answered.
    """
    phoned = visit.patient.contact_way == ContactWay.CALLS
    asked_for = template == MessageTemplate.REMINDER or visit.channel == Channel.SITE
    return "" if phoned and not asked_for else _number(visit)


def _put(
    visit: Appointment,
    template: MessageTemplate,
    *,
    dedupe_key: str,
    due_at: datetime | None = None,
    by_hand: bool = False,
) -> None:
    """Puts a message, of use until the visit begins; that it is cancelled, until it would have ended.

    One that is sent `by_hand` goes to whoever asks to be phoned as well: a person has decided so.
    """
    outbox.put(
        _facts(visit, template),
        address=_number(visit) if by_hand else _address(visit, template),
        about=visit.pk,
        patient=visit.patient_id,
        useful_until=visit.ends_at if template == MessageTemplate.CANCELLED else visit.starts_at,
        dedupe_key=dedupe_key,
        told_at=visit.informed_at if template in TELL_OF_THE_TIME else None,
        due_at=due_at,
    )


def _keep_link(visit: Appointment) -> None:
    """Stores the hash of a link that is written anew because the key that signed the former one is gone."""
    link_hash = links.hash_of(links.token_of(visit))
    if link_hash != visit.link_hash:
        Appointment.objects.filter(pk=visit.pk, link_hash=visit.link_hash).update(link_hash=link_hash)
