"""What staff say at the desk, by phone and from the visit arrives in the visit, and only there."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from foundation.changes import Changes
from patients.choices import Channel, OfferedPaper, Relation
from patients.data import OtherAdult, PowerData, RepresentativeData
from patients.errors import DocumentsMissing, RepresentativeNeeded, SamePersonExists
from patients.models import RegistryEntry
from scheduling.choices import AbsenceKind, HoldReason
from scheduling.data import AbsenceData, HoursData
from scheduling.errors import (
    AgeNotServed,
    DoesNotFit,
    OverbookReasonNeeded,
    PatientBusy,
    ServiceNotOffered,
    SlotBlocked,
    SlotInPast,
    SlotTaken,
)
from scheduling.models import Absence, Appointment, EmergencyCase, ShiftRule, Slot
from scheduling.models.absence import Whose
from tests import factories as make
from tests import phoning
from waitlist import matching
from waitlist.choices import CallOutcome
from waitlist.models import CallAttempt, SlotOffer, WaitlistEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def slots():
    return make.slots_of(make.shift(make.doctor(), slots=6))


def agreed(slot, **given):
    return {"slot": slot.pk, "service": slot.doctor.services.get(), "by": make.TEST} | given


def test_an_adult_books_for_another_adult_without_papers(slots):
    case = agreed(slots[0], patient=make.patient())
    with pytest.raises(DocumentsMissing):
        booking.at_desk(**case)
    booking.at_desk(**case, for_other=make.OTHER_ADULT)
    booking.by_phone(**agreed(slots[1], patient=make.patient()), for_other=make.OTHER_ADULT)
    entries = RegistryEntry.objects.order_by("id").values_list("channel", "applicant", "documents_seen")
    assert list(entries) == [("registry", "adult_for_adult", []), ("phone", "adult_for_adult", [])]


def test_k15_the_registry_entry_says_who_applied_as_whom_and_by_which_paper(slots):
    """This is R8; a paper that was offered is no paper that was demanded (R7)."""
    daughter = OtherAdult(name="Орлова Вера Львовна", acts_as="дочь", paper=OfferedPaper.POWER_OF_ATTORNEY)
    booking.at_desk(**agreed(slots[0], patient=make.patient()), for_other=daughter)
    entry = RegistryEntry.objects.get()
    assert (entry.applicant_name, entry.applicant_acts_as, entry.applicant_paper) == (
        *("Орлова Вера Львовна", "дочь"),
        "power_of_attorney",
    )


@pytest.mark.parametrize(("verb", "seen"), [(booking.at_desk, {"seen": [make.PASSPORT]}), (booking.by_phone, {})])
def test_a_time_kept_for_the_form_is_open_to_it_alone(slots, verb, seen):
    kept = booking.hold(slot=slots[0].pk, service=slots[0].doctor.services.get(), reason=HoldReason.DESK, by=make.TEST)
    case = agreed(slots[0], patient=make.patient()) | seen
    with pytest.raises(SlotTaken):
        verb(**case)
    assert verb(**case, hold=kept).starts_at == slots[0].starts_at


def test_a_time_that_is_let_go_is_free_at_once(slots):
    kept = booking.hold(slot=slots[0].pk, service=slots[0].doctor.services.get(), reason=HoldReason.DESK, by=make.TEST)
    booking.drop_hold(token=kept, by=make.TEST)
    assert booking.by_phone(**agreed(slots[0], patient=make.patient())).starts_at == slots[0].starts_at


def test_by_phone_nothing_is_shown_and_who_acts_is_known_by_word_of_mouth(slots):
    child, who = make.child(), make.representative(phone="+79215554433")
    visit = booking.by_phone(**agreed(slots[0], patient=child, representative=who, key="k1"))
    assert (visit.channel, visit.representation.phone.as_e164, visit.representation.verified_at) == (
        Channel.PHONE,
        "+79215554433",
        None,
    )
    assert booking.by_phone(**agreed(slots[0], patient=child, representative=who, key="k1")) == visit
    assert RegistryEntry.objects.get().representation == visit.representation


def completed(slot, **agreed):
    return make.seen(make.appointment(slot, **agreed))


def test_r18_a_follow_up_has_the_patient_and_whoever_acted_at_the_visit_before(slots):
    child = make.child()
    first = completed(slots[0], of=child)
    by = make.actor(Role.DOCTOR)
    case = {"slot": slots[3].pk, "service": first.service, "follow_up_of": first, "by": by, "key": "k1"}
    visit = booking.by_doctor(**case)
    assert (visit.patient, visit.representation, visit.channel) == (child, first.representation, Channel.DOCTOR)
    assert (visit.visit_kind, visit.follow_up_of, visit.created_by) == ("follow_up", first, by.ref)
    assert booking.by_doctor(**case) == visit
    assert RegistryEntry.objects.count() == 1, "nothing was shown anew"


@pytest.mark.parametrize(("verb", "seen"), [(booking.at_desk, {"seen": [make.PASSPORT]}), (booking.by_phone, {})])
def test_r18_the_registry_and_the_contact_centre_book_follow_ups_too(slots, verb, seen):
    first = completed(slots[0])
    visit = verb(**agreed(slots[3], patient=first.patient, follow_up_of=first), **seen)
    assert (visit.visit_kind, visit.follow_up_of) == ("follow_up", first)


def overbook(visit, **given):
    return make.overbooked(visit, **{"reason": " острая боль "} | given)


def test_a_visit_over_a_busy_time_says_why(slots):
    over = overbook(make.appointment(slots[0]))
    over.refresh_from_db()
    assert (over.overbooked, over.overbook_reason, over.channel) == (True, "острая боль", Channel.PHONE)
    assert over.events.get().reason == "острая боль"
    assert len(overbook(over, reason="ж" * 201).overbook_reason) == 200


def test_d12_over_a_busy_time_everything_is_asked_but_whether_somebody_has_it(slots):
    visit = make.appointment(slots[0])
    with pytest.raises(PatientBusy):
        overbook(visit, patient=visit.patient)
    with pytest.raises(ServiceNotOffered):
        overbook(visit, service=make.service())
    with pytest.raises(RepresentativeNeeded):
        overbook(visit, patient=make.child())
    with pytest.raises(DocumentsMissing):
        overbook(visit, channel=Channel.REGISTRY)
    visit.doctor.min_age = 18
    with pytest.raises(AgeNotServed):
        overbook(visit, patient=make.child(), representative=make.representative())
    assert Appointment.objects.get() == visit


def test_d12_over_a_busy_time_the_papers_and_the_registry_entry_are_written(slots):
    visit, child = make.appointment(slots[0]), make.child()
    papers = [make.PASSPORT, make.BIRTH_CERTIFICATE]
    given = {"channel": Channel.REGISTRY, "representative": make.representative(), "seen": papers, "key": "over:1"}
    by = make.actor()
    over = overbook(visit, patient=child, by=by, **given)
    entry = RegistryEntry.objects.get(patient=child)
    assert (over.representation, entry.applicant, entry.by) == (entry.representation, "legal_representative", by.ref)
    assert [paper["document"] for paper in entry.documents_seen] == ["identity", "birth_certificate"]
    assert overbook(visit, patient=child, by=by, **given) == over, "the same form again"


def test_d16_a_follow_up_of_an_adult_has_no_representative(slots):
    young = make.patient(birth_date=make.born(18, on=timezone.localdate() + timedelta(days=5)))
    first = completed(slots[0], of=young, representative=make.parent_of(young))
    sooner, later = (make.slots_of(make.shift(first.doctor, days=days))[0] for days in (4, 5))
    assert make.follow_up(sooner, of=first).representation == first.representation
    assert make.follow_up(later, of=first).representation is None


@pytest.mark.parametrize(
    ("given", "error"),
    [({"reason": " "}, OverbookReasonNeeded), ({"starts_at": timezone.now() - timedelta(days=1)}, SlotInPast)],
)
def test_nothing_is_booked_over_without_a_reason_or_in_the_past(slots, given, error):
    visit = make.appointment(slots[0])
    with pytest.raises(error):
        overbook(visit, **given)
    assert Appointment.objects.get() == visit


def test_nothing_is_booked_over_an_hour_that_is_not_published(slots):
    visit, last = make.appointment(slots[0]), slots[-1]
    with pytest.raises(SlotBlocked):
        overbook(visit, starts_at=last.ends_at)
    with pytest.raises(SlotBlocked):
        overbook(visit, room=make.room())
    with pytest.raises(DoesNotFit):
        overbook(visit, starts_at=last.starts_at + timedelta(minutes=5))
    assert overbook(visit, starts_at=last.starts_at).ends_at == last.ends_at


def test_a_namesake_is_a_registrars_word():
    person = make.person()
    first = booking.add_patient(person=person, by=make.TEST)
    with pytest.raises(SamePersonExists):
        booking.add_patient(person=person, by=make.TEST)
    assert booking.add_patient(person=person, by=make.TEST, allow_namesake=True) != first


def test_who_acts_may_show_a_power_of_attorney_at_once():
    child = make.child()
    power = PowerData(principal_name="Орлова", signed_on=date(2026, 1, 10), valid_until=date(2027, 1, 9))
    who = RepresentativeData(relation=Relation.ATTORNEY, last_name="Ли", first_name="Инна")
    kept = booking.represent(patient=child, who=who, power=power, by=make.TEST).representation
    kept.refresh_from_db()
    assert (kept.patient, kept.power_of_attorney.valid_until) == (child, date(2027, 1, 9))


def test_what_becomes_known_of_an_emergency_arrives():
    doctor, by = make.doctor(), make.actor()
    case = booking.open_emergency(by=by, description="упал")
    told = {"person": "Ли", "description": "боль", "ambulance_reference": "17", "doctor": doctor, "outcome": "увезли"}
    booking.describe_emergency(case=case.pk, by=by, changes=Changes(told))
    kept = EmergencyCase.objects.get()
    assert {name: getattr(kept, name) for name in told} | {"closed_at": kept.closed_at} == told | {"closed_at": None}
    booking.describe_emergency(case=case.pk, by=by, changes=Changes(told), closes=True)
    assert EmergencyCase.objects.get().closed_by == by.ref


def test_hours_and_days_away_are_kept_as_they_were_said():
    doctor, today = make.doctor(), timezone.localdate()
    hours = HoursData(
        starts=make.moment().time().replace(hour=9),
        ends=make.moment().time().replace(hour=12),
        room=doctor.room,
        slot_minutes=20,
        valid_from=today,
    )
    (rule,) = booking.add_hours(doctor=doctor, weekdays=[3], hours=hours, by=make.TEST)
    booking.change_hours(rule=rule.pk, changes=Changes({"weekday": 4}), by=make.TEST)
    booking.end_hours(rule=rule.pk, last_day=today + timedelta(days=9), by=make.TEST)
    kept = ShiftRule.objects.get()
    assert (kept.weekday, kept.slot_minutes, kept.valid_until) == (4, 20, today + timedelta(days=9))
    span = {"starts_at": make.moment(0, "00:00"), "ends_at": make.moment(2, "00:00")}
    data = AbsenceData(whose=Whose(doctor), kind=AbsenceKind.TRAINING, note="курсы", **span)
    absence = booking.add_absence(data=data, by=make.TEST)
    assert Absence.objects.values("kind", "note", *span).get() == {"kind": "training", "note": "курсы", **span}
    booking.remove_absence(absence=absence, by=make.TEST)
    assert not Absence.objects.exists()


def test_times_are_closed_and_opened_and_a_shift_withdrawn(slots):
    ids = [slot.pk for slot in slots[:2]]
    assert booking.block(slots=ids, reason="обучение", by=make.TEST) == 2
    assert set(Slot.objects.exclude(absence=None).values_list("absence__note", flat=True)) == {"обучение"}
    assert booking.unblock(slots=ids, by=make.TEST) == 2
    booking.withdraw(shift=slots[0].shift, by=make.TEST)
    assert not Slot.objects.exists()


@pytest.fixture
def call():
    """An offer to a child, and the operator who phones about it."""
    specialty = make.specialty()
    entry = make.entry(specialty, who=make.child())
    (slot,) = make.slots_of(make.shift(make.doctor(make.service(specialty)), days=3, slots=1))
    matching.offer_slot(slot=slot.pk)
    operator = make.actor(Role.OPERATOR)
    return phoning.claim(offer=SlotOffer.objects.get(entry=entry).pk, by=operator), operator


def test_r25_a_yes_books_the_kept_time_for_whoever_acts(call):
    offer, operator = call
    mother = make.parent_of(offer.patient)
    visit = booking.from_offer(offer=offer.pk, by=operator, representative=mother, key="k1")
    assert (visit.patient, visit.representation, visit.starts_at) == (offer.patient, mother, offer.starts_at)
    assert (visit.channel, visit.idempotency_key) == (Channel.PHONE, "k1")
    assert booking.from_offer(offer=offer.pk, by=operator, representative=mother, key="k1") == visit
    assert (WaitlistEntry.objects.get().appointment, SlotOffer.objects.get().state) == (visit, "accepted")
    assert CallAttempt.objects.get().outcome == CallOutcome.BOOKED


def test_r25_another_time_may_be_agreed_and_the_same_form_finds_it(call):
    offer, operator = call
    mother = make.parent_of(offer.patient)
    other = make.slots_of(make.shift(make.doctor(offer.service), days=4))[0]
    form = {"entry": offer.entry_id, "slot": other.pk, "service": offer.service, "by": operator}
    visit = booking.from_entry(**form, representative=mother, key="k1")
    assert (visit.starts_at, visit.representation, visit.channel) == (other.starts_at, mother, Channel.PHONE)
    assert booking.from_entry(**form, representative=mother, key="k1") == visit
    assert SlotOffer.objects.get().state == "declined"


def test_the_kept_time_itself_may_be_agreed_from_the_entry(call):
    """The hold of the offer opens it."""
    offer, operator = call
    mother = make.parent_of(offer.patient)
    form = {"entry": offer.entry_id, "slot": offer.slot_id, "service": offer.service, "by": operator}
    assert booking.from_entry(**form, representative=mother).starts_at == offer.starts_at


def test_a_call_ends_as_the_operator_says(call):
    offer, operator = call
    at = timezone.now() + timedelta(hours=1)
    booking.finish_call(offer=offer.pk, outcome=CallOutcome.CALL_BACK, by=operator, note="после часа", call_back_at=at)
    attempt = CallAttempt.objects.get()
    assert (attempt.outcome, attempt.note, attempt.call_back_at) == ("call_back", "после часа", at)
    assert not phoning.keep_alive(offer=offer.pk, by=operator)


def test_a_call_is_given_back_undialled(call):
    offer, operator = call
    assert phoning.keep_alive(offer=offer.pk, by=operator)
    phoning.give_back(offer=offer.pk, by=operator)
    assert phoning.claim_next(by=make.actor(Role.OPERATOR)) == offer
    assert not CallAttempt.objects.exists()
