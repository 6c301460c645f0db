from typing import Any

from django.utils.translation import gettext_lazy as _


class WaitlistError(Exception):
    message = _("The waitlist could not be changed. Refresh the page.")

    def __str__(self) -> str:
        return str(self.message)


class AlreadyWaiting(WaitlistError):
    """One open entry per patient and specialty. `entry` is the one there is."""

    message = _("The patient is already on the waitlist for this specialty. Change the wishes there.")

    def __init__(self, entry: Any) -> None:
        self.entry = entry


class SlotsAreFree(WaitlistError):
    """R12: while something fits, the screen offers that first. `slots` are the nearest that fit."""

    message = _("There is free time that fits these wishes. Offer it first.")

    def __init__(self, slots: list) -> None:
        self.slots = slots


class OfferGone(WaitlistError):
    message = _("This offer has ended: another operator took it or its time ran out. Take the next one.")


class NotYourCall(WaitlistError):
    message = _("Another operator is making this call.")


class EntryClosed(WaitlistError):
    message = _("This entry is already closed.")


class OutcomeNeeded(WaitlistError):
    message = _("Choose how the call ended.")


class CallBackTimeNeeded(WaitlistError):
    message = _("Say when to call back.")
