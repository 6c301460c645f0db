"""Forms of the reference data: each adds a row, or edits one when it is given what is recorded."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from back_office.forms.versions import EditForm
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.organization import card
from foundation.organization.models import Organization
from foundation.text.name_fields import NameField, NamesForm, PatronymicField
from foundation.text.phones import PhoneField
from scheduling.models import Doctor, Location, Room, Service, Specialty

OLDEST = 150


class ReferenceForm(EditForm, forms.ModelForm):
    """The base of the forms; the checks are the model's own constraints."""

    def values(self) -> Mapping[str, object]:
        """Returns what is typed, by the columns."""
        return {name: self.cleaned_data[name] for name in self.columns()}

    @classmethod
    def columns(cls) -> list[str]:
        return list(cls._meta.fields or ())


class OrganizationForm(ReferenceForm):
    phone = PhoneField(label=_("Phone"), help_text=_("Whom patients phone: 8 (812) 317-78-21."))

    class Meta:
        model = Organization
        fields = card.COLUMNS
        labels = {"name": _("Name of the clinic")}
        help_texts = {
            "name": _("As patients know it; it stands on every page and in messages."),
            "legal_name": _("As in the register of companies: it stands in the consent and below every page."),
            "licence": _("Number, date and who gave it, as the law asks of a clinic's site."),
            "address": _("The main address; a visit tells the address of its own location."),
            "hours": _("When somebody answers the phone: «ежедневно с 9:00 до 21:00»."),
        }


class LocationForm(ReferenceForm):
    class Meta:
        model = Location
        fields = ["name", "address", "short_address", "timezone", "directions"]
        help_texts = {
            "name": _("As the staff call it: «Клиника на Лунной»."),
            "address": _("Patients are told it with each visit: city, street, house."),
            "directions": _("Stop, entrance, floor: it stands on the ticket."),
        }


class RoomForm(ReferenceForm):
    class Meta:
        model = Room
        fields = ["location", "name"]
        help_texts = {"name": _("As it stands on the door: «каб. 5».")}

    def _get_validation_exclusions(self) -> set[str]:
        """Leaves it to the database that a name is there once: the form sent again gets what its first press made."""
        return cast(set[str], cast(Any, super())._get_validation_exclusions()) | {"name"}  # unknown to the stubs


class SpecialtyForm(ReferenceForm):
    class Meta:
        model = Specialty
        fields = ["name", "doctor_title", "about", "order"]
        help_texts = {
            "name": _("The field: «Дерматология»."),
            "doctor_title": _("The person: «дерматолог»."),
            "about": _("One sentence for the site: what people come with."),
            "order": _("Smaller numbers stand first on the site."),
        }


class ServiceForm(ReferenceForm):
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=5,
        max_value=480,
        help_text=_("A visit longer than a time of the schedule takes several times in a row."),
        widget=forms.NumberInput({"step": 5}),
    )
    price = forms.DecimalField(
        label=_("Price, ₽"),
        localize=True,
        min_value=Decimal(0),
        max_digits=9,
        decimal_places=2,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )

    class Meta:
        model = Service
        fields = ["specialty", "name", "kind", "minutes", "price", "on_site", "active", "order"]
        labels = {"on_site": _("Can be booked on the site"), "active": _("Is given now")}
        help_texts = {
            "name": _("As patients see it: «Приём дерматолога»."),
            "active": _("Without it nobody can book the service; the visits booked before are to be phoned about."),
            "order": _("Smaller numbers stand first within the specialty."),
        }


class ServicesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Service) -> str:
        return f"{obj.specialty.name}: {obj.name}"


class LoginOfDoctorField(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return f"{obj.get_full_name()} ({obj.username})"


class DoctorForm(NamesForm, ReferenceForm):
    last_name = NameField(label=_("Surname"))
    first_name = NameField(label=_("Name"))
    patronymic = PatronymicField(label=_("Patronymic"))
    services = ServicesField(
        Service.objects.select_related("specialty").order_by("specialty__order", "order", "name"),
        label=_("Services"),
        help_text=_("Only these can be booked with the doctor."),
        widget=forms.CheckboxSelectMultiple,
    )
    min_age = forms.IntegerField(label=_("Sees from, years"), min_value=0, max_value=OLDEST)
    max_age = forms.IntegerField(label=_("Sees to, years"), min_value=0, max_value=OLDEST)
    user = LoginOfDoctorField(
        User.objects.none(),
        label=_("Login"),
        required=False,
        help_text=_("With it the doctor sees their own day. A login of a doctor is made under «Staff»."),
    )

    class Meta:
        model = Doctor
        fields = [
            *("last_name", "first_name", "patronymic", "specialties", "services", "room", "about"),
            *("min_age", "max_age", "user", "active"),
        ]
        labels = {"active": _("Works here now")}
        help_texts = {
            "room": _("It is proposed when the hours are set."),
            "about": _("Education, experience: it stands on the doctor's page of the site."),
            "active": _("Without it nobody can be booked here; the visits booked before are to be phoned about."),
        }
        widgets = {"specialties": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **options: Any) -> None:  # they go to Django's form as they are
        super().__init__(*args, **options)
        free = Q(role=Role.DOCTOR, doctor=None) | Q(doctor=self.instance)
        logins = User.objects.filter(free).order_by("last_name", "first_name")
        cast(forms.ModelChoiceField, self.fields["user"]).queryset = logins
