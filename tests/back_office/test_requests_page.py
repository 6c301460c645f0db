"""The page of requests: many hide none, proved phones stand apart, one person's stand together (W23, R12, R20)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import booking
from foundation.accounts.actors import site_visitor
from patients.choices import Channel
from tests import factories as make
from waitlist.choices import RequestState
from waitlist.models import WaitlistEntry, WaitlistRequest
from worklist.choices import TaskKind

pytestmark = pytest.mark.django_db
LIST = reverse("office:requests")


@pytest.fixture
def specialty():
    return make.specialty()


@pytest.fixture
def client(sign_in, operator):
    return sign_in(operator)


def handed_over(specialty, *, channel=Channel.SITE, proved=False, **who):
    wishes, person = make.wishes(specialty), make.person(**who)
    return booking.hand_over(person=person, wishes=wishes, channel=channel, by=make.TEST, proved=proved)


def page(client, request):
    return client.get(reverse("office:request", args=[request.pk]))


def names(answer):
    return [line.row.last_name for line in answer.context["lines"]]


def invented(specialty, count):
    """That many requests of invented people, all from one network."""
    columns = {"specialty": specialty, "channel": Channel.SITE, "birth_date": "1990-01-01", "date_from": "2026-01-01"}
    WaitlistRequest.objects.bulk_create(
        WaitlistRequest(
            **columns,
            last_name=f"Выдумка{number}",
            first_name="Имя",
            phone=f"+7921{number:07}",
            consent_ip="203.0.113.7",
            created_by=site_visitor(session=str(number)).ref,
        )
        for number in range(count)
    )


def test_many_invented_requests_hide_nobody(client, specialty):
    invented(specialty, 60)
    handed_over(specialty, last_name="Настоящая", first_name="Анна")
    seen = [name for number in (1, 2, 3) for name in names(client.get(LIST, {"page": number}))]
    assert (len(seen), len(set(seen)), seen.index("Настоящая")) == (61, 61, 2)


def test_proved_phones_stand_apart(client, specialty):
    handed_over(specialty, last_name="Подтверждённая", proved=True)
    handed_over(specialty, last_name="Чужая")
    handed_over(specialty, last_name="Регистратурная", channel=Channel.REGISTRY)
    every, proved, unproved = (client.get(LIST, {"phone": code}) for code in ("", "proved", "unproved"))
    assert names(every) == ["Подтверждённая", "Чужая", "Регистратурная"]
    assert (names(proved), names(unproved)) == (["Подтверждённая", "Регистратурная"], ["Чужая"])
    assert [tab.count for tab in every.context["tabs"]] == [3, 2, 1]


def test_the_menu_counts_proved_requests_beside_the_calls_in_one_statement(client, specialty):
    """Those of nobody known wait apart, and the title repeats the calls alone."""
    counted, statements = [], []
    for proved in (False, True, True):
        with CaptureQueriesContext(connection) as asked:
            shown = client.get(reverse("office:emergencies"))
        counted.append([item.waiting for item in shown.context["office_nav"] if item.waiting is not None])
        statements.append([query["sql"] for query in asked if "waitlist_waitlistrequest" in query["sql"]])
        handed_over(specialty, proved=proved)
    assert counted == [[0, 0], [0, 0], [0, 1]]
    assert [len(each) for each in statements] == [1, 1, 1]
    assert "worklist_task" in statements[0][0], "calls and requests are counted together"
    assert "<title>Экстренные" in shown.content.decode()


def test_the_menu_leaves_a_request_whose_visitor_waits_for_a_call_to_the_calls(client, specialty):
    request = handed_over(specialty, proved=True)
    make.task(kind=TaskKind.NO_CODE, subject=request.pk)
    shown = client.get(LIST)
    assert [item.waiting for item in shown.context["office_nav"] if item.waiting is not None] == [1, 0]
    assert names(shown) == []


def test_the_proof_of_a_phone_outlives_a_repetition(specialty):
    who = {"last_name": "Орлова", "phone": "+79210001122", "birth_date": make.person().birth_date}
    handed_over(specialty, proved=True, **who)
    assert handed_over(specialty, **who).phone_proved


def test_requests_of_one_person_stand_together(client, specialty):
    other = make.specialty("Трихология", "трихолог")
    born = make.person().birth_date
    one = handed_over(specialty, last_name="Орлова", first_name="Анна", phone="+79210001122", birth_date=born)
    same_name = handed_over(other, last_name="ОРЛОВА", first_name="Анна", phone="+79210003344", birth_date=born)
    same_number = handed_over(other, last_name="Яр", first_name="Лев", phone="+79210001122")
    handed_over(specialty, last_name="Чужая", phone="+79210005566")
    (line,) = [each for each in client.get(LIST).context["lines"] if each.row == one]
    assert [row for row, _words in line.same] == [same_name, same_number]


def test_a_known_patient_is_shown_with_their_entry(client, specialty):
    patient = make.patient(last_name="Орлова", first_name="Анна")
    entry = make.entry(make.specialty("Трихология", "трихолог"), who=patient)
    who = {name: getattr(patient, name) for name in ("last_name", "first_name", "patronymic", "birth_date")}
    request = handed_over(specialty, phone=str(patient.phone), **who)
    (known,) = page(client, request).context["line"].known
    assert (known.patient, known.entries) == (patient, [entry])
    assert reverse("office:entry", args=[entry.pk]) in client.get(LIST).content.decode()


def test_free_times_come_before_the_list(client, specialty):
    request = handed_over(specialty)
    assert not page(client, request).context["times"]
    make.shift(make.doctor(make.service(specialty)), slots=2)
    shown = page(client, request)
    text = shown.content.decode()
    assert len(shown.context["times"]) == 2
    assert text.index(shown.context["times"][0].words) < text.index(reverse("office:request_enter", args=[request.pk]))
    client.post(reverse("office:request_enter", args=[request.pk]))
    entry = WaitlistEntry.objects.get()
    assert reverse("office:entry", args=[entry.pk]) in page(client, request).content.decode()


def test_a_closed_request_offers_nothing(client, specialty):
    request = handed_over(specialty)
    client.post(reverse("office:request_close", args=[request.pk]))
    request.refresh_from_db()
    shown = page(client, request)
    assert (request.state, shown.context["is_open"]) == (RequestState.CLOSED, False)
    assert reverse("office:request_enter", args=[request.pk]) not in shown.content.decode()


def test_statements_do_not_grow_with_the_list(client, specialty):
    counts = []
    for number in range(3):
        patient = make.patient(last_name=f"Орлов{number}", first_name="Лев")
        make.entry(make.specialty(f"Отдел {number}", "врач"), who=patient)
        who = {name: getattr(patient, name) for name in ("last_name", "first_name", "patronymic", "birth_date")}
        handed_over(specialty, phone=str(patient.phone), **who)
        client.get(LIST)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(LIST)
        counts.append(len(captured))
    assert counts[0] == counts[2]
