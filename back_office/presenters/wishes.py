"""The desk and the contact centre show wishes and free times in words."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from back_office.presenters.applicants import Applicants, ShownApplicant
from foundation import wording
from foundation.clock import on_wall
from foundation.database import replica
from scheduling.models import Doctor
from scheduling.queries.availability import Fit
from scheduling.queries.read_models import AnyService, FreeSlot
from waitlist.fit import nearest_fits, nearest_fits_after_call, to_choose_from
from waitlist.models import SlotOffer, WaitlistEntry
from waitlist.models.wishes import Wishes
from waitlist.wishes import WishData


@dataclass(frozen=True, slots=True)
class FreeTime:
    """The start fits the wishes, `service` fits it, and `words` are the sentence to read out."""

    slot: FreeSlot
    service: AnyService
    words: str
    applicants: list[ShownApplicant]
    """Those who may come at this time."""


@replica.may_lag
def free_times(wishes: WishData, *, applicants: Applicants, limit: int) -> list[FreeTime]:
    """Returns the nearest starts for a patient on the phone or at the desk, ready to be read out (R15)."""
    return _ready(nearest_fits(wishes, patient=applicants.patient, limit=limit), applicants)


@replica.may_lag
def free_times_after_call(entry: WaitlistEntry, *, applicants: Applicants, limit: int) -> list[FreeTime]:
    """Returns the nearest starts for a waiting patient who has to be called first: the notice they need counts."""
    return _ready(nearest_fits_after_call(entry, limit=limit), applicants)


def times_of_call(offer: SlotOffer, *, applicants: Applicants) -> list[FreeTime]:
    """Returns what may be read out instead of the time that the patient is being phoned about."""
    return _ready(to_choose_from(offer, patient=applicants.patient), applicants)


def _ready(fits: Iterable[Fit], applicants: Applicants) -> list[FreeTime]:
    starts = [(fit, fit.slot.local_start) for fit in fits]
    return [
        FreeTime(fit.slot, fit.service, wording.spoken_time(wall), applicants.on(wall.date())) for fit, wall in starts
    ]


def doctor_names(rows: Iterable[Wishes]) -> dict[UUID, str]:
    """Returns the names of doctors for a whole list in one query."""
    wanted = {pk for row in rows for pk in (*row.doctor_ids, *row.not_doctor_ids)}
    return {doctor.pk: doctor.short_name for doctor in Doctor.objects.filter(pk__in=wanted)} if wanted else {}


def in_words(row: Wishes, names: dict[UUID, str]) -> list[str]:
    """Returns the wishes as short texts: «дерматолог», «Белова А.С.», «с 23.11», «пн, ср», «после 16:00»."""
    parts = [row.specialty.doctor_title, row.service.name if row.service else ""]
    parts += [", ".join(names.get(pk, "") for pk in row.doctor_ids), _but(row, names)]
    parts += [_days(row), _weekdays(row), _hours(row), _notice(row.notice_minutes), _earlier(row)]
    return [part for part in parts if part]


def _but(row: Wishes, names: dict[UUID, str]) -> str:
    unwanted = ", ".join(names.get(pk, "") for pk in row.not_doctor_ids)
    return _("but %(doctors)s") % {"doctors": unwanted} if unwanted else ""


def _earlier(row: Wishes) -> str:
    """Returns «есть запись на 21.12 в 09:00, ищем раньше» of whoever has a visit ahead that they would give up."""
    visit = row.earlier_than if isinstance(row, WaitlistEntry) else None
    if visit is None or not visit.can_be_changed(timezone.now()):
        return ""
    day, hour = f"{visit.local_start:%d.%m}", f"{visit.local_start:%H:%M}"
    return _("has a visit on %(day)s at %(hour)s, looks for an earlier time") % {"day": day, "hour": hour}


def urgency_of(entry: WaitlistEntry) -> str:
    """Returns why somebody is urgent, with who has set it and when; empty for whoever is not."""
    if not entry.urgent_reason:
        return ""
    since = f"{on_wall(entry.urgent_at):%d.%m.%Y %H:%M}" if entry.urgent_at else ""
    return ", ".join(part for part in (entry.urgent_reason, entry.urgent_by_name, since) if part)


def _days(row: Wishes) -> str:
    first, last = f"{row.date_from:%d.%m}", row.date_until and f"{row.date_until:%d.%m}"
    if last:
        return _("from %(first)s to %(last)s") % {"first": first, "last": last}
    return _("from %(first)s on") % {"first": first}


def _weekdays(row: Wishes) -> str:
    return ", ".join(str(WEEKDAYS_ABBR[number - 1]).lower() for number in sorted(row.weekdays))


def _hours(row: Wishes) -> str:
    since = "" if row.time_from == datetime.time.min else f"{row.time_from:%H:%M}"
    until = "" if row.time_until == datetime.time.max else f"{row.time_until:%H:%M}"
    if since and until:
        return f"{since}–{until}"
    if since:
        return _("after %(time)s") % {"time": since}
    return _("before %(time)s") % {"time": until} if until else ""


def _notice(minutes: int) -> str:
    if minutes < 60:
        return ""
    if minutes % 1440 == 0:
        days = minutes // 1440
        return ngettext("call %(count)s day ahead", "call %(count)s days ahead", days) % {"count": days}
    hours = -(-minutes // 60)
    return ngettext("call %(count)s hour ahead", "call %(count)s hours ahead", hours) % {"count": hours}
