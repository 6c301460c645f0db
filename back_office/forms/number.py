"""A number to phone is asked for where nobody of the family has one."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from foundation.text import phones
from foundation.text.phones import PhoneField


class NumberForm(forms.Form):
    """The form asks for the number of the patient, or of who acts for a child."""

    prefix = "reach"
    phone = PhoneField(
        label=_("Phone to call"),
        help_text=_("No number is recorded yet; this one is kept in the record."),
        error_messages={"required": _("Nobody could be called: type a number.")},
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off", "hx-preserve": "true"}),
    )


def number_form(known: str, sent: QueryDict | None = None, *, calling: str = "") -> NumberForm | None:
    """Returns the form where no number is known; a number that calls now is filled in."""
    if known:
        return None
    return NumberForm(sent or None, initial={"phone": phones.shown(calling)})


def number_kept(known: str, sent: QueryDict, *, calling: str = "") -> NumberForm | None:
    """Returns the form with the number that was sent, if one was: a page shown again loses nothing typed."""
    return number_form(known, sent if f"{NumberForm.prefix}-phone" in sent else None, calling=calling)
