"""The list of what a new clinic needs: each line is true by the database and leads to the page where it is done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from foundation.organization import card
from scheduling.queries import setup
from scheduling.queries.setup import Recorded

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

HIDDEN = "setup_hidden"
"""The cookie of whoever does not want to begin with this page any more."""


@dataclass(frozen=True, slots=True)
class Line:
    done: bool
    label: str
    said: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the reference data and how much is recorded there."""

    label: "_StrPromise"
    url: str
    number: int


@dataclass(frozen=True, slots=True)
class SetupPage:
    lines: Sequence[Line]
    places: Sequence[Place]
    hidden: bool
    left: int
    next: Line | None
    """The first thing to do that has a page of its own."""

    @classmethod
    def of(cls, *, hidden: bool = False) -> "SetupPage":
        recorded = setup.recorded()
        lines = list(_lines(recorded))
        to_do = [line for line in lines if not line.done]
        first = next((line for line in to_do if line.url), None)
        return cls(lines, _places(recorded), hidden, len(to_do), first)


def is_left(*, hidden: bool) -> bool:
    """Tells whether a head begins with this page; the demo is set up already."""
    return not hidden and not settings.DEMO and bool(SetupPage.of().left)


def _lines(found: Recorded) -> Iterator[Line]:
    yield _of_clinic()
    yield _counted(found.locations, _("Location"), "location")
    yield _counted(found.rooms, _("Rooms"), "room")
    yield _counted(found.specialties, _("Specialties"), "specialty")
    said = _("without a price: %(number)s") % {"number": found.unpriced} if found.unpriced else ""
    yield _counted(found.services, _("Services with prices"), "service", said)
    said = _("without any service: %(number)s") % {"number": found.idle} if found.idle else ""
    yield _counted(found.doctors, _("Doctors with their services"), "doctor", said)
    alone = found.people < 2
    yield Line(not alone, _("People of the staff"), _number(found.people), reverse("office:people"))
    schedule = reverse("office:schedule")
    yield Line(bool(found.hours), _("Weekly hours of the doctors"), _number(found.hours), schedule)
    said = _("there are times to book") if found.free else _("no shift ahead is published")
    yield Line(found.free, _("Published schedule"), said, schedule)
    routes = ", ".join(settings.MESSAGE_ROUTES["sms"])
    yield Line(bool(routes), _("A way for messages"), routes or _("set SMS_ROUTES in the settings and start anew"))


def _of_clinic() -> Line:
    said = set(settings.CLINIC_NAMES) <= set(settings.CLINIC_NAMED) or card.is_written() or settings.DEMO
    us, url = card.clinic(), reverse("office:organization")
    told = f"{us['name']}, {us['phone']}, {us['address']}" if said else _number(0)
    return Line(said, _("Name, phone and address of the clinic"), told, url)


def _counted(number: int, label: str, code: str, missing: str = "") -> Line:
    page = "list" if number else "add"
    return Line(number > 0 and not missing, label, missing or _number(number), reverse(f"office:{code}_{page}"))


def _number(number: int) -> str:
    return _("recorded: %(number)s") % {"number": number} if number else _("nothing recorded yet")


def _places(found: Recorded) -> list[Place]:
    pages = (
        (_later("The clinic"), "organization", 1),
        (_later("Locations"), "location_list", found.locations),
        (_later("Rooms"), "room_list", found.rooms),
        (_later("Specialties"), "specialty_list", found.specialties),
        (_later("Services and prices"), "service_list", found.services),
        (_later("Doctors"), "doctor_list", found.doctors),
        (_later("Staff"), "people", found.people),
    )
    return [Place(label, reverse(f"office:{name}"), number) for label, name, number in pages]
