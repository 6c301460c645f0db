"""Every constraint of `waitlist`, violated behind the actions' back."""

from datetime import date, time, timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from patients.choices import Channel
from tests import factories as make
from tests.constraints import Cases, violates
from waitlist.choices import EntryState, OfferState, RequestState
from waitlist.models import CallAttempt, FreedTime, WaitlistEntry, WaitlistRequest
from worklist.actions import tasks

pytestmark = pytest.mark.django_db


def entry(**columns):
    made = make.entry(make.specialty())
    WaitlistEntry.objects.filter(pk=made.pk).update(**columns)
    return made


def request(**columns):
    return WaitlistRequest.objects.create(
        **{
            "specialty": make.specialty(),
            "date_from": timezone.localdate(),
            "channel": Channel.SITE,
            "last_name": "Орлова",
            "first_name": "Мария",
            "birth_date": "1990-05-17",
            "phone": "+79210001122",
        }
        | columns
    )


def offer(*, of=None, slot=None, **columns):
    slot = slot or make.slots_of(make.shift(make.doctor()))[0]
    return make.offer(of or entry(), slot, **columns)


def call(**columns):
    return CallAttempt.objects.create(**{"entry": entry(), "outcome": "busy", "by": "staff:1"} | columns)


def joined_twice():
    specialty, who = make.specialty(), make.patient()
    first, second = make.entry(make.specialty(), who=who), make.entry(specialty, who=who)
    WaitlistEntry.objects.filter(pk=first.pk).update(specialty=second.specialty)


def offered_twice_one_slot():
    slot = make.slots_of(make.shift(make.doctor()))[0]
    offer(slot=slot)
    offer(slot=slot)


def offered_two_slots():
    of, slots = entry(), make.slots_of(make.shift(make.doctor()))
    offer(of=of, slot=slots[0])
    tasks.close(task=of.offers.get().task_id, by=make.TEST)
    offer(of=of, slot=slots[1])


def asked_twice(**second):
    slot, first = free_slot(), entry()
    make.question(first, slot, number="+79210001122")
    make.question(second.pop("of", first), slot, **{"number": "+79210001122"} | second)


def answered_twice():
    question = make.question(entry(), free_slot())
    return [make.answer(question) for _ in range(2)]


def answer(**columns):
    return make.answer(make.question(entry(), free_slot()), **columns)


def free_slot():
    return make.slots_of(make.shift(make.doctor()))[0]


def freed_time(slot, **columns):
    return FreedTime.objects.create(slot=slot, starts_at=slot.starts_at, look_at=timezone.now(), **columns)


def freed_twice():
    slot = free_slot()
    return [freed_time(slot) for _ in range(2)]


CASES: Cases = {
    "waitlistentry_hours_ordered": lambda: entry(time_from=time(12), time_until=time(12)),
    "waitlistentry_days_ordered": lambda: entry(date_until=F("date_from") - timedelta(days=1)),
    "waitlistentry_weekdays_known": lambda: entry(weekdays=[1, 8]),
    "waitlistentry_urgent_with_reason": lambda: entry(priority="1urgent"),
    "waitlist_entry_one_open": joined_twice,
    "waitlist_entry_birth_date_of_patient": lambda: entry(birth_date=date(1970, 1, 1)),
    "waitlist_entry_booked_with_appointment": lambda: entry(
        state=EntryState.BOOKED, closed_at=timezone.now(), closed_by="staff:1"
    ),
    "waitlist_entry_closed_by_someone": lambda: entry(state=EntryState.REMOVED),
    "waitlistrequest_hours_ordered": lambda: request(time_from=time(12), time_until=time(12)),
    "waitlistrequest_days_ordered": lambda: request(date_until=timezone.localdate() - timedelta(days=1)),
    "waitlistrequest_weekdays_known": lambda: request(weekdays=[0]),
    "waitlistrequest_urgent_with_reason": lambda: request(urgent_reason="просит врач"),
    "waitlist_request_booked_with_visit": lambda: request(state=RequestState.BOOKED),
    "waitlist_request_entered_with_entry": lambda: request(state=RequestState.ENTERED),
    "offer_one_open_per_slot": offered_twice_one_slot,
    "offer_one_open_per_entry": offered_two_slots,
    "offer_ended_when": lambda: offer(state=OfferState.LAPSED),
    "freed_time_one_open_per_slot": freed_twice,
    "freed_time_ended_with_outcome": lambda: freed_time(free_slot(), ended_at=timezone.now()),
    "time_question_once_per_person": lambda: asked_twice(number="+79210003344"),
    "time_question_once_per_number": lambda: asked_twice(of=entry()),
    "time_question_to_a_number": lambda: make.question(entry(), free_slot(), number=""),
    "time_answer_once": answered_twice,
    "time_answer_known": lambda: answer(reply="may"),
    "time_answer_reason_of_no": lambda: answer(reason="too_early"),
    "time_answer_by_someone": lambda: answer(by=""),
    "unmetwish_hours_ordered": lambda: make.unmet_wish(time_from=time(12), time_until=time(12)),
    "unmetwish_days_ordered": lambda: make.unmet_wish(date_until=timezone.localdate() - timedelta(days=1)),
    "unmetwish_weekdays_known": lambda: make.unmet_wish(weekdays=[0]),
    "unmetwish_urgent_with_reason": lambda: make.unmet_wish(urgent_reason="просит врач"),
    "unmet_wish_reason_known": lambda: make.unmet_wish(reason="perhaps"),
    "unmet_wish_by_someone": lambda: make.unmet_wish(created_by=""),
    "call_attempt_by_someone": lambda: call(by=""),
    "call_attempt_outcome_known": lambda: call(outcome="perhaps"),
    "call_attempt_reason_of_no": lambda: call(reason="too_early"),
}
APPEND_ONLY = ["waitlist_callattempt", "waitlist_timequestion", "waitlist_timeanswer", "waitlist_unmetwish"]


@pytest.mark.parametrize("name", CASES)
def test_the_database_refuses(name):
    with violates(name):
        CASES[name]()


def test_an_ended_offer_makes_room_for_the_next():
    of, slot = entry(), make.slots_of(make.shift(make.doctor()))[0]
    ended = offer(of=of, slot=slot, state=OfferState.DECLINED, ended_at=timezone.now())
    tasks.close(task=ended.task_id, by=make.TEST)
    offer(of=of, slot=slot)
    assert of.offers.count() == 2
