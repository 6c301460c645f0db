"""Requests of the site and the desk: who asks, whom the register knows by that, and what fits them now (R20, W23)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page as PageOfRows
from django.utils import timezone
from django.utils.translation import gettext as _

from back_office.presenters.applicants import Applicants
from back_office.presenters.wishes import FreeTime, doctor_names, free_times, in_words
from foundation.drafts.errors import sentence_of
from foundation.errors import DomainError
from patients.ages import age_on
from patients.choices import Channel
from patients.models import Patient
from patients.queries import doubles
from scheduling.queries.availability import NEAREST
from waitlist import never, wishes
from waitlist.models import WaitlistEntry, WaitlistRequest
from waitlist.queries import entries as waiting
from waitlist.queries import requests
from waitlist.queries.entries import ShownRequest
from waitlist.queries.requests import Counted


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A record of the register that may be this person, with what they wait for."""

    patient: Patient
    entries: list[WaitlistEntry]


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request with the others of the same person, and whom the register knows them as."""

    row: WaitlistRequest
    age: int
    words: list[str]
    is_proved: bool
    one_of_many: bool
    """Others came from the same network before."""
    known: list[KnownPerson]
    same: list[tuple[WaitlistRequest, list[str]]]
    """Open requests of the same number, or of the same name and birth date, each with its wishes."""

    @property
    def patients(self) -> list[UUID]:
        return [person.patient.pk for person in self.known]


@dataclass(frozen=True, slots=True)
class Tab:
    code: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class RequestsPage:
    """The list is paged: however many there are, each can be reached (W23)."""

    lines: list[RequestLine]
    tabs: list[Tab]
    chosen: str
    page_obj: PageOfRows[ShownRequest]

    @classmethod
    def of(cls, page: PageOfRows[ShownRequest], *, chosen: str, counted: Counted) -> "RequestsPage":
        tabs = [
            Tab("", _("All"), counted.proved + counted.unproved),
            Tab("proved", _("Phone proved"), counted.proved),
            Tab("unproved", _("Phone not proved"), counted.unproved),
        ]
        rows = list(page)
        return cls(lines_of(rows, many={row.pk for row in rows if row.nth > waiting.FEW}), tabs, chosen, page)

    @property
    def patients(self) -> list[UUID]:
        return [patient for line in self.lines for patient in line.patients]


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One request: the free times that fit it come first, the list is one press after them (R12)."""

    line: RequestLine
    row: WaitlistRequest
    is_open: bool
    times: list[FreeTime]
    never: str
    """Why no free time can ever fit; empty where one can."""
    error: str

    @classmethod
    def of(cls, row: WaitlistRequest, *, error: DomainError | None = None) -> "RequestPage":
        (line,) = lines_of([row])
        wished, is_open = wishes.of(row), row.handled_at is None
        patient = row.patient or Patient(**row.person.columns())
        times = free_times(wished, applicants=Applicants(patient), limit=NEAREST) if is_open else []
        unfit = never.why(wished, birth_date=row.birth_date) if is_open and not times else None
        return cls(line, row, is_open, times, str(unfit or ""), sentence_of(error))

    @property
    def patients(self) -> list[UUID]:
        return self.line.patients


def lines_of(rows: Sequence[WaitlistRequest], *, many: Iterable[UUID] = ()) -> list[RequestLine]:
    """Makes the lines of a page; the records, entries, doubles and names of all of them cost a statement each."""
    known, same = _known(rows), requests.of_the_same(rows)
    names = doctor_names([*rows, *(other for others in same.values() for other in others)])
    return [
        RequestLine(
            row=row,
            age=age_on(row.birth_date, timezone.localdate()),
            words=in_words(row, names),
            is_proved=row.phone_proved or row.channel != Channel.SITE,
            one_of_many=row.pk in set(many),
            known=known[row.pk],
            same=[(other, in_words(other, names)) for other in same[row.pk]],
        )
        for row in rows
    ]


def _known(rows: Sequence[WaitlistRequest]) -> Mapping[UUID, list[KnownPerson]]:
    """Returns for each request its patient, or else whom the register may know the person as."""
    alike = doubles.of_each([row.person for row in rows])
    found = {row.pk: [row.patient] if row.patient else like for row, like in zip(rows, alike, strict=True)}
    entries = list(requests.open_entries_of({patient.pk for those in found.values() for patient in those}))
    return {
        pk: [KnownPerson(each, [entry for entry in entries if entry.patient_id == each.pk]) for each in those]
        for pk, those in found.items()
    }
