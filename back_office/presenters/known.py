"""Banners of the card of whoever phones in: all that is known of them before anything is asked (W02, W27)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from back_office.presenters.lines.line import TITLES
from back_office.presenters.wishes import doctor_names, in_words
from foundation import wording
from foundation.clock import day_of, on_wall
from foundation.database import clock
from patients.models import Patient
from scheduling.queries.day import coming_visits
from waitlist.models import SlotOffer, WaitlistEntry
from waitlist.queries import calls as offered
from waitlist.queries import entries as waiting
from worklist import queries as worklist
from worklist.choices import ABOUT_VISITS
from worklist.models import Task


@dataclass(frozen=True, slots=True)
class Banner:
    """One thing that is known: in words, where it leads, and the call that can be made of it at once."""

    title: str
    words: str
    page: str = ""
    task: UUID | None = None
    """The call about it: whoever phones in is told in the same talk."""


def banners_of(patient: Patient) -> list[Banner]:
    """Returns what is known, the most pressing first; a fixed number of statements but for each place on the list."""
    now = clock.now()
    return [*_offers(patient, now), *_visits(patient), *_waits(patient, now), *_to_tell(patient), *_said(patient)]


def _offers(patient: Patient, now: datetime) -> Iterator[Banner]:
    for offer in offered.unanswered(patient.pk):
        title = _("We keep for them") if offer.is_held(now) else _("A time has become free for them")
        yield Banner(title, _time_of(offer), task=offer.task_id)


def _time_of(offer: SlotOffer) -> str:
    return f"{wording.short_time(offer.local_start)}, {offer.doctor.short_name}, {offer.service.name}"


def _visits(patient: Patient) -> Iterator[Banner]:
    for visit in coming_visits(patient.pk):
        words = f"{wording.short_time(visit.local_start)}, {visit.doctor.short_name}, {visit.service.name}"
        yield Banner(_("Booked already"), words, reverse("office:appointment", args=[visit.pk]))


def _waits(patient: Patient, now: datetime) -> Iterator[Banner]:
    entries = list(waiting.open_entries().filter(patient=patient))
    names = doctor_names(entries)
    for entry in entries:
        yield Banner(_("Waits on the list"), _place(entry, names, now), reverse("office:entry", args=[entry.pk]))


def _place(entry: WaitlistEntry, names: dict[UUID, str], now: datetime) -> str:
    place, days = waiting.place_of(entry), (day_of(now) - day_of(entry.arrived_at)).days
    number = _("No. %(number)s of %(all)s") % {"number": place.number, "all": place.of}
    since = ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    return ", ".join([number, since, *in_words(entry, names)])


def _to_tell(patient: Patient) -> Iterator[Banner]:
    tasks = Task.objects.filter(patient=patient, kind__in=ABOUT_VISITS)
    for task in worklist.open_tasks(clock.now()).filter(pk__in=tasks).order_by("due_at"):
        yield Banner(str(TITLES[task.kind]), "", reverse("office:appointment", args=[task.subject]), task.pk)


def _said(patient: Patient) -> Iterator[Banner]:
    if last := waiting.last_call(patient.pk):
        words = ", ".join(part for part in (last.get_outcome_display(), last.note, last.by_name) if part)
        yield Banner(_("The last call, %(time)s") % {"time": f"{on_wall(last.at):%d.%m %H:%M}"}, words)
