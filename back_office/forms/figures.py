from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from back_office.figures.tables import Days
from foundation.text.date_fields import TypedDateField
from foundation.text.dates import Sense

LONGEST = timedelta(days=92)
USUAL = 7


class PeriodForm(forms.Form):
    """The days of the figures: from one day until another, a quarter of a year at most."""

    since = TypedDateField(label=_("From the day"), required=False, sense=Sense.PAST)
    until = TypedDateField(label=_("To the day"), required=False, sense=Sense.PAST)

    def clean(self) -> None:
        first, last = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if first and last and last < first:
            self.add_error("until", ValidationError(_("The last day is before the first one. Check the days.")))
        elif first and (last or timezone.localdate()) - first > LONGEST:
            self.add_error("since", ValidationError(_("At most 92 days at once. Choose a later first day.")))

    def days(self) -> Days:
        """Returns the chosen days; what is left out or wrong is that of the last week."""
        today = timezone.localdate()
        chosen = self.cleaned_data if self.is_valid() else {}
        last: date = chosen.get("until") or max(today, chosen.get("since") or today)
        return Days(chosen.get("since") or last - timedelta(days=USUAL - 1), last)
