"""Calls answered in time and abandoned are what slow, plain Python counts from the same random rows."""

import random
from collections import defaultdict
from datetime import date, timedelta

import pytest

from foundation.clock import day_bounds, day_of
from telephony.models import ExchangeCall
from telephony.queries import figures
from tests.waitlist.test_figures import percentile

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 10, 23), date(2026, 10, 27)


@pytest.fixture(params=["Europe/Moscow", "Europe/Berlin"])
def came(request, settings):
    settings.TIME_ZONE = request.param
    chance, rows = random.Random(f"calls {request.param}"), []
    begin, end = day_bounds(FIRST, LAST)
    for number in range(200):
        rang = begin + (end - begin) * chance.uniform(-0.2, 1.2)
        waited = timedelta(seconds=chance.choice([0, 5, 20, 20.5, 60, 300]))
        how = chance.choice(["answered_at", "answered_at", "missed_at", None])
        told = {how: rang + waited} if how else {}
        phone = chance.choice(["", "+79210001122"])
        rows.append(ExchangeCall(call=str(number), rang_at=rang, number=phone, **told))
    return ExchangeCall.objects.bulk_create(rows)


def test_answered_in_time_and_abandoned(came):
    begin, end = day_bounds(FIRST, LAST)
    days = defaultdict(list)
    for row in came:
        if begin <= row.rang_at < end:
            days[day_of(row.rang_at)].append(row)
            days[None].append(row)
    slow = {}
    for day, rows in days.items():
        waits = [(row.answered_at - row.rang_at).total_seconds() for row in rows if row.answered_at]
        soon, missed = sum(wait <= figures.SOON for wait in waits), sum(row.missed_at is not None for row in rows)
        hidden = sum(not row.number for row in rows)
        slow[day] = (len(rows), hidden, len(waits), soon, missed, percentile(waits, 0.5), percentile(waits, 0.9))
    names = ("calls", "hidden", "answered", "soon", "missed", "p50", "p90")
    found = figures.answered(begin, end)
    assert {row.day: tuple(getattr(row, name) for name in names) for row in found} == slow
