from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from patients.choices import Channel
from scheduling.choices import AppointmentStatus
from scheduling.errors import NotReceived, StillAhead
from scheduling.models import Appointment, Slot
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_is_signed_out(settings):
    """Lets tests go to the hour of a visit, whichever hour they run at."""
    settings.STAFF_IDLE_MINUTES = 24 * 60


@pytest.fixture
def login():
    return factories.user(Role.DOCTOR)


@pytest.fixture
def doctor(login):
    return factories.doctor(user=login)


@pytest.fixture
def office(sign_in, login, doctor):
    return sign_in(login)


@pytest.fixture
def finished(doctor):
    """A visit yesterday, done; booked two days ago."""
    slot = factories.slots_of(factories.shift(doctor, days=-1))[0]
    with time_machine.travel(factories.moment(-2)):
        visit = factories.appointment(slot)
    return factories.seen(visit)


def url(name, *args):
    return reverse(f"office:{name}", args=args)


def today_visit(doctor):
    slot = factories.slots_of(factories.shift(doctor, days=0))[0]
    with time_machine.travel(factories.moment(-1)):
        return factories.appointment(slot)


def test_my_day_shows_only_own_patients_and_writes_it_down(office, doctor):
    own = today_visit(doctor)
    other = factories.appointment(of=factories.patient(last_name="Чужова"))
    page = office.get(url("my_day")).content.decode()
    assert own.patient.last_name in page
    assert "Чужова" not in page
    shown = AuditEvent.objects.filter(action="patient.shown").values_list("patient", flat=True)
    assert list(shown) == [own.patient_id]
    assert office.get(url("my_visit", other.pk)).status_code == 404


def test_my_day_takes_as_many_queries_for_one_visit_as_for_many(office, doctor, django_assert_max_num_queries):
    made = factories.shift(doctor, days=3, slots=30, minutes=15)
    doctor.services.update(minutes=15)
    where = f"{url('my_day')}?date={made.date}"
    slots = factories.slots_of(made)
    factories.appointment(slots[0])
    with django_assert_max_num_queries(6):
        office.get(where)
    for slot in slots[1:]:
        factories.appointment(slot)
    with django_assert_max_num_queries(6):
        office.get(where)


def test_my_day_without_a_doctor_row_says_what_to_do(sign_in):
    page = sign_in(Role.DOCTOR).get(url("my_day"))
    assert page.status_code == 200
    assert page.templates[0].name == "back_office/doctor/no_doctor.html"


@pytest.mark.parametrize("date", ["", "nonsense", "2026-02-31", "9999-12-31", "31.12.9999", "0001-01-01", "\x00"])
def test_my_day_with_any_date_opens(office, date):
    assert office.get(url("my_day"), {"date": date}).status_code == 200


@pytest.mark.parametrize("typed", ["31.02.2020", "когда-нибудь", "31.12.9999"])
def test_d28_a_day_of_mine_that_cannot_be_read_stays_as_typed_beside_a_sentence(office, doctor, typed):
    page = office.get(url("my_day"), {"date": typed})
    field = page.context["form"]["date"]
    assert (field.value(), len(field.errors), page.context["is_today"]) == (typed, 1, True)


def test_another_day_of_mine_is_typed(office, doctor):
    page = office.get(url("my_day"), {"date": "03.12.2026"})
    assert (f"{page.context['day']}", page.context["form"]["date"].errors) == ("2026-12-03", [])


def test_start_and_finish_lead_to_the_follow_up(office, doctor):
    visit = today_visit(doctor)
    with time_machine.travel(visit.starts_at):
        assert office.post(url("my_visit_start", visit.pk)).status_code == 302
        answer = office.post(url("my_visit_finish", visit.pk))
    assert answer["Location"] == url("my_visit", visit.pk)
    visit.refresh_from_db()
    assert visit.status == AppointmentStatus.FULFILLED
    assert f"{url('follow_up', visit.pk)}?weeks=4" in office.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(("status", "offered"), [("booked", False), ("arrived", True), ("checked-in", True)])
def test_d18_only_who_has_come_can_be_finished(office, doctor, status, offered):
    visit = today_visit(doctor)
    Appointment.objects.update(status=status)
    with time_machine.travel(visit.starts_at + timedelta(minutes=5)):
        pages = [office.get(url("my_day")), office.get(url("my_visit", visit.pk))]
    assert [url("my_visit_finish", visit.pk) in page.content.decode() for page in pages] == [offered] * 2


@pytest.mark.parametrize(("status", "sentence"), [("booked", NotReceived), ("arrived", StillAhead)])
def test_d18_a_visit_finished_100_minutes_too_soon_is_a_sentence_and_stays(office, doctor, status, sentence):
    visit = today_visit(doctor)
    Appointment.objects.update(status=status)
    with time_machine.travel(visit.starts_at - timedelta(minutes=100)):
        answer = office.post(url("my_visit_finish", visit.pk), follow=True)
    assert [str(message) for message in answer.context["messages"]] == [str(sentence())]
    assert Appointment.objects.get().status == status


