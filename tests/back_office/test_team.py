"""The head sees the team, and takes a call that nobody makes any more."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.accounts.actors import staff
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from tests import factories as make
from tests import phoning
from waitlist import matching
from worklist import duty
from worklist.actions import claims
from worklist.models import Claim

pytestmark = pytest.mark.django_db
REASON = "Смена окончена"


@pytest.fixture
def client_of():
    """Gives a browser of its own to somebody else."""

    def signed_in(person) -> Client:
        other = Client()
        other.force_login(person, backend="foundation.accounts.backend.StaffBackend")
        return other

    return signed_in


@pytest.fixture
def head(sign_in):
    return sign_in(make.user(Role.HEAD, last_name="Главная"))


@pytest.fixture
def offer(operator):
    specialty = make.specialty()
    make.entry(specialty)
    shift = make.shift(make.doctor(make.service(specialty)), days=3, slots=1)
    made = matching.offer_slot(slot=make.slots_of(shift)[0].pk)
    return phoning.claim(offer=made.pk, by=staff(operator))


def take_url():
    return reverse("office:team_take", args=[Claim.objects.get().pk])


def test_who_is_there_and_who_is_on_which_call(head, operator, offer):
    resting = make.user(Role.OPERATOR, last_name="Свободная")
    for person in (operator, resting):
        duty.note(staff(person))
    page = head.get(reverse("office:team"))
    calling, free = page.context["rows"]
    assert (calling.name, calling.on_duty, calling.call.people) == (
        operator.get_full_name(),
        True,
        [offer.patient.full_name],
    )
    assert (free.name, free.on_duty, free.call) == (resting.get_full_name(), True, None)
    assert next((row.due, row.open) for row in page.context["queue"]) == (0, 1)


def test_whom_the_pages_show_is_written_down(head, offer):
    for url, where in ((reverse("office:team"), "office:team"), (take_url(), "office:team_take")):
        head.get(url)
        assert AuditEvent.objects.filter(action="patient.shown", patient=offer.patient_id, object_ref=where).exists()


def test_an_empty_office_says_so(head):
    page = head.get(reverse("office:team"))
    assert (page.context["rows"], page.context["on_duty"], page.context["on_calls"]) == ([], 0, 0)


def test_an_open_page_is_sent_only_what_has_changed(head):
    seen = head.get(reverse("office:team")).context["seen"]
    part = reverse("office:team_part")
    assert head.get(part, {"seen": seen}).status_code == 204
    claims.claim_next(by=make.actor(Role.OPERATOR))
    assert head.get(part, {"seen": seen}).status_code == 204
    task = make.task()
    claims.claim(task=task.pk, by=make.actor(Role.OPERATOR))
    assert str(Claim.objects.get().pk) in head.get(part, {"seen": seen}).content.decode()


def test_the_page_asks_as_often_for_many_as_for_one(head):
    head.get(reverse("office:team"))

    def asked() -> int:
        task = make.task()
        by = make.actor(Role.OPERATOR)
        duty.note(by)
        claims.claim(task=task.pk, by=by)
        with CaptureQueriesContext(connection) as queries:
            head.get(reverse("office:team_part"))
        return len([query for query in queries if query["sql"].startswith("SELECT")])

    assert len({asked() for _ in range(3)}) == 1


def test_a_call_is_taken_with_a_reason(head, operator, offer):
    assert head.get(take_url()).context["name"] == operator.get_full_name()
    refused = head.post(take_url(), {"reason": ""})
    assert (refused.status_code, Claim.objects.count()) == (422, 1)
    assert head.post(take_url(), {"reason": REASON}).url == reverse("office:team")
    assert not Claim.objects.exists()


def test_the_page_of_a_call_that_is_over_says_so(head, offer, operator):
    url = take_url()
    phoning.give_back(offer=offer.pk, by=staff(operator))
    assert head.get(url).context["over"]
    answer = head.post(url, {"reason": REASON})
    assert (answer.status_code, answer.context["call"]) == (409, None)


def test_the_open_page_of_the_call_says_who_has_taken_it_and_still_takes_the_outcome(head, client_of, operator, offer):
    theirs = client_of(operator)
    alive = reverse("office:call_alive", args=[offer.pk])
    assert theirs.post(alive).context["taken"] == ""
    head.post(take_url(), {"reason": REASON})
    assert REASON in theirs.post(alive).content.decode()
    assert REASON in theirs.get(reverse("office:call", args=[offer.pk])).content.decode()
    answer = theirs.post(reverse("office:call_finish", args=[offer.pk]), {"outcome": "no_answer"})
    assert answer.url == reverse("office:calls")


def test_a_call_about_a_visit_says_it_too(head, client_of, registrar):
    visit = make.appointment(make.slots_of(make.shift(make.doctor(), days=3))[0])
    make.absence(visit.doctor, visit.starts_at, visit.ends_at)
    theirs = client_of(registrar)
    assert theirs.post(reverse("office:call_next")).status_code == 302
    task = Claim.objects.get().key and visit.patient.tasks.get()
    head.post(take_url(), {"reason": REASON})
    assert REASON in theirs.post(reverse("office:task_alive", args=[task.pk])).content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.HEAD])
def test_only_the_head_sees_the_team(sign_in, role):
    assert sign_in(make.user(role)).get(reverse("office:team")).status_code == 403
