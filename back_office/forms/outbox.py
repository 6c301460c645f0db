from django import forms
from django.utils.translation import gettext_lazy as _


class PhoneSearchForm(forms.Form):
    """Any part of a phone. `.digits` is that part as numbers are stored: «8 921 …» is +7921…"""

    phone = forms.CharField(
        label=_("Phone, any part of it"),
        required=False,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off", "maxlength": 40, "data-key": "F2"}),
    )

    @property
    def digits(self) -> str:
        text = self.cleaned_data["phone"][:40] if self.is_valid() else ""
        digits = "".join(char for char in text if char.isascii() and char.isdigit())
        return digits[1:] if len(digits) == 11 and digits[0] in "78" else digits
