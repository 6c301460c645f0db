"""In the grid of a day doctors are columns, and time runs down in rows of five minutes."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import attrgetter
from uuid import UUID

from django.utils.translation import gettext, pgettext

from back_office.presenters.statuses import Status, state_of, status
from foundation.clock import WallTime, on_wall
from foundation.text.names import short_name
from patients.models import Patient
from scheduling.choices import ACTIVE, AbsenceKind, AppointmentStatus, VisitKind
from scheduling.eligibility import sees_age
from scheduling.models import Doctor
from scheduling.queries.day import DaySlot, DayVisit, DoctorDay

ROW = timedelta(minutes=5)
COLUMNS = 20
ROWS = 216
LANES = 12
"""How many visits of one doctor can stand side by side: far more than anybody sees at once."""
SHOWN = (*ACTIVE, AppointmentStatus.NOSHOW)
CAME = (AppointmentStatus.ARRIVED, AppointmentStatus.CHECKED_IN, AppointmentStatus.FULFILLED)


@dataclass(slots=True)
class Cell:
    """The cell is ready to be drawn: `kind` is a state's code, `slot` or `appointment` is what a click opens."""

    kind: str
    column: int
    row: int
    span: int
    starts_at: WallTime
    text: str
    past: bool = False
    stranded: bool = False
    """An absence touches the visit."""
    refused: bool = False
    """The rules no longer allow the visit; its page says which."""
    slot: UUID | None = None
    strangers: UUID | None = None
    """The slot, where a visitor of the site keeps it who has proved no phone: the staff may free it."""
    appointment: UUID | None = None
    until: WallTime | None = None
    href: str = ""
    """Below the office's root; empty where there is nothing to open."""
    lane: int = 1
    lanes: int = 1
    """How many lanes the column has here: the cell stands in one of them, beside what it overlaps."""

    @property
    def state(self) -> Status:
        return status(self.kind)

    @property
    def css(self) -> str:
        past = " is-past" if self.past else ""
        stranded = " is-stranded" if self.stranded or self.refused else ""
        lane = f" lane lane-{self.lane} of-{self.lanes}" if self.lanes > 1 else ""
        return f"cell cell--{self.state.code}{past}{stranded} c-{self.column} r-{self.row} span-{self.span}{lane}"

    @property
    def words(self) -> str:
        """Says what the sign and the colour tell those who see them."""
        return f"{self.state.label}{self._why_not()}:"

    def _why_not(self) -> str:
        if self.stranded:
            return gettext(", the doctor is away")
        return gettext(", the rules no longer allow this visit") if self.refused else ""

    @property
    def until_words(self) -> str:
        time = f"{self.until:%H:%M}"
        return time if self.slot else gettext("until %(time)s") % {"time": time}


@dataclass(slots=True)
class Column:
    """The head of a column."""

    doctor: Doctor
    rooms: str
    unfit: str = ""
    """The ages that the doctor sees, when the patient for whom a time is looked for is of another."""


@dataclass(slots=True)
class Away:
    """A doctor who has nobody that day and none of whose times is open: their column is folded to this."""

    name: str
    why: str


@dataclass(slots=True)
class Grid:
    columns: list[Column] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)
    hours: list[tuple[int, str]] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    now_row: int | None = None
    left_out: int = 0
    visits: int = 0
    came: int = 0
    waiting: int = 0
    patients: list[UUID] = field(default_factory=list)

    @property
    def lanes(self) -> int:
        """The most lanes of any column: the columns are wide enough for them."""
        return max((cell.lanes for cell in self.cells), default=1)

    def version(self, day: date) -> str:
        """Returns the same text for the same picture, so that a screen is drawn anew only when it differs."""
        columns = [(column.doctor.pk, column.doctor.short_name, column.rooms, column.unfit) for column in self.columns]
        counts = (self.left_out, self.visits, self.came, self.waiting)
        seen = (columns, self.away, self.cells, self.hours, self.now_row, counts)
        return hashlib.blake2s(repr((day, seen)).encode(), digest_size=8).hexdigest()


