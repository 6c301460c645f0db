"""T96: every page, message, ticket and calendar file says the hour on the wall of its location (D50)."""

import re
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from foundation.clock import wall_time
from scheduling.models import Appointment, Location, ShiftRule, Slot
from scheduling.queries import availability
from scheduling.wishes import TimeWishes
from tests import factories as make
from tests.clinic.test_raw_sql import PRODUCT
from tests.factories.people import born
from tests.factories.timetable import RoomFactory
from tests.messages import text_of
from waitlist import matching
from waitlist.models import SlotOffer

pytestmark = pytest.mark.django_db
ZONES = ["Asia/Yekaterinburg", "Europe/Berlin", "Europe/Moscow"]
ELSEWHERE = "Asia/Kamchatka"
"""The clinic's own zone, where every visit of this test is on the day after."""
EVENING = {"20", "21"}


@pytest.fixture(autouse=True)
def _clinic_elsewhere(settings):
    settings.TIME_ZONE = ELSEWHERE


@pytest.fixture(autouse=True)
def _no_countdown():
    """Stops the clock: what is left of a hold is round then, not by chance the minute that is looked for."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture(params=ZONES)
def world(request):
    return world_in(request.param)


def world_in(zone: str, *, days: int = 1) -> SimpleNamespace:
    """Makes a doctor who sees patients at 20 and 21 o'clock there, at a minute that stands in no other time."""
    minute = (timezone.now().minute + 35) % 60
    minute += minute % 5 == 0  # the clinic's own hours are round
    location = Location.objects.create(name=zone, address=f"ул. {zone}, 1", timezone=zone)
    doctor = make.doctor(room=RoomFactory(location=location), user=make.user(Role.DOCTOR))
    day = date.today() + timedelta(days=days)
    begins = wall_time(day, time(20, minute), zone=zone)
    slots = make.slots_of(make.shift(doctor, minutes=60, starts_at=begins, date=day, slots=2))
    return SimpleNamespace(doctor=doctor, service=doctor.services.get(), day=day, slots=slots, minute=minute)


def hours_in(text: str, minute: int) -> set[str]:
    return set(re.findall(rf"\b(\d\d):{minute:02}\b", text))


def read(answer) -> str:
    """Returns what a person reads: no moments of machines, in which seconds would pass for minutes."""
    assert answer.status_code == 200, answer
    return re.sub(r"<time[^>]*>|\d{4}-\d\d-\d\dT[\d:.+]+|\s+", " ", answer.content.decode())


SITE = {
    "the nearest times": lambda at: reverse("site:specialty", args=[at.service.specialty.slug]),
    "the doctor's page": lambda at: reverse("site:doctor", args=[at.doctor.slug]),
    "the day": lambda at: reverse("site:day", args=[at.service.specialty.slug]) + f"?day={at.day}",
    "a day before": lambda at: reverse("site:day", args=[at.service.specialty.slug]) + f"?day={date.today()}",
}


@pytest.mark.parametrize("where", SITE)
def test_t96_pages_of_the_site(client, world, where):
    assert hours_in(read(client.get(SITE[where](world))), world.minute) <= EVENING
    assert "20" in hours_in(read(client.get(SITE[where](world))), world.minute)


def test_t96_days_of_the_site(client, world):
    text = read(client.get(reverse("site:days", args=[world.service.specialty.slug])))
    assert set(re.findall(r"day=(\d{4}-\d\d-\d\d)", text)) == {str(world.day)}


def test_t96_the_way_to_a_booking(client, world):
    first = world.slots[0]
    client.post(reverse("site:take"), {"slot": first.pk, "service": world.service.pk})
    assert hours_in(read(client.get(reverse("site:details"))), world.minute) == {"20"}


OF_A_VISIT = ["site:visit", "site:visit_cancel", "site:visit_move"]


@pytest.fixture
def visit(world):
    return make.appointment(world.slots[0])


def link(where: str) -> str:
    token = re.search(r"/v/([\w-]+)/", text_of("booked"))[1]
    return reverse(where, args=[token])


@pytest.mark.parametrize("where", OF_A_VISIT)
def test_t96_pages_of_a_link(client, world, visit, where):
    assert hours_in(read(client.get(link(where))), world.minute) <= EVENING
    assert hours_in(read(client.get(link("site:visit"))), world.minute) == {"20"}


def test_t96_the_calendar_file(client, world, visit):
    text = read(client.get(link("site:visit_calendar")))
    zone = world.doctor.room.location.timezone
    assert f"DTSTART;TZID={zone}:{world.day:%Y%m%d}T20{world.minute:02}00" in text
    assert f"BEGIN:VTIMEZONE TZID:{zone}" in text


def test_t96_messages(world, visit):
    assert hours_in(text_of("booked"), world.minute) == {"20"}
    booked = Appointment.objects.get(pk=visit.pk)
    booking.move(appointment=booked.pk, to_slot=world.slots[1].pk, by=make.TEST)
    assert hours_in(text_of("moved"), world.minute) == {"21"}


