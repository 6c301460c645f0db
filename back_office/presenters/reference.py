"""Lists and forms of the reference data: five kinds of rows have the same two pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Model, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from back_office.forms.reference import (
    DoctorForm,
    LocationForm,
    OrganizationForm,
    ReferenceForm,
    RoomForm,
    ServiceForm,
    SpecialtyForm,
)
from foundation.changes import recorded
from foundation.organization import card
from scheduling.models import Doctor, Location, Room, Service, Specialty

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = _StrPromise


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of reference data and what is said about it."""

    code: str
    """The beginning of the names of its addresses: `room` of `office:rooms`, `office:room_add`, `office:room_edit`."""
    form: type[ReferenceForm]
    title: "Words"
    one: "Words"
    add: "Words"
    none: "Words"
    why: "Words"
    headers: Sequence["Words"]
    rows: Callable[[], QuerySet[Any]]  # of the kind's own model
    cells: Callable[[Any], Sequence[object]]  # of a row of that model
    """What the list shows after the name, under `headers`."""
    usual: Callable[[], dict[str, object]] = dict
    """What stands in a new form."""

    @property
    def model(self) -> type[Model]:
        return self.form._meta.model

    def form_of(self, row: Model, sent: QueryDict | None = None) -> ReferenceForm:
        return self.form(sent, instance=row, recorded=recorded(row, self.form.columns()))

    def new_form(self, sent: QueryDict | None = None) -> ReferenceForm:
        return self.form(sent, initial=self.usual())

    def url(self, page: str, *args: object) -> str:
        return reverse(f"office:{self.code}{page}", args=args)


def _the_only_location() -> dict[str, object]:
    first = list(Location.objects.order_by("pk")[:2])
    return {"location": first[0]} if len(first) == 1 else {}


KINDS = {
    kind.code: kind
    for kind in (
        Kind(
            code="location",
            form=LocationForm,
            title=_("Locations"),
            one=_("Location"),
            add=_("Add a location"),
            none=_("There are no locations yet"),
            why=_("Patients are told the address of the location, and the hours of the schedule are in its time."),
            headers=[_("Address"), _("Time zone")],
            rows=lambda: Location.objects.order_by("name"),
            cells=lambda row: [row.address, row.get_timezone_display()],
        ),
        Kind(
            code="room",
            form=RoomForm,
            title=_("Rooms"),
            one=_("Room"),
            add=_("Add a room"),
            none=_("There are no rooms yet"),
            why=_("Each shift of the schedule is in a room, and no two shifts are in one at the same time."),
            headers=[_("Location")],
            rows=lambda: Room.objects.select_related("location").order_by("location__name", "name"),
            cells=lambda row: [row.location],
            usual=_the_only_location,
        ),
        Kind(
            code="specialty",
            form=SpecialtyForm,
            title=_("Specialties"),
            one=_("Specialty"),
            add=_("Add a specialty"),
            none=_("There are no specialties yet"),
            why=_("Patients choose a specialty first; services and doctors belong to it."),
            headers=[_("Doctor"), _("Services")],
            rows=lambda: Specialty.objects.annotate(given=Count("services")),
            cells=lambda row: [row.doctor_title, row.given],
        ),
        Kind(
            code="service",
            form=ServiceForm,
            title=_("Services and prices"),
            one=_("Service"),
            add=_("Add a service"),
            none=_("There are no services yet"),
            why=_("A service has its length and its price; it is what patients book."),
            headers=[_("Specialty"), _("Kind"), _("Minutes"), _("Price, ₽"), _("On the site"), _("Is given")],
            rows=lambda: Service.objects.select_related("specialty").order_by("specialty__order", "order", "name"),
            cells=lambda row: [
                row.specialty,
                row.get_kind_display(),
                row.minutes,
                localize(row.price),
                *map(_yes_or_no, (row.on_site, row.active)),
            ],
        ),
        Kind(
            code="doctor",
            form=DoctorForm,
            title=_("Doctors"),
            one=_("Doctor"),
            add=_("Add a doctor"),
            none=_("There are no doctors yet"),
            why=_("A doctor sees patients in the hours that are set under «Schedule»."),
            headers=[_("Specialties"), _("Services"), _("Room"), _("Years"), _("Login"), _("Works here")],
            rows=lambda: Doctor.objects.select_related("room", "user").prefetch_related("specialties", "services"),
            cells=lambda row: [
                ", ".join(each.doctor_title for each in row.specialties.all()) or "—",
                len(row.services.all()),
                row.room or "—",
                f"{row.min_age}–{row.max_age}",
                row.user.username if row.user else "—",
                _yes_or_no(row.active),
            ],
        ),
    )
}


def _yes_or_no(true: bool) -> object:
    return _("yes") if true else _("no")


@dataclass(frozen=True, slots=True)
class ListedRow:
    pk: UUID
    name: str
    url: str
    cells: Sequence[object]


@dataclass(frozen=True, slots=True)
class ReferenceList:
    kind: Kind
    rows: Sequence[ListedRow]
    add_url: str

    @classmethod
    def of(cls, kind: Kind) -> "ReferenceList":
        rows = [ListedRow(row.pk, str(row), kind.url("_edit", row.pk), kind.cells(row)) for row in kind.rows()]
        return cls(kind, rows, kind.url("_add"))


@dataclass(frozen=True, slots=True)
class ReferencePage:
    """The form of one row; without a name it is a new one."""

    kind: Kind
    form: ReferenceForm
    back: str
    name: str = ""

    @classmethod
    def of(cls, kind: Kind, form: ReferenceForm, *, name: str = "") -> "ReferencePage":
        return cls(kind, form, list_url(kind), name)


def list_url(kind: Kind) -> str:
    return kind.url("_list")


@dataclass(frozen=True, slots=True)
class OrganizationPage:
    """The form of the clinic itself."""

    form: OrganizationForm

    @classmethod
    def of(cls, sent: QueryDict | None = None) -> "OrganizationPage":
        row = card.row()
        return cls(OrganizationForm(sent, instance=row, recorded=recorded(row, card.COLUMNS)))
