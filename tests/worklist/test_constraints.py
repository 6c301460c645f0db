"""Every constraint of `worklist`, violated behind the actions' back."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests import factories as make
from tests.constraints import Cases, violates
from worklist.choices import TaskState
from worklist.models import Claim, TakenCall, Task

pytestmark = pytest.mark.django_db


def task(**columns):
    return Task.objects.filter(pk=make.task().pk).update(**columns)


def claim(**columns):
    return Claim.objects.create(**{"key": uuid4().hex, "by": f"staff:{uuid4().hex}", "until": timezone.now()} | columns)


def opened_twice():
    subject = uuid4()
    return [make.task(subject=subject) for _ in range(2)]


CASES: Cases = {
    "task_one_open": opened_twice,
    "task_kind_known": lambda: task(kind="whim"),
    "task_closed_by_someone": lambda: task(state=TaskState.DROPPED, closed_at=timezone.now()),
    "task_done_with_outcome": lambda: task(state=TaskState.DONE, closed_at=timezone.now(), closed_by="staff:1"),
    "claim_one_per_number": lambda: [claim(key="+79210001122") for _ in range(2)],
    "claim_one_per_person": lambda: [claim(by="staff:1") for _ in range(2)],
    "claim_by_someone": lambda: claim(by=""),
    "taken_call_with_reason": lambda: TakenCall.objects.create(pk=uuid4(), key="1", taken_from="staff:1", by="staff:2"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_database_refuses(name):
    with violates(name):
        CASES[name]()


def test_a_task_has_no_other_state():
    with violates("task_closed_by_someone"):
        task(state="forgotten", closed_at=timezone.now(), closed_by="staff:1")


def test_a_closed_task_makes_room_for_the_next():
    former = make.task()
    Task.objects.update(state=TaskState.DROPPED, closed_at=timezone.now(), closed_by="staff:1")
    assert make.task(subject=former.subject).state == TaskState.OPEN


@pytest.mark.parametrize("name", CASES)
def test_each_has_a_sentence_for_people(name):
    declared = {each.name: each for model in (Task, Claim, TakenCall) for each in model._meta.constraints}
    sentence = str(declared[name].violation_error_message)
    assert sentence.endswith(".")
    assert name not in sentence


def test_a_number_that_is_taken_is_refused_with_that_sentence():
    claim(key="+79210001122")
    with pytest.raises(ValidationError) as refused:
        Claim(key="+79210001122", by="staff:2", by_name="Вера", until=timezone.now()).full_clean()
    assert len(refused.value.messages) == 1
