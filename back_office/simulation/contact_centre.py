"""The contact centre of a simulation: operators keep promises, answer incoming calls, then press «Следующий»."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from django.db.models import QuerySet

import booking
from back_office.simulation.agenda import Agenda
from back_office.simulation.clock import is_open, moment, next_open
from back_office.simulation.measures import Measures
from back_office.simulation.people import People, Reply, Waiting
from back_office.simulation.world import World
from foundation.accounts.actors import Actor
from foundation.database import clock
from scheduling.errors import BookingError
from scheduling.models import Slot
from waitlist import calling_hours, fit
from waitlist.choices import CallOutcome
from waitlist.models import SlotOffer, WaitlistEntry
from worklist import duty, queries
from worklist.choices import TaskKind, Turn
from worklist.models import Task

INCOMING = 4
"""Minutes of an incoming call, on average."""
TOLD_EVERY = 2
"""Minutes after which the page of a call tells that it is still open."""
OUTCOMES = {
    Reply.NO: CallOutcome.DECLINED_SLOT,
    Reply.CALL_BACK: CallOutcome.CALL_BACK,
    Reply.NO_ANSWER: CallOutcome.NO_ANSWER,
    Reply.BUSY: CallOutcome.BUSY,
}
BACK_IN = (60, 240)
"""Minutes in which a person asks to be called back."""
SHAPE = 4
"""The shape of the gamma distribution of a call's length."""
ATTEMPTS = 3


@dataclass(slots=True, eq=False)
class Call:
    """A call about a free time, from the claim to the outcome."""

    operator: Actor
    offer: SlotOffer
    person: Waiting
    times: list[Slot]
    reply: Reply
    chosen: Slot | None


