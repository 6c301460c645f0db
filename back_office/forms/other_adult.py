"""An adult who applies for another adult says who they are; papers are shown of their own accord (R7, R8)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.text.name_fields import NameField
from patients.choices import OfferedPaper
from patients.data import OtherAdult


class OtherAdultForm(forms.Form):
    """The form asks for the name alone; as whom they come and a paper are written down when they are told."""

    name = NameField(
        label=_("Who applies: name in full"),
        longest=180,
        error_messages={"required": _("Write down who applies for the patient.")},
    )
    acts_as = forms.CharField(label=_("As whom"), max_length=60, required=False, help_text=_("a daughter, a neighbour"))
    paper = forms.ChoiceField(
        label=_("Paper they showed by themselves"),
        choices=[("", _("none")), *OfferedPaper.choices],
        required=False,
        help_text=_("None may be demanded of them."),
    )

    def other_adult(self) -> OtherAdult:
        paper = self.cleaned_data["paper"]
        return OtherAdult(
            name=self.cleaned_data["name"],
            acts_as=self.cleaned_data["acts_as"].strip(),
            paper=OfferedPaper(paper) if paper else None,
        )
