"""Steps shared by the verbs that book: lock the time, record who acts, call the gate, write, in this order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from booking import gate
from booking.gate import Case, Check
from foundation.accounts.actors import Actor
from patients.acting import acting_on
from patients.actions import papers, representations
from patients.choices import Channel
from patients.data import OtherAdult, PowerData, RepresentativeData, Seen
from patients.models import Patient, Representation
from scheduling.actions.appointments import make
from scheduling.actions.appointments.forms import digest_of
from scheduling.actions.appointments.make import Time
from scheduling.choices import VisitKind
from scheduling.errors import AlreadyBooked
from scheduling.models import Appointment, Service
from scheduling.queries.another_first import booked_already
from waitlist.actions import met
from waitlist.actions.met import MetWish

Representative = Representation | RepresentativeData
"""A representative recorded before, or typed now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """The contents of a visit that was agreed for a patient of the register, but for its time."""

    service: Service
    patient: Patient
    channel: Channel
    by: Actor
    representative: Representative | None = None
    """One who was recorded before falls away when they no longer act on the day of the visit."""
    power: PowerData | None = None
    """A power of attorney that was shown now."""
    for_other: OtherAdult | None = None
    """Who applies, when an adult books for another adult."""
    follow_up_of: Appointment | None = None
    seen: Sequence[Seen] = ()
    key: str | None = None
    """The key of the form, the same when it is sent twice."""
    unless_booked: bool = False
    """True while nobody has said that the patient wants one more first visit like one that is ahead."""
    remind: bool = False
    """True when the patient agreed to be reminded of it by SMS."""
    note: str = ""
    """What whoever booked it wrote down of the talk: its history shows that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVisit(Agreed):
    """A visit to be booked from this slot on."""

    slot: UUID
    hold: UUID | None = None
    """The token of the caller's own hold, or of the offer."""
    offered: bool = False
    """True when the patient is phoned about this offer: nobody else opens its hold."""
    entry: UUID | None = None
    """The entry of the waitlist that the verb closes itself."""


def book_with_entry(new: NewVisit) -> Appointment:
    """Books the visit and writes its registry entry, for the desk and the contact centre (R8, R9, R13, R16)."""
    digest = digest_with(new, slot=new.slot)
    wish = _locked_wish(new)
    time = _locked(new, digest)
    if isinstance(time, Appointment):
        return time
    return write_with_entry(new, time, wish=wish, digest=digest)


def write_with_entry(
    agreed: Agreed, time: Time, *, wish: MetWish | None, digest: str, overbook_reason: str = ""
) -> Appointment:
    """Writes the visit at a locked time and its registry entry, if the gate lets it through.

    `wish` is what the visit ends, of `met.lock`.
    """
    case = _checked(agreed, time)
    before = papers.shown_before(case.seen, patient=case.patient, representation=case.representation)
    booked = write(
        case,
        wish=wish,
        by=agreed.by,
        key=agreed.key,
        digest=digest,
        overbook_reason=overbook_reason,
        remind=agreed.remind,
        note=agreed.note,
    )
    papers.record(
        patient=case.patient,
        applicant=case.applicant,
        channel=case.channel,
        seen=case.seen,
        by=agreed.by,
        representation=case.representation,
        visit_day=case.day,
        other_adult=agreed.for_other,
        before=before,
    )
    return booked


def book_without_entry(new: NewVisit, *, skip: Collection[Check] = ()) -> Appointment:
    """Books the visit without a registry entry; the gate leaves out the checks in `skip`."""
    digest = digest_with(new, slot=new.slot)
    wish = _locked_wish(new)
    time = _locked(new, digest)
    if isinstance(time, Appointment):
        return time
    case = _checked(new, time, skip=skip)
    return write(case, wish=wish, by=new.by, key=new.key, digest=digest, remind=new.remind)


def write(
    case: Case,
    *,
    wish: MetWish | None,
    by: Actor,
    key: str | None = None,
    digest: str = "",
    overbook_reason: str = "",
    remind: bool = False,
    note: str = "",
) -> Appointment:
    """Writes the visit of a case that the gate has let through, and ends the wish of the patient that it meets."""
    booked = make.write(
        case.time,
        patient=case.patient,
        representation=case.representation,
        service=case.service,
        channel=case.channel,
        follow_up_of=case.follow_up_of,
        by=by,
        key=key,
        digest=digest,
        overbook_reason=overbook_reason,
        remind=remind,
        note=note,
    )
    met.close(wish, visit=booked, by=by)
    return booked


def _locked_wish(new: NewVisit) -> MetWish | None:
    return met.lock(patient=new.patient.pk, service=new.service, by=new.by, but=new.entry)


def _locked(new: NewVisit, digest: str) -> Time | Appointment:
    return make.lock(
        slot=new.slot,
        service=new.service,
        patient=new.patient.pk,
        hold_token=new.hold,
        key=new.key,
        digest=digest,
        offered=new.offered,
    )


def _checked(new: Agreed, time: Time, *, skip: Collection[Check] = ()) -> Case:
    """Returns the case after the gate has let it through."""
    case = Case(
        time=time,
        service=new.service,
        patient=new.patient,
        representation=_representation(new, time.day),
        for_other=new.for_other is not None,
        channel=new.channel,
        follow_up_of=new.follow_up_of,
        seen=new.seen,
    )
    gate.check(case, skip=skip)
    if new.unless_booked:
        ask_about_another(case)
    return case


def ask_about_another(case: Case) -> None:
    """Asks about a first visit that repeats one which is ahead; a yes books it. Raises AlreadyBooked."""
    if case.time.another and case.visit_kind == VisitKind.FIRST:
        raise AlreadyBooked(booked_already(case.time.another))


def _representation(new: Agreed, day: date) -> Representation | None:
    """Records the representative together with the power of attorney they showed."""
    who, power, by = new.representative, new.power, new.by
    if isinstance(who, RepresentativeData):
        return representations.record(patient=new.patient, who=who, power=power, by=by)
    acts = acting_on(day, patient=new.patient, representation=who)
    if acts and power:
        return representations.record_power(representation=acts, power=power, by=by)
    return acts


def digest_with(new: Agreed, **where: object) -> str:
    """Returns the fingerprint of what was agreed, with the time and place that were chosen."""
    who = new.representative
    return digest_of(
        **where,
        patient=new.patient.pk,
        service=new.service.pk,
        channel=new.channel,
        visit_kind=VisitKind.FOLLOW_UP if new.follow_up_of else VisitKind.FIRST,
        representation=who.pk if isinstance(who, Representation) else who,
        seen=sorted(item.document for item in new.seen),
    )
