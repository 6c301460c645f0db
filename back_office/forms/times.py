from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import Http404, QueryDict

from scheduling.models import Service


class ChosenTimeForm(forms.Form):
    slot = forms.UUIDField()
    service = forms.ModelChoiceField(Service.objects.all())


@dataclass(frozen=True, slots=True)
class ChosenTime:
    """The pressed «Записать» names a start and a service."""

    slot: UUID
    service: Service

    @classmethod
    def of(cls, sent: QueryDict) -> "ChosenTime":
        """Reads the pressed button; a form that is not one of ours is 404."""
        form = ChosenTimeForm(sent)
        if not form.is_valid():
            raise Http404
        return cls(form.cleaned_data["slot"], form.cleaned_data["service"])
