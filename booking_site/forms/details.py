import re
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from booking_site.forms.person import PersonForm
from scheduling.eligibility import check_age_for_site, check_doctors_ages
from scheduling.errors import BookingError
from scheduling.queries.read_models import ShownSlot

RUSSIAN_MOBILE = re.compile(r"\+79\d{9}")


class DetailsForm(PersonForm):
    """The form asks who comes at the chosen time; ages are checked for that day, before a code is sent."""

    def __init__(self, *args: Any, slot: ShownSlot, **kwargs: Any) -> None:
        self.slot = slot
        super().__init__(*args, **kwargs)

    @property
    def visit_day(self) -> date:
        return self.slot.local_start.date()

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if not RUSSIAN_MOBILE.fullmatch(phone):
            raise ValidationError(
                _("We send a code, and only to Russian mobile numbers. With another number, call us.")
            )
        return phone

    def clean(self) -> None:
        super().clean()
        if not self.errors:
            self._check_age(self.cleaned_data["birth_date"])

    def _check_age(self, birth_date: date) -> None:
        starts_at, represented = self.slot.local_start, self.representative() is not None
        try:
            check_age_for_site(birth_date=birth_date, starts_at=starts_at, represented=represented)
            check_doctors_ages(birth_date=birth_date, starts_at=starts_at, doctor=self.slot.doctor)
        except BookingError as error:
            self.add_age_error(error)
