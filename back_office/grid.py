"""The day grid: doctors are columns, time runs down in rows of five minutes. Cells are ready to be drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext, pgettext

from clinic.templatetags.ui import Status, status
from scheduling.choices import ACTIVE, AppointmentStatus, VisitKind
from scheduling.models import Appointment, Doctor, Slot
from scheduling.queries.day import DoctorDay

ROW = timedelta(minutes=5)
COLUMNS = 20
ROWS = 216
SHOWN = (*ACTIVE, AppointmentStatus.NOSHOW)
CAME = (AppointmentStatus.ARRIVED, AppointmentStatus.CHECKED_IN, AppointmentStatus.FULFILLED)


@dataclass(slots=True)
class Cell:
    """`kind` is a state's code; `slot` or `appointment` says where a click leads."""

    kind: str
    column: int
    row: int
    span: int
    starts_at: datetime
    text: str
    past: bool = False
    slot: UUID | None = None
    appointment: UUID | None = None
    until: datetime | None = None

    @property
    def state(self) -> Status:
        return status(self.kind)


@dataclass(slots=True)
class Grid:
    columns: list[tuple[Doctor, str]] = field(default_factory=list)
    hours: list[tuple[int, str]] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    now_row: int | None = None
    left_out: int = 0
    visits: int = 0
    came: int = 0
    waiting: int = 0
    patients: list[UUID] = field(default_factory=list)


def build(days: Sequence[DoctorDay], *, now: datetime, owner: str = "") -> Grid:
    """`owner` is the actor whose own hold can be opened."""
    grid = Grid(left_out=max(0, len(days) - COLUMNS))
    days = days[:COLUMNS]
    times = [moment for day in days for moment in _edges(day)]
    if not times:
        return grid
    top = timezone.localtime(min(times)).replace(minute=0, second=0, microsecond=0)
    bottom = max(times)
    for column, day in enumerate(days, start=1):
        visits = [visit for visit in day.appointments if visit.status in SHOWN]
        grid.columns.append((day.doctor, ", ".join(dict.fromkeys(shift.room.name for shift in day.shifts))))
        grid.cells += [_visit_cell(visit, column, top, now) for visit in visits]
        grid.cells += _slot_cells(day.slots, column, top, now, owner)
        grid.visits += len(visits)
        grid.came += sum(visit.status in CAME for visit in visits)
        grid.waiting += sum(visit.status == AppointmentStatus.ARRIVED for visit in visits)
        grid.patients += [visit.patient_id for visit in visits]
    _share_width(grid.cells)
    grid.cells.sort(key=lambda cell: (cell.column, cell.starts_at))
    grid.hours = list(_hours(top, bottom))
    if top <= now < bottom:
        grid.now_row = _row(now, top)
    return grid


def _edges(day: DoctorDay) -> Iterator[datetime]:
    for shift in day.shifts:
        yield from (shift.starts_at, shift.ends_at)
    for visit in day.appointments:
        if visit.status in SHOWN:
            yield from (visit.starts_at, visit.ends_at)


def _row(moment: datetime, top: datetime) -> int:
    return min(ROWS, (moment - top) // ROW + 1)


def _span(start: datetime, end: datetime) -> int:
    return max(1, -((start - end) // ROW))


def _hours(top: datetime, bottom: datetime) -> Iterator[tuple[int, str]]:
    moment = top
    while moment < bottom:
        yield _row(moment, top), f"{timezone.localtime(moment):%H:%M}"
        moment += timedelta(minutes=30)


def state_of(visit: Appointment) -> str:
    """The state a person sees: confirmed and overbooked are states of a booked visit too."""
    if visit.status == AppointmentStatus.BOOKED:
        if visit.overbooked:
            return "overbooked"
        return "confirmed" if visit.confirmed_at else "booked"
    return status(visit.status).code


def _visit_cell(visit: Appointment, column: int, top: datetime, now: datetime) -> Cell:
    first = visit.visit_kind == VisitKind.FIRST
    kind = pgettext("visit, in short", "first") if first else pgettext("visit, in short", "follow-up")
    return Cell(
        kind=state_of(visit),
        column=column,
        row=_row(visit.starts_at, top),
        span=_span(visit.starts_at, visit.ends_at),
        starts_at=visit.starts_at,
        text=f"{visit.patient.last_name} {visit.patient.first_name[0]}. {kind}",
        past=visit.ends_at <= now and visit.status not in (AppointmentStatus.ARRIVED, AppointmentStatus.CHECKED_IN),
        appointment=visit.pk,
    )


def _slot_cells(slots: Sequence[Slot], column: int, top: datetime, now: datetime, owner: str) -> list[Cell]:
    cells: list[Cell] = []
    for slot in slots:
        if slot.appointment_id:
            continue
        cell = _slot_cell(slot, column, top, now, owner)
        last = cells[-1] if cells else None
        if last and cell.kind == last.kind == "blocked" and cell.text == last.text and last.row + last.span == cell.row:
            last.span += cell.span
        else:
            cells.append(cell)
    return cells


def _slot_cell(slot: Slot, column: int, top: datetime, now: datetime, owner: str) -> Cell:
    cell = Cell(
        kind="free",
        column=column,
        row=_row(slot.starts_at, top),
        span=_span(slot.starts_at, slot.ends_at),
        starts_at=slot.starts_at,
        text=f"{timezone.localtime(slot.starts_at):%H:%M}",
        past=slot.starts_at < now,
        slot=slot.pk,
    )
    if slot.blocked:
        cell.kind, cell.text, cell.slot = "blocked", slot.block_reason or gettext("closed"), None
    elif slot.held_against(None, now):
        mine = slot.hold_owner == owner and slot.hold_reason == "desk"
        cell.kind, cell.until = "held", slot.held_until
        cell.text = gettext("by you") if mine else _holder(slot)
        cell.slot = slot.pk if mine else None
    elif cell.past:
        cell.kind, cell.slot = "past", None
    return cell


def _holder(slot: Slot) -> str:
    return {
        "site_form": pgettext("who holds a time", "site"),
        "desk": pgettext("who holds a time", "desk"),
        "call": pgettext("who holds a time", "call"),
        "offer": pgettext("who holds a time", "offer"),
    }.get(slot.hold_reason, slot.get_hold_reason_display())


def _share_width(cells: list[Cell]) -> None:
    """A visit over a busy time would hide the one beneath: both keep to shorter rows, one under the other."""
    by_place: dict[tuple[int, int], list[Cell]] = {}
    for cell in cells:
        by_place.setdefault((cell.column, cell.row), []).append(cell)
    for stacked in by_place.values():
        if len(stacked) > 1:
            height = max(1, max(cell.span for cell in stacked) // len(stacked))
            for number, cell in enumerate(stacked):
                cell.row, cell.span = cell.row + number * height, height
