"""Any booking ends the wish that it meets, in every channel, with its offer and the call about it (W22, R25)."""

from datetime import date

import pytest

import booking
from foundation.audit.models import AuditEvent
from scheduling.errors import SlotTaken
from tests import factories as make
from tests import phoning
from tests.booking.t91.making import WAYS
from tests.booking.t91.world import DAY, World
from waitlist import matching
from waitlist.choices import CallOutcome, EntryState, OfferState
from waitlist.errors import EntryClosed
from waitlist.models import WaitlistEntry
from worklist.choices import TaskState
from worklist.models import Claim, Task

pytestmark = pytest.mark.django_db

CHANNELS = sorted(WAYS.keys() - {"move", "from_entry", "from_offer"})
"""The verbs that make a visit for whoever waits, beside those that are about an entry."""


@pytest.fixture
def world():
    return World()


def waiting(world, **wishes):
    return make.entry(world.service.specialty, who=world.patient, **wishes)


def offered(world, days=DAY + 5):
    """The offer of another time to the patient, who waits."""
    return matching.offer_slot(slot=world.elsewhere(days=days).pk)


@pytest.mark.parametrize("channel", CHANNELS)
def test_it_is_closed_with_a_link_to_the_visit(world, channel):
    book = WAYS[channel](world)
    entry = waiting(world)
    visit = book()
    entry.refresh_from_db()
    assert (entry.state, entry.appointment_id, entry.closed_by) == (EntryState.BOOKED, visit.pk, visit_by(visit))
    told = AuditEvent.objects.get(action="waitlist.booked")
    assert (told.actor, told.patient, told.object_ref) == (visit_by(visit), world.patient.pk, str(entry.pk))


def visit_by(visit):
    return visit.events.order_by("id").last().actor


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_offer_and_its_call_end_and_its_time_goes_round(world, channel):
    book = WAYS[channel](world)
    waiting(world)
    offer = offered(world)
    visit = book()
    offer.refresh_from_db()
    assert (offer.state, offer.slot.hold_token) == (OfferState.WITHDRAWN, None)
    task = Task.objects.get(pk=offer.task_id)
    assert (task.state, task.closed_by) == (TaskState.DROPPED, visit_by(visit))
    assert matching.offer_slot(slot=offer.slot_id) is None, "nobody else waits"
    assert make.entry(world.service.specialty)
    assert matching.offer_slot(slot=offer.slot_id)


def test_whoever_calls_about_it_hears_that_the_wish_is_ended_and_their_word_is_kept(world, settings):
    settings.TIMES_PER_CALL = 1
    waiting(world)
    offer = phoning.claim(offer=offered(world).pk, by=world.operator)
    visit = WAYS["at_desk"](world)()
    with pytest.raises(EntryClosed):
        booking.from_offer(offer=offer.pk, by=world.operator)
    booking.finish_call(offer=offer.pk, outcome=CallOutcome.NO_ANSWER, by=world.operator)
    assert phoning.claim_next(by=world.operator) is None
    assert WaitlistEntry.objects.get().appointment_id == visit.pk


def test_who_books_in_their_own_call_has_their_hands_free(world, settings):
    settings.TIMES_PER_CALL = 1
    waiting(world)
    phoning.claim(offer=offered(world).pk, by=world.operator)
    WAYS["by_phone"](world)()
    assert not Claim.objects.exists()


def test_a_wish_for_another_service_stands(world):
    """The control for a named service: the same one ends the wish."""
    laser = make.service(world.service.specialty, name="Лазер")
    make.doctor(laser)
    waits = waiting(world, service=laser)
    WAYS["by_doctor"](world)()
    waits.refresh_from_db()
    assert (waits.state, waits.appointment) == (EntryState.WAITING, None)
    booking.remove_entry(entry=waits.pk, reason="передумал", by=world.operator)
    waits = waiting(world, service=world.service)
    make.appointment(world.elsewhere(days=9), of=world.patient, service=world.service)
    waits.refresh_from_db()
    assert waits.state == EntryState.BOOKED


def request_of(world, patient=None, **columns):
    """A request of the world's patient that no operator has entered yet."""
    known = {name: getattr(world.patient, name) for name in ("last_name", "first_name", "patronymic", "birth_date")}
    person = make.person(**known | {"phone": world.patient.phone.as_e164} | columns)
    wishes = make.wishes(world.service.specialty)
    return booking.hand_over(person=person, wishes=wishes, channel="registry", patient=patient, by=world.registrar)


