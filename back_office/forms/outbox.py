from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.text import phones


class PhoneSearchForm(forms.Form):
    """The form takes any part of a phone; `.digits` is that part as numbers are stored: «8 921 …» is «+7921…»."""

    phone = forms.CharField(
        label=_("Phone, any part of it"),
        required=False,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off", "maxlength": 40, "data-key": "F2"}),
    )

    @property
    def digits(self) -> str:
        return phones.part_of(self.cleaned_data["phone"][:40]) if self.is_valid() else ""
