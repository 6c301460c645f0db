from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from scheduling.choices import AbsenceKind
from scheduling.errors import RuleOverlaps, ShiftHasVisits
from scheduling.models import Absence, Appointment, Shift, ShiftRule, Slot
from tests import factories
from tests.opened import as_opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(sign_in):
    return sign_in(Role.SCHEDULE_ADMIN)


def next_monday():
    today = timezone.localdate()
    return today + timedelta(days=7 - today.weekday())


def hours(of, weekday=1, starts=time(9), ends=time(11), **columns):
    columns = {"room": of.room, "slot_minutes": 30, "valid_from": timezone.localdate()} | columns
    return ShiftRule.objects.create(doctor=of, weekday=weekday, starts=starts, ends=ends, **columns)


def typed(**changes):
    fields = {
        "weekdays": ["1", "3"],
        "starts": "09:00",
        "ends": "15:00",
        "slot_minutes": "30",
        "valid_from": str(timezone.localdate()),
        "valid_until": "",
    }
    return fields | changes


def publish_url(doctor, first=None, last=None):
    first = first or next_monday()
    return f"{reverse('office:publish', args=[doctor.pk])}?first_day={first}&last_day={last or first}"


def test_doctors_list_says_hours_in_words(keeper):
    doctor = factories.doctor()
    hours(doctor, 1)
    hours(doctor, 3)
    page = keeper.get(reverse("office:schedule")).content.decode()
    assert "пн, ср 09:00–11:00" in page


def test_doctors_list_takes_as_many_queries_for_one_as_for_thirty(keeper, django_assert_num_queries):
    hours(factories.doctor())
    with django_assert_num_queries(7):  # one is the bar of emergencies
        keeper.get(reverse("office:schedule"))
    for _ in range(29):
        hours(factories.doctor())
    with django_assert_num_queries(7):
        keeper.get(reverse("office:schedule"))


def test_doctor_page_takes_as_many_queries_for_one_shift_as_for_many(keeper, django_assert_max_num_queries):
    doctor = factories.doctor()
    for weekday in range(1, 8):
        hours(doctor, weekday)
        hours(doctor, weekday, time(12), time(14))
    for days in range(7):
        factories.shift(doctor, days=days)
    with django_assert_max_num_queries(8):
        assert keeper.get(reverse("office:doctor_schedule", args=[doctor.pk])).status_code == 200


@pytest.mark.parametrize("week", ["", "nonsense", "2026-02-31", "9999-12-31", "0001-01-01", "\x00"])
def test_doctor_page_with_any_week_opens(keeper, week):
    doctor = factories.doctor()
    assert keeper.get(reverse("office:doctor_schedule", args=[doctor.pk]), {"week": week}).status_code == 200


def test_hours_are_added_on_each_weekday(keeper):
    doctor = factories.doctor()
    answer = keeper.post(reverse("office:rule_add", args=[doctor.pk]), typed(room=doctor.room_id))
    assert answer.status_code == 302
    assert list(doctor.shift_rules.values_list("weekday", flat=True)) == [1, 3]
    assert AuditEvent.objects.filter(action="schedule.rule_added").count() == 2


def test_hours_that_overlap_others_are_refused_with_the_form_kept(keeper):
    doctor = factories.doctor()
    hours(doctor, 3)
    answer = keeper.post(reverse("office:rule_add", args=[doctor.pk]), typed(room=doctor.room_id))
    assert answer.status_code == 422
    assert str(RuleOverlaps()) in answer.content.decode()
    assert doctor.shift_rules.count() == 1


def test_hours_that_end_before_they_begin_are_refused(keeper):
    doctor = factories.doctor()
    answer = keeper.post(reverse("office:rule_add", args=[doctor.pk]), typed(room=doctor.room_id, ends="08:00"))
    assert answer.status_code == 422
    assert not doctor.shift_rules.exists()


def test_hours_are_changed_and_ended(keeper):
    doctor = factories.doctor()
    rule = hours(doctor)
    changed, edit = typed(room=doctor.room_id, weekday="2"), reverse("office:rule_edit", args=[rule.pk])
    assert keeper.post(edit, as_opened(keeper, edit) | changed).status_code == 302
    rule.refresh_from_db()
    assert (rule.weekday, rule.ends) == (2, time(15))
    keeper.post(reverse("office:rule_end", args=[rule.pk]), {"last_day": str(timezone.localdate())})
    rule.refresh_from_db()
    assert rule.valid_until == timezone.localdate()


