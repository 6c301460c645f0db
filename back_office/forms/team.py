from django import forms
from django.utils.translation import gettext_lazy as _


class TakeCallForm(forms.Form):
    """A call is taken from somebody only with a reason, which they read on their page."""

    reason = forms.CharField(
        label=_("Why you take this call"),
        max_length=200,
        help_text=_("Whoever has the call reads it on their page."),
        error_messages={"required": _("Say why you take this call: whoever has it reads that.")},
    )
