"""Holds, codes, claims and offers go by one clock, that of the database, whatever the machine of a process shows."""

import re
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import DateTimeField
from django.utils import timezone

from foundation.accounts.actors import site_visitor
from foundation.accounts.choices import Role
from foundation.database import clock
from foundation.database.fields import CreatedAtField
from notifications.actions import phone_codes
from notifications.errors import CodeExpired, CodeTooSoon
from scheduling.actions import slots
from scheduling.choices import HoldReason
from scheduling.errors import SlotTaken
from tests import factories as make
from tests.messages import code_of
from worklist.actions import claims

ANNA, BORIS = site_visitor(session="anna"), site_visitor(session="boris")
PHONE = "+79210001122"
ONE_CLOCK = ["scheduling", "waitlist", "worklist", "notifications", "booking_site/flow.py", "back_office/undoing.py"]
ONE_CLOCK += [f"back_office/presenters/{name}.py" for name in ("booking", "day", "queue", "visitor")]
ONE_CLOCK += [f"back_office/views/{name}.py" for name in ("calls", "queue", "rebooking")]
ONE_CLOCK += ["booking/rebook_tasks.py", "booking/rebooking.py", "foundation/idempotency", "foundation/drafts"]
ONE_CLOCK += ["booking_site/sealed_way.py"]
OF_THE_PROCESS = re.compile(r"timezone\.now\(|datetime\.now\(")


@pytest.fixture
def machine(monkeypatch):
    """Gives a machine whose clock goes wrong; unless `measured`, its process believes it."""

    @contextmanager
    def other(ahead, *, measured):
        with monkeypatch.context() as patch, time_machine.travel(timezone.now() + ahead, tick=False):
            patch.setattr(clock, "_skew", timedelta())
            patch.setattr(clock, "_measured", None)
            if measured:
                clock.measure(connection=connection)
            yield

    return other


def hour_of_the_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.parametrize("ahead", [timedelta(minutes=20), timedelta(minutes=-20)])
def test_a_measured_clock_shows_the_hour_of_the_database(machine, ahead):
    before = hour_of_the_database()
    with machine(ahead, measured=True):
        shown = clock.now()
    assert before <= shown <= hour_of_the_database()
    with machine(ahead, measured=False):
        assert clock.now() == timezone.now()


@pytest.mark.django_db
def test_it_asks_once_a_minute_and_never_a_replica(machine):
    with machine(timedelta(minutes=20), measured=True):
        known = clock._skew
        with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
            clock._measured = clock.time.monotonic()
            clock.measure(connection=connection)
            assert clock._skew == known
            clock._measured = None
            clock.measure(connection=connection.copy("replica"))
            assert clock._skew == known
            clock.measure(connection=connection)
            assert clock._skew < known - timedelta(minutes=59)


@pytest.mark.django_db
@pytest.mark.parametrize(("measured", "freed"), [(True, 0), (False, 1)])
def test_a_worker_that_is_ahead_frees_no_time_that_is_kept(machine, measured, freed):
    start = free()
    slots.hold(start=start.pk, service=start.doctor.services.get(), reason=HoldReason.SITE_FORM, by=ANNA)
    with machine(timedelta(minutes=20), measured=measured):
        assert slots.release_lapsed() == freed


@pytest.mark.django_db
@pytest.mark.parametrize("measured", [True, False])
def test_a_server_that_is_ahead_gives_nobody_a_time_that_is_kept(machine, measured):
    start = free()
    service = start.doctor.services.get()
    slots.hold(start=start.pk, service=service, reason=HoldReason.SITE_FORM, by=ANNA)
    with machine(timedelta(minutes=20), measured=measured):
        assert took(start, service) == (not measured)


@pytest.mark.django_db
@pytest.mark.parametrize("measured", [True, False])
def test_a_code_sent_by_a_server_that_is_behind_is_good(machine, measured):
    with machine(timedelta(minutes=-20), measured=measured):
        phone_codes.send(phone=PHONE)
    assert is_taken(code_of(PHONE)) == measured


@pytest.mark.django_db
@pytest.mark.parametrize("measured", [True, False])
def test_a_code_sent_by_a_server_that_is_ahead_holds_no_second_one_up(machine, settings, measured):
    settings.CODE_PAUSE_SECONDS = 0
    with machine(timedelta(minutes=5), measured=measured):
        phone_codes.send(phone=PHONE)
    assert is_sent() == measured


@pytest.mark.django_db
@pytest.mark.parametrize(("measured", "ended"), [(True, 0), (False, 1)])
def test_a_worker_that_is_ahead_ends_no_call(machine, measured, ended):
    make.task()
    claims.claim_next(by=make.actor(Role.OPERATOR))
    with machine(timedelta(days=1), measured=measured):
        assert claims.return_lapsed() == ended


@pytest.mark.django_db
@pytest.mark.parametrize("measured", [True, False])
def test_a_row_is_stamped_with_the_hour_of_the_database(machine, measured):
    """Whoever came later to a machine that is behind is not put before whoever came earlier to another one."""
    first = make.entry(make.specialty())
    with machine(timedelta(minutes=-20), measured=measured):
        second = make.entry(first.specialty)
    assert (first.created_at < second.created_at) == measured


def test_no_row_is_stamped_by_the_clock_of_the_process():
    ours = [model for model in apps.get_models() if Path(settings.BASE_DIR, model.__module__.split(".")[0]).exists()]
    found = [field for model in ours for field in model._meta.local_fields if is_stamped_by_process(field)]
    assert [str(field) for field in found] == ["accounts.User.date_joined"]  # Django's own, on which nothing depends


@pytest.mark.parametrize("options", [{"auto_now_add": True}, {"auto_now": True}, {"default": timezone.now}])
def test_the_guard_knows_a_field_that_the_process_stamps(options):
    assert is_stamped_by_process(DateTimeField(**options))
    assert not is_stamped_by_process(CreatedAtField())
    assert not is_stamped_by_process(DateTimeField(default=clock.now))


def is_stamped_by_process(field):
    by_itself = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return field.default is timezone.now or bool(by_itself and not isinstance(field, CreatedAtField))


def test_what_is_kept_for_somebody_asks_no_other_clock():
    asking = [str(path) for name in ONE_CLOCK for path in sources(name) if OF_THE_PROCESS.search(path.read_text())]
    assert asking == []


@pytest.mark.parametrize(
    ("line", "caught"),
    [("now = now or timezone.now()", True), ("datetime.now(UTC)", True), ("now = clock.now()", False)],
)
def test_the_guard_knows_the_clock_of_the_process(line, caught):
    assert bool(OF_THE_PROCESS.search(line)) == caught


def free():
    return make.slots_of(make.shift(make.doctor(), slots=4))[0]


def took(start, service):
    try:
        slots.hold(start=start.pk, service=service, reason=HoldReason.SITE_FORM, by=BORIS)
    except SlotTaken:
        return False
    return True


def is_sent():
    try:
        phone_codes.send(phone=PHONE)
    except CodeTooSoon:
        return False
    return True


def is_taken(code):
    try:
        phone_codes.check(phone=PHONE, code=code)
    except CodeExpired:
        return False
    return True


def sources(name):
    """Returns the file, or the files of the package; migrations are history."""
    path = Path(settings.BASE_DIR) / name
    assert path.exists(), name
    found = path.rglob("*.py") if path.is_dir() else [path]
    return [each for each in found if "migrations" not in each.parts]
