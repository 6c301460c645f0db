"""Stranded visits at the desk and the contact centre: the call and its ends, the open page (S04)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import booking
from back_office.presenters.broken import WHY
from booking import gate
from booking.choices import RebookOutcome
from foundation.accounts.choices import Role
from patients.choices import EndReason
from scheduling.choices import AbsenceKind, Alternative, CancelReason
from scheduling.models import Doctor, Slot
from tests import factories as make
from tests.back_office.rebooking.stranded import LIST, NEXT, moved_elsewhere, rows, strand, url, visit_of
from tests.booking import test_gate
from waitlist.errors import NobodyPhonesThen
from worklist.choices import TaskKind, TaskState, Turn
from worklist.errors import ClaimedByAnother, TaskClosed
from worklist.models import Claim, Task

pytestmark = pytest.mark.django_db


# The call


def test_the_call_has_the_script_the_facts_and_three_times(desk, service, doctor, claimed):
    beside = make.slots_of(make.shift(make.doctor(service), days=2))[0]
    soonest = make.slots_of(make.shift(make.doctor(service), days=1))[0]
    page = desk.get(url("task", claimed))
    text, visit = page.content.decode(), visit_of(claimed)
    assert [each.slot.pk for each in page.context["proposals"]][1:] == [beside.pk, soonest.pk]
    assert [each.idea for each in page.context["proposals"]] == [str(idea.label) for idea in Alternative]
    assert [each.key for each in page.context["proposals"]] == ["1", "2", "3"]
    assert f"Приём {page.context['time']}, доктор Белова Анна Сергеевна, не состоится" in text
    assert "врача в это время не будет" in text
    for fact in (visit.doctor.full_name, visit.room.location.address, visit.service.name, visit.patient.full_name):
        assert fact in text


def test_what_is_offered_is_held_by_nobody_until_it_is_agreed(desk, service, claimed):
    make.shift(make.doctor(service), days=2)
    assert desk.get(url("task", claimed)).context["proposals"]
    assert not Slot.objects.exclude(hold_token=None).exists()


def test_a_call_about_a_child_goes_to_the_representative(desk, doctor, by):
    (task,) = strand(doctor, people=[make.child(phone="")])
    booking.claim_task(task=task.pk, by=by)
    who = visit_of(task).representation
    text = desk.get(url("task", task)).content.decode()
    assert f'href="tel:{who.phone.as_e164}"' in text
    assert f"<h1>Перезапись: {who.full_name}</h1>" in text


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("room", "кабинет в это время закрыт"),
        ("location", "клиника в это время не работает"),
        (None, "клиника в это время не работает"),
    ],
)
def test_the_patient_is_told_the_reason_that_is_theirs_to_know(desk, doctor, by, place, words):
    visit = make.appointment(make.slots_of(make.shift(doctor, days=2))[0])
    where = {"room": doctor.room, "location": doctor.room.location}
    make.away(None, 2, 2, kind=AbsenceKind.REPAIR, **({place: where[place]} if place else {}))
    task = Task.objects.get(subject=visit.pk)
    booking.claim_task(task=task.pk, by=by)
    assert desk.get(url("task", task)).context["reason"] == words


def test_a_family_is_phoned_once(desk, doctor, by):
    people = [make.patient(phone="+79210001122", first_name=name) for name in ("Анна", "Вера")]
    first, second = strand(doctor, visits=2, people=people)
    booking.claim_task(task=first.pk, by=by)
    assert desk.get(url("task", first)).context["also"] == 1
    booking.cancel(appointment=first.subject, reason=CancelReason.DOCTOR_AWAY, by=by)
    assert desk.post(NEXT).url == url("task", second)


def test_the_call_costs_a_fixed_number_of_statements(desk, service, claimed):
    counts = []
    for days in (1, 2):
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(url("task", claimed)).status_code == 200
        counts.append(len(asked))
        for _ in range(3):
            make.shift(make.doctor(service), days=days)
    assert counts[0] == counts[1] <= 20


# How it ends


@pytest.mark.parametrize("idea", [0, 1, 2])
def test_each_proposal_moves_the_visit_in_one_press(desk, service, claimed, idea):
    make.shift(make.doctor(service), days=2)
    make.shift(make.doctor(service), days=1)
    proposal = desk.get(url("task", claimed)).context["proposals"][idea]
    answers = [desk.post(url("move", claimed), {"to": proposal.slot.pk}) for _press in range(2)]
    assert [answer.url for answer in answers] == [url("task", claimed)] * 2
    visit = visit_of(claimed)
    assert (visit.starts_at, visit.doctor_id) == (proposal.slot.starts_at, proposal.slot.doctor_id)
    assert visit.events.filter(kind="moved").count() == 1
    claimed.refresh_from_db()
    assert (claimed.state, claimed.outcome) == (TaskState.DONE, RebookOutcome.MOVED)


def test_after_a_move_the_facts_are_read_out_and_the_next_call_comes(desk, doctor, claimed):
    proposal = desk.get(url("task", claimed)).context["proposals"][0]
    page = desk.post(url("move", claimed), {"to": proposal.slot.pk}, follow=True)
    assert (page.status_code, page.context["moved"]) == (200, True)
    assert visit_of(claimed).informed_at is None
    told = desk.post(url("told", claimed), follow=True)
    assert visit_of(claimed).informed_at is not None
    assert NEXT in told.content.decode()


def test_a_time_that_somebody_took_keeps_the_call_and_shows_others(desk, claimed):
    first = desk.get(url("task", claimed)).context["proposals"][0].slot
    make.appointment(Slot.objects.get(pk=first.pk))
    answer = desk.post(url("move", claimed), {"to": first.pk})
    assert answer.status_code == 409
    assert answer.context["proposals"][0].slot.starts_at > first.starts_at
    assert answer.context["error"]


def test_a_time_that_is_none_is_not_found(desk, claimed):
    assert [desk.post(url("move", claimed), {"to": to}).status_code for to in ("", "nonsense", uuid4())] == [404] * 3


def test_the_visit_is_cancelled_because_the_doctor_is_away(desk, claimed):
    answers = [desk.post(url("cancel", claimed), follow=True) for _press in range(2)]
    assert [(answer.status_code, answer.context["moved"]) for answer in answers] == [(200, False)] * 2
    visit = visit_of(claimed)
    assert (visit.status, visit.cancel_reason) == ("cancelled", CancelReason.DOCTOR_AWAY)
    claimed.refresh_from_db()
    assert (claimed.state, claimed.outcome) == (TaskState.DONE, RebookOutcome.CANCELLED)


@pytest.mark.parametrize("outcome", ["no_answer", "busy", "wrong_number", "call_back"])
def test_each_outcome_ends_the_call_and_puts_the_task_off(desk, claimed, outcome):
    tomorrow = timezone.localdate() + timedelta(days=1)
    typed = {"outcome": outcome, "call_back_day": tomorrow, "call_back_time": "12:00"}
    answer = desk.post(url("finish", claimed), typed)
    assert answer.url == LIST
    claimed.refresh_from_db()
    assert (claimed.state, claimed.outcome, claimed.attempts) == (TaskState.OPEN, outcome, 1)
    assert claimed.not_before > timezone.now()
    assert not Claim.objects.exists()
    assert desk.post(url("finish", claimed), typed).status_code == 409


@pytest.mark.parametrize("outcome", ["", "moved", "cancelled", "nonsense"])
def test_an_outcome_is_one_of_those_of_a_call(desk, claimed, outcome):
    answer = desk.post(url("finish", claimed), {"outcome": outcome})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["outcome"])
    claimed.refresh_from_db()
    assert claimed.attempts == 0


def test_call_back_needs_a_later_time(desk, claimed):
    yesterday = timezone.localdate() - timedelta(days=1)
    for typed in ({}, {"call_back_day": yesterday, "call_back_time": "12:00"}):
        answer = desk.post(url("finish", claimed), {"outcome": "call_back", **typed})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["call_back_time"])


def test_u33_one_press_promises_a_call_back_at_a_usual_time(desk, claimed):
    assert "quarter" in [each.choice for each in desk.get(url("task", claimed)).context["call_backs"]]
    before = timezone.now()
    assert desk.post(url("finish", claimed), {"call_back": "quarter"}).url == LIST
    claimed.refresh_from_db()
    assert (claimed.outcome, claimed.turn) == (RebookOutcome.CALL_BACK, Turn.PROMISED)
    assert timedelta(0) <= claimed.not_before - before - timedelta(minutes=15) < timedelta(minutes=1)


def test_w14_nobody_is_promised_a_call_outside_of_the_calling_hours(settings, desk, claimed):
    settings.CALL_HOURS = [("09:00", "20:00"), ("10:00", "18:00")]
    tomorrow = timezone.localdate() + timedelta(days=1)
    typed = {"outcome": "call_back", "call_back_day": tomorrow, "call_back_time": "21:00"}
    answer = desk.post(url("finish", claimed), typed)
    assert (answer.status_code, answer.context["error"]) == (422, str(NobodyPhonesThen()))
    assert "21:00" in answer.content.decode()


# The open page


def test_an_open_call_asks_often_and_writes_seldom(desk, claimed):
    with CaptureQueriesContext(connection) as asked:
        assert desk.post(url("alive", claimed)).status_code == 204
    assert [query["sql"] for query in asked if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []
    Claim.objects.update(until=timezone.now() + timedelta(seconds=5))
    assert desk.post(url("alive", claimed)).status_code == 204
    assert Claim.objects.get().until > timezone.now() + timedelta(minutes=1)


def taken_back(task):
    doctor = visit_of(task).doctor
    booking.remove_absence(absence=doctor.absences.get(), by=make.TEST)


def cancelled_elsewhere(task):
    booking.cancel(appointment=task.subject, reason=CancelReason.PATIENT, by=make.TEST)


@pytest.mark.parametrize("happens", [taken_back, moved_elsewhere, cancelled_elsewhere])
def test_an_open_call_is_told_that_there_is_nothing_to_say_any_more(desk, claimed, happens):
    happens(claimed)
    told = desk.post(url("alive", claimed))
    assert (told.status_code, told.context["gone"]) == (200, str(TaskClosed.message))
    page = desk.get(url("task", claimed))
    assert (page.status_code, page.context["error"]) == (409, str(TaskClosed.message))
    assert rows(desk.get(LIST)) == []


@pytest.mark.parametrize("happens", [taken_back, moved_elsewhere, cancelled_elsewhere])
def test_an_old_page_does_not_undo_what_somebody_else_has_agreed(desk, claimed, happens):
    proposal = desk.get(url("task", claimed)).context["proposals"][0]
    happens(claimed)
    before = visit_of(claimed)
    answers = [desk.post(url("move", claimed), {"to": proposal.slot.pk}), desk.post(url("cancel", claimed))]
    assert [answer.status_code for answer in answers] == [409, 409]
    after = visit_of(claimed)
    assert (after.starts_at, after.status) == (before.starts_at, before.status)


def test_an_open_call_is_told_when_somebody_else_has_taken_it(desk, claimed):
    Claim.objects.update(until=timezone.now() - timedelta(seconds=1))
    booking.claim_task(task=claimed.pk, by=make.actor(Role.OPERATOR))
    assert desk.post(url("alive", claimed)).context["gone"] == str(ClaimedByAnother.message)


# Visits that the rules no longer allow


@pytest.fixture
def refused(doctor):
    """A visit of a child whom the doctor does not see any more; another doctor does."""
    make.shift(make.doctor(doctor.services.get(), last_name="Громов"), days=3)
    make.appointment(make.slots_of(make.shift(doctor, days=2))[0], of=make.child())
    Doctor.objects.filter(pk=doctor.pk).update(min_age=18)
    booking.recheck_doctor(doctor=doctor, by=make.TEST)
    return Task.objects.get(kind=TaskKind.REBOOK)


def test_each_line_says_why(desk, refused):
    strand(make.doctor(last_name="Громов"), days=4)
    lines = {line.task: line.why for line in rows(desk.get(LIST))}
    assert lines.pop(refused.pk) == ["врач не принимает пациентов этого возраста"]
    assert list(lines.values()) == [[f"Громов А.С.: больничный, {make.moment(4):%d.%m.%Y}"]]
    assert "врач не принимает пациентов этого возраста" in desk.get(LIST).content.decode()


def test_the_call_says_why_and_offers_times_that_fit(desk, refused, by):
    booking.claim_task(task=refused.pk, by=by)
    page = desk.get(url("task", refused))
    text = page.content.decode()
    assert (page.context["absence"], page.context["reason"]) == ("", "врач не принимает пациентов этого возраста")
    assert "Мы проверили запись: врач не принимает пациентов этого возраста." in text
    assert {each.slot.doctor.last_name for each in page.context["proposals"]} == {"Громов"}
    assert desk.post(url("move", refused), {"to": page.context["proposals"][0].slot.pk}).status_code == 302
    assert visit_of(refused).doctor.last_name == "Громов"


def test_the_clinic_cancels_a_visit_that_it_may_not_keep(desk, refused, by):
    booking.claim_task(task=refused.pk, by=by)
    desk.post(url("cancel", refused))
    assert visit_of(refused).cancel_reason == CancelReason.CLINIC


def test_a_visit_stays_as_it_is_with_a_reason(desk, refused, by):
    booking.claim_task(task=refused.pk, by=by)
    nothing = desk.post(url("keep", refused), {"note": " "})
    assert (nothing.status_code, list(nothing.context["keep_form"].errors)) == (422, ["note"])
    pages = [desk.post(url("keep", refused), {"note": "врач согласна"}, follow=True) for _press in range(2)]
    assert [(page.status_code, page.context["title"]) for page in pages] == [(200, "Визит остаётся как есть")] * 2
    visit = visit_of(refused)
    assert (visit.status, visit.events.get(kind="kept").reason) == ("booked", "врач согласна")
    history = desk.get(reverse("office:appointment", args=[visit.pk])).content.decode()
    assert "остаётся как есть" in history
    assert rows(desk.get(LIST)) == []


def test_a_stranded_visit_does_not_stay(desk, claimed):
    assert url("keep", claimed) not in desk.get(url("task", claimed)).content.decode()
    assert desk.post(url("keep", claimed), {"note": "врач согласна"}).status_code == 409
    assert visit_of(claimed).events.filter(kind="kept").count() == 0


def test_the_appointment_says_why_it_is_to_be_rebooked(desk, refused):
    text = desk.get(reverse("office:appointment", args=[refused.subject])).content.decode()
    assert "Визит больше не по правилам: врач не принимает пациентов этого возраста." in text
    assert url("claim", refused) in text


def test_the_call_asks_who_comes_with_a_child_for_whom_nobody_acts(desk, doctor, by):
    visit = make.appointment(make.slots_of(make.shift(doctor, days=2))[0], of=make.child())
    father = make.parent_of(visit.patient, first_name="Пётр", last_name="Орлов")
    today = timezone.localdate()
    booking.end_representation(
        representation=visit.representation, last_day=today, reason=EndReason.RIGHTS_ENDED, by=make.TEST
    )
    task = Task.objects.get()
    booking.claim_task(task=task.pk, by=by)
    page = desk.get(url("task", task))
    assert (page.context["may_come"], page.context["reason"]) == ([father], "в этот день ребёнка никто не представляет")
    assert "Кто придёт с ребёнком?" in page.content.decode()
    answers = [desk.post(url("representative", task), {"who": father.pk}, follow=True) for _press in range(2)]
    assert [answer.context["title"] for answer in answers] == ["Визит остаётся как есть"] * 2
    assert visit_of(task).representation == father
    assert desk.post(url("representative", task), {"who": visit.representation_id}).status_code == 404


def test_a_call_about_anything_else_does_not_ask_who_comes(desk, refused, by):
    booking.claim_task(task=refused.pk, by=by)
    page = desk.get(url("task", refused))
    assert (page.context["nobody_acts"], page.context["may_come"]) == (False, [])


def test_every_rule_that_a_visit_has_to_keep_has_words():
    """The errors are those of the gate's own test, one for each check."""
    errors = {check: error for check, (_spoil, error) in test_gate.HELD.items()}
    assert list(errors) == list(gate.HOLDING)
    assert list(WHY) == [error.code for error in errors.values()]
