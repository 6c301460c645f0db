"""The time zone of a location is a choice, and one that nobody knows hurts nobody (D51)."""

from datetime import date, time
from importlib import import_module
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DataError, connection
from django.urls import reverse

from foundation.accounts.choices import Role
from foundation.clock import wall_time, zone_named
from scheduling.models import Location, ShiftRule
from scheduling.zones import OF_RUSSIA, location_zones
from tests import factories as make
from tests.opened import as_opened

pytestmark = pytest.mark.django_db
TO_POSTGRES_ALONE = ["MSK", "europe/moscow", "UTC+3"]
"""Postgres knows these, Python does not."""
TO_NOBODY = ["Moscow", "Europe", "../Europe/Moscow"]
WRONG = [*TO_POSTGRES_ALONE, *TO_NOBODY, ""]


@pytest.fixture
def location():
    return make.location()


def put(location: Location, zone: str) -> None:
    """Writes past every form, as an old row was written."""
    Location.objects.filter(pk=location.pk).update(timezone=zone)
    location.refresh_from_db()


def test_every_zone_of_russia_and_its_neighbours_can_be_chosen():
    chosen = [name for _group, zones in location_zones() for name, _label in zones]
    wanted = {name for name in available_timezones() if name.startswith(("Europe/", "Asia/"))}
    assert (len(chosen), set(chosen)) == (len(wanted), wanted)
    assert list(OF_RUSSIA) == chosen[: len(OF_RUSSIA)]


@pytest.mark.parametrize("zone", WRONG)
def test_d51_a_zone_that_nobody_knows_is_refused(location, zone):
    location.timezone = zone
    with pytest.raises(ValidationError) as refused:
        location.full_clean()
    assert list(refused.value.message_dict) == ["timezone"]


@pytest.mark.parametrize(("zone", "kept"), [("Moscow", "Europe/Moscow"), ("Asia/Omsk", "Asia/Omsk")])
def test_d51_the_screen_offers_zones_and_takes_no_other(sign_in, location, zone, kept):
    screen, address = sign_in(make.user(Role.HEAD)), reverse("admin:scheduling_location_change", args=[location.pk])
    assert b'<select name="timezone"' in screen.get(address).content
    answer = screen.post(address, as_opened(screen, address) | {"timezone": zone})
    location.refresh_from_db()
    assert (answer.status_code, location.timezone) == (200 if zone == "Moscow" else 302, kept)


@pytest.mark.parametrize("zone", WRONG)
def test_d51_hours_in_a_zone_that_nobody_knows_are_those_of_the_clinic(settings, zone):
    settings.TIME_ZONE = "Asia/Omsk"
    assert zone_named(zone) == ZoneInfo("Asia/Omsk")
    assert wall_time(date(2027, 3, 1), time(9), zone=zone) == wall_time(date(2027, 3, 1), time(9), zone="Asia/Omsk")


@pytest.mark.parametrize("zone", TO_NOBODY)
def test_d51_the_database_refuses_a_zone_that_it_does_not_know(location, zone):
    with pytest.raises(DataError, match="time zone"):
        put(location, zone)


@pytest.mark.parametrize("zone", TO_POSTGRES_ALONE)
def test_d51_the_preview_of_a_location_in_no_zone_is_shown(sign_in, location, zone):
    doctor, hours = make.doctor(), {"starts": time(9), "ends": time(12), "slot_minutes": 30}
    ShiftRule.objects.create(doctor=doctor, room=doctor.room, weekday=1, valid_from=date(2026, 1, 1), **hours)
    put(location, zone)
    screen = sign_in(make.user(Role.SCHEDULE_ADMIN))
    answer = screen.get(reverse("office:publish", args=[doctor.pk]))
    assert (answer.status_code, b"09:00" in answer.content) == (200, True)


@pytest.mark.parametrize(("zone", "named"), [("MSK", 1), ("Asia/Omsk", 0)])
def test_d51_the_program_says_which_location_is_in_no_zone(location, zone, named):
    put(location, zone)
    found = Location.check(databases=["default"])
    assert [(each.id, location.name in each.msg, zone in each.msg) for each in found] == [
        ("scheduling.W001", True, True)
    ] * named
    assert Location.check() == []


def test_a_database_that_is_still_empty_is_checked(monkeypatch):
    monkeypatch.setattr(Location._meta, "db_table", "not_made_yet")
    assert Location.check(databases=["default"]) == []


def test_a_database_that_is_not_migrated_yet_is_not_read(location):
    """`migrate` checks before it adds the columns of this version."""
    put(location, "MSK")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE scheduling_location DROP COLUMN short_address")
    assert Location.check(databases=["default"]) == []


@pytest.mark.parametrize(("short", "named"), [("", 1), ("Лунная ул., 7", 0)])
def test_d44_the_program_says_whose_messages_are_too_long(location, settings, short, named):
    settings.CLINIC = settings.CLINIC | {"short_url": "https://mluna.ru"}
    make.doctor(last_name="Вознесенская-Добролюбова", first_name="Екатерина", patronymic="Константиновна")
    Location.objects.update(short_address=short)
    found = Location.check(databases=["default"])
    assert [(each.id, "Вознесенская" in each.msg, location.name in each.msg) for each in found] == [
        ("scheduling.W002", True, True)
    ] * named


def test_the_zone_of_the_demo_and_of_the_default_can_be_chosen(location):
    location.full_clean()
    call_command("check", databases=["default"], fail_level="WARNING")


@pytest.mark.parametrize(("was", "now"), [("Moscow", "Europe/Moscow"), ("Asia/Omsk", "Asia/Omsk")])
def test_d51_an_upgrade_puts_an_unknown_zone_right(location, was, now):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE scheduling_location DROP CONSTRAINT location_timezone_known")
    put(location, was)
    with connection.schema_editor() as editor:
        import_module("scheduling.migrations.0009_zones_that_are_known").put_right(None, editor)
    location.refresh_from_db()
    assert location.timezone == now
