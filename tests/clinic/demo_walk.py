"""A walk over the pages of a filled clinic, as one role sees them: from each page along every link that is drawn."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve, reverse

from scheduling.models import Absence, Appointment, Doctor, EmergencyCase, Shift, ShiftRule, Slot
from tests.clinic.urls_walk import pages
from waitlist.models import SlotOffer, WaitlistEntry, WaitlistRequest
from worklist.choices import TaskKind
from worklist.models import Task

ADMIN = "/office/admin/"
"""Its pages are Django's own."""
EACH = 2
"""So many addresses of one kind are asked: of one view with the same names in the query."""
FIELDS = {"text", "search", "tel", "email", "number", "date", "time", "password", "url", "checkbox", "radio"}
"""In these Enter presses the first button of the form."""

VOID = {"br", "hr", "img", "input", "link", "meta", "wbr", "path", "circle", "line", "rect", "polyline", "polygon"}
"""Tags without an end."""


@dataclass
class Form:
    method: str
    action: str
    buttons: list[dict] = field(default_factory=list)
    fields: int = 0
    """In how many of its fields Enter sends the form."""
    hidden: set[str] = field(default_factory=set)


class Seen(HTMLParser):
    """What one page offers: links, forms, and what htmx asks for."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.loose_digits: list[str] = []
        """Buttons that a digit presses although no list has been opened."""
        self.open: Form | None = None
        self.inside: list[bool] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag not in VOID:
            self.inside.append("data-list" in given or bool(self.inside and self.inside[-1]))
        if tag != "a" and given.get("data-key", "").isdigit() and not self.inside[-1]:
            self.loose_digits.append(given["data-key"])
        self.links += [given[name] for name in ("href", "hx-get") if tag != "link" and given.get(name)]
        if tag == "form":
            self.open = Form(given.get("method", "get").lower(), given.get("action") or "")
            self.forms.append(self.open)
        elif self.open and given.get("type") == "hidden":
            self.open.hidden.add(given["name"])
        elif self.open and tag == "input" and given.get("type", "text") in FIELDS:
            self.open.fields += 1
        elif self.open and given.get("type", "submit" if tag == "button" else "") == "submit":
            self.open.buttons.append(given)

    def handle_endtag(self, tag):
        if self.inside and tag not in VOID:
            self.inside.pop()
        if tag == "form":
            self.open = None


@dataclass
class Page:
    url: str
    status: int
    html: str
    seen: Seen

    def address(self, link: str) -> str:
        return urljoin(self.url, link or self.url)


def ids() -> dict[str, object]:
    """One of each thing that an address of the office names."""
    coming = Appointment.objects.filter(status="booked").latest("starts_at")
    own = Appointment.objects.filter(doctor__user__isnull=False).latest("starts_at")
    return {
        "patient_id": coming.patient_id,
        "appointment_id": coming.pk,
        "visit_id": own.pk,
        "slot_id": Slot.objects.filter(appointment=None, absence=None).latest("starts_at").pk,
        "doctor_id": Doctor.objects.filter(shift_rules__isnull=False).first().pk,
        "rule_id": ShiftRule.objects.first().pk,
        "absence_id": Absence.objects.first().pk,
        "shift_id": Shift.objects.latest("starts_at").pk,
        "entry_id": WaitlistEntry.objects.filter(closed_at=None).first().pk,
        "offer_id": SlotOffer.objects.latest("created_at").pk,
        "request_id": WaitlistRequest.objects.first().pk,
        "task_id": Task.objects.filter(kind=TaskKind.REBOOK, state="open").first().pk,
        "case_id": EmergencyCase.objects.first().pk,
    }


def first_pages(known: dict[str, object]) -> Iterator[str]:
    """Every page of the office that can be opened by its address."""
    for page in pages():
        if page.name.startswith("office:") and set(page.parts) <= set(known):
            yield reverse(page.name, kwargs={part: known[part] for part in page.parts})


def walk(client: Client, *more: str) -> Iterator[Page]:
    """Asks every kind of page that this person reaches; one of the first that cannot be opened is left out.

    It begins with `more`, which only somebody who looks for a person or a time comes to.
    """
    waiting, asked = [(url, False) for url in (*more, *first_pages(ids()))], {}
    while waiting:
        url, drawn = waiting.pop(0)
        kind = kind_of(url)
        if kind is None or len(asked.setdefault(kind, set())) >= EACH or url in asked[kind]:
            continue
        answer = client.get(url)
        if answer.status_code == 405 or (answer.status_code in (403, 404) and not drawn):
            continue
        asked[kind].add(url)
        html = answer.content.decode() if "html" in answer.headers.get("Content-Type", "") else ""
        page = Page(url, answer.status_code, html, Seen(html))
        yield page
        waiting += [(page.address(link), True) for link in page.seen.links]
        if "Location" in answer.headers:
            waiting.append((page.address(answer.headers["Location"]), True))


def kind_of(url: str) -> tuple | None:
    """Returns the same for addresses of one view with the same names in the query; None outside the office."""
    parts = urlsplit(url)
    if parts.netloc or parts.scheme or not parts.path.startswith("/office/") or parts.path.startswith(ADMIN):
        return None
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    return match.view_name, *sorted(name for name, _value in parse_qsl(parts.query, keep_blank_values=True))


def rule_of(url: str) -> str | None:
    """Returns who may open the address; None where the view is not one of ours."""
    return _of_view(url, "access_rule")


def counts_once(url: str) -> bool:
    """Tells whether the view of the address makes something, so that its forms need a key."""
    return bool(_of_view(url, "counts_once"))


def _of_view(url: str, name: str) -> str | None:
    try:
        return getattr(resolve(urlsplit(url).path).func, name, None)
    except Resolver404:
        return None
