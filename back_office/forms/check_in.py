"""The form of an arrival asks for the papers of the matrix that were not seen before, and for nothing else (R7)."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from back_office.forms.booking import PaperForm
from back_office.forms.patients import PowerForm
from back_office.forms.seen_before import words_of
from foundation.accounts.actors import Actor
from foundation.accounts.choices import Permission
from foundation.clock import today_on
from patients.acting import acting_on, comes_as
from patients.data import PowerData, Seen
from patients.demandable import Demandable, to_bring
from patients.models import IdentityDocument
from patients.queries import people
from patients.queries.papers import last_seen, missing
from scheduling.models import Appointment


class SignOffForm(forms.Form):
    reason = forms.CharField(label=_("Why without these papers"), max_length=200, required=False)


TYPED = ("principal_name", "signed_on", "valid_until", "notary", "register_number")
"""A power of attorney is shown where one of these is filled in."""


class CheckIn:
    """The papers of a visit on its day: `there` were seen before, `papers` and `power` are asked for."""

    def __init__(self, visit: Appointment, by: Actor, sent: QueryDict) -> None:
        day = visit.local_start.date()
        asked = to_bring(comes_as(day, patient=visit.patient, representation=visit.representation))
        lacking = missing(day, patient=visit.patient, representation=visit.representation)
        known = last_seen(visit.patient, acting_on(day, patient=visit.patient, representation=visit.representation))
        self.there = [_told(document, known.get(document)) for document in asked if document not in lacking]
        typed = sent if len(sent) > 1 else None  # the button alone sends its token
        self.papers = [
            PaperForm(typed, prefix=document.value, document=document)
            for document in lacking
            if document != Demandable.POWER_OF_ATTORNEY
        ]
        needs_power = Demandable.POWER_OF_ATTORNEY in lacking
        power = sent if any(sent.get(f"power-{name}") for name in TYPED) else None
        acting = people.representatives(visit.patient) if needs_power else ()
        today = today_on(visit.local_start)
        self.power = (
            PowerForm(power, prefix="power", visit_day=day, today=today, acting=acting) if needs_power else None
        )
        self.sign_off = SignOffForm(typed, prefix="sign_off") if by.may(Permission.SIGN_OFF) else None

    @property
    def forms(self) -> list[forms.Form]:
        every: list[forms.Form | None] = [*self.papers, self.power, self.sign_off]
        return [form for form in every if form is not None]

    def is_valid(self) -> bool:
        """Tells whether what was typed can be understood; the button alone asks nothing."""
        checked = [form.is_valid() for form in self.forms if form.is_bound]
        return all(checked)

    def seen(self) -> list[Seen]:
        return [seen for paper in self.papers if paper.is_bound and (seen := paper.as_seen())]

    @property
    def shown_power(self) -> PowerData | None:
        return self.power.power() if self.power and self.power.is_bound else None

    @property
    def reason(self) -> str:
        return str(self.sign_off.cleaned_data["reason"]) if self.sign_off and self.sign_off.is_bound else ""


def _told(document: Demandable, known: IdentityDocument | None) -> str:
    return f"{document.label}, {words_of(known)}" if known else str(document.label)
