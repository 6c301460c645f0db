"""Names the pages of the office, for whoever reads in the audit which one was opened or refused."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from back_office.navigation import PAGES

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

NAMES: "Mapping[str, _StrPromise]" = {name: label for name, label, _permission in PAGES} | {
    "office:appointment": _("Appointment"),
    "office:audit": _("Journal"),
    "office:book": _("Booking"),
    "office:call": _("Call"),
    "office:check_in": _("Check-in"),
    "office:emergency": _("Emergency"),
    "office:find_time": _("Find a time"),
    "office:my_visit": _("Visit"),
    "office:paper": _("Lists of the day"),
    "office:patient": _("Patient’s record"),
    "office:patient_edit": _("Correct the record"),
    "office:people": _("Staff"),
    "office:person": _("Staff"),
    "office:ticket": _("Ticket"),
}


def name_of(page: str) -> str:
    return str(NAMES.get(page, page))
