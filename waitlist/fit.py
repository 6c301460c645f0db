"""Tells what fits a waiting patient, and why a start does not: the reason recorded for all passed over (R23)."""

from collections.abc import Iterable
from dataclasses import replace

from foundation.database import clock
from patients.models import Patient
from scheduling.choices import Misfit
from scheduling.queries import availability, first_appointments
from scheduling.queries.availability import Fit
from scheduling.queries.fit import CONDITIONS, Start
from waitlist import wishes as typed
from waitlist.models import WaitlistEntry
from waitlist.ranking.earlier import useful_before
from waitlist.ranking.search import WaitingEntry
from waitlist.ranking.services import GivenService, gives
from waitlist.wishes import WishData


def misfit(entry: WaitlistEntry | WaitingEntry, *, start: Start, services: Iterable[GivenService]) -> Misfit | None:
    """Returns the first wish that the start does not meet, or None when it meets all.

    `services` are those that can begin there: the shortest that the person would take is asked about.
    """
    lengths = [service.minutes for service in services if gives(service, entry)]
    visit = replace(start, minutes=min(lengths, default=0))
    unmet = next((condition.misfit for condition in CONDITIONS if not condition.met(entry, visit)), None)
    return unmet if unmet or lengths else Misfit.SERVICE


def passed_over(entry: WaitingEntry, *, start: Start, services: Iterable[GivenService]) -> Misfit:
    """Returns why a start was not offered to an entry: a wish, the visit that the patient has, or another reason.

    Their visits are read for those alone whose wishes the start meets.
    """
    if unmet := misfit(entry, start=start, services=services):
        return unmet
    before = useful_before(entry, patient=entry.patient_id, now=start.now)
    return Misfit.NO_EARLIER if before and start.starts_at >= before else Misfit.OTHER


def nearest_fits(wishes: WishData, *, patient: Patient, limit: int = availability.NEAREST) -> list[Fit]:
    """Returns the nearest free starts for a patient who can be asked at once: notice does not count, age does (R23).

    Whoever has a visit that meets the wishes is told earlier times alone.
    """
    before = useful_before(wishes, patient=patient.pk, now=clock.now())
    return _nearest(replace(wishes, birth_date=patient.birth_date, notice_minutes=0, before=before), limit)


def nearest_fits_after_call(entry: WaitlistEntry, *, limit: int = availability.NEAREST) -> list[Fit]:
    """Returns the nearest free starts for a patient to be called first: notice and «not before» count."""
    before = useful_before(entry, patient=entry.patient_id, now=clock.now())
    wishes = replace(typed.of(entry), birth_date=entry.birth_date, not_before=entry.not_before, before=before)
    return _nearest(wishes, limit)


def _nearest(wishes: WishData, limit: int) -> list[Fit]:
    """Whoever names no service is read out the first appointment of each doctor, not what happens to be short."""
    if wishes.service:
        return availability.nearest_of(services=[wishes.service], wishes=wishes, limit=limit)
    given = first_appointments.by_doctor(wishes.specialty)
    return availability.nearest_of_each(given=given, wishes=wishes, limit=limit)
