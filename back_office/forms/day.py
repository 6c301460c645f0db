from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from back_office.forms.fields import TypedDateField
from scheduling.models import Doctor, Specialty


class DoctorField(forms.ModelChoiceField):
    def label_from_instance(self, doctor: Doctor) -> str:
        return doctor.short_name


class DayForm(forms.Form):
    """What the grid shows. What cannot be understood falls back to today and everybody."""

    date = TypedDateField(label=_("Date"), required=False)
    specialty = forms.ModelChoiceField(
        Specialty.objects.all(), label=_("Specialty"), required=False, empty_label=_("all specialties")
    )
    doctor = DoctorField(
        Doctor.objects.filter(active=True), label=_("Doctor"), required=False, empty_label=_("all doctors")
    )
    move = forms.UUIDField(required=False, widget=forms.HiddenInput)
    patient = forms.UUIDField(required=False, widget=forms.HiddenInput)

    @property
    def day(self):
        return ((self.is_valid() or True) and self.cleaned_data.get("date")) or timezone.localdate()

    def chosen(self, name):
        return self.cleaned_data.get(name)
