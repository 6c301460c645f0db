"""Patients book on the site without an account (R17); only first visits (R18)."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import wraps
from typing import ParamSpec
from uuid import UUID

from booking import gate, new_visit, waiting_visitors
from booking.gate import Case
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from foundation.database.locks import advisory_lock
from notifications.actions import phone_codes
from notifications.errors import CodeProblem
from patients.actions import consents, register, representations
from patients.choices import Channel
from patients.data import PersonData, RepresentativeData
from patients.errors import PatientError
from patients.models import Patient, Representation
from scheduling.actions.appointments import make
from scheduling.actions.appointments.forms import digest_of, made_before
from scheduling.db_errors import translate_db_errors
from scheduling.errors import BookingError, ServiceNotOffered, TooManyVisits
from scheduling.models import Appointment
from scheduling.queries import site_booking
from scheduling.queries.site_booking import BookingContext
from waitlist.actions import met, requests

P = ParamSpec("P")
VISITS_PER_PHONE = 2
"""Future visits to one specialty that one phone may hold from the site (T57)."""


@dataclass(slots=True)
class TypedCode:
    """The digits that a visitor typed from the SMS.

    `right` tells that they have been found correct, whether or not the booking succeeded after that.
    """

    digits: str
    proves: str = ""
    """The phone (E.164) that the digits have proved; empty until they are found correct."""
    asked_by: str = ""
    """The visitor who has proved it."""

    @property
    def right(self) -> bool:
        return bool(self.proves)


@verb(Kind.BESIDE)
def send_code(*, phone: str, by: Actor, by_call: bool = False) -> None:
    """Sends a new code to this phone (E.164) for this visitor to type; `by_call` has it rung instead.

    Raises NoRouteForCodes, CodeTooSoon, TooManyCodes, CodesStopped.
    """
    phone_codes.send(phone=phone, asked_by=by.ref, address=by.ip, by_call=by_call)


@verb(Kind.BESIDE, keeps=(CodeProblem,))
def prove_phone(*, phone: str, code: str, by: Actor) -> None:
    """Proves by a code that the visitor has this phone (E.164). Raises CodeProblem; a wrong code stays counted."""
    phone_codes.check(phone=phone, code=code, asked_by=by.ref)


def _refusals_use_the_code_up(book: Callable[P, Appointment]) -> Callable[P, Appointment]:
    """Marks the code as used again after a refused booking, whose rollback would make it as good as new."""

    @wraps(book)
    def booked(*args: P.args, **form: P.kwargs) -> Appointment:
        try:
            return book(*args, **form)
        except (BookingError, PatientError):
            code = form.get("code")
            if isinstance(code, TypedCode) and code.right:
                with suppress(CodeProblem, BookingError):
                    translate_db_errors(phone_codes.check)(phone=code.proves, code=code.digits, asked_by=code.asked_by)
            raise

    return booked


@_refusals_use_the_code_up
@verb(Kind.MAKE, keeps=(CodeProblem,))
def on_site(
    *,
    slot: UUID,
    service: UUID,
    person: PersonData,
    by: Actor,
    consent_text: str,
    key: str,
    code: TypedCode | None,
    representative: RepresentativeData | None = None,
    hold: UUID | None = None,
    unless_booked: bool = False,
    handed: UUID | None = None,
    remind: bool = False,
) -> Appointment:
    """Books a first visit from the site: phone proof, patient record, consent and appointment in one transaction.

    A form sent twice gets the appointment it made before. `code` is None when the phone has been proved already; a
    wrong code stays counted although nothing is booked. `handed` is the request by which the contact centre would phone
    about the time; nobody has to any more.

    Raises CodeProblem, TooManyVisits, ServiceNotOffered, IdempotencyConflict, Service.DoesNotExist, AlreadyBooked and
    what `make.lock` and the gate raise.
    """
    _prove(person.phone, code, by=by)
    digest = digest_of(slot=slot, service=service, person=person, representative=representative)
    context = site_booking.read_context(person=person, service=service, key=key)
    if context.made and (made := made_before(key, digest)):
        return made
    _check_limits(context)
    if handed:
        requests.lock(handed)  # before the slots, as whoever books it by phone does
    there = context.patient
    wish = (
        met.lock(patient=there.pk, service=context.service, by=by)
        if there
        else met.lock_of_unknown(person=person, service=context.service)
    )
    time = make.lock(
        slot=slot,
        service=context.service,
        patient=there.pk if there else None,
        hold_token=hold,
        key=key,
        digest=digest,
    )
    if isinstance(time, Appointment):
        return time
    patient = register.find_or_add(person=person, by=by, found=context.known)
    consents.give(patient=patient, text=consent_text, channel=Channel.SITE, by=by)
    case = Case(
        time=time,
        service=context.service,
        patient=patient,
        representation=_represented(patient, representative, phone=person.phone, by=by),
        channel=Channel.SITE,
    )
    gate.check(case)
    if unless_booked:
        new_visit.ask_about_another(case)
    visit = new_visit.write(case, wish=wish, by=by, key=key, digest=digest, remind=remind)
    if handed:
        waiting_visitors.close(handed, by=by)
    return visit


def _prove(phone: str, code: TypedCode | None, *, by: Actor) -> None:
    """Checks the code and takes the lock of this phone, so that a form sent twice finds what the first one wrote.

    Raises CodeProblem.
    """
    if code is None:
        advisory_lock(phone)
        return
    phone_codes.check(phone=phone, code=code.digits, asked_by=by.ref)
    code.proves, code.asked_by = phone, by.ref


def _check_limits(context: BookingContext) -> None:
    if not (context.service.active and context.service.on_site):
        raise ServiceNotOffered
    if context.visits >= VISITS_PER_PHONE:
        raise TooManyVisits


def _represented(patient: Patient, who: RepresentativeData | None, *, phone: str, by: Actor) -> Representation | None:
    """Records the representative, whose phone is the one that was proved."""
    return representations.record(patient=patient, who=replace(who, phone=phone), by=by) if who else None
