from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class WaitlistError(DomainError):
    code = "waitlist_error"
    message = _("The waitlist could not be changed. Refresh the page.")


class AlreadyWaiting(WaitlistError):
    """The patient has an open entry for this specialty already: `entry`."""

    code = "already_waiting"
    message = _("The patient is already on the waitlist for this specialty. Change the wishes there.")

    def __init__(self, entry: Any) -> None:
        self.entry = entry


class SlotsAreFree(WaitlistError):
    """Free times fit the wishes and are to be offered first (R12): `slots` are the nearest."""

    code = "slots_are_free"
    message = _("There is free time that fits these wishes. Offer it first.")

    def __init__(self, slots: Sequence[Any] = ()) -> None:
        self.slots = list(slots)


class RequestHandled(WaitlistError):
    """The request was booked, entered or closed meanwhile; only one of these ends it."""

    code = "request_handled"
    message = _("This request is dealt with already: it was booked, put on the list or closed. Take the next one.")


class NobodyCalls(WaitlistError):
    """It is outside the hours of calling, or nobody is signed in who would phone the visitor in time."""

    code = "nobody_calls"
    message = _("Nobody can call you back at the moment.")


class OfferGone(WaitlistError):
    code = "offer_gone"
    message = _("This offer has ended: another operator took it or its time ran out. Take the next one.")


class NotYourCall(WaitlistError):
    code = "not_your_call"
    message = _("Another operator is making this call.")


class EntryClosed(WaitlistError):
    code = "entry_closed"
    message = _("This entry is already closed.")


class OutcomeNeeded(WaitlistError):
    code = "outcome_needed"
    message = _("Choose how the call ended.")


class CallBackTimeNeeded(WaitlistError):
    code = "call_back_time_needed"
    message = _("Say when to call back.")
