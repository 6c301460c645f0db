"""The demo clinic as a newcomer finds it after the first start, built once for the whole file."""

from datetime import UTC, datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

import booking
from foundation.accounts.models import User
from patients.actions import register
from patients.ages import age_on
from patients.choices import Relation
from patients.models import Patient, Representation
from scheduling.choices import AbsenceKind, AppointmentStatus, CancelReason, ReleaseOutcome
from scheduling.models import Absence, Appointment, Doctor, Slot, SlotRelease, Specialty
from standalone.demo import builder, reference
from standalone.demo.logins import DEMO_LOGINS, DEMO_PASSWORD
from tests import factories
from waitlist import at_once, matching
from waitlist.choices import OPEN, OfferState
from waitlist.models import CallAttempt, SlotOffer, WaitlistEntry, WaitlistRequest

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def built(django_db_setup, django_db_blocker):
    """Builds the clinic and commits it, so that each test rolls back to it; it is emptied after the last one."""
    with django_db_blocker.unblock():
        call_command("demo", stdout=StringIO())
    yield
    with django_db_blocker.unblock():
        _empty()


def coming():
    return Slot.objects.filter(starts_at__gt=timezone.now())


def test_counts_are_those_promised():
    assert Doctor.objects.count() == 12
    assert Specialty.objects.filter(doctors__isnull=False).distinct().count() == 7
    assert Patient.objects.count() == 2000
    assert WaitlistEntry.objects.filter(state__in=OPEN).count() == 40
    assert WaitlistRequest.objects.count() == 6
    assert CallAttempt.objects.exists()


def test_half_of_coming_slots_is_booked():
    total = coming().aggregate(all=Count("pk"), busy=Count("pk", filter=Q(appointment__isnull=False)))
    assert 0.45 <= total["busy"] / total["all"] <= 0.55


def test_one_doctor_is_full():
    free = {doctor.slug: coming().filter(doctor=doctor).free(timezone.now()).count() for doctor in Doctor.objects.all()}
    assert [slug for slug, count in free.items() if count == 0] == [reference.FULL]


def test_one_doctor_is_on_leave_and_one_in_training():
    leave = Absence.objects.get(kind=AbsenceKind.LEAVE)
    assert leave.doctor.slug == reference.ON_LEAVE
    assert not leave.doctor.shifts.filter(starts_at__lt=leave.ends_at, ends_at__gt=leave.starts_at).exists()
    closed = Slot.objects.exclude(absence=None)
    assert set(closed.values_list("doctor__slug", "absence__kind")) == {(reference.IN_TRAINING, AbsenceKind.TRAINING)}


def test_nothing_waits_for_matching_and_sweep_finds_nothing():
    assert at_once.reconcile() == 0
    assert not SlotRelease.objects.filter(handled_at=None).exists()


def test_cancelled_visit_of_full_doctor_finds_patient():
    visit = Appointment.objects.filter(
        doctor__slug=reference.FULL, status=AppointmentStatus.BOOKED, starts_at__gt=timezone.now()
    ).last()
    booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=factories.TEST)
    matching.match_freed()
    assert SlotRelease.objects.get().outcome == ReleaseOutcome.SOUGHT
    offer = SlotOffer.objects.get(state=OfferState.PROPOSED)
    assert (offer.slot.freed_times.get().ended_at, offer.starts_at) == (None, visit.starts_at)
    first = WaitlistEntry.objects.filter(doctor_ids=[visit.doctor_id], state__in=OPEN)
    assert offer.entry == first.order_by("priority", "arrived_at").first()


def test_children_have_representatives_with_same_phone():
    children = Representation.objects.select_related("patient", "power_of_attorney")
    assert {child.relation for child in children} >= {Relation.PARENT, Relation.GUARDIAN, Relation.ATTORNEY}
    assert all(child.phone == child.patient.phone and child.patient.age < 18 for child in children)
    sizes = Patient.objects.values("phone").annotate(size=Count("pk")).values_list("size", flat=True)
    assert set(sizes) == {1, 2, 3, 4}


def test_appointments_fit_doctors_and_slots():
    for visit in Appointment.objects.select_related("doctor", "patient", "service"):
        age = age_on(visit.patient.birth_date, timezone.localdate(visit.starts_at))
        assert visit.doctor.min_age <= age <= visit.doctor.max_age
        assert visit.price == visit.service.price
    assert not Appointment.objects.filter(status=AppointmentStatus.BOOKED, slots=None).exists()
    past = Appointment.objects.filter(starts_at__date__lt=timezone.localdate())
    assert set(past.values_list("status", flat=True)) == {
        AppointmentStatus.FULFILLED,
        AppointmentStatus.NOSHOW,
        AppointmentStatus.CANCELLED,
    }


def test_next_card_number_follows():
    assert register.add(person=factories.person(), by=factories.TEST).card_number == "М-002001"


def test_second_run_is_refused():
    with pytest.raises(CommandError, match="уже есть данные"):
        call_command("demo")


def test_second_run_if_empty_is_quiet(capsys):
    call_command("demo", if_empty=True)
    assert capsys.readouterr() == ("", "")


def test_logins_are_printed(capsys):
    call_command("demo", logins=True)
    printed = capsys.readouterr().out
    assert all(login.username in printed and login.label in printed for login in DEMO_LOGINS)


@pytest.mark.parametrize("login", DEMO_LOGINS, ids=lambda login: login.username)
def test_login_signs_in(client, settings, login):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = False
    answer = client.post(reverse("account_login"), {"login": login.username, "password": DEMO_PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(username=login.username).pk)


@pytest.mark.parametrize(
    "moment",
    ["2026-11-29 09:00", "2026-11-28 20:30", "2026-11-30 03:00", "2028-02-29 10:00"],
    ids=["sunday", "late on saturday", "night", "leap day"],
)
def test_clinic_works_whenever_it_is_built(moment):
    """Sundays too have a today to look at, and the database accepts all of it."""
    _empty()
    at = datetime.strptime(moment, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    with time_machine.travel(at, tick=False):
        builder.build()
        assert Slot.objects.filter(shift__date=timezone.localdate()).exists()
    connection.check_constraints()


OF_PEOPLE = ("patients", "scheduling", "worklist", "waitlist", "notifications", "drafts", "guard", "accounts", "audit")


def _empty():
    """Empties the database; append-only tables refuse to be emptied in any other way."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in connection.introspection.table_names(cursor):
            if table.split("_")[0] in OF_PEOPLE:
                cursor.execute(f'DELETE FROM "{table}"')
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ALTER SEQUENCE patients_card_number RESTART")
