"""Two actions that meet at one exact moment."""

import threading
import time
from functools import partial

import pytest
from django.db import transaction

from scheduling.actions import slots
from scheduling.choices import HoldReason, ReleaseReason
from scheduling.db_errors import translate_db_errors
from scheduling.models import Slot
from tests import factories as make
from tests.races.harness import run_at_once
from waitlist import matching
from waitlist.choices import EntryState
from waitlist.models import SlotOffer, WaitlistEntry

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@translate_db_errors
@transaction.atomic
def outer(ids):
    inner(ids)


@translate_db_errors
@transaction.atomic
def inner(ids):
    for each in ids:
        Slot.objects.select_for_update().get(pk=each)
        time.sleep(0.2)


def test_a_deadlock_inside_an_action_called_by_another_is_tried_again():
    ids = [slot.pk for slot in make.slots_of(make.shift(make.doctor()))[:2]]
    result = run_at_once([partial(outer, ids), partial(outer, ids[::-1])])
    assert result.deadlocks > 0
    assert len(result.values) == 2, "both have gone through in the end"


def test_letting_go_of_a_lapsed_hold_leaves_the_next_holder_alone(monkeypatch):
    """The hold lapses between finding the slot and locking it, and another person takes the time."""
    slot = make.slots_of(make.shift(make.doctor()))[0]
    hold = partial(slots.hold, start=slot.pk, service=slot.doctor.services.get(), reason=HoldReason.DESK)
    lapsed = hold(by=make.actor())
    real, taken = slots.lock, []

    def lock(ids):
        ids = list(ids)
        if not taken:
            taken.append(None)
            Slot.objects.update(**slots.NO_HOLD)
            taken.append(hold(by=make.actor()))
        return real(ids)

    monkeypatch.setattr(slots, "lock", lock)
    assert slots.drop(tokens=[lapsed], reason=ReleaseReason.HOLD_DROPPED) == 0
    slot.refresh_from_db()
    assert slot.hold_token == taken[1]


def test_an_entry_in_somebodys_hands_is_waited_for():
    """An entry passed over would be left without this time when the other worker gives up."""
    specialty = make.specialty()
    slot = make.slots_of(make.shift(make.doctor(make.service(specialty)), days=2))[0]
    entry = make.entry(specialty)
    slots.announce([slot], reason=ReleaseReason.CANCELLED)
    in_hand = threading.Event()

    def give_up():
        with transaction.atomic():
            row = WaitlistEntry.objects.select_for_update().get(pk=entry.pk)
            row.state = EntryState.UNREACHABLE
            row.save()
            in_hand.set()
            time.sleep(0.3)
            transaction.set_rollback(True)

    def match():
        in_hand.wait(5)
        return matching.match_freed()

    run_at_once([give_up, match])
    assert SlotOffer.objects.get().entry_id == entry.pk
