"""One page shows every component in every state, to look at and to check for accessibility."""

from datetime import timedelta

from django import forms
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from back_office.presenters.statuses import STATUSES
from back_office.presenters.styleguide import StyleguidePage
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from foundation.accounts.choices import Permission
from foundation.text.date_fields import BirthDateField
from foundation.text.name_fields import NameField
from foundation.text.phones import PhoneField


class SampleForm(forms.Form):
    surname = NameField(label=_("Surname"), help_text=_("As in the passport"))
    phone = PhoneField(label=_("Phone"))
    birth_date = BirthDateField(label=_("Birth date"))
    sex = forms.ChoiceField(
        label=_("Sex"), choices=[("f", _("female")), ("m", _("male"))], widget=forms.RadioSelect, initial="f"
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea({"rows": 2}), required=False)
    consent = forms.BooleanField(label=_("I agree to the processing of my personal data"))

    def clean(self) -> None:
        raise forms.ValidationError(_("This time has just been taken. Choose another one."))


@require_safe
@staff_view(Permission.OFFICE)
def styleguide(request: StaffRequest) -> Answer:
    wrong = SampleForm({"surname": "", "phone": "317-78-21", "birth_date": "31.02.2020", "sex": ""}, prefix="wrong")
    content = StyleguidePage(
        form=SampleForm(prefix="right"),
        wrong_form=wrong,
        statuses=list(STATUSES.values()),
        page_obj=Paginator(range(60), 20).get_page(2),
        held_until=timezone.now() + timedelta(minutes=6, seconds=12),
    )
    return Page("back_office/styleguide.html", content, shows=())