def test_visit_of_another_day_is_not_started(office, doctor):
    visit = factories.appointment(factories.slots_of(factories.shift(doctor, days=1))[0])
    office.post(url("my_visit_start", visit.pk))
    visit.refresh_from_db()
    assert visit.status == AppointmentStatus.BOOKED


@pytest.mark.parametrize("name", ["my_visit_start", "my_visit_finish", "my_visit_informed", "follow_up"])
def test_another_doctors_visit_is_not_found(office, name):
    visit = factories.appointment()
    assert office.post(url(name, visit.pk)).status_code == 404
    visit.refresh_from_db()
    assert visit.status == AppointmentStatus.BOOKED
    assert visit.informed_at is None


def take(page, at=0):
    slot = page.context["times"][at][0]
    service = page.context["form"].cleaned_data["service"]
    return {"slot": slot.pk, "service": service.pk, "weeks": "2", "key": page.context["key"]}


def test_follow_up_is_three_clicks_to_told(office, doctor, finished):
    factories.shift(doctor, days=3)
    factories.shift(doctor, days=20)
    page = office.get(url("follow_up", finished.pk), {"weeks": 2})
    assert [timezone.localtime(slot.starts_at).date() for slot, _ in page.context["times"]] == [
        factories.moment(20).date()
    ] * 3
    answer = office.post(url("follow_up", finished.pk), take(page))
    made = Appointment.objects.get(follow_up_of=finished)
    assert (made.channel, made.visit_kind, made.patient) == (Channel.DOCTOR, "follow_up", finished.patient)
    facts = office.get(answer["Location"]).content.decode()
    assert doctor.full_name in facts
    assert factories.location().address in facts
    office.post(url("my_visit_informed", made.pk))
    made.refresh_from_db()
    assert made.informed_by.startswith("staff:")


@pytest.mark.parametrize("ticked", [{}, {"remind": "on"}], ids=["not ticked", "ticked"])
def test_who_agrees_in_the_room_is_reminded_of_the_follow_up(office, doctor, finished, ticked):
    factories.shift(doctor, days=20)
    page = office.get(url("follow_up", finished.pk), {"weeks": 2})
    office.post(url("follow_up", finished.pk), take(page) | ticked)
    assert Appointment.objects.get(follow_up_of=finished).wants_reminders is bool(ticked)


def test_follow_up_sent_twice_is_one(office, doctor, finished):
    factories.shift(doctor, days=20)
    page = office.get(url("follow_up", finished.pk), {"weeks": 2})
    answers = {office.post(url("follow_up", finished.pk), take(page))["Location"] for _ in range(2)}
    assert len(answers) == 1
    assert finished.follow_ups.count() == 1
    assert office.post(url("follow_up", finished.pk), take(page, 1)).status_code == 422


def test_follow_up_at_a_time_just_taken_shows_other_times(office, doctor, finished):
    factories.shift(doctor, days=20)
    page = office.get(url("follow_up", finished.pk), {"weeks": 2})
    factories.appointment(Slot.objects.get(pk=page.context["times"][0][0].pk))
    answer = office.post(url("follow_up", finished.pk), take(page))
    assert answer.status_code == 409
    assert len(answer.context["times"]) == 3


def test_follow_up_with_nothing_free_sends_to_the_registry(office, finished):
    page = office.get(url("follow_up", finished.pk), {"weeks": 2})
    assert page.context["times"] == []
    assert "Направьте пациента в регистратуру" in page.content.decode()


@pytest.mark.parametrize("weeks", ["0", "-1", "53", "x", "9" * 30])
def test_follow_up_in_impossible_weeks_is_refused(office, finished, weeks):
    assert office.get(url("follow_up", finished.pk), {"weeks": weeks}).status_code == 422


def test_follow_up_in_a_colleagues_slot_is_not_found(office, finished):
    colleague = factories.doctor(finished.service)
    foreign = factories.slots_of(factories.shift(colleague, days=20))[0]
    form = {"slot": foreign.pk, "service": finished.service_id, "weeks": "2", "key": uuid4()}
    assert office.post(url("follow_up", finished.pk), form).status_code == 404
    assert finished.follow_ups.count() == 0


def test_follow_up_proposes_the_service_of_the_visit(office, doctor, finished):
    other = factories.service(finished.service.specialty, name="А — первая по списку")
    doctor.services.add(other)
    page = office.get(url("follow_up", finished.pk), {"weeks": 2})
    assert page.context["form"]["service"].value() == str(finished.service_id)
