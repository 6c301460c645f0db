"""One person of the staff works on one phone number (R21, T09)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from foundation.accounts.choices import Permission, Role
from foundation.audit.models import AuditEvent
from tests import factories as make
from worklist import queries
from worklist.actions import claims, tasks
from worklist.choices import CLAIMED_WITH, Priority, TaskKind, Turn
from worklist.errors import ClaimedByAnother, FinishFirst, NotClaimed, NotYourKind, TaskClosed
from worklist.models import Claim, Task

pytestmark = pytest.mark.django_db

FAMILY = "+79210001122"


@pytest.fixture
def by():
    return make.actor(Role.OPERATOR)


@pytest.fixture
def other():
    return make.actor(Role.OPERATOR)


def held():
    return dict(Claim.objects.values_list("key", "by"))


def lapse():
    Claim.objects.update(until=timezone.now() - timedelta(seconds=1))


def test_nothing_to_do_is_nothing_claimed(by):
    assert claims.claim_next(by=by) is None
    assert held() == {}


def test_the_next_is_what_was_promised_then_what_is_fresh_then_what_dies_first(by):
    """W13: a time in 70 minutes comes before one in 20 days, whoever waits longer for it."""
    now = timezone.now()
    far = make.task(due_at=now + timedelta(days=20), waiting_since=now - timedelta(days=30))
    near = make.task(due_at=now + timedelta(minutes=70))
    at_once = make.task(due_at=now + timedelta(days=2), turn=Turn.AT_ONCE)
    fresh = make.task(due_at=now + timedelta(days=30), turn=Turn.FRESH)
    promised = make.task(due_at=now + timedelta(days=40), turn=Turn.PROMISED)
    taken = [claims.claim_next(by=make.actor(Role.OPERATOR)) for _ in range(5)]
    assert taken == [promised, fresh, near, far, at_once]


def test_of_what_is_due_together_the_order_of_r23_decides(by):
    now = timezone.now()
    alike = {"due_at": now + timedelta(days=1)}
    late = make.task(waiting_since=now, **alike)
    early = make.task(waiting_since=now - timedelta(days=2), **alike)
    urgent = make.task(waiting_since=now, priority=Priority.URGENT, **alike)
    taken = [claims.claim_next(by=make.actor(Role.OPERATOR)) for _ in range(3)]
    assert taken == [urgent, early, late]


def test_of_one_persons_tasks_the_one_that_is_due_first_comes_first(by):
    now, who = timezone.now(), make.patient()
    later = make.task(of=who, waiting_since=now, due_at=now + timedelta(days=2))
    sooner = make.task(of=who, waiting_since=now, due_at=now + timedelta(days=1))
    assert list(queries.queue(kinds=TaskKind)) == [sooner, later]


def test_a_family_on_one_number_is_one_claim(by, other):
    first, second = (make.task(phone=FAMILY) for _ in range(2))
    stranger = make.task()
    assert claims.claim_next(by=by) == first
    assert claims.claim_next(by=other) == stranger
    assert held() == {FAMILY: by.ref, str(stranger.claim_key): other.ref}
    assert list(queries.claimed_tasks(by=by)) == [first, second]


def test_a_patient_without_a_phone_is_one_claim_too(by, other):
    who = make.patient(phone="")
    first, _second = (make.task(of=who, phone="") for _ in range(2))
    assert claims.claim_next(by=by) == first
    assert claims.claim_next(by=other) is None
    assert held() == {str(who.pk): by.ref}


def test_a_task_without_phone_and_patient_is_claimed_alone(by):
    columns = {"kind": TaskKind.FREED_TIME, "priority": Priority.NORMAL}
    now = timezone.now()
    alone = tasks.open(patient=None, phone="", subject=uuid4(), waiting_since=now, due_at=now, **columns)
    assert claims.claim_next(by=by).pk == alone.pk
    assert held() == {str(alone.subject): by.ref}


def test_a_task_that_comes_later_belongs_to_the_claim_of_its_number(by, other):
    first = make.task(phone=FAMILY)
    claims.claim_next(by=by)
    second = make.task(phone=FAMILY)
    assert claims.claim_next(by=other) is None
    with pytest.raises(ClaimedByAnother):
        claims.claim(task=second.pk, by=other)
    assert list(queries.claimed_tasks(by=by)) == [first, second]


def test_who_has_a_claim_keeps_it(by):
    first, second = make.task(), make.task()
    assert [claims.claim_next(by=by) for _ in range(2)] == [first, first]
    with pytest.raises(FinishFirst):
        claims.claim(task=second.pk, by=by)
    assert held() == {first.claim_key: by.ref}


def test_a_claim_is_written_down_once(by):
    task = make.task()
    for _click in range(2):
        claims.claim_next(by=by)
    event = AuditEvent.objects.get(action="task.claimed")
    assert (event.actor, event.patient, event.object_ref) == (by.ref, task.patient_id, str(task.pk))


def test_a_task_is_taken_out_of_turn_and_taken_again(by):
    _first, second = make.task(), make.task()
    for _click in range(2):
        assert claims.claim(task=second.pk, by=by) == second
    assert held() == {second.claim_key: by.ref}


def test_what_is_put_off_is_not_next_but_may_be_taken(by):
    task = make.task(not_before=timezone.now() + timedelta(hours=1))
    assert claims.claim_next(by=by) is None
    assert claims.claim(task=task.pk, by=by) == task
    assert claims.claim_next(by=by) == task


def test_what_has_expired_or_is_closed_is_not_handed_out(by):
    expired = make.task(expires_at=timezone.now())
    closed = make.task()
    tasks.close(task=closed.pk, by=by)
    assert claims.claim_next(by=by) is None
    for task in (expired, closed):
        with pytest.raises(TaskClosed):
            claims.claim(task=task.pk, by=by)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OPERATOR])
def test_r21_only_the_contact_centre_claims_the_waitlists_kind(role):
    task, somebody = make.task(), make.actor(role)
    with pytest.raises(NotYourKind):
        claims.claim(task=task.pk, by=somebody)
    assert claims.claim_next(by=somebody) is None
    assert held() == {}


def test_every_kind_says_who_may_claim_it():
    assert set(CLAIMED_WITH) == set(TaskKind)
    assert CLAIMED_WITH[TaskKind.FREED_TIME] == Permission.WORK_WAITLIST


def test_an_open_page_keeps_the_claim(by):
    task = make.task()
    claims.claim_next(by=by)
    Claim.objects.update(until=timezone.now() + timedelta(seconds=5))
    assert claims.keep_alive(task=task.pk, by=by)
    assert Claim.objects.get().until > timezone.now() + timedelta(minutes=1)


def test_a_page_that_asks_often_writes_once_a_minute(by, settings):
    task = make.task()
    claims.claim_next(by=by)
    for seconds, written in ((59, False), (61, True)):
        until = timezone.now() + timedelta(minutes=settings.CLAIM_MINUTES, seconds=-seconds)
        Claim.objects.update(until=until)
        assert claims.keep_alive(task=task.pk, by=by)
        assert (Claim.objects.get().until != until) == written


def test_nobody_keeps_the_claim_of_another(by, other):
    task = make.task()
    claims.claim_next(by=by)
    until = Claim.objects.get().until
    assert not claims.keep_alive(task=task.pk, by=other)
    assert Claim.objects.get().until == until


def test_the_claim_of_a_dead_browser_goes_to_the_next(by, other):
    task = make.task()
    claims.claim_next(by=by)
    lapse()
    assert claims.claim_next(by=other) == task
    assert not claims.keep_alive(task=task.pk, by=by)
    assert held() == {task.claim_key: other.ref}


def test_who_comes_back_in_time_keeps_what_nobody_has_taken(by):
    task = make.task()
    claims.claim_next(by=by)
    lapse()
    assert claims.keep_alive(task=task.pk, by=by)
    assert claims.lock(task=task.pk, by=by)
    assert not claims.lock(task=task.pk, by=make.actor(Role.OPERATOR))


def test_lapsed_claims_are_swept(by, other):
    make.task(), make.task()
    claims.claim_next(by=by)
    claims.claim_next(by=other)
    Claim.objects.filter(by=by.ref).update(until=timezone.now())
    assert claims.return_lapsed() == 1
    assert set(held().values()) == {other.ref}


def test_giving_back_makes_all_of_the_number_due_again(by, other):
    first, _second = (make.task(phone=FAMILY) for _ in range(2))
    claims.claim_next(by=by)
    assert queries.due(kinds=TaskKind).count() == 0
    with pytest.raises(NotClaimed):
        claims.give_back(task=first.pk, by=other)
    claims.give_back(task=first.pk, by=by)
    assert queries.due(kinds=TaskKind).count() == 2
    assert Task.objects.filter(attempts=0, outcome="").count() == 2


def test_a_claim_that_covers_nothing_any_more_does_not_stand_in_the_way(by):
    gone, there = make.task(), make.task()
    claims.claim_next(by=by)
    tasks.close(task=gone.pk, by=make.TEST)
    assert claims.claim_next(by=by) == there
    assert held() == {there.claim_key: by.ref}
