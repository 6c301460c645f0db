"""T74, D44: no message takes more than two SMS, whatever the doctor, the place and the day."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from django.utils.dateformat import format as format_date

from notifications import texts
from notifications.segments import MOST, fullest, segments
from notifications.texts import FACTS
from scheduling import told

DOCTORS = [
    "Белова Анна Сергеевна",
    "Константинопольская Александра Святославовна",
    "Вознесенская-Добролюбова Екатерина Константиновна",
]
PLACES = ["Лунная ул., 7", "Невский, 100"]
BASES = ["https://medi-luna.ru", "https://mluna.ru"]
TOKEN = "Zx9-secret_Zx9-secret_Zx"
DAYS = [date(2027, 1, 1) + timedelta(days=number) for number in range(366)]
ZONES = ["Europe/Moscow", "Asia/Kamchatka", "America/Argentina/ComodRivadavia"]
HOURS = [time(9), time(23, 59)]


def link(base: str) -> str:
    return f"{base}/v/{TOKEN}/"


def moments():
    """Every day of a year at both ends of a working day, in every zone."""
    return (datetime.combine(day, hour, ZoneInfo(zone)) for day, hour, zone in product(DAYS, HOURS, ZONES))


def said(facts: texts.Facts) -> str:
    with translation.override("ru"):
        return facts.text()


def about_visits(doctor: str, place: str, base: str, at: datetime, zone: str) -> list[texts.Facts]:
    facts = {"doctor": doctor, "starts_at": at, "zone": zone, "address": place}
    visit = facts | {"link": link(base)}
    ahead = (texts.Booked, texts.Moved, texts.Reminder)
    return [*(kind(**visit) for kind in ahead), texts.Cancelled(**facts)]


@pytest.mark.parametrize(
    ("length", "count"),
    [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)],
    ids=lambda value: str(value),
)
def test_a_cyrillic_text_has_70_characters_in_one_sms_and_67_in_each_of_several(length, count):
    assert segments("ж" * length) == count


def test_a_sign_outside_the_first_plane_counts_twice():
    assert (segments("🌙" * 35), segments("🌙" * 36)) == (1, 2)


def test_the_fullest_wording_that_fits_is_taken_and_the_last_where_none_does():
    full, short, none = "ж" * 135, "ж" * 134, "ж" * 136
    assert (fullest([full, short, "ж"]), fullest([full, none])) == (short, none)


@pytest.mark.parametrize(("doctor", "place", "base"), list(product(DOCTORS, PLACES, BASES)))
def test_t74_two_sms_for_every_doctor_place_day_and_zone(doctor, place, base):
    """Each with the four facts of R13; a specialty is not among the facts at all."""
    for at in moments():
        for facts in about_visits(doctor, place, base, at, str(at.tzinfo)):
            text = said(facts)
            assert segments(text) <= MOST, text
            days = [format_date(at.date(), "j E"), f"{at:%d.%m}"]
            told = [doctor in text, place in text, f"{at:%H:%M}" in text, any(day in text for day in days)]
            assert told == [True] * 4, text


def test_t74_the_other_messages(settings):
    link = f"{BASES[0]}/t/{TOKEN}/"
    at = datetime(2026, 9, 30, 14, 30, tzinfo=ZoneInfo("Europe/Moscow"))
    others = [texts.Code(code="000000"), texts.CallUs(), texts.FreedTime(starts_at=at, link=link, zone=str(at.tzinfo))]
    assert {type(facts) for facts in others} == set(FACTS.values()) - {
        *(texts.Booked, texts.Moved, texts.Reminder, texts.Cancelled, texts.AsWritten)
    }
    settings.CLINIC = settings.CLINIC | {"name": "Медилуна на Васильевском"}
    assert [segments(said(facts)) <= MOST for facts in others] == [True, True, True]


def test_t74_control_the_wording_of_before_is_too_long():
    at = datetime(2026, 9, 30, 14, 30, tzinfo=ZoneInfo("Europe/Moscow"))
    of_before = (
        f"Вы записаны: в среду 30 сентября, в 14:30, {DOCTORS[2]}. Санкт-Петербург, ул. Лунная, д. 7. "
        f"Отменить или перенести: {link(BASES[0])}"
    )
    of_now = said(about_visits(DOCTORS[2], PLACES[0], BASES[0], at, "Europe/Moscow")[0])
    assert (segments(of_before), segments(of_now)) == (3, 2)


def test_an_ordinary_message_is_a_whole_sentence():
    at = datetime(2026, 11, 24, 11, 30, tzinfo=UTC)
    assert said(about_visits(DOCTORS[0], PLACES[0], BASES[0], at, "Europe/Moscow")[0]) == (
        f"Вы записаны: вт 24 ноября 14:30, {DOCTORS[0]}. Лунная ул., 7. Изменить: {link(BASES[0])}"
    )


def test_the_longest_message_is_that_of_the_longest_day(settings):
    """What the check at start measures is the most that any day takes."""
    settings.CLINIC = settings.CLINIC | {"short_url": BASES[0]}
    over = told.most_over(doctor=DOCTORS[2] * 2, address=PLACES[0])
    longest = max(
        len(said(facts))
        for at in moments()
        for facts in about_visits(DOCTORS[2] * 2, PLACES[0], BASES[0], at, str(at.tzinfo))
    )
    assert over == longest - 134 > 0