def build(
    days: Sequence[DoctorDay],
    *,
    now: datetime,
    books: bool,
    owner: str = "",
    moving: UUID | None = None,
    for_patient: Patient | None = None,
) -> Grid:
    """Builds the grid; `owner` can open their own hold, a free time is for `moving` a visit or `for_patient`.

    For somebody who `books` nothing a free time is only shown, and so is one that does not suit the patient's age.
    """
    grid = Grid(left_out=max(0, len(days) - COLUMNS))
    grid.away = [Away(day.doctor.short_name, _why_closed(day)) for day in days if is_away(day)]
    days = [day for day in days[:COLUMNS] if not is_away(day)]
    edges = [moment for day in days for moment in _edges(day)]
    times = [moment.hands for moment in edges]
    if not times:
        return grid
    top = min(times).replace(minute=0, second=0, microsecond=0)
    bottom = max(times)
    for column, day in enumerate(days, start=1):
        visits = [visit for visit in day.visits if visit.status in SHOWN]
        unfit = _unfit(day, for_patient)
        rooms = ", ".join(dict.fromkeys(shift.room for shift in day.shifts))
        grid.columns.append(Column(day.doctor, rooms, unfit))
        cells = [_visit_cell(visit, column, top, now) for visit in visits]
        cells += _slot_cells(day, column, top, now, owner)
        cells = [_not_for_them(cell) for cell in cells] if unfit else cells
        cells.sort(key=attrgetter("row", "starts_at"))
        share_width(cells)
        grid.cells += cells
        grid.visits += len(visits)
        grid.came += sum(visit.status in CAME for visit in visits)
        grid.waiting += sum(visit.status == AppointmentStatus.ARRIVED for visit in visits)
        grid.patients += [visit.patient for visit in visits]
    for cell in grid.cells:
        _link(cell, books, moving, for_patient.pk if for_patient else None)
    grid.hours = list(_hours(top, bottom))
    here = _one_wall(edges, now)
    if here and top <= here.hands < bottom:
        grid.now_row = _row(here, top)
    return grid


def _link(cell: Cell, books: bool, moving: UUID | None, for_patient: UUID | None) -> None:
    """Writes the address out instead of reversing it: hundreds of cells are drawn every few seconds."""
    if cell.appointment:
        cell.href = f"appointments/{cell.appointment}/"
    elif not books:
        return
    elif cell.strangers:
        cell.href = f"book/{cell.strangers}/free/"
    elif cell.slot and moving:
        cell.href = f"appointments/{moving}/move/?to={cell.slot}"
    elif cell.slot:
        cell.href = f"book/{cell.slot}/" + (f"?patient={for_patient}" if for_patient else "")


def is_away(day: DoctorDay) -> bool:
    """Tells whether all that is to be seen of the doctor is closed time."""
    seen = any(visit.status in SHOWN for visit in day.visits)
    return bool(day.slots) and not seen and all(slot.absence_kind for slot in day.slots)


def _why_closed(day: DoctorDay) -> str:
    return ", ".join(dict.fromkeys(_closed(slot) for slot in day.slots))


def _closed(slot: DaySlot) -> str:
    return slot.absence_note or str(AbsenceKind(slot.absence_kind or AbsenceKind.BY_HAND).label)


def _unfit(day: DoctorDay, patient: Patient | None) -> str:
    doctor, on = day.doctor, day.shifts[0].starts_at.date()
    if patient is None or sees_age(doctor, patient.birth_date, on):
        return ""
    return gettext("ages %(from)s–%(to)s") % {"from": doctor.min_age, "to": doctor.max_age}


def _not_for_them(cell: Cell) -> Cell:
    if cell.kind == "free":
        cell.kind, cell.slot = "unfit", None
    return cell


def _edges(day: DoctorDay) -> Iterator[WallTime]:
    for shift in day.shifts:
        yield from (shift.starts_at, shift.ends_at)
    for visit in day.visits:
        if visit.status in SHOWN:
            yield from (visit.starts_at, visit.ends_at)


def _one_wall(edges: Sequence[WallTime], now: datetime) -> WallTime | None:
    """Returns the hour it is now in the grid; None when its doctors are in several zones, where it is several."""
    zones = {str(edge.tzinfo) for edge in edges}
    return on_wall(now, zones.pop()) if len(zones) == 1 else None


