"""`self_booking.book(...)`: a patient books on the site, without an account (R17). First visits only (R18)."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from foundation.accounts.actors import Actor
from foundation.database import writes
from foundation.database.locks import advisory_lock
from foundation.database.rows import fetch
from notifications.actions import phone_codes
from notifications.errors import CodeProblem
from patients.actions import consents, papers, register
from patients.actions.register import PersonData
from patients.ages import age_on
from patients.choices import Channel, Relation
from patients.errors import PatientError
from patients.models import Patient, Representation
from scheduling.actions import appointments
from scheduling.choices import UPCOMING, listed
from scheduling.db_errors import translate_db_errors
from scheduling.errors import BookingError, ServiceNotOffered, TooManyVisits, TooYoungForSite
from scheduling.models import Appointment, Service
from scheduling.queries import facts

VISITS_PER_PHONE = 2
"""Future visits to one specialty that one phone may hold from the site (T57)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentativeData:
    """Who books for a minor: nothing but the name and the relation is asked on the site (domain §3.3, F)."""

    relation: Relation
    last_name: str
    first_name: str
    patronymic: str = ""


@dataclass(slots=True)
class TypedCode:
    """The digits from the SMS. `right` once they are found so, whatever becomes of the booking after that."""

    digits: str
    right: bool = False


def book(*, person: PersonData, code: TypedCode | None, **form: Any) -> Appointment:
    """Books, or returns the appointment the same form made before: see `_attempt`. Raises CodeProblem besides."""
    try:
        made = _attempt(person=person, code=code, **form)
    except (BookingError, PatientError):
        if code and code.right:  # with the refused booking the code would be as good as new
            with suppress(CodeProblem, BookingError):
                translate_db_errors(phone_codes.check)(phone=person.phone, code=code.digits)
        raise
    if isinstance(made, CodeProblem):
        raise made
    return made


@translate_db_errors
@writes.atomic
def _attempt(
    *,
    slot: UUID,
    service: UUID,
    person: PersonData,
    by: Actor,
    consent_text: str,
    idempotency_key: str,
    code: TypedCode | None,
    representative: RepresentativeData | None = None,
    hold_token: UUID | None = None,
) -> Appointment | CodeProblem:
    """Proof of the phone, patient record, consent and appointment in one transaction.

    Without a `code` the phone has been proved before. A wrong one is returned: its try is counted, and what is raised
    would be rolled back. Raises TooYoungForSite, TooManyVisits, ServiceNotOffered, IdempotencyConflict,
    Service.DoesNotExist and what `appointments.book` raises.
    """
    if problem := _prove(person.phone, code):
        return problem
    digest = appointments.digest_of(slot=slot, service=service, person=person, representative=representative)
    before = _before(person, service, key=idempotency_key)
    if before.made and (made := appointments.same_request(idempotency_key, digest)):
        return made
    if not (before.service.active and before.service.on_site):
        raise ServiceNotOffered
    if before.visits >= VISITS_PER_PHONE:
        raise TooManyVisits
    patient = register.find_or_add(person=person, by=by, known=before.known)
    consents.give(patient=patient, text=consent_text, channel=Channel.SITE, by=by)
    booked = appointments.book(
        slot=slot,
        patient=patient,
        service=before.service,
        channel=Channel.SITE,
        by=by,
        representation=_represent(patient, representative, phone=person.phone, by=by),
        hold_token=hold_token,
        idempotency_key=idempotency_key,
        request_digest=digest,
    )
    check_age(person=person, starts_at=booked.starts_at, representative=representative)
    return booked


def _prove(phone: str, code: TypedCode | None) -> CodeProblem | None:
    """From here on it is this phone's turn: a form sent twice finds what the first one wrote."""
    if code is None:
        advisory_lock(phone)
        return None
    try:
        phone_codes.check(phone=phone, code=code.digits)
    except CodeProblem as problem:
        return problem
    code.right = True
    return None


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
    service: Service
    made: bool
    """This form was sent before."""
    visits: int
    """How many visits to the specialty this phone holds."""
    known: register.Known


def _before(person: PersonData, service: UUID, *, key: str) -> _Before:
    values = {"key": key, "service": service, "now": timezone.now()}
    rows = fetch(_BEFORE, values | register.asked_by(person))
    if not rows:
        raise Service.DoesNotExist
    row = iter(rows[0])
    return _Before(facts.SERVICE.read(row), next(row), next(row), register.known_of(row))


_BEFORE = f"""
    SELECT {facts.SERVICE.sql},
        EXISTS (SELECT FROM scheduling_appointment WHERE idempotency_key = %(key)s),
        (
            SELECT count(*) FROM patients_patient patient
            JOIN scheduling_appointment visit ON visit.patient_id = patient.id
            JOIN scheduling_service theirs ON theirs.id = visit.service_id
            WHERE patient.phone = %(phone)s AND theirs.specialty_id = service.specialty_id
                AND visit.status IN ({listed(UPCOMING)}) AND visit.starts_at > %(now)s
        ),
        known.*
    FROM scheduling_service service CROSS JOIN ({register.KNOWN_BY_PHONE}) known WHERE service.id = %(service)s
"""
