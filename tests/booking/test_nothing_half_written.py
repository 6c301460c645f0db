"""A refused booking leaves nothing of itself: no person, no representative, no papers, no consent."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

import booking
from foundation.accounts.actors import site_visitor
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from notifications.models import Message
from patients.choices import DocumentKind, Relation
from patients.data import PowerData, Seen
from patients.demandable import Demandable
from patients.errors import DocumentsMissing, PatientError
from patients.models import DataConsent, IdentityDocument, Patient, PowerOfAttorney, RegistryEntry, Representation
from scheduling.errors import AgeNotServed, BookingError, SlotTaken
from scheduling.models import Appointment
from tests import factories as make
from tests import phoning
from waitlist import matching
from waitlist.models import CallAttempt, SlotOffer, WaitlistEntry
from worklist.models import Claim, Task

pytestmark = pytest.mark.django_db

WRITTEN = (
    Appointment,
    AuditEvent,
    DataConsent,
    IdentityDocument,
    Message,
    Patient,
    PowerOfAttorney,
    RegistryEntry,
    Representation,
)
BIRTH = Seen(document=Demandable.BIRTH_CERTIFICATE, kind=DocumentKind.BIRTH_CERTIFICATE)
POWER = Seen(document=Demandable.POWER_OF_ATTORNEY)


def rows() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in WRITTEN}


@pytest.fixture
def slot():
    return make.slots_of(make.shift(make.doctor()))[0]


def power(days: int = 30) -> PowerData:
    today = timezone.localdate()
    return PowerData(
        principal_name="Орлова Мария Ивановна",
        signed_on=today - timedelta(days=30),
        valid_until=today + timedelta(days=days),
    )


def with_a_nanny(slot, child, **changed):
    """Returns the desk's form for a child whose nanny shows everything."""
    return {
        "slot": slot.pk,
        "service": slot.doctor.services.get(),
        "patient": child,
        "by": make.TEST,
        "seen": [make.PASSPORT, BIRTH, POWER],
        "representative": make.representative(Relation.ATTORNEY),
        "power": power(),
        "key": uuid4().hex,
    } | changed


def test_at_the_desk_everything_is_written_together(slot):
    child = make.child()
    before = rows()
    booked = booking.at_desk(**with_a_nanny(slot, child))
    assert (booked.representation.patient, booked.representation.verified_by) == (child, make.TEST.ref)
    made = {name: number - before[name] for name, number in rows().items()}
    assert made == {
        "Appointment": 1,
        "AuditEvent": 3,
        "DataConsent": 0,
        "IdentityDocument": 2,
        "Message": 1,
        "Patient": 0,
        "PowerOfAttorney": 1,
        "RegistryEntry": 1,
        "Representation": 1,
    }


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"seen": [make.PASSPORT, BIRTH]}, DocumentsMissing),
        ({"power": power(days=-1)}, PatientError),
        ({"representative": None}, PatientError),
    ],
)
def test_papers_refused_at_the_desk(slot, changed, error):
    child = make.child()
    before = rows()
    with pytest.raises(error):
        booking.at_desk(**with_a_nanny(slot, child, **changed))
    assert rows() == before


def test_a_lost_race_at_the_desk(slot):
    child = make.child()
    make.appointment(slot)
    before = rows()
    with pytest.raises(SlotTaken):
        booking.at_desk(**with_a_nanny(slot, child))
    assert rows() == before


def test_a_new_power_of_a_known_attorney(slot):
    child = make.child()
    nanny = make.parent_of(child, Relation.ATTORNEY)
    make.appointment(make.slots_of(make.shift(make.doctor()))[0], of=child)
    before = rows()
    with pytest.raises(BookingError):
        booking.at_desk(**with_a_nanny(slot, child, representative=nanny))
    assert rows() == before
    nanny.refresh_from_db()
    assert nanny.power_of_attorney is None


def test_the_panel_of_the_desk_presses_once(sign_in, slot):
    """The representative was typed in the panel; meanwhile another person took the time."""
    child = make.child()
    form = {
        "key": "k1",
        "patient": child.pk,
        "applicant": "new",
        "service": slot.doctor.services.get().pk,
        "rep-relation": "parent",
        "rep-last_name": "Орлова",
        "rep-first_name": "Мария",
        "identity-seen": "on",
        "identity-kind": "rf_passport",
        "birth_certificate-seen": "on",
        "birth_certificate-kind": "birth_certificate",
    }
    desk, path = sign_in(Role.REGISTRAR), reverse("office:book", args=[slot.pk])
    other = make.appointment(slot)
    assert desk.post(path, form).status_code == 409
    assert not Representation.objects.exists()
    booking.cancel(appointment=other.pk, reason="patient", by=make.TEST)
    assert desk.post(path, form).status_code == 302
    assert Appointment.objects.get(patient=child).representation == Representation.objects.get()


def test_the_same_form_twice_records_the_representative_once(slot):
    form = with_a_nanny(slot, make.child())
    first = booking.at_desk(**form)
    before = rows()
    assert booking.at_desk(**form) == first
    assert rows() == before


def test_on_the_site():
    """The doctor sees adults only, and a child was booked by a form that was opened before."""
    slot = make.slots_of(make.shift(make.doctor(min_age=18)))[0]
    before = rows()
    with pytest.raises(AgeNotServed):
        booking.on_site(
            slot=slot.pk,
            service=slot.doctor.services.get().pk,
            person=make.person(birth_date=timezone.localdate() - timedelta(days=2000)),
            representative=make.representative(),
            by=site_visitor(session="t"),
            consent_text="Согласен",
            code=None,
            key=uuid4().hex,
        )
    assert rows() == before


def test_after_a_call_the_offer_the_entry_and_the_time_stay(slot):
    """A child without a known representative cannot be booked at the yes, and the call goes on."""
    operator = make.actor(Role.OPERATOR)
    entry = make.entry(slot.doctor.specialties.get(), who=make.child())
    matching.offer_slot(slot=slot.pk)
    offer = phoning.claim(offer=SlotOffer.objects.get().pk, by=operator)
    before = rows()
    with pytest.raises(PatientError):
        booking.from_offer(offer=offer.pk, by=operator)
    assert rows() == before
    assert (SlotOffer.objects.get().state, CallAttempt.objects.count()) == ("open", 0)
    assert (Task.objects.get().state, Claim.objects.get().by) == ("open", operator.ref)
    assert WaitlistEntry.objects.get(pk=entry.pk).is_open
