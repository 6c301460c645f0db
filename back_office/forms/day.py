import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.text.date_fields import TypedDateField
from foundation.text.dates import Sense
from scheduling.models import Doctor, Specialty


class DoctorField(forms.ModelChoiceField):
    def label_from_instance(self, doctor: Doctor) -> str:
        return doctor.short_name


class DayForm(forms.Form):
    """The form narrows the grid; what cannot be understood is today and everybody, and a date says so beside it."""

    date = TypedDateField(label=_("Date"), required=False, sense=Sense.AHEAD)
    specialty = forms.ModelChoiceField(
        Specialty.objects.all(), label=_("Specialty"), required=False, empty_label=_("all specialties")
    )
    doctor = DoctorField(
        Doctor.objects.filter(active=True), label=_("Doctor"), required=False, empty_label=_("all doctors")
    )
    move = forms.UUIDField(required=False, widget=forms.HiddenInput)
    patient = forms.UUIDField(required=False, widget=forms.HiddenInput)

    @property
    def day(self) -> datetime.date:
        return self._chosen("date") or timezone.localdate()

    @property
    def specialty_id(self) -> UUID | None:
        return getattr(self._chosen("specialty"), "pk", None)

    @property
    def doctor_ids(self) -> list[UUID] | None:
        chosen = self._chosen("doctor")
        return [chosen.pk] if chosen else None

    @property
    def moving(self) -> UUID | None:
        """Returns the id of the visit for which a new time is looked for."""
        return self._chosen("move")

    def as_shown(self) -> "DayForm":
        """Returns the filters over the grid as they were understood; a date that was not stays as it was typed."""
        if "date" in self.errors:
            return self
        return DayForm(initial=self.cleaned_data | {"date": self.day})

    def _chosen(self, name: str) -> Any:
        """Returns what a field cleans to: `Any`, because each has a type of its own."""
        self.is_valid()
        return self.cleaned_data.get(name)
