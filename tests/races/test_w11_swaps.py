"""W11: an earlier time is accepted while somebody else changes the visit that is to be given up."""

import threading

import pytest
from django.db import transaction

import booking
from booking import new_time
from foundation.accounts.choices import Role
from scheduling.choices import CancelReason
from scheduling.errors import AlreadyBooked
from scheduling.models import Appointment, Slot
from tests import factories as make
from tests import phoning
from tests.races.harness import overlaps, run_at_once
from waitlist import matching
from waitlist.choices import UNANSWERED
from waitlist.errors import OfferGone
from waitlist.models import SlotOffer

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


class World:
    """A patient with a visit in nine days whom an operator phones about a time in three days."""

    def __init__(self):
        self.service, self.operator = make.service(), make.actor(Role.OPERATOR)
        self.visit = make.appointment(self.free(9))
        make.entry(self.service.specialty, who=self.visit.patient)
        self.earlier = self.free(3)
        matching.offer_slot(slot=self.earlier.pk)
        self.offer = phoning.claim(offer=SlotOffer.objects.get().pk, by=self.operator)

    def free(self, days):
        return make.slots_of(make.shift(make.doctor(self.service), days=days, slots=1))[0]

    def accept(self):
        return booking.from_offer(offer=self.offer.pk, by=self.operator, unless_booked=True)

    def ahead(self):
        return list(Appointment.objects.filter(status="booked").order_by("starts_at"))


@pytest.fixture
def world():
    return World()


def while_it_is_changed(world, change):
    """Accepts the time while the visit is being changed: locked, and committed only when the yes has begun."""
    changed, accepting = threading.Event(), threading.Event()
    real = new_time.locked

    def locked(visit):
        accepting.set()
        return real(visit)

    @transaction.atomic
    def change_slowly():
        change()
        changed.set()
        assert accepting.wait(30)

    def accept():
        assert changed.wait(30)
        return world.accept()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(new_time, "locked", locked)
        return run_at_once([change_slowly, accept])


def cancel(world):
    booking.cancel(appointment=world.visit.pk, reason=CancelReason.PATIENT, by=make.TEST)


def move(world, days):
    booking.move(appointment=world.visit.pk, to_slot=world.free(days).pk, by=make.TEST)


def test_a_visit_that_is_cancelled_meanwhile_is_not_moved(world):
    while_it_is_changed(world, lambda: cancel(world))
    (visit,) = world.ahead()
    assert (visit.starts_at, visit.pk == world.visit.pk) == (world.earlier.starts_at, False)


def test_a_visit_that_is_moved_further_meanwhile_is_moved_from_there(world):
    result = while_it_is_changed(world, lambda: move(world, 12))
    (visit,) = world.ahead()
    assert (visit.pk, visit.starts_at) == (world.visit.pk, world.earlier.starts_at)
    assert not result.refusals
    assert Slot.objects.exclude(appointment=None).count() == 1


def test_a_visit_that_is_moved_before_the_offer_meanwhile_stays_there(world):
    """The move has ended the wish: there is nothing to accept any more."""
    result = while_it_is_changed(world, lambda: move(world, 1))
    (visit,) = world.ahead()
    assert (visit.pk, visit.starts_at < world.earlier.starts_at) == (world.visit.pk, True)
    assert result.refused_with() <= {OfferGone, AlreadyBooked}
    assert result.refusals


def test_two_presses_and_two_operators_make_one_visit(world):
    other = make.actor(Role.OPERATOR)
    entry = world.offer.entry_id

    def from_entry():
        return booking.from_entry(
            entry=entry, slot=world.earlier.pk, service=world.service, by=other, key="other", unless_booked=True
        )

    run_at_once([world.accept, from_entry] * 4)
    (visit,) = world.ahead()
    assert (visit.pk, visit.starts_at) == (world.visit.pk, world.earlier.starts_at)
    assert overlaps() == {"doctor": 0, "room": 0, "patient": 0}
    assert not SlotOffer.objects.filter(state__in=UNANSWERED).exists()


def test_control_without_a_look_after_the_lock_a_cancelled_visit_refuses_the_yes(world, monkeypatch):
    """The visit that was found before the lock is taken for what it was."""
    monkeypatch.setattr(new_time, "lock_later", lambda entry, *, slot, service: stale)
    stale = Appointment.objects.get(pk=world.visit.pk)
    cancel(world)
    result = run_at_once([world.accept])
    assert (len(result.values), len(result.refusals)) == (0, 1)
