"""Reads in one statement what a booking on the site has to know before it takes a time."""

from dataclasses import dataclass
from uuid import UUID

from foundation.database import clock
from foundation.database.read_models import ReadModel, nested_columns
from foundation.database.rows import fetch_first
from patients.data import PersonData
from patients.models import Patient
from patients.queries import known
from patients.queries.known import Known
from scheduling.choices import UPCOMING, listed
from scheduling.models import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingContext(ReadModel):
    service: Service
    made: bool
    """True when this form has made an appointment before."""
    visits: int
    """How many future visits to the specialty this phone holds."""
    patient: Patient | None
    number: int | None

    @property
    def known(self) -> Known:
        return Known(patient=self.patient, number=self.number)


def read_context(*, person: PersonData, service: UUID, key: str) -> BookingContext:
    """Reads the service, earlier bookings of this form and phone, and the patient. Raises Service.DoesNotExist."""
    values = {"key": key, "service": service, "now": clock.now()}
    found = fetch_first(BookingContext, _CONTEXT, values | known.parameters_of(person))
    if found is None:
        raise Service.DoesNotExist
    return found


_CONTEXT = f"""
    SELECT {nested_columns(service=Service)},
        EXISTS (SELECT FROM scheduling_appointment WHERE idempotency_key = %(key)s) AS made,
        (
            SELECT count(*) FROM patients_patient patient
            JOIN scheduling_appointment visit ON visit.patient_id = patient.id
            JOIN scheduling_service theirs ON theirs.id = visit.service_id
            WHERE patient.phone = %(phone)s AND theirs.specialty_id = service.specialty_id
                AND visit.status IN ({listed(UPCOMING)}) AND visit.starts_at > %(now)s
        ) AS visits,
        known.*
    FROM scheduling_service service CROSS JOIN ({known.BY_PHONE}) known WHERE service.id = %(service)s
"""
