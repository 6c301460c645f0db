"""Wishes handed over by the desk and the site, entered by an operator in one click (R12, R20)."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from foundation.accounts.actors import site_visitor
from foundation.audit.models import AuditEvent
from patients.choices import Channel, Relation
from patients.models import DataConsent, Patient, Representation
from tests import factories as make
from waitlist import at_once, matching
from waitlist.actions import requests
from waitlist.choices import EntryState, RequestState
from waitlist.models import WaitlistEntry, WaitlistRequest
from waitlist.queries.entries import open_entries, requests_waiting
from waitlist.wishes import of

pytestmark = pytest.mark.django_db

PHONE = "+79210001122"
VISITOR = site_visitor(session="abc", ip="203.0.113.7")


@pytest.fixture
def specialty():
    return make.specialty()


@pytest.fixture
def person():
    return make.person(last_name="Лунина", first_name="Вера", patronymic="Ильинична", phone=PHONE)


def hand_over(person, specialty, **given):
    given = {"wishes": make.wishes(specialty), "channel": Channel.SITE, "by": VISITOR} | given
    return requests.hand_over(person=person, **given)


def test_a_request_tells_who_wants_what_and_who_handed_it_over(person, specialty):
    wishes = make.wishes(specialty, weekdays=(6, 7), time_from=time(10), note="только выходные")
    made = hand_over(person, specialty, wishes=wishes, consent_text="Согласен")
    kept = WaitlistRequest.objects.get()
    assert kept == made
    assert (kept.full_name, kept.birth_date, kept.phone.as_e164) == (
        "Лунина Вера Ильинична",
        person.birth_date,
        PHONE,
    )
    assert of(kept) == wishes
    assert (kept.channel, kept.created_by, kept.patient, kept.state) == (
        Channel.SITE,
        "site:abc",
        None,
        RequestState.HANDED_OVER,
    )
    assert (kept.consent_text, kept.consent_ip, kept.relation) == ("Согласен", "203.0.113.7", "")
    event = AuditEvent.objects.get(action="waitlist.handed_over")
    assert (event.actor, event.patient, event.object_ref) == ("site:abc", None, str(kept.pk))


def test_the_desk_hands_over_whom_it_knows(specialty):
    patient = make.patient(phone=PHONE)
    person = make.person(phone=PHONE)
    kept = hand_over(person, specialty, patient=patient, channel=Channel.REGISTRY, by=make.TEST)
    assert (kept.patient, kept.channel, kept.consent_ip) == (patient, Channel.REGISTRY, None)
    assert AuditEvent.objects.get(action="waitlist.handed_over").patient == patient.pk


def test_the_same_wish_again_is_one_request_with_the_newest_words(person, specialty):
    first = hand_over(person, specialty)
    again = hand_over(person, specialty, wishes=make.wishes(specialty, note="утром"))
    assert (again, WaitlistRequest.objects.get().note) == (first, "утром")


@pytest.mark.parametrize(
    "other",
    [
        {"last_name": "Лунин"},
        {"first_name": "Вероника"},
        {"birth_date": date(1991, 1, 1)},
        {"phone": "+79215550000"},
    ],
)
def test_another_person_is_another_request(person, specialty, other):
    hand_over(person, specialty)
    base = {"last_name": "Лунина", "first_name": "Вера", "patronymic": "Ильинична", "phone": PHONE}
    hand_over(make.person(**base | other), specialty)
    assert WaitlistRequest.objects.count() == 2


def test_another_specialty_or_a_request_that_was_dealt_with_is_another_one(person, specialty):
    first = hand_over(person, specialty)
    hand_over(person, make.specialty("Кардиология"))
    requests.close(request=first.pk, by=make.TEST)
    assert hand_over(person, specialty) != first
    assert WaitlistRequest.objects.count() == 3


def test_one_click_makes_the_record_and_the_entry(person, specialty):
    operator = make.actor()
    made = hand_over(person, specialty, wishes=make.wishes(specialty, note="утром"), consent_text="Согласен")
    entry = requests.enter(request=made.pk, by=operator)
    patient = Patient.objects.get()
    assert (patient.full_name, patient.birth_date, patient.phone.as_e164) == (
        "Лунина Вера Ильинична",
        person.birth_date,
        PHONE,
    )
    assert (entry.patient, entry.note, entry.created_by, entry.representation) == (
        patient,
        "утром",
        operator.ref,
        None,
    )
    made.refresh_from_db()
    assert (made.state, made.entry, made.patient, made.handled_by) == (
        RequestState.ENTERED,
        entry,
        patient,
        operator.ref,
    )
    assert made.created_at <= made.handled_at <= timezone.now()


def test_w25_the_click_of_an_operator_records_no_consent(person, specialty):
    """What the visitor has ticked stays with what they sent: text, address and hour are theirs."""
    made = hand_over(person, specialty, consent_text="Согласен")
    entry = requests.enter(request=made.pk, by=make.actor())
    kept = WaitlistRequest.objects.get(entry=entry)
    assert (kept.consent_text, kept.consent_ip, kept.created_by) == ("Согласен", VISITOR.ip, VISITOR.ref)
    assert not DataConsent.objects.exists()
    assert not AuditEvent.objects.filter(action="consent.given").exists()


def test_a_consent_that_was_ticked_outlives_a_request_of_the_desk(person, specialty):
    hand_over(person, specialty, consent_text="Согласен")
    kept = hand_over(person, specialty, channel=Channel.REGISTRY, by=make.TEST)
    assert (kept.consent_text, kept.consent_ip, kept.channel) == ("Согласен", VISITOR.ip, Channel.REGISTRY)


def test_a_second_click_returns_the_same_entry(person, specialty):
    made = hand_over(person, specialty, consent_text="Согласен")
    first = requests.enter(request=made.pk, by=make.TEST)
    assert requests.enter(request=made.pk, by=make.actor()) == first
    assert (WaitlistEntry.objects.count(), WaitlistRequest.objects.get().handled_by) == (1, make.TEST.ref)


def test_w08_whatever_is_free_when_a_request_is_entered_is_offered(person, specialty):
    slot = make.slots_of(make.shift(make.doctor(make.service(specialty)), slots=1))[0]
    entry = requests.enter(request=hand_over(person, specialty).pk, by=make.TEST)
    assert (entry.state, entry.sought_until) == (EntryState.WAITING, None)
    at_once.reconcile()
    matching.match_freed()
    assert entry.offers.get().slot == slot


def test_who_waits_already_keeps_the_entry(person, specialty):
    patient = make.patient(last_name="Лунина", first_name="Вера", patronymic="Ильинична", phone=PHONE)
    there = make.entry(specialty, who=patient)
    made = hand_over(person, specialty)
    assert requests.enter(request=made.pk, by=make.TEST) == there
    made.refresh_from_db()
    assert (made.state, made.entry, WaitlistEntry.objects.count()) == (RequestState.ENTERED, there, 1)


def asked_before(person, specialty, *, hours):
    """Hands a request over so many hours ago."""
    made = hand_over(person, specialty)
    made.created_at -= timedelta(hours=hours)
    made.save(update_fields=["created_at"])
    return made


def test_w07_whoever_asked_on_the_site_first_is_first(person, specialty):
    made = asked_before(person, specialty, hours=3)
    phoned = make.entry(specialty)
    entered = requests.enter(request=made.pk, by=make.TEST)
    assert entered.arrived_at == made.created_at < phoned.arrived_at <= phoned.created_at < entered.created_at
    assert list(open_entries()) == [entered, phoned]


def test_w07_an_earlier_request_of_who_waits_already_counts(person, specialty):
    made = asked_before(person, specialty, hours=3)
    first = make.entry(specialty)
    patient = make.patient(last_name="Лунина", first_name="Вера", patronymic="Ильинична", phone=PHONE)
    there = make.entry(specialty, who=patient)
    assert requests.enter(request=made.pk, by=make.TEST) == there
    there.refresh_from_db()
    assert there.arrived_at == made.created_at
    assert list(open_entries()) == [there, first]
    assert AuditEvent.objects.filter(action="waitlist.wished_earlier", object_ref=str(there.pk)).count() == 1


def test_w07_a_second_request_makes_no_arrival_later(person, specialty):
    first = asked_before(person, specialty, hours=3)
    entered = requests.enter(request=first.pk, by=make.TEST)
    again = hand_over(person, specialty)
    assert again != first
    assert requests.enter(request=again.pk, by=make.TEST) == entered
    entered.refresh_from_db()
    assert entered.arrived_at == first.created_at
    assert not AuditEvent.objects.filter(action="waitlist.wished_earlier").exists()


def test_w07_a_request_of_before_keeps_its_time_when_it_is_sent_again(person, specialty):
    first = asked_before(person, specialty, hours=3)
    assert hand_over(person, specialty) == first
    entered = requests.enter(request=first.pk, by=make.TEST)
    assert entered.arrived_at == first.created_at


def test_who_acts_for_a_child_is_recorded_with_the_entry(specialty):
    child = make.person(phone=PHONE, years=6)
    father = make.representative(Relation.GUARDIAN, last_name="Абаев", first_name="Пётр", patronymic="")
    made = hand_over(child, specialty, representative=father)
    entry = requests.enter(request=made.pk, by=make.TEST)
    kept = Representation.objects.get()
    assert entry.representation == kept
    assert (kept.full_name, kept.relation, kept.phone.as_e164) == ("Абаев Пётр", Relation.GUARDIAN, PHONE)


def test_a_request_is_closed_once_and_not_when_it_was_entered(person, specialty):
    made = hand_over(person, specialty)
    for by in (make.TEST, make.actor()):
        requests.close(request=made.pk, by=by)
    made.refresh_from_db()
    assert (made.state, made.handled_by, made.entry) == (RequestState.CLOSED, make.TEST.ref, None)
    assert AuditEvent.objects.filter(action="waitlist.request_closed", object_ref=str(made.pk)).count() == 1
    entered = hand_over(person, specialty)
    requests.enter(request=entered.pk, by=make.TEST)
    requests.close(request=entered.pk, by=make.TEST)
    entered.refresh_from_db()
    assert entered.state == RequestState.ENTERED


def test_what_is_still_to_be_entered_stands_with_the_oldest_first(specialty, django_assert_num_queries):
    people = [make.person(last_name=name, phone=PHONE) for name in ("Яна", "Анна", "Ольга")]
    first, gone, last = (hand_over(person, specialty) for person in people)
    requests.close(request=gone.pk, by=make.TEST)
    with django_assert_num_queries(1):
        shown = list(requests_waiting())
        assert [(each.patient, each.specialty.name, each.service) for each in shown] == [
            (None, "Дерматология", None)
        ] * 2
    assert shown == [first, last]
