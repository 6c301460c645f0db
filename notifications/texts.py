"""Texts of messages: a class for each template, with the facts it needs; the words are chosen when it is sent.

No text names a specialty or a service; those about a visit tell the four facts of R13, in two SMS at most: the fullest
wording is taken that fits (T74).
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import ClassVar, cast

from django.utils.dateformat import format as format_date
from django.utils.timezone import is_naive
from django.utils.translation import gettext as _

from foundation.clock import on_wall
from foundation.organization.card import clinic
from foundation.wording import lasting_time
from notifications.choices import MessageTemplate
from notifications.segments import fullest

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
        facts = {"code": self.code, "clinic": clinic()["name"]}
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

    @abstractmethod
    def wordings(self) -> Sequence[str]:
        """Returns the wordings in the active language with places for the facts, the fullest first."""

    def _tellings(self) -> Iterator[tuple[str, str]]:
        """Yields the wordings with the day in words, and at last the shortest of both."""
        *in_words, in_figures = _days(self.starts_at, self.zone)
        for wording in (wordings := self.wordings()):
            yield from ((wording, day) for day in in_words)
        yield wordings[-1], in_figures

    def text(self) -> str:
        return fullest(
            wording % {"day": day, "doctor": self.doctor, "address": self.address, "link": self.link}
            for wording, day in self._tellings()
        )


@dataclass(frozen=True, kw_only=True)
class Booked(Visit):
    template = MessageTemplate.BOOKED

    def wordings(self) -> Sequence[str]:
        return (
            _("You are booked: %(day)s, %(doctor)s. %(address)s. To cancel or move: %(link)s"),
            _("Visit %(day)s %(doctor)s, %(address)s %(link)s"),
        )


@dataclass(frozen=True, kw_only=True)
class Moved(Visit):
    template = MessageTemplate.MOVED

    def wordings(self) -> Sequence[str]:
        return (
            _("Your visit is moved: %(day)s, %(doctor)s. %(address)s. To cancel or move: %(link)s"),
            _("Moved: %(day)s %(doctor)s, %(address)s %(link)s"),
        )


@dataclass(frozen=True, kw_only=True)
class Reminder(Visit):
    template = MessageTemplate.REMINDER

    def wordings(self) -> Sequence[str]:
        return (
            _("We look forward to seeing you: %(day)s, %(doctor)s. %(address)s. To cancel or move: %(link)s"),
            _("Soon: %(day)s %(doctor)s, %(address)s %(link)s"),
        )


@dataclass(frozen=True, kw_only=True)
class Cancelled(Facts):
    """The address tells which of two visits at one hour it is."""

    template = MessageTemplate.CANCELLED
    starts_at: datetime
    doctor: str
    address: str
    zone: str

    def text(self) -> str:
        wordings = (
            _("Your visit %(time)s, %(doctor)s, %(address)s is cancelled. To book again: %(phone)s"),
            _("Cancelled: %(time)s %(doctor)s, %(address)s. %(phone)s"),
        )
        facts = {"doctor": self.doctor, "address": self.address, "phone": clinic()["phone"]}
        times = _spoken_or_figures(self.starts_at, self.zone)
        return fullest(words % {**facts, "time": time} for words in wordings for time in times)


@dataclass(frozen=True, kw_only=True)
class CancelledSomewhere(Facts):
    """The facts of a cancellation that was written before the address was one of them."""

    template = MessageTemplate.CANCELLED
    starts_at: datetime
    doctor: str
    zone: str

    def text(self) -> str:
        words = _("Your visit %(time)s, %(doctor)s is cancelled. To book again: %(phone)s")
        facts = {"doctor": self.doctor, "phone": clinic()["phone"]}
        return fullest(words % {**facts, "time": time} for time in _spoken_or_figures(self.starts_at, self.zone))


def _spoken_or_figures(moment: datetime, zone: str) -> tuple[str, ...]:
    return (lasting_time(on_wall(moment, zone)), *_days(moment, zone))


def _days(moment: datetime, zone: str) -> tuple[str, ...]:
    """Returns the day and hour of a visit, the fullest words first: «вт 24 ноября 14:30», …, «24.11 14:30»."""
    wall = on_wall(moment, zone)
    day = format_date(wall.date(), "j E")
    weekday = format_date(wall.date(), "D").lower()
    return (f"{weekday} {day} {wall:%H:%M}", f"{day} {wall:%H:%M}", f"{wall:%d.%m %H:%M}")


@dataclass(frozen=True, kw_only=True)
class CallUs(Facts):
    template = MessageTemplate.CALL_US

    def text(self) -> str:
        facts = {"clinic": clinic()["name"], "phone": clinic()["phone"]}
        return _("We could not reach you about your visit to %(clinic)s. Please call %(phone)s.") % facts


@dataclass(frozen=True, kw_only=True)
class FreedTime(Facts):
    """A time has become free for somebody who waits; `link` alone tells for whom it is, and takes the answer."""

    template = MessageTemplate.FREED_TIME
    secret = {"link": HIDDEN}
    starts_at: datetime
    link: str
    zone: str

    def text(self) -> str:
        wordings = (
            _("%(clinic)s: %(day)s has become free. Does it suit you? Answer: %(link)s or call %(phone)s"),
            _("%(clinic)s: %(day)s has become free. Does it suit you? Answer: %(link)s"),
            _("%(day)s has become free. Answer: %(link)s"),
        )
        facts = {"clinic": clinic()["name"], "phone": clinic()["phone"], "link": self.link}
        days = _days(self.starts_at, self.zone)
        return fullest(words % {**facts, "day": day} for words in wordings for day in days)


@dataclass(frozen=True, kw_only=True)
class AsWritten(Facts):
    """A message stored as text before templates; only a code that was still to be sent is encrypted."""

    template = MessageTemplate.AS_WRITTEN
    secret = {"words": HIDDEN}
    words: str

    def text(self) -> str:
        return self.words


FACTS: Mapping[str, type[Facts]] = {
    kind.template.value: kind for kind in (Code, Booked, Moved, Cancelled, Reminder, CallUs, FreedTime, AsWritten)
}
FORMER: Mapping[str, type[Facts]] = {MessageTemplate.CANCELLED.value: CancelledSomewhere}
"""The facts of messages that an earlier version has written, where they are others."""
