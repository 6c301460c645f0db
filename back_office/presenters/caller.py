"""These presenters hold what the pages of an incoming call show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from back_office.asked import Asked
from back_office.forms.booking import OTHER_ADULT, SELF
from back_office.forms.calls import CallerForm, ShortPersonForm
from back_office.forms.number import NumberForm, number_kept
from back_office.forms.patients import RepresentativeForm
from back_office.forms.wishes import WishesForm, WishLineForm
from back_office.incoming import Incoming
from back_office.presenters.applicants import Applicants
from back_office.presenters.book_again import BookAgain
from back_office.presenters.card_visits import REASONS, UNMET_REASONS, CardVisits, ToldPart, left_without
from back_office.presenters.chips import Chip, chips_of, kept
from back_office.presenters.doubles import Double
from back_office.presenters.known import Banner, banners_of
from back_office.presenters.never import NeverPart
from back_office.presenters.wishes import FreeTime, free_times
from foundation.drafts.errors import sentence_of
from foundation.errors import DomainError
from foundation.text import phones
from patients.ages import OWN_PASSPORT, age_on, is_minor
from patients.contact import number_of
from patients.models import Patient, Representation
from patients.queries import people
from patients.queries.reached import Reached, reached
from scheduling.queries.availability import NEAREST
from scheduling.queries.find_people import FoundPeople, find
from waitlist.models import UnmetWish

FARTHEST = 60
SEARCHED = 24
"""How many of the nearest times are read to find some that differ."""
DOCTORS, OF_DOCTOR = 6, 6
"""How many columns of doctors are shown, and how many times in each."""
YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class ActingPerson:
    full_name: str
    relation: str
    is_legal: bool


@dataclass(frozen=True, slots=True)
class PossibleCaller:
    """The call may be about this person; `by_this_number` are those who act for them and have the number."""

    pk: UUID
    full_name: str
    age: int
    birth_date: date
    card_number: str
    acting: list[ActingPerson]
    by_this_number: list[ActingPerson]

    @classmethod
    def of(cls, patient: Patient, phone: str) -> "PossibleCaller":
        acting = list(patient.representations.all())
        return cls(
            pk=patient.pk,
            full_name=patient.full_name,
            age=patient.age,
            birth_date=patient.birth_date,
            card_number=patient.card_number,
            acting=_acting(acting),
            by_this_number=_acting(row for row in acting if phone and row.phone == phone),
        )


@dataclass(frozen=True, slots=True)
class CallerPage:
    form: CallerForm
    asked: str = ""
    phone: str = ""
    calling: str = ""
    """The number that calls, where a name was typed after it."""
    hidden: bool = False
    wrong: str = ""
    """What is missing in a number that was meant as a whole one, and that nobody has."""
    people: tuple[PossibleCaller, ...] = ()
    guessed: bool = False
    """Nobody is called so; these are people with nearly that name."""
    chooses: bool = False
    """The digits choose one of those who are shown; else the box waits for what is typed."""

    @classmethod
    def of(cls, call: Incoming) -> "CallerPage":
        """Finds everybody this number may call about, or everybody of this name, with those who act for them."""
        read = Asked.of(call.text)
        meant = FoundPeople([]) if read.phone or read.hidden else find(call.text)
        found = _found(read, meant)
        acting = Representation.objects.filter(valid_until=None).order_by("relation", "search_name")
        prefetch_related_objects(found, Prefetch("representations", acting))
        return cls(
            form=CallerForm(initial={"caller": call.text}),
            asked=call.text,
            phone=phones.shown(read.phone),
            calling="" if read.phone else call.number,
            hidden=read.hidden,
            wrong="" if meant.people else read.wrong,
            people=tuple(PossibleCaller.of(each, call.phone) for each in found),
            guessed=meant.guessed,
            chooses=bool(found or call.phone),
        )


@dataclass(frozen=True, slots=True)
class NewCallerPage:
    """The page asks for a new record; `doubles` are whom the register may know already."""

    form: ShortPersonForm
    doubles: list[Double] = field(default_factory=list)
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Who:
    """The choice says who is on the line: `chosen` is `self`, `other` or a representative's id."""

    chosen: str
    choices: list[tuple[str, str]]
    reached: Reached
    """How to call back: the representative who calls, else the patient or who has a number."""
    representation: Representation | None = None

    @classmethod
    def of(cls, patient: Patient, acting: list[Representation], *, asked: str, phone: str) -> "Who":
        """Chooses the one asked for, else the representative whose number calls, else the first possible.

        A patient who is not 14 yet is chosen only where that is asked for.
        """
        choices = _possible(patient, acting)
        known, calling = [value for value, _label in choices], [str(row.pk) for row in acting if phone == row.phone]
        likely = [value for value in known if value != SELF or patient.age >= OWN_PASSPORT]
        chosen = next((value for value in (asked, *(calling if phone else ()), *likely) if value in known), "")
        calls = next((row for row in acting if str(row.pk) == chosen), None)
        own = Reached(number_of(patient, calls), calls)
        return cls(chosen, choices, own if calls or own.number else reached(patient, acting), calls)


@dataclass(frozen=True, slots=True)
class OfDoctor:
    """The column of a doctor has more of their times; each is a form of its own."""

    name: str
    times: list[tuple[FreeTime, str]]


