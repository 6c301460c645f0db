from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.text.phones import PhonePartField


class PhoneSearchForm(forms.Form):
    """The form takes any part of a phone; `.digits` is that part as numbers are stored: «8 921 …» is «+7921…»."""

    phone = PhonePartField(
        label=_("Phone, any part of it"),
        required=False,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off", "data-key": "F2"}),
    )

    @property
    def digits(self) -> str:
        return str(self.cleaned_data["phone"])[:40] if self.is_valid() else ""
