import datetime
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking_site.forms.person import PersonForm, Who
from booking_site.queries import catalogue
from foundation.text.date_fields import TypedDateField
from foundation.text.dates import Sense
from patients.ages import MAJORITY, age_on
from scheduling.choices import WEEKDAYS
from scheduling.errors import TooYoungForSite
from scheduling.models import Doctor, Service, Specialty
from waitlist.wishes import WishData

PARTS_OF_DAY = {
    "": (datetime.time.min, datetime.time.max),
    "morning": (datetime.time.min, datetime.time(12)),
    "day": (datetime.time(12), datetime.time(17)),
    "evening": (datetime.time(17), datetime.time.max),
}


class RequestForm(PersonForm):
    """The form asks for the wishes of R10 and who has them, for a request to the contact centre (R12, R20)."""

    service = forms.ModelChoiceField(
        Service.objects.none(), label=_("Service"), required=False, empty_label=_("Any service")
    )
    doctor = forms.ModelChoiceField(
        Doctor.objects.none(), label=_("Doctor"), required=False, empty_label=_("Any doctor")
    )
    date_from = TypedDateField(
        label=_("Not before"), required=False, sense=Sense.AHEAD, help_text=_("For example, 25.11.2026")
    )
    date_until = TypedDateField(label=_("Not after"), required=False, sense=Sense.AHEAD)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Convenient days"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave empty if any day will do"),
    )
    hours = forms.ChoiceField(
        label=_("Convenient time"),
        required=False,
        choices=[
            ("", _("Any time")),
            ("morning", _("Before 12:00")),
            ("day", _("From 12:00 to 17:00")),
            ("evening", _("After 17:00")),
        ],
    )

    WISHES = ("service", "doctor", "date_from", "date_until", "weekdays", "hours")

    def __init__(self, *args: Any, specialty: Specialty, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.specialty = specialty
        cast(forms.ModelChoiceField, self.fields["service"]).queryset = catalogue.services().filter(specialty=specialty)
        cast(forms.ModelChoiceField, self.fields["doctor"]).queryset = catalogue.doctors().filter(specialties=specialty)

    @property
    def visit_day(self) -> datetime.date:
        """The first day that suits: whoever is of age then asks for themselves."""
        return self.cleaned_data.get("date_from") or timezone.localdate()

    def wish_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.WISHES]

    def clean_date_from(self) -> datetime.date:
        return max(self.cleaned_data["date_from"] or timezone.localdate(), timezone.localdate())

    def clean(self) -> None:
        super().clean()
        cleaned = self.cleaned_data
        until = cleaned.get("date_until")
        if until and until < cleaned.get("date_from", timezone.localdate()):
            self.add_error("date_until", _("The last day is before the first one."))
        born = cleaned.get("birth_date")
        if born and cleaned.get("who") == Who.SELF and age_on(born, self.visit_day) < MAJORITY:
            self.add_age_error(TooYoungForSite())

    def wishes(self) -> WishData:
        cleaned = self.cleaned_data
        time_from, time_until = PARTS_OF_DAY[cleaned["hours"]]
        return WishData(
            specialty=self.specialty,
            service=cleaned["service"],
            doctor_ids=(cleaned["doctor"].pk,) if cleaned["doctor"] else (),
            date_from=cleaned["date_from"],
            date_until=cleaned["date_until"],
            weekdays=tuple(cleaned["weekdays"]),
            time_from=time_from,
            time_until=time_until,
        )
