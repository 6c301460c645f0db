"""Stranded visits at the desk and the contact centre: the list, the call, its ends, and what other pages say (S04)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import booking
from back_office.presenters.broken import WHY
from booking import gate
from booking.choices import RebookOutcome
from foundation.accounts.actors import staff
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from patients.choices import EndReason
from scheduling.choices import AbsenceKind, Alternative, CancelReason
from scheduling.models import Appointment, Doctor, Slot
from tests import factories as make
from tests.booking import test_gate
from waitlist import matching
from waitlist.models import SlotOffer
from worklist.choices import TaskKind, TaskState
from worklist.errors import ClaimedByAnother, FinishFirst, NotClaimed, TaskClosed
from worklist.models import Claim, Task

pytestmark = pytest.mark.django_db

LIST, PART, NEXT = "/office/rebooking/", "/office/rebooking/queue/", "/office/rebooking/next/"


@pytest.fixture
def desk(sign_in, registrar):
    return sign_in(registrar)


@pytest.fixture
def by(desk):
    return staff(desk.user)


@pytest.fixture
def service():
    return make.service()


@pytest.fixture
def doctor(service):
    return make.doctor(service)


def strand(doctor, *, visits=1, days=2, people=()):
    """Books so many visits of one day and closes the day; returns their tasks in the order of time."""
    slots = make.slots_of(make.shift(doctor, days=days, slots=visits))
    for number, slot in enumerate(slots):
        make.appointment(slot, of=people[number] if people else make.patient())
    make.away(doctor, days, days, kind=AbsenceKind.SICK)
    return list(Task.objects.filter(state=TaskState.OPEN).order_by("due_at"))


@pytest.fixture
def task(doctor):
    """A stranded visit whose doctor works again two days later."""
    make.shift(doctor, days=4)
    return strand(doctor)[0]


@pytest.fixture
def claimed(task, by):
    booking.claim_rebooking(task=task.pk, by=by)
    return task


def url(name, task):
    return reverse(f"office:rebooking_{name}", args=[task.pk])


def visit_of(task):
    return Appointment.objects.get(pk=task.subject)


def rows(page):
    return [row for group in page.context["groups"] for row in group.rows]


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


# The list


def test_visits_are_listed_by_absence_with_how_far_each_is(desk, doctor, service):
    first = strand(doctor, visits=3)
    other = make.doctor(service, last_name="Громов")
    strand(other, days=3)
    booking.cancel(appointment=first[0].subject, reason=CancelReason.PATIENT, by=make.TEST)
    page = desk.get(LIST)
    assert [(group.title, tuple(group.progress), len(group.rows)) for group in page.context["groups"]] == [
        (f"Белова А.С.: больничный, {make.moment(2):%d.%m.%Y}", (1, 3), 2),
        (f"Громов А.С.: больничный, {make.moment(3):%d.%m.%Y}", (0, 1), 1),
    ]
    assert (page.context["due"], page.context["waiting"]) == (3, 3)


def test_a_line_says_whom_to_call_about_what(desk, doctor):
    child = make.child(phone="")
    (task,) = strand(doctor, people=[child])
    (row,) = rows(desk.get(LIST))
    visit = visit_of(task)
    assert (row.patient, row.phone, row.answers) == (
        child.full_name,
        visit.representation.phone.as_international,
        visit.representation.full_name,
    )
    assert (row.doctor, row.service, row.attempts, row.claim.calling) == ("Белова А.С.", "Приём дерматолога", 0, False)


def test_an_empty_list_says_what_it_is_for(desk):
    text = desk.get(LIST).content.decode()
    assert "Перезаписывать некого" in text
    assert "Когда отсутствие вносят поверх записей" in text


def test_a_line_says_who_is_calling_and_until_when_it_is_put_off(desk, doctor, by):
    talking, waiting, mine = strand(doctor, visits=3)
    colleague = make.actor(Role.OPERATOR)
    booking.claim_rebooking(task=waiting.pk, by=colleague)
    booking.finish_rebooking_call(task=waiting.pk, outcome=RebookOutcome.BUSY, by=colleague)
    booking.claim_rebooking(task=talking.pk, by=colleague)
    booking.claim_rebooking(task=mine.pk, by=by)
    page = desk.get(LIST)
    found = {row.pk: row for row in rows(page)}
    assert [(found[task.pk].claim.calling, found[task.pk].claim.mine) for task in (talking, waiting, mine)] == [
        (True, False),
        (False, False),
        (True, True),
    ]
    assert found[talking.pk].claim.by_name == colleague.name
    assert (found[waiting.pk].attempts, found[waiting.pk].outcome) == (1, "занято")
    assert found[waiting.pk].claim.put_off_until > timezone.now()
    assert page.context["mine"].pk == mine.pk
    assert page.context["due"] == 0


def test_the_nearest_visit_is_called_about_first(desk, doctor, by):
    later, nearer = (strand(doctor, days=days)[0] for days in (5, 2))
    page = desk.get(LIST)
    assert [row.pk for row in rows(page)] == [nearer.pk, later.pk]
    assert desk.post(NEXT).url == url("task", nearer)


def test_of_one_family_the_nearest_visit_is_called_about_first(desk, doctor, by):
    later, nearer = (strand(doctor, days=days, people=[make.patient(phone="+79210009988")])[0] for days in (5, 2))
    later, nearer = Task.objects.get(pk=later.pk), Task.objects.exclude(pk=later.pk).get()
    assert later.waiting_since < nearer.waiting_since
    assert desk.post(NEXT).url == url("task", nearer)


def test_what_another_absence_closes_too_is_listed_under_that_one(desk, doctor):
    (task,) = strand(doctor)
    make.away(None, 2, 2, kind=AbsenceKind.CLOSED)
    booking.remove_absence(absence=doctor.absences.get(), by=make.TEST)
    (group,) = desk.get(LIST).context["groups"]
    title = f"Вся клиника: клиника закрыта, {make.moment(2):%d.%m.%Y}"
    assert (group.title, [row.pk for row in group.rows]) == (title, [task.pk])


def test_an_open_list_asks_for_nothing_until_something_changes(desk, doctor):
    seen = desk.get(LIST).context["seen"]
    assert desk.get(PART, {"seen": seen}).status_code == 204
    (task,) = strand(doctor)
    answer = desk.get(PART, {"seen": seen})
    assert (answer.status_code, str(task.pk) in answer.content.decode()) == (200, True)


def test_a_patient_of_the_list_is_audited_once_an_open_page(desk, doctor):
    (task,) = strand(doctor)
    desk.get(LIST)
    desk.get(PART, {"seen": "older"})
    shown = AuditEvent.objects.filter(action="patient.shown", object_ref="office:rebooking")
    assert [event.patient for event in shown] == [task.patient_id]


def test_the_list_costs_the_same_for_one_and_for_three(desk, doctor, service):
    strand(doctor)
    counts = []
    for number in range(2):
        desk.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            page = desk.get(LIST)
        counts.append(len([query for query in asked if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]))
        if number == 0:
            strand(make.doctor(service), visits=2, days=3)
    assert len(rows(page)) == 3
    assert counts[0] == counts[1] <= 12


# The menu


def menu(client):
    """Returns the numbers that the menu shows, by the part of the address they stand at."""
    page = client.get(reverse("office:emergencies"))
    return {item.counted: item.waiting for item in page.context["office_nav"]() if item.counted}


@pytest.mark.parametrize(
    ("role", "counted"),
    [
        (Role.REGISTRAR, {"rebooking": 2}),
        (Role.OPERATOR, {"calls": 1, "rebooking": 2}),
        (Role.HEAD, {"rebooking": 2}),
        (Role.SCHEDULE_ADMIN, {}),
        (Role.DOCTOR, {}),
    ],
)
def test_the_menu_counts_what_is_to_be_called_now(sign_in, doctor, role, counted):
    put_off, *_due = strand(doctor, visits=3)
    Task.objects.filter(pk=put_off.pk).update(not_before=timezone.now() + timedelta(hours=1))
    make.task()
    assert menu(sign_in(role)) == counted


def test_the_menu_shows_no_number_when_nobody_waits(desk):
    assert menu(desk) == {"rebooking": 0}
    assert '<span class="nowrap" id="menu-rebooking"></span>' in desk.get(LIST).content.decode()


def test_a_part_of_a_page_does_not_count_for_the_menu(desk, doctor):
    strand(doctor)
    with CaptureQueriesContext(connection) as whole:
        desk.get(LIST)
    with CaptureQueriesContext(connection) as part:
        desk.get(PART, {"seen": "older"})
    counts = [
        sum('COUNT("worklist_task"."id") AS "number"' in query["sql"] for query in asked) for asked in (whole, part)
    ]
    assert counts == [2, 1], "the button «Следующий» counts once in both"


# Claims


def test_next_claims_the_first_and_opens_the_call(desk, doctor, by):
    first, _second = strand(doctor, visits=2)
    answer = desk.post(NEXT)
    assert answer.url == url("task", first)
    assert Claim.objects.get().by == by.ref


def test_next_with_an_empty_list_says_so(desk):
    answer = desk.post(NEXT)
    assert (answer.url, said(answer)) == (LIST, ["Сейчас некому звонить о переносе приёма."])


def test_two_people_never_get_the_same_number(desk, doctor):
    first, second = strand(doctor, visits=2)
    booking.claim_next_rebooking(by=make.actor(Role.OPERATOR))
    assert desk.post(NEXT).url == url("task", second)
    assert desk.post(url("claim", first)).url == url("task", second), "one person, one call"
    assert sorted(Claim.objects.values_list("key", flat=True)) == sorted([first.claim_key, second.claim_key])


def test_a_number_in_somebodys_hands_cannot_be_claimed(desk, task):
    booking.claim_rebooking(task=task.pk, by=make.actor(Role.OPERATOR))
    refused = desk.post(url("claim", task))
    assert (refused.status_code, refused.context["error"]) == (409, str(ClaimedByAnother.message))
    page = desk.get(url("task", task))
    assert (page.status_code, page.context["error"]) == (409, str(ClaimedByAnother.message))
    assert visit_of(task).patient.full_name not in page.content.decode()


def test_a_call_that_is_not_claimed_is_offered(desk, task):
    page = desk.get(url("task", task))
    assert (page.status_code, page.context["free"], page.context["error"]) == (409, True, str(NotClaimed.message))
    assert desk.post(url("claim", task)).url == url("task", task)
    assert desk.get(url("task", task)).status_code == 200


def test_the_call_that_is_not_finished_comes_first(desk, doctor, by):
    first, second = strand(doctor, visits=2)
    booking.claim_rebooking(task=first.pk, by=by)
    answer = desk.post(url("claim", second))
    assert (answer.url, said(answer)) == (url("task", first), [str(FinishFirst.message)])


def test_an_operator_is_led_from_one_queue_to_the_call_begun_in_the_other(sign_in, operator, service, doctor):
    phone, by = sign_in(operator), staff(operator)
    make.entry(service.specialty)
    matching.offer_slot(slot=make.slots_of(make.shift(make.doctor(service), days=5, slots=1))[0].pk)
    offer, (task,) = SlotOffer.objects.get(), [each for each in strand(doctor) if each.kind == TaskKind.REBOOK]
    booking.claim_call(offer=offer.pk, by=by)
    assert phone.post(NEXT).url == reverse("office:call", args=[offer.pk])
    booking.give_call_back(offer=offer.pk, by=by)
    booking.claim_rebooking(task=task.pk, by=by)
    assert phone.post(reverse("office:call_next")).url == url("task", task)
    assert phone.post(reverse("office:call_claim", args=[offer.pk])).url == url("task", task)


def test_giving_back_writes_no_call(desk, claimed):
    assert desk.post(url("give_back", claimed)).url == LIST
    claimed.refresh_from_db()
    assert (claimed.state, claimed.attempts, Claim.objects.count()) == (TaskState.OPEN, 0, 0)
    assert desk.post(url("give_back", claimed)).status_code == 409


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.SCHEDULE_ADMIN])
def test_who_does_not_book_does_not_see_the_list(sign_in, task, role):
    client = sign_in(role)
    assert [client.get(LIST).status_code, client.post(NEXT).status_code] == [403, 403]


def test_unknown_ids_are_not_found(desk):
    names = ["claim", "alive", "move", "told", "cancel", "finish", "give_back"]
    assert desk.get(reverse("office:rebooking_task", args=[uuid4()])).status_code == 404
    assert {desk.post(reverse(f"office:rebooking_{name}", args=[uuid4()])).status_code for name in names} == {404}


def test_a_task_of_another_kind_is_not_found(desk):
    assert desk.get(url("task", make.task())).status_code == 404


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


def test_a_call_about_a_child_goes_to_the_representative(desk, doctor, by):
    (task,) = strand(doctor, people=[make.child(phone="")])
    booking.claim_rebooking(task=task.pk, by=by)
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
    booking.claim_rebooking(task=task.pk, by=by)
    assert desk.get(url("task", task)).context["reason"] == words


def test_a_family_is_phoned_once(desk, doctor, by):
    people = [make.patient(phone="+79210001122", first_name=name) for name in ("Анна", "Вера")]
    first, second = strand(doctor, visits=2, people=people)
    booking.claim_rebooking(task=first.pk, by=by)
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


def moved_elsewhere(task):
    doctor = visit_of(task).doctor
    booking.move(appointment=task.subject, to_slot=doctor.slots.order_by("-starts_at")[0].pk, by=make.TEST)


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
    booking.claim_rebooking(task=claimed.pk, by=make.actor(Role.OPERATOR))
    assert desk.post(url("alive", claimed)).context["gone"] == str(ClaimedByAnother.message)


# What other pages say


def test_the_appointment_says_it_and_leads_to_the_call(desk, task):
    text = desk.get(reverse("office:appointment", args=[task.subject])).content.decode()
    assert "Врач в это время отсутствует" in text
    assert url("claim", task) in text
    moved_elsewhere(task)
    assert (
        "Врач в это время отсутствует"
        not in desk.get(reverse("office:appointment", args=[task.subject])).content.decode()
    )


def test_who_keeps_the_schedule_sees_it_without_the_way_to_the_call(sign_in, task):
    text = sign_in(Role.SCHEDULE_ADMIN).get(reverse("office:appointment", args=[task.subject])).content.decode()
    assert "Врач в это время отсутствует" in text
    assert url("claim", task) not in text


def test_who_writes_an_absence_is_told_how_many_visits_wait(sign_in, doctor):
    for slot in make.slots_of(make.shift(doctor, days=2, slots=2)):
        make.appointment(slot)
    day = make.moment(2).date()
    typed = {"kind": AbsenceKind.SICK, "first_day": day, "last_day": day, "seen": "1"}
    client = sign_in(Role.SCHEDULE_ADMIN)
    page = client.post(reverse("office:absence_add", args=[doctor.pk]), typed, follow=True)
    text = page.content.decode()
    assert "2 визита ждут перезаписи: пациентам позвонят регистратура и контакт-центр." in text
    assert "Перезаписано 0 из 2." in text
    booking.cancel(appointment=Task.objects.earliest("due_at").subject, reason=CancelReason.PATIENT, by=make.TEST)
    absence = doctor.absences.get()
    assert "Перезаписано 1 из 2." in client.get(reverse("office:absence", args=[absence.pk])).content.decode()


def test_an_absence_over_no_visit_speaks_of_none(sign_in, doctor):
    day = make.moment(2).date()
    typed = {"kind": AbsenceKind.SICK, "first_day": day, "last_day": day}
    page = sign_in(Role.SCHEDULE_ADMIN).post(reverse("office:absence_add", args=[doctor.pk]), typed, follow=True)
    assert [str(message) for message in page.context["messages"]] == [
        "Отсутствие записано. Свободное время этих дней закрыто."
    ]


# Visits that the rules no longer allow


@pytest.fixture
def refused(doctor):
    """A visit of a child whom the doctor does not see any more; another doctor does."""
    make.shift(make.doctor(doctor.services.get(), last_name="Громов"), days=3)
    make.appointment(make.slots_of(make.shift(doctor, days=2))[0], of=make.child())
    Doctor.objects.filter(pk=doctor.pk).update(min_age=18)
    booking.recheck_doctor(doctor=doctor, by=make.TEST)
    return Task.objects.get(kind=TaskKind.REBOOK)


def test_they_are_a_group_of_their_own_and_each_says_why(desk, refused):
    strand(make.doctor(last_name="Громов"), days=3)
    first, second = desk.get(LIST).context["groups"]
    assert (first.title, first.progress) == ("Визиты, которые больше не по правилам", None)
    assert [(row.pk, row.why) for row in first.rows] == [(refused.pk, "врач не принимает пациентов этого возраста")]
    assert [row.why for row in second.rows] == [""]
    assert "<b>врач не принимает пациентов этого возраста</b>" in desk.get(LIST).content.decode()


def test_the_call_says_why_and_offers_times_that_fit(desk, refused, by):
    booking.claim_rebooking(task=refused.pk, by=by)
    page = desk.get(url("task", refused))
    text = page.content.decode()
    assert (page.context["absence"], page.context["reason"]) == ("", "врач не принимает пациентов этого возраста")
    assert "Мы проверили запись: врач не принимает пациентов этого возраста." in text
    assert {each.slot.doctor.last_name for each in page.context["proposals"]} == {"Громов"}
    assert desk.post(url("move", refused), {"to": page.context["proposals"][0].slot.pk}).status_code == 302
    assert visit_of(refused).doctor.last_name == "Громов"


def test_the_clinic_cancels_a_visit_that_it_may_not_keep(desk, refused, by):
    booking.claim_rebooking(task=refused.pk, by=by)
    desk.post(url("cancel", refused))
    assert visit_of(refused).cancel_reason == CancelReason.CLINIC


def test_a_visit_stays_as_it_is_with_a_reason(desk, refused, by):
    booking.claim_rebooking(task=refused.pk, by=by)
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
    booking.claim_rebooking(task=task.pk, by=by)
    page = desk.get(url("task", task))
    assert (page.context["may_come"], page.context["reason"]) == ([father], "в этот день ребёнка никто не представляет")
    assert "Кто придёт с ребёнком?" in page.content.decode()
    answers = [desk.post(url("representative", task), {"who": father.pk}, follow=True) for _press in range(2)]
    assert [answer.context["title"] for answer in answers] == ["Визит остаётся как есть"] * 2
    assert visit_of(task).representation == father
    assert desk.post(url("representative", task), {"who": visit.representation_id}).status_code == 404


def test_a_call_about_anything_else_does_not_ask_who_comes(desk, refused, by):
    booking.claim_rebooking(task=refused.pk, by=by)
    page = desk.get(url("task", refused))
    assert (page.context["nobody_acts"], page.context["may_come"]) == (False, [])


def test_every_rule_that_a_visit_has_to_keep_has_words():
    """The errors are those of the gate's own test, one for each check."""
    errors = {check: error for check, (_spoil, error) in test_gate.HELD.items()}
    assert list(errors) == list(gate.HOLDING)
    assert list(WHY) == [error.code for error in errors.values()]
