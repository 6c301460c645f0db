from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from scheduling.models import Specialty
from waitlist.choices import OPEN
from waitlist.models import WaitlistEntry


class WaitlistFilterForm(forms.Form):
    """The form narrows the list: a state that nobody waits in narrows nothing, a wrong specialty finds nobody."""

    specialty = forms.ModelChoiceField(
        Specialty.objects.all(), label=_("Specialty"), required=False, empty_label=_("all")
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), *((state.value, state.label) for state in OPEN)]
    )

    def narrowed(self, found: QuerySet[WaitlistEntry]) -> QuerySet[WaitlistEntry]:
        self.is_valid()
        if "specialty" in self.errors:
            raise Http404
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return found.filter(**chosen)
