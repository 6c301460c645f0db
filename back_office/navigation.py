"""The menu lists where each role may go, in this order; a role starts on its first page."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actors import staff
from foundation.accounts.choices import Permission, Role
from foundation.accounts.models import User
from worklist import queries as worklist

PAGES = (
    ("office:calls", _("Calls"), Permission.BOOK),
    ("office:day", _("Day"), Permission.SEE_DAY),
    ("office:my_day", _("My day"), Permission.CONDUCT_VISITS),
    ("office:schedule", _("Schedule"), Permission.KEEP_SCHEDULE),
    ("office:patients", _("Patients"), Permission.SEE_PATIENTS),
    ("office:caller", _("Incoming call"), Permission.WORK_WAITLIST),
    ("office:waitlist", _("Waitlist"), Permission.SEE_WAITLIST),
    ("office:emergencies", _("Emergencies"), Permission.EMERGENCY),
    ("office:outbox", _("Messages"), Permission.SEE_OUTBOX),
    ("office:setup", _("Reference data"), Permission.ADMINISTER),
    ("office:team", _("Team"), Permission.LEAD_TEAM),
    ("office:figures_first", _("Figures"), Permission.SEE_FIGURES),
    ("office:audit", _("Journal"), Permission.SEE_AUDIT),
)
START = {Role.REGISTRAR: "office:day", Role.SCHEDULE_ADMIN: "office:schedule", Role.HEAD: "office:day"}
CALLS = "office:calls"
"""The page of the menu beside which stands how many people are to be called now."""


@dataclass(frozen=True, slots=True)
class NavItem:
    url: str
    label: str
    active: bool
    waiting: int | None
    """The number of calls that are due; None on a page without calls."""


def office_nav(request: HttpRequest) -> list[NavItem]:
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not request.path.startswith("/office/"):
        return []
    return [
        NavItem(
            url=(url := reverse(name)),
            label=str(label),
            active=request.path.startswith(url),
            waiting=worklist.due_for(staff(user)) if name == CALLS else None,
        )
        for name, label, permission in PAGES
        if user.may(permission)
    ]


def first_page(user: User) -> str:
    if start := START.get(Role(user.role)):
        return start
    return next(name for name, _label, permission in PAGES if user.may(permission))
