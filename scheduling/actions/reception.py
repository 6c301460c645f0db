"""`reception.book(...)`: the desk and the contact centre, by one algorithm (R8, R9, R13, R16)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils import timezone

from foundation.accounts.actors import Actor
from foundation.database import writes
from patients.actions import papers
from patients.actions.papers import Seen
from patients.choices import Applicant, Channel, Relation
from patients.demandable import applicant_for
from patients.models import Patient, Representation
from scheduling.actions import appointments
from scheduling.choices import VisitKind
from scheduling.db_errors import translate_db_errors
from scheduling.models import Appointment, Service


def applicant_of(
    *, patient: Patient, day: date, representation: Representation | None, for_other: bool = False
) -> Applicant:
    """The matrix case on the day of the visit. Raises RepresentativeNeeded, NotForAdult."""
    return applicant_for(
        birth_date=patient.birth_date,
        day=day,
        relation=Relation(representation.relation) if representation else None,
        for_other=for_other,
    )


@translate_db_errors
@writes.atomic
def book(
    *,
    slot: UUID,
    patient: Patient,
    service: Service,
    channel: Channel,
    by: Actor,
    seen: Sequence[Seen] = (),
    representation: Representation | None = None,
    for_other: bool = False,
    visit_kind: VisitKind = VisitKind.FIRST,
    follow_up_of: Appointment | None = None,
    hold_token: UUID | None = None,
    idempotency_key: str | None = None,
) -> Appointment:
    """The registry entry with the documents seen and the appointment, both or neither.

    By phone nothing is shown and nothing is asked (R16). Raises DocumentsMissing, DocumentNotDemandable,
    PowerOfAttorneyInvalid, RepresentativeNeeded, NotForAdult and what `appointments.book` raises.
    """
    digest = appointments.digest_of(
        slot=slot,
        patient=patient.pk,
        service=service.pk,
        channel=channel,
        visit_kind=visit_kind,
        representation=representation and representation.pk,
        seen=sorted(item.document for item in seen),
    )
    booked, again = appointments.take(
        slot=slot,
        patient=patient,
        service=service,
        channel=channel,
        by=by,
        visit_kind=visit_kind,
        follow_up_of=follow_up_of,
        representation=representation,
        hold_token=hold_token,
        idempotency_key=idempotency_key,
        request_digest=digest,
    )
    if again:
        return booked
    day = timezone.localtime(booked.starts_at).date()
    papers.record(
        patient=patient,
        applicant=applicant_of(patient=patient, day=day, representation=representation, for_other=for_other),
        channel=channel,
        seen=seen,
        by=by,
        representation=representation,
        visit_day=day,
    )
    return booked
