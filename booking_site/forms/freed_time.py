from typing import TypedDict

from django import forms
from django.utils.translation import gettext_lazy as _

from waitlist.choices import LEAVES, DeclineReason, TimeReply

REASONS = [each for each in DeclineReason if each not in LEAVES]
"""Reasons of a no to one time; whoever needs no visit any more tells a person so."""


class Said(TypedDict):
    """The answer as `booking.answer_freed_time` takes it."""

    reply: TimeReply
    reason: DeclineReason | None


class AnswerForm(forms.Form):
    """The answer whether a freed time would suit, and why it does not, if the person says."""

    reply = forms.ChoiceField(choices=TimeReply.choices, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("If it does not suit: why?"),
        choices=[(each.value, each.label) for each in REASONS],
        widget=forms.RadioSelect,
        required=False,
    )

    def said(self) -> Said:
        """Returns the answer; only a no has a reason."""
        reply = TimeReply(self.cleaned_data["reply"])
        reason = self.cleaned_data["reason"] if reply == TimeReply.NO else ""
        return {"reply": reply, "reason": DeclineReason(reason) if reason else None}
