from functools import partial

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from back_office.navigation import office_nav
from back_office.presenters.alarm import AlarmPart
from foundation.accounts.queries import staff
from foundation.organization import card
from scheduling import reminders


def clinic(request: HttpRequest) -> dict[str, object]:
    """Returns what every page says about the clinic (R2) and, in the office, the pages this person may open.

    `nobody_yet` and the menu, which counts what waits, ask the database where a template uses them: the sign-in page
    and whole pages do.
    """
    shown = {
        "clinic": card.clinic(),
        "demo": settings.DEMO,
        "exchange_on": bool(settings.EXCHANGE_SECRET),
        "office_nav": SimpleLazyObject(partial(office_nav, request)),
        "emergency_alarm": AlarmPart.of,
        "reminders_offered": reminders.offered,
    }
    return shown | {"nobody_yet": staff.nobody_yet}
