"""T116: keys are changed while people book, correct numbers and type codes; afterwards the former ones can go."""

from functools import partial

import pytest

from clinic.rotation import rotate
from foundation import encryption
from notifications.actions import phone_codes
from patients.choices import DocumentKind
from patients.data import Seen
from patients.demandable import Demandable
from patients.fields import blind_index
from patients.models import IdentityDocument
from tests import factories as make
from tests.messages import code_of
from tests.races.harness import in_turns, run_at_once
from tests.turned_keys import turn

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
KEPT, BOOKED, CODES, ROTATIONS, LONG = 24, 8, 6, 4, 10


@pytest.fixture
def use(settings):
    yield partial(turn, settings)
    encryption._ring.cache_clear()


def number(count):
    return f"4015 {count:06d}"


def book(slot, count):
    shown = Seen(document=Demandable.IDENTITY, kind=DocumentKind.RF_PASSPORT, number=number(count))
    make.appointment(slot, seen=[shown])
    return number(count)


def correct(pk, count):
    row = IdentityDocument.objects.get(pk=pk)
    row.number, row.number_index = number(count), blind_index(number(count))
    row.save(update_fields=["number", "number_index"])
    return number(count)


def type_code(phone, visitor):
    phone_codes.send(phone=phone, asked_by=visitor)
    phone_codes.check(phone=phone, code=code_of(phone), asked_by=visitor)


def a_day(begin, *, rotated=True):
    """Changes keys in the middle of a day; returns the numbers that have to be known at its end."""
    kept = [make.document(number(begin + count)) for count in range(KEPT)]
    slots = make.slots_of(make.shift(make.doctor(), slots=BOOKED))
    yield  # the keys are changed here
    booked = [partial(book, slot, begin + 100 + count) for count, slot in enumerate(slots)]
    corrected = [partial(correct, row.pk, begin + 200 + count) for count, row in enumerate(kept[: KEPT // 2])]
    typed = [partial(type_code, f"+7921{begin + count:07d}", f"visitor {count}") for count in range(CODES)]
    rotations = [lambda: list(rotate())] * (ROTATIONS if rotated else 0)
    outcome = run_at_once(in_turns(rotations, corrected, booked, typed), threads=8)
    assert outcome.refusals == []
    written = {value for value in outcome.values if isinstance(value, str)}
    yield written | {number(begin + count) for count in range(KEPT // 2, KEPT)}


def found(numbers):
    """Returns those that are read, and found, by the keys in the settings."""
    rows = IdentityDocument.objects.filter(number_index__in=[blind_index(each) for each in numbers])
    return {row.number for row in rows}


def test_nothing_is_lost_and_the_former_key_can_go(use, request):
    use("k0")
    known = set()
    for turned in range(1, LONG if request.config.getoption("--long") else 3):
        day = a_day(turned * 1000)
        next(day)
        use(f"k{turned}", f"k{turned - 1}")
        known |= next(day)
        use(f"k{turned}")
        assert found(known) == known


def test_control_without_a_rotation_the_former_key_cannot_go(use):
    use("k0")
    day = a_day(1000, rotated=False)
    next(day)
    use("k1", "k0")
    known = next(day)
    use("k1")
    assert found(known) < known
