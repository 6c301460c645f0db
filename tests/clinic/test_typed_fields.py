"""What people type is read in one way at every door: the fields of all forms are walked."""

import importlib
import pkgutil

from django import forms

import back_office
import booking_site
from foundation.text.date_fields import BirthDateField, TypedDateField
from foundation.text.name_fields import NameField, NamesForm, PatronymicField
from foundation.text.phones import PhoneField, PhonePartField

DOORS = (back_office, booking_site)


def forms_of_the_doors() -> list[type[forms.BaseForm]]:
    """Returns the forms of our own pages: in the stock admin a name is its column's own field."""
    for door in DOORS:
        for module in pkgutil.walk_packages(door.__path__, f"{door.__name__}."):
            importlib.import_module(module.name)
    names = tuple(f"{door.__name__}." for door in DOORS)
    own = (form for form in _below(forms.BaseForm) if form.__module__.startswith(names))
    return [form for form in own if not form.__module__.startswith("back_office.admin.")]


def _below(form: type) -> set[type]:
    return {each for child in form.__subclasses__() for each in ({child} | _below(child))}


def fields(wanted) -> dict[str, forms.Field]:
    return {
        f"{form.__name__}.{name}": field
        for form in forms_of_the_doors()
        for name, field in form.base_fields.items()
        if wanted(name, field)
    }


def test_the_walk_finds_the_forms_of_both_doors():
    found = {form.__name__ for form in forms_of_the_doors()}
    assert found >= {"PersonForm", "RepresentativeForm", "DetailsForm", "RequestForm", "ShortPersonForm", "SampleForm"}


def test_every_phone_has_the_one_parser():
    phones = fields(lambda name, field: "phone" in name or field.widget.attrs.get("inputmode") == "tel")
    others = {name: type(field) for name, field in phones.items() if not isinstance(field, PhoneField | PhonePartField)}
    assert (others, len(phones) > 5) == ({}, True)


def test_only_the_site_that_sends_a_code_asks_for_a_mobile_number():
    asking = fields(lambda name, field: isinstance(field, PhoneField) and field.gets_code)
    assert sorted(asking) == ["DetailsForm.phone", "PhoneToProveForm.phone"]


def test_every_date_has_the_one_parser():
    dates = fields(lambda name, field: isinstance(field, forms.DateField) or name.endswith(("date", "_day", "_on")))
    others = {name: type(field) for name, field in dates.items() if not isinstance(field, TypedDateField)}
    assert (others, len(dates) > 10) == ({}, True)


def test_a_birth_date_is_in_the_past():
    born = fields(lambda name, field: "birth" in name)
    assert {name: type(field) for name, field in born.items() if type(field) is not BirthDateField} == {}


def test_no_field_of_a_phone_or_a_date_is_cut_by_the_browser():
    kinds = (PhoneField, PhonePartField, TypedDateField)
    cut = fields(lambda name, field: isinstance(field, kinds) and "maxlength" in field.widget.attrs)
    assert cut == {}


def test_every_name_is_kept_as_it_was_typed():
    names = fields(lambda name, field: name.endswith(("last_name", "first_name", "patronymic", "principal_name")))
    others = {name: type(field) for name, field in names.items() if not isinstance(field, NameField)}
    assert (others, len(names) >= 15) == ({}, True)
    patronymics = {name: type(field) for name, field in names.items() if name.endswith("patronymic")}
    assert set(patronymics.values()) == {PatronymicField}


def test_every_form_with_a_surname_asks_about_a_whole_name():
    asked = {form for form in forms_of_the_doors() if any(name.endswith("last_name") for name in form.base_fields)}
    assert {form for form in asked if not issubclass(form, NamesForm)} == set()
