"""Banners of the card of whoever phones in: all that is known of them before anything is asked (W02, W27)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from back_office.presenters.card_visits import CANCEL, FOLLOW_UP, MOVE
from back_office.presenters.lines.line import TITLES
from back_office.presenters.wishes import doctor_names, in_words
from foundation import wording
from foundation.clock import day_of, on_wall
from foundation.database import clock
from patients.models import Patient
from scheduling.models import Appointment
from scheduling.queries.day import coming_visits, done_since
from waitlist.models import SlotOffer, WaitlistEntry
from waitlist.queries import calls as offered
from waitlist.queries import entries as waiting
from waitlist.queries.entries import Place
from worklist import queries as worklist
from worklist.choices import ABOUT_VISITS

FOLLOWED_UP = timedelta(days=366)
"""How long after a visit a follow-up of it is offered."""

REMEMBERED = timedelta(days=90)
"""How long the card tells that somebody has asked in vain."""


@dataclass(frozen=True, slots=True)
class Banner:
    """One thing that is known: in words, where it leads, and the call that can be made of it at once."""

    title: str
    words: str
    page: str = ""
    task: UUID | None = None
    """The call about it: whoever phones in is told in the same talk."""
    steps: tuple["Step", ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that can be done of it without leaving the card, and the digit that does it."""

    label: str
    query: str
    key: str = ""


def banners_of(patient: Patient) -> list[Banner]:
    """Returns what is known, the most pressing first; a fixed number of statements."""
    now = clock.now()
    known = [*_offers(patient, now), *_visits(patient), *_waits(patient, now), *_to_tell(patient, now)]
    return list(_numbered([*known, *_follow_ups(patient, now), *_said(patient), *_left(patient, now)]))


def _numbered(banners: list[Banner]) -> Iterator[Banner]:
    """Gives the steps of all banners the digits from one on: they are one list."""
    numbers = count(1)
    for banner in banners:
        keyed = ((step, next(numbers)) for step in banner.steps)
        steps = tuple(replace(step, key=str(number) if number < 10 else "") for step, number in keyed)
        yield replace(banner, steps=steps)


def _offers(patient: Patient, now: datetime) -> Iterator[Banner]:
    for offer in offered.unanswered(patient.pk):
        title = _("We keep for them") if offer.is_held(now) else _("A time has become free for them")
        yield Banner(title, _in_words(offer), task=offer.task_id)


def _in_words(row: SlotOffer | Appointment) -> str:
    return f"{wording.short_time(row.local_start)}, {row.doctor.short_name}, {row.service.name}"


def _visits(patient: Patient) -> Iterator[Banner]:
    for visit in coming_visits(patient.pk):
        steps = (
            Step(_("Move"), _query(visit, MOVE)),
            Step(_("Cancel the appointment"), urlencode({CANCEL: visit.pk})),
        )
        page = reverse("office:appointment", args=[visit.pk])
        yield Banner(_("Booked already"), _in_words(visit), page, steps=steps)


def _query(visit: Appointment, what: str) -> str:
    """Returns the query of the card on which times like this visit's are looked for, at its doctor first."""
    asked = {"specialty": visit.service.specialty_id, "service": visit.service_id, "doctors": visit.doctor_id}
    return urlencode({what: visit.pk} | asked)


def _follow_ups(patient: Patient, now: datetime) -> Iterator[Banner]:
    """Yields the last visit to each specialty: a follow-up by phone names it (R18, W24)."""
    last: dict[UUID, Appointment] = {}
    for visit in done_since(patient.pk, now - FOLLOWED_UP):
        last.setdefault(visit.service.specialty_id, visit)
    for visit in last.values():
        words = f"{on_wall(visit.starts_at, visit.room.location.timezone):%d.%m.%Y}, {visit.doctor.short_name}"
        steps = (Step(_("Follow-up visit"), _query(visit, FOLLOW_UP)),)
        yield Banner(_("Was here"), f"{words}, {visit.service.name}", steps=steps)


def _waits(patient: Patient, now: datetime) -> Iterator[Banner]:
    entries = list(waiting.open_entries().filter(patient=patient))
    names, places = doctor_names(entries), waiting.places(entries)
    for entry in entries:
        words = [*_place(entry, places[entry.pk], now), *in_words(entry, names)]
        yield Banner(_("Waits on the list"), ", ".join(words), reverse("office:entry", args=[entry.pk]))


def _place(entry: WaitlistEntry, place: Place, now: datetime) -> tuple[str, str]:
    days = (day_of(now) - day_of(entry.arrived_at)).days
    number = _("No. %(number)s of %(all)s") % {"number": place.number, "all": place.of}
    since = ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    return number, since


def _to_tell(patient: Patient, now: datetime) -> Iterator[Banner]:
    for task in worklist.open_tasks(now).filter(patient=patient, kind__in=ABOUT_VISITS).order_by("due_at"):
        yield Banner(str(TITLES[task.kind]), "", reverse("office:appointment", args=[task.subject]), task.pk)


def _said(patient: Patient) -> Iterator[Banner]:
    if last := waiting.last_call(patient.pk):
        words = ", ".join(part for part in (last.get_outcome_display(), last.note, last.by_name) if part)
        yield Banner(_("The last call, %(time)s") % {"time": f"{on_wall(last.at):%d.%m %H:%M}"}, words)


def _left(patient: Patient, now: datetime) -> Iterator[Banner]:
    """Yields what they asked for lately in vain, without waiting for it."""
    left = waiting.last_unmet(patient.pk)
    if left and now - left.created_at < REMEMBERED:
        wished = in_words(left, doctor_names([left]))
        words = ", ".join(
            part for part in (left.get_reason_display(), *wished, left.note, left.created_by_name) if part
        )
        title = _("Nothing suited, %(time)s") % {"time": f"{on_wall(left.created_at):%d.%m %H:%M}"}
        yield Banner(title, words)
