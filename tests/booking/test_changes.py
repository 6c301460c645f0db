"""Forms that are sent twice, and visits that are moved through the verbs."""

from datetime import timedelta

import pytest
from django.utils import timezone

import booking
from patients.choices import DocumentKind, Relation
from patients.data import Seen
from patients.demandable import Demandable
from scheduling.choices import HoldReason
from scheduling.errors import IdempotencyConflict, NoEarlierVisit, PatientBusy, SlotTaken
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


def test_a_follow_up_is_not_moved_before_the_visit_it_follows():
    first = make.appointment(make.slots_of(make.shift(make.doctor(), days=3))[0])
    booking.finish(appointment=first.pk, by=make.TEST)
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


def test_whoever_comes_of_age_before_the_new_time_is_moved_all_the_same(slots):
    """The people and papers of a visit are checked when it is made."""
    today = timezone.localdate()
    birthday = today + timedelta(days=5)
    young = make.patient(birth_date=birthday.replace(year=birthday.year - 18, day=min(birthday.day, 28)))
    visit = make.appointment(slots[0], of=young, representative=make.parent_of(young))
    later = make.slots_of(make.shift(slots[0].doctor, days=40))[0]
    assert booking.move(appointment=visit.pk, to_slot=later.pk, by=make.TEST).representation == visit.representation


def test_a_visit_entered_in_error_is_marked_so_with_the_reason():
    visit, by = make.appointment(), make.actor()
    wrong = booking.enter_in_error(appointment=visit.pk, note="не тот пациент", by=by)
    event = wrong.events.latest("id")
    assert (wrong, wrong.status) == (visit, "entered-in-error")
    assert (event.kind, event.reason, event.actor) == ("entered_in_error", "не тот пациент", by.ref)
