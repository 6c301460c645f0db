from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _


class CodeField(forms.CharField):
    """The field takes six digits however they are spaced: «123 456», «123-456»."""

    def to_python(self, value: object) -> str:
        return "".join(str(value or "").replace("-", " ").split())


class CodeForm(forms.Form):
    code = CodeField(
        label=_("Code from the message"),
        max_length=12,
        error_messages={"required": _("Enter the code from the message.")},
        validators=[RegexValidator(r"^(\d{4}|\d{6})$", _("The code has six digits, or four after a call."))],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "size": 8}),
    )
