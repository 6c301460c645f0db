"""The gate: each check refuses what it is for, and the kind of the verb decides whether it is made."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from booking import gate
from booking.gate import CHECKS, Case
from booking.verbs import Kind, verb
from patients.choices import Channel, Relation
from patients.data import PowerData, Seen
from patients.demandable import Demandable
from patients.errors import (
    DocumentsMissing,
    NotForAdult,
    PapersNotShown,
    PowerOfAttorneyInvalid,
    RepresentativeNeeded,
)
from scheduling.actions.appointments.make import Time
from scheduling.errors import (
    AgeNotServed,
    FirstVisitNotByDoctor,
    NoEarlierVisit,
    NotToday,
    PatientBusy,
    ServiceNotOffered,
    TooYoungForSite,
    VisitTooShort,
)
from tests import factories as make

pytestmark = pytest.mark.django_db
POWER = Seen(document=Demandable.POWER_OF_ATTORNEY)


@pytest.fixture
def good():
    """An adult with a passport at the desk, to a doctor who is free."""
    doctor = make.doctor(min_age=5)
    time = Time(
        doctor=doctor,
        room=doctor.room,
        starts_at=make.moment(days=3),
        given=True,
        patient_busy=False,
        now=timezone.now(),
    )
    return Case(
        time=time,
        service=doctor.services.get(),
        patient=make.patient(),
        channel=Channel.REGISTRY,
        seen=[make.PASSPORT],
    )


def at(case, **changed):
    return replace(case, time=replace(case.time, **changed))


REFUSED = {
    gate.channel_allows: (lambda case: replace(case, channel=Channel.DOCTOR), FirstVisitNotByDoctor),
    gate.doctor_gives_service: (lambda case: at(case, given=False), ServiceNotOffered),
    gate.doctor_sees_the_age: (lambda case: replace(case, patient=make.child(years=3)), AgeNotServed),
    gate.earlier_visit_is_completed: (lambda case: replace(case, follow_up_of=make.appointment()), NoEarlierVisit),
    gate.patient_is_free: (lambda case: at(case, patient_busy=True), PatientBusy),
    gate.old_enough_for_the_site: (
        lambda case: replace(case, patient=make.child(years=16), channel=Channel.SITE, seen=()),
        TooYoungForSite,
    ),
    gate.somebody_may_act: (lambda case: replace(case, patient=make.child(years=9)), RepresentativeNeeded),
    gate.papers_were_shown: (lambda case: replace(case, seen=()), DocumentsMissing),
}


HELD = {
    gate.doctor_gives_service: REFUSED[gate.doctor_gives_service],
    gate.doctor_sees_the_age: (lambda case: at(case, doctor=make.doctor(min_age=60)), AgeNotServed),
    gate.somebody_may_act: REFUSED[gate.somebody_may_act],
    gate.power_is_in_force: (lambda case: brought_by_a_nanny(case, days=2), PowerOfAttorneyInvalid),
    gate.it_lasts_long_enough: (lambda case: replace(case, lasts=timedelta(minutes=29)), VisitTooShort),
}
"""What a booked visit has to pass to hold."""


def brought_by_a_nanny(case, days):
    """A child comes with somebody whose power of attorney ends in so many days."""
    child, today = make.child(), timezone.localdate()
    power = PowerData(principal_name="Орлова", signed_on=today, valid_until=today + timedelta(days=days))
    return replace(case, patient=child, representation=make.parent_of(child, Relation.ATTORNEY, power))


def pass_gate(kind, case, **options):
    @verb(kind)
    def passing():
        gate.check(case, **options)

    passing()


RECEIVED = {
    gate.it_is_the_day: (lambda case: at(case, now=case.time.now - timedelta(days=1)), NotToday),
    gate.papers_are_in_order: (lambda case: replace(case, seen=()), PapersNotShown),
}


def on_the_day(case):
    return at(case, now=case.time.starts_at)


def test_every_check_of_a_booked_visit_has_something_that_it_refuses():
    assert list(HELD) == list(gate.HOLDING)


@pytest.mark.parametrize("check", HELD, ids=lambda check: check.__name__)
def test_a_booked_visit_no_longer_holds(good, check):
    spoiled, error = HELD[check]
    assert gate.refusals(good) == []
    assert [type(why) for why in gate.refusals(spoiled(good))] == [error]
    assert gate.refusals(spoiled(good), skip={check}) == []


def test_a_booked_visit_may_have_papers_and_a_channel_that_a_new_one_could_not(good):
    """They were asked once."""
    assert gate.refusals(replace(good, seen=(), channel=Channel.DOCTOR, lasts=timedelta(minutes=30))) == []


def test_what_the_rules_allow_is_let_through(good):
    for kind in CHECKS:
        pass_gate(kind, on_the_day(good))


def test_every_check_has_something_that_it_refuses():
    assert list(REFUSED) == list(CHECKS[Kind.MAKE])
    assert list(RECEIVED) == list(CHECKS[Kind.RECEIVE])


@pytest.mark.parametrize("check", RECEIVED, ids=lambda check: check.__name__)
def test_receiving_refuses(good, check):
    spoiled, error = RECEIVED[check]
    with pytest.raises(error):
        pass_gate(Kind.RECEIVE, spoiled(on_the_day(good)))


def test_who_signs_for_the_papers_signs_for_nothing_else(good):
    bare = replace(on_the_day(good), seen=())
    pass_gate(Kind.RECEIVE, bare, skip=gate.SKIPPED_WHEN_SIGNED_OFF)
    with pytest.raises(NotToday):
        pass_gate(Kind.RECEIVE, at(bare, now=good.time.now), skip=gate.SKIPPED_WHEN_SIGNED_OFF)


@pytest.mark.parametrize("check", REFUSED, ids=lambda check: check.__name__)
def test_refused(good, check):
    spoiled, error = REFUSED[check]
    with pytest.raises(error):
        pass_gate(Kind.MAKE, spoiled(good))


@pytest.mark.parametrize("kind", [Kind.CORRECT, Kind.END])
@pytest.mark.parametrize("check", REFUSED, ids=lambda check: check.__name__)
def test_correcting_and_ending_are_never_refused(good, check, kind):
    spoiled, _error = REFUSED[check]
    pass_gate(kind, spoiled(good))


def test_what_is_left_out_by_name_is_not_asked(good):
    alone = replace(good, patient=make.child(years=9))
    pass_gate(Kind.MAKE, alone, skip=gate.SKIPPED_FOR_FOLLOW_UPS)
    with pytest.raises(ServiceNotOffered):
        pass_gate(Kind.MAKE, at(alone, given=False), skip=gate.SKIPPED_FOR_FOLLOW_UPS)


def test_ages_and_papers_count_on_the_day_of_the_visit(good):
    """The patient is of age on 11 March: until then a representative acts, from then on nobody may."""
    day_before = datetime(2027, 3, 10, 12, tzinfo=timezone.get_current_timezone())
    young = make.patient(birth_date=date(2009, 3, 11))
    mother = make.parent_of(young, Relation.PARENT)
    case = replace(good, patient=young, representation=mother, channel=Channel.PHONE, seen=())
    pass_gate(Kind.MAKE, at(case, starts_at=day_before))
    with pytest.raises(NotForAdult):
        pass_gate(Kind.MAKE, at(case, starts_at=day_before + timedelta(days=1)))


def test_the_doctors_ages_and_the_sites_count_on_the_day_of_the_visit(good):
    """The patient is of age on 11 March 2027: for a doctor of adults, and for the site."""
    day_before = datetime(2027, 3, 10, 12, tzinfo=timezone.get_current_timezone())
    young = replace(good, patient=make.patient(birth_date=date(2009, 3, 11)))
    with time_machine.travel(day_before - timedelta(days=30), tick=False):
        for check, case, error in [
            (gate.doctor_sees_the_age, at(young, doctor=make.doctor(min_age=18)), AgeNotServed),
            (gate.old_enough_for_the_site, replace(young, channel=Channel.SITE), TooYoungForSite),
        ]:
            check(at(case, starts_at=day_before + timedelta(days=1)))
            with pytest.raises(error):
                check(at(case, starts_at=day_before))


def test_a_represented_child_is_not_too_young_for_the_site(good):
    child = make.child()
    gate.old_enough_for_the_site(
        replace(good, patient=child, representation=make.parent_of(child, Relation.PARENT), channel=Channel.SITE)
    )


def test_a_move_asks_whether_the_power_of_attorney_is_in_force_on_the_new_day(good):
    moved = replace(good, moves=True, seen=())
    gate.papers_were_shown(moved)
    gate.papers_were_shown(brought_by_a_nanny(moved, days=3))
    with pytest.raises(PowerOfAttorneyInvalid):
        gate.papers_were_shown(brought_by_a_nanny(moved, days=2))


@pytest.fixture
def follow_up(good):
    """The same patient comes again by phone, after a visit that is over."""
    slot = make.slots_of(make.shift(good.time.doctor, days=1))[0]
    before = make.seen(make.appointment(slot, of=good.patient))
    return replace(good, follow_up_of=before, channel=Channel.PHONE, seen=())


def test_a_follow_up_of_a_visit_that_is_over_is_let_through(follow_up):
    pass_gate(Kind.MAKE, follow_up)


def test_a_follow_up_is_of_the_patients_own_earlier_visit_in_the_specialty(follow_up):
    others = [
        replace(follow_up, patient=make.patient()),
        replace(follow_up, service=make.service(make.specialty("Трихология", "трихолог"))),
        at(follow_up, starts_at=follow_up.follow_up_of.starts_at - timedelta(days=1)),
    ]
    for case in others:
        with pytest.raises(NoEarlierVisit):
            gate.earlier_visit_is_completed(case)


def test_a_power_of_attorney_shown_while_booking_is_in_force_on_the_day_of_the_visit(good):
    shown = replace(good, seen=[make.PASSPORT, make.BIRTH_CERTIFICATE, POWER])
    gate.papers_were_shown(brought_by_a_nanny(shown, days=3))
    with pytest.raises(PowerOfAttorneyInvalid):
        gate.papers_were_shown(brought_by_a_nanny(shown, days=2))
    with pytest.raises(DocumentsMissing):
        gate.papers_were_shown(brought_by_a_nanny(replace(shown, seen=shown.seen[:2]), days=3))


def test_whoever_brings_a_child_has_a_power_of_attorney_in_force_when_it_is_received(good):
    shown = replace(good, seen=[make.PASSPORT, make.BIRTH_CERTIFICATE])
    gate.papers_are_in_order(brought_by_a_nanny(shown, days=3))
    with pytest.raises(PapersNotShown):
        gate.papers_are_in_order(brought_by_a_nanny(shown, days=2))