def test_hours_ended_before_they_begin_are_gone(by):
    rule = hours(factories.doctor(), valid_from=timezone.localdate() + timedelta(days=5))
    booking.end_hours(rule=rule.pk, last_day=timezone.localdate(), by=by)
    assert not ShiftRule.objects.exists()


def test_preview_shows_slots_and_writes_nothing(keeper):
    doctor = factories.doctor()
    hours(doctor)
    page = keeper.get(publish_url(doctor))
    assert page.context["slot_count"] == 4
    assert not Shift.objects.exists()


def test_publish_twice_publishes_once(keeper):
    doctor = factories.doctor()
    hours(doctor)
    term = {"first_day": str(next_monday()), "last_day": str(next_monday() + timedelta(days=6))}
    for _ in range(2):
        answer = keeper.post(reverse("office:publish", args=[doctor.pk]), term)
        assert answer.status_code == 302
    assert Shift.objects.count() == 1
    assert Slot.objects.count() == 4
    assert keeper.get(answer["Location"]).context["published_count"] == 1


def test_publish_with_a_clash_is_refused_and_named(keeper):
    other, doctor = factories.doctor(last_name="Громов"), factories.doctor()
    factories.shift(other, days=(next_monday() - timezone.localdate()).days, starts="10:00", in_room=doctor.room)
    hours(doctor)
    page = keeper.get(publish_url(doctor)).content.decode()
    assert "Громов А.С." in page
    assert "disabled" in page
    term = {"first_day": str(next_monday()), "last_day": str(next_monday())}
    answer = keeper.post(reverse("office:publish", args=[doctor.pk]), term)
    assert answer.status_code == 409
    assert Shift.objects.filter(doctor=doctor).count() == 0


def test_publish_of_rules_that_overlap_each_other_is_refused(keeper):
    """Such rules cannot be added here, only come from elsewhere; the database still refuses the shifts."""
    doctor = factories.doctor()
    hours(doctor)
    hours(doctor, starts=time(10), ends=time(12))
    term = {"first_day": str(next_monday()), "last_day": str(next_monday())}
    answer = keeper.post(reverse("office:publish", args=[doctor.pk]), term)
    assert answer.status_code == 409
    assert not Shift.objects.exists()


@pytest.mark.parametrize(("first", "last"), [(-1, 3), (3, 1), (1, 93)])
def test_publish_of_wrong_days_is_refused(keeper, first, last):
    doctor, today = factories.doctor(), timezone.localdate()
    url = publish_url(doctor, today + timedelta(days=first), today + timedelta(days=last))
    assert keeper.get(url).status_code == 422


def test_preview_warns_of_a_holiday(keeper):
    doctor = factories.doctor()
    year = timezone.localdate().year + 1
    page = keeper.get(publish_url(doctor, f"{year}-01-01", f"{year}-01-03")).content.decode()
    assert "Новогодние каникулы" in page


def test_absence_shows_visits_first_and_cancels_none(keeper):
    doctor = factories.doctor()
    made = factories.shift(doctor)
    visit = factories.appointment(factories.slots_of(made)[0])
    term = {"kind": "sick", "first_day": str(made.date), "last_day": str(made.date)}
    url = reverse("office:absence_add", args=[doctor.pk])
    page = keeper.post(url, term).content.decode()
    assert (f"{visit.local_start:%d.%m %H:%M}" in page, visit.patient.last_name in page) == (True, False)
    assert not Absence.objects.exists()
    assert keeper.post(url, term | {"seen": "1"}).status_code == 302
    assert Appointment.objects.get().status == "booked"
    assert made.slots.filter(absence__kind="sick", appointment=None).count() == 3
    assert not AuditEvent.objects.filter(action="patient.shown").exists()


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("tomorrow", "31.12.9998", "last_day"),
        ("tomorrow", "31.12.9999", "last_day"),
        ("31.12.9998", "31.12.9998", "first_day"),
        ("01.03.1926", "05.03.1926", "first_day"),
        ("01.03.2020", "05.03.2020", "last_day"),
    ],
)
def test_d06_an_absence_of_another_age_is_a_sentence_beside_its_field(keeper, first, last, field):
    days = {"first_day": first.replace("tomorrow", f"{timezone.localdate() + timedelta(days=1):%d.%m.%Y}")}
    answer = keeper.post(
        reverse("office:absence_add", args=[factories.doctor().pk]), days | {"kind": "leave", "last_day": last}
    )
    assert (answer.status_code, field in answer.context["form"].errors) == (422, True)
    assert (answer.context["form"]["last_day"].value(), Absence.objects.exists()) == (last, False)


