"""The forms of the booking panel ask who applies, what for, and exactly the papers that may be asked (R3–R7)."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from back_office.forms.seen_before import words_of
from patients import numbers
from patients.choices import BIRTH_CERTIFICATES, IDENTITY_DOCUMENTS, DocumentKind, SeenAs
from patients.data import Seen
from patients.demandable import Demandable
from patients.models import IdentityDocument
from scheduling import reminders
from scheduling.choices import AppointmentStatus, CancelReason
from scheduling.reminders import REMIND

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Before = Callable[[], IdentityDocument | None]
    Choices = Sequence[tuple[str, str | _StrPromise]]

KINDS = {Demandable.IDENTITY: IDENTITY_DOCUMENTS, Demandable.BIRTH_CERTIFICATE: BIRTH_CERTIFICATES}
LONGEST_NUMBER = 200
SELF, OTHER_ADULT, NEW = "self", "other", "new"


class VisitForm(forms.Form):
    """The form asks for the service and who applies: `applicant` is `self`, `other`, `new` or a representative's id."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    patient = forms.UUIDField(widget=forms.HiddenInput)
    applicant = forms.ChoiceField(label=_("Who applies"), widget=forms.RadioSelect)
    service = forms.ChoiceField(label=_("Service"))
    visit = forms.ChoiceField(label=_("First or follow-up"), required=False)
    remind = forms.BooleanField(label=REMIND, required=False)

    def __init__(
        self,
        *args: Any,
        applicants: "Choices",
        services: "Choices",
        visits: "Callable[[], Choices]",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["applicant"]).choices = applicants
        cast(forms.ChoiceField, self.fields["service"]).choices = services
        cast(forms.ChoiceField, self.fields["visit"]).choices = visits
        if not reminders.offered():
            del self.fields["remind"]


class PaperForm(forms.Form):
    """The form says of one document whether it was seen, of which kind and in which form; the number is optional.

    A number that cannot be read is kept as it was typed and is told about in `unread`: nothing waits for it (R7). Of a
    document that was seen `before` the kind and form are filled in; that it was seen now, the registrar says.
    """

    seen = forms.BooleanField(label=_("seen"), required=False)
    kind = forms.ChoiceField(label=_("Which document"), required=False)
    seen_as = forms.ChoiceField(
        label=_("What was shown"),
        choices=SeenAs,
        initial=SeenAs.ORIGINAL,
        widget=forms.RadioSelect,
        required=False,
    )
    number = forms.CharField(
        label=_("Series and number"),
        validators=[MaxLengthValidator(LONGEST_NUMBER)],
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, document: Demandable, before: "Before" = lambda: None, **kwargs: Any) -> None:
        """Takes the options of a form; `before` reads the document seen the last time, once the form is shown."""
        super().__init__(*args, **kwargs)
        self.document, self._before = document, before
        self.unread = ""
        self.fields["seen"].label = document.label
        self.fields["seen"].help_text = document.reason
        if document in KINDS:
            cast(forms.ChoiceField, self.fields["kind"]).choices = [
                (kind.value, kind.label) for kind in KINDS[document]
            ]
            self.fields["number"].help_text = lazy(self._help, str)()
            self.initial.setdefault("kind", lambda: (known := before()) and known.kind)
            self.initial.setdefault("seen_as", lambda: known.seen_as if (known := before()) else SeenAs.ORIGINAL)
        else:
            del self.fields["kind"], self.fields["number"]

    @property
    def seen_before(self) -> str:
        """Returns when the document was seen the last time; empty for one that never was."""
        known = self._before()
        return words_of(known) if known else ""

    def clean(self) -> None:
        super().clean()
        kind, number = self.cleaned_data.get("kind"), self.cleaned_data.get("number")
        if kind and number:
            self.cleaned_data["number"], usual = numbers.as_typed(DocumentKind(kind), number)
            self.unread = _unusual(usual) if usual else ""

    def _help(self) -> str:
        return self.unread or gettext(
            "Only to find the record by the document later; the patient may keep it to themselves."
        )

    def as_seen(self) -> Seen | None:
        if not self.cleaned_data["seen"]:
            return None
        kind = self.cleaned_data.get("kind") or (KINDS.get(self.document) or [None])[0]
        return Seen(
            document=self.document,
            kind=DocumentKind(kind) if kind else None,
            seen_as=SeenAs(self.cleaned_data.get("seen_as") or SeenAs.ORIGINAL),
            number=self.cleaned_data.get("number", ""),
        )


def _unusual(usual: str) -> str:
    """Says beside the field, and after the press on the next page, that a number looks unusual."""
    return gettext("This number looks unusual and is kept as it was typed. The usual form: %(usual)s") % {
        "usual": usual
    }


class CancelForm(forms.Form):
    """The form of a cancellation chooses no reason beforehand: whoever cancels says why (K25)."""

    reason = forms.ChoiceField(label=_("Why"), choices=[("", _("Choose…")), *CancelReason.choices])
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class MistakeForm(forms.Form):
    note = forms.CharField(label=_("What is wrong with it"), max_length=200)


class BackForm(forms.Form):
    status = forms.TypedChoiceField(choices=AppointmentStatus, coerce=AppointmentStatus, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why"), max_length=200)


class OverbookForm(forms.Form):
    reason = forms.CharField(label=_("Why over a busy time"), max_length=200)
