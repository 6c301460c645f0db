"""Message first in a simulation: people are asked by the product's own task, and some say yes by their link."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

import booking
import waitlist.tasks
from back_office.simulation.clinic import VISITOR
from back_office.simulation.clock import next_open
from foundation.database import clock
from foundation.errors import DomainError
from waitlist.choices import TimeReply
from waitlist.models import TimeQuestion

if TYPE_CHECKING:
    from back_office.simulation.play import Play


class Messages:
    """The messages of one simulation, which all arrive at once."""

    def __init__(self, play: "Play") -> None:
        self._play = play
        self._seen: set[UUID] = set()

    def expect(self, at: float) -> None:
        """Has people asked about a time that is freed at this minute, when its grace is over."""
        self._play.agenda.at(next_open(at + settings.MESSAGE_FIRST_GRACE_MINUTES), self.send)

    def send(self) -> None:
        """Asks whoever is to be asked now, and draws who answers."""
        waitlist.tasks.ask_about_freed()
        people, agenda = self._play.people, self._play.agenda
        new = TimeQuestion.objects.exclude(pk__in=self._seen).filter(asked_at=clock.now()).select_related("slot")
        for question in new.order_by("pk"):
            self._seen.add(question.pk)
            self._play.asked(question.slot_id)
            person = people.on_list.get(question.entry_id)
            if person and (after := people.read(person, question.slot, now=clock.now())):
                agenda.at(agenda.now + after, self._say_yes, question)

    def _say_yes(self, question: TimeQuestion) -> None:
        person = self._play.people.on_list.get(question.entry_id)
        if person is None:
            return
        try:
            booking.answer_freed_time(question=question.pk, reply=TimeReply.YES, by=VISITOR)
        except DomainError:
            return
        person.ready.add(question.slot_id)
        self._play.go_on()
