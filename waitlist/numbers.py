"""The number at which a waiting patient is phoned: that of the record, or the next one known where it did not work."""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from foundation.changes import as_text
from patients import contact
from patients.ages import is_minor
from patients.models import Patient
from patients.queries import people
from waitlist.choices import FAILS, OPEN, EntryState
from waitlist.models import CallAttempt, WaitlistEntry

NUMBER = f"COALESCE(NULLIF(entry.phone, ''), {contact.NUMBER})"
"""The number of `number_of`, as an expression in SQL with the parameters of `contact.number_today`."""


def number_of(entry: WaitlistEntry) -> str:
    """Returns the number to phone, E.164 or empty."""
    return as_text(entry.phone) or contact.number_of(entry.patient, entry.representation)


def next_of(entry: WaitlistEntry) -> str:
    """Returns the next number known of a person that was not dialled in vain yet; empty when there is none."""
    failed = set(_failed(entry.patient_id))
    return next((number for number in _known(entry) if number and number not in failed), "")


def corrected(patients: Collection[Patient]) -> list[WaitlistEntry]:
    """Locks and returns the open entries of these patients that were phoned in vain and whose record is right now."""
    fails = Q(state=EntryState.UNREACHABLE) | ~Q(phone="")
    rows = WaitlistEntry.objects.filter(fails, patient__in=patients, state__in=OPEN).order_by("pk")
    found = rows.select_for_update(of=["self"]).select_related("patient", "representation")
    return [entry for entry in found if _is_right(entry)]


def _is_right(entry: WaitlistEntry) -> bool:
    number = contact.number_of(entry.patient, entry.representation)
    return bool(number) and number not in _failed(entry.patient_id)


def _failed(patient: UUID) -> list[str]:
    """Returns the numbers at which the patient is not, or which refuse ours."""
    failed = CallAttempt.objects.filter(entry__patient=patient, outcome__in=FAILS)
    return [as_text(number) for number in failed.values_list("number", flat=True)]


def _known(entry: WaitlistEntry) -> Iterator[str]:
    """Yields the numbers of the record, of the requests, of those who act for a minor, of parts of the record."""
    patient = entry.patient
    yield contact.number_of(patient, entry.representation)
    yield as_text(patient.phone)
    yield from map(as_text, entry.requests.order_by("-created_at").values_list("phone", flat=True))
    if is_minor(patient.birth_date, timezone.localdate()):
        for acting in people.representatives(patient).select_related("person"):
            yield as_text(acting.phone)
            yield as_text(acting.person.phone) if acting.person else ""
    parts = Patient.objects.filter(merged_into=patient).order_by("pk")
    yield from map(as_text, parts.values_list("phone", flat=True))
