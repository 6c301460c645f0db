"""Forms that are sent twice, and visits that are moved through the verbs."""

from datetime import timedelta

import pytest
from django.utils import timezone

import booking
from patients.choices import Channel, DocumentKind, Relation
from patients.data import PowerData, Seen
from patients.demandable import Demandable
from patients.errors import PowerOfAttorneyInvalid, RepresentativeNeeded
from scheduling.choices import HoldReason
from scheduling.errors import (
    AgeNotServed,
    IdempotencyConflict,
    NoEarlierVisit,
    PatientBusy,
    SlotTaken,
    TooYoungForSite,
)
from scheduling.models import Appointment
from tests import factories as make

pytestmark = pytest.mark.django_db

BIRTH = Seen(document=Demandable.BIRTH_CERTIFICATE, kind=DocumentKind.BIRTH_CERTIFICATE)


@pytest.fixture
def slots():
    first, second = make.service(), make.service(name="Консультация")
    return make.slots_of(make.shift(make.doctor(first, second), slots=6))


@pytest.fixture
def form(slots):
    """Returns the form of a child at the desk."""
    child = make.child()
    return {
        "slot": slots[0].pk,
        "service": slots[0].doctor.services.order_by("name").first(),
        "patient": child,
        "representative": make.parent_of(child),
        "seen": [make.PASSPORT, BIRTH],
        "by": make.TEST,
        "key": "k1",
    }


def test_the_same_form_gives_the_same_visit_in_whatever_order_the_papers_were_ticked(form):
    visit = booking.at_desk(**form)
    assert booking.at_desk(**form | {"seen": [BIRTH, make.PASSPORT]}) == visit
    assert Appointment.objects.count() == 1


CHANGED = {
    "slot": lambda form, slots: slots[1].pk,
    "service": lambda form, slots: slots[0].doctor.services.order_by("name").last(),
    "patient": lambda form, slots: make.child(),
    "seen": lambda form, slots: [make.PASSPORT],
    "another who acts": lambda form, slots: make.parent_of(form["patient"], Relation.GUARDIAN),
    "who acts, typed anew": lambda form, slots: make.representative(Relation.GUARDIAN),
    "nobody acts": lambda form, slots: None,
    "follow_up_of": lambda form, slots: make.appointment(),
}


@pytest.mark.parametrize("what", CHANGED)
def test_a_form_with_other_contents_is_another_form(form, slots, what):
    booking.at_desk(**form)
    name = "representative" if "acts" in what else what
    with pytest.raises(IdempotencyConflict):
        booking.at_desk(**form | {name: CHANGED[what](form, slots)})
    assert Appointment.objects.filter(idempotency_key="k1").count() == 1


def test_a_form_of_another_channel_is_another_form(form):
    booking.at_desk(**form)
    with pytest.raises(IdempotencyConflict):
        booking.by_phone(**{name: value for name, value in form.items() if name != "seen"})


def test_who_was_typed_anew_twice_is_the_same_form(form):
    typed = form | {"representative": make.representative()}
    assert booking.at_desk(**typed) == booking.at_desk(**typed)


def test_a_visit_is_moved_to_the_time_that_was_kept_for_it(slots):
    visit = make.appointment(slots[0])
    kept = booking.hold(slot=slots[2].pk, service=visit.service, reason=HoldReason.DESK, by=make.TEST)
    with pytest.raises(SlotTaken):
        booking.move(appointment=visit.pk, to_slot=slots[2].pk, by=make.TEST)
    moved = booking.move(appointment=visit.pk, to_slot=slots[2].pk, by=make.TEST, hold=kept, reason="по просьбе")
    assert (moved.pk, moved.starts_at) == (visit.pk, slots[2].starts_at)
    assert moved.events.latest("id").reason == "по просьбе"
    again = booking.move(appointment=visit.pk, to_slot=slots[2].pk, by=make.TEST)
    assert (again, again.events.filter(kind="moved").count()) == (visit, 1)


def test_a_visit_over_a_busy_time_is_moved_to_a_time_of_its_own(slots):
    """There the database keeps others out again."""
    busy = make.appointment(slots[0])
    over = make.overbooked(busy, patient=make.patient(last_name="Яшин"))
    moved = booking.move(appointment=over.pk, to_slot=slots[2].pk, by=make.TEST)
    assert (moved.overbooked, moved.overbook_reason, list(moved.slots.all())) == (False, "", [slots[2]])


def test_a_follow_up_is_not_moved_before_the_visit_it_follows():
    first = make.appointment(make.slots_of(make.shift(make.doctor(), days=3))[0])
    make.seen(first)
    done = Appointment.objects.get()
    visit = make.follow_up(make.slots_of(make.shift(first.doctor, days=14))[0], of=done)
    before, after = (make.slots_of(make.shift(first.doctor, days=days))[0] for days in (2, 7))
    with pytest.raises(NoEarlierVisit):
        booking.move(appointment=visit.pk, to_slot=before.pk, by=make.TEST)
    assert booking.move(appointment=visit.pk, to_slot=after.pk, by=make.TEST).starts_at == after.starts_at


