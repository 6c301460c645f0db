from django import forms
from django.utils.translation import gettext_lazy as _

from booking_site.forms.person import PHONE_MESSAGES
from foundation.text.phones import PhoneField


class PhoneToProveForm(forms.Form):
    phone = PhoneField(
        label=_("Mobile phone"),
        gets_code=True,
        error_messages=PHONE_MESSAGES,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
