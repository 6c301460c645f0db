from dataclasses import dataclass

from django.utils.translation import pgettext

from foundation import wording
from foundation.clock import WallTime, on_wall, today_on
from foundation.database import clock
from waitlist import call_backs
from waitlist.call_backs import CallBack


@dataclass(frozen=True, slots=True)
class ShownCallBack:
    """One press promises a call back at this moment; the key chooses it once the list is opened."""

    choice: CallBack
    at: str
    key: str


def shown_call_backs() -> list[ShownCallBack]:
    """Returns the moments that have a sense now, each with the time to say to the patient."""
    now = clock.now()
    found = call_backs.moments(now).items()
    return [ShownCallBack(choice, _said(on_wall(at)), str(key)) for key, (choice, at) in enumerate(found, start=1)]


def _said(at: WallTime) -> str:
    if at.date() == today_on(at, now=clock.now()):
        return pgettext("call back", "at %(time)s") % {"time": f"{at:%H:%M}"}
    return wording.short_time(at)