def _row(wall: WallTime, top: datetime) -> int:
    return min(ROWS, (wall.hands - top) // ROW + 1)


def _span(start: WallTime, end: WallTime, top: datetime) -> int:
    """Returns the rows from the row of the start to that of the end, so that what follows never overlaps it."""
    return min(ROWS, max(1, _row(end, top) - _row(start, top)))


def _hours(top: datetime, bottom: datetime) -> Iterator[tuple[int, str]]:
    moment = top
    while moment < bottom:
        yield (moment - top) // ROW + 1, f"{moment:%H:%M}"
        moment += timedelta(minutes=30)


def _visit_cell(visit: DayVisit, column: int, top: datetime, now: datetime) -> Cell:
    follow_up = visit.visit_kind == VisitKind.FOLLOW_UP
    kind = " " + pgettext("visit, in short", "follow-up") if follow_up else ""
    ahead = visit.status == AppointmentStatus.BOOKED and visit.starts_at > now
    return Cell(
        kind=state_of(visit),
        column=column,
        row=_row(visit.starts_at, top),
        span=_span(visit.starts_at, visit.ends_at, top),
        starts_at=visit.starts_at,
        text=f"{visit.starts_at:%H:%M} {short_name(visit.last_name, visit.first_name)}{kind}",
        past=visit.ends_at <= now and visit.status not in (AppointmentStatus.ARRIVED, AppointmentStatus.CHECKED_IN),
        stranded=visit.stranded and ahead,
        refused=visit.refused and ahead,
        appointment=visit.pk,
    )


def _slot_cells(day: DoctorDay, column: int, top: datetime, now: datetime, owner: str) -> list[Cell]:
    cells: list[Cell] = []
    rests = _free_minutes(day.slots, now)
    for slot in day.slots:
        cell = _slot_cell(slot, column, top, now, owner)
        if cell.kind == "free" and rests[slot.pk] < day.shortest:
            cell.kind, cell.slot = "short", None
        last = cells[-1] if cells else None
        if last and cell.kind == last.kind == "blocked" and cell.text == last.text and last.row + last.span == cell.row:
            last.span = min(ROWS, last.span + cell.span)
        else:
            cells.append(cell)
    return cells


def _free_minutes(slots: Sequence[DaySlot], now: datetime) -> dict[UUID, float]:
    """Returns how many free minutes a visit has that would begin with each slot, to the next thing in its shift."""
    minutes: dict[UUID, float] = {}
    after: DaySlot | None = None
    for slot in reversed(slots):
        free = not (slot.absence_kind or (slot.held_until and slot.held_until > now))
        own = (slot.ends_at - slot.starts_at).total_seconds() / 60 if free else 0
        goes_on = free and after and after.shift_id == slot.shift_id and after.starts_at == slot.ends_at
        minutes[slot.pk] = own + (minutes[after.pk] if goes_on and after else 0)
        after = slot
    return minutes


def _slot_cell(slot: DaySlot, column: int, top: datetime, now: datetime, owner: str) -> Cell:
    cell = Cell(
        kind="free",
        column=column,
        row=_row(slot.starts_at, top),
        span=_span(slot.starts_at, slot.ends_at, top),
        starts_at=slot.starts_at,
        text=f"{slot.starts_at:%H:%M}",
        past=slot.starts_at < now,
        slot=slot.pk,
    )
    if slot.absence_kind:
        cell.kind, cell.text, cell.slot = "blocked", _closed(slot), None
    elif slot.held_until and slot.held_until > now:
        mine = slot.hold_owner == owner and slot.hold_reason == "desk"
        cell.kind, cell.until = "held", slot.held_until
        cell.text = gettext("by you") if mine else _holder(slot)
        cell.slot = slot.pk if mine else None
        cell.strangers = slot.pk if slot.hold_reason == "site_form" else None
    elif cell.past:
        cell.kind, cell.slot = "past", None
    return cell


def _holder(slot: DaySlot) -> str:
    return {
        "site_form": pgettext("who holds a time", "site, no code yet"),
        "proved": pgettext("who holds a time", "site"),
        "handed": pgettext("who holds a time", "site, to be phoned"),
        "desk": pgettext("who holds a time", "desk"),
        "call": pgettext("who holds a time", "call"),
        "offer": pgettext("who holds a time", "offer"),
        "undo": pgettext("who holds a time", "free in a moment"),
    }.get(slot.hold_reason, slot.hold_reason)


def share_width(cells: list[Cell]) -> None:
    """Puts cells of one column, in order of time, that overlap into lanes: each beside the others at its own time."""
    together: list[Cell] = []
    ends: list[int] = []
    """The row at which each lane is free again."""
    for cell in cells:
        if together and cell.row >= max(ends):
            together, ends = [], []
        lane = next((number for number, end in enumerate(ends) if end <= cell.row), len(ends))
        ends[lane : lane + 1] = [cell.row + cell.span]
        cell.lane = min(LANES, lane + 1)
        together.append(cell)
        for beside in together:
            beside.lanes = min(LANES, len(ends))
