"""Rules on which visits the clinic allows: by channel, by age on the day of the visit, by earlier visits."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest

from patients.choices import Channel
from patients.models import Patient
from scheduling import eligibility
from scheduling.choices import AppointmentStatus, VisitKind
from scheduling.errors import AgeNotServed, FirstVisitNotByDoctor, FollowUpNotOnSite, NoEarlierVisit, TooYoungForSite
from scheduling.models import Appointment, Doctor, Service

DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 9, tzinfo=UTC)


def refusal(check, *facts, **named):
    try:
        check(*facts, **named)
    except (AgeNotServed, FirstVisitNotByDoctor, FollowUpNotOnSite, NoEarlierVisit, TooYoungForSite) as refused:
        return type(refused)
    return None


REFUSED = {
    (Channel.SITE, VisitKind.FOLLOW_UP): FollowUpNotOnSite,
    (Channel.DOCTOR, VisitKind.FIRST): FirstVisitNotByDoctor,
}


@pytest.mark.parametrize(("channel", "kind"), list(product(Channel, VisitKind)))
def test_r18_two_channels_have_one_kind_each(channel, kind):
    assert refusal(eligibility.check_channel, channel, kind) == REFUSED.get((channel, kind))


@pytest.mark.parametrize(
    ("birth_date", "served"),
    [
        (date(2021, 11, 24), False),  # four years old for one more day
        (date(2021, 11, 23), True),  # five today
        (date(2008, 11, 24), True),  # seventeen for one more day
        (date(2008, 11, 23), False),  # eighteen today
    ],
)
def test_a_doctor_sees_whole_years_from_and_to(birth_date, served):
    doctor = Doctor(min_age=5, max_age=17)
    case = {"birth_date": birth_date, "doctor": doctor, "day": DAY}
    assert refusal(eligibility.check_doctors_ages, **case) == (None if served else AgeNotServed)


@pytest.mark.parametrize(
    ("birth_date", "alone"),
    [
        (date(2008, 11, 23), None),
        (date(2008, 11, 24), TooYoungForSite),
        (date(2011, 11, 23), TooYoungForSite),
        (date(2024, 2, 29), TooYoungForSite),
    ],
)
def test_t26_on_the_site_people_of_age_book_for_themselves(birth_date, alone):
    case = {"birth_date": birth_date, "day": DAY}
    assert refusal(eligibility.check_age_for_site, **case, represented=False) == alone
    assert refusal(eligibility.check_age_for_site, **case, represented=True) is None


@pytest.mark.parametrize(("age", "refused"), [(18, TooYoungForSite), (17, None)])
def test_the_age_of_the_site_is_a_setting(settings, age, refused):
    settings.SELF_BOOKING_AGE = age
    case = {"birth_date": date(2009, 1, 1), "day": DAY, "represented": False}
    assert refusal(eligibility.check_age_for_site, **case) == refused


def test_who_is_born_on_29_february_is_of_age_on_1_march():
    case = {"birth_date": date(2008, 2, 29), "represented": False}
    days = [date(2026, 2, 28), date(2026, 3, 1)]
    asked = [refusal(eligibility.check_age_for_site, **case, day=day) for day in days]
    assert asked == [TooYoungForSite, None]


PATIENT, SPECIALTY = uuid4(), uuid4()


def earlier(*, patient=PATIENT, status=AppointmentStatus.FULFILLED, specialty=SPECIALTY, before=timedelta(days=1)):
    service = Service(specialty_id=specialty)
    return Appointment(patient_id=patient, status=status, service=service, starts_at=NOON - before)


CASES = [
    ("completed", earlier(), None),
    ("a moment ago", earlier(before=timedelta(microseconds=1)), None),
    ("nothing", None, NoEarlierVisit),
    ("of somebody else", earlier(patient=uuid4()), NoEarlierVisit),
    ("of another specialty", earlier(specialty=uuid4()), NoEarlierVisit),
    ("at the same moment", earlier(before=timedelta(0)), NoEarlierVisit),
    ("later", earlier(before=-timedelta(days=1)), NoEarlierVisit),
    *(
        (status.value, earlier(status=status), NoEarlierVisit)
        for status in AppointmentStatus
        if status != AppointmentStatus.FULFILLED
    ),
]


@pytest.mark.parametrize(("visit", "refused"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_follow_up_names_an_earlier_completed_visit_of_this_patient(visit, refused):
    about = {"patient": Patient(pk=PATIENT), "service": Service(specialty_id=SPECIALTY), "starts_at": NOON}
    assert refusal(eligibility.check_follow_up, VisitKind.FOLLOW_UP, visit, **about) == refused
    assert refusal(eligibility.check_follow_up, VisitKind.FIRST, visit, **about) is None
