"""Forms of an emergency refuse nothing that is typed: too long is cut to the column, unknown is left out (R14)."""

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from back_office.forms.versions import EditForm
from foundation.changes import recorded
from foundation.text.date_fields import TypedDateField
from foundation.text.dates import Sense
from scheduling.choices import Urgency
from scheduling.models import Doctor, EmergencyCase

LONGEST_TEXT = 20_000


class CutField(forms.CharField):
    def __init__(self, *, cut: int, **options: Any) -> None:
        self.cut = cut
        super().__init__(required=False, **options)

    def to_python(self, value: object) -> str:
        return (super().to_python(value) or "").replace("\0", "")[: self.cut]


class AnyDoctorField(forms.ModelChoiceField):
    def clean(self, value: object) -> Doctor | None:
        try:
            return super().clean(value)
        except ValidationError:
            return None


def column(name: str) -> int:
    return getattr(EmergencyCase._meta.get_field(name), "max_length", None) or LONGEST_TEXT


class CaseForm(EditForm):
    COLUMNS = ("person", "description", "ambulance_reference", "doctor", "outcome")

    person = CutField(cut=column("person"), label=_("Who is ill, if known"))
    description = CutField(cut=column("description"), label=_("What happened"), widget=forms.Textarea({"rows": 3}))
    ambulance_reference = CutField(cut=column("ambulance_reference"), label=_("Number of the ambulance call"))
    doctor = AnyDoctorField(
        Doctor.objects.filter(active=True), label=_("Doctor called"), required=False, empty_label="—"
    )
    outcome = CutField(cut=column("outcome"), label=_("Outcome"), widget=forms.Textarea({"rows": 2}))


def case_of(case: EmergencyCase, sent: QueryDict | None = None) -> CaseForm:
    """Returns the form of a case that is described."""
    columns = recorded(case, CaseForm.COLUMNS)
    return CaseForm(sent, initial=columns, recorded=columns)


def urgency_of(data: Mapping[str, object]) -> Urgency:
    return Urgency.URGENT if data.get("urgency") == Urgency.URGENT else Urgency.EMERGENCY


class EmergencyDayForm(forms.Form):
    """The form chooses a day; what cannot be understood is today, and says so beside it."""

    date = TypedDateField(label=_("Date"), required=False, sense=Sense.PAST)

    @property
    def day(self) -> datetime.date:
        self.is_valid()
        return self.cleaned_data.get("date") or timezone.localdate()

    def as_shown(self) -> "EmergencyDayForm":
        """Returns the form with the day that is shown; a date that was not understood stays as it was typed."""
        return self if self.errors else EmergencyDayForm(initial={"date": self.day})
