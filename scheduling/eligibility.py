"""Rules on which visits the clinic allows: by channel, age and earlier visits; each raises an error of its own."""

from datetime import date, datetime

from django.conf import settings

from patients.ages import age_on
from patients.choices import Channel
from patients.models import Patient
from scheduling.choices import AppointmentStatus, VisitKind
from scheduling.errors import (
    AgeNotServed,
    FirstVisitNotByDoctor,
    FollowUpNotOnSite,
    NoEarlierVisit,
    TooYoungForSite,
)
from scheduling.models import Appointment, Doctor, Service
from scheduling.queries.read_models import ShownDoctor


def check_channel(channel: Channel, visit_kind: VisitKind) -> None:
    """Checks that follow-ups are booked by three roles, never on the site, and from a visit only follow-ups (R18).

    Raises FollowUpNotOnSite, FirstVisitNotByDoctor.
    """
    if channel == Channel.SITE and visit_kind != VisitKind.FIRST:
        raise FollowUpNotOnSite
    if channel == Channel.DOCTOR and visit_kind != VisitKind.FOLLOW_UP:
        raise FirstVisitNotByDoctor


def sees_age(doctor: Doctor | ShownDoctor, birth_date: date, day: date) -> bool:
    """Tells whether the doctor sees patients of this age, counted on the day of the visit."""
    return doctor.min_age <= age_on(birth_date, day) <= doctor.max_age


def check_doctors_ages(*, birth_date: date, doctor: Doctor | ShownDoctor, day: date) -> None:
    """Checks that the doctor sees patients of this age, counted on the day of the visit.

    Raises AgeNotServed.
    """
    if not sees_age(doctor, birth_date, day):
        raise AgeNotServed


def check_age_for_site(*, birth_date: date, day: date, represented: bool) -> None:
    """Checks that a person who books for themselves on the site is `SELF_BOOKING_AGE` on the day of the visit.

    Raises TooYoungForSite.
    """
    if not represented and age_on(birth_date, day) < settings.SELF_BOOKING_AGE:
        raise TooYoungForSite


def check_follow_up(
    visit_kind: VisitKind, earlier: Appointment | None, *, patient: Patient, service: Service, starts_at: datetime
) -> None:
    """Checks that a follow-up names an earlier completed visit of the same patient to the same specialty.

    Raises NoEarlierVisit.
    """
    if visit_kind != VisitKind.FOLLOW_UP:
        return
    fits = (
        earlier is not None
        and earlier.patient_id == patient.pk
        and earlier.status == AppointmentStatus.FULFILLED
        and earlier.service.specialty_id == service.specialty_id
        and earlier.starts_at < starts_at
    )
    if not fits:
        raise NoEarlierVisit
