"""The forms of a page as a person sees them: a choice is named by its words."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    action: str
    sent: dict[str, list[str]] = field(default_factory=dict)
    """What the form sends when nobody touches it."""
    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of each field with choices: the value of each by its words."""

    def filled(self, typed: dict[str, str]) -> dict[str, list[str]]:
        return self.sent | {name: [self._value(name, text)] for name, text in typed.items()}

    def _value(self, name: str, text: str) -> str:
        found = [value for words, value in self.choices.get(name, {}).items() if text in words]
        return found[0] if found else text


class Forms(HTMLParser):
    """The forms of a page that are sent by POST."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open: Form | None = None
        self._select = ""
        self._words: list[str] | None = None
        self._waiting: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            posted = given.get("method", "get").lower() == "post"
            self._open = Form(given.get("action", "")) if posted else None
            self.found += [self._open] if self._open else []
        elif self._open is None:
            return
        elif tag == "input":
            self._input(given)
        elif tag == "textarea":
            self._open.sent.setdefault(given["name"], [""])
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option":
            self._words, self._waiting = [], [(self._select, given.get("value", ""))]
            if "selected" in given:
                self._open.sent.setdefault(self._select, []).append(given.get("value", ""))
        elif tag == "label":
            self._words, self._waiting = [], []

    def _input(self, given):
        kind, name, value = given.get("type", "text"), given.get("name"), given.get("value", "")
        if not name or kind in ("submit", "button"):
            return
        if kind in ("checkbox", "radio"):
            self._waiting.append((name, value or "on"))
            if "checked" in given:
                self._open.sent.setdefault(name, []).append(value or "on")
        else:
            self._open.sent.setdefault(name, []).append(value)

    def handle_data(self, data):
        if self._words is not None:
            self._words.append(data)

    def handle_endtag(self, tag):
        if tag in ("option", "label") and self._open and self._words is not None:
            for name, value in self._waiting:
                self._open.choices.setdefault(name, {})[" ".join("".join(self._words).split())] = value
            self._words, self._waiting = None, []
        elif tag == "form":
            self._open = None