def wishes_of(at: SimpleNamespace) -> str:
    return f"?patient={at.patient}&specialty={at.service.specialty_id}"


OFFICE = {
    "the day grid": (Role.REGISTRAR, lambda at: reverse("office:day") + f"?date={at.day}"),
    "the panel": (Role.REGISTRAR, lambda at: f"{reverse('office:book', args=[at.slots[1].pk])}?patient={at.patient}"),
    "the appointment": (Role.REGISTRAR, lambda at: reverse("office:appointment", args=[at.visit.pk])),
    "the ticket": (Role.REGISTRAR, lambda at: reverse("office:ticket", args=[at.visit.pk])),
    "the move": (Role.REGISTRAR, lambda at: reverse("office:appointment_move", args=[at.visit.pk])),
    "the patient": (Role.REGISTRAR, lambda at: reverse("office:patient", args=[at.patient])),
    "over a busy time": (
        Role.REGISTRAR,
        lambda at: reverse("office:overbook", args=[at.slots[0].pk]) + f"?patient={at.patient}",
    ),
    "the times that fit": (Role.REGISTRAR, lambda at: reverse("office:find_time") + wishes_of(at)),
    "the incoming call": (Role.OPERATOR, lambda at: reverse("office:caller_wishes", args=[at.patient]) + wishes_of(at)),
    "the doctor's day": (None, lambda at: reverse("office:my_day") + f"?date={at.day}"),
    "the doctor's visit": (None, lambda at: reverse("office:my_visit", args=[at.visit.pk])),
    "the doctor's week": (
        Role.SCHEDULE_ADMIN,
        lambda at: reverse("office:doctor_schedule", args=[at.doctor.pk]) + f"?week={at.day}",
    ),
    "the shift": (Role.SCHEDULE_ADMIN, lambda at: reverse("office:shift", args=[at.slots[0].shift_id])),
}


@pytest.mark.parametrize("where", OFFICE)
def test_t96_pages_of_the_office(sign_in, world, visit, where):
    world.visit, world.patient = visit, visit.patient_id
    role, address = OFFICE[where]
    text = read(sign_in(role or world.doctor.user).get(address(world)))
    assert hours_in(text, world.minute) <= EVENING | {"22"}, "22 is the end of the shift"
    assert hours_in(text, world.minute) & EVENING


def test_t96_calls_about_a_freed_time(sign_in, world):
    entry = make.entry(world.service.specialty)
    matching.offer_slot(slot=world.slots[0].pk)
    offer = SlotOffer.objects.get(entry=entry)
    screen = sign_in(Role.OPERATOR)
    assert hours_in(read(screen.get(reverse("office:calls"))), world.minute) == {"20"}
    assert hours_in(read(screen.get(reverse("office:entry", args=[entry.pk]))), world.minute) == EVENING
    screen.post(reverse("office:task_claim", args=[offer.task_id]))
    assert hours_in(read(screen.get(reverse("office:call", args=[offer.pk]))), world.minute) == EVENING


def test_t96_calls_about_a_stranded_visit(sign_in, world):
    visit = make.appointment(world.slots[0])
    around = timedelta(minutes=7)  # an absence is told in the clinic's time, at other minutes
    make.absence(world.doctor, visit.starts_at - around, visit.starts_at + around)
    screen = sign_in(Role.REGISTRAR)
    assert hours_in(read(screen.get(reverse("office:calls"))), world.minute) == {"20"}
    call = screen.post(reverse("office:call_next")).url
    assert hours_in(read(screen.get(call)), world.minute) == EVENING
    screen.post(f"{call}move/", {"to": world.slots[1].pk})
    assert hours_in(read(screen.get(call)), world.minute) == {"21"}


def test_t96_times_of_a_follow_up(sign_in, world, visit):
    make.seen(visit)
    day = world.day + timedelta(days=20)
    begins = wall_time(day, time(20, world.minute), zone=world.doctor.room.location.timezone)
    make.shift(world.doctor, minutes=60, starts_at=begins, date=day, slots=2)
    page = reverse("office:follow_up", args=[visit.pk]) + "?weeks=2"
    assert hours_in(read(sign_in(world.doctor.user).get(page)), world.minute) == EVENING


def test_t96_hours_of_an_absence(sign_in, world):
    screen, address = sign_in(Role.SCHEDULE_ADMIN), reverse("office:absence_add", args=[world.doctor.pk])
    days = {"first_day": str(world.day), "last_day": str(world.day)}
    hours = {"from_hour": f"20:{world.minute:02}", "until_hour": f"21:{world.minute:02}"}
    page = screen.post(address, {"kind": "training"} | days | hours, follow=True)
    assert list(Slot.objects.exclude(absence=None)) == [world.slots[0]]
    assert hours_in(read(page), world.minute) >= EVENING


