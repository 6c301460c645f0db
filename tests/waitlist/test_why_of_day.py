"""Why a person is phoned or not about each time of a day, read at once for all of them (R23, T84)."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.choices import Role
from patients.choices import ContactWay
from scheduling.choices import Misfit
from scheduling.models import Slot
from tests import factories as make
from waitlist import matching
from waitlist.models import WaitlistEntry
from waitlist.queries import why

pytestmark = pytest.mark.django_db
DAYS = 3
STATEMENTS = 10


@pytest.fixture
def service():
    return make.service(minutes=60)


@pytest.fixture
def slots(service):
    """Six half hours of two doctors: the last one of each is too short for the hour of the service."""
    shifts = [make.shift(make.doctor(service), days=DAYS, starts=starts, slots=3) for starts in ("10:00", "15:00")]
    return [slot for shift in shifts for slot in make.slots_of(shift)]


def day():
    return timezone.localdate() + timedelta(days=DAYS)


def told(entry):
    return {answer.slot.pk: answer.reason for answer in why.of_day(entry, day=day())}


def one_by_one(entry, slots):
    rows = Slot.objects.select_related("doctor", "shift__room__location").in_bulk([slot.pk for slot in slots])
    return {slot.pk: why.reason(entry, slot=rows[slot.pk]) for slot in slots}


def asked(entry, slot):
    """Has the person decline a time."""
    entry.declined = [slot.pk]
    entry.save(update_fields=["declined"])


def busy(entry, slot):
    """Gives the person a visit of another specialty that begins with this slot."""
    other = make.slots_of(make.shift(make.doctor(), days=DAYS, starts=f"{slot.local_start:%H:%M}", slots=1))[0]
    make.appointment(other, of=entry.patient)


def test_of_times_in_which_a_service_fits_each_has_its_reason(service, slots):
    entry = make.entry(service.specialty, time_from=time(12))
    morning, afternoon = [slots[0].pk, slots[1].pk], [slots[3].pk, slots[4].pk]
    assert told(entry) == dict.fromkeys(morning, Misfit.HOURS) | dict.fromkeys(afternoon)


@pytest.mark.parametrize("happens", [asked, busy])
def test_it_answers_as_it_does_about_one_time(service, slots, happens):
    entry = make.entry(service.specialty)
    happens(entry, slots[0])
    there = [slots[0], slots[1], slots[3], slots[4]]
    assert told(entry) == one_by_one(entry, there)
    assert told(entry)[slots[0].pk] is not None
    assert told(entry)[slots[3].pk] is None


@pytest.mark.parametrize(
    ("columns", "way", "reason"),
    [
        ({"state": "unreachable"}, "", Misfit.NO_NUMBER),
        ({"not_before": timezone.now() + timedelta(days=30)}, "", Misfit.PUT_OFF),
        ({}, ContactWay.WRITING, Misfit.WRITES),
    ],
)
def test_whoever_cannot_be_phoned_is_told_of_so_for_every_time(service, slots, columns, way, reason):
    entry = make.entry(service.specialty, who=make.patient(contact_way=way))
    WaitlistEntry.objects.filter(pk=entry.pk).update(**columns)
    entry.refresh_from_db()
    assert set(told(entry).values()) == {reason}


def test_a_booked_time_is_none_and_a_kept_one_is_told_of(service, slots):
    entry = make.entry(service.specialty)
    make.appointment(slots[0], service=service)
    kept = matching.offer_slot(slot=slots[3].pk)
    assert slots[0].pk not in told(entry)
    assert kept.entry_id == entry.pk
    entry.refresh_from_db()
    assert set(told(entry).values()) == {Misfit.OFFERED}


def test_the_first_day_is_the_first_with_a_free_time(service, slots):
    entry = make.entry(service.specialty)
    make.shift(make.doctor(service), days=DAYS + 4, slots=2)
    assert why.first_day(entry) == day()
    Slot.objects.filter(pk__in=[slot.pk for slot in slots]).delete()
    assert why.first_day(entry) == day() + timedelta(days=4)
    Slot.objects.all().delete()
    assert why.first_day(entry) is None


@pytest.mark.parametrize("doctors", [1, 5])
def test_many_times_cost_as_many_statements_as_one(service, doctors):
    for number in range(doctors):
        make.shift(make.doctor(service), days=DAYS, slots=2 + 2 * number)
    entry = make.entry(service.specialty)
    with CaptureQueriesContext(connection) as asked_for:
        assert told(entry)
    assert len(asked_for) <= STATEMENTS


def test_the_page_answers_for_a_day_and_for_who_stands_before(service, slots, sign_in):
    first = make.entry(service.specialty, who=make.patient(last_name="Ранняя"), time_from=time(12))
    entry = make.entry(service.specialty)
    page = reverse("office:entry_why", args=[entry.pk])
    client = sign_in(Role.REGISTRAR)
    words = client.get(page).content.decode()
    assert "об этом можно позвонить" in words
    assert "Ранняя" not in words
    words = client.get(page, {"day": f"{day():%d.%m.%Y}", "slot": slots[0].pk}).content.decode()
    assert first.patient.full_name in words
    assert str(Misfit.HOURS.label) in words


@pytest.mark.parametrize(
    ("asked_for", "status"), [({"day": "завтрак"}, 422), ({"slot": "x"}, 200), ({"day": "1.1.30"}, 200)]
)
def test_what_is_typed_wrongly_is_told(service, slots, sign_in, asked_for, status):
    page = reverse("office:entry_why", args=[make.entry(service.specialty).pk])
    answer = sign_in(Role.OPERATOR).get(page, asked_for)
    assert answer.status_code == status
    assert ("завтрак" in answer.content.decode()) == (status == 422)


def test_nothing_free_at_all_is_told(service, sign_in):
    page = reverse("office:entry_why", args=[make.entry(service.specialty).pk])
    assert "Ни на один опубликованный день" in sign_in(Role.HEAD).get(page).content.decode()
