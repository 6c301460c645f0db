"""People are not phoned without end: so many calls in so many days, and a rest after several noes in a row."""

from datetime import datetime, timedelta

from django.conf import settings

from foundation.database import clock
from waitlist.choices import NOT_CONTACTS, CallOutcome
from waitlist.models import CallAttempt, WaitlistEntry

OFTEN_ENOUGH = """%(contacts)s > 0 AND (
    SELECT count(*) FROM waitlist_callattempt call JOIN waitlist_waitlistentry own ON own.id = call.entry_id
    WHERE own.patient_id = entry.patient_id AND call.at > %(contacts_since)s AND call.outcome <> ALL(%(no_contacts)s)
) >= %(contacts)s"""
"""Whether the person of `entry` was phoned often enough, as `is_often_enough`, with the values of `parameters`."""


def parameters(now: datetime) -> dict[str, object]:
    since = now - timedelta(days=settings.CONTACTS_DAYS)
    return {"contacts": settings.CONTACTS, "contacts_since": since, "no_contacts": list(NOT_CONTACTS)}


def is_often_enough(entry: WaitlistEntry, *, now: datetime) -> bool:
    """Tells whether the person was phoned about free times as often of late as the clinic wants at most."""
    since = now - timedelta(days=settings.CONTACTS_DAYS)
    made = CallAttempt.objects.filter(entry__patient=entry.patient_id, at__gt=since).exclude(outcome__in=NOT_CONTACTS)
    return settings.CONTACTS > 0 and made.count() >= settings.CONTACTS


def rest_after(entry: WaitlistEntry) -> datetime | None:
    """Returns until when a person rests who has said no just now; None while it was not so often in a row.

    What they have said before an earlier rest or before their wishes were changed does not count.
    """
    if settings.REFUSALS <= 0:
        return None
    said = CallAttempt.objects.filter(entry=entry).exclude(outcome__in=NOT_CONTACTS).order_by("-pk")
    since = said.filter(at__gt=entry.rests_until) if entry.rests_until else said
    talks = [each for each in since.values_list("outcome", flat=True) if each in TALKS][: settings.REFUSALS]
    if talks != [CallOutcome.DECLINED_SLOT] * settings.REFUSALS:
        return None
    return clock.now() + timedelta(days=settings.REFUSAL_DAYS)


TALKS = (CallOutcome.DECLINED_SLOT, CallOutcome.CALL_BACK)
"""Outcomes of a talk by which a row of noes goes on or ends."""
