"""The menu lists where each role may go, in this order; a role starts on its first page."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.choices import Permission, Role
from foundation.accounts.models import User
from worklist import queries as worklist
from worklist.choices import ABOUT_VISITS, CLAIMED_WITH, TaskKind

PAGES = (
    ("office:calls", _("Calls"), Permission.WORK_WAITLIST),
    ("office:day", _("Day"), Permission.SEE_DAY),
    ("office:rebooking", _("Re-booking"), Permission.BOOK),
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
START = {Role.SCHEDULE_ADMIN: "office:schedule", Role.HEAD: "office:day"}
WAITS = {"office:calls": (TaskKind.FREED_TIME,), "office:rebooking": ABOUT_VISITS}
"""The pages of the menu beside which stands how many people are to be called now."""


@dataclass(frozen=True, slots=True)
class NavItem:
    url: str
    label: str
    active: bool
    counted: str
    """The last part of the page's name where calls are counted: a list that renews itself puts its number there."""
    waiting: int
    """The number of calls that are due on this page; 0 on one without calls."""


def office_nav(request: HttpRequest) -> list[NavItem]:
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not request.path.startswith("/office/"):
        return []
    waiting = _waiting(user)
    return [
        NavItem(
            url=(url := reverse(name)),
            label=str(label),
            active=request.path.startswith(url),
            counted=name.partition(":")[2] if name in WAITS else "",
            waiting=sum(waiting.get(kind, 0) for kind in WAITS.get(name, ())),
        )
        for name, label, permission in PAGES
        if user.may(permission)
    ]


def first_page(user: User) -> str:
    if start := START.get(Role(user.role)):
        return start
    return next(name for name, _label, permission in PAGES if user.may(permission))


def _waiting(user: User) -> dict[str, int]:
    kinds = [kind for kinds in WAITS.values() for kind in kinds if user.may(CLAIMED_WITH[kind])]
    return worklist.due_counts(kinds=kinds) if kinds else {}
