"""Texts of messages: a class for each template, with the facts it needs; the words are chosen when it is sent.

No text names a specialty or a service; those about a visit tell the four facts of R13.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import ClassVar, cast

from django.conf import settings
from django.utils.timezone import is_naive
from django.utils.translation import gettext as _

from foundation.clock import on_wall
from foundation.wording import lasting_time
from notifications.choices import MessageTemplate

HIDDEN = "•••"


class FactMissing(ValueError):
    """A message lacks one of its facts; it is refused when it is put into the outbox, not when it should be sent."""


@dataclass(frozen=True, kw_only=True)
class Facts(ABC):
    """The facts of a message: texts and moments. A moment is stored in UTC and told in the time of its place."""

    template: ClassVar[MessageTemplate]
    secret: ClassVar[Mapping[str, str]] = {}
    """Facts stored encrypted until the message is sent, each with its placeholder in the text once they are wiped."""

    def __post_init__(self) -> None:
        for fact in fields(self):
            value, kind = getattr(self, fact.name), cast("type[str | datetime]", fact.type)
            if not isinstance(value, kind) or value == "" or (isinstance(value, datetime) and is_naive(value)):
                raise FactMissing(f"Give {self.template.value} its {fact.name}: a {kind.__name__} that is not empty.")

    @abstractmethod
    def text(self) -> str:
        """Returns the text in the active language."""


@dataclass(frozen=True, kw_only=True)
class Code(Facts):
    template = MessageTemplate.CODE
    secret = {"code": "••••••"}
    code: str

    def text(self) -> str:
        facts = {"code": self.code, "clinic": settings.CLINIC["name"]}
        return _("%(code)s is your code to book at %(clinic)s. Tell it to nobody.") % facts


@dataclass(frozen=True, kw_only=True)
class Visit(Facts):
    """The facts a patient needs to come to a visit; `link` opens it to whoever has the link (T42)."""

    secret = {"link": HIDDEN}
    starts_at: datetime
    doctor: str
    address: str
    link: str
    zone: str
    """The time zone of the address, in which the time is told."""

    def told(self) -> dict[str, str]:
        time = lasting_time(on_wall(self.starts_at, self.zone))
        return {"time": time, "doctor": self.doctor, "address": self.address, "link": self.link}


@dataclass(frozen=True, kw_only=True)
class Booked(Visit):
    template = MessageTemplate.BOOKED

    def text(self) -> str:
        return _("You are booked: %(time)s, %(doctor)s. %(address)s. To cancel or move: %(link)s") % self.told()


@dataclass(frozen=True, kw_only=True)
class Moved(Visit):
    template = MessageTemplate.MOVED

    def text(self) -> str:
        return _("Your visit is moved: %(time)s, %(doctor)s. %(address)s. To cancel or move: %(link)s") % self.told()


@dataclass(frozen=True, kw_only=True)
class Cancelled(Facts):
    template = MessageTemplate.CANCELLED
    starts_at: datetime
    doctor: str
    zone: str

    def text(self) -> str:
        facts = {
            "time": lasting_time(on_wall(self.starts_at, self.zone)),
            "doctor": self.doctor,
            "phone": settings.CLINIC["phone"],
        }
        return _("Your visit %(time)s, %(doctor)s is cancelled. To book again: %(phone)s") % facts


@dataclass(frozen=True, kw_only=True)
class CallUs(Facts):
    template = MessageTemplate.CALL_US

    def text(self) -> str:
        facts = {"clinic": settings.CLINIC["name"], "phone": settings.CLINIC["phone"]}
        return _("We could not reach you about your visit to %(clinic)s. Please call %(phone)s.") % facts


@dataclass(frozen=True, kw_only=True)
class AsWritten(Facts):
    """A message stored as text before templates; only a code that was still to be sent is encrypted."""

    template = MessageTemplate.AS_WRITTEN
    secret = {"words": HIDDEN}
    words: str

    def text(self) -> str:
        return self.words


FACTS: Mapping[str, type[Facts]] = {
    kind.template.value: kind for kind in (Code, Booked, Moved, Cancelled, CallUs, AsWritten)
}
