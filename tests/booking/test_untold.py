"""What no message has told a patient is a task to phone, while that is of use; it closes by itself."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

import booking
from booking.choices import RebookOutcome
from foundation.accounts.actors import staff
from foundation.accounts.choices import Role
from notifications.actions import sending
from notifications.models import Message
from notifications.queries import undelivered
from scheduling.choices import CancelReason
from scheduling.models import AppointmentEvent
from tests import factories as make
from tests.phone import Phone
from waitlist.errors import CallBackTimeNeeded
from worklist.choices import TaskKind, TaskState
from worklist.errors import NotClaimed
from worklist.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def slots():
    return make.slots_of(make.shift(make.doctor(), slots=4))


@pytest.fixture
def visit(slots):
    return make.appointment(slots[0])


@pytest.fixture
def untold(slots):
    """A visit of somebody without a phone, with its task."""
    visit = make.appointment(slots[0], of=make.patient(phone=""))
    booking.renew_untold()
    return visit


def task_of(visit) -> Task:
    return Task.objects.get(kind=TaskKind.UNTOLD, subject=visit.pk)


def is_open(visit) -> bool:
    booking.renew_untold()
    return Task.objects.filter(kind=TaskKind.UNTOLD, subject=visit.pk, state=TaskState.OPEN).exists()


def fail(at):
    """The provider is away for so long, and every try that is due is made."""
    Phone.away = True
    with time_machine.travel(at, tick=False):
        Message.objects.filter(state="queued").update(due_at=at)
        sending.send_due()


@pytest.mark.parametrize(
    ("minutes", "there"), [(0, False), (14, False), (15, True), (60, True)], ids=lambda value: str(value)
)
def test_a_provider_that_is_away_for_long_makes_a_task_and_the_tries_go_on(phone, visit, minutes, there):
    now = timezone.now()
    fail(now)
    with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
        assert is_open(visit) is there
    assert Message.objects.get().state == "queued"


def test_a_visit_that_is_near_is_a_task_at_the_first_failure(phone, visit):
    at = visit.starts_at - undelivered.SOON
    fail(at - timedelta(seconds=1))
    with time_machine.travel(at, tick=False):
        assert is_open(visit)


def test_a_task_names_the_number_and_lasts_until_the_visit_begins(phone, visit):
    now = timezone.now()
    fail(now)
    with time_machine.travel(now + timedelta(hours=1), tick=False):
        booking.renew_untold()
        booking.renew_untold()
    task = task_of(visit)
    assert (task.phone, task.patient_id) == (visit.patient.phone, visit.patient_id)
    assert (task.due_at, task.expires_at) == (visit.starts_at, visit.starts_at)
    with time_machine.travel(visit.starts_at, tick=False):
        assert not is_open(visit)
    assert task_of(visit).state == TaskState.DROPPED


def test_it_closes_when_the_provider_takes_the_message_after_all(phone, visit):
    now = timezone.now()
    fail(now)
    with time_machine.travel(now + timedelta(hours=1), tick=False):
        assert is_open(visit)
        Phone.away = False
        sending.send_due()
        assert not is_open(visit)


def test_nobody_to_write_to_is_a_task_from_the_first(untold):
    assert (task_of(untold).state, task_of(untold).phone) == (TaskState.OPEN, "")


def test_it_closes_at_once_when_somebody_has_told_the_patient_and_stays_closed(untold):
    booking.mark_informed(appointment=untold.pk, by=make.TEST)
    task = task_of(untold)
    assert (task.state, task.outcome, task.closed_by) == (TaskState.DONE, RebookOutcome.TOLD, make.TEST.ref)
    assert not is_open(untold)


def test_who_was_told_at_the_desk_before_the_message_failed_is_no_task(phone, visit):
    booking.mark_informed(appointment=visit.pk, by=make.TEST)
    now = timezone.now()
    fail(now)
    with time_machine.travel(now + timedelta(hours=1), tick=False):
        assert not is_open(visit)


def test_a_new_time_has_to_be_told_anew(untold, slots):
    booking.mark_informed(appointment=untold.pk, by=make.TEST)
    booking.move(appointment=untold.pk, to_slot=slots[2].pk, by=make.TEST)
    assert is_open(untold)


def test_a_message_sent_again_closes_it_until_that_fails_too(phone, visit):
    now = timezone.now()
    fail(now)
    with time_machine.travel(now + timedelta(hours=1), tick=False) as clock:
        assert is_open(visit)
        booking.send_again(appointment=visit.pk, by=make.TEST)
        assert not is_open(visit)
        fail(timezone.now())
        clock.shift(timedelta(hours=1))
        assert is_open(visit)


def test_that_it_is_cancelled_has_to_be_told_instead(untold):
    booking.cancel(appointment=untold.pk, reason=CancelReason.PATIENT, by=make.TEST)
    assert is_open(untold)


def test_it_closes_when_the_visit_was_entered_in_error(untold):
    booking.enter_in_error(appointment=untold.pk, by=make.TEST, note="не тот")
    assert not is_open(untold)


def test_it_closes_when_the_patient_has_come(untold):
    with time_machine.travel(untold.starts_at - timedelta(minutes=5), tick=False):
        booking.check_in(appointment=untold.pk, by=make.TEST)
        assert not is_open(untold)


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.OPERATOR])
def test_the_desk_and_the_contact_centre_claim_it_and_tell(sign_in, untold, role):
    person = make.user(role)
    client = sign_in(person)
    assert "Сообщить: сообщение не дошло" in client.get(reverse("office:calls")).content.decode()
    answer = client.post(reverse("office:call_next"))
    assert answer.url == reverse("office:rebooking_task", args=[task_of(untold).pk])
    page = client.get(answer.url).content.decode()
    assert [fact for fact in (untold.doctor.full_name, untold.room.location.address) if fact not in page] == []
    told = reverse("office:rebooking_told", args=[task_of(untold).pk])
    assert {client.post(told).url for _twice in range(2)} == {answer.url}
    assert "Пациенту сообщено" in client.get(answer.url).content.decode()
    untold.refresh_from_db()
    assert untold.informed_by == staff(person).ref
    assert not is_open(untold)


def test_it_is_counted_in_the_menu_with_the_visits_to_rebook(sign_in, untold):
    page = sign_in(Role.REGISTRAR).get(reverse("office:day"))
    assert [item.waiting for item in page.context["office_nav"] if item.waiting is not None] == [1]
    assert "<title>(1) " in page.content.decode()


def test_a_call_that_reached_nobody_comes_again(untold, by):
    task = booking.claim_next_task(by=by)
    with pytest.raises(CallBackTimeNeeded):
        booking.finish_rebooking_call(task=task.pk, outcome=RebookOutcome.CALL_BACK, by=by)
    booking.finish_rebooking_call(task=task.pk, outcome=RebookOutcome.NO_ANSWER, by=by)
    assert (task_of(untold).state, task_of(untold).attempts) == (TaskState.OPEN, 1)


def test_nobody_tells_without_the_call(untold):
    with pytest.raises(NotClaimed):
        booking.tell(task=task_of(untold).pk, by=make.TEST)


def test_a_cancellation_that_was_told_is_in_the_history(untold, by):
    booking.cancel(appointment=untold.pk, reason=CancelReason.CLINIC, by=make.TEST)
    booking.renew_untold()
    task = booking.claim_next_task(by=by)
    booking.tell(task=task.pk, by=by)
    assert AppointmentEvent.objects.filter(appointment=untold, kind="informed").count() == 1
    assert not is_open(untold)
