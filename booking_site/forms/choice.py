from datetime import date

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_date

from booking_site import catalogue


class ChoiceForm(forms.Form):
    """A time picked from a list: what does not fit was not on our page."""

    slot = forms.UUIDField()
    service = forms.ModelChoiceField(None)
    finish = forms.BooleanField(required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = catalogue.services()


def day_of(text: str | None) -> date:
    """The day in a link; today when it is missing, wrong or over."""
    today = timezone.localdate()
    try:
        return max(parse_date(text or "") or today, today)
    except ValueError:
        return today
