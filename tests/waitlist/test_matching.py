"""A freed slot finds its patient (R21–R25)."""

from datetime import date, time, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from foundation.changes import Changes
from patients.actions import register
from scheduling.actions import slots
from scheduling.choices import CancelReason, Misfit, ReleaseOutcome
from scheduling.models import Appointment, Slot, SlotRelease
from scheduling.queries.fit import Start
from tests import factories as make
from tests import phoning
from waitlist import at_once, matching
from waitlist.actions import calls, offers
from waitlist.choices import CallOutcome, EntryState, FreedOutcome, OfferState
from waitlist.errors import AlreadyWaiting, CallBackTimeNeeded, OutcomeNeeded, SlotsAreFree
from waitlist.fit import misfit, nearest_fits
from waitlist.models import CallAttempt, FreedTime, SlotOffer, WaitlistEntry
from worklist.errors import TaskClosed
from worklist.models import Claim, PhonedNumber

pytestmark = pytest.mark.django_db


@pytest.fixture
def full_day():
    """A doctor whose two slots in three days are booked."""
    shift = make.shift(make.doctor(), days=3, slots=2)
    return [make.appointment(slot) for slot in make.slots_of(shift)]


def cancel(booked):
    return booking.cancel(appointment=booked.pk, reason=CancelReason.PATIENT, by=make.TEST)


def specialty_of(booked):
    return booked.service.specialty


def test_a_freed_slot_is_proposed_to_the_first_in_line_and_locks_nothing(full_day):
    first, second = make.entry(specialty_of(full_day[0])), make.entry(specialty_of(full_day[0]))
    cancel(full_day[0])
    assert matching.match_freed() == 1
    offer = SlotOffer.objects.get()
    assert (offer.entry, offer.state) == (first, OfferState.PROPOSED)
    assert SlotRelease.objects.get().outcome == ReleaseOutcome.SOUGHT
    assert list(Slot.objects.free(timezone.now())) == [offer.slot]
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (EntryState.OFFERED, EntryState.WAITING)


def test_priority_comes_before_arrival(full_day):
    make.entry(specialty_of(full_day[0]))
    urgent = make.entry(specialty_of(full_day[0]), priority="1urgent")
    cancel(full_day[0])
    matching.match_freed()
    assert SlotOffer.objects.get().entry == urgent


@pytest.mark.parametrize(
    "unsuitable",
    [
        {"weekdays": "other"},
        {"time_until": time(9, 0)},
        {"time_from": time(9, 31)},
        {"date_from": "later"},
        {"date_until": "earlier"},
        {"doctor_ids": "other"},
        {"notice_minutes": 60 * 24 * 10},
    ],
    ids=lambda wish: next(iter(wish)),
)
def test_wishes_that_do_not_fit_are_passed_over(full_day, unsuitable):
    start = timezone.localtime(full_day[0].starts_at)
    replaced = {
        "weekdays": (start.isoweekday() % 7 + 1,),
        "date_from": start.date() + timedelta(days=1),
        "date_until": start.date() - timedelta(days=1),
        "doctor_ids": (make.doctor(full_day[0].service).pk,),
    }
    wish = {name: replaced[name] if isinstance(value, str) else value for name, value in unsuitable.items()}
    make.entry(specialty_of(full_day[0]), **wish)
    suits = make.entry(specialty_of(full_day[0]))
    cancel(full_day[0])
    matching.match_freed()
    assert SlotOffer.objects.get().entry == suits


def test_nobody_fits_leaves_the_slot_free(full_day):
    cancel(full_day[0])
    matching.match_freed()
    assert (SlotRelease.objects.get().outcome, SlotOffer.objects.count()) == (ReleaseOutcome.SOUGHT, 0)
    assert FreedTime.objects.get().look_at > timezone.now()
    assert Slot.objects.free(timezone.now()).count() == 1


def test_a_patient_busy_at_that_time_is_passed_over(full_day):
    elsewhere = make.shift(make.doctor(), days=3, slots=1)
    who = make.patient()
    make.appointment(make.slots_of(elsewhere)[0], of=who)
    make.entry(specialty_of(full_day[0]), who=who)
    cancel(full_day[0])
    matching.match_freed()
    assert not SlotOffer.objects.exists()


def test_a_slot_taken_before_matching_is_not_offered(full_day):
    make.entry(specialty_of(full_day[0]))
    cancel(full_day[0])
    make.appointment(Slot.objects.get(appointment=None))
    matching.match_freed()
    assert SlotRelease.objects.get().outcome == ReleaseOutcome.NOT_FREE


