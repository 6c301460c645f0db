"""Each figure of the head is what slow, plain Python counts from the same random rows."""

import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from math import ceil, floor
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings as configured
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.clock import day_bounds
from patients.choices import Channel
from tests import factories as make
from waitlist import calling_hours
from waitlist.choices import CallOutcome, FreedOutcome, OfferState, RequestState
from waitlist.models import CallAttempt, FreedTime, WaitlistEntry, WaitlistRequest
from waitlist.queries import figures
from waitlist.queries.figures import Period

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 10, 23), date(2026, 10, 27)
"""Berlin's clocks go back on the 25th."""


@pytest.fixture(params=["Europe/Moscow", "Europe/Berlin"])
def zone(request, settings):
    settings.TIME_ZONE = request.param
    settings.CALL_HOURS = [("09:00", "20:00"), ("10:00", "18:00")]
    return ZoneInfo(request.param)


@pytest.fixture
def chance(zone):
    return random.Random(f"figures {zone}")


@pytest.fixture
def period(zone):
    return Period(*day_bounds(FIRST, LAST))


@pytest.fixture
def slots():
    skin, hair = make.specialty("Дерматология", "дерматолог"), make.specialty("Трихология", "трихолог")
    one, both = make.doctor(make.service(skin)), make.doctor(make.service(skin, minutes=60))
    both.specialties.add(hair)
    return [slot for doctor in (one, both) for slot in make.slots_of(make.shift(doctor, days=3, slots=10))]


def moment(chance, period) -> datetime:
    """Returns a moment in the days that are counted, or up to a day beside them."""
    begin, end = (bound.timestamp() for bound in (period.since - timedelta(days=1), period.until + timedelta(days=1)))
    return datetime.fromtimestamp(chance.uniform(begin, end), tz=ZoneInfo("UTC"))


def after(chance, at: datetime, *, hours: float) -> datetime | None:
    return at + timedelta(hours=chance.uniform(0, hours)) if chance.random() < 0.7 else None


@pytest.fixture
def freed(chance, period, slots):
    rows = []
    for _ in range(200):
        at = moment(chance, period)
        ended = at + timedelta(hours=chance.uniform(0.1, 30))
        rows.append(
            FreedTime(
                slot=chance.choice(slots),
                freed_at=at,
                starts_at=at + timedelta(hours=chance.choice([3, 23.9, 24, 30, 48, 48.1, 200])),
                phoned_at=after(chance, at, hours=40),
                kept_until=after(chance, at, hours=0.4),
                look_at=at,
                ended_at=ended,
                outcome=chance.choice(FreedOutcome.values),
                channel=chance.choice(["", *Channel.values]),
            )
        )
    times = [row.freed_at for row in rows]
    made = FreedTime.objects.bulk_create(rows)
    for row, at in zip(made, times, strict=True):
        row.freed_at = at
    FreedTime.objects.bulk_update(made, ["freed_at"])
    return made


def counted(rows, period, at):
    return [row for row in rows if period.since <= at(row) < period.until]


def by_day(rows, zone, at):
    days = defaultdict(list)
    for row in rows:
        days[at(row).astimezone(zone).date()].append(row)
        days[None].append(row)
    days.setdefault(None, [])
    return days


def percentile(values, share: float) -> float | None:
    if not values:
        return None
    ordered, place = sorted(values), share * (len(values) - 1)
    low, high = ordered[floor(place)], ordered[ceil(place)]
    return pytest.approx(low + (high - low) * (place - floor(place)))


def calling_minutes(row, hours) -> float:
    spans = [(max(opens, row.freed_at), min(closes, row.phoned_at)) for opens, closes in hours]
    return sum(max((closes - opens).total_seconds(), 0) for opens, closes in spans) / 60


