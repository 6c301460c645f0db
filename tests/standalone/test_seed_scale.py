"""The network for measuring: a small one is loaded once for the whole file, and asked whether it keeps every rule."""

from datetime import date, timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from foundation.accounts.models import User
from notifications.models import Message
from patients.actions import register
from patients.ages import age_on
from patients.models import Patient
from scheduling.choices import AppointmentStatus, VisitKind
from scheduling.models import Appointment, AppointmentEvent, Doctor, Service, Shift, Slot, Specialty
from standalone.seeding import loader, sizes
from standalone.seeding.sizes import Place, Plan
from tests import factories
from tests.races.harness import overlaps
from waitlist.choices import EntryState
from waitlist.models import WaitlistEntry

pytestmark = pytest.mark.django_db

DOCTORS, DAYS_BACK, DAYS_AHEAD, PATIENTS, WAITING = 31, 25, 10, 3000, 4000
SCHEMA = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated::text FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT tablename, indexname, indexdef, '' FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT tgrelid::regclass::text, CASE WHEN tgisinternal THEN '' ELSE tgname END,
        CASE WHEN tgisinternal THEN tgfoid::regproc::text ELSE pg_get_triggerdef(oid) END, tgenabled::text
        FROM pg_trigger
    UNION ALL SELECT indrelid::regclass::text, indexrelid::regclass::text, '',
        concat(indisready, indisvalid, indisexclusion, indisunique, indimmediate) FROM pg_index
    UNION ALL SELECT attrelid::regclass::text, attname, atttypid::regtype::text, attnotnull::text
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relkind = 'r' AND attnum > 0 AND relnamespace = 'public'::regnamespace
    UNION ALL SELECT nspname, '', '', '' FROM pg_namespace
    ORDER BY 1, 2, 3, 4
"""
schemas: dict[str, list[tuple]] = {}


def rows(query: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def small_plan() -> Plan:
    """Returns a plan of a few weeks with follow-ups, children's doctors, the history doctor and one who came later."""
    today = timezone.localdate()
    past = sizes.working_days(today - timedelta(days=DAYS_BACK * 2), today)[-DAYS_BACK:]
    days = past + sizes.working_days(today, today + timedelta(days=DAYS_AHEAD * 2))[:DAYS_AHEAD]
    places = [Place(no, 0, len(days) - 1, history=no == sizes.MAIN_DOCTORS) for no in range(DOCTORS - 1)]
    return Plan(today, days, (*places, Place(DOCTORS - 1, DAYS_BACK, len(days) - 1)))


def impossible_plan() -> Plan:
    """Returns a plan with the same day twice: everybody would work a morning and an afternoon that overlap."""
    today = timezone.localdate()
    return Plan(today, (today, today), tuple(Place(no, 0, 1) for no in range(DOCTORS)))


@pytest.fixture(scope="module", autouse=True)
def built(django_db_setup, django_db_blocker):
    """Loads by several sessions and commits, so that each test rolls back to it; it is emptied after the last one.

    A load that fails comes first: the next one finds the database empty, or refuses it.
    """
    with django_db_blocker.unblock():
        schemas["before"] = rows(SCHEMA)
        with pytest.raises(IntegrityError, match="_once"):
            loader.load(plan=impossible_plan(), patients=PATIENTS, waiting_entries=WAITING)
        schemas["after failed load"] = rows(SCHEMA)
        loader.load(plan=small_plan(), patients=PATIENTS, waiting_entries=WAITING)
        schemas["after load"] = rows(SCHEMA)
    yield
    with django_db_blocker.unblock():
        loader.empty()


@pytest.mark.parametrize("moment", ["after failed load", "after load"])
def test_schema_is_exactly_as_before(moment):
    assert len(schemas["before"]) > 500
    assert schemas[moment] == schemas["before"]


def test_counts_are_those_asked_for():
    assert Slot.objects.count() == small_plan().slots
    assert Patient.objects.count() == PATIENTS
    assert WaitlistEntry.objects.filter(state=EntryState.WAITING).count() == WAITING
    assert User.objects.count() == 5 + 8 + 8
    assert Specialty.objects.count() == sizes.SPECIALTIES


@pytest.mark.parametrize("asked", [10_000, 40_000, 135_000, 200_000, 1_000_000, 10_000_000])
@pytest.mark.parametrize("today", [date(2026, 11, 24), date(2028, 2, 29), date(2026, 11, 28)])
def test_plan_has_slots_asked_for(asked, today):
    plan = sizes.plan(slots=asked, today=today)
    assert abs(plan.slots - asked) <= asked * (0.1 if asked == 10_000 else 0.02)
    assert sum(place.specialty == 0 for place in plan.places) == 20


