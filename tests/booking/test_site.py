"""A patient books on the site: proof of the phone, limits, consent, and what a form sent twice finds (R17, T57)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

import booking
from booking.site import VISITS_PER_PHONE, TypedCode
from foundation.accounts.actors import site_visitor
from notifications.actions import phone_codes
from notifications.errors import CodeExpired, WrongCode
from notifications.models import PhoneCode
from patients.choices import Channel, Relation
from patients.models import DataConsent, Patient, Representation
from scheduling.choices import AppointmentStatus
from scheduling.errors import AgeNotServed, IdempotencyConflict, ServiceNotOffered, SlotTaken, TooManyVisits
from scheduling.models import Appointment, Service
from tests import factories as make
from tests.messages import code_of

pytestmark = pytest.mark.django_db

PHONE = "+79210001122"
VISITOR = site_visitor(session="t", ip="203.0.113.7")


@pytest.fixture
def slots():
    return make.slots_of(make.shift(make.doctor(), slots=6))


@pytest.fixture
def person():
    return make.person(phone=PHONE)


def book(slot, person, **given):
    given = {"code": None, "key": uuid4().hex, "service": slot.doctor.services.get().pk} | given
    return booking.on_site(slot=slot.pk, person=person, by=VISITOR, consent_text="Согласен", **given)


def sent():
    phone_codes.send(phone=PHONE, asked_by=VISITOR.ref)
    return TypedCode(code_of(PHONE))


def wrong(code):
    return TypedCode("000000" if code.digits != "000000" else "111111")


def locks(key):
    """Tells whether this transaction holds the lock of that name."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
            AND ((classid::bigint << 32) | objid::bigint) = hashtextextended(%s, 0)""",
            [key],
        )
        return cursor.fetchone()[0]


def test_a_visit_from_the_site_has_a_record_a_consent_and_a_link(slots, person):
    visit = book(slots[0], person)
    patient = Patient.objects.get()
    assert (visit.patient, visit.channel, visit.representation) == (patient, Channel.SITE, None)
    assert (visit.starts_at, visit.created_by) == (slots[0].starts_at, "site:t")
    assert (patient.last_name, patient.phone.as_e164) == (person.last_name, PHONE)
    consent = DataConsent.objects.get()
    assert (consent.patient, consent.text, consent.channel, consent.ip) == (
        patient,
        "Согласен",
        Channel.SITE,
        "203.0.113.7",
    )


def test_the_same_person_books_again_with_the_same_record(slots, person):
    first, second = book(slots[0], person), book(slots[1], person)
    assert first.patient == second.patient
    assert Patient.objects.count() == 1
    assert DataConsent.objects.count() == 2


def test_who_acts_for_a_child_is_reached_by_the_phone_that_was_proved(slots):
    child = make.person(phone=PHONE, birth_date=timezone.localdate() - timedelta(days=2000))
    visit = book(slots[0], child, representative=make.representative(Relation.GUARDIAN, phone=""))
    mother = Representation.objects.get()
    assert visit.representation == mother
    assert (mother.relation, mother.phone.as_e164, mother.patient) == (Relation.GUARDIAN, PHONE, visit.patient)


def test_a_right_code_proves_the_phone(slots, person):
    code = sent()
    assert not code.right
    book(slots[0], person, code=code)
    assert (code.right, code.proves) == (True, PHONE)
    assert PhoneCode.objects.get().used_at is not None


def test_a_wrong_code_books_nothing_and_is_counted_once(slots, person):
    code = wrong(sent())
    with pytest.raises(WrongCode):
        book(slots[0], person, code=code)
    assert (code.right, PhoneCode.objects.get().tries, PhoneCode.objects.get().used_at) == (False, 1, None)
    assert not Appointment.objects.exists()
    assert not Patient.objects.exists()


def test_without_any_code_the_phone_was_not_proved(slots, person):
    with pytest.raises(CodeExpired):
        book(slots[0], person, code=TypedCode("123456"))


def test_a_refused_booking_has_used_its_code_up(slots, person):
    """Else the code were as good as new once the booking is rolled back."""
    make.appointment(slots[0])
    code = sent()
    with pytest.raises(SlotTaken):
        book(slots[0], person, code=code)
    assert code.right
    assert PhoneCode.objects.get().used_at is not None


def test_a_refusal_of_a_phone_proved_before_needs_no_code(slots, person):
    make.appointment(slots[0])
    with pytest.raises(SlotTaken):
        book(slots[0], person)
    assert not PhoneCode.objects.exists()


@pytest.mark.parametrize("with_code", [True, False])
def test_it_is_this_phones_turn_until_the_booking_is_done(slots, person, with_code):
    code = sent() if with_code else None
    assert not locks(PHONE)
    book(slots[0], person, code=code)
    assert locks(PHONE)


def test_a_form_sent_twice_makes_one_visit_and_another_form_is_refused(slots, person):
    visit = book(slots[0], person, key="k1")
    assert book(slots[0], person, key="k1") == visit
    assert DataConsent.objects.count() == 1
    other = make.person(phone=PHONE, last_name="Лунина")
    for changed in ((slots[1], person), (slots[0], other)):
        with pytest.raises(IdempotencyConflict):
            book(*changed, key="k1")


def test_the_form_that_made_the_last_visit_a_phone_may_hold_finds_it(slots, person):
    first = book(slots[0], person, key="k1")
    for number in range(1, VISITS_PER_PHONE):
        book(slots[number], person)
    assert book(slots[0], person, key="k1") == first


def test_t57_a_phone_holds_so_many_visits_to_a_specialty(slots, person):
    for number in range(VISITS_PER_PHONE):
        book(slots[number], make.person(phone=PHONE, last_name=f"Лунина-{number}"))
    with pytest.raises(TooManyVisits):
        book(slots[3], person)
    elsewhere = make.slots_of(make.shift(make.doctor(make.service(make.specialty("Кардиология"))), days=2))
    book(elsewhere[0], person)
    book(slots[4], make.person(phone="+79215550000", last_name="Другая"))


@pytest.mark.parametrize(
    "columns",
    [
        {"status": AppointmentStatus.CANCELLED, "cancelled_at": timezone.now(), "cancelled_by": "test"},
        {"status": AppointmentStatus.NOSHOW},
        {"status": AppointmentStatus.FULFILLED},
        {"starts_at": timezone.now() - timedelta(hours=1), "ends_at": timezone.now()},
    ],
    ids=["cancelled", "not come", "over", "begun"],
)
def test_t57_only_visits_to_come_count(slots, person, columns):
    for number in range(VISITS_PER_PHONE):
        visit = book(slots[number], make.person(phone=PHONE, last_name=f"Лунина-{number}"))
    Appointment.objects.filter(pk=visit.pk).update(**columns)
    assert book(slots[3], person).starts_at == slots[3].starts_at


def test_t57_a_visit_that_begins_at_this_very_moment_is_no_longer_to_come(slots, person):
    for number in range(VISITS_PER_PHONE):
        book(slots[number], make.person(phone=PHONE, last_name=f"Лунина-{number}"))
    with time_machine.travel(slots[0].starts_at, tick=False):
        assert book(slots[3], person).starts_at == slots[3].starts_at


@pytest.mark.parametrize("column", ["active", "on_site"])
def test_a_service_that_is_not_for_the_site_is_not_booked_there(slots, person, column):
    Service.objects.update(**{column: False})
    with pytest.raises(ServiceNotOffered):
        book(slots[0], person)


def test_a_service_that_is_not_there_is_none(slots, person):
    with pytest.raises(Service.DoesNotExist):
        book(slots[0], person, service=uuid4())


def test_the_rules_of_the_gate_hold_on_the_site_too():
    slot = make.slots_of(make.shift(make.doctor(min_age=40)))[0]
    with pytest.raises(AgeNotServed):
        book(slot, make.person(phone=PHONE, years=39))
    book(slot, make.person(phone=PHONE, years=41))


def asked_before(slot, person, **other):
    """A request for any time of this specialty, left before by this person or somebody like them."""
    typed = {name: getattr(person, name) for name in ("last_name", "first_name", "birth_date")} | {"phone": PHONE}
    return make.request(slot.doctor.specialties.get(), **typed | other)


def test_an_earlier_request_of_whom_nobody_knew_is_closed_with_a_link(slots, person):
    request = asked_before(slots[0], person, last_name=person.last_name.upper())
    visit = book(slots[0], person)
    request.refresh_from_db()
    assert (request.state, request.appointment, request.patient) == ("booked", visit, visit.patient)


@pytest.mark.parametrize(
    "other", [{"first_name": "Лев"}, {"birth_date": date(2019, 5, 1)}, {"phone": "+79210009988"}], ids=str
)
def test_a_request_of_another_one_of_the_family_stays(slots, person, other):
    request = asked_before(slots[0], person, **other)
    book(slots[0], person)
    request.refresh_from_db()
    assert (request.state, request.appointment) == ("handed_over", None)


def test_a_request_in_another_specialty_stays(slots, person):
    other = make.doctor(make.service(make.specialty("Трихология", "трихолог")))
    request = asked_before(make.slots_of(make.shift(other))[0], person)
    book(slots[0], person)
    request.refresh_from_db()
    assert request.state == "handed_over"