def test_a_visit_is_not_moved_to_where_its_patient_is_already(slots):
    visit = make.appointment(slots[0])
    elsewhere = make.slots_of(make.shift(make.doctor(visit.service), slots=2))
    make.appointment(elsewhere[1], of=visit.patient)
    with pytest.raises(PatientBusy):
        booking.move(appointment=visit.pk, to_slot=slots[1].pk, by=make.TEST)
    assert booking.move(appointment=visit.pk, to_slot=slots[2].pk, by=make.TEST).starts_at == slots[2].starts_at


def of_age_in(days, years=18):
    """A patient whose birthday is so many days from today."""
    return make.patient(birth_date=make.born(years, on=timezone.localdate() + timedelta(days=days)))


def test_d16_whoever_comes_of_age_before_the_new_time_is_moved_and_comes_without_a_representative(slots):
    young = of_age_in(5)
    visit = make.appointment(slots[0], of=young, representative=make.parent_of(young))
    sooner, later = (make.slots_of(make.shift(slots[0].doctor, days=days))[0] for days in (4, 5))
    moved = booking.move(appointment=visit.pk, to_slot=sooner.pk, by=make.TEST)
    assert moved.representation == visit.representation
    booking.move(appointment=visit.pk, to_slot=later.pk, by=make.TEST)
    assert Appointment.objects.get().representation is None


def by_phone(slot, patient, **given):
    service = slot.doctor.services.first()
    return booking.by_phone(slot=slot.pk, service=service, patient=patient, by=make.TEST, **given)


def on_day(visit, days):
    return make.slots_of(make.shift(visit.doctor, days=days))[0].pk


def test_d10_a_visit_alone_is_not_moved_by_its_link_to_a_day_before_the_patient_is_of_age():
    """A registrar may move it there: at the desk people of 17 come for themselves."""
    visit = by_phone(make.slots_of(make.shift(make.doctor(), days=20))[0], of_age_in(10))
    move = {"appointment": visit.pk, "by": make.TEST}
    with pytest.raises(TooYoungForSite):
        booking.move(**move, to_slot=on_day(visit, 9), channel=Channel.SITE)
    assert Appointment.objects.get().starts_at == visit.starts_at
    assert booking.move(**move, to_slot=on_day(visit, 10), channel=Channel.SITE).starts_at == make.moment(10, "09:00")
    assert booking.move(**move, to_slot=on_day(visit, 3), channel=Channel.REGISTRY).starts_at == make.moment(3, "09:00")


def test_d10_a_visit_booked_on_the_site_is_judged_as_one_of_the_site():
    visit = by_phone(make.slots_of(make.shift(make.doctor(), days=20))[0], of_age_in(10))
    Appointment.objects.update(channel=Channel.SITE)
    with pytest.raises(TooYoungForSite):
        booking.move(appointment=visit.pk, to_slot=on_day(visit, 3), by=make.TEST)


def test_d11_a_child_does_not_come_alone_to_an_earlier_day():
    visit = by_phone(make.slots_of(make.shift(make.doctor(), days=20))[0], of_age_in(10, years=14))
    with pytest.raises(RepresentativeNeeded):
        booking.move(appointment=visit.pk, to_slot=on_day(visit, 9), by=make.TEST)
    moved = booking.move(appointment=visit.pk, to_slot=on_day(visit, 10), by=make.TEST)
    assert moved.starts_at == make.moment(10, "09:00")


def test_a_patient_is_not_moved_to_a_doctor_who_does_not_see_this_age():
    visit = by_phone(make.slots_of(make.shift(make.doctor(), days=20))[0], make.patient())
    childrens = make.slots_of(make.shift(make.doctor(visit.service, max_age=17), days=3))[0]
    with pytest.raises(AgeNotServed):
        booking.move(appointment=visit.pk, to_slot=childrens.pk, by=make.TEST)


def nanny(child, *, until):
    """A nanny with a power of attorney that lasts so many days."""
    today = timezone.localdate()
    power = PowerData(principal_name="Орлова", signed_on=today, valid_until=today + timedelta(days=until))
    return make.parent_of(child, Relation.ATTORNEY, power=power)


def test_t81_a_power_of_attorney_is_in_force_on_the_new_day_too():
    child, slot = make.child(), make.slots_of(make.shift(make.doctor(), days=5))[0]
    visit = make.appointment(slot, of=child, representative=nanny(child, until=7))
    with pytest.raises(PowerOfAttorneyInvalid, match="внесите другую"):
        booking.move(appointment=visit.pk, to_slot=on_day(visit, 8), by=make.TEST)
    assert booking.move(appointment=visit.pk, to_slot=on_day(visit, 7), by=make.TEST).representation is not None


def test_a_power_of_attorney_that_was_never_shown_is_brought_to_the_visit():
    """By phone nothing is shown; the papers are asked for on the day (R16)."""
    child, slot = make.child(), make.slots_of(make.shift(make.doctor(), days=5))[0]
    visit = by_phone(slot, child, representative=make.representative(Relation.ATTORNEY))
    moved = booking.move(appointment=visit.pk, to_slot=on_day(visit, 8), by=make.TEST)
    assert moved.starts_at == make.moment(8, "09:00")


def test_a_visit_entered_in_error_is_marked_so_with_the_reason():
    visit, by = make.appointment(), make.actor()
    wrong = booking.enter_in_error(appointment=visit.pk, note="не тот пациент", by=by)
    event = wrong.events.latest("id")
    assert (wrong, wrong.status) == (visit, "entered-in-error")
    assert (event.kind, event.reason, event.actor) == ("entered_in_error", "не тот пациент", by.ref)
