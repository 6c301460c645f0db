"""The contact centre and the desk ask in the same words what a patient wants."""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from back_office.forms.ids import as_uuid
from back_office.forms.versions import EditForm
from foundation.changes import recorded
from foundation.text.date_fields import TypedDateField
from foundation.text.dates import Sense
from scheduling.models import Doctor, Service, Specialty
from waitlist.models import WaitlistEntry
from waitlist.models.wishes import Wishes
from waitlist.wish_line import LONGEST, Said
from waitlist.wishes import COLUMNS, WishData
from worklist.choices import Priority

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Choices = Sequence[tuple[int, str | _StrPromise]]

WEEKDAYS = [(number + 1, WEEKDAYS_ABBR[number]) for number in range(7)]
NOTICE: "Choices" = [
    (0, _("may be called at the last moment")),
    (30, _("half an hour")),
    (60, _("an hour")),
    (120, _("two hours")),
    (240, _("four hours")),
    (1440, _("a day")),
    (2880, _("two days")),
]


class TypedTimeField(forms.TimeField):
    """The time is typed as «16», «16:30» or «1630»: faster than a clock, and 24 hours in every browser."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TimeInput({"inputmode": "numeric", "placeholder": _("HH:MM"), "autocomplete": "off"})
        usual: dict[str, Any] = {"widget": widget, "error_messages": {"invalid": _("Write the time as 16:30.")}}
        super().__init__(**usual | options)

    def to_python(self, value: str | datetime.time | None) -> datetime.time | None:
        text = str(value or "").strip()
        return super().to_python(f"{text}:00" if text.isdecimal() and len(text) < 3 else value)


class ServiceField(forms.ModelChoiceField):
    """A service of another specialty is forgotten: the specialty was changed after it."""

    def clean(self, value: object) -> Service | None:
        try:
            chosen: Service | None = super().clean(value)
        except ValidationError:
            return None
        return chosen


class DoctorsField(forms.ModelMultipleChoiceField):
    """Doctors of another specialty are forgotten: the specialty was changed after them."""

    def clean(self, value: Any) -> QuerySet[Doctor]:
        known = {str(pk) for pk in self.queryset.values_list("pk", flat=True)} if self.queryset is not None else set()
        return super().clean([pk for pk in value or [] if str(pk) in known])

    def label_from_instance(self, doctor: Doctor) -> str:
        return doctor.full_name


class WishesForm(EditForm):
    """The form asks for the wishes; `.wishes()` of a valid one is a WishData.

    The note and the reason may name a person: leave them out of a form that is sent by GET.
    """

    FIELDS = {
        "doctor_ids": "doctors",
        "not_doctor_ids": "not_doctors",
        "notice_minutes": "notice",
        "priority": "urgent_reason",
    }

    specialty = forms.ModelChoiceField(
        Specialty.objects.all(),
        label=_("Specialty"),
        empty_label=_("choose"),
        error_messages={"required": _("Choose a specialty.")},
    )
    service = ServiceField(Service.objects.none(), label=_("Service"), required=False, empty_label=_("any"))
    doctors = DoctorsField(
        Doctor.objects.none(), label=_("Doctors"), required=False, widget=forms.CheckboxSelectMultiple
    )
    not_doctors = DoctorsField(
        Doctor.objects.none(), label=_("Not these doctors"), required=False, widget=forms.CheckboxSelectMultiple
    )
    date_from = TypedDateField(label=_("from day"), required=False, sense=Sense.AHEAD)
    date_until = TypedDateField(label=_("until day"), required=False, sense=Sense.AHEAD)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"), choices=WEEKDAYS, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    time_from = TypedTimeField(label=_("from hour"), required=False)
    time_until = TypedTimeField(
        label=_("until hour"), required=False, help_text=_("by which hour the visit is to be over")
    )
    notice = forms.TypedChoiceField(
        label=_("Needs notice"),
        choices=NOTICE,
        coerce=int,
        empty_value=60,  # type: ignore[arg-type]  # the stubs think of words alone
        required=False,
        initial=60,
        widget=forms.Select({"hx-preserve": "true"}),
    )
    urgent_reason = forms.CharField(
        label=_("Urgent: who says so, and why"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "hx-preserve": "true"}),
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["notice"]).choices = _with(NOTICE, self["notice"].value())
        if specialty := as_uuid(self["specialty"].value()):
            services = Service.objects.filter(specialty=specialty, active=True)
            cast(ServiceField, self.fields["service"]).queryset = services
            doctors = Doctor.objects.filter(specialties=specialty, active=True)
            for name in ("doctors", "not_doctors"):
                cast(DoctorsField, self.fields[name]).queryset = doctors

    def clean(self) -> None:
        super().clean()
        data = self.cleaned_data
        data["date_from"] = data.get("date_from") or timezone.localdate()
        if data.get("date_until") and data["date_until"] < data["date_from"]:
            self.add_error("date_until", _("The last day is before the first one."))
        if self._from() >= self._until():
            self.add_error("time_until", _("The end of the hours must be later than their beginning."))

    def wishes(self) -> WishData:
        """Returns the wishes; whoever has a reason for it is urgent."""
        data = self.cleaned_data
        return WishData(
            specialty=data["specialty"],
            service=data["service"],
            doctor_ids=tuple(doctor.pk for doctor in data["doctors"]),
            not_doctor_ids=tuple(doctor.pk for doctor in data["not_doctors"]),
            date_from=data["date_from"],
            date_until=data["date_until"],
            weekdays=tuple(data["weekdays"]),
            time_from=self._from(),
            time_until=self._until(),
            notice_minutes=data["notice"],
            priority=Priority.URGENT if data["urgent_reason"] else Priority.NORMAL,
            urgent_reason=data["urgent_reason"],
            note=data["note"],
        )

    def _from(self) -> datetime.time:
        return self.cleaned_data.get("time_from") or datetime.time.min

    def _until(self) -> datetime.time:
        return self.cleaned_data.get("time_until") or datetime.time.max


class WishLineForm(forms.Form):
    """The wishes as one line: «белова вечер со вторника»."""

    line = forms.CharField(
        label=_("Wishes in one line"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(
            {"autocomplete": "off", "data-key": "Escape", "placeholder": _("belova evening from tuesday")}
        ),
    )

    def __init__(self, *, focused: bool) -> None:
        super().__init__()
        self.fields["line"].widget.attrs["autofocus"] = focused


def asked_by(said: Said) -> dict[str, list[str]]:
    """Returns what a line tells as the form of wishes is sent; of several specialties none is guessed."""
    sent = {
        "specialty": [str(said.specialties[0])] if len(said.specialties) == 1 else [],
        "doctors": [str(doctor) for doctor in said.doctors],
        "not_doctors": [str(doctor) for doctor in said.not_doctors],
        "date_from": [f"{said.date_from:%d.%m.%Y}"] if said.date_from else [],
        "date_until": [f"{said.date_until:%d.%m.%Y}"] if said.date_until else [],
        "weekdays": [str(day) for day in said.weekdays],
        "time_from": [f"{said.time_from:%H:%M}"] if said.time_from else [],
        "time_until": [f"{said.time_until:%H:%M}"] if said.time_until else [],
    }
    return {name: values for name, values in sent.items() if values}


def initial_of(wishes: WishData | Wishes) -> dict[str, object]:
    """Returns the first values of the form for the wishes of a request or an entry."""
    return {
        "specialty": wishes.specialty.pk,
        "service": wishes.service.pk if wishes.service else None,
        "doctors": list(wishes.doctor_ids),
        "not_doctors": list(wishes.not_doctor_ids),
        "date_from": wishes.date_from,
        "date_until": wishes.date_until,
        "weekdays": list(wishes.weekdays),
        "time_from": wishes.time_from if wishes.time_from != datetime.time.min else None,
        "time_until": wishes.time_until if wishes.time_until != datetime.time.max else None,
        "notice": wishes.notice_minutes,
        "urgent_reason": wishes.urgent_reason,
        "note": wishes.note,
    }


def wishes_of(entry: WaitlistEntry, sent: QueryDict | None) -> WishesForm:
    """Returns the form of an entry whose wishes are changed."""
    return WishesForm(sent, initial=initial_of(entry), recorded=recorded(entry, COLUMNS))


def _with(choices: "Choices", value: object) -> "Choices":
    """Adds a length that came from elsewhere, so that it stays choosable."""
    text = str(value or "")
    if not text.isdecimal() or text in {str(minutes) for minutes, _label in choices}:
        return choices
    return [*choices, (int(text), _("%(minutes)s minutes") % {"minutes": int(text)})]
