"""The forms of the stock admin carry versions too; Django's own transaction around the page holds the lock."""

from http import HTTPStatus
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.forms.models import model_to_dict
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.template.response import TemplateResponse

from back_office.forms.versions import EditForm
from foundation.accounts.actors import staff
from foundation.accounts.models import User
from foundation.audit import trail
from foundation.changes import NOTHING, Edited, digest
from foundation.drafts import attempts
from foundation.drafts.errors import NotSent
from foundation.versions import load


class VersionedForm(EditForm, forms.ModelForm):
    """A form of a row with all its fields; a conflict stands beside its field with the buttons to choose."""

    def __init__(self, *args: Any, **options: Any) -> None:  # as Django's admin calls it
        row = options.get("instance")
        super().__init__(*args, recorded=self._columns(row) if row and row.pk else None, **options)
        self.edited: Edited = {}

    def clean(self) -> dict[str, Any] | None:  # the type of Django's form
        cleaned = super().clean()
        if "version" in self.fields:
            self._merge()
        return cleaned

    def _post_clean(self) -> None:
        """Django's hook after all other checks: a form that is only looked at saves nothing."""
        cast(Any, super())._post_clean()  # unknown to the stubs
        if attempts.is_look() and not self.errors:
            self.add_error(None, str(NotSent()))

    def _columns(self, row: Model) -> dict[str, object]:
        names = [name for name, field in self.base_fields.items() if not field.disabled]
        return model_to_dict(row, names)

    def _merge(self) -> None:
        """Compares what was opened, typed and recorded; the row is read again under its lock and then saved whole."""
        rows = type(self.instance)._default_manager.select_for_update(no_key=True)
        self.instance.refresh_from_db(from_queryset=rows)
        self.recorded = self._columns(self.instance)
        seen = load(self.cleaned_data["version"])
        for name in [name for name in self.recorded if name in self.cleaned_data]:
            self._merge_field(name, seen.get(name, NOTHING))
        for name in [name for name, field in self.fields.items() if field.disabled]:
            self.cleaned_data[name] = getattr(self.instance, name)

    def _merge_field(self, name: str, seen: str) -> None:
        mine, theirs = self.cleaned_data[name], self.recorded[name]
        if digest(mine) == digest(theirs):
            return
        if digest(mine) == seen:
            many = isinstance(theirs, list)
            self.cleaned_data[name] = theirs if many else getattr(self.instance, name)
        elif digest(theirs) == seen:
            self.edited[name] = (theirs, list(mine) if isinstance(theirs, list) else mine)
        else:
            self._show(name)

    def _show(self, name: str) -> None:
        self.initial[name] = self.recorded[name]
        conflict = self._conflict(name)
        self.conflicts.append(conflict)
        buttons = render_to_string("components/_conflict_in_admin.html", {"field": self[name], "conflict": conflict})
        self.add_error(name, buttons)


class VersionedAdmin(admin.ModelAdmin):
    """The base of every admin of ours: two people lose nothing, and the audit keeps what stood there.

    Rows are removed one by one, so that each has its row in the audit.
    """

    form = VersionedForm
    actions = None

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # the types of Django's admin
        return [name for name in super().get_fields(request, obj) if obj or name != "version"]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        # the arguments of Django's admin go through as they are
        page = cast(TemplateResponse, super().render_change_form(request, context, *args, **kwargs))
        if not getattr(context["adminform"].form, "conflicts", ()):
            return page
        return TemplateResponse(request, page.template_name, page.context_data, status=HTTPStatus.CONFLICT)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if isinstance(form, VersionedForm) and form.edited:
            _record(request, form.instance, "changed", form.edited)
        if not change:
            given: Edited = {
                name: (None, value) for name, value in form.cleaned_data.items() if value not in (None, "")
            }
            _record(request, form.instance, "added", given)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        _record(request, obj, "removed", {"name": (str(obj), None)})
        super().delete_model(request, obj)


def _record(request: HttpRequest, row: Model, done: str, edited: Edited) -> None:
    by = staff(cast(User, request.user), ip=request.META.get("REMOTE_ADDR", ""))
    trail.record_row(by=by, row=row, done=done, edited=edited)
