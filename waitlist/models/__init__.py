from waitlist.models.call_attempt import CallAttempt
from waitlist.models.entry import WaitlistEntry
from waitlist.models.freed_time import FreedTime
from waitlist.models.offer import SlotOffer
from waitlist.models.request import WaitlistRequest
from waitlist.models.sweep import Sweep
from waitlist.models.time_question import TimeAnswer, TimeQuestion
from waitlist.models.unmet_wish import UnmetWish

__all__ = [
    "CallAttempt",
    "FreedTime",
    "SlotOffer",
    "Sweep",
    "TimeAnswer",
    "TimeQuestion",
    "UnmetWish",
    "WaitlistEntry",
    "WaitlistRequest",
]
