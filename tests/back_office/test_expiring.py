"""W18 on the pages: whose wait ends stands in the queue, and their page asks whether it goes on."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories as make
from tests import phoning
from waitlist.actions import expiring
from waitlist.models import WaitlistEntry
from worklist.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(sign_in, operator):
    return sign_in(operator)


@pytest.fixture
def entry():
    made = make.entry(make.specialty())
    WaitlistEntry.objects.filter(pk=made.pk).update(waits_until=timezone.localdate() + timedelta(days=2))
    expiring.ask()
    return made


def url(name, entry):
    return reverse(f"office:{name}", args=[entry.pk])


def phoned(client, entry):
    return client.post(reverse("office:task_claim", args=[phoning.task_of(entry.pk)]))


def test_the_queue_leads_to_the_question_and_the_question_ends_it(client, entry):
    shown = client.get(reverse("office:calls"))
    assert [line.page for line in shown.context["lines"]] == [url("entry", entry)]
    assert phoned(client, entry).url == url("entry", entry)
    page = client.get(url("entry", entry))
    assert page.context["question"].claim.mine
    assert url("entry_not_reached", entry) in page.content.decode()
    assert client.post(url("entry_waits_on", entry)).url == url("entry", entry)
    assert client.get(url("entry", entry)).context["question"] is None
    assert client.get(reverse("office:calls")).context["lines"] == []


def test_whoever_has_named_no_last_day_is_asked_whether_they_still_wait(client, entry):
    assert "Вы ещё ждёте?" in client.get(url("entry", entry)).content.decode()
    WaitlistEntry.objects.update(date_until=timezone.localdate() + timedelta(days=2))
    assert "Срок ожидания" in client.get(url("entry", entry)).content.decode()


def test_whoever_did_not_answer_comes_up_again_later(client, entry):
    phoned(client, entry)
    assert client.post(url("entry_not_reached", entry)).url == reverse("office:calls")
    [row] = client.get(reverse("office:calls")).context["lines"]
    assert (row.claim.mine, row.claim.put_off_until) == (False, Task.objects.get().not_before)


def test_whoever_asks_somebody_else_is_led_back_to_them(client, entry):
    other = make.entry(make.specialty("Трихология"))
    WaitlistEntry.objects.filter(pk=other.pk).update(waits_until=timezone.localdate())
    expiring.ask()
    phoned(client, entry)
    assert phoned(client, other).url == url("entry", entry)
    seen = client.get(reverse("office:calls")).context["lines"]
    assert {line.page: line.claim.mine for line in seen} == {url("entry", entry): True, url("entry", other): False}


def test_a_step_without_a_claim_says_why_it_was_not_done(client, entry):
    refused = client.post(url("entry_not_reached", entry))
    assert (refused.status_code, bool(refused.context["error"])) == (409, True)


def test_the_statements_of_the_queue_do_not_grow_with_those_who_are_asked(client, entry):
    client.get(reverse("office:calls"))  # what is read once for all
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("office:calls"))
    for _ in range(2):
        more = make.entry(make.specialty())
        WaitlistEntry.objects.filter(pk=more.pk).update(waits_until=timezone.localdate())
    expiring.ask()
    with CaptureQueriesContext(connection) as three:
        assert len(client.get(reverse("office:calls")).context["lines"]) == 3
    assert len(three) == len(one)
