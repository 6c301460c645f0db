"""T28: a clinic whose clocks are put on and back; nine stays nine everywhere, and no slot is lost or doubled."""

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

import booking
from foundation.accounts.choices import Role
from foundation.clock import on_wall
from scheduling import links
from scheduling.models import Appointment, Location, ShiftRule, Slot
from scheduling.queries import availability
from scheduling.wishes import TimeWishes
from tests import factories as make
from tests.messages import text_of
from tests.rules.papers.roads import page, signed_in
from waitlist import matching
from waitlist.models import SlotOffer, WaitlistEntry

pytestmark = pytest.mark.django_db
CHANGES = {
    "Berlin puts the clocks on": ("Europe/Berlin", date(2027, 3, 28), 2, -1),
    "Berlin puts the clocks back": ("Europe/Berlin", date(2027, 10, 31), 2, 1),
    "Moscow puts the clocks back for good": ("Europe/Moscow", date(2014, 10, 26), 1, 1),
}
"""The zone, the day, the hour that is left out or comes twice, and how many hours the day is longer."""
DAY = timedelta(days=1)
HALF_HOURS = {name: {-1: 12, 0: 12 + 2 * longer, 1: 12} for name, (*_zone, longer) in CHANGES.items()}
"""How many half hours there are from midnight to six on the day before, the day itself and the day after."""


@pytest.fixture(params=CHANGES)
def change(request, settings):
    """The clinic is published for the three days by its weekly hours; it is noon five days before."""
    settings.TIME_ZONE, day, hour, longer = CHANGES[request.param]
    with time_machine.travel(datetime.combine(day - 5 * DAY, time(12), UTC), tick=False):
        make.location()
        Location.objects.update(timezone=settings.TIME_ZONE)
        doctor = make.doctor()
        for each in (day - DAY, day, day + DAY):
            for starts, ends in ((0, 6), (9, 12)):
                columns = {"weekday": each.isoweekday(), "starts": time(starts), "ends": time(ends)}
                ShiftRule.objects.create(
                    doctor=doctor, room=doctor.room, slot_minutes=30, valid_from=day - 5 * DAY, **columns
                )
        booking.publish(doctor=doctor, first_day=day - DAY, last_day=day + DAY, by=make.TEST)
        yield SimpleNamespace(
            name=request.param, zone=settings.TIME_ZONE, day=day, hour=hour, longer=longer, doctor=doctor
        )


def slots(change, day: date, starts: int, ends: int) -> list[Slot]:
    """Returns the slots of the day that begin from that hour until that hour on the wall, in order."""
    every = [(on_wall(slot.starts_at, change.zone), slot) for slot in Slot.objects.order_by("starts_at")]
    return [slot for wall, slot in every if wall.date() == day and starts <= wall.hour < ends]


def hours(change, found: list[Slot]) -> list[str]:
    return [f"{on_wall(slot.starts_at, change.zone):%H:%M}" for slot in found]


MORNING = ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]


def test_t28_each_day_has_the_slots_of_its_hours(change):
    days = {number: change.day + number * DAY for number in (-1, 0, 1)}
    assert {each: len(slots(change, day, 0, 6)) for each, day in days.items()} == HALF_HOURS[change.name]
    assert [hours(change, slots(change, day, 9, 12)) for day in days.values()] == [MORNING] * 3


def test_t28_the_slots_of_the_night_follow_each_other(change):
    night = slots(change, change.day, 0, 6)
    assert [slot.starts_at for slot in night[1:]] == [slot.ends_at for slot in night[:-1]]
    assert {slot.ends_at - slot.starts_at for slot in night} == {timedelta(minutes=30)}
    assert len(slots(change, change.day, change.hour, change.hour + 1)) == 2 + 2 * change.longer


def test_control_a_day_of_24_hours_is_noticed(change):
    """Reckoned from midnight with the offset of the day before, nine is another hour."""
    before = slots(change, change.day - DAY, 9, 10)[0]
    assert hours(change, [Slot(starts_at=before.starts_at + DAY)]) == [f"{9 - change.longer:02}:00"]


