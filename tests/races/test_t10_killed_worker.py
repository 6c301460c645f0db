"""T10: workers are killed in the middle of matching; no freed time is lost, none is offered twice."""

import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from scheduling.actions import slots
from scheduling.choices import HoldReason, ReleaseOutcome, ReleaseReason
from scheduling.models import Slot, SlotRelease
from tests import factories as make
from tests.races import servers
from waitlist import matching
from waitlist.choices import EntryState
from waitlist.models import SlotOffer, WaitlistEntry

pytestmark = [pytest.mark.race, pytest.mark.embedded, pytest.mark.django_db(transaction=True)]

AT_ONCE = 5
SLOTS_PER_SHIFT = 72
BURST = 12
RECOVERED = 15


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


def test_kills_in_the_middle_of_matching(request):
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
                    servers.wait_until(worker.is_ready, seconds=60)
                there.append(timezone.now())
                for worker in workers:
                    strike(worker, free)
                    struck.append(timezone.now())
        announce(free, len(waiting) + 20 - SlotRelease.objects.count())  # the last times find nobody
        last = servers.worker(broker)
        with servers.running(last):
            servers.wait_until(last.is_ready, seconds=60)
            there.append(timezone.now())
            servers.wait_until(lambda: not unhandled().exists(), seconds=60)
    assert_all_matched(len(waiting))
    assert_recovered([*struck, *there])


def strike(worker, free):
    """Kills the worker inside a transaction: it is frozen, looked at, and let go when it was between two."""
    deadline = time.monotonic() + 30
    while True:
        assert time.monotonic() < deadline, "the worker never worked"
        if not unhandled().exists():
            announce(free, BURST)
        worker.freeze()
        time.sleep(0.01)
        if is_matching(worker):
            break
        worker.thaw()
        time.sleep(0.01)
    worker.kill()


def assert_all_matched(people):
    """Checks that every time was looked at and each entry has one offer of a time of its own, still kept."""
    outcomes = list(SlotRelease.objects.values_list("outcome", flat=True))
    assert set(outcomes) == {ReleaseOutcome.OFFERED, ReleaseOutcome.NOBODY_FITS}
    assert outcomes.count(ReleaseOutcome.OFFERED) == people
    assert not WaitlistEntry.objects.exclude(state=EntryState.OFFERED).exists()
    offers = SlotOffer.objects.values_list("slot", "entry")
    assert len(offers) == len({slot for slot, _entry in offers}) == len({entry for _slot, entry in offers}) == people
    held = Slot.objects.filter(hold_reason=HoldReason.OFFER, offers__id=F("hold_token"))
    assert held.count() == Slot.objects.exclude(hold_token=None).count() == people


def assert_recovered(moments):
    """Checks that a time, struck again and again, is soon handled once there are workers whom nobody kills.

    How long a new worker takes to start depends on the machine: a calm begins when all of them are there.
    """
    for release in SlotRelease.objects.filter(at__lt=max(moments)):
        calm_since = max(moment for moment in [release.at, *moments] if moment <= release.handled_at)
        assert release.handled_at - calm_since < timedelta(seconds=RECOVERED)


class Killed(BaseException):
    pass


def match_and_die(monkeypatch):
    """Ends the process with a release in hand, before the offer is made."""

    def die(**_arguments):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(matching, "offer_slot", die)
        with pytest.raises(Killed):
            matching.match_freed()


@pytest.fixture
def one_freed_slot():
    specialty, free = free_slots(shifts=1)
    make.entry(specialty)
    announce(free, 1)


def test_a_release_in_hand_at_death_is_matched_by_the_next_worker(one_freed_slot, monkeypatch):
    match_and_die(monkeypatch)
    assert matching.match_freed() == 1
    assert SlotOffer.objects.count() == 1


def test_control_a_release_marked_before_its_offer_is_lost(one_freed_slot, monkeypatch):
    def handle_in_two_steps(_after):
        release = unhandled().order_by("id").first()
        if release is None:
            return False
        unhandled().filter(pk=release.pk).update(handled_at=timezone.now(), outcome=ReleaseOutcome.OFFERED)
        matching.offer_slot(slot=release.slot_id)
        return True

    monkeypatch.setattr(matching, "_handle_one", handle_in_two_steps)
    match_and_die(monkeypatch)
    assert matching.match_freed() == 0
    assert SlotOffer.objects.count() == 0, "somebody waits, the time is free, and nobody will call"
