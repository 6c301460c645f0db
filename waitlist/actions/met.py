"""A visit that is booked in any channel ends the wish that it meets (R25): the entry, an offer and its call.

`lock` comes before the slots of the visit and `close` after it is written: claim → offer → slot → entry → task.
"""

from uuid import UUID

from django.db.models import Q, QuerySet

from foundation.accounts.actors import Actor
from scheduling.choices import UPCOMING
from scheduling.models import Appointment, Service
from waitlist.actions import entries, offers
from waitlist.choices import OPEN, UNANSWERED, OfferState
from waitlist.models import SlotOffer, WaitlistEntry
from worklist.actions import claims, tasks


def lock(*, patient: UUID, service: Service, by: Actor, but: UUID | None = None) -> UUID | None:
    """Returns the open entry that a visit for this service meets, and locks its offer; None when there is none.

    It is met where matching would have offered the service: who waits for another one, named, goes on waiting. `but` is
    the entry that the caller closes.
    """
    waiting = WaitlistEntry.objects.filter(patient=patient, specialty=service.specialty_id, state__in=OPEN)
    met = waiting.filter(Q(service=None) | Q(service=service)).exclude(pk__in=[but] if but else [])
    if entry := met.values_list("pk", flat=True).first():
        if task := _unanswered(entry).values_list("task", flat=True).first():
            claims.lock(task=task, by=by)
        list(_unanswered(entry).select_for_update())
    return entry


def close(entry: UUID | None, *, visit: Appointment, by: Actor) -> None:
    """Closes the entry with a link to the visit; whoever calls about it sees that their offer has ended.

    One that was closed meanwhile stays as it is, and so does the wish for a time earlier than a visit that still is.
    """
    if entry is None or _is_no_earlier(visit, entry):
        return
    _end_offers(entry, by=by)
    if row := WaitlistEntry.objects.select_for_update().filter(pk=entry, state__in=OPEN).first():
        _end_offers(entry, by=by)  # one that was made before the entry was locked
        entries.close_booked(row, appointment=visit, by=by)


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
