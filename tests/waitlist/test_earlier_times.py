"""W10: whoever has a visit is offered nothing that is no earlier than it."""

from datetime import timedelta

import pytest

import booking
from foundation.changes import Changes
from scheduling.choices import CancelReason, Misfit
from scheduling.models import Appointment
from tests import factories as make
from waitlist import matching
from waitlist.fit import nearest_fits, nearest_fits_after_call, nearest_of_use
from waitlist.models import WaitlistEntry
from waitlist.queries import why

pytestmark = pytest.mark.django_db

DAY = 6
"""The visit is so many days ahead, at nine o'clock."""


@pytest.fixture
def service():
    return make.service()


@pytest.fixture
def visit(service):
    return make.appointment(free(service, DAY), service=service)


@pytest.fixture
def entry(visit):
    return make.entry(visit.service.specialty, who=visit.patient)


def free(service, days, starts="09:00"):
    return make.slots_of(make.shift(make.doctor(service), days=days, starts=starts, slots=1))[0]


def offered(slot):
    """Matches a slot and returns the patients it is offered to, with the reasons for which others are passed over."""
    offer = matching.offer_slot(slot=slot.pk)
    waiting = WaitlistEntry.objects.filter(state="waiting").order_by("priority", "arrived_at")
    reasons = [why.reason(entry, slot=slot) for entry in waiting]
    return [offer.patient_id] if offer else [], reasons


@pytest.mark.parametrize(
    ("days", "starts", "fits"),
    [(DAY - 1, "09:00", True), (DAY - 1, "09:30", False), (DAY + 1, "09:00", False), (1, "09:00", True)],
)
def test_only_what_is_a_day_earlier_is_offered(service, entry, days, starts, fits):
    slot = free(service, days, starts)
    assert offered(slot) == (([entry.patient_id], []) if fits else ([], [Misfit.NO_EARLIER]))


def test_the_gain_that_is_asked_is_a_setting(service, entry, settings):
    settings.MIN_GAIN_DAYS = 0
    assert offered(free(service, DAY - 1, "09:30")) == ([entry.patient_id], [])


def test_without_a_gain_a_later_hour_of_the_day_is_no_earlier(service, entry, settings):
    settings.MIN_GAIN_DAYS = 0
    assert [offered(free(service, DAY, hour))[0] for hour in ("10:00", "08:00")] == [[], [entry.patient_id]]


def test_what_is_read_out_is_earlier_too(service, visit, entry):
    earlier, _late, later = (free(service, days) for days in (DAY - 1, DAY, DAY + 1))
    wishes = make.wishes(service.specialty)
    assert [fit.slot.pk for fit in nearest_of_use(wishes, patient=visit.patient)] == [earlier.pk]
    assert [fit.slot.pk for fit in nearest_fits_after_call(entry)] == [earlier.pk]
    assert len(nearest_of_use(wishes, patient=make.patient())) == 3, "the control: nobody else has that visit"
    another = [fit.slot.pk for fit in nearest_fits(wishes, patient=visit.patient)]
    assert another == [earlier.pk, later.pk], "whoever asks for another visit is told of all but the hour of theirs"


def test_the_nearest_of_several_visits_counts(service, visit, entry):
    make.appointment(free(service, DAY + 9), of=visit.patient, service=service)
    assert offered(free(service, DAY + 1)) == ([], [Misfit.NO_EARLIER])
    assert offered(free(service, DAY - 2)) == ([entry.patient_id], [])


@pytest.mark.parametrize("what", ["another service", "another specialty", "cancelled"])
def test_a_visit_that_does_not_meet_the_wish_bounds_nothing(service, visit, what):
    specialty = make.specialty("Трихология", "трихолог") if what == "another specialty" else service.specialty
    wanted = service if what == "cancelled" else make.service(specialty, name="Лазер")
    if what == "cancelled":
        booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=make.TEST)
    later = free(wanted, DAY + 1)
    make.entry(specialty, who=visit.patient, service=wanted)
    assert offered(later) == ([visit.patient_id], [])


def test_a_visit_that_is_over_bounds_nothing(service, visit, entry):
    Appointment.objects.filter(pk=visit.pk).update(
        starts_at=make.moment(-2), ends_at=make.moment(-2) + timedelta(minutes=30)
    )
    assert offered(free(service, DAY + 1)) == ([entry.patient_id], [])


def test_whoever_has_a_visit_is_passed_over_for_the_next(service, entry):
    next_one = make.entry(service.specialty)
    assert offered(free(service, DAY + 1)) == ([next_one.patient_id], [Misfit.NO_EARLIER])


def test_other_wishes_wait_for_a_time_earlier_than_the_visit_that_meets_them(service, visit):
    laser = make.service(service.specialty, name="Лазер")
    make.doctor(laser)
    entry = make.entry(service.specialty, who=visit.patient, service=laser)
    assert entry.earlier_than is None, "the control: the visit is for another service"
    changed = booking.change_wishes(entry=entry.pk, changes=Changes({"service": None}), by=make.TEST)
    assert changed.earlier_than == visit
    assert offered(free(service, DAY + 1)) == ([], [Misfit.NO_EARLIER])
    changed = booking.change_wishes(entry=entry.pk, changes=Changes({"service": laser}), by=make.TEST)
    assert changed.earlier_than is None


def test_a_later_visit_leaves_the_changed_wish_for_an_earlier_time(service, visit):
    laser = make.service(service.specialty, name="Лазер")
    make.doctor(laser)
    entry = make.entry(service.specialty, who=visit.patient, service=laser)
    booking.change_wishes(entry=entry.pk, changes=Changes({"service": None}), by=make.TEST)
    make.appointment(free(service, DAY + 3), of=visit.patient, service=service)
    entry.refresh_from_db()
    assert entry.is_open
