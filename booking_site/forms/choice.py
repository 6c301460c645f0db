from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.validators import slug_re
from django.utils import timezone
from django.utils.dateparse import parse_date

from booking_site.queries import catalogue
from scheduling.models import Service


@dataclass(frozen=True, slots=True)
class Choice:
    """A visitor has picked this time from a list."""

    slot_id: UUID
    service: Service
    finish: bool
    """The booking goes on where it stopped."""


class ChoiceForm(forms.Form):
    slot = forms.UUIDField()
    service = forms.ModelChoiceField(Service.objects.none())
    finish = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["service"]).queryset = catalogue.services()

    def choice(self) -> Choice:
        return Choice(self.cleaned_data["slot"], self.cleaned_data["service"], self.cleaned_data["finish"])


FARTHEST = timedelta(days=730)


def day_from_text(text: str | None) -> date:
    """Returns the day in a link; today when it is missing, wrong, over or farther than any schedule."""
    today = timezone.localdate()
    try:
        day = parse_date(text or "") or today
    except ValueError:
        return today
    return day if today <= day <= today + FARTHEST else today


def doctor_from_text(text: str | None) -> str:
    """Returns the doctor's address in a link, or an empty text when it names nobody in particular."""
    return text if text and slug_re.fullmatch(text) else ""