@pytest.mark.parametrize("since", ["01.01.2020", "01.01.1926", "31.12.9998"])
def test_d06_hours_of_another_age_are_a_sentence_beside_their_field(keeper, since):
    doctor = factories.doctor()
    answer = keeper.post(reverse("office:rule_add", args=[doctor.pk]), typed(room=doctor.room_id, valid_from=since))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["valid_from"])
    assert not doctor.shift_rules.exists()


def test_absence_removed_opens_what_it_closed_and_nothing_else(keeper, by):
    doctor = factories.doctor()
    made = factories.shift(doctor)
    factories.close(factories.slots_of(made)[0])
    away = factories.away(doctor, 1, 1)
    assert made.slots.filter(absence=None).count() == 0
    keeper.post(reverse("office:absence_remove", args=[away.pk]))
    assert list(made.slots.exclude(absence=None).values_list("absence__note", flat=True)) == ["обучение"]
    assert Absence.objects.get().kind == AbsenceKind.BY_HAND


def test_times_are_closed_with_a_reason_and_opened(keeper):
    made = factories.shift(factories.doctor())
    first, second, *_ = factories.slots_of(made)
    url = reverse("office:shift_slots", args=[made.pk])
    assert keeper.post(url, {"slots": [first.pk], "close": "1"}).status_code == 422
    keeper.post(url, {"slots": [first.pk, second.pk], "reason": "обучение", "close": "1"})
    assert made.slots.exclude(absence=None).count() == 2
    keeper.post(url, {"slots": [first.pk], "open": "1"})
    assert list(made.slots.exclude(absence=None)) == [second]


def test_booked_time_is_not_closed(keeper):
    made = factories.shift(factories.doctor())
    slot = factories.slots_of(made)[0]
    factories.appointment(slot)
    answer = keeper.post(
        reverse("office:shift_slots", args=[made.pk]), {"slots": [slot.pk], "reason": "обучение", "close": "1"}
    )
    assert answer.status_code == 422
    assert not made.slots.exclude(absence=None).exists()


def test_another_shifts_time_is_refused(keeper):
    made, other = factories.shift(factories.doctor()), factories.shift(factories.doctor())
    form = {"slots": [factories.slots_of(other)[0].pk], "reason": "x", "close": "1"}
    assert keeper.post(reverse("office:shift_slots", args=[made.pk]), form).status_code == 422
    assert not Slot.objects.exclude(absence=None).exists()


def test_shift_is_withdrawn_only_while_nobody_is_booked(keeper, by):
    made = factories.shift(factories.doctor())
    visit = factories.appointment(factories.slots_of(made)[0])
    with pytest.raises(ShiftHasVisits):
        booking.withdraw(shift=made, by=by)
    Slot.objects.filter(appointment=visit).update(appointment=None)
    keeper.post(reverse("office:shift_withdraw", args=[made.pk]))
    assert not Shift.objects.exists()


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.OPERATOR, Role.DOCTOR])
def test_schedule_is_closed_to_others(sign_in, role):
    assert sign_in(role).get(reverse("office:schedule")).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_publish_by_two_at_once_publishes_once():
    doctor, actor = factories.doctor(), factories.actor(Role.SCHEDULE_ADMIN)
    hours(doctor)

    def publish(_):
        try:
            return len(booking.publish(doctor=doctor, first_day=next_monday(), last_day=next_monday(), by=actor))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(publish, range(4))) == [0, 0, 0, 1]
    assert Shift.objects.count() == 1
