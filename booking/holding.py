"""Booked visits are judged again after a correction: those that the gate refuses today no longer hold."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from booking import gate
from booking.gate import Case, Check
from foundation.errors import DomainError
from patients.acting import acting_on
from patients.choices import Channel
from scheduling.actions.appointments.make import Time
from scheduling.actions.visits import KEPT
from scheduling.choices import AppointmentStatus
from scheduling.models import Appointment, AppointmentEvent, Doctor


@dataclass(frozen=True, slots=True)
class BrokenVisit:
    """A visit ahead that no longer holds, and what refuses it."""

    visit: Appointment
    refusals: Sequence[DomainError]


def broken(visits: QuerySet[Appointment]) -> list[BrokenVisit]:
    """Returns those of these visits that are ahead and no longer hold, the nearest first, in three statements.

    A visit that somebody has kept in spite of a refusal is left out until there is another one.
    """
    now = timezone.now()
    ahead = visits.filter(status=AppointmentStatus.BOOKED, starts_at__gt=now).order_by("starts_at", "pk")
    related = ("patient", "representation__power_of_attorney", "service", "doctor", "room__location")
    read = list(ahead.select_related(*related))
    given = _given(read)
    judged = [BrokenVisit(visit, gate.refusals(_case(visit, given, now), skip=_skipped(visit))) for visit in read]
    refused = [each for each in judged if each.refusals]
    kept = _kept(each.visit.pk for each in refused)
    return [each for each in refused if {why.code for why in each.refusals} - kept.get(each.visit.pk, set())]


Given = set[tuple[UUID, UUID]]
"""Doctors who work here with the services they give."""


def _given(visits: Iterable[Appointment]) -> Given:
    doctors = {visit.doctor_id for visit in visits}
    if not doctors:
        return set()
    return set(Doctor.objects.filter(pk__in=doctors, active=True).values_list("pk", "services"))


def _case(visit: Appointment, given: Given, now: datetime) -> Case:
    time = Time(
        doctor=visit.doctor,
        room=visit.room,
        starts_at=visit.starts_at,
        given=(visit.doctor_id, visit.service_id) in given,
        patient_busy=False,
        now=now,
    )
    return Case(
        time=time,
        service=visit.service,
        patient=visit.patient,
        representation=acting_on(time.day, patient=visit.patient, representation=visit.representation),
        channel=Channel(visit.channel),
        lasts=visit.ends_at - visit.starts_at,
    )


def _skipped(visit: Appointment) -> Collection[Check]:
    """Returns what was not asked of the visit either: nobody acts at a follow-up that the doctor booked for a child."""
    alone = visit.channel == Channel.DOCTOR and visit.representation_id is None
    return gate.SKIPPED_FOR_FOLLOW_UPS if alone else ()


def _kept(visits: Iterable[UUID]) -> dict[UUID, set[str]]:
    """Returns the codes of the refusals in spite of which somebody has kept each of these visits."""
    events = AppointmentEvent.objects.filter(appointment__in=list(visits), kind=KEPT)
    kept: dict[UUID, set[str]] = {}
    for visit, details in events.values_list("appointment", "details"):
        kept.setdefault(visit, set()).update(details["in_spite_of"])
    return kept
