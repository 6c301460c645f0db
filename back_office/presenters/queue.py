"""These presenters hold what the operator's queue shows (R21–R25)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from phonenumber_field.phonenumber import PhoneNumber

from back_office.presenters import expiring
from back_office.presenters.expiring import ExpiringRow
from back_office.presenters.shown_claim import ShownClaim
from back_office.presenters.wishes import doctor_names, in_words
from back_office.renewing import fingerprint
from foundation import wording
from foundation.accounts.actors import Actor
from foundation.clock import WallTime, on_wall
from foundation.database import clock
from scheduling.choices import HoldReason
from waitlist import calling_hours
from waitlist.models import SlotOffer
from waitlist.queries import calls as offered
from waitlist.queries import entries as waiting
from waitlist.queries.entries import ShownRequest
from worklist import queries as worklist
from worklist.choices import Priority, TaskKind, Turn
from worklist.queries import QueuedTask

LISTED = 50


@dataclass(frozen=True, slots=True)
class OfferRow:
    """The line says whom to call about which freed time, and who is calling them now."""

    pk: UUID
    patient_id: UUID
    patient: str
    age: int
    time: str
    doctor: str
    service: str
    urgent: bool
    waiting_since: datetime
    attempts: int
    held_until: datetime | None
    """None while the time is as free as any other."""
    promised: bool
    """A call back was promised."""
    claim: ShownClaim

    @classmethod
    def of(cls, task: QueuedTask, by: Actor, now: datetime) -> "OfferRow":
        offer = task.offer
        return cls(
            pk=offer.pk,
            patient_id=offer.patient_id,
            patient=offer.patient.full_name,
            age=offer.patient.age,
            time=wording.short_time(offer.local_start),
            doctor=offer.doctor.short_name,
            service=offer.service.name,
            urgent=task.priority == Priority.URGENT,
            waiting_since=offer.entry.arrived_at,
            attempts=offer.entry.attempts,
            held_until=offer.slot.held_until if _is_held(offer, now) else None,
            promised=task.turn == Turn.PROMISED,
            claim=ShownClaim.of(task, by, now),
        )


def _is_held(offer: SlotOffer, now: datetime) -> bool:
    return offer.is_held(now) or (offer.slot.hold_reason == HoldReason.REFUSAL and offer.slot.held_against(None, now))


@dataclass(frozen=True, slots=True)
class RequestRow:
    """The line is one request that the desk or the site has handed over."""

    pk: UUID
    patient_id: UUID | None
    created_at: datetime
    channel: str
    full_name: str
    phone: PhoneNumber
    words: list[str]
    note: str
    one_of_many: bool
    """Others came from the same network before."""

    @classmethod
    def of(cls, row: ShownRequest, names: dict[UUID, str]) -> "RequestRow":
        return cls(
            pk=row.pk,
            patient_id=row.patient_id,
            created_at=row.created_at,
            channel=row.get_channel_display(),
            full_name=row.full_name,
            phone=row.phone,
            words=in_words(row, names),
            note=row.note,
            one_of_many=row.nth > waiting.FEW,
        )


@dataclass(frozen=True, slots=True)
class VisitorRow:
    """The line is a visitor of the site whom no code reached, with the time they chose, and who is calling them now."""

    pk: UUID
    full_name: str
    birth_date: date
    acting: str
    """Who acts for a child, as typed; empty for an adult."""
    phone: PhoneNumber
    time: str
    """Empty when the time is gone from the timetable, as are `doctor` and `place`."""
    doctor: str
    service: str
    place: str
    kept_until: WallTime | None
    """None when the time is no longer kept; it may still be free."""
    claim: ShownClaim

    @classmethod
    def of(cls, row: ShownRequest, task: QueuedTask, by: Actor, now: datetime) -> "VisitorRow":
        slot, kept = row.slot, None
        if slot and row.held_until and row.held_until > now:
            kept = on_wall(row.held_until, slot.shift.room.location.timezone)
        return cls(
            pk=row.pk,
            full_name=row.full_name,
            birth_date=row.birth_date,
            acting=row.acting_name,
            phone=row.phone,
            time=wording.short_time(slot.local_start) if slot else "",
            doctor=slot.doctor.short_name if slot else "",
            service=row.service.name if row.service else "",
            place=slot.shift.room.location.name if slot else "",
            kept_until=kept,
            claim=ShownClaim.of(task, by, now),
        )


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The page lists the first of the calls and of the requests, and says how many there are of each."""

    visitors: list[VisitorRow]
    offers: list[OfferRow]
    requests: list[RequestRow]
    expiring: list[ExpiringRow]
    due: int
    waiting: int
    requests_count: int
    oldest: datetime | None
    """When the oldest offer that is due was made."""
    mine: OfferRow | None
    """The call that this operator has not finished."""
    seen: str
    """The same for the same picture."""
    opens: datetime | None
    """When the clinic phones people again; None while it does."""
    polled: bool
    error: str
    """Why a step with one of these was not done; empty where none was refused."""

    @classmethod
    def of(cls, by: Actor, *, polled: bool = False, error: str = "") -> "QueuePage":
        now = clock.now()
        tasks = list(offered.queue(now)[:LISTED])
        requests = list(waiting.requests_waiting()[:LISTED])
        visitors = _visitors(requests, by, now)
        shown = {visitor.pk for visitor in visitors}
        requests = [row for row in requests if row.pk not in shown]
        names = doctor_names(requests)
        offers = [OfferRow.of(task, by, now) for task in tasks]
        ending = expiring.rows(by, now, limit=LISTED)
        return cls(
            visitors=visitors,
            offers=offers,
            requests=[RequestRow.of(row, names) for row in requests],
            expiring=ending,
            due=offered.due_count(now),
            waiting=offered.queue(now).count(),
            requests_count=waiting.requests_waiting().count() - len(visitors),
            oldest=min((task.offer.created_at for task in tasks if task.ready == 0), default=None),
            mine=next((offer for offer in offers if offer.claim.mine), None),
            seen=fingerprint(_look(tasks, visitors, requests, now), expiring.look(ending)),
            opens=None if calling_hours.may_begin(now) else calling_hours.next_call(now),
            polled=polled,
            error=error,
        )

    @property
    def patients(self) -> list[UUID]:
        """Returns those whom the page names; a request of somebody unknown has no patient."""
        known = [row.patient_id for row in self.requests if row.patient_id]
        return [row.patient_id for row in self.offers] + [row.patient_id for row in self.expiring] + known


def _visitors(requests: list[ShownRequest], by: Actor, now: datetime) -> list[VisitorRow]:
    """Returns everybody whom a task says to phone, those first whose time is still kept.

    `requests` begin with those of a chosen time, so that where nobody waits for a call nothing more is read.
    """
    if not requests or requests[0].held_until is None:
        return []
    tasks = {task.subject: task for task in worklist.queue(kinds=[TaskKind.NO_CODE], now=now)}
    rows = waiting.requests_waiting().filter(pk__in=tasks)
    return sorted((VisitorRow.of(row, tasks[row.pk], by, now) for row in rows), key=lambda row: row.kept_until is None)


def _look(tasks: list[QueuedTask], visitors: list[VisitorRow], requests: list[ShownRequest], now: datetime) -> str:
    """Returns a text that changes with whatever the list shows, and every minute for «how long ago»."""
    shown = [(row.pk, row.claimed_by, row.not_before, row.ready) for row in tasks]
    waiting_for_a_call = [(row.pk, row.claim, row.kept_until) for row in visitors]
    return fingerprint(shown, waiting_for_a_call, [row.pk for row in requests], int(now.timestamp() // 60))
