from collections.abc import Mapping
from datetime import date, timedelta

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.database import clock
from foundation.text.date_fields import TypedDateField
from foundation.text.dates import Sense
from patients.ages import MAJORITY, latest_birth
from scheduling.models import Doctor, Specialty
from waitlist import lasting, never
from waitlist.choices import OPEN, EntryState
from waitlist.models import WaitlistEntry

CLOSED = (EntryState.BOOKED, EntryState.REMOVED)
AGES: Mapping[str, tuple[int, int | None]] = {
    "0-3": (0, 4),
    "4-6": (4, 7),
    "7-13": (7, 14),
    "14-17": (14, MAJORITY),
    "18-": (MAJORITY, None),
}
"""Whole years from and below which a band counts."""
LONG = {"7": 7, "14": 14, "30": 30, "90": 90}
"""Days of a wait, and days without a contact."""
NEVER_CONTACTED = "never"
LONGER = [("7", _("a week")), ("14", _("two weeks")), ("30", _("a month")), ("90", _("three months"))]


class WaitlistFilterForm(forms.Form):
    """The form narrows the list: a state that nobody is in narrows nothing, a wrong specialty finds nobody."""

    specialty = forms.ModelChoiceField(
        Specialty.objects.all(), label=_("Specialty"), required=False, empty_label=_("all")
    )
    doctor = forms.ModelChoiceField(
        Doctor.objects.filter(active=True), label=_("Doctor"), required=False, empty_label=_("all")
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("all who wait")),
            *((state.value, state.label) for state in OPEN),
            ("closed", _("all whose wait has ended")),
            *((state.value, state.label) for state in CLOSED),
        ],
    )
    age = forms.ChoiceField(
        label=_("Age"),
        required=False,
        choices=[("", _("all")), *((band, band.replace("-", "–")) for band in AGES if band != "18-"), ("18-", "18+")],
    )
    waits = forms.ChoiceField(label=_("Waits longer than"), required=False, choices=[("", _("all")), *LONGER])
    contact = forms.ChoiceField(
        label=_("No contact for"),
        required=False,
        choices=[("", _("all")), *LONGER, (NEVER_CONTACTED, _("never phoned"))],
    )
    urgent = forms.BooleanField(label=_("Urgent only"), required=False)
    ends = forms.BooleanField(label=_("The wait ends soon"), required=False)
    never = forms.BooleanField(label=_("Nothing can ever fit"), required=False)

    @property
    def is_narrow(self) -> bool:
        return any(self.cleaned_data.values())

    def narrowed(self, found: QuerySet[WaitlistEntry]) -> QuerySet[WaitlistEntry]:
        self.is_valid()
        if {"specialty", "doctor"} & self.errors.keys():
            raise Http404
        chosen = self.cleaned_data
        found = _in_state(found, chosen.get("state", ""))
        if chosen["specialty"]:
            found = found.filter(specialty=chosen["specialty"])
        if chosen["doctor"]:
            found = found.filter(doctor_ids__contains=[chosen["doctor"].pk])
        if chosen["urgent"]:
            found = found.exclude(urgent_reason="")
        if chosen["ends"]:
            found = found.filter(waits_until__lte=lasting.last_day_to_ask())
        found = found.filter(_of_age(chosen.get("age", "")), _since(chosen.get("waits", ""), chosen.get("contact", "")))
        return found.filter(pk__in=never.among(found.filter(state__in=OPEN))) if chosen["never"] else found


def _in_state(found: QuerySet[WaitlistEntry], state: str) -> QuerySet[WaitlistEntry]:
    """Those who wait stand in the order of R23, those whose wait has ended by when it did."""
    if state in ("closed", *CLOSED):
        ended = found.filter(closed_at__isnull=False).order_by("-closed_at", "-pk")
        return ended if state == "closed" else ended.filter(state=state)
    return found.filter(state__in=[state] if state else OPEN)


def _of_age(band: str) -> Q:
    """Returns the condition on the birth dates of people who are of these ages today."""
    if not band:
        return Q()
    youngest, below = AGES[band]
    today = timezone.localdate()
    born = Q(birth_date__lte=latest_birth(today, youngest))
    return born & Q(birth_date__gt=latest_birth(today, below)) if below else born


def _since(waits: str, contact: str) -> Q:
    now, condition = clock.now(), Q()
    if waits:
        condition &= Q(arrived_at__lt=now - timedelta(days=LONG[waits]))
    if contact == NEVER_CONTACTED:
        return condition & Q(last_contact_at=None)
    if contact:
        long_ago = now - timedelta(days=LONG[contact])
        condition &= Q(last_contact_at__lt=long_ago) | Q(last_contact_at=None, arrived_at__lt=long_ago)
    return condition


class WhyForm(forms.Form):
    """The form asks for the day of the times that are explained; without one the page finds it."""

    day = TypedDateField(label=_("Day"), required=False, sense=Sense.AHEAD)

    @property
    def chosen(self) -> date | None:
        """The day that was typed; None when nothing was, or no date."""
        return self.cleaned_data.get("day") if self.is_valid() else None