def test_freed_to_the_first_call(freed, period, zone):
    days = [date.fromordinal(day) for day in range(FIRST.toordinal(), LAST.toordinal() + 5)]
    hours = [calling_hours.window(day) for day in days]
    slow = {}
    for day, rows in by_day(counted(freed, period, lambda row: row.freed_at), zone, lambda row: row.freed_at).items():
        minutes = [calling_minutes(row, hours) for row in rows if row.phoned_at]
        slow[day] = (len(rows), len(minutes), percentile(minutes, 0.5), percentile(minutes, 0.9))
    found = figures.first_dial(period, hours=hours)
    assert {row.day: (row.freed, row.dialled, row.p50, row.p90) for row in found} == slow


def notice_of(row) -> int:
    notice = row.starts_at - row.freed_at
    return 0 if notice < timedelta(hours=24) else 1 if notice <= timedelta(hours=48) else 2


def test_refilled_by_notice_route_and_specialty(freed, period):
    slow = defaultdict(lambda: defaultdict(int))
    for row in counted(freed, period, lambda row: row.freed_at):
        if row.outcome == FreedOutcome.CLOSED:
            continue
        specialty = ", ".join(sorted(each.name for each in row.slot.doctor.specialties.all()))
        route = "waitlist" if row.outcome == "filled" else "nobody" if row.outcome != "taken" else row.channel
        for key in [(notice_of(row), None), (None, specialty), (None, None)]:
            slow[key]["freed"] += 1
            slow[key][route if route not in ("", "doctor") else "other"] += 1
    routes = ("freed", "waitlist", "site", "registry", "phone", "other")
    found = {(row.notice, row.specialty): [getattr(row, name) for name in routes] for row in figures.refilled(period)}
    assert found == {key: [told[name] for name in routes] for key, told in slow.items()}
    assert {key for key in found if key[1]} == {(None, "Дерматология"), (None, "Дерматология, Трихология")}


@pytest.fixture
def offers(chance, slots):
    """Offers of the past about any time, one for each of some people."""
    entries = [make.entry(slot.doctor.services.get().specialty) for slot in chance.sample(slots, 6)]
    return [
        make.offer(entry, slot, state=OfferState.DECLINED, ended_at=slot.starts_at, also=also)
        for entry, slot in zip(entries, chance.sample(slots, 6), strict=True)
        for also in [[slot.pk for slot in chance.sample(slots, chance.randrange(3))]]
    ]


@pytest.fixture
def attempts(chance, period, offers):
    made = []
    for _ in range(60):
        at, offer = moment(chance, period), chance.choice([None, *offers])
        begun = at - timedelta(minutes=chance.uniform(0, 40)) if chance.random() < 0.8 else None
        with time_machine.travel(at, tick=False):
            made.append(
                CallAttempt.objects.create(
                    entry=offer.entry if offer else offers[0].entry,
                    offer=offer,
                    outcome=chance.choice(["booked", *CallOutcome.values]),
                    begun_at=begun,
                    by="staff:1",
                )
            )
    return made


def test_calls_and_minutes_a_booking(attempts, period, zone):
    slow = {}
    for day, rows in by_day(counted(attempts, period, lambda row: row.at), zone, lambda row: row.at).items():
        minutes = sum((row.at - row.begun_at).total_seconds() / 60 for row in rows if row.begun_at)
        fills = sum(row.outcome == CallOutcome.BOOKED for row in rows)
        slow[day] = (len(rows), fills, pytest.approx(minutes))
    assert {row.day: (row.dials, row.fills, row.minutes) for row in figures.effort(period)} == slow


def refusal_hours(row) -> float:
    ends = min(end for end in (row.kept_until, row.phoned_at, row.ended_at) if end)
    return max((ends - row.freed_at).total_seconds(), 0) / 3600


def call_hours(row) -> float:
    longest = timedelta(minutes=configured.CALL_HOLD_MINUTES)
    slots = ceil(row.offer.service.minutes / row.offer.slot.shift.slot_minutes)
    return min(row.at - row.begun_at, longest).total_seconds() / 3600 * (1 + len(row.offer.also)) * slots