def test_a_long_service_may_begin_before_the_freed_slot():
    service = make.service(minutes=60)
    short = make.service(service.specialty, minutes=30)
    shift = make.shift(make.doctor(service, short), days=3, slots=4)
    first, second, *rest = make.slots_of(shift)
    booked = [make.appointment(slot, service=short) for slot in (second, *rest)]
    entry = make.entry(service.specialty, service=service)
    cancel(booked[0])
    matching.match_freed()
    offer = SlotOffer.objects.get()
    assert (offer.entry, offer.slot) == (entry, first)
    phoning.claim_next(by=make.actor(Role.OPERATOR))
    assert set(Slot.objects.filter(hold_token=offer.pk)) == {first, second}


def test_r24_the_operator_calls_logs_and_books(full_day):
    entry = make.entry(specialty_of(full_day[0]))
    cancel(full_day[0])
    matching.match_freed()
    operator = make.actor(Role.OPERATOR)
    offer = phoning.claim_next(by=operator)
    calls.finish(offer=offer.pk, outcome=CallOutcome.NO_ANSWER, by=operator)
    matching.match_freed()
    assert phoning.claim_next(by=operator) is None  # left in peace for a while, not lost
    PhonedNumber.objects.update(paused_until=timezone.now())
    FreedTime.objects.update(look_at=timezone.now())
    matching.match_freed()
    offer = phoning.claim_next(by=operator)
    booked = booking.from_offer(offer=offer.pk, by=operator, key="yes")
    entry.refresh_from_db()
    assert (entry.state, entry.appointment) == (EntryState.BOOKED, booked)
    assert list(CallAttempt.objects.order_by("id").values_list("outcome", flat=True)) == ["no_answer", "booked"]
    assert booking.from_offer(offer=offer.pk, by=operator, key="yes") == booked
    assert booked.channel == "phone"


def test_whoever_is_not_reached_keeps_their_place_while_the_next_is_asked(full_day):
    entry = make.entry(specialty_of(full_day[0]))
    next_in_line = make.entry(specialty_of(full_day[0]))
    cancel(full_day[0])
    matching.match_freed()
    operator = make.actor(Role.OPERATOR)
    calls.finish(offer=phoning.claim_next(by=operator).pk, outcome=CallOutcome.BUSY, by=operator)
    entry.refresh_from_db()
    assert entry.state == EntryState.WAITING
    matching.match_freed()
    assert SlotOffer.objects.get(state=OfferState.PROPOSED).entry == next_in_line


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (CallOutcome.DECLINED_SLOT, EntryState.WAITING),
        (CallOutcome.DECLINED_ALL, EntryState.REMOVED),
        (CallOutcome.WRONG_NUMBER, EntryState.UNREACHABLE),
    ],
)
def test_a_no_frees_the_slot_and_settles_the_entry(full_day, outcome, state):
    entry = make.entry(specialty_of(full_day[0]))
    cancel(full_day[0])
    matching.match_freed()
    operator = make.actor(Role.OPERATOR)
    calls.finish(offer=phoning.claim_next(by=operator).pk, outcome=outcome, by=operator)
    entry.refresh_from_db()
    assert entry.state == state
    assert Slot.objects.free(timezone.now()).count() == 1
    matching.match_freed()
    assert SlotOffer.objects.count() == 1  # the same time is not offered to the same patient again


def test_an_outcome_is_mandatory_and_a_call_back_has_a_time(full_day):
    make.entry(specialty_of(full_day[0]))
    cancel(full_day[0])
    matching.match_freed()
    operator = make.actor(Role.OPERATOR)
    offer = phoning.claim_next(by=operator)
    with pytest.raises(OutcomeNeeded):
        calls.finish(offer=offer.pk, outcome="", by=operator)
    with pytest.raises(CallBackTimeNeeded):
        calls.finish(offer=offer.pk, outcome=CallOutcome.CALL_BACK, by=operator)


