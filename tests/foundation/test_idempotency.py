"""The same form sent again does nothing more; anything else is another form."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import RequestFactory
from django.utils import timezone

from booking.holding import BrokenVisit
from booking.verbs import Kind, verb
from foundation.errors import DomainError
from foundation.idempotency.errors import MadeIsGone
from foundation.idempotency.made import described, read_again
from foundation.idempotency.models import HandledForm
from foundation.idempotency.once import A_DAY, FIELD, form_sent
from scheduling.errors import AgeNotServed, SlotTaken
from scheduling.models import Specialty
from tests import factories as make

pytestmark = pytest.mark.django_db
KEY = uuid4().hex


class Refused(DomainError):
    code, message = "refused", "no"


@verb(Kind.BESIDE, keeps=(LookupError,))
def add(*, error: Exception | None = None) -> Specialty:
    made = Specialty.objects.create(name=uuid4().hex, slug=uuid4().hex, doctor_title="врач")
    if error:
        raise error
    return made


@verb(Kind.BESIDE)
def add_too() -> list[Specialty]:
    return [Specialty.objects.create(name=uuid4().hex, slug=uuid4().hex, doctor_title="врач")]


def press(work=add, *, key=KEY, by="staff:1", path="/form/", within=A_DAY, method="post", **typed):
    sent = getattr(RequestFactory(), method)(path, {FIELD: key, **typed} if key else typed)
    with form_sent(sent, within=within, by=by):
        return work()


def test_the_same_form_again_gets_what_it_made():
    first = press(note="a")
    assert press(note="a", csrfmiddlewaretoken="drawn anew") == first
    assert (Specialty.objects.get(), HandledForm.objects.count()) == (first, 1)


@pytest.mark.parametrize(
    "other",
    [{"key": uuid4().hex}, {"by": "staff:2"}, {"path": "/form/?who=2"}, {"note": "b"}, {"work": add_too}],
    ids=lambda other: next(iter(other)),
)
def test_another_form_person_address_text_or_verb_counts_anew(other):
    press(note="a")
    press(**{"note": "a"} | other)
    assert Specialty.objects.count() == 2


@pytest.mark.parametrize("without", [{"key": ""}, {"within": None}, {"method": "get"}], ids=["key", "once", "post"])
def test_what_has_no_key_or_is_not_to_count_once_counts_each_time(without):
    for _ in range(2):
        press(**without)
    assert (Specialty.objects.count(), HandledForm.objects.count()) == (2, 0)


@pytest.mark.parametrize("error", [Refused(), LookupError()], ids=["rolled back", "kept"])
def test_a_refused_form_is_not_remembered(error):
    with pytest.raises(type(error)):
        press(lambda: add(error=error))
    assert HandledForm.objects.count() == 0
    assert press() == Specialty.objects.latest("pk")


def test_after_its_time_the_same_form_counts_anew_and_then_leads_there():
    two_minutes = timedelta(minutes=2)
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        first = press(within=two_minutes)
    with time_machine.travel(now + two_minutes - timedelta(seconds=1), tick=False):
        assert press(within=two_minutes) == first
    with time_machine.travel(now + two_minutes, tick=False):
        second = press(within=two_minutes)
        assert press(within=two_minutes) == second
    assert set(Specialty.objects.all()) == {first, second}


def test_what_was_taken_back_is_not_made_again():
    press().delete()
    with pytest.raises(MadeIsGone):
        press()
    assert Specialty.objects.count() == 0


def test_rows_lists_and_plain_values_are_read_again_as_they_were():
    rows = [add(), add()]
    for made in (rows, rows[0], [], None, 3):
        assert read_again(described(made)) == made


def test_a_dataclass_is_read_again_with_its_rows_and_errors():
    visit = make.appointment()
    made = BrokenVisit(visit, [AgeNotServed(), SlotTaken([visit.slots.get()])])
    again = read_again(described(made))
    assert (again.visit, [type(error) for error in again.refusals]) == (visit, [AgeNotServed, SlotTaken])
    assert again.refusals[1].alternatives == made.refusals[1].alternatives
