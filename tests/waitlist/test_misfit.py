"""Why a start does not fit whoever waits: the first wish that is not met (R23)."""

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from scheduling.choices import Misfit
from scheduling.queries.fit import Start
from tests import factories as make
from waitlist.fit import misfit, nearest_fits, nearest_fits_after_call
from waitlist.models import WaitlistEntry
from waitlist.ranking.search import WaitingEntry
from waitlist.ranking.services import GivenService, gives, service_for, with_first

SPECIALTY, OTHER = uuid4(), uuid4()
DOCTOR = SimpleNamespace(pk=uuid4(), min_age=0, max_age=150)
LONG, SHORT, FOREIGN = with_first(
    [
        GivenService(id=uuid4(), specialty_id=SPECIALTY, minutes=60),
        GivenService(id=uuid4(), specialty_id=SPECIALTY, minutes=30),
        GivenService(id=uuid4(), specialty_id=OTHER, minutes=15),
    ]
)
MONDAY = date(2027, 3, 1)
TEN = datetime(2027, 3, 1, 10, tzinfo=UTC)
START = Start.of(TEN, doctor=DOCTOR, now=TEN - timedelta(hours=2), zone="UTC")


def waiting(**wishes):
    columns = {
        "id": uuid4(),
        "patient_id": uuid4(),
        "specialty_id": SPECIALTY,
        "service_id": None,
        "doctor_ids": [],
        "not_doctor_ids": [],
        "date_from": MONDAY,
        "date_until": None,
        "weekdays": [],
        "time_from": time.min,
        "time_until": time.max,
        "notice_minutes": 60,
        "birth_date": date(1990, 5, 17),
        "not_before": None,
        "priority": "2normal",
        "arrived_at": TEN,
    }
    return WaitingEntry(**columns | wishes)


@pytest.mark.parametrize(
    ("wishes", "reason"),
    [
        ({}, None),
        ({"date_from": date(2027, 3, 2)}, Misfit.DAYS),
        ({"weekdays": [2]}, Misfit.WEEKDAY),
        ({"time_until": time(10, 29)}, Misfit.HOURS),
        ({"doctor_ids": [uuid4()]}, Misfit.DOCTOR),
        ({"not_doctor_ids": [DOCTOR.pk]}, Misfit.DOCTOR),
        ({"notice_minutes": 121}, Misfit.NOTICE),
        ({"not_before": TEN}, Misfit.PUT_OFF),
        ({"birth_date": date(1876, 1, 1)}, Misfit.AGE),
        ({"service_id": uuid4()}, Misfit.SERVICE),
        ({"specialty_id": OTHER}, Misfit.SERVICE),
        ({"weekdays": [2], "notice_minutes": 121, "service_id": uuid4()}, Misfit.WEEKDAY),
    ],
)
def test_the_first_wish_that_is_not_met_is_the_reason(wishes, reason):
    assert misfit(waiting(**wishes), start=START, services=[LONG, SHORT]) == reason


def test_w16_the_first_appointment_has_to_be_over_in_time_and_nothing_shorter_stands_for_it():
    until_half_past = waiting(time_until=time(10, 30))
    assert misfit(until_half_past, start=START, services=[LONG, SHORT, FOREIGN]) == Misfit.HOURS
    assert misfit(waiting(), start=START, services=[SHORT, FOREIGN]) == Misfit.SERVICE
    asked_for_it = waiting(time_until=time(10, 30), service_id=SHORT.id)
    assert misfit(asked_for_it, start=START, services=[LONG, SHORT, FOREIGN]) is None


@pytest.mark.parametrize(
    ("wanted", "given"),
    [({}, [LONG]), ({"service_id": LONG.id}, [LONG]), ({"specialty_id": OTHER}, [FOREIGN])],
    ids=["the first appointment of the specialty", "the one asked for", "another specialty"],
)
def test_the_services_that_a_person_takes(wanted, given):
    entry = waiting(**wanted)
    assert [service for service in (FOREIGN, SHORT, LONG) if gives(service, entry)] == sorted(
        given, key=[FOREIGN, SHORT, LONG].index
    )
    assert service_for(entry, [FOREIGN, SHORT, LONG]) == given[0]


@pytest.mark.django_db
def test_notice_counts_for_whoever_has_to_be_phoned_first_and_age_for_both():
    service = make.service()
    make.doctor(make.service(service.specialty, name="Удаление"))  # gives another one
    soon, later = (make.slots_of(make.shift(make.doctor(service), days=days, slots=1))[0] for days in (1, 9))
    for days in (2, 8):
        make.shift(make.doctor(service, min_age=60), days=days, slots=1)
        make.shift(make.doctor(make.service(make.specialty("Трихология", "трихолог"))), days=days, slots=1)
    wishes = make.wishes(service.specialty, notice_minutes=5 * 24 * 60)
    entry = make.entry(service.specialty, notice_minutes=5 * 24 * 60)
    assert starts(nearest_fits(wishes, patient=entry.patient)) == [soon.pk, later.pk]
    assert starts(nearest_fits(wishes, patient=entry.patient, limit=1)) == [soon.pk]
    assert starts(nearest_fits_after_call(entry)) == [later.pk]
    WaitlistEntry.objects.filter(pk=entry.pk).update(not_before=later.starts_at)
    entry.refresh_from_db()
    assert starts(nearest_fits_after_call(entry)) == []


@pytest.mark.django_db
def test_of_a_named_service_only_its_own_times_fit():
    service = make.service()
    other = make.service(service.specialty, name="Удаление")
    mine, _others = (make.slots_of(make.shift(make.doctor(one), days=1, slots=1))[0] for one in (service, other))
    patient = make.patient()
    assert starts(nearest_fits(make.wishes(service.specialty, service=service), patient=patient)) == [mine.pk]
    assert len(nearest_fits(make.wishes(service.specialty), patient=patient)) == 2
    other.active = False
    other.save(update_fields=["active"])
    assert starts(nearest_fits(make.wishes(service.specialty), patient=patient)) == [mine.pk]


def starts(fits):
    return [fit.slot.pk for fit in fits]
