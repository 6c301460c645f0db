import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.text.date_fields import TypedDateField
from scheduling.models import Appointment, Service

WEEKS = (1, 2, 4, 12)


class FollowUpForm(forms.Form):
    """The doctor says in how many weeks and for what; it is the service of the visit unless another one is chosen."""

    weeks = forms.IntegerField(label=_("In how many weeks"), min_value=1, max_value=52)
    service = forms.ModelChoiceField(Service.objects.none(), label=_("Service"), required=False, empty_label=None)

    def __init__(self, *args: Any, visit: Appointment, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = visit.doctor.services.filter(active=True, specialty=visit.service.specialty_id)
        cast(forms.ModelChoiceField, self.fields["service"]).queryset = offered
        self.usual = next((each for each in offered if each.pk == visit.service_id), None) or offered.first()
        if self.is_bound and self.usual and not self.data.get("service"):
            self.data = {name: self.data.get(name) for name in self.fields} | {"service": str(self.usual.pk)}


class TakeTimeForm(FollowUpForm):
    slot = forms.UUIDField(widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)


class MyDayForm(forms.Form):
    """The form leads to another day; one that cannot be understood is none and says so beside the field."""

    date = TypedDateField(label=_("Date"), required=False)

    @property
    def day(self) -> datetime.date | None:
        self.is_valid()
        return self.cleaned_data.get("date")

    def as_shown(self, day: datetime.date) -> "MyDayForm":
        """Returns the form with the day that is shown; a date that was not understood stays as it was typed."""
        return self if "date" in self.errors else MyDayForm(initial={"date": day})
