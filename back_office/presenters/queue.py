"""These presenters hold what the operator's queue shows (R21–R25)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from phonenumber_field.phonenumber import PhoneNumber

from back_office.presenters.shown_claim import ShownClaim
from back_office.presenters.wishes import doctor_names, in_words
from back_office.renewing import fingerprint
from foundation import wording
from foundation.accounts.actors import Actor
from foundation.database import clock
from waitlist.models import WaitlistRequest
from waitlist.queries import calls as offered
from waitlist.queries import entries as waiting
from worklist.choices import Priority
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
    kept_until: datetime
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
            waiting_since=offer.entry.created_at,
            attempts=offer.entry.attempts,
            kept_until=offer.expires_at,
            claim=ShownClaim.of(task, by, now),
        )


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

    @classmethod
    def of(cls, row: WaitlistRequest, names: dict[UUID, str]) -> "RequestRow":
        return cls(
            pk=row.pk,
            patient_id=row.patient_id,
            created_at=row.created_at,
            channel=row.get_channel_display(),
            full_name=row.full_name,
            phone=row.phone,
            words=in_words(row, names),
            note=row.note,
        )


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The page lists the first of the calls and of the requests, and says how many there are of each."""

    offers: list[OfferRow]
    requests: list[RequestRow]
    due: int
    waiting: int
    requests_count: int
    oldest: datetime | None
    """When the oldest offer that is due was made."""
    mine: OfferRow | None
    """The call that this operator has not finished."""
    seen: str
    """The same for the same picture."""
    polled: bool

    @classmethod
    def of(cls, by: Actor, *, polled: bool = False) -> "QueuePage":
        now = clock.now()
        tasks = list(offered.queue(now)[:LISTED])
        requests = list(waiting.requests_waiting()[:LISTED])
        names = doctor_names(requests)
        offers = [OfferRow.of(task, by, now) for task in tasks]
        return cls(
            offers=offers,
            requests=[RequestRow.of(row, names) for row in requests],
            due=offered.due_count(now),
            waiting=offered.queue(now).count(),
            requests_count=waiting.requests_waiting().count(),
            oldest=min((task.offer.created_at for task in tasks if task.turn == 0), default=None),
            mine=next((offer for offer in offers if offer.claim.mine), None),
            seen=_look(tasks, requests, now),
            polled=polled,
        )

    @property
    def patients(self) -> list[UUID]:
        """Returns those whom the page names; a request of somebody unknown has no patient."""
        known = [row.patient_id for row in self.requests if row.patient_id]
        return [row.patient_id for row in self.offers] + known


def _look(tasks: list[QueuedTask], requests: list[WaitlistRequest], now: datetime) -> str:
    """Returns a text that changes with whatever the list shows, and every minute for «how long ago»."""
    shown = [(row.pk, row.claimed_by, row.not_before, row.turn) for row in tasks]
    return fingerprint(shown, [row.pk for row in requests], int(now.timestamp() // 60))
