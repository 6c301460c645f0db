"""Deeds about visits: holds, booking through every channel, moves, ends, and the steps of the day."""

import booking
from foundation.accounts.actors import Actor
from patients.data import PersonData, Seen
from patients.models import Patient
from scheduling.choices import CancelReason, HoldReason
from scheduling.models import Appointment, AppointmentEvent, Slot
from tests import factories as make
from tests.any_order.world import World, pick
from tests.factories.visits import papers_of
from waitlist.models import WaitlistRequest
from worklist import duty

FORMS = [HoldReason.SITE_FORM, HoldReason.DESK, HoldReason.CALL]


def hold(world: World, first: int, second: int) -> None:
    by = [*world.visitors, *world.desk][second % 4]
    service, reason = world.services[second % 2], FORMS[first % 3]
    booking.hold(slot=world.slot(first).pk, service=service, reason=reason, by=by)


def hold_on_site(world: World, first: int, second: int) -> None:
    """Each visitor from a network of their own."""
    by = world.visitors[second % 2]
    booking.hold_on_site(slot=world.slot(first).pk, service=world.services[second % 2], by=by, proved=first % 2 == 0)


def free_hold(world: World, first: int, second: int) -> None:
    held = pick(Slot.objects.filter(hold_token__isnull=False).order_by("pk"), first)
    booking.free_hold(token=held.hold_token, by=world.desk[0])


def drop_hold(world: World, first: int, second: int) -> None:
    held = pick(
        Slot.objects.filter(hold_reason__in=[*FORMS, HoldReason.SITE_PROVED, HoldReason.HANDED_OVER]).order_by("pk"),
        first,
    )
    booking.drop_hold(token=held.hold_token, by=make.TEST)


def at_desk(world: World, first: int, second: int) -> None:
    """Every other time by whoever holds the time."""
    slot, patient = world.slot(first), world.patients[second % 4]
    mother = world.mother_of(patient)
    booking.at_desk(
        slot=slot.pk,
        service=world.services[first % 2],
        patient=patient,
        representative=mother,
        seen=papers_of(patient, mother, slot.starts_at.date()),
        hold=slot.hold_token if second % 2 else None,
        key=f"desk {second}",
        by=world.desk[0],
    )


def by_phone(world: World, first: int, second: int) -> None:
    patient = world.patients[second % 4]
    booking.by_phone(
        slot=world.slot(first).pk,
        service=world.services[first % 2],
        patient=patient,
        representative=world.mother_of(patient),
        by=world.operators[0],
    )


def on_site(world: World, first: int, second: int) -> None:
    """A visitor whose phone has been proved, known to the clinic by name and birth."""
    slot, patient = world.slot(first), world.patients[second % 4]
    booking.on_site(
        slot=slot.pk,
        service=world.services[0].pk,
        person=person(patient),
        representative=make.representative() if world.mother_of(patient) else None,
        consent_text="Согласен",
        key=f"site {second}",
        code=None,
        hold=slot.hold_token if second % 2 else None,
        by=world.visitors[0],
    )


def person(of: Patient) -> PersonData:
    names = (name for name in PersonData.__dataclass_fields__ if name not in ("phone", "sex"))
    return make.person(**{name: getattr(of, name) for name in names}, phone=of.phone.as_e164)


def hand_over_time(world: World, first: int, second: int) -> None:
    """To a contact centre in which somebody is."""
    duty.note(world.operators[0])
    slot, patient = world.slot(first), world.patients[second % 4]
    booking.hand_over_time(
        slot=slot.pk,
        service=world.services[0],
        hold=slot.hold_token or slot.pk,
        person=person(patient),
        representative=make.representative() if world.mother_of(patient) else None,
        consent_text="Согласен",
        by=world.visitors[0],
    )


def from_request(world: World, first: int, second: int) -> None:
    row = pick(WaitlistRequest.objects.filter(slot__isnull=False).order_by("pk"), first)
    booking.from_request(request=row.pk, by=world.operators[0])


def by_doctor(world: World, first: int, second: int) -> None:
    earlier = world.visit(second, "fulfilled")
    booking.by_doctor(slot=world.slot(first).pk, service=earlier.service, follow_up_of=earlier, by=make.TEST)


def overbook(world: World, first: int, second: int) -> None:
    slot, patient = world.slot(first), world.patients[second % 4]
    mother = world.mother_of(patient)
    booking.overbook(
        patient=patient,
        service=world.services[first % 2],
        doctor=slot.doctor,
        room=slot.shift.room,
        starts_at=slot.starts_at,
        reason="острая боль",
        channel="registry",
        representative=mother,
        seen=papers_of(patient, mother, slot.starts_at.date()),
        by=world.desk[0],
    )


def move(world: World, first: int, second: int) -> None:
    booking.move(appointment=world.visit(first).pk, to_slot=world.slot(second).pk, by=world.desk[0])


def cancel(world: World, first: int, second: int) -> None:
    visit = world.visit(first, "booked", "arrived")
    booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=world.desk[0])


def enter_in_error(world: World, first: int, second: int) -> None:
    visit = world.visit(first, "booked", "arrived", "noshow")
    booking.enter_in_error(appointment=visit.pk, note="не тот", by=world.desk[0])


def shown(visit: Appointment) -> list[Seen]:
    return list(papers_of(visit.patient, visit.representation, visit.starts_at.date()))


def undo(world: World, first: int, second: int) -> None:
    """The last step of anybody, undone by whoever made it."""
    people = {person.ref: person for person in (*world.desk, *world.operators)}
    step = pick(AppointmentEvent.objects.filter(actor__in=people).order_by("-id")[:1], 0)
    booking.undo(appointment=step.appointment_id, step=step.kind, by=people[step.actor])


def check_in(world: World, first: int, second: int) -> None:
    visit = world.visit(first, "booked", "noshow")
    booking.check_in(appointment=visit.pk, seen=shown(visit), by=doer(world, second))


def doer(world: World, number: int) -> Actor:
    return world.desk[number % 2]


def take_back(world: World, first: int, second: int) -> None:
    visit = world.visit(first, "arrived", "checked-in", "fulfilled", "noshow")
    booking.take_back(appointment=visit.pk, status=visit.status, reason="ошибка", by=doer(world, second))


def reinstate(world: World, first: int, second: int) -> None:
    booking.reinstate(appointment=world.visit(first, "cancelled").pk, by=doer(world, second))


def start(world: World, first: int, second: int) -> None:
    booking.start(appointment=world.visit(first, "booked", "arrived").pk, by=doer(world, second))


def finish(world: World, first: int, second: int) -> None:
    booking.finish(appointment=world.visit(first, "booked", "arrived", "checked-in").pk, by=doer(world, second))


def mark_noshow(world: World, first: int, second: int) -> None:
    booking.mark_noshow(appointment=world.visit(first).pk, by=doer(world, second))


def confirm(world: World, first: int, second: int) -> None:
    booking.confirm(appointment=world.visit(first).pk, by=doer(world, second))


def mark_informed(world: World, first: int, second: int) -> None:
    booking.mark_informed(appointment=world.visit(first).pk, by=doer(world, second))
