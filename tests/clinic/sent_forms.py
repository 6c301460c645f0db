"""Forms of a drawn page as a browser sends them: with everything that stands in their fields."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.urls import resolve

TYPED = {"text", "search", "tel", "email", "number", "url"}
SET = {"date", "time"}


@dataclass
class SentForm:
    """One form: what is `typed` into it, what it carries `hidden`, and what its first button adds."""

    action: str
    typed: dict[str, list[str]] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)
    button: dict[str, str] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    """What can be chosen, by the name of the field."""
    texts: set[str] = field(default_factory=set)
    """Fields that take words."""

    @property
    def path(self) -> str:
        return urlsplit(self.action).path

    @property
    def name(self) -> str:
        return resolve(self.path).view_name

    @property
    def kind(self) -> tuple:
        return self.name, *sorted(self.typed.keys() | self.options.keys())

    def sent(self) -> dict[str, list[str]]:
        carried = {name: [value] for name, value in (self.hidden | self.button).items()}
        return carried | {name: values for name, values in self.typed.items() if values}


class SentForms(HTMLParser):
    """The forms of a page that are sent by POST; fields outside of a form that name it by `form` are its own."""

    def __init__(self, html: str, *, at: str) -> None:
        super().__init__()
        self.forms: list[SentForm] = []
        self._open: SentForm | None = None
        self._at, self._select, self._option, self._area = at, "", "", ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = SentForm(urljoin(self._at, given.get("action") or self._at))
            self.forms += [self._open] if given.get("method", "get").lower() == "post" else []
        elif self._open and "disabled" not in given:
            self._field(tag, given)

    def _field(self, tag, given):
        form, name, kind = self._open, given.get("name", ""), given.get("type", "text")
        value, chosen = given.get("value", ""), "checked" in given or "selected" in given
        if tag == "button" and name and kind != "button" and not form.button and "formaction" not in given:
            form.button = {name: value}
        elif tag == "select":
            self._select = name
            form.options[name], form.typed[name] = [], []
        elif tag == "option" and self._select:
            form.options[self._select].append(value)
            form.typed[self._select] += [value] if chosen else []
        elif tag == "textarea":
            self._area, form.typed[name] = name, [""]
            form.texts.add(name)
        elif tag == "input" and name:
            self._input(form, name, kind, value, chosen)

    def _input(self, form, name, kind, value, chosen):
        if kind == "hidden":
            form.hidden[name] = value
        elif kind in ("radio", "checkbox"):
            form.options.setdefault(name, []).append(value or "on")
            form.typed.setdefault(name, []).extend([value or "on"] if chosen else [])
        elif kind in TYPED | SET:
            form.typed[name] = [value]
            form.texts |= {name} if kind in TYPED else set()

    def handle_data(self, data):
        if self._area and self._open:
            self._open.typed[self._area] = [self._open.typed[self._area][0] + data]

    def handle_endtag(self, tag):
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            if self._open and self._area:  # a browser leaves the first line break out
                self._open.typed[self._area] = [self._open.typed[self._area][0].removeprefix("\n").strip("\r\n")]
            self._area = ""


def forms_of(html: str, *, at: str) -> Iterator[SentForm]:
    yield from SentForms(html, at=at).forms
