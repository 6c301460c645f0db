"""These forms ask of who comes the least that domain §3.3 (cases B and F) lets a site ask."""

from datetime import date
from typing import TYPE_CHECKING

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.organization.card import clinic
from foundation.text.date_fields import BirthDateField
from foundation.text.name_fields import NameField, NamesForm, PatronymicField
from foundation.text.phones import PhoneField
from patients.ages import is_minor
from patients.choices import Relation
from patients.data import PersonData, RepresentativeData
from patients.errors import NotForAdult

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


PHONE_MESSAGES = {
    "required": _("Write the phone number."),
    "invalid": _("Write the whole number, for example +7 921 000-11-22."),
}


class Who:
    SELF = "self"
    CHILD = "child"


def name_field(
    label: "str | _StrPromise", autocomplete: str, *, missing: "str | _StrPromise", required: bool = True
) -> NameField:
    return NameField(
        label=label, required=required, error_messages={"required": missing}, widget=_name_input(autocomplete)
    )


def _name_input(autocomplete: str) -> forms.TextInput:
    return forms.TextInput({"autocomplete": autocomplete, "autocapitalize": "words", "spellcheck": "false"})


class PersonForm(NamesForm):
    """The form asks for the patient, and for a child also the representative; ages count on `visit_day`."""

    who = forms.ChoiceField(
        label=_("Who will come?"),
        choices=[(Who.SELF, _("I will")), (Who.CHILD, _("My child or ward under 18"))],
        widget=forms.RadioSelect,
        initial=Who.SELF,
    )
    last_name = name_field(_("Surname"), "family-name", missing=_("Write the surname."))
    first_name = name_field(_("First name"), "given-name", missing=_("Write the first name."))
    patronymic = PatronymicField(label=_("Patronymic"), widget=_name_input("additional-name"))
    birth_date = BirthDateField(
        label=_("Birth date"),
        help_text=_("For example, 07.03.1985"),
        error_messages={
            "required": _("Write the birth date."),
            "invalid": _("Write the birth date as day.month.year, for example 07.03.1985."),
        },
        widget=forms.DateInput({"inputmode": "numeric", "autocomplete": "bday"}, "%d.%m.%Y"),
    )
    relation = forms.ChoiceField(
        label=_("Who are you to the child?"),
        choices=[("", "—"), *Relation.choices],
        required=False,
        error_messages={"required": _("Choose who you are to the child.")},
    )
    representative_last_name = name_field(
        _("Your surname"), "section-you family-name", missing=_("Write your surname."), required=False
    )
    representative_first_name = name_field(
        _("Your first name"), "section-you given-name", missing=_("Write your first name."), required=False
    )
    representative_patronymic = PatronymicField(
        label=_("Your patronymic"), widget=_name_input("section-you additional-name")
    )
    phone = PhoneField(
        label=_("Phone"),
        error_messages=PHONE_MESSAGES,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    consent = forms.BooleanField(
        label=_("I consent to the processing of personal data"),
        error_messages={"required": _("Without the consent we cannot book on the site. You can book by phone.")},
    )

    PATIENT = ("last_name", "first_name", "patronymic", "birth_date")
    REPRESENTATIVE = (
        "relation",
        "representative_last_name",
        "representative_first_name",
        "representative_patronymic",
    )
    NEEDED_FOR_CHILD = REPRESENTATIVE[:3]

    @property
    def visit_day(self) -> date:
        return timezone.localdate()

    def add_age_error(self, error: Exception) -> None:
        """Tells the sentence of the rule and where to turn instead."""
        why = _("%(why)s Our phone: %(phone)s") % {"why": error, "phone": clinic()["phone"]}
        self.add_error("birth_date", why)

    def patient_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.PATIENT]

    def representative_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.REPRESENTATIVE]

    def named(self) -> tuple[str, ...]:
        return ("", "representative_") if self.cleaned_data.get("who") == Who.CHILD else ("",)

    def clean(self) -> None:
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("who") == Who.CHILD:
            for name in self.NEEDED_FOR_CHILD:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
            if "birth_date" in cleaned and not is_minor(cleaned["birth_date"], self.visit_day):
                self.add_error("birth_date", str(NotForAdult()))

    def person(self) -> PersonData:
        return PersonData(**{name: self.cleaned_data[name] for name in (*self.PATIENT, "phone")})

    def representative(self) -> RepresentativeData | None:
        if self.cleaned_data["who"] != Who.CHILD:
            return None
        return RepresentativeData(
            relation=Relation(self.cleaned_data["relation"]),
            last_name=self.cleaned_data["representative_last_name"],
            first_name=self.cleaned_data["representative_first_name"],
            patronymic=self.cleaned_data["representative_patronymic"],
        )
