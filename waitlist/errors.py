from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError
from scheduling.choices import Misfit


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


class NeverFits(WaitlistError):
    """No free time can ever fit these wishes, by `misfit`; `ways` are specialties that can be wished instead (W15)."""

    code = "never_fits"
    message = _("Nothing can ever become free for these wishes. Change them.")
    SENTENCES = {
        Misfit.DAYS: _("The wished days are over. Ask which days suit now."),
        Misfit.SERVICE: _("Nobody gives this service now. Choose another one."),
        Misfit.DOCTOR: _("None of the chosen doctors gives this. Choose another doctor, or any."),
        Misfit.AGE: _("No doctor who gives this sees patients of this age."),
        Misfit.WEEKDAY: _("On the wished days none of these doctors works. Choose other days."),
        Misfit.HOURS: _("In the wished hours none of these doctors works long enough. Choose other hours."),
    }

    def __init__(self, misfit: Misfit, ways: Sequence[Any] = ()) -> None:
        self.misfit, self.ways = misfit, list(ways)

    def __str__(self) -> str:
        sentence = str(self.SENTENCES[self.misfit])
        if not self.ways:
            return sentence
        names = ", ".join(f"«{way.name}»" for way in self.ways)
        return f"{sentence} " + gettext("This age is seen in: %(specialties)s.") % {"specialties": names}


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


class TimeGone(WaitlistError):
    code = "time_gone"
    message = _("Somebody has this time already. You stay on the waitlist: we write or phone when another one is free.")


class NotYourCall(WaitlistError):
    code = "not_your_call"
    message = _("Another operator is making this call.")


class EntryClosed(WaitlistError):
    code = "entry_closed"
    message = _("This entry is already closed.")


class OutcomeNeeded(WaitlistError):
    code = "outcome_needed"
    message = _("Choose how the call ended.")


class NobodyPhonesThen(WaitlistError):
    code = "nobody_phones_then"
    message = _("The clinic phones nobody at that time. Choose a time within the calling hours.")


class CallBackTimeNeeded(WaitlistError):
    code = "call_back_time_needed"
    message = _("Say when to call back.")
