from datetime import UTC, datetime

from django import forms

from foundation.text.phones import e164
from telephony.choices import Event
from telephony.data import Told


class ToldForm(forms.Form):
    """The form in which an exchange tells of a call: a number that is hidden or not whole is none."""

    event = forms.TypedChoiceField(choices=Event, coerce=Event)
    call = forms.CharField(max_length=100)
    number = forms.CharField(max_length=100, required=False)
    extension = forms.RegexField(r"^[0-9A-Za-z_-]{1,20}$", required=False)
    recording_id = forms.CharField(max_length=200, required=False)
    recording_link = forms.URLField(max_length=500, required=False, assume_scheme="https")

    def clean_recording_link(self) -> str:
        link: str = self.cleaned_data["recording_link"]
        if link and not link.startswith(("https://", "http://")):
            raise forms.ValidationError("A link begins with https://.")
        return link

    def told(self, second: str) -> Told:
        """Returns what a valid form tells, at the second at which it was signed."""
        chosen = self.cleaned_data
        return Told(
            event=chosen["event"],
            call=chosen["call"],
            at=datetime.fromtimestamp(int(second), tz=UTC),
            number=e164(chosen["number"]),
            extension=chosen["extension"],
            recording_id=chosen["recording_id"],
            recording_link=chosen["recording_link"],
        )
