"""The menu lists where each role may go, in this order; a role starts on its first page."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.choices import Permission, Role
from foundation.accounts.models import User

PAGES = (
    ("office:calls", _("Calls"), Permission.WORK_WAITLIST),
    ("office:day", _("Day"), Permission.SEE_DAY),
    ("office:my_day", _("My day"), Permission.CONDUCT_VISITS),
    ("office:schedule", _("Schedule"), Permission.KEEP_SCHEDULE),
    ("office:patients", _("Patients"), Permission.SEE_PATIENTS),
    ("office:caller", _("Incoming call"), Permission.WORK_WAITLIST),
    ("office:waitlist", _("Waitlist"), Permission.SEE_WAITLIST),
    ("office:emergencies", _("Emergencies"), Permission.EMERGENCY),
    ("office:outbox", _("Messages"), Permission.SEE_OUTBOX),
    ("admin:index", _("Reference data"), Permission.ADMINISTER),
)
START = {Role.SCHEDULE_ADMIN: "office:schedule", Role.HEAD: "office:day"}


@dataclass(frozen=True, slots=True)
class NavItem:
    url: str
    label: str
    active: bool


def office_nav(request: HttpRequest) -> list[NavItem]:
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not request.path.startswith("/office/"):
        return []
    return [
        NavItem(url=(url := reverse(name)), label=str(label), active=request.path.startswith(url))
        for name, label, permission in PAGES
        if user.may(permission)
    ]


def first_page(user: User) -> str:
    if start := START.get(Role(user.role)):
        return start
    return next(name for name, _label, permission in PAGES if user.may(permission))
