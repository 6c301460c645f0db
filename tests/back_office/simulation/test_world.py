"""The world of the simulation is that of the model."""

from collections import Counter
from datetime import time
from random import Random

import pytest
from django.utils import timezone

from back_office.management.commands.simulate_waitlist import numbers
from back_office.simulation.clinic import Clinic
from back_office.simulation.clock import DAY, HOUR, WEEK, is_open, minute_of, moment, next_open, worked
from back_office.simulation.even import EvenWishes
from back_office.simulation.people import People, share_that_fits
from back_office.simulation.world import LONG, MIDDLE, SHORT, World, cancellations
from scheduling.choices import Misfit
from tests import factories as make
from waitlist.models import SlotOffer, WaitlistEntry
from waitlist.queries import why
from waitlist.wishes import WishData

WEEKS = 8


@pytest.fixture(scope="module")
def drawn():
    return cancellations(World(days=7 * WEEKS, warm_up=0), Random(1))


def test_cancellations_are_as_many_as_the_model_has(drawn):
    assert len(drawn) / (7 * WEEKS * 20 * 16) == pytest.approx(0.157, abs=0.01)


def test_notice_is_mixed_as_in_the_model(drawn):
    of_notice = Counter(each.notice for each in drawn)
    shares = [of_notice[notice] / len(drawn) for notice in (SHORT, MIDDLE, LONG)]
    assert shares == [pytest.approx(share, abs=0.05) for share in (0.30, 0.20, 0.50)]


def test_a_cancellation_has_the_notice_of_its_class(drawn):
    bounds = {SHORT: (2, 24), MIDDLE: (24, 48), LONG: (48, 336)}
    for each in drawn:
        least, most = bounds[each.notice]
        assert least <= (each.starts - each.at) / HOUR <= most


def test_few_cancel_at_night(drawn):
    at_night = sum(not 8 <= each.at % DAY / HOUR < 21 for each in drawn)
    assert 0.05 < at_night / len(drawn) < 0.25


def test_the_same_seed_draws_the_same_times():
    assert cancellations(World(), Random(3)) == cancellations(World(), Random(3))
    assert cancellations(World(), Random(3)) != cancellations(World(), Random(4))


def test_the_minutes_are_those_of_the_clinics_wall():
    assert moment(9 * HOUR).isoformat() == "2027-07-05T06:00:00+00:00"
    assert minute_of(moment(12345.5)) == 12345.5


@pytest.mark.parametrize(
    ("minute", "opens"),
    [(0, 9 * HOUR), (10 * HOUR, 10 * HOUR), (20 * HOUR, DAY + 9 * HOUR), (4 * DAY + 20 * HOUR, 5 * DAY + 10 * HOUR)],
)
def test_calling_begins_again(minute, opens):
    assert next_open(minute) == opens
    assert is_open(opens)


def test_a_week_has_71_hours_of_calling():
    assert worked(WEEK) == 71 * HOUR
    assert worked(2 * WEEK + 10 * HOUR) == (142 + 1) * HOUR


@pytest.mark.parametrize(("text", "expected"), [("3", [3]), ("1..4", [1, 2, 3, 4])])
def test_numbers_of_operators(text, expected):
    assert numbers(text) == expected


@pytest.mark.django_db
def test_a_time_fits_about_three_tenths_of_those_who_wait():
    clinic = Clinic(World(doctors=2, specialties=1, days=1, warm_up=0))
    rows, people = clinic.specialties[0], People(World(), clinic, Random(1))
    for _ in range(60):
        people.join(rows, at=0)
    assert sum(people.fits) / len(people.fits) == pytest.approx(0.30, abs=0.04)
    anything = WishData(specialty=rows.specialty, date_from=moment(0).date())
    none = WishData(specialty=rows.specialty, date_from=moment(0).date(), time_from=time(20), time_until=time(21))
    assert [share_that_fits(wishes, rows) for wishes in (anything, none)] == [1, 0]


def test_even_wishes_are_thrown_for_each_time_and_each_person(db):
    clinic, world = Clinic(World(doctors=2, specialties=1, days=1, warm_up=0)), World(even=True)
    rows, people = clinic.specialties[0], People(world, clinic, Random(1))
    waiting = [people.join(rows, at=0) for _ in range(10)]
    freed = make.slots_of(make.shift(rows.doctors[0], days=3, slots=12))
    EvenWishes(Random(1)).throw(waiting, freed)
    entry = WaitlistEntry.objects.select_related("patient", "representation", "specialty").get(pk=waiting[0].entry)
    entry.date_from = timezone.localdate()  # the simulation begins later
    fitting = [slot for slot in freed if why.reason(entry, slot=slot) != Misfit.ASKED]
    assert SlotOffer.objects.count() / (10 * 12) == pytest.approx(0.7, abs=0.1)
    assert len(fitting) == 12 - SlotOffer.objects.filter(entry=entry).count()
