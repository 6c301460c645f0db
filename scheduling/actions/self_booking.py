"""`self_booking.book(...)`: a patient books on the site, without an account (R17). First visits only (R18)."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from clinic import together
from clinic.accounts.actors import Actor
from clinic.accounts.choices import Channel
from clinic.rows import ask
from patients.actions import consents, papers, register
from patients.actions.register import PersonData
from patients.ages import age_on
from patients.choices import Relation
from patients.models import Patient, Representation
from scheduling.actions import appointments
from scheduling.choices import UPCOMING, listed
from scheduling.errors import ServiceNotOffered, TooManyVisits, TooYoungForSite
from scheduling.locks import lock_errors, one_at_a_time
from scheduling.models import Appointment, Service

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
@together.atomic
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
    before = _before(person, service, key=idempotency_key)
    if before.made and (made := appointments.same_request(idempotency_key, digest)):
        return made
    if not service.on_site:
        raise ServiceNotOffered
    if before.visits >= VISITS_PER_PHONE:
        raise TooManyVisits
    patient = register.find_or_add(person=person, by=by, known=before.known)
    consents.give(patient=patient, text=consent_text, channel=Channel.SITE, by=by)
    booked = appointments.book(
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
    check_age(person=person, starts_at=booked.starts_at, representative=representative)
    return booked


def check_age(*, person: PersonData, starts_at: datetime, representative: RepresentativeData | None) -> None:
    """Who may book alone on the site, on the day of the visit. Raises TooYoungForSite."""
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


class _Before(NamedTuple):
    made: bool
    """This form was sent before."""
    visits: int
    """How many visits to the specialty this phone holds."""
    known: register.Known


def _before(person: PersonData, service: Service, *, key: str) -> _Before:
    values = {"key": key, "specialty": service.specialty_id, "now": timezone.now()}
    made, visits, *known = ask(_BEFORE, values | register.asked_by(person))[0]
    return _Before(made, visits, register.known_of(iter(known)))


_BEFORE = f"""
    SELECT EXISTS (SELECT FROM scheduling_appointment WHERE idempotency_key = %(key)s),
        (
            SELECT count(*) FROM patients_patient patient
            JOIN scheduling_appointment visit ON visit.patient_id = patient.id
            JOIN scheduling_service service ON service.id = visit.service_id
            WHERE patient.phone = %(phone)s AND service.specialty_id = %(specialty)s
                AND visit.status IN ({listed(UPCOMING)}) AND visit.starts_at > %(now)s
        ),
        known.*
    FROM ({register.KNOWN_BY_PHONE}) known
"""
