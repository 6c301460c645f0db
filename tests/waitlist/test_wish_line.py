"""U33: the wishes of a caller in one line, as an operator types it while they speak."""

from datetime import date, time
from uuid import uuid4

import pytest

from waitlist import wish_line
from waitlist.wish_line import Named, Said

TODAY = date(2026, 11, 27)  # a Friday
DERMATOLOGY, CHILDREN, TRICHOLOGY = uuid4(), uuid4(), uuid4()
BELOVA, ZORIN, GRADOV, LI = uuid4(), uuid4(), uuid4(), uuid4()
SPECIALTIES = [
    Named(DERMATOLOGY, ("дерматология", "дерматолог")),
    Named(CHILDREN, ("детская", "дерматология", "детский", "дерматолог")),
    Named(TRICHOLOGY, ("трихология", "трихолог")),
]
DOCTORS = [
    Named(BELOVA, ("белова",), (DERMATOLOGY,)),
    Named(ZORIN, ("зорин",), (DERMATOLOGY, CHILDREN)),
    Named(GRADOV, ("градов",), (TRICHOLOGY,)),
    Named(LI, ("ли",), (TRICHOLOGY,)),
]


def read(line: str) -> Said:
    return wish_line.read(line, today=TODAY, doctors=DOCTORS, specialties=SPECIALTIES)


def day(number: int, month: int = 12) -> date:
    return date(2026, month, number)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", Said()),
        ("белова вечер со вторника", Said((DERMATOLOGY,), (BELOVA,), day(1), time_from=time(17))),
        ("к Беловой, после 16", Said((DERMATOLOGY,), (BELOVA,), time_from=time(16))),
        ("БЕЛОВУ до 12:30", Said((DERMATOLOGY,), (BELOVA,), time_until=time(12, 30))),
        ("ли", Said((TRICHOLOGY,), (LI,))),
        ("дерм завтра после 16", Said((DERMATOLOGY,), (), day(28, 11), day(28, 11), time_from=time(16))),
        ("детский дерматолог", Said((CHILDREN,))),
        ("дерматолог, не Белова", Said((DERMATOLOGY,), not_doctors=(BELOVA,))),
        ("кроме беловой после 16", Said((DERMATOLOGY,), time_from=time(16), not_doctors=(BELOVA,))),
        (
            "зорин утром кроме беловой",
            Said((DERMATOLOGY, CHILDREN), (ZORIN,), time_until=time(12), not_doctors=(BELOVA,)),
        ),
        ("трихолог не к градову и не к ли", Said((TRICHOLOGY,), not_doctors=(GRADOV, LI))),
        ("кроме беловой дерматолог", Said((DERMATOLOGY,), not_doctors=(BELOVA,))),
        ("трихолог кроме ивановой", Said((TRICHOLOGY,), rest=("ивановой",))),
        ("дерматологу", Said((DERMATOLOGY,))),
        ("детскому дерматологу зорину", Said((CHILDREN,), (ZORIN,))),
        ("зорин", Said((DERMATOLOGY, CHILDREN), (ZORIN,))),
        ("зорин или белова утром", Said((DERMATOLOGY, CHILDREN), (ZORIN, BELOVA), time_until=time(12))),
        ("трихолог с 16 до 18", Said((TRICHOLOGY,), time_from=time(16), time_until=time(18))),
        ("трихолог 16-18", Said((TRICHOLOGY,), time_from=time(16), time_until=time(18))),
        ("трихолог 9:30-12", Said((TRICHOLOGY,), time_from=time(9, 30), time_until=time(12))),
        ("трихолог днём", Said((TRICHOLOGY,), time_from=time(12), time_until=time(17))),
        ("трихолог после обеда", Said((TRICHOLOGY,), time_from=time(13))),
        ("с 16 декабря", Said(date_from=day(16))),
        ("с 1.12 по 5.12", Said(date_from=day(1), date_until=day(5))),
        ("на 3 декабря", Said(date_from=day(3), date_until=day(3))),
        ("во вторник", Said(date_from=day(1), date_until=day(1))),
        ("в пятницу", Said(date_from=day(4), date_until=day(4))),
        ("по вторникам", Said(weekdays=(2,))),
        ("пн ср пт", Said(weekdays=(1, 3, 5))),
        ("пн-чт вечером", Said(weekdays=(1, 2, 3, 4), time_from=time(17))),
        ("будни", Said(weekdays=(1, 2, 3, 4, 5))),
        ("только выходные", Said(weekdays=(6, 7))),
        ("сегодня", Said(date_from=TODAY, date_until=TODAY)),
        ("послезавтра в 10", Said(date_from=day(29, 11), date_until=day(29, 11), time_from=time(10))),
        ("на этой неделе", Said(date_from=TODAY, date_until=day(29, 11))),
        ("на следующей неделе", Said(date_from=day(30, 11), date_until=day(6))),
        ("через неделю", Said(date_from=day(4))),
        ("через 2 недели", Said(date_from=day(11))),
        ("через три дня", Said(date_from=day(30, 11))),
        ("хочет к врачу, любой доктор, когда угодно", Said()),
        ("белова рентген", Said((DERMATOLOGY,), (BELOVA,), rest=("рентген",))),
        (",tkjdf dtxth", Said((DERMATOLOGY,), (BELOVA,), time_from=time(17))),
    ],
)
def test_a_line_is_understood(line, said):
    assert read(line) == said


@pytest.mark.parametrize("line", ["с 25", "32.13", "в 99:99", "через", "на", "до", "с", "-", "16-", "после", "1" * 300])
def test_nonsense_is_given_back_or_left_out(line):
    said = read(line)
    assert (said.specialties, said.doctors, said.date_until, said.weekdays) == ((), (), None, ())


def test_a_name_is_not_guessed():
    assert read("белый").doctors == ()
    assert read("белый").rest == ("белый",)
    assert read("бе").rest == ("бе",)
