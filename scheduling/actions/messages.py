"""Texts to patients about their visits: the four facts of R13 and nothing that names a specialty."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from foundation.wording import lasting_time
from notifications.actions import outbox
from notifications.choices import MessageKind
from patients.contact import number_of
from scheduling import links
from scheduling.models import Appointment


def booked(appointment: Appointment) -> None:
    _put(
        appointment,
        MessageKind.BOOKED,
        _("You are booked: %(time)s, %(doctor)s. %(address)s. To cancel or move: %(link)s"),
        f"booked:{appointment.pk}",
    )


def moved(appointment: Appointment, *, at: datetime) -> None:
    _put(
        appointment,
        MessageKind.MOVED,
        _("Your visit is moved: %(time)s, %(doctor)s. %(address)s. To cancel or move: %(link)s"),
        f"moved:{appointment.pk}:{at.timestamp()}",
    )


def cancelled(appointment: Appointment) -> None:
    _put(
        appointment,
        MessageKind.CANCELLED,
        _("Your visit %(time)s, %(doctor)s is cancelled. To book again: %(phone)s"),
        f"cancelled:{appointment.pk}",
    )


def _put(appointment: Appointment, kind: MessageKind, text: str, dedupe_key: str) -> None:
    if not (address := number_of(appointment.patient, appointment.representation)):
        return
    facts = {
        "time": lasting_time(appointment.starts_at),
        "doctor": appointment.doctor.full_name,
        "address": appointment.room.location.address,
        "link": links.url_for(appointment.pk),
        "phone": settings.CLINIC["phone"],
    }
    outbox.put(kind=kind, address=address, text=text % facts, dedupe_key=dedupe_key)
