"""The contact centre sees who waits for a call instead of a code, phones each once, and books the time (T111)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

import booking
from back_office.presenters import queue
from foundation.accounts.actors import site_visitor
from foundation.accounts.choices import Role
from scheduling.models import Appointment, Slot
from tests import factories as make
from waitlist.errors import RequestHandled
from waitlist.models import WaitlistEntry, WaitlistRequest
from worklist import duty
from worklist.models import Claim, Task

pytestmark = pytest.mark.django_db
QUEUE = reverse("office:calls")


@pytest.fixture
def operator(sign_in):
    return sign_in(Role.OPERATOR)


@pytest.fixture
def waiting():
    duty.note(make.actor(Role.OPERATOR))
    return handed_over(make.slots_of(make.shift(make.doctor()))[0])


def handed_over(slot, **person):
    by, service = site_visitor(session=str(slot.pk)), slot.doctor.services.get()
    hold = booking.hold_on_site(slot=slot.pk, service=service, by=by, proved=False)
    return booking.hand_over_time(
        slot=slot.pk,
        service=service,
        hold=hold,
        person=make.person(**{"phone": "+79210001122", "last_name": "Орлова"} | person),
        consent_text="Согласен",
        by=by,
    )


def press(client, name, row):
    return client.post(reverse(f"office:request_{name}", args=[row.pk]))


def rows(client):
    return client.get(QUEUE).context["visitors"]


def test_the_queue_shows_the_visitor_first_with_what_was_typed(operator, waiting):
    (row,) = rows(operator)
    assert (row.pk, row.phone.as_e164, row.doctor, row.claim.calling) == (
        waiting.pk,
        "+79210001122",
        "Белова А.С.",
        False,
    )
    page = operator.get(QUEUE)
    assert (page.context["requests"], page.context["requests_count"], page.context["due"]) == ([], 0, 1)
    assert page.content.decode().index("Орлова") < page.content.decode().index("offers-title")


def test_phoned_and_booked(operator, waiting):
    assert press(operator, "phone", waiting).url == QUEUE
    assert rows(operator)[0].claim.mine
    answer = press(operator, "book", waiting)
    visit = Appointment.objects.get()
    assert (answer.url, visit.channel) == (reverse("office:appointment", args=[visit.pk]), "phone")
    assert (rows(operator), Claim.objects.count()) == ([], 0)
    assert press(operator, "book", waiting).url == answer.url


def test_nobody_is_phoned_by_two(operator, waiting, sign_in):
    press(operator, "phone", waiting)
    second = sign_in(Role.OPERATOR)
    assert press(second, "phone", waiting).status_code == 409
    (row,) = rows(second)
    assert (row.claim.calling, row.claim.mine) == (True, False)


def test_next_takes_whoever_waits_at_their_screen(operator, waiting):
    assert operator.post(reverse("office:call_next")).url == QUEUE
    assert rows(operator)[0].claim.mine


def test_one_call_at_a_time(operator, waiting):
    other = handed_over(make.slots_of(make.shift(make.doctor()))[0], phone="+79210001133", last_name="Ким")
    press(operator, "phone", waiting)
    answer = press(operator, "phone", other)
    assert answer.url == QUEUE
    assert [row.claim.mine for row in rows(operator)] == [True, False]


def test_no_answer_comes_again_and_the_time_stays(operator, waiting):
    press(operator, "phone", waiting)
    press(operator, "not_reached", waiting)
    (row,) = rows(operator)
    assert (row.claim.mine, row.claim.put_off_until is not None, Task.objects.get().attempts) == (False, True, 1)
    assert Slot.objects.filter(hold_token=waiting.pk).exists()


def test_given_back_without_a_call(operator, waiting):
    press(operator, "phone", waiting)
    press(operator, "back", waiting)
    assert (rows(operator)[0].claim.calling, Task.objects.get().attempts) == (False, 0)


def test_no_longer_needed(operator, waiting):
    press(operator, "phone", waiting)
    press(operator, "close", waiting)
    assert (rows(operator), Claim.objects.count()) == ([], 0)
    assert not Slot.objects.filter(hold_token=waiting.pk).exists()


def test_put_on_the_list_instead(operator, waiting):
    press(operator, "phone", waiting)
    press(operator, "enter", waiting)
    assert (rows(operator), WaitlistRequest.objects.get().state) == ([], "entered")


@pytest.mark.parametrize(
    ("first", "second"), [("enter", "book"), ("book", "enter"), ("close", "book"), ("close", "enter")]
)
def test_a_request_ends_once(operator, waiting, first, second):
    """A page that has grown old has both buttons; the second press is told, and the first stands."""
    press(operator, first, waiting)
    before = WaitlistRequest.objects.values().get()
    answer = press(operator, second, waiting)
    assert (answer.status_code, answer.context["error"]) == (409, str(RequestHandled()))
    assert WaitlistRequest.objects.values().get() == before
    assert Appointment.objects.count() == (first == "book")
    assert WaitlistEntry.objects.count() == (first == "enter")


@pytest.mark.parametrize("step", ["enter", "book"])
def test_the_same_press_again_is_the_same_answer(operator, waiting, step):
    assert press(operator, step, waiting).url == press(operator, step, waiting).url


def test_a_time_that_is_kept_no_longer_says_so(operator, waiting):
    WaitlistRequest.objects.update(held_until=timezone.now() - timedelta(minutes=1))
    assert rows(operator)[0].kept_until is None


def test_a_time_that_left_the_timetable_is_told_and_the_visitor_is_phoned_all_the_same(operator, waiting):
    booking.drop_hold(token=waiting.pk, by=make.TEST)
    Slot.objects.filter(pk=waiting.slot_id).delete()
    operator.post(reverse("office:call_next"))
    (row,) = rows(operator)
    assert (row.pk, row.time, row.doctor, row.place, row.kept_until, row.claim.mine) == (
        waiting.pk,
        "",
        "",
        "",
        None,
        True,
    )
    words = operator.get(QUEUE).content.decode()
    assert (f"book-{waiting.pk}" in words, f"enter-{waiting.pk}" in words) == (False, True)
    assert operator.get(QUEUE).context["requests"] == []
    press(operator, "close", waiting)
    assert (rows(operator), operator.get(QUEUE).context["due"]) == ([], 0)


def test_whose_time_is_still_kept_stands_before_those_whose_is_not(operator, waiting):
    WaitlistRequest.objects.update(held_until=timezone.now() - timedelta(minutes=1))
    kept = handed_over(make.slots_of(make.shift(make.doctor()))[0], phone="+79210001133", last_name="Ким")
    assert [row.pk for row in rows(operator)] == [kept.pk, waiting.pk]


def test_everybody_who_is_to_be_phoned_is_listed(operator, waiting, monkeypatch):
    other = handed_over(make.slots_of(make.shift(make.doctor()))[0], phone="+79210001133", last_name="Ким")
    monkeypatch.setattr(queue, "LISTED", 1)
    assert {row.pk for row in rows(operator)} == {waiting.pk, other.pk}


def test_a_time_that_somebody_else_has_is_told(operator, waiting):
    booking.drop_hold(token=waiting.pk, by=make.TEST)
    make.appointment(Slot.objects.get(pk=waiting.slot_id))
    assert press(operator, "book", waiting).status_code == 409
    assert Appointment.objects.count() == 1


def test_an_open_page_tells_that_somebody_is_there(operator):
    assert not duty.is_anybody()
    operator.get(reverse("office:emergency_alarm"))
    assert duty.is_anybody()


def test_a_closed_request_is_out_of_the_queue(operator, waiting):
    assert len(rows(operator)) == 1
    booking.close_request(request=waiting.pk, by=make.TEST)
    page = operator.get(QUEUE)
    assert (page.context["visitors"], page.context["due"]) == ([], 0)
