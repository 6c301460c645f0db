from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from back_office.forms.schedule import day_field
from back_office.forms.wishes import TypedTimeField
from foundation.clock import wall_time
from scheduling.choices import AbsenceKind
from scheduling.data import AbsenceData
from scheduling.errors import ScheduleError
from scheduling.models import Location, Room
from scheduling.models.absence import Whose

Choices = list[tuple[str | Promise, Any]]
"""Django's choices with their groups; `Any`, because the stubs give groups no type."""


class AbsenceForm(forms.Form):
    """The form takes a span of days, perhaps with hours, in which a doctor is away.

    `seen` in what is posted says that the visits which fall into it have been shown. `starts_at` and `ends_at` of a
    valid form are moments, typed as the clocks of the place show them; without hours the span is whole days.
    """

    KINDS = (AbsenceKind.LEAVE, AbsenceKind.SICK, AbsenceKind.TRAINING)

    kind = forms.ChoiceField(label=_("Why away"))
    first_day = day_field(_("First day"))
    last_day = day_field(_("Last day"))
    from_hour = TypedTimeField(label=_("Begins at"), required=False, help_text=_("Leave empty for whole days"))
    until_hour = TypedTimeField(label=_("Ends at"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, whose: Whose | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self._whose = whose or Whose()
        self._set_choices("kind", _labelled(self.KINDS))

    @property
    def whose(self) -> Whose:
        """The one thing that is away, once the form is valid."""
        return self._whose

    def clean(self) -> None:
        super().clean()
        if self.errors:
            return
        if self.starts_at < self.ends_at:
            self._check_span()
        elif self.cleaned_data["first_day"] == self.cleaned_data["last_day"]:
            self.add_error("until_hour", _("The end of the hours must be later than their beginning."))
        else:
            self.add_error("last_day", _("The last day is before the first one."))

    def _check_span(self) -> None:
        try:
            self.absence().check()
        except ScheduleError as error:
            self.add_error("last_day", str(error))

    def absence(self) -> AbsenceData:
        return AbsenceData(
            whose=self.whose,
            kind=AbsenceKind(self.cleaned_data["kind"]),
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            note=self.cleaned_data["note"],
        )

    @property
    def starts_at(self) -> datetime:
        return self._moment(self.cleaned_data["first_day"], self.cleaned_data["from_hour"] or time.min)

    @property
    def ends_at(self) -> datetime:
        day, hour = self.cleaned_data["last_day"], self.cleaned_data["until_hour"]
        return self._moment(day, hour) if hour else self._moment(day + timedelta(days=1), time.min)

    def _moment(self, day: date, at: time) -> datetime:
        return wall_time(day, at, zone=self.whose.zone)

    def _set_choices(self, field: str, choices: Choices) -> None:
        cast(forms.ChoiceField, self.fields[field]).choices = choices


class ClosureForm(AbsenceForm):
    """The form takes a span in which a room, a location or the whole clinic is closed.

    Of a room nobody says that the clinic is closed, so that the reasons are offered in two groups.
    """

    KINDS_OF_ROOMS = (AbsenceKind.REPAIR, AbsenceKind.TRAINING)
    KINDS = (AbsenceKind.CLOSED, *KINDS_OF_ROOMS)
    EVERYTHING = "all"

    what = forms.ChoiceField(label=_("What is closed"))
    field_order = ["what"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].label = _("Why closed")
        not_of_rooms = [kind for kind in self.KINDS if kind not in self.KINDS_OF_ROOMS]
        kinds: Choices = [(_("Of the clinic or a location"), _labelled(not_of_rooms))]
        self._set_choices("kind", [*kinds, (_("Of a room as well"), _labelled(self.KINDS_OF_ROOMS))])
        locations = {f"location-{each.pk}": Whose(location=each) for each in Location.objects.order_by("name")}
        rooms = Room.objects.select_related("location").order_by("location__name", "name")
        of_rooms = {f"room-{each.pk}": Whose(room=each) for each in rooms}
        self._places = locations | of_rooms
        groups: Choices = [(_("Locations"), _named(locations)), (_("Rooms"), _named(of_rooms))]
        self._set_choices("what", [(self.EVERYTHING, _("The whole clinic")), *groups])

    @property
    def whose(self) -> Whose:
        return self._places.get(self.cleaned_data.get("what", ""), Whose())

    def clean(self) -> None:
        super().clean()
        kind = self.cleaned_data.get("kind")
        if self.whose.room and kind and kind not in self.KINDS_OF_ROOMS:
            self.add_error("kind", _("A room is closed for repair or training. Choose one of these, or its location."))


def _labelled(kinds: Iterable[AbsenceKind]) -> Choices:
    return [(kind.value, kind.label) for kind in kinds]


def _named(places: dict[str, Whose]) -> list[tuple[str, str]]:
    return [(value, str(whose)) for value, whose in places.items()]
