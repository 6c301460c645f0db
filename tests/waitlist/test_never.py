"""W15: what no wait can bring is said at once, with the way that leads on."""

from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.changes import Changes
from patients.choices import Channel
from scheduling.choices import Misfit
from scheduling.models import Doctor, ShiftRule
from tests import factories as make
from waitlist import never, wishes
from waitlist.actions import entries, requests
from waitlist.errors import NeverFits
from waitlist.models import WaitlistEntry, WaitlistRequest
from waitlist.queries import entries as waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def skin():
    """Dermatology, with a doctor from 14 and one from 18 on, who work on Mondays and Tuesdays."""
    service = make.service(minutes=30)
    for weekday, age in ((1, 14), (2, 18)):
        rule(make.doctor(service, min_age=age), weekday=weekday, starts=time(9), ends=time(15))
    return service


def rule(doctor, **columns):
    given = {"room": doctor.room, "valid_from": timezone.localdate() - timedelta(days=90)} | columns
    return ShiftRule.objects.create(doctor=doctor, **given)


def in_specialty(name, **ages):
    specialty = make.specialty(name)
    make.doctor(make.service(specialty), **ages)
    return specialty


def refusal(wished, years=30):
    error = never.why(wished, birth_date=make.person(years=years).birth_date)
    return error and (error.misfit, [way.name for way in error.ways])


def test_a_child_of_seven_is_led_to_the_doctors_of_children(skin):
    for name, ages in (
        ("Аллергология и иммунология", {"min_age": 5}),
        ("Детская дерматология", {"max_age": 17}),
        ("Косметология", {"min_age": 18}),
    ):
        in_specialty(name, **ages)
    child = make.child(7)
    with pytest.raises(NeverFits) as refused:
        entries.join(patient=child, wishes=make.wishes(skin.specialty), by=make.TEST)
    assert [way.name for way in refused.value.ways] == ["Детская дерматология", "Аллергология и иммунология"]
    assert "«Детская дерматология», «Аллергология и иммунология»" in str(refused.value)
    assert not WaitlistEntry.objects.exists()


def test_a_child_who_comes_of_age_within_the_wished_days_may_wait(skin):
    today = timezone.localdate()
    soon = make.born(14, on=today + timedelta(days=30))
    open_ended = make.wishes(skin.specialty)
    assert never.why(open_ended, birth_date=soon) is None
    until = make.wishes(skin.specialty, date_until=today + timedelta(days=29))
    assert never.why(until, birth_date=soon).misfit == Misfit.AGE
    assert never.why(open_ended, birth_date=make.born(14, on=today + timedelta(days=90))).misfit == Misfit.AGE


@pytest.mark.parametrize(
    ("wished", "expected"),
    [
        ({}, None),
        ({"weekdays": (2,)}, None),
        ({"weekdays": (3, 4, 5)}, Misfit.WEEKDAY),
        ({"time_from": time(14, 30)}, None),
        ({"time_from": time(14, 31)}, Misfit.HOURS),
        ({"time_until": time(9, 29)}, Misfit.HOURS),
        ({"time_from": time(15), "weekdays": (3,)}, Misfit.WEEKDAY),
    ],
)
def test_somebody_has_to_work_on_a_wished_day_in_the_wished_hours(skin, wished, expected):
    found = refusal(make.wishes(skin.specialty, **wished))
    assert found == (expected and (expected, []))


def test_the_hours_are_of_doctors_who_see_the_age(skin):
    assert refusal(make.wishes(skin.specialty, weekdays=(2,)), years=15) == (Misfit.WEEKDAY, [])
    assert refusal(make.wishes(skin.specialty, weekdays=(1,)), years=15) is None


def test_a_rule_of_days_that_are_not_wished_is_none(skin):
    today = timezone.localdate()
    ShiftRule.objects.update(valid_until=today + timedelta(days=6))
    assert refusal(make.wishes(skin.specialty, date_from=today + timedelta(days=7))) is None, "nothing is known of then"
    later = make.doctor(skin)
    rule(later, weekday=3, starts=time(9), ends=time(15), valid_from=today + timedelta(days=14))
    wished = {"date_from": today + timedelta(days=7), "date_until": today + timedelta(days=20)}
    assert refusal(make.wishes(skin.specialty, weekdays=(1, 2), **wished)) == (Misfit.WEEKDAY, [])
    assert refusal(make.wishes(skin.specialty, weekdays=(3,), **wished)) is None


def test_a_published_day_counts_whatever_the_rules_say(skin):
    shift = make.shift(make.doctor(skin), days=3, starts="18:00", slots=2)
    wished = {"weekdays": (shift.date.isoweekday(),), "time_from": time(18)}
    assert refusal(make.wishes(skin.specialty, **wished)) is None
    assert refusal(make.wishes(skin.specialty, **wished | {"time_from": time(18, 31)})) == (Misfit.HOURS, [])


