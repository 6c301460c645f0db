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
from tests import phoning
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


def call(client, row, step="claim"):
    return client.post(reverse(f"office:task_{step}", args=[phoning.task_of(row.pk)]))


def page_of(row):
    return reverse("office:visitor", args=[row.pk])


def press(client, name, row):
    return client.post(reverse(f"office:request_{name}", args=[row.pk]))


def rows(client):
    return client.get(QUEUE).context["lines"]


def test_the_queue_shows_the_visitor_first_with_what_was_typed(operator, waiting):
    (row,) = rows(operator)
    assert (row.page, row.phone, row.about) == (page_of(waiting), "+7 921 000-11-22", "Белова А.С., Приём дерматолога")
    assert not row.claim.calling
    page = operator.get(QUEUE)
    assert (page.context["requests"], page.context["requests_count"], page.context["due"]) == ([], 0, 1)
    assert "Код не пришёл" in page.content.decode()


def test_phoned_and_booked(operator, waiting):
    assert call(operator, waiting).url == page_of(waiting)
    assert rows(operator)[0].claim.mine
    script = operator.get(page_of(waiting)).content.decode()
    assert [words in script for words in ("Орлова", "Белова Анна Сергеевна", "Подходит — записать")] == [True] * 3
    answer = press(operator, "book", waiting)
    visit = Appointment.objects.get()
    assert (answer.url, visit.channel) == (reverse("office:appointment", args=[visit.pk]), "phone")
    assert (rows(operator), Claim.objects.count()) == ([], 0)
    assert press(operator, "book", waiting).url == answer.url


def test_nobody_is_phoned_by_two(operator, waiting, sign_in):
    call(operator, waiting)
    second = sign_in(Role.OPERATOR)
    assert call(second, waiting).status_code == 409
    (row,) = rows(second)
    assert (row.claim.calling, row.claim.mine) == (True, False)


def test_next_takes_whoever_waits_at_their_screen(operator, waiting):
    assert operator.post(reverse("office:call_next")).url == page_of(waiting)
    assert rows(operator)[0].claim.mine


def test_one_call_at_a_time(operator, waiting):
    other = handed_over(make.slots_of(make.shift(make.doctor()))[0], phone="+79210001133", last_name="Ким")
    call(operator, waiting)
    assert call(operator, other).url == page_of(waiting)
    assert {row.page: row.claim.mine for row in rows(operator)} == {page_of(waiting): True, page_of(other): False}


def test_no_answer_comes_again_and_the_time_stays(operator, waiting):
    call(operator, waiting)
    press(operator, "not_reached", waiting)
    (row,) = rows(operator)
    assert (row.claim.mine, row.claim.put_off_until is not None, Task.objects.get().attempts) == (False, True, 1)
    assert Slot.objects.filter(hold_token=waiting.pk).exists()


def test_given_back_without_a_call(operator, waiting):
    call(operator, waiting)
    call(operator, waiting, "back")
    assert (rows(operator)[0].claim.calling, Task.objects.get().attempts) == (False, 0)


def test_no_longer_needed(operator, waiting):
    call(operator, waiting)
    press(operator, "close", waiting)
    assert (rows(operator), Claim.objects.count()) == ([], 0)
    assert not Slot.objects.filter(hold_token=waiting.pk).exists()


def test_put_on_the_list_instead(operator, waiting):
    call(operator, waiting)
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
    assert rows(operator)[0].why == ["уже не держим"]


def test_a_time_that_left_the_timetable_is_told_and_the_visitor_is_phoned_all_the_same(operator, waiting):
    booking.drop_hold(token=waiting.pk, by=make.TEST)
    Slot.objects.filter(pk=waiting.slot_id).delete()
    operator.post(reverse("office:call_next"))
    (row,) = rows(operator)
    assert (row.page, row.time, row.about, row.why, row.claim.mine) == (
        page_of(waiting),
        "Этого времени больше нет",
        "Приём дерматолога",
        ["уже не держим"],
        True,
    )
    words = operator.get(page_of(waiting)).content.decode()
    buttons = [reverse(f"office:request_{step}", args=[waiting.pk]) in words for step in ("book", "enter")]
    assert buttons == [False, True]
    press(operator, "close", waiting)
    assert (rows(operator), operator.get(QUEUE).context["due"]) == ([], 0)


def test_a_request_that_waits_for_a_call_is_not_listed_twice(operator, waiting, monkeypatch):
    other = handed_over(make.slots_of(make.shift(make.doctor()))[0], phone="+79210001133", last_name="Ким")
    page = operator.get(QUEUE)
    assert {row.page for row in page.context["lines"]} == {page_of(waiting), page_of(other)}
    monkeypatch.setattr(queue, "LISTED", 1)
    page = operator.get(QUEUE)
    assert (len(page.context["lines"]), page.context["waiting"], page.context["requests"]) == (1, 2, [])


def test_the_page_of_a_call_that_nobody_has_taken_offers_it(operator, waiting):
    page = operator.get(page_of(waiting))
    assert (page.status_code, page.context["free"]) == (409, True)
    assert "Орлова" not in page.content.decode()
    booking.close_request(request=waiting.pk, by=make.TEST)
    assert operator.get(page_of(waiting)).url == reverse("office:request", args=[waiting.pk])


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
    assert (page.context["lines"], page.context["due"]) == ([], 0)