def test_a_proposal_nobody_made_is_ranked_anew(full_day):
    first, urgent = make.entry(specialty_of(full_day[0])), make.entry(specialty_of(full_day[0]))
    cancel(full_day[0])
    matching.match_freed()
    offer = SlotOffer.objects.get()
    offers.return_lapsed(now=offer.expires_at)
    first.refresh_from_db()
    assert first.state == EntryState.WAITING
    WaitlistEntry.objects.filter(pk=urgent.pk).update(
        priority="1urgent", urgent_reason="боль", urgent_by_name="Вера", urgent_at=timezone.now()
    )
    matching.match_freed()
    assert SlotOffer.objects.get(state=OfferState.PROPOSED).entry == urgent
    with pytest.raises(TaskClosed):
        phoning.claim(offer=offer.pk, by=make.actor(Role.OPERATOR))


def test_t09_a_dead_browsers_call_returns(full_day):
    make.entry(specialty_of(full_day[0]))
    cancel(full_day[0])
    matching.match_freed()
    gone, other = make.actor(Role.OPERATOR), make.actor(Role.OPERATOR)
    offer = phoning.claim_next(by=gone)
    assert phoning.claim_next(by=other) is None
    offers.return_lapsed(now=Claim.objects.get().until)
    assert phoning.claim_next(by=other) == offer
    assert not phoning.keep_alive(offer=offer.pk, by=gone)


def test_t82_while_something_is_free_it_is_offered_first():
    shift = make.shift(make.doctor(), slots=2)
    specialty = shift.doctor.services.first().specialty
    with pytest.raises(SlotsAreFree) as refused:
        booking.join_waitlist(patient=make.patient(), wishes=make.wishes(specialty), by=make.TEST)
    assert [slot.pk for slot in refused.value.slots] == [slot.pk for slot in make.slots_of(shift)]
    assert booking.join_waitlist(patient=make.patient(), wishes=make.wishes(specialty), by=make.TEST, none_suits=True)


def test_a_corrected_birth_date_is_the_one_matching_sees():
    entry = make.entry(make.specialty())
    born = Changes({"birth_date": date(2019, 3, 1)})
    register.correct(patient=entry.patient, changes=born, by=make.TEST)
    entry.refresh_from_db()
    assert entry.birth_date == date(2019, 3, 1)


def test_a_patient_waits_once_for_a_specialty():
    entry = make.entry(make.specialty())
    with pytest.raises(AlreadyWaiting) as refused:
        make.entry(entry.specialty, who=entry.patient)
    assert refused.value.entry == entry


def test_a_doctor_who_gives_nothing_does_not_stop_the_others(full_day):
    make.entry(specialty_of(full_day[0]))
    idle = make.shift(make.doctor(), days=3, slots=1)
    idle.doctor.services.update(active=False)
    slots.announce(make.slots_of(idle), reason="published")
    cancel(full_day[0])
    assert matching.match_freed() == 2
    assert (SlotOffer.objects.count(), SlotRelease.objects.filter(outcome="sought").count()) == (1, 2)


def test_a_booked_offer_frees_nothing(full_day):
    entry = make.entry(specialty_of(full_day[0]))
    cancel(full_day[0])
    matching.match_freed()
    operator = make.actor(Role.OPERATOR)
    booking.from_offer(offer=phoning.claim_next(by=operator).pk, by=operator)
    matching.match_freed()
    assert (SlotRelease.objects.count(), FreedTime.objects.get().outcome) == (1, FreedOutcome.FILLED)
    entry.refresh_from_db()
    assert entry.appointment.slots.count() == 1


def test_a_lost_release_is_found_by_reconciliation(full_day):
    entry = make.entry(specialty_of(full_day[0]))
    cancel(full_day[0])
    SlotRelease.objects.all().delete()
    assert at_once.reconcile() == 1
    matching.match_freed()
    assert SlotOffer.objects.get().entry == entry


def test_a_time_fits_by_the_age_on_its_day():
    """A patient who comes of age between two visits is offered the later one by a doctor of adults."""
    service, birthday = make.service(), timezone.localdate() + timedelta(days=3)
    adults = make.doctor(service, min_age=18)
    make.shift(adults, days=2, slots=1)
    later = make.slots_of(make.shift(adults, days=3, slots=1))
    almost = make.patient(birth_date=make.born(18, on=birthday))
    fits = nearest_fits(make.wishes(service.specialty), patient=almost)
    assert [fit.slot.pk for fit in fits] == [slot.pk for slot in later]


