"""The call that comes in is kept in the session: a number or a name never stands in an address."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest

from back_office.asked import Asked
from back_office.forms.search import as_person
from foundation.database import clock
from foundation.text import phones

INCOMING = "incoming"
SAME_CALL = timedelta(minutes=15)
"""How long after a number was typed a name is still one of the same call: the next caller is nobody's family."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """The text of the box, and the number that calls: it stays while names are typed after it."""

    text: str = ""
    phone: str = ""
    """As E.164, empty where only a name is known."""

    @classmethod
    def of(cls, request: HttpRequest) -> "Incoming":
        kept = request.session.get(INCOMING, {})
        return cls(kept.get("text", ""), kept.get("phone", ""))

    @property
    def number(self) -> str:
        """The number as people write it."""
        return phones.shown(self.phone)

    def as_person(self) -> dict[str, object]:
        """Returns what is known of the caller as the first values of a new record."""
        named = as_person(self.text) if Asked.of(self.text).is_name else {}
        return {"phone": self.number} | named


def take(request: HttpRequest, text: str) -> None:
    """Takes in what was typed into the box: a number is another call, a name tells more of the same."""
    asked, now = Asked.of(text), clock.now()
    before = request.session.get(INCOMING, {})
    if asked.is_name and before.get("phone") and now - datetime.fromisoformat(before["at"]) <= SAME_CALL:
        request.session[INCOMING] = before | {"text": text}
    else:
        request.session[INCOMING] = {"text": text, "phone": asked.phone, "at": now.isoformat()}


def end(request: HttpRequest) -> None:
    """Forgets the call: the next one is somebody else's."""
    request.session.pop(INCOMING, None)
