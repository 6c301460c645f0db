"""One statement says how far a new clinic has come."""

from dataclasses import dataclass

from foundation.database import clock
from foundation.database.read_models import ReadModel
from foundation.database.rows import fetch


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(ReadModel):
    """The number of rows of each kind of reference data, of people of the staff and of times ahead."""

    locations: int
    rooms: int
    specialties: int
    services: int
    """Those that are given."""
    unpriced: int
    """Those of them that cost nothing."""
    doctors: int
    """Those who work."""
    idle: int
    """Those of them with no service, to whom nobody can be booked."""
    people: int
    """Of the staff who can sign in."""
    hours: int
    """Weekly hours in force."""
    free: bool
    """A time ahead can be booked."""


_RECORDED = """
    SELECT
        (SELECT count(*) FROM scheduling_location) AS locations,
        (SELECT count(*) FROM scheduling_room) AS rooms,
        (SELECT count(*) FROM scheduling_specialty) AS specialties,
        services.given AS services, services.unpriced,
        doctors.working AS doctors, doctors.idle,
        (SELECT count(*) FROM accounts_user WHERE is_active) AS people,
        (SELECT count(*) FROM scheduling_shiftrule) AS hours,
        EXISTS (SELECT FROM scheduling_shift WHERE ends_at > %(now)s) AS free
    FROM (
        SELECT count(*) AS given, count(*) FILTER (WHERE price = 0) AS unpriced
        FROM scheduling_service WHERE active
    ) services, (
        SELECT count(*) AS working, count(*) FILTER (WHERE NOT EXISTS (
            SELECT FROM scheduling_doctor_services given WHERE given.doctor_id = doctor.id
        )) AS idle
        FROM scheduling_doctor doctor WHERE active
    ) doctors
"""


def recorded() -> Recorded:
    (row,) = fetch(Recorded, _RECORDED, {"now": clock.now()})
    return row