def test_nobody_gives_the_service_and_no_chosen_doctor_does(skin):
    laser = make.service(skin.specialty, name="Лазер")
    other = make.doctor(laser)
    assert refusal(make.wishes(skin.specialty, service=laser, doctor_ids=(other.pk,))) is None
    assert refusal(make.wishes(skin.specialty, service=skin, doctor_ids=(other.pk,))) == (Misfit.DOCTOR, [])
    other.active = False
    other.save(update_fields=["active"])
    assert refusal(make.wishes(skin.specialty, service=laser)) == (Misfit.SERVICE, [])


def test_days_that_are_over_are_asked_for_again(skin):
    yesterday = timezone.localdate() - timedelta(days=1)
    over = make.wishes(skin.specialty, date_from=yesterday - timedelta(days=5), date_until=yesterday)
    assert refusal(over) == (Misfit.DAYS, [])


def test_where_no_hours_are_known_anybody_may_wait():
    assert refusal(make.wishes(make.specialty())) is None
    service = make.service()
    make.doctor(service)
    assert refusal(make.wishes(service.specialty, weekdays=(7,), time_from=time(22))) is None


def test_a_request_is_refused_where_it_is_made_and_where_it_is_entered(skin):
    child, adult = make.person(child=True, years=7), make.person(years=30)
    given = {"wishes": make.wishes(skin.specialty), "channel": Channel.SITE, "by": make.TEST}
    with pytest.raises(NeverFits):
        requests.hand_over(person=child, **given)
    made = requests.hand_over(person=adult, **given)
    WaitlistRequest.objects.update(birth_date=child.birth_date)
    with pytest.raises(NeverFits):
        requests.enter(request=made.pk, by=make.TEST)


def test_wishes_are_not_changed_to_what_never_fits(skin):
    entry = make.entry(skin.specialty)
    sundays = make.wishes(skin.specialty, weekdays=(7,))
    with pytest.raises(NeverFits):
        entries.change(entry=entry.pk, changes=Changes(sundays.columns()), by=make.TEST)
    note = make.wishes(skin.specialty, note="утром")
    assert entries.change(entry=entry.pk, changes=Changes(note.columns()), by=make.TEST).note == "утром"


def test_while_something_is_free_nobody_is_told_that_nothing_fits(skin):
    make.shift(make.doctor(skin), days=1)
    entry = entries.join(patient=make.patient(), wishes=make.wishes(skin.specialty), by=make.TEST, none_suits=True)
    assert entry.sought_until


def unfitting_entries(specialty):
    """Returns entries whose wishes were possible once, one for each reason for which nothing fits now."""
    yesterday = timezone.localdate() - timedelta(days=1)
    of_adults = Doctor.objects.get(min_age=18, services__specialty=specialty)
    elsewhere, laser = make.doctor(make.service()), make.service(specialty, name=f"Лазер {uuid4()}")
    wished = (
        {"who": make.child(15), "doctor_ids": (of_adults.pk,)},
        {"weekdays": (3,)},
        {"time_from": time(14, 31)},
        {"date_from": yesterday, "date_until": yesterday},
        {"doctor_ids": (elsewhere.pk,)},
        {"service": laser},
    )
    return [make.entry_of_before(specialty, **columns) for columns in wished]


def test_those_of_the_list_that_nothing_fits_are_found_as_each_alone_would_be(skin):
    fitting = [make.entry(skin.specialty), make.entry(skin.specialty, service=skin, weekdays=(2,))]
    listed = [*unfitting_entries(skin.specialty), *fitting]
    found = never.among(listed)
    alone = {entry.pk: never.why(wishes.of(entry), birth_date=entry.birth_date) for entry in listed}
    assert found == {entry: error.misfit for entry, error in alone.items() if error}
    assert [found.get(entry.pk) for entry in listed] == [
        *(Misfit.AGE, Misfit.WEEKDAY, Misfit.HOURS, Misfit.DAYS, Misfit.DOCTOR, Misfit.SERVICE),
        *(None, None),
    ]


def test_a_whole_list_is_looked_through_by_as_many_statements_as_a_part(skin, django_assert_num_queries):
    for number in range(3):
        unfitting_entries(skin.specialty)
        make.entry(in_specialty(f"Специальность {number}"), weekdays=(3,))
    listed = waiting.open_entries()
    with CaptureQueriesContext(connection) as few:
        never.among(listed.filter(specialty=skin.specialty)[:6])
    with django_assert_num_queries(len(few)):
        assert len(never.among(listed)) == 18
