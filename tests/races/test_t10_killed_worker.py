"""T10: workers are killed in the middle of matching; no freed time is lost, none is offered twice."""

import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from scheduling.actions import slots
from scheduling.choices import ReleaseOutcome, ReleaseReason
from scheduling.models import Slot, SlotRelease
from tests import factories as make
from tests.races import servers
from waitlist import matching
from waitlist.actions import freed_times, offers
from waitlist.choices import EntryState
from waitlist.models import FreedTime, SlotOffer, WaitlistEntry

pytestmark = [pytest.mark.race, pytest.mark.embedded, pytest.mark.django_db(transaction=True)]

AT_ONCE = 5
SLOTS_PER_SHIFT = 72
BURST = 12


def free_slots(shifts):
    specialty = make.specialty()
    service = make.service(specialty, minutes=10)
    doctors = [make.doctor(service) for _ in range(shifts)]
    free = [make.shift(doctor, days=2, starts="08:00", slots=SLOTS_PER_SHIFT, minutes=10) for doctor in doctors]
    return specialty, [slot for shift in free for slot in make.slots_of(shift)]


def announce(free, count):
    with transaction.atomic():
        slots.announce([free.pop() for _ in range(count)], reason=ReleaseReason.CANCELLED)


def is_matching(worker):
    """Tells whether this worker has a transaction open at this very moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_stat_activity WHERE application_name = %s AND xact_start IS NOT NULL", [worker.name]
        )
        return cursor.fetchone()


def unhandled():
    return SlotRelease.objects.filter(handled_at=None)


def is_anything_to_do():
    """Tells whether a release is not taken in, or nobody is to be phoned yet about a freed time."""
    return unhandled().exists() or FreedTime.objects.count() > SlotOffer.objects.count()


def left_to_do(people):
    """Returns how many releases are to be taken in and how many people are to be told of a time."""
    return unhandled().count() + people - SlotOffer.objects.count()


def test_kills_in_the_middle_of_matching(request, record_property):
    kills = 100 if request.config.getoption("--long") else 20
    specialty, free = free_slots(shifts=7 * (kills // 20))
    waiting = [make.entry(specialty) for _ in range(10 * kills)]
    struck, there = [], []
    with (
        servers.own_broker() as broker,
        servers.every(0.5, lambda: servers.current_app.send_task(matching.SWEEP, expires=5)),
    ):
        while len(struck) < kills:
            workers = [servers.worker(broker) for _ in range(AT_ONCE)]
            with servers.running(*workers):
                for worker in workers:
                    servers.wait_until(worker.is_ready, seconds=servers.HANGS)
                there.append(timezone.now())
                for worker in workers:
                    strike(worker, free)
                    struck.append(timezone.now())
        announce(free, len(waiting) + 20 - SlotRelease.objects.count())  # the last times find nobody
        last = servers.worker(broker)
        with servers.running(last):
            servers.wait_until(last.is_ready, seconds=servers.HANGS)
            there.append(timezone.now())
            servers.wait_while_it_falls(lambda: left_to_do(len(waiting)))
    assert_all_matched(len(waiting))
    record_property("recovered in, seconds", recovered_in([*struck, *there]).total_seconds())


def strike(worker, free):
    """Kills the worker inside a transaction: it is frozen, looked at, and let go when it was between two."""
    deadline = time.monotonic() + servers.HANGS
    while True:
        assert time.monotonic() < deadline, "the worker never worked"
        if not is_anything_to_do():
            announce(free, BURST)
        worker.freeze()
        time.sleep(0.01)
        if is_matching(worker):
            break
        worker.thaw()
        time.sleep(0.01)
    worker.kill()


def assert_all_matched(people):
    """Checks that every time is looked after, and that each entry has one offer of a time of its own."""
    assert set(SlotRelease.objects.values_list("outcome", flat=True)) == {ReleaseOutcome.SOUGHT}
    assert FreedTime.objects.filter(ended_at=None).count() == SlotRelease.objects.count()
    assert not WaitlistEntry.objects.exclude(state=EntryState.OFFERED).exists()
    offers = SlotOffer.objects.values_list("slot", "entry")
    assert len(offers) == len({slot for slot, _entry in offers}) == len({entry for _slot, entry in offers}) == people
    assert Slot.objects.exclude(hold_token=None).count() == 0


def recovered_in(moments):
    """Returns the longest wait of a time, struck again and again, from the moment at which nobody is killed any more.

    How long a new worker takes to start depends on the machine, and so does this: a calm begins when all of them are
    there, and nothing is asserted of its length.
    """
    waits = [timedelta()]
    proposed = dict(SlotOffer.objects.values_list("slot", "created_at"))
    for release in SlotRelease.objects.filter(at__lt=max(moments)):
        done_at = max(release.handled_at, proposed.get(release.slot_id, release.handled_at))
        calm_since = max(moment for moment in [release.at, *moments] if moment <= done_at)
        waits.append(done_at - calm_since)
    return max(waits)


class Killed(BaseException):
    pass


def die(*_arguments, **_named):
    raise Killed


def match_and_die(monkeypatch, where, name):
    """Ends the process with a time in hand."""
    with monkeypatch.context() as patched:
        patched.setattr(where, name, die)
        with pytest.raises(Killed):
            matching.match_freed()


@pytest.fixture
def one_freed_slot():
    specialty, free = free_slots(shifts=1)
    make.entry(specialty)
    announce(free, 1)


@pytest.mark.parametrize(
    ("where", "name", "handled"),
    [(freed_times, "_look_after", 1), (matching, "runs_with", 0), (offers, "SlotOffer", 0)],
    ids=["taken in", "looked after", "proposed"],
)
def test_a_time_in_hand_at_death_is_matched_by_the_next_worker(one_freed_slot, monkeypatch, where, name, handled):
    match_and_die(monkeypatch, where, name)
    assert matching.match_freed() == handled
    assert (SlotOffer.objects.count(), FreedTime.objects.count()) == (1, 1)


def test_control_a_release_marked_before_its_time_is_looked_after_is_lost(one_freed_slot, monkeypatch):
    def in_two_steps():
        freed = list(unhandled())
        unhandled().update(handled_at=timezone.now(), outcome=ReleaseOutcome.SOUGHT)
        if freed:
            freed_times._look_after([release.slot for release in freed], timezone.now())
        return len(freed), {}

    monkeypatch.setattr(freed_times, "take_in", in_two_steps)
    match_and_die(monkeypatch, freed_times, "_look_after")
    assert matching.match_freed() == 0
    assert SlotOffer.objects.count() == 0, "somebody waits, the time is free, and nobody will call"