def test_hours_kept_from_the_public(freed, attempts, period, zone):
    refused = [row for row in counted(freed, period, lambda row: row.freed_at) if row.kept_until]
    called = [row for row in counted(attempts, period, lambda row: row.at) if row.offer and row.begun_at]
    slow = defaultdict(lambda: [0, 0])
    for place, rows, at, hours in [
        (0, refused, lambda row: row.freed_at, refusal_hours),
        (1, called, lambda row: row.at, call_hours),
    ]:
        for day, of_day in by_day(rows, zone, at).items():
            slow[day][place] += sum(map(hours, of_day))
    found = {row.day: [row.refusal, row.calls] for row in figures.kept(period)}
    assert found == {day: pytest.approx(hours) for day, hours in slow.items()}


@pytest.fixture
def asked(chance, period):
    """Entries of the contact centre, of requests, and for an earlier time; requests, some for a chosen time."""
    fields = [make.specialty(), make.specialty("Трихология", "трихолог")]
    visit = make.appointment()
    entries, requests = [], []
    for _ in range(80):
        patient, at = make.patient(), moment(chance, period)
        wishes = make.wishes(chance.choice(fields)).columns()
        if chance.random() < 0.6:
            entry = WaitlistEntry(
                patient=patient,
                birth_date=patient.birth_date,
                waits_until=LAST,
                none_suits=chance.random() < 0.5,
                earlier_than=visit if chance.random() < 0.2 else None,
                created_by="staff:1",
                **wishes,
            )
            entries.append((entry, at))
        else:
            request = WaitlistRequest(
                channel=Channel.SITE,
                birth_date=patient.birth_date,
                phone=patient.phone,
                held_until=at if chance.random() < 0.3 else None,
                created_by="site:1",
                **wishes,
            )
            requests.append((request, at))
    for model, rows in ((WaitlistEntry, entries), (WaitlistRequest, requests)):
        made = model.objects.bulk_create([row for row, _at in rows])
        for row, (_row, at) in zip(made, rows, strict=True):
            row.created_at = at
        model.objects.bulk_update(made, ["created_at"])
    entered = [request for request, _at in requests[:10]]
    for request, (entry, _at) in zip(entered, entries, strict=False):
        request.entry, request.state = entry, RequestState.ENTERED
    WaitlistRequest.objects.bulk_update(entered, ["entry", "state"])
    return entries, requests


def test_demand_that_was_not_met(asked, period, zone):
    entries, requests = asked
    from_requests = {request.entry_id for request, _at in requests}
    slow = defaultdict(lambda: [0, 0, 0])

    def count(row, at, place):
        local = at.astimezone(zone)
        for key in [(row.specialty.name, None), (None, local.hour), (None, None)]:
            slow[key][place] += 1

    for entry, at in entries:
        if period.since <= at < period.until and entry.pk not in from_requests and entry.earlier_than_id is None:
            count(entry, at, 0)
            if entry.none_suits:
                count(entry, at, 1)
    for request, at in requests:
        if period.since <= at < period.until and request.held_until is None:
            count(request, at, 2)
    found = {(row.specialty, row.hour): [row.entries, row.none_suits, row.requests] for row in figures.unmet(period)}
    assert found == slow


def test_nothing_is_counted_as_nothing(period):
    (dial,), (again,), (calls,), (hours,), (demand,) = (
        figures.first_dial(period, hours=[]),
        figures.refilled(period),
        figures.effort(period),
        figures.kept(period),
        figures.unmet(period),
    )
    assert (dial.day, dial.freed, dial.dialled, dial.p50, dial.p90) == (None, 0, 0, None, None)
    assert (again.freed, again.refilled, calls.dials, calls.minutes) == (0, 0, 0, 0)
    assert (hours.refusal, hours.calls, demand.all) == (0, 0, 0)


@pytest.mark.parametrize("ask", [figures.refilled, figures.effort, figures.kept, figures.unmet])
def test_a_question_is_one_statement(ask, freed, attempts, asked, period):
    with CaptureQueriesContext(connection) as statements:
        ask(period)
    assert len(statements) == 1
