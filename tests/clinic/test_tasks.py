"""Periodic tasks: each sweep of the beat is a task of that name, and does what its name says."""

from datetime import timedelta

import pytest
import time_machine
from celery import current_app
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from foundation.guard import limits
from foundation.guard.limits import Limit, Spender
from foundation.guard.models import Act
from foundation.idempotency.models import HandledForm
from notifications.actions import sending
from scheduling.choices import HoldReason
from scheduling.models import Slot, SlotRelease
from tests import factories as make
from waitlist import at_once, matching
from waitlist.models import SlotOffer, Sweep, WaitlistEntry
from worklist.models import PhonedNumber

OURS = (
    "accounts.",
    "audit.",
    "booking.",
    "drafts.",
    "guard.",
    "idempotency.",
    "notifications.",
    "paper.",
    "scheduling.",
    "telephony.",
    "waitlist.",
    "worklist.",
)


@pytest.fixture(autouse=True, scope="module")
def as_a_worker_does():
    current_app.loader.import_default_modules()


def registered() -> set[str]:
    return {name for name in current_app.tasks if name.startswith(OURS)}


def test_the_beat_runs_every_task_there_is_and_no_other():
    """A wake-up shortens the wait; what must not be lost is found by the sweep of the same name."""
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} == registered()


def test_whoever_wakes_a_task_knows_its_name():
    assert {sending.TASK, matching.SWEEP, at_once.RECONCILE, settings.SLOT_FREED_TASK} <= registered()


def test_a_sweep_that_came_too_late_is_not_run_twice():
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["options"]["expires"] == entry["schedule"]


def run(name):
    current_app.tasks[name].apply().get()


@pytest.fixture
def slot(db):
    return make.slots_of(make.shift(make.doctor(), days=3))[0]


def test_lapsed_holds_are_released(slot):
    Slot.objects.filter(pk=slot.pk).update(
        hold_token="0199c0de-0000-7000-8000-000000000001",
        hold_owner="test",
        hold_reason=HoldReason.DESK,
        held_until=timezone.now(),
    )
    run("scheduling.release_lapsed_holds")
    slot.refresh_from_db()
    assert (slot.hold_token, SlotRelease.objects.exists()) == (None, False)


def test_freed_times_are_matched_and_calls_that_nobody_makes_withdrawn(slot):
    entry = make.entry(slot.doctor.specialties.get())
    SlotRelease.objects.create(slot=slot, reason="cancelled")
    run("waitlist.match_freed_slots")
    offer = SlotOffer.objects.get()
    assert (offer.entry, Sweep.objects.get(name=matching.SWEEP).finished_at <= timezone.now()) == (entry, True)
    SlotOffer.objects.update(expires_at=timezone.now())
    run("waitlist.return_lapsed")
    offer.refresh_from_db()
    assert offer.state == "withdrawn"


def test_a_time_that_nobody_announced_is_found(slot):
    entry = make.entry(slot.doctor.specialties.get())
    WaitlistEntry.objects.filter(pk=entry.pk).update(sought_until=None)  # asked before the time was free
    run("waitlist.reconcile")
    entry.refresh_from_db()
    assert entry.appeared_at is not None


def test_numbers_that_were_dialled_a_month_ago_are_forgotten(db):
    now = timezone.now()
    for key, days in (("old", 30), ("new", 29)):
        at = now - timedelta(days=days)
        PhonedNumber.objects.create(key=key, dialled_at=at, paused_until=at)
    run("worklist.forget_numbers")
    assert [number.key for number in PhonedNumber.objects.all()] == ["new"]


def test_sessions_that_ended_are_gone(db):
    now = timezone.now()
    for key, ends in (("gone", now - timedelta(seconds=1)), ("there", now + timedelta(hours=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=ends)
    run("accounts.clear_sessions")
    assert list(Session.objects.values_list("session_key", flat=True)) == ["there"]


def test_acts_of_yesterday_are_forgotten(db):
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        limits.spend(Spender("call", "old", [Limit(1, timedelta(days=1))]))
    limits.spend(new := Spender("call", "new", [Limit(1, timedelta(days=1))]))
    run("guard.forget_acts")
    assert [act.whom for act in Act.objects.all()] == [new.key]


def test_forms_of_yesterday_are_forgotten(db):
    now = timezone.now()
    for key, sent in (("old", now - timedelta(days=1)), ("new", now - timedelta(hours=23))):
        HandledForm.objects.create(key=key, at=sent)
    run("idempotency.forget_forms")
    assert [form.key for form in HandledForm.objects.all()] == ["new"]