class ContactCentre:
    """Operators at work; `freed` is told of each call that begins, `booked` and `ended` of how calls end."""

    def __init__(self, world: World, agenda: Agenda, people: People, measures: Measures, chance: Random) -> None:
        self._world, self._agenda, self._people = world, agenda, people
        self._measures, self._chance = measures, chance
        self.idle: list[Actor] = []
        self._operators: list[Actor] = []
        self._incoming = 0
        self._may_dial: set[str] = set()
        """Numbers whose line was busy."""
        self.phoned: Callable[[list[Slot]], None] = lambda times: None
        self.booked: Callable[[Waiting, Slot], None] = lambda person, slot: None
        self.changed: Callable[[], None] = lambda: None

    def open(self, operators: list[Actor]) -> None:
        self._operators, self.idle = operators, list(operators)
        if self._world.load and operators:
            self._agenda.at(self._next_incoming(), self._ring)

    def be_there(self) -> None:
        """Keeps everybody on duty, as an open page of the office does."""
        for operator in self._operators:
            duty.note(operator)

    def work(self) -> None:
        """Gives everybody who is idle a call."""
        while self.idle and is_open(self._agenda.now):
            if _is_promise_due() and self._press_next(self.idle[0]):
                self.idle.pop(0)
            elif self._incoming:
                self._incoming -= 1
                self._agenda.at(self._agenda.now + self._lasts(INCOMING, shape=1), self._is_free, self.idle.pop(0))
            elif not _anybody_due() or not self._press_next(self.idle[0]):
                return
            else:
                self.idle.pop(0)

    def nobody_waits_on_the_line(self) -> None:
        """Forgets incoming calls of yesterday."""
        self._incoming = 0

    def _press_next(self, operator: Actor, *, on_the_line: str = "") -> bool:
        task = booking.claim_next_task(by=operator)
        if task is None:
            return False
        self._begin(operator, SlotOffer.objects.get(task=task), on_the_line)
        return True

    def _begin(self, operator: Actor, offer: SlotOffer, on_the_line: str) -> None:
        now, person = self._agenda.now, self._people.on_list[offer.entry_id]
        times, goes_on = self._times(offer), person.phone == on_the_line
        asked_before = times[0].pk in person.refused
        reply, chosen = self._people.reply(person, times, now=clock.now(), answers=goes_on)
        if not goes_on:
            self._dial(person, offer)
        self._measures.calls.about_refused += asked_before
        self.phoned(times)
        call = Call(operator, offer, person, times, reply, chosen)
        over = now + self._length(call)
        self._measures.calls.spent(over - now, now)
        self._measures.holds.see(now)
        self._agenda.at(over, self._end, call)
        told = now + TOLD_EVERY
        while told < over:
            self._agenda.at(told, self._keep, call)
            told += TOLD_EVERY

    def _dial(self, person: Waiting, offer: SlotOffer) -> None:
        promised = offer.task.turn == Turn.PROMISED
        calls, now = self._measures.calls, self._agenda.now
        calls.dial(person.phone, now, promised=promised, allowed=person.phone in self._may_dial)
        if promised:
            self._measures.calls.call_backs.append((clock.now() - offer.task.due_at).total_seconds() / 60)
        self._may_dial.discard(person.phone)
        if person.for_month:
            person.tries += 1

    def _times(self, offer: SlotOffer) -> list[Slot]:
        """Returns the times of a call: its own, those that are held with it, and others that are free to choose."""
        held = Slot.objects.filter(hold_token=offer.pk).exclude(pk=offer.slot_id).order_by("starts_at", "pk")
        others = list(held)
        entry = WaitlistEntry.objects.select_related("specialty", "service").get(pk=offer.entry_id)
        known = {(each.doctor_id, each.starts_at.date()) for each in others}
        for found in fit.that_differ(entry, but=offer.slot_id):
            if (found.slot.doctor_id, found.slot.starts_at.date()) not in known:
                others.append(Slot.objects.get(pk=found.slot.pk))
        return [offer.slot, *others[:2]]

    def _length(self, call: Call) -> float:
        silent, refused, agreed = self._world.minutes
        if call.reply in (Reply.NO_ANSWER, Reply.BUSY):
            return self._lasts(silent)
        talked = self._lasts(agreed if call.reply == Reply.YES else refused)
        return talked + self._world.read * (len(call.times) - 1)

    def _lasts(self, mean: float, *, shape: int = SHAPE) -> float:
        return self._chance.gammavariate(shape, mean / shape)

    def _keep(self, call: Call) -> None:
        booking.keep_task(task=call.offer.task_id, by=call.operator)

    def _end(self, call: Call) -> None:
        booked = call.chosen is not None and self._book(call, call.chosen)
        if not booked:
            self._record(call)
        self._measures.calls.hang_up(call.person.phone, self._agenda.now)
        if call.reply == Reply.BUSY:
            self._may_dial.add(call.person.phone)
        self._tell_month(call, booked=booked)
        if booked and call.chosen:
            self.booked(call.person, call.chosen)
        spoke = call.reply not in (Reply.NO_ANSWER, Reply.BUSY)
        self.changed()
        if not (spoke and _has_more(call.operator) and self._press_next(call.operator, on_the_line=call.person.phone)):
            self._is_free(call.operator)

    def _book(self, call: Call, chosen: Slot) -> bool:
        """Books what the patient has said yes to; False when somebody else has it by now."""
        try:
            if chosen.pk == call.offer.slot_id:
                booking.from_offer(offer=call.offer.pk, by=call.operator)
            else:
                service = call.person.rows.service
                booking.from_entry(entry=call.person.entry, slot=chosen.pk, service=service, by=call.operator)
        except BookingError:
            self._measures.calls.taken_meanwhile += 1
            return False
        return True

    def _record(self, call: Call) -> None:
        outcome = OUTCOMES.get(call.reply, CallOutcome.DECLINED_SLOT)
        wanted = clock.now() + (moment(self._chance.uniform(*BACK_IN)) - moment(0))
        back_at = calling_hours.next_moment(wanted)
        if not calling_hours.may_begin(back_at):
            back_at = moment(next_open(self._agenda.now + 24 * 60 - self._agenda.now % (24 * 60)))
        booking.finish_call(
            offer=call.offer.pk,
            outcome=outcome,
            by=call.operator,
            call_back_at=back_at if outcome == CallOutcome.CALL_BACK else None,
        )

    def _tell_month(self, call: Call, *, booked: bool) -> None:
        person, month = call.person, self._measures.month
        if not person.for_month:
            return
        spoke = call.reply in (Reply.YES, Reply.NO)
        month.booked += booked
        person.asked += spoke
        if call.reply != Reply.BUSY:
            person.missed = person.missed + 1 if call.reply == Reply.NO_ANSWER else 0
            person.most_missed = max(person.most_missed, person.missed)
        if person.settled_at is None and (spoke or person.tries >= ATTEMPTS):
            person.settled_at = self._agenda.now

    def _is_free(self, operator: Actor) -> None:
        self.idle.append(operator)
        self.work()

    def _ring(self) -> None:
        if is_open(self._agenda.now):
            self._incoming += 1
            self.work()
        self._agenda.at(self._next_incoming(), self._ring)

    def _next_incoming(self) -> float:
        pause = self._chance.expovariate(self._world.load * len(self._operators) / INCOMING)
        soon = self._agenda.now + pause
        return soon if is_open(soon) else next_open(soon) + pause


def _anybody_due() -> bool:
    return calling_hours.may_begin(clock.now()) and _due().exists()


def _is_promise_due() -> bool:
    return _due().filter(turn=Turn.PROMISED).exists()


def _due() -> QuerySet[Task]:
    return queries.due(kinds=[TaskKind.FREED_TIME])


def _has_more(operator: Actor) -> bool:
    """Tells whether the number of the call that has ended is still this operator's, for something else."""
    return queries.claimed_tasks(by=operator).exists()