@pytest.mark.parametrize("number", [-1, 0, 1])
def test_t28_nine_is_nine_on_the_site_from_the_choice_to_the_message(change, number):
    """The days, the times of a day, the hold, the booking, the message, the card and the calendar file."""
    day, service = change.day + number * DAY, change.doctor.services.get()
    wishes = TimeWishes(date_from=day, date_until=day)
    asked = {"service": service, "doctors": [change.doctor], "wishes": wishes}
    assert availability.free_days(**asked) == {day: HALF_HOURS[change.name][number] + 6}
    ((_doctor, starts),) = availability.free_starts(**asked)
    assert [start.wall for start in starts][-6:] == MORNING
    slot = slots(change, day, 9, 10)[0]
    client, listed = Client(), reverse("site:day", args=[service.specialty.slug])
    assert "09:00" in page(client.get(listed, {"day": day}))
    client.post(reverse("site:take"), {"slot": slot.pk, "service": service.pk})
    assert "в 09:00" in page(client.get(reverse("site:details")))
    visit = make.appointment(slots(change, day, 9, 10)[1])
    assert "09:30" in text_of("booked")
    link = [links.token_for(visit.pk)]
    assert "09:30" in page(client.get(reverse("site:visit", args=link)))
    (event,) = Calendar.from_ical(client.get(reverse("site:visit_calendar", args=link)).content).walk("VEVENT")
    assert (event["DTSTART"].dt.astimezone(UTC), f"{event['DTSTART'].dt:%H:%M}") == (visit.starts_at, "09:30")


@pytest.mark.parametrize("number", [-1, 0, 1])
def test_t28_nine_is_nine_in_the_office_and_after_a_move(change, number):
    """The day grid, the visit, its ticket, and the message about the move to the day of the change."""
    visit = make.appointment(slots(change, change.day + number * DAY, 9, 10)[0])
    desk = signed_in(Role.REGISTRAR)
    grid = page(desk.get(reverse("office:day"), {"date": change.day + number * DAY}))
    assert visit.patient.last_name in grid
    for shown in ("office:appointment", "office:ticket"):
        assert "09:00" in page(desk.get(reverse(shown, args=[visit.pk])))
    to = slots(change, change.day, 10, 11)[1]
    answer = desk.post(reverse("office:appointment_move", args=[visit.pk]), {"to": to.pk}, follow=True)
    assert "10:30" in page(answer)
    assert "10:30" in text_of("moved")
    assert Appointment.objects.get().starts_at == to.starts_at


def test_t28_hours_that_come_twice_are_booked_apart(change):
    """Two people are booked at the same hour of the wall, and one of them moves between both."""
    inside = slots(change, change.day, change.hour, change.hour + 1)
    assert hours(change, inside) == [f"{change.hour:02}:00", f"{change.hour:02}:30"] * (1 + change.longer)
    if not inside:
        return
    people = [make.patient(last_name=f"Лунина-{name}") for name in ("Белова", "Громова", "Ким")]
    visits = [make.appointment(slot, of=each) for slot, each in zip(inside, people, strict=False)]
    assert len({visit.starts_at for visit in visits}) == 3
    grid = page(signed_in(Role.REGISTRAR).get(reverse("office:day"), {"date": change.day}))
    assert [visit.patient.last_name for visit in visits if visit.patient.last_name not in grid] == []
    moved = booking.move(appointment=visits[1].pk, to_slot=inside[3].pk, by=make.TEST)
    assert moved.starts_at - visits[0].starts_at == timedelta(minutes=90)


def is_offered(slot: Slot, entry: WaitlistEntry) -> bool:
    """Tries it and leaves everything as it was."""
    with transaction.atomic():
        matching.offer_slot(slot=slot.pk)
        offered = SlotOffer.objects.filter(entry=entry).exists()
        transaction.set_rollback(True)
    return offered


@pytest.mark.parametrize("number", [-1, 0, 1])
def test_t28_wishes_of_the_waitlist_are_hours_of_the_wall(change, number):
    """Somebody waits for the hour of the change on that day, and is offered each of its slots and no other."""
    day = change.day + number * DAY
    window = {"time_from": time(change.hour), "time_until": time(change.hour + 1)}
    entry = make.entry(change.doctor.specialties.get(), date_from=day, date_until=day, **window)
    fit = [slot for slot in slots(change, day, 0, 6) if is_offered(slot, entry)]
    assert fit == slots(change, day, change.hour, change.hour + 1)
    asked = {"service": change.doctor.services.get(), "doctors": [change.doctor]}
    found = availability.free_starts(**asked, wishes=TimeWishes(date_from=day, date_until=day, **window))
    assert sum(len(starts) for _doctor, starts in found) == len(fit)
