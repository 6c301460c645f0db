from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booking_site.forms.person import PHONE_MESSAGES, PersonForm
from foundation.text.phones import PhoneField
from scheduling import reminders
from scheduling.eligibility import check_age_for_site, check_doctors_ages
from scheduling.errors import BookingError
from scheduling.queries.read_models import ShownSlot
from scheduling.reminders import REMIND


class DetailsForm(PersonForm):
    """The form asks who comes at the chosen time; ages are checked for that day, before a code is sent."""

    phone = PhoneField(
        label=_("Mobile phone"),
        gets_code=True,
        error_messages=PHONE_MESSAGES,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )

    remind = forms.BooleanField(label=REMIND, required=False)

    def __init__(self, *args: Any, slot: ShownSlot, **kwargs: Any) -> None:
        self.slot = slot
        super().__init__(*args, **kwargs)
        if not reminders.offered():
            del self.fields["remind"]

    @property
    def visit_day(self) -> date:
        return self.slot.local_start.date()

    def clean(self) -> None:
        super().clean()
        if not self.errors:
            self._check_age(self.cleaned_data["birth_date"])

    def _check_age(self, birth_date: date) -> None:
        day, represented = self.visit_day, self.representative() is not None
        try:
            check_age_for_site(birth_date=birth_date, day=day, represented=represented)
            check_doctors_ages(birth_date=birth_date, day=day, doctor=self.slot.doctor)
        except BookingError as error:
            self.add_age_error(error)
