"""The session remembers what a visitor has chosen, typed and proved so far on the way through the booking.

It lies on the server, so that nothing typed is lost and nothing personal stands in a URL.
"""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict
from django.utils.functional import cached_property
from uuid_utils.compat import uuid7

import booking
from booking_site import sealed_way
from booking_site.forms.details import DetailsForm
from foundation.accounts.actors import Actor
from foundation.database import clock
from foundation.text import phones
from patients.choices import Relation
from patients.data import PersonData, RepresentativeData
from scheduling import hold_life
from scheduling.errors import HoldOver, SlotTaken
from scheduling.models import Appointment
from scheduling.queries import facts
from scheduling.queries.read_models import AnyService, ShownService, ShownSlot

KEY = "booking"
CARRIED = ("slot", "service", "hold", "typed", "code_to")
"""What a page carries of the way to it."""
PERSON = ("last_name", "first_name", "patronymic", "birth_date", "phone")
"""What is typed of who comes."""
PHONE_STAYS_PROVED = timedelta(minutes=30)
"""A visitor whose time was taken picks another one without a new code."""
TIMES_REMEMBERED = 100
"""So many times are remembered as held before, of a visitor who looks at one after another."""


class Checked(NamedTuple):
    """It holds what was typed, as it was understood for the chosen time."""

    person: PersonData
    representative: RepresentativeData | None


class Wanted(NamedTuple):
    """A time that is kept for the visitor once they have proved a phone."""

    slot_id: UUID
    service_id: UUID
    finish: bool
    """True when the booking goes on where it stopped, and the details are typed already."""


class Handed(NamedTuple):
    """The contact centre phones about the chosen time, which it keeps until then."""

    request: UUID
    until: datetime