def test_t96_the_preview_of_publishing(sign_in, world):
    minute, rule = world.minute, {"starts": time(20, world.minute), "ends": time(22, world.minute), "slot_minutes": 60}
    day = world.day + timedelta(days=7)
    columns = {"doctor": world.doctor, "room": world.doctor.room, "valid_from": world.day}
    ShiftRule.objects.create(weekday=day.isoweekday(), **columns, **rule)
    screen, days = sign_in(Role.SCHEDULE_ADMIN), f"?first_day={day}&last_day={day}"
    text = read(screen.get(reverse("office:publish", args=[world.doctor.pk]) + days))
    assert hours_in(text, minute) == {"20", "22"}


def test_a_page_that_tells_the_clinics_hour_is_noticed(client, world):
    """The negative control: the same time is another hour, of another day, on the clinic's own wall."""
    Location.objects.update(timezone=ELSEWHERE)
    for where in ("the nearest times", "the doctor's page"):
        assert not hours_in(read(client.get(SITE[where](world))), world.minute) & EVENING


SAID_ON_NO_WALL = re.compile(
    r"timezone\.localtime\(|day_of\([\w.]*starts_at|\b(?:visit|slot|offer|other|each|shift|clash|next_free)\.(?:starts|ends)_at\s*\|"
)
"""Ways to say the time of a visit, or to judge its day, that take the clinic's zone for the location's."""
OF_NO_PLACE = ("/absences.py", "/audit/file.py")
"""An absence may be everybody's, and so is an act of the audit: they are told in the clinic's time."""


def test_t96_no_time_of_a_visit_is_said_without_its_wall():
    product = [path for app in (*PRODUCT, "templates") for path in (settings.BASE_DIR / app).rglob("*.*")]
    texts = [path for path in product if path.suffix in {".py", ".html", ".txt"}]
    read_them = [path for path in texts if not path.as_posix().endswith(OF_NO_PLACE)]
    assert len(read_them) > 300
    assert [path for path in read_them if SAID_ON_NO_WALL.search(path.read_text())] == []


@pytest.mark.parametrize(
    "said",
    [
        "{{ visit.starts_at|date:'H:i' }}",
        "hour = timezone.localtime(slot.starts_at)",
        "day = day_of(locked.to.starts_at)",
    ],
)
def test_such_a_way_is_noticed(said):
    assert SAID_ON_NO_WALL.search(said)


WISHES = {
    "from that day on": (lambda day: {"date_from": day}, True),
    "until that day": (lambda day: {"date_until": day}, True),
    "from the day after": (lambda day: {"date_from": day + timedelta(days=1)}, False),
    "until the day before": (lambda day: {"date_until": day - timedelta(days=1)}, False),
    "in the evening": (lambda day: {"time_from": time(20)}, True),
    "by day": (lambda day: {"time_until": time(20)}, False),
    "on that weekday": (lambda day: {"weekdays": [day.isoweekday()]}, True),
    "on the next weekday": (lambda day: {"weekdays": [day.isoweekday() % 7 + 1]}, False),
    "of age that day": (lambda day: {"birth_date": born(18, on=day)}, True),
    "of age the day after": (lambda day: {"birth_date": born(18, on=day + timedelta(days=1))}, False),
}


@pytest.mark.parametrize("wish", WISHES)
def test_t96_wishes_are_in_the_wall_time_of_each_location(wish):
    """Both doors are asked, with the three places side by side: the search for times and the search for people."""
    places = [world_in(zone, days=2) for zone in ZONES]
    given, fits = WISHES[wish]
    for at in places:
        at.doctor.min_age = 18
        at.doctor.save(update_fields=["min_age"])
        columns = given(at.day)
        found = availability.nearest_of(services=[at.service], wishes=TimeWishes(**columns), limit=9)
        assert [fit.slot.local_start.hour for fit in found] == ([20, 21] if fits else [])
        birth_date = columns.pop("birth_date", date(1990, 5, 5))
        entry = make.entry(at.service.specialty, who=make.patient(birth_date=birth_date), **columns)
        matching.offer_slot(slot=at.slots[0].pk)
        assert SlotOffer.objects.filter(entry=entry).exists() is fits


def test_t96_free_days_and_starts_of_three_places_at_once():
    places = [world_in(zone, days=2) for zone in ZONES]
    for at in places:
        wishes = TimeWishes(date_from=at.day, date_until=at.day)
        asked = {"service": at.service, "doctors": [at.doctor], "wishes": wishes}
        assert availability.free_days(**asked) == {at.day: 2}
        ((_doctor, starts),) = availability.free_starts(**asked)
        assert [start.wall for start in starts] == [f"{hour}:{at.minute:02}" for hour in (20, 21)]
        assert isinstance(starts[0].starts_at, datetime)
