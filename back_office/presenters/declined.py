from dataclasses import dataclass

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from waitlist import lessons
from waitlist.choices import LEAVES, DeclineReason
from waitlist.models import SlotOffer
from waitlist.wishes import WishData


@dataclass(frozen=True, slots=True)
class ShownReason:
    """One press says why the time did not suit; `effect` tells what changes of the wishes by it."""

    reason: DeclineReason
    effect: str
    key: str


def shown_reasons(offer: SlotOffer) -> list[ShownReason]:
    return [ShownReason(each, _effect(offer, each), str(key)) for key, each in enumerate(DeclineReason, start=1)]


def _effect(offer: SlotOffer, reason: DeclineReason) -> str:
    if reason in LEAVES:
        return _("leaves the list")
    new = lessons.lesson(offer, offer.entry, reason)
    return _words(offer, reason, new) if new else ""


def _words(offer: SlotOffer, reason: DeclineReason, new: WishData) -> str:
    if reason == DeclineReason.TOO_EARLY:
        return _("from now on no earlier than %(time)s") % {"time": f"{new.time_from:%H:%M}"}
    if reason == DeclineReason.TOO_LATE:
        return _("from now on over by %(time)s") % {"time": f"{new.time_until:%H:%M}"}
    if reason == DeclineReason.WEEKDAY:
        return _("from now on not on: %(day)s") % {"day": str(WEEKDAYS_ABBR[offer.local_start.weekday()]).lower()}
    return _("from now on other doctors alone")