def test_history_doctor_has_ten_times_the_past():
    plan = sizes.plan(slots=1_000_000, today=date(2026, 11, 24))
    past = {
        place.history: sum(plan.days[no] < plan.today for no in range(place.first, len(plan.days)))
        for place in plan.places
        if place.no in (20, 44)
    }
    assert past[True] == 10 * past[False]


def test_main_specialty_has_twenty_doctors_for_every_age():
    main = Doctor.objects.filter(specialties__slug="scale-1")
    assert main.count() == 20
    assert set(main.values_list("min_age", "max_age")) == {(0, 150)}
    assert main.get(user__username="doctor").full_name == "Белова Анна Сергеевна"
    assert Doctor.objects.get(slug="scale-history").specialties.get().slug == "scale-2"
    assert Doctor.objects.filter(max_age=17).exists()


def test_services_take_one_slot_two_slots_and_one_for_an_examination():
    by_specialty = Specialty.objects.filter(pk__in=Service.objects.values("specialty"))
    assert by_specialty.count() == sizes.SPECIALTIES
    assert set(Service.objects.values_list("kind", "minutes")) == {("visit", 30), ("visit", 60), ("examination", 30)}
    assert set(Doctor.objects.annotate(given=Count("services")).values_list("given", flat=True)) == {3}


def test_no_active_visits_overlap():
    assert overlaps() == {"doctor": 0, "room": 0, "patient": 0}


def test_visits_hold_their_slots():
    """A visit holds as many slots as it takes, of its doctor, at its time; a cancelled one holds none."""
    held = Appointment.objects.annotate(
        held=Count("slots"),
        right=Count(
            "slots",
            Q(
                slots__doctor=F("doctor"),
                slots__starts_at__gte=F("starts_at"),
                slots__ends_at__lte=F("ends_at"),
                slots__shift__room=F("room"),
            ),
        ),
    )
    for visit in held.select_related("service"):
        takes = 0 if visit.status == AppointmentStatus.CANCELLED else visit.service.minutes // 30
        assert (visit.held, visit.right) == (takes, takes)


def test_half_of_slots_is_taken_on_both_sides_of_now():
    for side in (Q(starts_at__lt=timezone.now()), Q(starts_at__gt=timezone.now())):
        slots = Slot.objects.filter(side)
        assert 0.45 < slots.filter(appointment__isnull=False).count() / slots.count() < 0.55
        assert 0 < slots.exclude(absence=None).count() / slots.count() < 0.02


def test_what_is_over_and_unbooked_is_left_behind():
    two_days_ago = timezone.now() - timedelta(days=2)
    assert not Slot.objects.filter(starts_at__lt=two_days_ago, appointment=None, passed=False).exists()
    assert Slot.objects.filter(passed=True).exists()
    assert not Slot.objects.filter(passed=True).exclude(appointment=None, starts_at__lt=timezone.now()).exists()


def test_shifts_are_mornings_and_afternoons_in_turn():
    hours = {}
    for doctor, starts_at in Slot.objects.order_by("doctor", "starts_at").values_list("doctor", "shift__starts_at"):
        hours.setdefault(doctor, {})[starts_at] = timezone.localtime(starts_at).hour
    for days in hours.values():
        worked = list(days.values())
        assert set(worked[::2]) | set(worked[1::2]) == {9, 14}
        assert set(worked[::2]).isdisjoint(worked[1::2])


def test_statuses_fit_the_time():
    past = Appointment.objects.filter(ends_at__lt=timezone.now())
    assert set(past.values_list("status", flat=True)) == {"fulfilled", "noshow", "cancelled"}
    ahead = Appointment.objects.filter(starts_at__gt=timezone.now())
    assert set(ahead.values_list("status", flat=True)) == {"booked", "cancelled"}
    assert not Appointment.objects.filter(created_at__gte=F("starts_at")).exists()


def test_patients_fit_the_ages_of_doctors():
    for visit in Appointment.objects.select_related("doctor", "patient"):
        age = age_on(visit.patient.birth_date, timezone.localdate(visit.starts_at))
        assert visit.doctor.min_age <= age <= visit.doctor.max_age


def test_follow_ups_come_after_a_fulfilled_visit():
    follow_ups = Appointment.objects.filter(visit_kind=VisitKind.FOLLOW_UP)
    assert follow_ups.exists()
    assert not follow_ups.exclude(
        follow_up_of__status=AppointmentStatus.FULFILLED,
        follow_up_of__patient=F("patient"),
        follow_up_of__doctor=F("doctor"),
        follow_up_of__finished_at__lt=F("created_at"),
    ).exists()


