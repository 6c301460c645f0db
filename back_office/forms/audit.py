"""The audit is narrowed by days, by a person of the staff, by an act and by a patient."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from back_office.audit.acts import GROUPS, LOOKED_AT
from foundation.accounts.actors import ref_of
from foundation.accounts.models import User
from foundation.audit.queries.events import Sought
from foundation.clock import day_bounds, day_start
from foundation.text.date_fields import TypedDateField
from foundation.text.dates import Sense
from patients.models import Patient
from patients.queries import people

ALL, LOOKS = "all", "looks"


class AuditForm(forms.Form):
    since = TypedDateField(label=_("From the day"), required=False, sense=Sense.PAST)
    until = TypedDateField(label=_("To the day"), required=False, sense=Sense.PAST)
    person = forms.ChoiceField(label=_("Person of the staff"), required=False)
    act = forms.ChoiceField(label=_("Act"), required=False)
    patient = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, staff: Sequence[User], **options: Any) -> None:  # the rest goes to Django's form
        super().__init__(*args, **options)
        everybody = [(ref_of(person), person.get_full_name()) for person in staff]
        acts = [(str(group.name), list(group.acts.items())) for group in GROUPS]
        whole = [("", _("all that changed something")), (ALL, _("all, views too")), (LOOKS, _("views alone"))]
        self.fields["since"].widget.attrs["data-key"] = "F2"
        self.fields["person"].choices = [("", _("everybody")), *everybody]  # type: ignore[attr-defined]  # a choice field
        self.fields["act"].choices = [*whole, *acts]  # type: ignore[attr-defined]  # a choice field

    def clean_until(self) -> object:
        first, last = self.cleaned_data.get("since"), self.cleaned_data["until"]
        if first and last and last < first:
            raise ValidationError(_("The last day is before the first one. Check the days."))
        return last

    def sought(self, patient: Patient | None) -> Sought:
        """Returns what is asked for by a form that is valid."""
        chosen = self.cleaned_data
        act = chosen["act"]
        return Sought(
            patients=people.records_of(patient.pk) if patient else (),
            actor=chosen["person"],
            actions=LOOKED_AT if act == LOOKS else [act] if act not in ("", ALL) else (),
            without=LOOKED_AT if act == "" else (),
            since=day_start(chosen["since"]) if chosen["since"] else None,
            until=self._end(chosen["until"]),
        )

    def _end(self, last: Any) -> datetime | None:  # a date of `cleaned_data`
        return day_bounds(last)[1] if last else None
