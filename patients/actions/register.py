"""The patient register: each function writes in one transaction with its audit row."""

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.audit.before_and_after import before_and_after
from foundation.changes import Changes, Edited
from foundation.database import writes
from patients.actions import own_records
from patients.choices import MisState
from patients.data import PersonData
from patients.errors import MergedMeanwhile, SamePersonExists
from patients.models import Patient
from patients.queries import doubles, known
from patients.queries.known import Known


@writes.atomic
def add(*, person: PersonData, by: Actor, allow_namesake: bool = False) -> Patient:
    """Adds a patient record. Raises SamePersonExists: search comes first, so that there are no doubles (R9).

    `allow_namesake` is the registrar's word that this is another person with the same name and birth date.
    """
    if not allow_namesake and (found := doubles.of(person)):
        raise SamePersonExists(found)
    return _new(person, known.next_number(), by=by)


@writes.atomic
def find_or_add(*, person: PersonData, by: Actor, found: Known | None = None) -> Patient:
    """Finds the person of this name, birth date and phone, or adds a record: for the site and the waitlist.

    Nobody can look there. Without the same phone a new record is made: a stranger who knows a name must not reach
    another's record (T43). `found` is what the caller has read of this person already.
    """
    found = found or known.by_phone(person)
    return found.patient or _new(person, found.number or known.next_number(), by=by)


@writes.atomic
def correct(*, patient: Patient, changes: Changes, by: Actor) -> Edited:
    """Corrects columns of a patient record and returns what stood there; where they act by it they are called so too.

    Raises ChangedMeanwhile, MergedMeanwhile.
    """
    patient.refresh_from_db(from_queryset=Patient.objects.select_for_update(no_key=True))
    if patient.merged_into_id:
        raise MergedMeanwhile
    edited = changes.apply(patient)
    if edited:
        patient.save(update_fields=[*edited, "search_name"])
        trail.record(by=by, action="patient.corrected", patient=patient.pk, changed=before_and_after(edited))
        own_records.follow_record(patient, edited, by=by)
    return edited


def _new(person: PersonData, number: int, *, by: Actor) -> Patient:
    patient = Patient(card_number=f"М-{number:06d}", **person.columns())
    # The built-in register is the clinic's MIS until another is connected: our card number is the record there.
    patient.mis_client_id, patient.mis_state = patient.card_number, MisState.SYNCED
    writes.insert(patient)
    trail.record(by=by, action="patient.registered", patient=patient.pk)
    return patient