@dataclass(frozen=True, slots=True)
class Times:
    """Three of the times that fit begin at `skip`; `more` is where the next three begin.

    `read_out` are the first slots of all up to here.
    """

    keyed: list[tuple[FreeTime, str]]
    read_out: list[UUID]
    skip: int
    more: int | None
    by_doctor: tuple[OfDoctor, ...] = ()

    @classmethod
    def of(cls, form: WishesForm, applicants: Applicants, skip: str) -> "Times":
        first = min(_number(skip), FARTHEST)
        after = first + NEAREST
        found = free_times(form.wishes(), applicants=applicants, limit=max(after + 1, SEARCHED))
        in_order = _that_differ_first(found)
        shown = [(time, str(uuid4())) for time in in_order[first:after]]
        read_out = [time.slot.pk for time in in_order[:after]]
        return cls(shown, read_out, first, after if len(found) > after else None, _by_doctor(found))


def _that_differ_first(found: Sequence[FreeTime]) -> list[FreeTime]:
    """Puts the first time of each doctor's day before the others of that day: three of them are a choice."""
    of_day: dict[tuple[UUID, date], FreeTime] = {}
    for time in found[:SEARCHED]:
        of_day.setdefault((time.slot.doctor_id, time.slot.shift.date), time)
    first = list(of_day.values())
    return [*first, *(time for time in found if time not in first)]


def _by_doctor(found: Sequence[FreeTime]) -> tuple[OfDoctor, ...]:
    columns: dict[UUID, list[FreeTime]] = {}
    for time in found:
        columns.setdefault(time.slot.doctor_id, []).append(time)
    return tuple(
        OfDoctor(times[0].slot.doctor.short_name, [(time, str(uuid4())) for time in times[:OF_DOCTOR]])
        for times in list(columns.values())[:DOCTORS]
    )


NO_TIMES = Times([], [], 0, None)


@dataclass(frozen=True, slots=True)
class WishesPage:
    """The page shows the wishes and the next times for them."""

    patient: Patient
    call: Incoming
    known: list[Banner]
    visits: CardVisits
    told_of: ToldPart | None
    """The visit that was just made or moved, to be read out."""
    cancel_reasons: Sequence[tuple[str, object, str]]
    chips: list[Chip]
    kept: list[tuple[str, str]]
    minor: bool
    who: Who
    line: WishLineForm
    form: WishesForm
    searched: bool
    times: list[tuple[FreeTime, str]]
    """Each is a form of its own with a key of its own: a second press books once."""
    read_out: list[UUID]
    skip: int
    more: int | None
    by_doctor: tuple[OfDoctor, ...]
    never: NeverPart | None
    """Nothing can ever fit: there is nothing to wait for."""
    query: str
    note: str
    left: UnmetWish | None
    """What was just written down: they took no time and did not want to wait."""
    unmet_reasons: Sequence[tuple[str, object, str]]
    represent_form: RepresentativeForm
    number: NumberForm | None
    """Nobody could be called back yet."""
    error: str
    again: BookAgain | None

    @classmethod
    def of(
        cls,
        patient: Patient,
        *,
        who: Who,
        form: WishesForm,
        request: HttpRequest,
        call: Incoming,
        represent_form: RepresentativeForm | None,
        number: NumberForm | None,
        error: DomainError | None,
    ) -> "WishesPage":
        """Looks for times once the wishes are complete; the query of the address keeps them.

        The number that calls is filled in where one is asked for.
        """
        searched = form.is_bound and form.is_valid()
        applicants = Applicants(patient, named=who.representation)
        times = Times.of(form, applicants, request.GET.get("skip", "")) if searched else NO_TIMES
        visits = CardVisits.of(patient, request.GET)
        told_of = ToldPart.of(visits.told)
        left = left_without(patient, request.GET)
        asks = visits.cancelled or left or (told_of and not told_of.informed)
        return cls(
            patient=patient,
            call=call,
            known=banners_of(patient),
            visits=visits,
            told_of=told_of,
            cancel_reasons=REASONS,
            chips=chips_of(form, request.GET) if searched else [],
            kept=kept(request.GET),
            minor=is_child(patient),
            who=who,
            line=WishLineForm(focused=not asks),
            form=form,
            searched=searched,
            times=times.keyed,
            read_out=times.read_out,
            skip=times.skip,
            more=times.more,
            by_doctor=times.by_doctor,
            never=NeverPart.of(form.wishes(), patient, request.GET) if searched and not times.keyed else None,
            query=request.GET.urlencode(),
            note=str(form["note"].value() or ""),
            left=left,
            unmet_reasons=UNMET_REASONS,
            represent_form=represent_form or RepresentativeForm(initial={"phone": call.phone}),
            number=number or number_kept(who.reached.number, request.POST, calling=call.phone),
            error=sentence_of(error),
            again=BookAgain.of(error, request.POST),
        )


def _found(read: Asked, meant: FoundPeople) -> list[Patient]:
    if read.phone:
        return people.callers(read.phone)
    if meant.people or not read.part:
        return [each.patient for each in meant.people]
    return people.with_part_of_number(read.part)


def is_child(patient: Patient) -> bool:
    return is_minor(patient.birth_date, timezone.localdate())


def _possible(patient: Patient, acting: list[Representation]) -> list[tuple[str, str]]:
    minor = is_child(patient)
    own = [(SELF, _("the patient"))] if _may_come_alone(patient) else []
    others = (
        [(str(row.pk), str(row)) for row in acting] if minor else [(OTHER_ADULT, _("another adult, for the patient"))]
    )
    return own + others


def _may_come_alone(patient: Patient) -> bool:
    """Tells whether the patient is 14 within the year: it is the day of the visit that counts."""
    return age_on(patient.birth_date, timezone.localdate() + YEAR) >= OWN_PASSPORT


def _acting(rows: Iterable[Representation]) -> list[ActingPerson]:
    return [ActingPerson(row.full_name, row.get_relation_display(), row.is_legal) for row in rows]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
