"""T115: logins, reference data, prices, texts and the schedule: each step at the product's own pages has its row."""

from datetime import time, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from foundation.accounts.actors import ref_of
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.audit import trail
from scheduling.choices import AbsenceKind
from scheduling.models import Absence, Room, ShiftRule
from tests import factories as make
from tests.clinic.doors import FIRST, OWN, Act, Steps, acts

pytestmark = pytest.mark.django_db
STEPS = Steps()


def today(days=0):
    return str(timezone.localdate() + timedelta(days=days))


@STEPS.by(Role.HEAD)
def add_a_person(door):
    person = {"last_name": "Ковалёва", "first_name": "Анна", "login": "kovaleva", "role": Role.REGISTRAR}
    door.press("office:person_add", **person, password=FIRST, own_password=OWN)
    return [Act("staff.added", ref_of(User.objects.get(username="kovaleva")))]


@STEPS.by(Role.HEAD)
def give_another_role(door):
    person = make.user(Role.REGISTRAR)
    door.save("office:person", person.pk, role=Role.OPERATOR, own_password=OWN)
    return [Act("staff.changed", ref_of(person), edited=frozenset({"role"}))]


@STEPS.by(Role.HEAD)
def give_a_new_password(door):
    person = make.user(Role.REGISTRAR)
    door.press("office:person_password", person.pk, password=FIRST, own_password=OWN)
    return [Act("staff.password_reset", ref_of(person))]


@STEPS.by(Role.HEAD)
def ask_for_a_new_password(door):
    person = make.user(Role.REGISTRAR)
    door.press("office:person_new_password", person.pk)
    return [Act("staff.new_password_asked", ref_of(person))]


@STEPS.by(Role.HEAD)
def block(door):
    person = make.user(Role.REGISTRAR)
    door.press("office:person_block", person.pk)
    return [Act("staff.blocked", ref_of(person))]


@STEPS.by(Role.HEAD)
def unblock(door):
    person = make.user(Role.REGISTRAR, is_active=False)
    door.press("office:person_unblock", person.pk, **{"open-own_password": OWN})
    return [Act("staff.unblocked", ref_of(person))]


@STEPS.by(Role.HEAD)
def add_a_room(door):
    place = make.location()
    door.save("office:room_add", name="каб. 91", location=place.pk)
    return [Act("room.added", str(Room.objects.get().pk), edited=frozenset({"name", "location"}))]


@STEPS.by(Role.HEAD)
def change_an_address(door):
    place = make.location()
    door.save("office:location_edit", place.pk, address="ул. Звёздная, д. 1")
    return [Act("location.changed", str(place.pk), edited=frozenset({"address"}))]


@STEPS.by(Role.HEAD)
def change_what_a_doctor_is_called(door):
    specialty = make.specialty()
    door.save("office:specialty_edit", specialty.pk, doctor_title="врач кожи")
    return [Act("specialty.changed", str(specialty.pk), edited=frozenset({"doctor_title"}))]


@STEPS.by(Role.HEAD)
def change_a_price(door):
    service = make.service()
    door.save("office:service_edit", service.pk, price="2500")
    return [Act("service.changed", str(service.pk), edited=frozenset({"price"}))]


@STEPS.by(Role.HEAD)
def change_a_length(door):
    service = make.service()
    door.save("office:service_edit", service.pk, minutes="45")
    key = str(service.pk)
    return [Act("service.changed", key, edited=frozenset({"minutes"})), Act("service.rechecked", key)]


@STEPS.by(Role.HEAD)
def change_a_doctor(door):
    doctor = make.doctor()
    door.save("office:doctor_edit", doctor.pk, last_name="Лунина")
    return [Act("doctor.changed", str(doctor.pk), edited=frozenset({"last_name"}))]


