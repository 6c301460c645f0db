"""The desk and the contact centre fill in these forms after a call about a visit to re-book."""

from django import forms
from django.utils.translation import gettext_lazy as _

from back_office.forms.calls import HOW_IT_ENDED, CallBackForm
from booking.choices import RebookOutcome

ENDINGS = (RebookOutcome.NO_ANSWER, RebookOutcome.BUSY, RebookOutcome.WRONG_NUMBER, RebookOutcome.CALL_BACK)


class RebookOutcomeForm(CallBackForm):
    """A call in which nothing was agreed has an outcome; a call back needs its time."""

    outcome = forms.ChoiceField(
        choices=[(outcome.value, outcome.label) for outcome in ENDINGS],
        required=False,
        error_messages={"invalid_choice": HOW_IT_ENDED},
    )


class KeepForm(forms.Form):
    """A visit that the rules refuse stays only with a reason."""

    note = forms.CharField(label=_("Why the visit stays as it is"), max_length=200)
