"""`self_booking.book(...)`: a patient books on the site, without an account (R17). First visits only (R18)."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from clinic.accounts.actors import Actor
from clinic.accounts.choices import Channel
from patients.actions import consents, papers, register
from patients.actions.register import PersonData
from patients.ages import age_on
from patients.choices import Relation
from patients.models import Patient, Representation
from scheduling.actions import appointments
from scheduling.choices import UPCOMING
from scheduling.errors import ServiceNotOffered, SlotTaken, TooManyVisits, TooYoungForSite
from scheduling.locks import lock_errors, one_at_a_time
from scheduling.models import Appointment, Service, Slot

VISITS_PER_PHONE = 2
"""Future visits to one specialty that one phone may hold from the site (T57)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentativeData:
    """Who books for a minor: nothing but the name and the relation is asked on the site (domain §3.3, F)."""

    relation: Relation
    last_name: str
    first_name: str
    patronymic: str = ""


@lock_errors
@transaction.atomic
def book(
    *,
    slot: UUID,
    service: Service,
    person: PersonData,
    by: Actor,
    consent_text: str,
    idempotency_key: str,
    representative: RepresentativeData | None = None,
    hold_token: UUID | None = None,
) -> Appointment:
    """Patient record, consent and appointment in one transaction. `person.phone` has been proved by a code.

    The same form again returns the same appointment. Raises TooYoungForSite, TooManyVisits, ServiceNotOffered,
    IdempotencyConflict, NotForAdult, RepresentativeNeeded and what `appointments.book` raises.
    """
    one_at_a_time(person.phone)  # a retried form finds what the first one wrote
    digest = appointments.digest_of(slot=slot, service=service.pk, person=person, representative=representative)
    if made := appointments.same_request(idempotency_key, digest):
        return made
    if not service.on_site:
        raise ServiceNotOffered
    check_age(person=person, slot=slot, representative=representative)
    _check_visits(person.phone, service)
    patient = register.find_or_add(person=person, by=by)
    consents.give(patient=patient, text=consent_text, channel=Channel.SITE, by=by)
    return appointments.book(
        slot=slot,
        patient=patient,
        service=service,
        channel=Channel.SITE,
        by=by,
        representation=_represent(patient, representative, phone=person.phone, by=by),
        hold_token=hold_token,
        idempotency_key=idempotency_key,
        request_digest=digest,
    )


def check_age(*, person: PersonData, slot: UUID, representative: RepresentativeData | None) -> None:
    """Who may book alone on the site, on the day of the visit. Raises TooYoungForSite."""
    starts_at = Slot.objects.filter(pk=slot).values_list("starts_at", flat=True).first()
    if starts_at is None:
        raise SlotTaken
    age = age_on(person.birth_date, timezone.localtime(starts_at).date())
    if representative is None and age < settings.SELF_BOOKING_AGE:
        raise TooYoungForSite


def _represent(
    patient: Patient, representative: RepresentativeData | None, *, phone: str, by: Actor
) -> Representation | None:
    if representative is None:
        return None
    return papers.represent(
        patient=patient,
        relation=representative.relation,
        last_name=representative.last_name,
        first_name=representative.first_name,
        patronymic=representative.patronymic,
        phone=phone,
        by=by,
    )


def _check_visits(phone: str, service: Service) -> None:
    future = Appointment.objects.filter(
        patient__phone=phone,
        service__specialty=service.specialty_id,
        status__in=UPCOMING,
        starts_at__gt=timezone.now(),
    )
    if future.count() >= VISITS_PER_PHONE:
        raise TooManyVisits
