"""Plans of the hot reads on a network with history: the index they use, and hardly a row thrown away.

A plan that walks a calendar, a table or a patient's past is noticed here, long before it is felt.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from booking_site.queries import catalogue
from foundation.accounts.actors import Actor, site_visitor
from foundation.accounts.choices import Permission
from foundation.audit.chain import ChainState
from foundation.audit.models import AuditEvent
from foundation.audit.queries import events
from foundation.audit.queries.events import Sought
from patients.models import Patient
from patients.queries import doubles
from scheduling.actions import slots as slot_actions
from scheduling.choices import HoldReason
from scheduling.models import Appointment, Doctor, Service, Slot
from scheduling.queries import availability, day, facts, find_people, reminders, site_booking
from scheduling.wishes import TimeWishes
from standalone.seeding import loader, sizes
from standalone.seeding.sizes import Place, Plan
from tests import factories as make
from waitlist.actions import freed_times
from waitlist.queries import entries, requests
from waitlist.ranking import freed, search
from waitlist.ranking.services import given_by
from worklist import queries as tasks
from worklist.actions import claims
from worklist.choices import TaskKind

pytestmark = pytest.mark.django_db

DOCTORS, DAYS_BACK, DAYS_AHEAD, PATIENTS, WAITING = 40, 60, 43, 50_000, 60_000
BIG = {
    "scheduling_slot",
    "scheduling_appointment",
    "scheduling_shift",
    "patients_patient",
    "patients_personsearch",
    "waitlist_waitlistentry",
    "waitlist_waitlistrequest",
    "worklist_task",
    "audit_auditevent",
}


def plan() -> Plan:
    today = timezone.localdate()
    past = sizes.working_days(today - timedelta(days=DAYS_BACK * 2), today)[-DAYS_BACK:]
    days = past + sizes.working_days(today, today + timedelta(days=DAYS_AHEAD * 2))[:DAYS_AHEAD]
    return Plan(today, days, tuple(Place(no, 0, len(days) - 1) for no in range(DOCTORS)))


@pytest.fixture(scope="module", autouse=True)
def network(django_db_setup, django_db_blocker):
    """Analyses small tables too, so that what the planner knows does not depend on the tests before."""
    with django_db_blocker.unblock():
        loader.load(plan=plan(), patients=PATIENTS, waiting_entries=WAITING)
        execute("VACUUM (ANALYZE)")
    yield
    with django_db_blocker.unblock():
        loader.empty()


def execute(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


@dataclass(frozen=True)
class Asked:
    """The work of the statements of one read, all together."""

    indexes: set[str]
    scanned: set[str]
    """Big tables that were read from end to end."""
    removed: int
    """Rows of big tables that were read for nothing."""
    rows: int

    def uses(self, *indexes: str) -> None:
        assert self.scanned == set()
        assert set(indexes) <= self.indexes, self.indexes


def asked(read) -> Asked:
    statements = []

    def note(execute, sql, params, many, context):
        if not sql.startswith(("SAVEPOINT", "RELEASE")):
            statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        read()
    nodes = [node for sql, params in statements for node in explained(sql, params)]
    of_big = [node for node in nodes if node.get("Relation Name") in BIG]
    return Asked(
        indexes={node["Index Name"] for node in nodes if "Index Name" in node},
        scanned={node["Relation Name"] for node in of_big if node["Node Type"] == "Seq Scan"},
        removed=sum(node.get("Rows Removed by Filter", 0) * node["Actual Loops"] for node in of_big),
        rows=sum(node["Actual Rows"] * node["Actual Loops"] for node in of_big),
    )


def explained(sql, params) -> Iterator[dict]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
        answer = cursor.fetchone()[0]
    yield from walk((json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"])


def walk(node: dict) -> Iterator[dict]:
    yield node
    for child in node.get("Plans", ()):
        yield from walk(child)


@pytest.fixture
def doctor():
    return Doctor.objects.filter(specialties__slug="scale-1").order_by("slug").first()


@pytest.fixture
def service(doctor):
    return facts.chosen_slot(slot=in_a_week(doctor).pk).services[0]


@pytest.fixture
def long_service(doctor):
    return Service.objects.filter(doctors=doctor, minutes=60).get()


def in_a_week(doctor):
    free = Slot.objects.filter(doctor=doctor, appointment=None, absence=None)
    return free.filter(starts_at__gt=timezone.now() + timedelta(days=7)).order_by("starts_at").first()


def test_the_measure_sees_a_bad_plan():
    """The negative control: a read that no index serves walks the table."""
    bad = asked(lambda: Slot.objects.filter(hold_owner="нигде").count())
    assert bad.scanned == {"scheduling_slot"}
    assert bad.removed == Slot.objects.count()


def test_a_day_of_a_doctor(service, doctor):
    slot = in_a_week(doctor)
    date = timezone.localdate(slot.starts_at)
    wishes = TimeWishes(date_from=date, date_until=date)
    read = asked(lambda: availability.free_starts(service=service, doctors=[doctor], wishes=wishes))
    read.uses("slot_bookable")
    assert read.removed <= 2, "only what is held"


def test_a_month_of_a_doctor(service, doctor):
    today = timezone.localdate()
    wishes = TimeWishes(date_from=today, date_until=today + timedelta(days=34))
    read = asked(lambda: availability.free_days(service=service, doctors=[doctor], wishes=wishes))
    read.uses("slot_bookable")
    assert read.removed <= read.rows * 0.1


def test_the_nearest_of_twenty_doctors_in_sixty_days(service):
    read = asked(lambda: availability.nearest(service=service))
    read.uses("slot_bookable")
    assert read.rows <= 20 * 3 * 3, "each doctor's calendar is left as soon as it has given three"
    assert read.removed <= 20


def test_the_nearest_of_doctors_who_are_known(service):
    doctors = catalogue.doctors_of(service)
    read = asked(lambda: availability.nearest_with(service=service, doctors=doctors))
    read.uses("slot_bookable")
    assert read.rows <= 20 * 3 * 3
    assert availability.nearest_with(service=service, doctors=doctors) == availability.nearest(service=service)


def test_days_gone_by_are_left_behind_by_the_index():
    """There is a full batch for the run itself and another for the one that is explained."""
    week_ago = timezone.now() - timedelta(days=7)
    assert Slot.objects.filter(appointment=None, starts_at__lt=week_ago).update(passed=False) > 10_000
    execute("ANALYZE scheduling_slot")
    read = asked(slot_actions.retire_past)
    read.uses("slot_bookable")
    assert read.removed <= 100


def test_the_nearest_of_a_service_that_takes_two_slots(long_service):
    read = asked(lambda: availability.nearest(service=long_service))
    read.uses("slot_bookable")
    assert read.rows <= 20 * 3 * 12


def test_the_nearest_by_wishes(service):
    wishes = TimeWishes(
        weekdays=[1, 3], time_from=timezone.datetime(2026, 1, 1, 16).time(), birth_date=date(1990, 5, 5)
    )
    read = asked(lambda: availability.nearest(service=service, wishes=wishes))
    read.uses("slot_bookable")


def test_the_way_to_a_booking(service, doctor):
    slot = in_a_week(doctor)
    who = Patient.objects.first()
    asked(lambda: facts.slot_and_service(slot=slot.pk, service=service.pk)).uses("scheduling_slot_pkey")
    asked(lambda: facts.chosen_slot(slot=slot.pk, patient=who.pk)).uses("scheduling_slot_pkey", "patients_patient_pkey")
    locked = asked(lambda: slot_actions.lock_run(start=slot.pk, service=service, patient=who.pk, key="key"))
    locked.uses("slot_of_shift", "appointment_of_patient", "appointment_request_once")
    assert locked.removed <= 5
    assert not asked(lambda: catalogue.services_of_specialty("scale-1")).scanned


def test_what_the_site_asks_of_a_phone(service):
    person = make.person(phone="+79210001122")
    read = asked(lambda: site_booking.read_context(person=person, service=service.pk, key="key"))
    read.uses("appointment_request_once", "patient_phone")
    assert not read.scanned


def test_doubles_are_found_by_the_birth_date_and_the_phone():
    read = asked(lambda: doubles.of(make.person()))
    read.uses("person_search_key", "patients_patient_pkey")
    assert not read.scanned


def test_holding_a_time(service, doctor):
    visitor, slot = site_visitor(session="plan"), in_a_week(doctor)

    def hold():
        slot_actions.hold(start=slot.pk, service=service, reason=HoldReason.SITE_FORM, by=visitor)

    asked(hold).uses("slot_hold", "slot_of_shift")


def next_workday():
    date = timezone.localdate() + timedelta(days=1)
    while date.isoweekday() > 5:
        date += timedelta(days=1)
    return date


def test_the_day_of_the_registry():
    read = asked(lambda: day.doctor_days(next_workday(), filled=20))
    read.uses("shift_day", "slot_of_shift")


def test_what_a_doctor_and_a_patient_have_booked(doctor):
    visits = Appointment.objects.filter(doctor=doctor, starts_at__gt=timezone.now()).order_by("starts_at")
    booked = visits.first()
    asked(lambda: list(day.doctor_appointments(doctor, timezone.localdate(booked.starts_at)))).uses(
        "appointment_doctor_day"
    )
    asked(lambda: list(day.history_of(booked.patient_id))).uses("appointment_of_patient")


@pytest.mark.parametrize(
    "typed",
    ["ива п", "ольга иванова", "ивонова ольга", "1234", "17.05.1990", "М-000123", "8 921 000-11-22", "9210001122"],
)
def test_finding_a_patient(typed):
    assert asked(lambda: find_people.find(typed)).scanned == set()


@pytest.fixture
def agreed():
    """Lets every third patient of the coming visits agree to be reminded."""
    execute("""
        UPDATE scheduling_appointment SET reminders_since = created_at
        WHERE starts_at > now() AND get_byte(uuid_send(id), 15) % 3 = 0
    """)
    execute("ANALYZE scheduling_appointment")


def test_whom_to_remind_is_one_look_into_an_index(agreed):
    """Of two days ahead, and of their messages those alone."""
    now = timezone.now()
    visits = reminders.agreed(now)
    assert visits
    read = asked(lambda: reminders.agreed(now))
    read.uses("appointment_to_remind")
    assert read.removed == 0
    assert read.rows == len(visits)
    asked(lambda: list(reminders.due(visits[:20], now))).uses("message_about")
    asked(lambda: list(reminders.with_facts([visit.pk for visit in visits[:20]]))).uses("scheduling_appointment_pkey")


def starts_of(slot, services):
    return [{service: [slot] for service in services if service.minutes == 30}]


def test_who_fits_a_freed_slot(doctor):
    slot = in_a_week(doctor)
    services = given_by(slot.doctor.services.all())

    def look():
        return search.who_fits(starts_of(slot, services), doctor=doctor, zone="Europe/Moscow", now=timezone.now())

    assert look()
    asked(look).uses("waitlist_entry_any_doctor", "waitlist_entry_of_doctor")


def test_nobody_is_found_as_fast(doctor):
    """At three at night only entries fit that take any hour, and of an age nobody has, none."""
    slot = in_a_week(doctor)
    services = given_by(slot.doctor.services.all())
    doctor.min_age, doctor.max_age = 120, 130

    def look():
        return search.who_fits(starts_of(slot, services), doctor=doctor, zone="Europe/Moscow", now=timezone.now())

    assert look() == []
    read = asked(look)
    read.uses("waitlist_entry_any_doctor", "waitlist_entry_of_doctor")
    of_specialty = WAITING / sizes.SPECIALTIES
    assert read.removed <= of_specialty, "one specialty is looked through once at most"


def test_an_empty_queue_of_releases_is_one_look_into_an_index():
    """There are twenty thousand handled releases before it."""
    execute("""
        INSERT INTO scheduling_slotrelease (slot_id, reason, at, handled_at, outcome)
        SELECT id, 'cancelled', now(), now(), 'sought' FROM scheduling_slot LIMIT 20000
    """)
    execute("ANALYZE scheduling_slotrelease")
    asked(freed_times.take_in).uses("slot_release_unhandled")


def test_freed_times_to_look_after_are_one_look_into_an_index():
    """There are twenty thousand that have ended beside a few."""
    execute("""
        INSERT INTO waitlist_freedtime (id, slot_id, starts_at, freed_at, look_at, ended_at, outcome)
        SELECT gen_random_uuid(), id, starts_at, now(), now(), now(), 'taken' FROM scheduling_slot LIMIT 20000
    """)
    execute("""
        INSERT INTO waitlist_freedtime (id, slot_id, starts_at, freed_at, look_at, outcome)
        SELECT gen_random_uuid(), id, starts_at, now(), now(), '' FROM scheduling_slot ORDER BY starts_at DESC LIMIT 20
    """)
    execute("ANALYZE waitlist_freedtime")
    read = asked(partial(freed.lock_next, now=timezone.now()))
    assert "freed_time_one_open_per_slot" in read.indexes, "it knows the open ones alone"


@pytest.fixture
def years_of_calls():
    """Makes thousands of closed calls, and more open ones than any contact centre has."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO worklist_task (id, kind, subject, patient_id, phone, priority, waiting_since, due_at, attempts,
                state, outcome, created_at, closed_at, closed_by)
            SELECT entry.id, 'freed_time', entry.id, entry.patient_id, patient.phone, entry.priority, entry.created_at,
                now() + interval '1 day', 0, call.state, call.outcome, now(), call.closed_at, call.closed_by
            FROM (SELECT *, row_number() OVER (ORDER BY id) AS number FROM waitlist_waitlistentry) entry
            JOIN patients_patient patient ON patient.id = entry.patient_id
            CROSS JOIN LATERAL (
                SELECT 'open' AS state, '' AS outcome, NULL::timestamptz AS closed_at, '' AS closed_by
                WHERE entry.number % 20 = 0
                UNION ALL SELECT 'done', 'booked', now(), 'staff:1' WHERE entry.number % 20 > 0
            ) call
            """
        )
        cursor.execute("ANALYZE worklist_task")


def test_the_next_call_is_one_look_into_an_index(years_of_calls):
    asked(lambda: tasks.due(kinds=TaskKind).first()).uses("task_queue")
    operator = Actor(ref="staff:1", name="", permissions=frozenset({Permission.WORK_WAITLIST}))
    claims.claim_next(by=operator)
    asked(lambda: list(tasks.claimed_tasks(by=operator))).uses("task_open_of_number")


def test_the_day_of_the_registry_knows_the_visits_that_are_to_be_moved(years_of_calls):
    refused = tasks.open_without_cause(TaskKind.REBOOK)
    read = asked(lambda: day.doctor_days(next_workday(), filled=20, refused=refused))
    assert read.scanned == set()
    assert read.indexes & {"task_one_open", "task_queue", "task_open_of_number"}


def test_the_operators_queue(years_of_calls):
    queue = asked(lambda: list(tasks.queue(kinds=TaskKind)[:50]))
    assert queue.scanned == set()
    assert queue.rows < WAITING / 2, "what is closed is not read"
    asked(lambda: list(entries.open_entries()[:50])).uses("waitlist_entry_open")


def test_those_whose_wait_has_ended_are_read_by_when_it_did():
    closed = entries.all_entries().filter(closed_at__isnull=False).order_by("-closed_at", "-pk")
    asked(lambda: list(closed[:50])).uses("waitlist_entry_closed")


@pytest.fixture
def years_of_requests():
    """Makes sixty thousand requests that have ended, and some hundreds that wait."""
    execute("""
        INSERT INTO waitlist_waitlistrequest (id, channel, last_name, first_name, patronymic, birth_date, phone,
            relation, representative_last_name, representative_first_name, representative_patronymic, consent_text,
            state, created_at, created_by, handled_at, handled_by, specialty_id, date_from, doctor_ids, not_doctor_ids,
            weekdays, time_from, time_until, notice_minutes, priority, urgent_reason, note)
        SELECT gen_random_uuid(), 'site', 'Орлова', 'Мария', '', date '1950-01-01' + n % 20000, '+7921' || 1000000 + n,
            '', '', '', '', '', CASE WHEN n % 100 = 0 THEN 'handed_over' ELSE 'closed' END,
            now() - n * interval '10 minutes', 'site:1', CASE WHEN n % 100 = 0 THEN NULL ELSE now() END, '',
            (SELECT id FROM scheduling_specialty LIMIT 1), now(),
            '{}', '{}', '{}', '00:00', '23:59', 0, '2normal', '', ''
        FROM generate_series(1, 60000) n
    """)
    execute("ANALYZE waitlist_waitlistrequest")


def test_a_page_of_requests_reads_those_that_wait(years_of_calls, years_of_requests):
    read = asked(lambda: list(requests.to_enter()[:30]))
    of_open = {"waitlist_request_waiting", "waitlist_request_of_number", "waitlist_request_of_birth_date"}
    assert (read.scanned, read.removed) == (set(), 0), "what has ended is not read"
    assert read.indexes & of_open
    counted = asked(requests.counted)
    assert (counted.scanned, counted.removed) == (set(), 0)


def test_requests_of_the_same_person_are_looks_into_two_indexes(years_of_requests):
    rows = list(requests.to_enter()[:30])
    read = asked(partial(requests.of_the_same, rows))
    read.uses("waitlist_request_of_number", "waitlist_request_of_birth_date")
    assert read.rows < 10 * len(rows)


@pytest.fixture
def months_of_acts():
    """Makes a hundred thousand rows of a hundred days, of twenty people, most of them views, and few of one person."""
    execute("""
        INSERT INTO audit_auditevent (at, actor, actor_name, action, patient, object_ref, details, ip)
        SELECT now() - (100000 - n) * interval '86 seconds', 'staff:' || n % 20, '',
            CASE WHEN n % 10 > 0 THEN 'patient.shown' WHEN n % 5000 = 0 THEN 'keys.rotated' ELSE 'task.claimed' END,
            CASE WHEN n % 3000 = 0 THEN '00000000-0000-7000-8000-000000000001'::uuid ELSE gen_random_uuid() END,
            '', '{}', ''
        FROM generate_series(1, 100000) n
    """)
    execute("SELECT brin_summarize_new_values('audit_by_day')")
    execute("ANALYZE audit_auditevent")


PERSON, SOMEBODY = "staff:7", UUID("00000000-0000-7000-8000-000000000001")


def read_audit(before=None, **sought):
    return asked(lambda: list(events.newest_first(Sought(**sought), before=before)[:51]))


def test_the_newest_acts(months_of_acts):
    read = read_audit(without=("patient.shown", "page.shown"))
    read.uses("audit_auditevent_pkey")
    assert read.removed <= 51 * 20


def test_acts_of_a_person(months_of_acts):
    read = read_audit(actor=PERSON)
    read.uses("audit_by_actor")
    assert read.removed == 0


@pytest.mark.parametrize("act", ["keys.rotated", "task.claimed", "patient.shown"])
def test_acts_of_a_kind(months_of_acts, act):
    read = read_audit(actions=[act])
    read.uses("audit_by_action")
    assert read.removed == 0


def test_acts_about_a_patient(months_of_acts):
    read = read_audit(patients=[SOMEBODY])
    read.uses("audit_by_patient")
    assert read.removed == 0


def day_ago(number):
    return timezone.now() - timedelta(days=number)


@pytest.mark.parametrize("more", [{}, {"actor": PERSON}, {"without": ("patient.shown", "page.shown")}])
def test_acts_of_an_old_day(months_of_acts, more):
    """A day has a thousand rows; the index of days finds it in spans of some thousands."""
    read = read_audit(since=day_ago(80), until=day_ago(79), **more)
    read.uses("audit_by_day")
    assert read.removed <= 20_000


def test_control_the_index_of_the_ids_would_be_walked_from_today(months_of_acts):
    span = AuditEvent.objects.filter(at__gte=day_ago(80), at__lt=day_ago(79))
    execute("SET LOCAL enable_bitmapscan = off")
    execute("SET LOCAL enable_seqscan = off")
    assert asked(lambda: list(span.order_by("-id")[:51])).removed > 50_000


def test_the_next_page_of_a_person(months_of_acts):
    older = AuditEvent.objects.order_by("-id")[50_000].pk
    read = read_audit(actor=PERSON, before=older)
    read.uses("audit_by_actor")
    assert read.removed == 0


def test_the_line_about_the_chain(months_of_acts):
    asked(ChainState.now).uses("audit_by_action", "audit_auditevent_pkey")
