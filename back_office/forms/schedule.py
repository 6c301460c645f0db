from collections.abc import Collection
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from back_office.forms.versions import EditForm
from foundation.changes import recorded
from foundation.text.date_fields import TypedDateField
from scheduling.choices import WEEKDAYS
from scheduling.data import HoursData
from scheduling.models import Room, Shift, ShiftRule, Slot

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LONGEST_TERM = 92
"""Days that are published at once at most: three months."""
EARLIEST_YEAR, YEARS_AHEAD = 2000, 10


class DayField(TypedDateField):
    """The field takes a day of the schedule; a year that nobody means is a slip of the keyboard."""

    @property
    def years(self) -> range:
        return range(EARLIEST_YEAR, timezone.localdate().year + YEARS_AHEAD + 1)


def day_field(label: "str | _StrPromise", **options: Any) -> DayField:
    return DayField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **options)


def time_field(label: "str | _StrPromise") -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput({"type": "time"}, "%H:%M"))


class HoursForm(EditForm, forms.ModelForm):
    """The form is one weekly rule; its checks are the model's own constraints."""

    starts = time_field(_("Begins"))
    ends = time_field(_("Ends"))
    room = forms.ModelChoiceField(Room.objects.all(), label=_("Room"))
    slot_minutes = forms.IntegerField(
        label=_("Slot, minutes"), min_value=5, max_value=240, widget=forms.NumberInput({"step": 5})
    )
    valid_from = day_field(_("In force from"))
    valid_until = day_field(_("In force until"), required=False, help_text=_("Empty: until it is ended."))

    class Meta:
        model = ShiftRule
        fields = ["weekday", "starts", "ends", "room", "slot_minutes", "valid_from", "valid_until"]
        labels = {"weekday": _("Weekday")}

    def clean(self) -> None:
        super().clean()
        today, data = timezone.localdate(), self.cleaned_data
        if (until := data.get("valid_until")) and until < today:
            self.add_error("valid_until", _("These hours would be over already. Check the date."))
        if (
            (since := data.get("valid_from"))
            and since < today - timedelta(days=366)
            and "valid_from" in self.changed_data
        ):
            self.add_error("valid_from", _("These hours would begin more than a year ago. Check the year."))

    def hours(self) -> HoursData:
        return HoursData(**{name: self.cleaned_data[name] for name in HoursData.__slots__})


def hours_of(rule: ShiftRule, sent: QueryDict | None = None) -> HoursForm:
    """Returns the form of a rule that is changed."""
    return HoursForm(sent, instance=rule, recorded=recorded(rule, HoursForm.Meta.fields))


class NewHoursForm(HoursForm):
    """The form adds the same hours on several weekdays at once."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    field_order = ["weekdays"]

    class Meta(HoursForm.Meta):
        fields = [name for name in HoursForm.Meta.fields if name != "weekday"]


class LastDayForm(forms.Form):
    last_day = day_field(_("Last day"))


class TermForm(forms.Form):
    """The form takes the days to publish."""

    first_day = day_field(_("First day"))
    last_day = day_field(_("Last day"))

    def clean_first_day(self) -> date:
        if (day := self.cleaned_data["first_day"]) < timezone.localdate():
            raise forms.ValidationError(_("This day has passed. Choose a day from today on."))
        return day

    def clean(self) -> None:
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if not first or not last:
            return
        if last < first:
            self.add_error("last_day", _("The last day is before the first one."))
        elif last - first >= timedelta(days=LONGEST_TERM):
            self.add_error("last_day", _("Publish three months at most: 92 days."))


class SlotsForm(forms.Form):
    """The form takes the times ticked on the page of a shift; an unknown one is an error."""

    slots = forms.ModelMultipleChoiceField(
        Slot.objects.none(), error_messages={"required": _("Tick the times first.")}, label=_("Times")
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=100)

    def __init__(self, *args: Any, shift: Shift, closing: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        cast(forms.ModelMultipleChoiceField, self.fields["slots"]).queryset = shift.slots.all()
        self.fields["reason"].required = closing
        self.fields["reason"].error_messages["required"] = _("Say why the times are closed.")

    @property
    def ticked(self) -> Collection[str]:
        """Returns what was ticked, known or not."""
        return set(self.data.getlist("slots")) if isinstance(self.data, QueryDict) else set()
