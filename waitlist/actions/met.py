"""A visit that is booked in any channel ends the wish that it meets (R25): the entry, an offer and its call, a request.

`lock` comes before the slots of the visit and `close` after it is written: claim → offer → slot → entry → task.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from foundation.accounts.actors import Actor
from foundation.text.folding import fold
from patients.data import PersonData
from patients.models import Patient
from scheduling.choices import UPCOMING
from scheduling.models import Appointment, Service
from waitlist.actions import entries, offers, requests
from waitlist.choices import OPEN, UNANSWERED, OfferState, RequestState
from waitlist.models import SlotOffer, WaitlistEntry, WaitlistRequest
from worklist.actions import claims, tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class MetWish:
    """The open entry and the requests that a visit meets, which nobody has entered yet."""

    entry: UUID | None
    requests: Sequence[WaitlistRequest]


def lock(*, patient: UUID, service: Service, by: Actor, but: UUID | None = None) -> MetWish | None:
    """Returns what a visit for this service meets, and locks the offer and the requests; None when there is nothing.

    A wish is met where matching would have offered the service: who waits for another one, named, goes on waiting.
    `but` is the entry that the caller closes.
    """
    meets = _meets(service)
    waiting = WaitlistEntry.objects.filter(meets, patient=patient, state__in=OPEN).exclude(pk__in=[but] if but else [])
    asked = WaitlistRequest.objects.filter(meets, _of(patient), state=RequestState.HANDED_OVER)
    found = waiting.values_list("pk", Value(True)).union(asked.order_by().values_list("pk", Value(False)), all=True)
    keys = list(found)
    entry = next((key for key, is_entry in keys if is_entry), None)
    if entry and (task := _unanswered(entry).values_list("task", flat=True).first()):
        claims.lock(task=task, by=by)
    if entry:
        list(_unanswered(entry).select_for_update())
    handed_over = requests.lock_unless_handled(key for key, is_entry in keys if not is_entry)
    return MetWish(entry=entry, requests=handed_over) if keys else None


def lock_of_unknown(*, person: PersonData, service: Service) -> MetWish | None:
    """Returns and locks what a visit of somebody whom the register does not know meets: requests they left before.

    Their number has been proved. Of a family that shares it, another name or birth date is another person: that
    request stays, and whoever reads it sees the two side by side.
    """
    asked = WaitlistRequest.objects.filter(
        _meets(service), phone=person.phone, birth_date=person.birth_date, patient=None, state=RequestState.HANDED_OVER
    )
    names = asked.order_by().values_list("pk", "last_name", "first_name")
    who = fold(person.last_name), fold(person.first_name)
    same = [pk for pk, last, first in names if (fold(last), fold(first)) == who]
    return MetWish(entry=None, requests=requests.lock_unless_handled(same)) if same else None


def close(wish: MetWish | None, *, visit: Appointment, by: Actor) -> None:
    """Closes the entry and the requests with a link to the visit; whoever calls about it sees that the offer has ended.

    One that was closed meanwhile stays as it is, and so does the wish for a time earlier than a visit that still is.
    """
    if wish is None:
        return
    _close_requests(wish.requests, visit, by)
    if (entry := wish.entry) is None or _is_no_earlier(visit, entry):
        return
    _end_offers(entry, by=by)
    if row := WaitlistEntry.objects.select_for_update().filter(pk=entry, state__in=OPEN).first():
        _end_offers(entry, by=by)  # one that was made before the entry was locked
        entries.close_booked(row, appointment=visit, by=by)


def _meets(service: Service) -> Q:
    return Q(specialty=service.specialty_id) & (Q(service=None) | Q(service=service))


def _of(patient: UUID) -> Q:
    """Returns the condition on requests of this person: by their record, or by name, birth date and number (T43)."""
    same_person = Patient.objects.filter(
        Q(phone=OuterRef("phone")) | Q(representations__phone=OuterRef("phone")),
        pk=patient,
        birth_date=OuterRef("birth_date"),
        last_name__iexact=OuterRef("last_name"),
        first_name__iexact=OuterRef("first_name"),
    )
    return Q(patient=patient) | Q(Exists(same_person), patient=None)


def _close_requests(rows: Iterable[WaitlistRequest], visit: Appointment, by: Actor) -> None:
    """Closes requests for which this visit was wished, not those for a time earlier than a visit of before."""
    no_later = Appointment.objects.filter(
        patient=visit.patient_id,
        service__specialty=visit.service.specialty_id,
        status__in=UPCOMING,
        starts_at__lte=visit.starts_at,
    )
    for row in rows:
        if not no_later.filter(created_at__lt=row.created_at).exclude(pk=visit.pk).exists():
            requests.booked(row, visit=visit, by=by)
            requests.settle(row.pk, outcome=RequestState.BOOKED, by=by)


def _is_no_earlier(visit: Appointment, entry: UUID) -> bool:
    """Tells whether the entry waits for a time earlier than another visit ahead, which this one does not bring."""
    others = Appointment.objects.filter(status__in=UPCOMING, starts_at__lte=visit.starts_at).exclude(pk=visit.pk)
    return WaitlistEntry.objects.filter(pk=entry, earlier_than__in=others).exists()


def _end_offers(entry: UUID, *, by: Actor) -> None:
    for offer in _unanswered(entry).select_for_update():
        offers.end(offer, state=OfferState.WITHDRAWN)
        tasks.close(task=offer.task_id, by=by)
        claims.end_if_done(task=offer.task_id, by=by)


def _unanswered(entry: UUID) -> QuerySet[SlotOffer]:
    return SlotOffer.objects.filter(entry=entry, state__in=UNANSWERED).order_by("pk")
