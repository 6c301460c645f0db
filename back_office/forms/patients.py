from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from back_office.forms.versions import EditForm
from foundation.changes import recorded
from foundation.text.date_fields import BirthDateField, TypedDateField
from foundation.text.dates import Sense
from foundation.text.name_fields import NameField, NamesForm, PatronymicField
from foundation.text.phones import PhoneField
from patients.choices import ContactWay, EndReason, Relation, SeenAs, Sex
from patients.data import PersonData, PowerData, RepresentativeData
from patients.models import Patient, Representation
from patients.queries import doubles


class PersonForm(EditForm, NamesForm):
    """The record of a person requires three fields (R9)."""

    last_name = NameField(label=_("Surname"))
    first_name = NameField(label=_("Name"))
    patronymic = PatronymicField(label=_("Patronymic"))
    birth_date = BirthDateField(label=_("Birth date"))
    phone = PhoneField(
        label=_("Phone"),
        required=False,
        help_text=_("Without it the patient cannot be told about changes."),
        error_messages={
            "words": _("Write the number alone, and «%(words)s» in the note."),
            "several": _("There is room for one number here. Write the others in the note."),
        },
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", "—"), *Sex.choices], required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    contact_way = forms.ChoiceField(
        label=_("How to reach them"),
        choices=[("", _("in any way")), *ContactWay.choices],
        required=False,
        help_text=_(
            "As they have asked: codes and answers to what they have ordered themselves are sent all the same."
        ),
    )
    note = forms.CharField(label=_("Note for the desk"), max_length=300, required=False)
    namesake = forms.BooleanField(label=_("This is another person"), required=False)

    def __init__(
        self, *args: Any, registered_on: date | None = None, ask_namesake: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.registered_on = registered_on
        for name in ("last_name", "first_name", "patronymic", "phone"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        if not ask_namesake:
            del self.fields["namesake"]

    def clean_birth_date(self) -> date:
        born: date = self.cleaned_data["birth_date"]
        if self.registered_on and born > self.registered_on:
            raise ValidationError(_("The birth date is after the day the record was made. Check the year."))
        return born

    def may_be(self) -> list[Patient]:
        """Returns whom the register may know already, by what is filled in so far."""
        self.full_clean()
        typed: dict[str, Any] = {name: self.cleaned_data.get(name) or "" for name in ("last_name", "first_name")}
        typed |= {name: self.cleaned_data.get(name) or "" for name in ("patronymic", "phone")}
        return doubles.like(**typed, birth_date=self.cleaned_data.get("birth_date"))

    @property
    def is_namesake(self) -> bool:
        return bool(self.cleaned_data.get("namesake"))

    def person(self) -> PersonData:
        return PersonData(**{name: self.cleaned_data[name] for name in PersonData.__slots__})


def person_of(patient: Patient, sent: QueryDict | None) -> PersonForm:
    """Returns the form of a record that is put right."""
    columns = recorded(patient, PersonData.__slots__)
    return PersonForm(sent, initial=columns_of(patient), registered_on=patient.registered_on, recorded=columns)


def columns_of(patient: Patient) -> dict[str, object]:
    """Returns a record as the form shows it."""
    phone = patient.phone.as_national if patient.phone else ""
    return recorded(patient, PersonData.__slots__) | {"phone": phone}


class RepresentativeForm(EditForm, NamesForm):
    """The form records who acts for a minor; only an attorney is asked for a power of attorney (R5)."""

    relation = forms.TypedChoiceField(label=_("Who this is to the child"), choices=Relation, coerce=Relation)
    last_name = NameField(label=_("Surname"))
    first_name = NameField(label=_("Name"))
    patronymic = PatronymicField(label=_("Patronymic"))
    phone = PhoneField(label=_("Phone"), required=False)

    def representative(self) -> RepresentativeData:
        typed = {name: self.cleaned_data[name] for name in RepresentativeData.__slots__}
        return RepresentativeData(**typed | {"relation": Relation(typed["relation"])})


class PowerForm(EditForm):
    """The form takes a notarised power of attorney as it was shown; without its day of signing it is void."""

    principal = forms.ChoiceField(label=_("Who gave it"), required=False)
    principal_name = NameField(
        label=_("Who gave it"),
        longest=180,
        help_text=_("A legal representative of the child, name in full."),
        error_messages={"required": _("Say who gave it.")},
    )
    signed_on = TypedDateField(label=_("Signed on"), sense=Sense.PAST)
    valid_until = TypedDateField(
        label=_("Last day"),
        required=False,
        sense=Sense.AHEAD,
        help_text=_("No term in the document: leave empty, it is one year."),
    )
    notary = forms.CharField(label=_("Notary and district"), max_length=200, required=False)
    register_number = forms.CharField(label=_("Number in the notary's register"), max_length=60, required=False)
    checked_in_register = forms.BooleanField(
        label=_("Checked in the register of powers of attorney"),
        required=False,
        help_text=_("By hand on reestr-dover.ru, where there is time: nothing depends on it."),
    )
    seen_as = forms.ChoiceField(
        label=_("What was shown"), choices=SeenAs, initial=SeenAs.ORIGINAL, widget=forms.RadioSelect
    )

    def __init__(
        self,
        *args: Any,
        acting: Iterable[Representation] = (),
        visit_day: date | None = None,
        today: date | None = None,
        **kwargs: Any,
    ) -> None:
        """Takes those who act for the child: the legal ones among them may have given it.

        `today` is that of the place where it is shown; the clinic's if not said.
        """
        super().__init__(*args, **kwargs)
        self.today = today or timezone.localdate()
        self.visit_day = visit_day or self.today
        self.givers = {str(each.pk): each.full_name for each in acting if each.is_legal}
        if self.givers:
            self._offer(list(self.givers.items()))
        else:
            del self.fields["principal"]

    def _offer(self, known: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields["principal"]).choices = [*known, ("", _("somebody else"))]
        self.fields["principal"].initial = known[0][0]
        self.fields["principal_name"].required = False
        self.fields["principal_name"].label = _("Somebody else gave it")

    def clean_signed_on(self) -> date:
        signed: date = self.cleaned_data["signed_on"]
        if signed > self.today:
            raise ValidationError(_("The day of signing is in the future. Check the date."))
        return signed

    def clean(self) -> None:
        super().clean()
        self._name_the_giver()
        signed = self.cleaned_data.get("signed_on")
        if not signed:
            return
        last_day = self.cleaned_data.get("valid_until") or year_after(signed)
        self.cleaned_data["valid_until"] = last_day
        if last_day < signed:
            self.add_error("valid_until", _("The last day is before the day of signing."))
        elif last_day < self.visit_day:
            self.add_error("valid_until", _("It ends before the day of the visit. Ask for one that is in force."))

    def _name_the_giver(self) -> None:
        """Takes the chosen person of the record, unless another name was typed."""
        if "principal_name" in self.errors:
            return
        chosen = self.givers.get(self.cleaned_data.get("principal", ""), "")
        self.cleaned_data["principal_name"] = self.cleaned_data.get("principal_name") or chosen
        if not self.cleaned_data["principal_name"]:
            self.add_error("principal_name", self.fields["principal_name"].error_messages["required"])

    def power(self) -> PowerData:
        return PowerData(**{name: self.cleaned_data[name] for name in PowerData.__slots__})


def year_after(day: date) -> date:
    """Returns the last day of a year that began on `day`: the term when the document names none (ГК 186)."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day + timedelta(days=365)


class EndForm(forms.Form):
    """The form says since when somebody no longer acts for a patient, and why."""

    since = TypedDateField(
        label=_("Since which day"), sense=Sense.PAST, help_text=_("Visits from this day on need somebody else.")
    )
    reason = forms.TypedChoiceField(
        label=_("Why"), choices=EndReason, coerce=EndReason, widget=forms.RadioSelect, initial=EndReason.RIGHTS_ENDED
    )

    def __init__(self, *args: Any, acts_from: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.acts_from = acts_from

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if since > timezone.localdate():
            raise ValidationError(_("This day is ahead. Come back on it, or check the date."))
        if since < self.acts_from:
            raise ValidationError(_("The person acts from a later day. Check the date."))
        return since

    @property
    def last_day(self) -> date:
        """The last day on which the person acts; whoever was recorded today acts until its end."""
        return max(self.cleaned_data["since"] - timedelta(days=1), self.acts_from)
