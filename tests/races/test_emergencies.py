"""K20: the red button pressed several times at one moment is one emergency, and nothing holds it up (R14)."""

import threading
from functools import partial

import pytest
from django.db import transaction

import booking
from foundation.database.locks import advisory_lock
from scheduling.actions import emergencies
from scheduling.models import EmergencyCase, EmergencyEvent
from tests import factories as make
from tests.races.harness import run_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
PRESSES = 3


def press(by) -> list[EmergencyCase]:
    return run_at_once([partial(booking.open_emergency, by=by) for _ in range(PRESSES)]).values


def test_presses_of_one_moment_are_one_case_and_each_is_written_down():
    assert len({case.pk for case in press(make.actor())}) == 1
    kinds = EmergencyEvent.objects.order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["opened", "pressed_again", "pressed_again"]


def test_control_without_the_lock_each_press_opens_a_case(monkeypatch):
    looked, look = threading.Barrier(PRESSES), emergencies._just_opened

    def look_together(*asked):
        found = look(*asked)
        looked.wait()
        return found

    monkeypatch.setattr(emergencies, "advisory_lock_soon", lambda key: None)
    monkeypatch.setattr(emergencies, "_just_opened", look_together)
    assert len({case.pk for case in press(make.actor())}) == PRESSES


def test_a_press_that_hangs_does_not_stop_the_next():
    """A transaction keeps the lock of this person for as long as the other press takes, and longer."""
    by = make.actor()
    with transaction.atomic():
        advisory_lock(f"emergency of {by.ref}")
        (case,) = run_at_once([partial(booking.open_emergency, by=by)]).values
    assert EmergencyCase.objects.get() == case


def test_presses_of_two_people_wait_for_nobody():
    cases = run_at_once([partial(booking.open_emergency, by=make.actor()) for _ in range(PRESSES)]).values
    assert len({case.pk for case in cases}) == EmergencyCase.objects.count() == PRESSES