@pytest.mark.parametrize("known", [True, False], ids=["of the register", "as typed on the site"])
@pytest.mark.parametrize("channel", [channel for channel in CHANNELS if channel != "from_request"])
def test_a_request_that_nobody_has_entered_is_closed_with_a_link(world, channel, known):
    book = WAYS[channel](world)
    request = request_of(world, world.patient if known else None)
    visit = book()
    request.refresh_from_db()
    assert (request.state, request.appointment, request.patient) == ("booked", visit, world.patient)
    assert request.handled_by == visit_by(visit)


@pytest.mark.parametrize(
    "other", [{"last_name": "Белова"}, {"phone": "+79210009988"}, {"birth_date": date(1971, 1, 1)}], ids=str
)
def test_a_request_of_somebody_else_stays(world, other):
    book = WAYS["at_desk"](world)
    request = request_of(world, **other)
    book()
    request.refresh_from_db()
    assert (request.state, request.appointment) == ("handed_over", None)


def test_a_request_for_an_earlier_time_stays_until_it_is_met(world):
    visit = make.appointment(world.slot, of=world.patient, service=world.service)
    request = request_of(world, world.patient)
    make.appointment(world.elsewhere(days=DAY + 3), of=world.patient, service=world.service)
    request.refresh_from_db()
    assert request.state == "handed_over"
    booking.move(appointment=visit.pk, to_slot=world.elsewhere(days=DAY - 1).pk, by=world.registrar)
    request.refresh_from_db()
    assert (request.state, request.appointment) == ("booked", visit)


def test_a_request_waits_again_when_the_booking_is_undone(world, settings):
    settings.UNDO_SECONDS = 10
    book = WAYS["at_desk"](world)
    request = request_of(world, world.patient)
    visit = book()
    booking.undo(appointment=visit.pk, step="booked", by=world.registrar)
    request.refresh_from_db()
    assert (request.state, request.appointment, request.handled_at) == ("handed_over", None, None)


def test_so_do_wishes_in_another_specialty_and_of_other_people(world):
    hair = make.entry(make.specialty("Трихология", "трихолог"), who=world.patient)
    other = make.entry(world.service.specialty)
    WAYS["at_desk"](world)()
    assert {entry.state for entry in WaitlistEntry.objects.filter(pk__in=[hair.pk, other.pk])} == {EntryState.WAITING}


@pytest.mark.parametrize(("days", "ends"), [(DAY - 1, True), (DAY + 1, False)])
def test_a_move_ends_it_by_an_earlier_time_alone(world, days, ends):
    visit = make.appointment(world.slot, of=world.patient, service=world.service)
    entry = waiting(world)
    booking.move(appointment=visit.pk, to_slot=world.elsewhere(days=days).pk, by=world.registrar)
    entry.refresh_from_db()
    assert (entry.state, entry.appointment_id) == (
        (EntryState.BOOKED, visit.pk) if ends else (EntryState.WAITING, None)
    )


def test_one_visit_ends_one_wish_after_another(world):
    waiting(world)
    visit = make.appointment(world.slot, of=world.patient, service=world.service)
    waiting(world)
    booking.move(appointment=visit.pk, to_slot=world.elsewhere(days=DAY - 1).pk, by=world.registrar)
    assert list(visit.waitlist_entries.values_list("state", flat=True)) == [EntryState.BOOKED] * 2


def test_a_booking_that_is_refused_ends_nothing(world):
    book = WAYS["at_desk"](world)
    entry, offer = waiting(world), offered(world)
    make.appointment(world.slot)
    with pytest.raises(SlotTaken):
        book()
    entry.refresh_from_db()
    offer.refresh_from_db()
    assert (entry.state, offer.state) == (EntryState.OFFERED, OfferState.PROPOSED)


@pytest.mark.parametrize("step", ["booked", "moved"])
def test_whose_step_is_undone_waits_again(world, step, settings):
    settings.UNDO_SECONDS = 10
    if step == "moved":
        visit = make.appointment(world.slot, of=world.patient, service=world.service, by=world.registrar)
    entry = waiting(world)
    if step == "moved":
        visit = booking.move(appointment=visit.pk, to_slot=world.elsewhere(days=DAY - 1).pk, by=world.registrar)
    else:
        visit = make.appointment(world.slot, of=world.patient, service=world.service, by=world.registrar)
    entry.refresh_from_db()
    assert entry.state == EntryState.BOOKED
    booking.undo(appointment=visit.pk, step=step, by=world.registrar)
    entry.refresh_from_db()
    assert (entry.state, entry.appointment) == (EntryState.WAITING, None)
