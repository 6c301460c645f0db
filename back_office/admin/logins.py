from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from back_office.admin.versions import VersionedAdmin, VersionedForm
from foundation.accounts.actions import staff
from foundation.accounts.choices import Role
from foundation.accounts.errors import LastHead
from foundation.accounts.models import User


class StaffForm(VersionedForm, UserChangeForm):
    def clean(self) -> None:
        super().clean()
        stays_head = self.cleaned_data.get("role") == Role.HEAD and self.cleaned_data.get("is_active")
        if not stays_head:
            try:
                staff.keep_a_head(without=self.instance)
            except LastHead as error:
                raise ValidationError(str(error)) from error


class StaffPasswordForm(AdminPasswordChangeForm):
    """Leaves out Django's choice of no password at all: there is no other way to sign in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)


@admin.register(User)
class StaffAdmin(VersionedAdmin, UserAdmin):
    """Logins are made and blocked here, and deleted only one by one, so that the last head stays."""

    form = StaffForm
    add_form = UserCreationForm
    change_password_form = StaffPasswordForm
    actions = None
    list_display = ["username", "last_name", "first_name", "role", "is_active"]
    list_filter = ["role", "is_active"]
    search_fields = []  # the search of the admin would write a person's name into the address
    fieldsets = (
        (None, {"fields": ("username", "password", "version")}),
        (_("Person"), {"fields": ("last_name", "first_name", "patronymic", "role")}),
        (_("Access"), {"fields": ("is_active",)}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "password1", "password2")}),
        (_("Person"), {"fields": ("last_name", "first_name", "patronymic", "role")}),
    )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if person := self.get_object(request, object_id):
            try:
                with staff.leaving_a_head(without=person):
                    return super().delete_view(request, object_id, extra_context)
            except LastHead as error:
                messages.error(request, str(error))
                return redirect("admin:accounts_user_change", person.pk)
        return super().delete_view(request, object_id, extra_context)
