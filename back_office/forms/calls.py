"""The operators of the contact centre fill in these forms."""

from datetime import date, datetime, time
from typing import Any, TypedDict

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from back_office.forms.patients import PersonForm
from back_office.forms.wishes import TypedTimeField
from foundation.clock import wall_time
from foundation.database import clock
from foundation.text.date_fields import TypedDateField
from foundation.text.dates import Sense
from foundation.text.phones import MESSAGES
from patients.data import PersonData
from waitlist import call_backs
from waitlist.call_backs import CallBack
from waitlist.choices import LEAVES, CallOutcome, DeclineReason, UnmetReason

HOW_IT_ENDED = _("Choose how the call ended.")
PASSED = _("This time has already passed. Choose a later one.")
ENDINGS = [(outcome.value, outcome.label) for outcome in CallOutcome if outcome != CallOutcome.BOOKED]


class CallerForm(forms.Form):
    """The operator types the number as the telephone shows it, or a name when it shows none."""

    caller = forms.CharField(
        label=_("Number, surname or birth date"),
        max_length=100,
        error_messages={"required": _("Type the number or the surname.")},
    )

    def clean_caller(self) -> str:
        return self.cleaned_data["caller"].strip()


class ShortPersonForm(PersonForm):
    """On the phone only the name, the birth date and the number are asked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("sex", "email", "contact_way", "note"):
            del self.fields[name]
        self.fields["last_name"].widget.attrs["autofocus"] = True
        self.fields["phone"].error_messages |= {code: MESSAGES[code] for code in ("words", "several")}
        if not self.initial.get("phone"):
            self.fields["phone"].help_text = _("Ask by which number to call back: the telephone shows none.")

    def person(self) -> PersonData:
        return PersonData(**{name: self.cleaned_data.get(name, "") for name in PersonData.__slots__})


class CallBackForm(forms.Form):
    """A call back needs its time: one of the usual ones, which is an outcome in itself, or a typed one.

    The subclass has the outcomes.
    """

    call_back = forms.ChoiceField(choices=CallBack, required=False)
    call_back_day = TypedDateField(label=_("Call back on"), required=False, sense=Sense.AHEAD)
    call_back_time = TypedTimeField(label=_("At what time"), required=False)

    def clean_outcome(self) -> str:
        if self.cleaned_data.get("call_back"):
            return CallOutcome.CALL_BACK.value
        if not self.cleaned_data["outcome"]:
            raise forms.ValidationError(HOW_IT_ENDED, code="required")
        return str(self.cleaned_data["outcome"])

    def clean(self) -> None:
        super().clean()
        data = self.cleaned_data
        data["call_back_at"] = None
        if data.get("call_back"):
            data["call_back_at"] = self._usual(CallBack(data["call_back"]))
        elif data.get("outcome") == CallOutcome.CALL_BACK and not {"call_back_day", "call_back_time"} & set(
            self.errors
        ):
            data["call_back_at"] = self._call_back_at(data.get("call_back_day"), data.get("call_back_time"))

    def _usual(self, chosen: CallBack) -> datetime | None:
        moment = call_backs.moments(clock.now()).get(chosen)
        if moment is None:
            self.add_error("call_back_time", PASSED)
        return moment

    def _call_back_at(self, day: date | None, time: time | None) -> datetime | None:
        if not time:
            self.add_error("call_back_time", _("Say when to call back."))
            return None
        moment = wall_time(day or timezone.localdate(), time)
        if moment <= timezone.now():
            self.add_error("call_back_time", PASSED)
        return moment


class BesideOutcome(TypedDict):
    """The facts of a call beside its outcome, as `booking.finish_call` takes them."""

    note: str
    call_back_at: datetime | None
    reason: DeclineReason | None


class OutcomeForm(CallBackForm):
    """The operator must say how a call ended; the reason of a no is an outcome in itself."""

    reason = forms.ChoiceField(choices=DeclineReason, required=False)
    outcome = forms.ChoiceField(choices=ENDINGS, required=False, error_messages={"invalid_choice": HOW_IT_ENDED})
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        widget=forms.TextInput({"data-along": True, "autocomplete": "off"}),
    )

    def clean_outcome(self) -> str:
        if reason := self.cleaned_data.get("reason"):
            return (CallOutcome.DECLINED_ALL if reason in LEAVES else CallOutcome.DECLINED_SLOT).value
        return super().clean_outcome()

    def said(self) -> BesideOutcome:
        """Returns what was said beside the outcome."""
        chosen = self.cleaned_data
        reason = DeclineReason(chosen["reason"]) if chosen["reason"] else None
        return {"note": chosen["note"], "call_back_at": chosen["call_back_at"], "reason": reason}


class UnmetForm(forms.Form):
    """The operator says in one press why somebody takes no time and does not want to wait."""

    reason = forms.TypedChoiceField(choices=UnmetReason, coerce=UnmetReason)


class UrgencyForm(forms.Form):
    """The reason for which somebody is phoned before the others; that is never guessed (R23)."""

    prefix = "urgent"

    reason = forms.CharField(
        label=_("Why it is urgent"),
        max_length=200,
        error_messages={"required": _("Write why this patient is to be phoned before the others.")},
    )


class PauseForm(forms.Form):
    """The day from which a person may be phoned again, and what they said."""

    prefix = "pause"

    until = TypedDateField(
        label=_("Do not phone before"),
        sense=Sense.AHEAD,
        error_messages={"required": _("Write from which day on to phone.")},
    )
    reason = forms.CharField(
        label=_("Why, in the patient's words"),
        max_length=200,
        error_messages={"required": _("Write why, in the patient's words.")},
    )

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("This day has come already. Choose a later one."))
        return day


class RemoveForm(forms.Form):
    reason = forms.CharField(
        label=_("Why the patient leaves the list"),
        max_length=200,
        error_messages={"required": _("Write why, in the patient's words.")},
    )
