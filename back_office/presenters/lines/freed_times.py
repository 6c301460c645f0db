"""Lines of waiting patients who are to be phoned about a free time (R21–R25)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from back_office.presenters.lines.line import Line, named
from foundation import wording
from foundation.accounts.actors import Actor
from foundation.clock import on_wall
from scheduling.choices import HoldReason
from waitlist.models import SlotOffer
from waitlist.queries import calls as offered
from waitlist.queries import questions
from worklist.choices import Turn
from worklist.queries import QueuedTask


def lines(tasks: Sequence[QueuedTask], by: Actor, now: datetime) -> Iterator[Line]:
    offers = offered.of_tasks(task.pk for task in tasks)
    ready = questions.ready_at(offers.values())
    there = [(task, offers[task.pk]) for task in tasks if task.pk in offers]
    return (_line(task, offer, ready.get(offer.pk), by, now) for task, offer in there)


def _line(task: QueuedTask, offer: SlotOffer, ready: datetime | None, by: Actor, now: datetime) -> Line:
    return Line.of(
        task,
        by,
        now,
        time=wording.short_time(offer.local_start),
        name=named(offer.patient),
        about=f"{offer.doctor.short_name}, {offer.service.name}",
        why=_why(offer, ready, now) if task.turn != Turn.PROMISED else [],
        page=reverse("office:call", args=[offer.pk]),
    )


def _why(offer: SlotOffer, ready: datetime | None, now: datetime) -> list[str]:
    return [_ready(ready), _held(offer, now), _since(offer), _calls(offer.entry.attempts)]


def _ready(at: datetime | None) -> str:
    return _("has said yes by message at %(time)s") % {"time": f"{on_wall(at):%H:%M}"} if at else ""


def _held(offer: SlotOffer, now: datetime) -> str:
    refusal = offer.slot.hold_reason == HoldReason.REFUSAL and offer.slot.held_against(None, now)
    if offer.slot.held_until and (offer.is_held(now) or refusal):
        return _("kept until %(time)s") % {"time": f"{on_wall(offer.slot.held_until):%H:%M}"}
    return _("still free")


def _since(offer: SlotOffer) -> str:
    return _("on the list since %(day)s") % {"day": f"{on_wall(offer.entry.arrived_at):%d.%m %H:%M}"}


def _calls(number: int) -> str:
    return ngettext("%(number)s call made", "%(number)s calls made", number) % {"number": number} if number else ""