def test_history_begins_with_booking_and_ends_with_status():
    for visit in Appointment.objects.prefetch_related("events"):
        steps = list(visit.events.all())
        assert steps[0].kind == "booked"
        assert all(earlier.at <= later.at for earlier, later in pairwise(steps))
        if visit.status != AppointmentStatus.CHECKED_IN:
            assert steps[-1].to_status == visit.status


def test_messages_of_coming_visits_are_sent():
    coming = Appointment.objects.filter(status=AppointmentStatus.BOOKED)
    assert set(Message.objects.values_list("dedupe_key", flat=True)) == {f"booked:{visit.pk}" for visit in coming}
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def test_patients_are_a_register():
    assert register.add(person=factories.person(), by=factories.TEST).card_number == f"М-{PATIENTS + 1:06d}"
    first = Patient.objects.order_by("pk").first()
    assert (first.card_number, first.mis_client_id, first.mis_state) == ("М-000001", "М-000001", "synced")
    phones = Patient.objects.values("phone").distinct().count()
    assert 0.85 < phones / PATIENTS < 0.95


def test_wishes_are_spread():
    entries = WaitlistEntry.objects.all()
    per_specialty = entries.values("specialty").annotate(count=Count("pk")).values_list("count", flat=True)
    assert len(per_specialty) == sizes.SPECIALTIES
    assert min(per_specialty) > 0.6 * WAITING / sizes.SPECIALTIES
    own = entries.filter(specialty__slug="scale-1")
    assert 0.45 < own.filter(doctor_ids=[]).count() / own.count() < 0.75
    named = {pk for ids in own.values_list("doctor_ids", flat=True) for pk in ids}
    assert named == set(Doctor.objects.filter(specialties__slug="scale-1").values_list("pk", flat=True))
    assert all(len(set(ids)) == len(ids) <= 3 for ids in entries.values_list("doctor_ids", flat=True))
    for share, condition in (
        (0.5, Q(weekdays=[])),
        (0.6, Q(date_until=None)),
        (0.4, Q(service=None)),
        (0.03, Q(priority="1urgent")),
        (0.25, Q(time_from__in=["16:00", "17:00"], time_until__gt="23:00")),
    ):
        assert entries.filter(condition).count() / WAITING == pytest.approx(share, abs=0.05)


@pytest.mark.parametrize("model", [Appointment, AppointmentEvent, Message, Patient, Slot, WaitlistEntry])
def test_rows_keep_the_rules_of_their_models(model):
    """Checks, exclusions and choices are validated once more the way a form does."""
    for row in model.objects.order_by("?")[:20]:
        row.validate_constraints()
        for field in model._meta.concrete_fields:
            if field.choices and getattr(row, field.attname):
                assert getattr(row, field.attname) in dict(field.flatchoices)


def test_foreign_keys_find_what_they_name():
    for model in (Appointment, AppointmentEvent, Slot, Shift, WaitlistEntry):
        for field in model._meta.concrete_fields:
            if field.is_relation:
                known = field.related_model.objects.values("pk")
                assert not model.objects.exclude(**{field.name: None}).exclude(**{f"{field.name}__in": known}).exists()


def test_indexes_are_awake_and_exclude_again():
    assert rows("SELECT FROM pg_index WHERE NOT (indisready AND indisvalid AND indislive)") == []
    slot = Slot.objects.first()
    slot.pk = None
    slot._state.adding = True
    with pytest.raises(IntegrityError, match="slot_doctor_once"), transaction.atomic():
        slot.save(force_insert=True)
    visit = Appointment.objects.filter(status=AppointmentStatus.BOOKED).first()
    with pytest.raises(IntegrityError, match="appointment_doctor_once"), transaction.atomic():
        Appointment.objects.filter(doctor=visit.doctor, status=AppointmentStatus.BOOKED).exclude(pk=visit.pk).update(
            starts_at=visit.starts_at, ends_at=visit.ends_at
        )


def test_ids_are_in_the_layout_and_the_order_of_the_product():
    for model, made_at in ((Appointment, "created_at"), (Patient, "created_at"), (WaitlistEntry, "created_at")):
        for pk, at in model.objects.order_by("?").values_list("pk", made_at)[:50]:
            assert pk.version == 7
            assert abs((pk.int >> 80) - at.timestamp() * 1000) <= 1


def test_loaded_database_is_refused():
    with pytest.raises(CommandError, match="уже есть данные"):
        call_command("seed_scale", stdout=StringIO())


@pytest.mark.parametrize(("text", "number"), [("500", 500), ("10k", 10_000), ("1m", 1_000_000), ("2M", 2_000_000)])
def test_numbers_have_suffixes(text, number):
    assert sizes.number(text) == number


def test_what_is_no_number_is_refused():
    with pytest.raises(CommandError, match="Не число: много"):
        call_command("seed_scale", "--slots=много")
