"""Forms of a drawn page: where each goes and what it sends without being seen."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.urls import resolve


@dataclass
class DrawnForm:
    action: str
    hidden: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return resolve(urlsplit(self.action).path).view_name


class DrawnForms(HTMLParser):
    """The forms that are sent by POST; a button that goes elsewhere sends what its form sends."""

    def __init__(self, html: str, *, at: str) -> None:
        super().__init__()
        self.forms: list[DrawnForm] = []
        self._open: DrawnForm | None = None
        self._at = at
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            posted = given.get("method", "get").lower() == "post"
            self._open = DrawnForm(urljoin(self._at, given.get("action") or self._at)) if posted else None
            self.forms += [self._open] if self._open else []
        elif tag == "button" and self._open and "formaction" in given:
            self.forms.append(DrawnForm(urljoin(self._at, given["formaction"]), self._open.hidden))
        elif tag == "input" and self._open and given.get("type") == "hidden":
            self._open.hidden[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form":
            self._open = None


def form_for(name: str, html: str, *, at: str) -> DrawnForm:
    """Returns the first form of the page that goes to the address of this name."""
    return next(form for form in DrawnForms(html, at=at).forms if form.name == name)
