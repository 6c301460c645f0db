"""Reads of the waitlist and of requests for the lists on the screens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypedDict
from uuid import UUID

from django.db.models import Count, F, IntegerField, Min, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.lookups import GreaterThan

from foundation.database import clock
from foundation.database.read_models import ReadModel
from foundation.database.rows import fetch
from scheduling.choices import listed
from scheduling.models import Slot
from waitlist.choices import OPEN, FreedOutcome, RequestState
from waitlist.models import CallAttempt, FreedTime, UnmetWish, WaitlistEntry, WaitlistRequest

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


FEW = 2
"""So many requests of one network stand in the order of arrival."""
_NTH_OF_NETWORK = """
    CASE WHEN waitlist_waitlistrequest.consent_ip IS NULL THEN 1 ELSE row_number() OVER (
        PARTITION BY network(set_masklen(
            waitlist_waitlistrequest.consent_ip,
            CASE family(waitlist_waitlistrequest.consent_ip) WHEN 6 THEN 64 ELSE 32 END
        )) ORDER BY waitlist_waitlistrequest.created_at, waitlist_waitlistrequest.id
    ) END
"""


def all_entries() -> QuerySet[WaitlistEntry]:
    """Returns entries in the order of R23, closed ones too, with what the list shows."""
    related = ("patient", "specialty", "service", "representation", "earlier_than__room__location")
    shown = WaitlistEntry.objects.select_related(*related, "appointment__room__location")
    return shown.order_by("priority", "arrived_at")


def open_entries() -> QuerySet[WaitlistEntry]:
    return all_entries().filter(state__in=OPEN)


class Place(NamedTuple):
    """The place of an entry among those who wait for its specialty: «№ 3 из 27»."""

    number: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed(ReadModel):
    entry: UUID
    number: int
    of: int


_PLACES = f"""
    SELECT entry, number, "of" FROM (
        SELECT
            id AS entry,
            row_number() OVER (PARTITION BY specialty_id ORDER BY priority, arrived_at, id) AS number,
            count(*) OVER (PARTITION BY specialty_id) AS "of"
        FROM waitlist_waitlistentry
        WHERE state IN ({listed(OPEN)}) AND specialty_id = ANY(%(specialties)s)
    ) line WHERE entry = ANY(%(entries)s)
"""


def places(entries: Iterable[WaitlistEntry]) -> dict[UUID, Place]:
    """Returns where each of these who waits stands among those who wait for the same specialty (W27)."""
    there = [entry for entry in entries if entry.is_open]
    if not there:
        return {}
    specialties = list({entry.specialty_id for entry in there})
    found = fetch(_Placed, _PLACES, {"specialties": specialties, "entries": [entry.pk for entry in there]})
    return {each.entry: Place(each.number, each.of) for each in found}


def last_call(patient: UUID) -> CallAttempt | None:
    """Returns how the last call of the waitlist to this patient ended."""
    return CallAttempt.objects.filter(entry__patient=patient).order_by("-id").first()


def last_unmet(patient: UUID) -> UnmetWish | None:
    """Returns the wishes with which this patient left without a time and without waiting, the last time they did."""
    left = UnmetWish.objects.filter(patient=patient).select_related("specialty", "service")
    return left.order_by("-created_at").first()


def parked_times() -> int:
    """Returns how many free times ahead nobody was looked for, because the system failed on them again and again."""
    free = Slot.objects.filter(starts_at__gt=clock.now(), appointment=None, hold_token=None, absence=None)
    parked = FreedTime.objects.filter(outcome=FreedOutcome.PARKED, slot__in=free)
    return parked.values("slot").distinct().count()


def attempts(entry: UUID) -> QuerySet[CallAttempt]:
    return CallAttempt.objects.filter(entry=entry).order_by("-id")


def requests_since() -> tuple[int, datetime | None]:
    """Returns how many requests wait to be entered, and since when the oldest of them does."""
    there = WaitlistRequest.objects.filter(state=RequestState.HANDED_OVER)
    counted = there.aggregate(number=Count("pk"), oldest=Min("created_at"))
    return counted["number"], counted["oldest"]


class InNetwork(TypedDict):
    """The column that the list of requests adds to a request."""

    nth: int


ShownRequest: TypeAlias = "WithAnnotations[WaitlistRequest, InNetwork]"


def requests_with_times() -> QuerySet[WaitlistRequest]:
    """Returns requests with what they ask for and the time that was chosen."""
    of_time = ("slot__doctor", "slot__shift__room__location")
    return WaitlistRequest.objects.select_related("patient", "specialty", "service", *of_time)


def requests_waiting() -> "QuerySet[ShownRequest]":
    """Returns requests handed over by the desk and the site, the oldest first.

    Those with a chosen time come first: its visitor waits for a call instead of a code. A network's third and further
    requests come last, so that a stranger's many hide nobody's (T112); `nth` is their number within it.
    """
    return (
        requests_with_times()
        .filter(state=RequestState.HANDED_OVER)
        .annotate(nth=RawSQL(_NTH_OF_NETWORK, [], output_field=IntegerField()))
        .order_by(F("held_until").asc(nulls_last=True), GreaterThan(F("nth"), FEW), "created_at")
    )
