"""Measures the way from a cancelled visit to the offer on the screen, and what matching costs concurrent bookings."""

import re
import statistics
import time
from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from bench import booking_forms, client, people, waiting, windows
from bench.bookable import Chance, Chances
from bench.client import Sample, Unexpected
from bench.harness import Bench
from bench.parts.booking import bookings
from bench.report import Row, at_most, ratio
from bench.requests import Request
from bench.servers import Web
from foundation.accounts.choices import Role
from scheduling.actions import slots
from scheduling.choices import ReleaseOutcome, ReleaseReason
from scheduling.models import Slot, SlotRelease
from waitlist.choices import FreedOutcome
from waitlist.models import FreedTime, WaitlistEntry

TITLE = "Предложение: от отмены до экрана оператора, и запись при идущем подборе"
PATIENCE, POLL = 30.0, 0.02
LANES, NUMBER, FREED = 8, 80, 1000
QUICK_NUMBER, QUICK_FREED = 8, 300
SLOWER_AT_MOST = 1.5


def run(bench: Bench) -> list[Row]:
    base = bench.database()
    with bench.copy(base) as database, database.here(), bench.web(database, environment=waiting.ANY_HOURS) as web:
        chances = Chances()
        cancelled = waiting.booked_and_wanted(chances.take(5 if bench.options.quick else 40))
        settle()
        with bench.worker(database, environment=waiting.ANY_HOURS), bench.beat(database):
            return [*until_shown(web, cancelled), crowded(bench, web, chances)]


def until_shown(web: Web, cancelled: Sequence[UUID]) -> list[Row]:
    operator, registrar = people.signed_in(Role.OPERATOR), people.signed_in(Role.REGISTRAR)
    screen = Request(reverse("office:calls_queue"), session=operator).render()
    passed = sorted(one(web, each, screen, registrar) for each in cancelled)
    half, most = statistics.median(passed), passed[min(len(passed) - 1, int(len(passed) * 0.95))]
    numbers = {"seconds": [round(each, 3) for each in passed]}
    return [
        Row("от отмены до экрана, медиана", f"{half * 1000:.0f} мс", numbers=numbers),
        Row("от отмены до экрана, p95 (страница спрашивает каждые 3 с)", f"{most * 1000:.0f} мс"),
    ]


def one(web: Web, appointment: UUID, screen: bytes, registrar: str) -> float:
    form = {"reason": "patient", "note": ""}
    cancel = Request(reverse("office:appointment_cancel", args=[appointment]), form, session=registrar)
    before, begun = shown(web, screen), time.monotonic()
    if client.once(web.port, cancel.render()).status != 302:
        raise Unexpected("отмена не удалась")
    while not shown(web, screen) - before:
        if time.monotonic() - begun > PATIENCE:
            raise Unexpected(f"предложения нет уже {PATIENCE:.0f} с")
        time.sleep(POLL)
    return time.monotonic() - begun


def shown(web: Web, screen: bytes) -> set[bytes]:
    """Returns the offers an operator sees."""
    return set(re.findall(rb'id="go-([0-9a-f-]{36})"', client.once(web.port, screen).body))


def crowded(bench: Bench, web: Web, chances: Chances) -> Row:
    """Measures the same bookings with the matching of many freed slots beside them and without it."""
    number, freed = (QUICK_NUMBER, QUICK_FREED) if bench.options.quick else (NUMBER, FREED)
    left: list[int] = []

    def booked() -> Sample:
        return bookings(web, booking_forms.by_phone, chances, lanes=LANES, number=number, offered_beside=True)

    def quiet() -> Sample:
        settle()
        return booked()

    def busy() -> Sample:
        storm(chances.take(freed))
        sample = booked()
        left.append(unmatched())
        return sample

    with_matching, alone = windows.in_turns(busy, quiet, windows=bench.options.windows)
    settle()
    times = with_matching.p95 / alone.p95
    value = f"{ratio(times)} ({with_matching.p95:.0f} мс против {alone.p95:.0f} мс)"
    value += "" if all(left) else f" [подбор кончился раньше: {left.count(0)} из {len(left)}]"
    value += windows.note(with_matching, alone)
    numbers = {"matching": with_matching.numbers, "alone": alone.numbers, "ratio": times, "unmatched_after": left}
    ok = at_most(times, SLOWER_AT_MOST)
    return Row("p95 записи при идущем подборе", value, f"≤ {SLOWER_AT_MOST:g}", ok, numbers)


def storm(freed: Sequence[Chance]) -> None:
    """Announces these slots as given back, each by somebody: more than can be matched while the bookings last."""
    found = Slot.objects.filter(pk__in=[chance.slot for chance in freed])
    slots.announce(list(found), reason=ReleaseReason.CANCELLED)


def unmatched() -> int:
    """Counts what was given back and nobody has been looked for about yet."""
    to_look_at = FreedTime.objects.filter(ended_at=None, look_at__lte=timezone.now(), slot__offers=None)
    return SlotRelease.objects.filter(handled_at=None).count() + to_look_at.count()


def settle() -> None:
    """Ends all that people are looked for about, so that nothing is left to be proposed."""
    now = timezone.now()
    SlotRelease.objects.filter(handled_at=None).update(handled_at=now, outcome=ReleaseOutcome.NOT_FREE)
    FreedTime.objects.filter(ended_at=None).update(ended_at=now, outcome=FreedOutcome.CLOSED)
    WaitlistEntry.objects.filter(appeared_at__isnull=False).update(appeared_at=None, sought_until=now)
