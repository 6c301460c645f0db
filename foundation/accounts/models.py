from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from foundation.accounts.choices import ROLE_PERMISSIONS, Permission, Role
from foundation.text.names import full_name, name_at_work


class User(AbstractUser):
    """A person who works here and signs in.

    They have one role; what it may do is in `ROLE_PERMISSIONS`. Django's own flags and permissions follow it: whoever
    may administer may do everything in the reference data, and nobody else anything.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    patronymic = models.CharField(_("patronymic"), max_length=60, blank=True)
    must_change_password = models.BooleanField(
        _("chooses a new password at the next sign-in"), default=False, db_default=False, editable=False
    )

    extension = models.CharField(_("telephone extension"), max_length=20, blank=True, db_default="")
    """The number at which a telephone exchange reaches them; whoever calls it is shown on their pages."""

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["extension"],
                condition=~models.Q(extension=""),
                name="user_extension_once",
                violation_error_message=_("Somebody else has this extension. Check the number."),
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_known"),
        ]

    def may(self, permission: Permission) -> bool:
        return self.is_active and permission in ROLE_PERMISSIONS.get(self.role, frozenset())

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.may(Permission.ADMINISTER)

    def has_module_perms(self, app_label: str) -> bool:
        return self.may(Permission.ADMINISTER)

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.is_staff = self.is_superuser = Permission.ADMINISTER in ROLE_PERMISSIONS.get(self.role, frozenset())
        if update_fields is not None and "role" in update_fields:
            update_fields = {*update_fields, "is_staff", "is_superuser"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def get_full_name(self) -> str:
        return full_name(self.last_name, self.first_name, self.patronymic) or self.username

    @property
    def short_name(self) -> str:
        """«Анна К.», as shown in the corner of every office page."""
        return name_at_work(self.last_name, self.first_name) or self.get_full_name()