@STEPS.by(Role.HEAD)
def change_the_texts_of_the_clinic(door):
    door.save("office:organization", name="Луна-Мед", legal_name="АО «Луна-Мед»")
    return [Act("organization.changed", "1", edited=frozenset({"name", "legal_name"}))]


@STEPS.by(Role.HEAD)
def remove_a_room_in_the_stock_admin(door):
    room = make.room()
    door.press("admin:scheduling_room_delete", room.pk, post="yes")
    return [Act("room.removed", str(room.pk), edited=frozenset({"name"}))]


def hours(doctor):
    return ShiftRule.objects.create(
        doctor=doctor, weekday=1, starts=time(9), ends=time(11), room=doctor.room, slot_minutes=30, valid_from=today()
    )


@STEPS.by(Role.SCHEDULE_ADMIN)
def add_hours(door):
    doctor = make.doctor()
    term = {"starts": "09:00", "ends": "15:00", "slot_minutes": "30", "valid_from": today(), "valid_until": ""}
    door.press("office:rule_add", doctor.pk, weekdays=["1"], room=doctor.room_id, **term)
    return [Act("schedule.rule_added", str(ShiftRule.objects.get().pk))]


@STEPS.by(Role.SCHEDULE_ADMIN)
def change_hours(door):
    rule = hours(make.doctor())
    door.save("office:rule_edit", rule.pk, ends="12:00")
    return [Act("schedule.rule_changed", str(rule.pk), edited=frozenset({"ends"}))]


@STEPS.by(Role.SCHEDULE_ADMIN)
def end_hours(door):
    rule = hours(make.doctor())
    door.press("office:rule_end", rule.pk, last_day=today(7))
    return [Act("schedule.rule_ended", str(rule.pk))]


@STEPS.by(Role.SCHEDULE_ADMIN)
def publish(door):
    doctor = make.doctor()
    hours(doctor)
    door.press("office:publish", doctor.pk, first_day=today(1), last_day=today(7))
    return [Act("schedule.published", str(doctor.pk))]


@STEPS.by(Role.SCHEDULE_ADMIN)
def withdraw_a_shift(door):
    shift = make.shift(make.doctor())
    door.press("office:shift_withdraw", shift.pk)
    return [Act("schedule.withdrawn", str(shift.pk))]


@STEPS.by(Role.SCHEDULE_ADMIN)
def close_times(door):
    shift = make.shift(make.doctor())
    door.press("office:shift_slots", shift.pk, slots=[make.slots_of(shift)[0].pk], reason="обучение", close="1")
    return [Act("slots.blocked")]


@STEPS.by(Role.SCHEDULE_ADMIN)
def open_times(door):
    shift = make.shift(make.doctor())
    make.close(slot := make.slots_of(shift)[0])
    door.press("office:shift_slots", shift.pk, slots=[slot.pk], open="1")
    return [Act("slots.unblocked")]


@STEPS.by(Role.SCHEDULE_ADMIN)
def add_an_absence(door):
    doctor = make.doctor()
    door.press("office:absence_add", doctor.pk, first_day=today(1), last_day=today(3), kind=AbsenceKind.LEAVE)
    return [Act("schedule.absence_added", str(Absence.objects.get().pk))]


@STEPS.by(Role.SCHEDULE_ADMIN)
def take_an_absence_back(door):
    absence = make.away(make.doctor())
    door.press("office:absence_remove", absence.pk)
    return [Act("schedule.absence_removed", str(absence.pk))]


@pytest.mark.parametrize("name", STEPS)
def test_each_step_leaves_its_row_and_no_secret(name):
    STEPS.check(name)


@pytest.mark.parametrize("name", ["block", "change_a_price", "publish"])
def test_control_a_step_that_writes_nothing_is_noticed(name, monkeypatch):
    door, step = STEPS.begin(name)
    monkeypatch.setattr(trail, "writes", SimpleNamespace(insert=lambda *rows: None))
    assert len(step(door)) == 1
    assert acts(door.rows()) == []
