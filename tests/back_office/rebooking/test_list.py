"""Stranded visits at the desk and the contact centre: the list, the menu, claims, and what other pages say (S04)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import booking
from booking.choices import RebookOutcome
from foundation.accounts.actors import staff
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from scheduling.choices import AbsenceKind, CancelReason
from scheduling.models import Appointment
from tests import factories as make
from tests import phoning
from tests.back_office.rebooking.stranded import LIST, NEXT, PART, moved_elsewhere, rows, said, strand, url, visit_of
from waitlist import matching
from waitlist.models import SlotOffer
from worklist.choices import TaskKind, TaskState
from worklist.errors import ClaimedByAnother, FinishFirst, NotClaimed
from worklist.models import Claim, Task

pytestmark = pytest.mark.django_db


# The list


def test_visits_are_listed_with_how_far_each_absence_is(desk, doctor, service):
    first = strand(doctor, visits=3)
    other = make.doctor(service, last_name="Громов")
    strand(other, days=3)
    booking.cancel(appointment=first[0].subject, reason=CancelReason.PATIENT, by=make.TEST)
    page = desk.get(LIST)
    ill = [f"Белова А.С.: больничный, {make.moment(2):%d.%m.%Y}", f"Громов А.С.: больничный, {make.moment(3):%d.%m.%Y}"]
    assert {cause.title: tuple(cause.progress) for cause in page.context["causes"]} == {ill[0]: (1, 3), ill[1]: (0, 1)}
    assert [line.why for line in rows(page)] == [[ill[0]], [ill[0]], [ill[1]]]
    assert (page.context["due"], page.context["waiting"]) == (3, 3)


def test_a_line_says_whom_to_call_about_what(desk, doctor):
    child = make.child(phone="")
    (task,) = strand(doctor, people=[child])
    (row,) = rows(desk.get(LIST))
    visit = visit_of(task)
    assert (row.name, row.phone, row.answers) == (
        f"{child.full_name}, {child.age}",
        visit.representation.phone.as_international,
        visit.representation.full_name,
    )
    assert (row.title, row.about, row.claim.calling) == ("Перезаписать", "Белова А.С., Приём дерматолога", False)


def test_an_empty_list_says_what_it_is_for(desk):
    text = desk.get(LIST).content.decode()
    assert "Звонить некому" in text
    assert "Когда отсутствие вносят поверх записей" in text


def test_a_line_says_who_is_calling_and_until_when_it_is_put_off(desk, doctor, by):
    talking, waiting, mine = strand(doctor, visits=3)
    colleague = make.actor(Role.OPERATOR)
    booking.claim_task(task=waiting.pk, by=colleague)
    booking.finish_rebooking_call(task=waiting.pk, outcome=RebookOutcome.BUSY, by=colleague)
    booking.claim_task(task=talking.pk, by=colleague)
    booking.claim_task(task=mine.pk, by=by)
    page = desk.get(LIST)
    found = {row.task: row for row in rows(page)}
    assert [(found[task.pk].claim.calling, found[task.pk].claim.mine) for task in (talking, waiting, mine)] == [
        (True, False),
        (False, False),
        (True, True),
    ]
    assert found[talking.pk].claim.by_name == colleague.name
    assert found[waiting.pk].why[-1] == "1: занято"
    assert found[waiting.pk].claim.put_off_until > timezone.now()
    assert page.context["mine"] == url("task", mine)
    assert page.context["due"] == 0


def test_the_nearest_visit_is_called_about_first(desk, doctor, by):
    later, nearer = (strand(doctor, days=days)[0] for days in (5, 2))
    page = desk.get(LIST)
    assert [row.task for row in rows(page)] == [nearer.pk, later.pk]
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
    (line,) = rows(desk.get(LIST))
    assert (line.task, line.why) == (task.pk, [f"Вся клиника: клиника закрыта, {make.moment(2):%d.%m.%Y}"])


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
    shown = AuditEvent.objects.filter(action="patient.shown", object_ref="office:calls")
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
    assert counts[0] == counts[1] <= 13


# The menu


def menu(client):
    """Returns the number that the menu shows beside the calls, and the beginning of the page's title."""
    page = client.get(reverse("office:emergencies"))
    title = page.content.decode().split("<title>")[1].split(" ")[0]
    return [item.waiting for item in page.context["office_nav"] if item.waiting is not None], title


@pytest.mark.parametrize(
    ("role", "counted", "title"),
    [
        (Role.REGISTRAR, [2], "(2)"),
        (Role.OPERATOR, [3, 0], "(3)"),
        (Role.HEAD, [2], "(2)"),
        (Role.SCHEDULE_ADMIN, [], "Экстренные"),
        (Role.DOCTOR, [], "Экстренные"),
    ],
)
def test_the_menu_and_the_title_count_what_is_to_be_called_now(sign_in, doctor, role, counted, title):
    put_off, *_due = strand(doctor, visits=3)
    Task.objects.filter(pk=put_off.pk).update(not_before=timezone.now() + timedelta(hours=1))
    make.task()
    assert menu(sign_in(role)) == (counted, title)