@pytest.mark.parametrize(
    ("ages", "offered"), [({"min_age": 18}, [10, 20]), ({"max_age": 17}, [9])], ids=["d14 adults", "d15 children"]
)
def test_d14_d15_a_freed_time_is_offered_by_the_age_on_its_day(ages, offered):
    service = make.service()
    free = {
        days: make.slots_of(make.shift(make.doctor(service, **ages), days=days, slots=1))[0] for days in (9, 10, 20)
    }
    for days in free:
        young = make.patient(birth_date=make.born(18, on=make.moment(10).date()), first_name=f"Ян {days}")
        make.entry(service.specialty, who=young)
    for slot in free.values():
        matching.offer_slot(slot=slot.pk)
    assert {days for days, slot in free.items() if slot.offers.exists()} == set(offered)


@pytest.fixture
def from_half_past_four():
    """A doctor who gives a long and a short service; an hour is free from 16:30 on."""
    service = make.service(minutes=60, order=1)
    short = make.service(service.specialty, minutes=30, order=2)
    return SimpleNamespace(
        long=service,
        short=short,
        free=make.slots_of(make.shift(make.doctor(service, short), days=3, starts="16:30", slots=2)),
    )


@pytest.mark.parametrize(("until", "fits"), [(time(17), False), (time(17, 29), False), (time(17, 30), True)])
def test_d52_an_hour_that_ends_too_late_is_not_offered(from_half_past_four, until, fits):
    at = from_half_past_four
    entry = make.entry(at.long.specialty, service=at.long, time_from=time(9), time_until=until)
    found = nearest_fits(make.wishes(at.long.specialty, service=at.long, time_until=until), patient=entry.patient)
    assert [fit.slot.pk for fit in found] == ([at.free[0].pk] if fits else [])
    matching.offer_slot(slot=at.free[0].pk)
    assert list(SlotOffer.objects.values_list("slot", "service")) == ([(at.free[0].pk, at.long.pk)] if fits else [])
    start = Start.of(at.free[0].starts_at, doctor=at.free[0].doctor, now=timezone.now())
    assert misfit(entry, start=start, services=[at.long]) == (None if fits else Misfit.HOURS)


@pytest.mark.parametrize(("until", "given"), [(time(17), None), (time(17, 29), None), (time(17, 30), "long")])
def test_w16_whoever_names_no_service_is_given_the_first_appointment_or_nothing(from_half_past_four, until, given):
    at = from_half_past_four
    entry = make.entry(at.long.specialty, time_until=until)
    expected = [getattr(at, given).pk] if given else []
    found = nearest_fits(make.wishes(at.long.specialty, time_until=until), patient=entry.patient)
    assert [fit.service.pk for fit in found if fit.slot.pk == at.free[0].pk] == expected
    matching.offer_slot(slot=at.free[0].pk)
    assert list(SlotOffer.objects.values_list("service", flat=True)) == expected


@pytest.mark.parametrize(("wanted", "fits"), [("long", False), ("short", True)])
def test_a_patient_who_is_busy_before_the_visit_ends_is_passed_over(from_half_past_four, wanted, fits):
    at, who = from_half_past_four, make.patient()
    make.appointment(make.slots_of(make.shift(make.doctor(), days=3, starts="17:00", slots=1))[0], of=who)
    make.entry(at.long.specialty, who=who, service=getattr(at, wanted))
    matching.offer_slot(slot=at.free[0].pk)
    assert SlotOffer.objects.exists() is fits


def test_a_lapsed_hold_is_no_news_for_the_waitlist():
    """Nobody has given that time back: it was free before."""
    shift = make.shift(make.doctor(), slots=1)
    slot = make.slots_of(shift)[0]
    slots.hold(start=slot.pk, service=shift.doctor.services.first(), reason="desk", by=make.TEST)
    assert slots.release_lapsed() == 0
    assert slots.release_lapsed(now=timezone.now() + timedelta(minutes=11)) == 1
    assert not SlotRelease.objects.exists()
    assert list(Slot.objects.free(timezone.now())) == [slot]


def test_t83_matching_never_books(full_day):
    before = Appointment.objects.count()
    for _ in range(5):
        make.entry(specialty_of(full_day[0]))
    for booked in full_day:
        cancel(booked)
    matching.match_freed()
    assert Appointment.objects.count() == before


def test_a_doctor_who_does_not_see_this_age_is_not_offered():
    service = make.service()
    make.shift(make.doctor(service, max_age=17))
    make.doctor(service)
    adult = make.patient()
    assert nearest_fits(make.wishes(service.specialty), patient=adult) == []
    assert booking.join_waitlist(patient=adult, wishes=make.wishes(service.specialty), by=make.TEST)
