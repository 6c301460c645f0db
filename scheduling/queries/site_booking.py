"""What a booking on the site has to know before it takes a time, in one statement."""

from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from foundation.database.rows import fetch
from patients.actions import register
from patients.data import PersonData
from scheduling.choices import UPCOMING, listed
from scheduling.models import Service
from scheduling.queries import facts


class Before(NamedTuple):
    service: Service
    made: bool
    """This form was sent before."""
    visits: int
    """How many visits to the specialty this phone holds."""
    known: register.Known

    @property
    def patient(self) -> UUID | None:
        return self.known.patient.pk if self.known.patient else None


def before(*, person: PersonData, service: UUID, key: str) -> Before:
    """Raises Service.DoesNotExist."""
    values = {"key": key, "service": service, "now": timezone.now()}
    rows = fetch(_BEFORE, values | register.asked_by(person))
    if not rows:
        raise Service.DoesNotExist
    row = iter(rows[0])
    return Before(facts.SERVICE.read(row), next(row), next(row), register.known_of(row))


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