def test_the_menu_shows_no_number_when_nobody_waits(desk):
    assert menu(desk)[0] == [0]
    assert '<span class="nowrap" id="menu-calls"></span>' in desk.get(LIST).content.decode()


def test_a_part_of_a_page_does_not_count_for_the_menu(desk, doctor):
    strand(doctor)
    with CaptureQueriesContext(connection) as whole:
        desk.get(LIST)
    with CaptureQueriesContext(connection) as part:
        desk.get(PART, {"seen": "older"})
    counting = ('COUNT(*) AS "__count"', 'COUNT("worklist_task"."id") AS "number"')
    counts = [sum(any(sign in query["sql"] for sign in counting) for query in asked) for asked in (whole, part)]
    assert counts == [2, 1], "the button «Следующий» counts once in both"


# Claims


def test_next_claims_the_first_and_opens_the_call(desk, doctor, by):
    first, _second = strand(doctor, visits=2)
    answer = desk.post(NEXT)
    assert answer.url == url("task", first)
    assert Claim.objects.get().by == by.ref


def test_next_with_an_empty_list_says_so(desk):
    answer = desk.post(NEXT)
    assert (answer.url, said(answer)) == (LIST, ["Сейчас звонить некому. Следующий звонок появится здесь сам."])


def test_two_people_never_get_the_same_number(desk, doctor):
    first, second = strand(doctor, visits=2)
    booking.claim_next_task(by=make.actor(Role.OPERATOR))
    assert desk.post(NEXT).url == url("task", second)
    assert desk.post(url("claim", first)).url == url("task", second), "one person, one call"
    assert sorted(Claim.objects.values_list("key", flat=True)) == sorted([first.claim_key, second.claim_key])


def test_a_number_in_somebodys_hands_cannot_be_claimed(desk, task):
    booking.claim_task(task=task.pk, by=make.actor(Role.OPERATOR))
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
    booking.claim_task(task=first.pk, by=by)
    answer = desk.post(url("claim", second))
    assert (answer.url, said(answer)) == (url("task", first), [str(FinishFirst.message)])


def test_an_operator_is_led_to_the_call_begun_whatever_it_is_about(sign_in, operator, service, doctor):
    phone, by = sign_in(operator), staff(operator)
    make.entry(service.specialty)
    matching.offer_slot(slot=make.slots_of(make.shift(make.doctor(service), days=5, slots=1))[0].pk)
    offer, (task,) = SlotOffer.objects.get(), [each for each in strand(doctor) if each.kind == TaskKind.REBOOK]
    phoning.claim(offer=offer.pk, by=by)
    assert phone.post(NEXT).url == phone.post(url("claim", task)).url == reverse("office:call", args=[offer.pk])
    phoning.give_back(offer=offer.pk, by=by)
    booking.claim_task(task=task.pk, by=by)
    assert phone.post(NEXT).url == phone.post(url("claim", offer.task)).url == url("task", task)


def test_giving_back_writes_no_call(desk, claimed):
    assert desk.post(url("back", claimed)).url == LIST
    claimed.refresh_from_db()
    assert (claimed.state, claimed.attempts, Claim.objects.count()) == (TaskState.OPEN, 0, 0)
    assert desk.post(url("back", claimed)).status_code == 409


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.SCHEDULE_ADMIN])
def test_who_does_not_book_does_not_see_the_list(sign_in, task, role):
    client = sign_in(role)
    assert [client.get(LIST).status_code, client.post(NEXT).status_code] == [403, 403]


def test_unknown_ids_are_not_found(desk):
    names = ["task_claim", "task_alive", "task_back", "rebooking_move", "rebooking_told", "rebooking_finish"]
    assert desk.get(reverse("office:rebooking_task", args=[uuid4()])).status_code == 404
    assert {desk.post(reverse(f"office:{name}", args=[uuid4()])).status_code for name in names} == {404}


def test_a_task_of_another_kind_is_not_found(desk):
    assert desk.get(url("task", make.task())).status_code == 404


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


def test_o29_who_keeps_the_schedule_sees_when_and_not_whose(sign_in, task):
    visit = Appointment.objects.select_related("patient", "doctor").get(pk=task.subject)
    page = reverse("office:absence", args=[visit.doctor.absences.get().pk])
    seen = {role: sign_in(role).get(page).content.decode() for role in (Role.SCHEDULE_ADMIN, Role.HEAD)}
    assert {role: visit.patient.last_name in text for role, text in seen.items()} == {
        Role.SCHEDULE_ADMIN: False,
        Role.HEAD: True,
    }
    assert f"{visit.local_start:%H:%M}" in seen[Role.SCHEDULE_ADMIN]


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
