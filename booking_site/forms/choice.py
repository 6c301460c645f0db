from datetime import date

from django import forms
from django.utils import timezone

from booking_site import catalogue


class ChoiceForm(forms.Form):
    """A time picked from a list: what does not fit was not on our page."""

    slot = forms.UUIDField()
    service = forms.ModelChoiceField(None)
    finish = forms.BooleanField(required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = catalogue.services()


class DayForm(forms.Form):
    day = forms.DateField(required=False)

    @classmethod
    def day_of(cls, text: str | None) -> date:
        """The day in a link; today when it is missing, wrong or over."""
        form = cls({"day": text})
        chosen = form.cleaned_data["day"] if form.is_valid() else None
        return max(chosen or timezone.localdate(), timezone.localdate())
