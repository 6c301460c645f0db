"""Ages and powers of attorney count on the day that the wall of the visit's location shows, by every verb."""

from datetime import timedelta

import pytest
from django.utils import timezone

import booking
from foundation.changes import Changes
from foundation.clock import day_of
from patients.choices import Channel, Relation
from patients.data import PowerData
from patients.errors import PowerOfAttorneyInvalid, RepresentativeNeeded
from scheduling.actions.appointments.make import Time
from scheduling.errors import AgeNotServed, TooYoungForSite
from scheduling.models import Doctor
from tests import factories as make
from tests.booking.t91.making import WAYS
from tests.booking.t91.world import World
from tests.booking.walls.conftest import HERE, late, outcome, wall_day
from waitlist.models import WaitlistRequest

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WITH_PAPERS = ["at_desk", "move", "overbook", "reinstate"]
WITHOUT_PAPERS = ["by_phone", "from_entry", "from_offer", "move", "reinstate"]


def is_born(world, years, *, late):
    """The patient comes to so many years on the day of the visit, or so many days late for it. Returns what broke."""
    birth = make.born(years, on=wall_day(world.slot) + late * DAY)
    return booking.correct_patient(patient=world.patient, changes=Changes({"birth_date": birth}), by=make.TEST)


def with_a_doctor_of_adults(way, late):
    world = World()
    make_visit = WAYS[way](world)
    is_born(world, 18, late=late)
    WaitlistRequest.objects.update(birth_date=world.patient.birth_date)  # a visitor has typed it so
    Doctor.objects.filter(pk=world.doctor.pk).update(min_age=18)
    return make_visit


@late
@pytest.mark.parametrize("way", WAYS)
def test_the_doctors_ages_count_there(way, late):
    made = outcome(with_a_doctor_of_adults(way, late))
    assert (made == AgeNotServed) if late else (made.status == "booked")


@pytest.mark.parametrize("way", WAYS)
def test_control_the_clinics_own_day_is_noticed(monkeypatch, settings, way):
    """It comes a day later than that of the wall behind it, and lets people in too early; or the other way round."""
    too_early = settings.TIME_ZONE == HERE
    make_visit = with_a_doctor_of_adults(way, int(too_early))
    monkeypatch.setattr(Time, "day", property(lambda time: day_of(time.starts_at)))
    assert (outcome(make_visit) == AgeNotServed) is not too_early


@late
@pytest.mark.parametrize("way", sorted({*WITH_PAPERS, *WITHOUT_PAPERS}))
def test_t81_at_fourteen_there_a_person_comes_alone(way, late):
    world = World()
    make_visit = WAYS[way](world)
    is_born(world, 14, late=late)
    made = outcome(make_visit)
    assert (made == RepresentativeNeeded) if late else (made.representation is None)


@late
def test_at_eighteen_there_a_person_books_on_the_site(late):
    world = World()
    is_born(world, 18, late=late)
    made = outcome(WAYS["on_site"](world))
    assert (made == TooYoungForSite) if late else (made.channel == Channel.SITE)


@late
@pytest.mark.parametrize("way", WITHOUT_PAPERS)
def test_t81_at_eighteen_there_whoever_acted_falls_away(way, late):
    world = World("child")
    make_visit = WAYS[way](world)
    is_born(world, 18, late=late)
    assert outcome(make_visit).representation == (world.who if late else None)


@late
@pytest.mark.parametrize("way", WITH_PAPERS)
def test_t81_a_power_of_attorney_is_in_force_there(way, late):
    world = World("nannied")
    make_visit = WAYS[way](world)
    last = wall_day(world.slot) - late * DAY
    power = PowerData(principal_name="Орлова", signed_on=timezone.localdate(), valid_until=last)
    booking.represent(patient=world.patient, who=make.representative(Relation.ATTORNEY), power=power, by=make.TEST)
    made = outcome(make_visit)
    assert (made == PowerOfAttorneyInvalid) if late else (made.representation == world.who)


@late
def test_a_booked_visit_is_judged_again_there(late):
    world = World()
    WAYS["by_phone"](world)()
    broken = is_born(world, 14, late=late)
    assert [type(why) for each in broken for why in each.refusals] == [RepresentativeNeeded] * late
