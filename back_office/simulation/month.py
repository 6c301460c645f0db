"""A month that is published at once in a simulation, for five hundred people who wait for it (T104)."""

from datetime import time, timedelta
from typing import TYPE_CHECKING

import booking
from back_office.simulation.clinic import VISITOR
from back_office.simulation.clock import DAY, HOUR, day_at, worked
from back_office.simulation.people import Waiting
from scheduling.data import HoursData

if TYPE_CHECKING:
    from back_office.simulation.play import Play

PEOPLE = 500
DOCTORS = 5
DAYS = 25
"""Sixteen visits a day of five doctors on so many days are 2,000."""
DAY_OF_WARM = 7
"""Days after the measuring begins."""
HOURS = ((range(1, 6), time(9), time(19, 40), 40), (range(6, 8), time(10), time(18), 30))
"""Weekdays, from, until, minutes of a slot."""


class PublishedMonth:
    """The month and the people who wait for it; nothing when the world has none."""

    def __init__(self, play: "Play") -> None:
        self._play = play
        self._people: list[Waiting] = []

    def announce(self) -> None:
        if self._play.world.month:
            self._rows = self._play.clinic.add_specialty(doctors=DOCTORS)
            people, now = self._play.people, self._play.agenda.now
            self._people = [people.join(self._rows, at=now, for_month=True) for _ in range(PEOPLE)]
            self._play.agenda.at(self._play.world.begins + DAY_OF_WARM * DAY + 9 * HOUR, self._publish)

    def measure(self) -> None:
        month, said = self._play.measures.month, self._people
        month.people = len(said)
        month.dials = sum(person.tries for person in said)
        month.attempts = max((person.most_missed for person in said), default=0)
        month.most_dials = max((person.tries for person in said), default=0)
        month.proposals = max((person.asked for person in said), default=0)
        settled = sorted(person.settled_at for person in said if person.settled_at is not None)
        month.settled = [worked(at) - worked(month.published_at) for at in settled]

    def _publish(self) -> None:
        month, first = self._play.measures.month, day_at(self._play.agenda.now) + timedelta(days=7)
        month.published_at = self._play.agenda.now
        for doctor in self._rows.doctors:
            assert doctor.room
            for weekdays, starts, ends, minutes in HOURS:
                hours = HoursData(room=doctor.room, starts=starts, ends=ends, slot_minutes=minutes, valid_from=first)
                booking.add_hours(doctor=doctor, weekdays=weekdays, hours=hours, by=VISITOR)
            booking.publish(doctor=doctor, first_day=first, last_day=first + timedelta(days=DAYS - 1), by=VISITOR)
        month.matched_in = self._play.match()