class Flow:
    def __init__(self, session: SessionBase) -> None:
        self._session = session
        self._data: dict = session.get(KEY, {})

    def _write(self, **changes: object) -> None:
        self._data = {**self._data, **changes}
        self._session[KEY] = self._data

    # The chosen time --------------------------------------------------------------------------------------------

    def take(self, *, slot: UUID, service: AnyService, by: Actor) -> None:
        """Holds the time and makes it the chosen one; a time that they have had long enough is chosen all the same.

        Nobody phones about the time chosen before, which is free at once. Raises what `booking.hold_on_site` raises.
        """
        try:
            hold = booking.hold_on_site(
                slot=slot, service=service, by=by, proved=self.is_proved, begun=self._begun(slot)
            )
        except HoldOver:
            hold = uuid7()
        if handed := self.handed:
            booking.close_request(request=handed.request, by=by)
        chosen = {"slot": str(slot), "service": str(service.pk), "hold": str(hold)}
        self._write(**chosen, key=f"site-{uuid7()}", made="", checked=None, again=False, wanted=None, handed=None)
        self._remember_beginning(slot)
        self.__dict__.pop("_chosen", None)

    @property
    def sealed(self) -> str:
        """The way to this step, for the page itself to carry."""
        return sealed_way.seal({name: self._data[name] for name in CARRIED if name in self._data})

    def take_up(self, sealed: str) -> None:
        """Goes on where the page of a session that has ended stood; a hold that has lapsed is not taken again here."""
        if way := sealed_way.unseal(sealed):
            self._write(**way, key=f"site-{uuid7()}", made="", checked=None)

    def keep_holding(self, *, by: Actor) -> None:
        """Prolongs the hold, or takes the time again when it has lapsed and is still free.

        A time that was handed over to the contact centre is kept by it. Raises what `booking.hold_on_site` raises.
        """
        if not self.handed:
            booking.hold_on_site(
                slot=self.slot_id,
                service=self.service,
                by=by,
                proved=self.is_proved,
                token=self.hold,
                begun=self._begun(self.slot_id),
            )
            self._remember_beginning(self.slot_id)

    def _begun(self, slot: UUID) -> datetime | None:
        """Returns when this visitor first held the time, which is remembered although they held another since."""
        begun = self._data.get("begun", {}).get(str(slot))
        return datetime.fromisoformat(begun) if begun else None

    def _remember_beginning(self, slot: UUID) -> None:
        """Keeps when the time was first held, and forgets what counts no more, and the oldest of very many."""
        now, known = clock.now(), self._data.get("begun", {})
        there = {key: at for key, at in known.items() if hold_life.counts(datetime.fromisoformat(at), now=now)}
        there.setdefault(str(slot), now.isoformat())
        self._write(begun=dict(list(there.items())[-TIMES_REMEMBERED:]))

    def let_go(self, *, by: Actor) -> None:
        """Frees the chosen time for others at once; whoever comes back takes it again while it is free."""
        booking.drop_hold(token=self.hold, by=by)

    @property
    def has_time(self) -> bool:
        return bool(self._data.get("slot"))

    @property
    def is_new(self) -> bool:
        """True in a session in which nothing has been chosen and nothing booked."""
        return not self.has_time and self.made is None

    @property
    def slot_id(self) -> UUID:
        return UUID(self._data["slot"])

    @property
    def hold(self) -> UUID:
        return UUID(self._data["hold"])

    @property
    def own_hold(self) -> UUID | None:
        return self.hold if self.has_time else None

    @property
    def key(self) -> str:
        return self._data["key"]

    @property
    def slot(self) -> ShownSlot | None:
        """Returns the chosen time as it was first read, or None when the schedule no longer has it."""
        return self._chosen.slot

    def slot_still_there(self) -> ShownSlot:
        """Returns the chosen time. Raises SlotTaken when the schedule no longer has it."""
        if (slot := self.slot) is None:
            raise SlotTaken
        return slot

    @property
    def service_id(self) -> UUID:
        return UUID(self._data["service"])

    @property
    def service(self) -> ShownService:
        return self._chosen.service

    @cached_property
    def _chosen(self) -> facts.SlotAndService:
        return facts.slot_and_service(slot=self.slot_id, service=self.service_id)

    def held_until(self, slot: ShownSlot) -> datetime | None:
        """Returns when the time stops being kept for this visitor; None when it is not kept any more."""
        mine = slot.hold_token == self.hold and slot.held_until is not None and slot.held_until > clock.now()
        return slot.local_held_until if mine else None

    def want_again(self) -> None:
        """Remembers the yes to one more visit like one that is ahead, until another time or person is chosen."""
        self._write(again=True)

    @property
    def unless_booked(self) -> bool:
        return not self._data.get("again")

    # What is typed ----------------------------------------------------------------------------------------------

    def keep_typed(self, posted: QueryDict) -> None:
        """Keeps the details; for another person a yes to one more visit is no longer one."""
        typed = {name: posted[name][:200] for name in DetailsForm.base_fields if name in posted}
        same = all(typed.get(name) == self.typed.get(name) for name in PERSON)
        self._write(typed=typed, checked=None, again=same and not self.unless_booked)

    def keep_what_is_sent(self, posted: QueryDict) -> None:
        """Keeps what is typed if the form is that of the details; that of the code has nothing to keep."""
        if "last_name" in posted:
            self.keep_typed(posted)

    @property
    def typed(self) -> dict[str, str]:
        return self._data.get("typed", {})

    @property
    def remind(self) -> bool:
        """Tells whether the visitor agreed to be reminded of the visit."""
        return bool(self.typed.get("remind"))

    def check_typed(self, slot: ShownSlot) -> DetailsForm:
        """Checks what was typed for the chosen time; when it is good, it is kept as `checked`."""
        form = DetailsForm(self.typed, slot=slot)
        if form.is_valid():
            self._write(checked=_written(form.person(), form.representative()))
        return form

    @property
    def checked(self) -> Checked | None:
        """Returns what was typed, or None while something has to be typed or the chosen time is gone.

        It is checked when it is first needed; the booking itself checks ages once more.
        """
        if not self._data.get("checked") and self.typed and (slot := self.slot):
            self.check_typed(slot)
        kept = self._data.get("checked")
        return _read(**kept) if kept else None

    # The proved phone -------------------------------------------------------------------------------------------

    def note_code(self, phone: str) -> None:
        self._write(code_to=phone)

    @property
    def sent_code(self) -> Checked | None:
        """Returns who has been sent a code, or None while that is still to be done."""
        checked = self.checked
        return checked if checked and self._data.get("code_to") == checked.person.phone else None

    def prove(self, phone: str) -> None:
        """Remembers that the phone is proved; if the request breaks later, the same code proves it anew."""
        self._write(proved=phone, proved_at=clock.now().timestamp())

    def has_proved(self, phone: str) -> bool:
        return self.is_proved and self._data["proved"] == phone

    @property
    def is_proved(self) -> bool:
        """True for a while after any phone was proved: this visitor is no stranger."""
        age = clock.now().timestamp() - self._data.get("proved_at", 0)
        return bool(self._data.get("proved")) and age < PHONE_STAYS_PROVED.total_seconds()

    # A time that is held only after the phone is proved ------------------------------------------------------------

    def want(self, *, slot: UUID, service: AnyService, finish: bool) -> None:
        self._write(wanted={"slot": str(slot), "service": str(service.pk), "finish": finish}, proving="")

    @property
    def wanted(self) -> Wanted | None:
        wanted = self._data.get("wanted")
        return Wanted(UUID(wanted["slot"]), UUID(wanted["service"]), wanted["finish"]) if wanted else None

    def note_proving(self, phone: str) -> None:
        """Remembers the phone that has been sent a code; it need not be typed again among the details."""
        self._write(proving=phone, typed={**self.typed, "phone": phones.shown(phone)}, checked=None)

    @property
    def proving(self) -> str:
        return self._data.get("proving", "")

    # Instead of a code ----------------------------------------------------------------------------------------------

    def note_handed_over(self, request: UUID, until: datetime | None) -> None:
        """Remembers that the contact centre phones; the code may still come and be typed."""
        self._write(handed=[str(request), (until or clock.now()).isoformat()], hold=str(request))

    @property
    def handed(self) -> Handed | None:
        if not (handed := self._data.get("handed")):
            return None
        request, until = handed
        return Handed(UUID(request), datetime.fromisoformat(until))

    # The end ----------------------------------------------------------------------------------------------------

    def finish(self, appointment: Appointment) -> None:
        """Forgets what was typed; a form sent again leads to the same appointment."""
        proved = {name: self._data.get(name) for name in ("proved", "proved_at") if name in self._data}
        self._session[KEY] = self._data = {"made": str(appointment.pk), **proved}

    @property
    def made(self) -> UUID | None:
        return UUID(self._data["made"]) if self._data.get("made") else None


def _written(person: PersonData, representative: RepresentativeData | None) -> dict:
    born = {"birth_date": person.birth_date.isoformat()}
    return {"person": asdict(person) | born, "representative": representative and asdict(representative)}


def _read(person: dict, representative: dict | None) -> Checked:
    born = {"birth_date": date.fromisoformat(person["birth_date"])}
    acts = representative and {**representative, "relation": Relation(representative["relation"])}
    return Checked(PersonData(**person | born), RepresentativeData(**acts) if acts else None)
