"""The menu lists where each role may go, in this order; a role starts on its first page."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Model, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actors import Actor, staff
from foundation.accounts.choices import Permission, Role
from foundation.accounts.models import User
from waitlist.queries import requests
from worklist import queries as worklist

if TYPE_CHECKING:
    from django.db.models import QuerySet

PAGES = (
    ("office:calls", _("Calls"), Permission.BOOK),
    ("office:day", _("Day"), Permission.SEE_DAY),
    ("office:my_day", _("My day"), Permission.CONDUCT_VISITS),
    ("office:schedule", _("Schedule"), Permission.KEEP_SCHEDULE),
    ("office:patients", _("Patients"), Permission.SEE_PATIENTS),
    ("office:caller", _("Incoming call"), Permission.WORK_WAITLIST),
    ("office:requests", _("Requests"), Permission.WORK_WAITLIST),
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
REQUESTS = "office:requests"
"""That beside which stands how many requests of a proved number wait to be looked at (W23)."""


@dataclass(frozen=True, slots=True)
class NavItem:
    url: str
    label: str
    active: bool
    waiting: int | None
    """The number of what is due there; None on a page where nothing waits."""
    counts_calls: bool
    """The number is that of the calls, which the title of every page repeats."""


def office_nav(request: HttpRequest) -> list[NavItem]:
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not request.path.startswith("/office/"):
        return []
    waiting = _counted(staff(user))
    return [
        NavItem(
            url=(url := reverse(name)),
            label=str(label),
            active=request.path.startswith(url),
            waiting=waiting.get(name, 0) if name in (CALLS, REQUESTS) else None,
            counts_calls=name == CALLS,
        )
        for name, label, permission in PAGES
        if user.may(permission)
    ]


def _counted(by: Actor) -> dict[str, int]:
    """Counts what waits for this person on the pages of the menu, in one statement; a page without any is left out."""
    if not by.may(Permission.BOOK):
        return {}
    pages = [_number(worklist.due(kinds=worklist.kinds_for(by)), page=CALLS)]
    if by.may(Permission.WORK_WAITLIST):
        pages.append(_number(requests.proved_to_enter(), page=REQUESTS))
    return dict(pages[0].union(*pages[1:], all=True))


def _number(rows: "QuerySet[Model]", *, page: str) -> "QuerySet[Model, tuple[str, int]]":
    return rows.order_by().values_list(Value(page)).annotate(number=Count("pk"))


def first_page(user: User) -> str:
    if start := START.get(Role(user.role)):
        return start
    return next(name for name, _label, permission in PAGES if user.may(permission))
