"""The operator's queue and the call: order, claims, mandatory outcomes, bookings, who may."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import booking
from foundation.accounts.actors import staff
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from patients.choices import Channel
from patients.models import Patient
from scheduling.models import Appointment, Slot
from tests import factories, phoning
from waitlist import matching
from waitlist.actions import offers as lapsed
from waitlist.choices import GOES_ON, LEAVES, CallOutcome, DeclineReason, EntryState, OfferState, RequestState
from waitlist.models import CallAttempt, SlotOffer, WaitlistEntry, WaitlistRequest
from worklist.choices import TaskKind
from worklist.errors import FinishFirst
from worklist.models import Claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def specialty():
    return factories.specialty()


@pytest.fixture
def doctor(specialty):
    return factories.doctor(factories.service(specialty))


@pytest.fixture
def operator_client(sign_in, operator):
    return sign_in(operator)


def offers(specialty, doctor, *, people=1, days=3):
    """That many people wait, that many times become free: one offer each, in the order of arrival."""
    entries = [factories.entry(specialty) for _ in range(people)]
    shift = factories.shift(doctor, days=days, slots=people)
    for slot in factories.slots_of(shift):
        matching.offer_slot(slot=slot.pk)
    by_entry = {offer.entry_id: offer for offer in SlotOffer.objects.all()}
    return [by_entry[entry.pk] for entry in entries]


def claimed(specialty, doctor, operator, **options):
    (offer,) = offers(specialty, doctor, **options)
    return phoning.claim(offer=offer.pk, by=staff(operator))


def caller(offer):
    """Who is talking to the patient."""
    return Claim.objects.filter(key=offer.task.claim_key).values_list("by", flat=True).first()


def url(name, offer):
    return reverse(f"office:{name}", args=[offer.pk])


def test_the_queue_shows_offers_in_the_order_of_arrival(operator_client, specialty, doctor):
    waiting = offers(specialty, doctor, people=3)
    page = operator_client.get(reverse("office:calls"))
    assert [line.task for line in page.context["lines"]] == [offer.task_id for offer in waiting]
    assert page.context["due"] == 3


def test_next_claims_the_first_and_opens_the_call(operator_client, operator, specialty, doctor):
    first, _second = offers(specialty, doctor, people=2)
    answer = operator_client.post(reverse("office:call_next"))
    assert answer.url == url("call", first)
    first.refresh_from_db()
    assert (first.state, caller(first)) == (OfferState.OPEN, f"staff:{operator.pk}")


def test_next_with_an_empty_queue_says_so(operator_client):
    answer = operator_client.post(reverse("office:call_next"), follow=True)
    assert answer.redirect_chain == [(reverse("office:calls"), 302)]
    assert len(list(answer.context["messages"])) == 1


def test_an_open_page_asks_for_nothing_until_something_changes(operator_client, specialty, doctor):
    seen = operator_client.get(reverse("office:calls")).context["seen"]
    poll = reverse("office:calls_queue")
    assert operator_client.get(poll, {"seen": seen}).status_code == 204
    (offer,) = offers(specialty, doctor)
    answer = operator_client.get(poll, {"seen": seen})
    assert answer.status_code == 200
    assert str(offer.task_id) in answer.content.decode()


def test_a_patient_of_the_queue_is_audited_once_an_open_page(operator_client, specialty, doctor):
    (offer,) = offers(specialty, doctor)
    operator_client.get(reverse("office:calls"))
    operator_client.get(reverse("office:calls_queue"), {"seen": "older"})
    shown = AuditEvent.objects.filter(action="patient.shown", object_ref="office:calls")
    assert [event.patient for event in shown] == [offer.patient_id]


def test_the_call_shows_the_script_with_the_exact_time(operator_client, operator, specialty, doctor):
    offer = claimed(specialty, doctor, operator)
    page = operator_client.get(url("call", offer))
    text = page.content.decode()
    assert page.status_code == 200
    assert page.context["time"] in text
    assert "Белова Анна Сергеевна" in text
    assert "Мария Ивановна" in text


def test_a_call_about_a_child_goes_to_the_representative(operator_client, operator, specialty, doctor):
    child = factories.child(phone="")
    parent = factories.parent_of(child)
    entry = factories.entry(specialty, who=child)
    WaitlistEntry.objects.filter(pk=entry.pk).update(representation=parent)
    matching.offer_slot(slot=factories.slots_of(factories.shift(doctor, days=3, slots=1))[0].pk)
    offer = phoning.claim(offer=SlotOffer.objects.get().pk, by=staff(operator))
    assert f'href="tel:{parent.phone.as_e164}"' in operator_client.get(url("call", offer)).content.decode()


@pytest.mark.parametrize(("number", "reason"), [*enumerate(DeclineReason, start=1)])
def test_one_digit_says_why_a_time_does_not_suit(operator_client, operator, specialty, doctor, number, reason):
    offer = claimed(specialty, doctor, operator)
    page = operator_client.get(url("call", offer)).content.decode()
    (sent,) = re.findall(rf'name="reason" value="(\w+)" data-key="{number}"', page)
    data = {"note": "по просьбе", "reason": sent}
    if reason in LEAVES:
        asked = operator_client.post(url("call_finish", offer), data)
        assert (asked.status_code, CallAttempt.objects.count()) == (200, 0), "it is asked once"
        data = dict(
            re.findall(r'type="hidden" name="(outcome|sure|reason|note)" value="([^"]*)"', asked.content.decode())
        )
    answer = operator_client.post(url("call_finish", offer), data)
    assert answer.url == reverse("office:calls")
    attempt, entry = CallAttempt.objects.get(), WaitlistEntry.objects.get()
    outcome, state = ("declined_all", "removed") if reason in LEAVES else ("declined_slot", "waiting")
    assert (attempt.reason, attempt.outcome, attempt.note, entry.state) == (reason, outcome, "по просьбе", state)
    assert caller(offer) is None


@pytest.mark.parametrize("outcome", [outcome for outcome in CallOutcome if outcome != CallOutcome.BOOKED])
def test_each_outcome_ends_the_call(operator_client, operator, specialty, doctor, outcome):
    offer = claimed(specialty, doctor, operator)
    tomorrow = timezone.localdate() + timedelta(days=1)
    data = {"outcome": outcome, "note": "по просьбе", "sure": "1", "call_back_day": tomorrow, "call_back_time": "12:00"}
    answer = operator_client.post(url("call_finish", offer), data)
    attempt = CallAttempt.objects.get()
    assert (attempt.outcome, attempt.note, attempt.by) == (outcome, "по просьбе", f"staff:{operator.pk}")
    goes_on = outcome in GOES_ON
    assert answer.url == (url("call", offer) if goes_on else reverse("office:calls"))
    assert caller(offer) == (f"staff:{operator.pk}" if goes_on else None)


@pytest.mark.parametrize(
    ("outcome", "says"), [(CallOutcome.WRITE_ONLY, "только писать"), (CallOutcome.CALL_ONLY, "только звонить")]
)
def test_one_chip_keeps_how_the_person_asks_to_be_reached(operator_client, operator, specialty, doctor, outcome, says):
    offer = claimed(specialty, doctor, operator)
    card = reverse("office:patient", args=[offer.patient_id])
    assert says not in operator_client.get(card).content.decode()
    operator_client.post(url("call_finish", offer), {"outcome": outcome})
    assert says in operator_client.get(card).content.decode()


def test_the_queue_says_of_whom_it_is_that_they_ask_for_no_calls(operator_client):
    task = factories.task(kind=TaskKind.REBOOK, subject=factories.appointment().pk)
    assert "просит только писать" not in operator_client.get(reverse("office:calls")).content.decode()
    Patient.objects.filter(pk=task.patient_id).update(contact_way="writing")
    answer = operator_client.get(reverse("office:calls"))
    assert "просит только писать: отправьте сообщение или решите сами" in answer.content.decode()
    assert (answer.context["due"], len(answer.context["lines"])) == (0, 1)


def test_an_outcome_is_mandatory(operator_client, operator, specialty, doctor):
    offer = claimed(specialty, doctor, operator)
    for outcome in ("", "booked", "nonsense"):
        answer = operator_client.post(url("call_finish", offer), {"outcome": outcome, "note": "заметка"})
        assert answer.status_code == 422
        assert "заметка" in answer.content.decode()
    assert not CallAttempt.objects.exists()


def test_call_back_needs_a_later_time(operator_client, operator, specialty, doctor):
    offer = claimed(specialty, doctor, operator)
    past = {
        "outcome": "call_back",
        "call_back_day": timezone.localdate() - timedelta(days=1),
        "call_back_time": "12:00",
    }
    for data in ({"outcome": "call_back"}, past):
        answer = operator_client.post(url("call_finish", offer), data)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["call_back_time"]


def test_u33_one_press_promises_a_call_back_at_a_usual_time(operator_client, operator, specialty, doctor):
    offer = claimed(specialty, doctor, operator)
    shown = [each.choice for each in operator_client.get(url("call", offer)).context["call_backs"]]
    assert shown[0] == "quarter"
    before = timezone.now()
    answer = operator_client.post(url("call_finish", offer), {"call_back": "quarter", "note": "едет в метро"})
    assert answer.url == reverse("office:calls")
    attempt = CallAttempt.objects.get()
    assert (attempt.outcome, attempt.note) == (CallOutcome.CALL_BACK, "едет в метро")
    assert timedelta(0) <= attempt.call_back_at - before - timedelta(minutes=15) < timedelta(minutes=1)


def test_a_usual_time_that_has_passed_meanwhile_is_refused(settings, operator_client, operator, specialty, doctor):
    offer = claimed(specialty, doctor, operator)
    settings.CALL_HOURS = [("00:00", "00:00"), ("00:00", "00:00")]
    answer = operator_client.post(url("call_finish", offer), {"call_back": "evening", "note": "занят"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["call_back_time"])
    assert "занят" in answer.content.decode()
    assert not CallAttempt.objects.exists()


def test_taking_off_the_list_is_asked_once(operator_client, operator, specialty, doctor):
    offer = claimed(specialty, doctor, operator)
    answer = operator_client.post(url("call_finish", offer), {"outcome": "declined_all"})
    assert answer.context["ask_removal"]
    assert not CallAttempt.objects.exists()


def test_yes_books_the_offered_time_once(operator_client, operator, specialty, doctor):
    offer = claimed(specialty, doctor, operator)
    key = str(uuid4())
    first, second = (operator_client.post(url("call_book", offer), {"key": key}) for _ in range(2))
    appointment = Appointment.objects.get()
    assert first.url == second.url == reverse("office:appointment", args=[appointment.pk])
    assert (appointment.channel, appointment.starts_at) == (Channel.PHONE, offer.starts_at)
    entry = WaitlistEntry.objects.get()
    assert (entry.state, entry.appointment) == (EntryState.BOOKED, appointment)


def test_another_time_is_booked_from_the_call(operator_client, operator, specialty, doctor):
    offer = claimed(specialty, doctor, operator)
    other = factories.slots_of(factories.shift(doctor, days=5))[0]
    ((time, key), *_rest) = operator_client.get(url("call", offer)).context["others"]
    assert time.slot.pk == other.pk
    data = {"slot": other.pk, "service": time.service.pk, "key": key}
    operator_client.post(url("call_book", offer), data)
    assert Appointment.objects.get().starts_at == other.starts_at
    offer.refresh_from_db()
    assert offer.state == OfferState.DECLINED


def test_what_is_held_for_the_call_is_read_out_first(operator_client, operator, specialty, doctor, settings):
    settings.WAITLIST_HELD_PERCENT = 100  # of this small timetable
    entry = factories.entry(specialty)
    nearest = factories.slots_of(factories.shift(doctor, days=3, slots=4))
    later = [factories.slots_of(factories.shift(doctor, days=days, slots=1))[0] for days in (4, 5)]
    matching.offer_slot(slot=nearest[0].pk)
    offer = phoning.claim(offer=SlotOffer.objects.get(entry=entry).pk, by=staff(operator))
    held = Slot.objects.filter(hold_token=offer.pk).exclude(pk=offer.slot_id)
    assert {slot.pk for slot in held} == {slot.pk for slot in later}
    page = operator_client.get(url("call", offer))
    times = [time for time, _key in page.context["others"]]
    assert [time.slot.pk for time in times] == [later[0].pk, later[1].pk, nearest[1].pk]
    data = {"slot": later[1].pk, "service": times[1].service.pk, "key": uuid4()}
    operator_client.post(url("call_book", offer), data)
    assert Appointment.objects.get().starts_at == later[1].starts_at


def test_a_lost_race_keeps_the_call_and_shows_other_times(operator_client, operator, specialty, doctor):
    offer = claimed(specialty, doctor, operator)
    first, second, *_rest = factories.slots_of(factories.shift(doctor, days=5))
    ((time, key), *_more) = operator_client.get(url("call", offer)).context["others"]
    factories.appointment(first)
    answer = operator_client.post(url("call_book", offer), {"slot": first.pk, "service": time.service.pk, "key": key})
    assert answer.status_code == 409
    assert answer.context["others"][0][0].slot.pk == second.pk


def test_a_child_of_an_entry_without_a_representative_is_booked_by_the_chosen_one(
    operator_client, operator, specialty, doctor
):
    child = factories.child()
    parent = factories.parent_of(child)
    factories.entry(specialty, who=child)
    matching.offer_slot(slot=factories.slots_of(factories.shift(doctor, days=3, slots=1))[0].pk)
    offer = phoning.claim(offer=SlotOffer.objects.get().pk, by=staff(operator))
    refused = operator_client.post(url("call_book", offer), {"key": str(uuid4())})
    assert (refused.status_code, bool(refused.context["error"])) == (422, True)
    operator_client.post(url("call_book", offer), {"key": str(uuid4()), "who": parent.pk})
    assert Appointment.objects.get().representation == parent


def test_giving_back_writes_no_call(operator_client, operator, specialty, doctor):
    offer = claimed(specialty, doctor, operator)
    operator_client.post(reverse("office:task_back", args=[offer.task_id]))
    offer.refresh_from_db()
    assert (offer.state, caller(offer), CallAttempt.objects.count()) == (OfferState.PROPOSED, None, 0)


def test_the_heartbeat_keeps_the_call_and_says_when_it_is_lost(operator_client, operator, specialty, doctor):
    offer = claimed(specialty, doctor, operator)
    Claim.objects.update(until=timezone.now() + timedelta(seconds=5))
    kept = operator_client.post(url("call_alive", offer))
    assert not kept.context["lost"]
    assert Claim.objects.get().until > timezone.now() + timedelta(minutes=1)
    phoning.give_back(offer=offer.pk, by=staff(operator))
    assert operator_client.post(url("call_alive", offer)).context["lost"]


def test_an_open_call_asks_often_and_writes_seldom(operator_client, operator, specialty, doctor):
    offer = claimed(specialty, doctor, operator)
    seen = {"seen": operator_client.get(url("call", offer)).context["alive"].seen}
    with CaptureQueriesContext(connection) as asked:
        assert operator_client.post(url("call_alive", offer), seen).status_code == 204
    assert [query["sql"] for query in asked if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []


def test_an_open_call_is_told_when_its_time_is_held_no_longer(operator_client, operator, specialty, doctor):
    offer = claimed(specialty, doctor, operator)
    seen = {"seen": operator_client.get(url("call", offer)).context["alive"].seen}
    assert Slot.objects.filter(hold_token=offer.pk).update(held_until=timezone.now()) == 1
    told = operator_client.post(url("call_alive", offer), seen)
    assert (told.status_code, told.context["lost"], told.context["held"]) == (200, False, False)
    assert operator_client.post(url("call_alive", offer), {"seen": told.context["seen"]}).status_code == 204


def test_an_absence_ends_the_call_of_an_open_page(operator_client, operator, specialty, doctor):
    """This is D04: the time was offered, and then the doctor's day was closed."""
    offer = claimed(specialty, doctor, operator)
    factories.away(doctor, 3, 3)
    told = operator_client.post(url("call_alive", offer), {"seen": int(offer.expires_at.timestamp())})
    assert (told.status_code, told.context["lost"]) == (200, True)
    assert operator_client.post(url("call_book", offer), {"key": str(uuid4())}).status_code == 409


def test_another_operators_call_is_not_shown(operator_client, specialty, doctor):
    offer = claimed(specialty, doctor, factories.user(Role.OPERATOR))
    answers = [
        operator_client.get(url("call", offer)),
        operator_client.post(reverse("office:task_claim", args=[offer.task_id])),
        operator_client.post(reverse("office:task_back", args=[offer.task_id])),
    ]
    assert [answer.status_code for answer in answers] == [409] * 3
    assert all(offer.patient.full_name not in answer.content.decode() for answer in answers)


def test_an_outcome_beside_another_operators_call_is_written_down_and_changes_nothing(
    operator_client, operator, specialty, doctor
):
    other = factories.user(Role.OPERATOR)
    offer = claimed(specialty, doctor, other)
    answer = operator_client.post(url("call_finish", offer), {"outcome": "declined_slot"})
    assert answer.url == reverse("office:calls")
    assert CallAttempt.objects.get().by == f"staff:{operator.pk}"
    offer.refresh_from_db()
    assert (offer.state, caller(offer)) == (OfferState.OPEN, f"staff:{other.pk}")


def test_a_yes_is_taken_although_the_call_is_lost(operator_client, operator, specialty, doctor):
    offer = claimed(specialty, doctor, operator)
    Claim.objects.update(until=timezone.now())
    lapsed.return_lapsed()
    operator_client.post(url("call_book", offer), {"key": str(uuid4())})
    assert Appointment.objects.get().starts_at == offer.starts_at
    assert WaitlistEntry.objects.get().state == EntryState.BOOKED


def test_one_operator_has_one_call(operator_client, operator, specialty, doctor):
    first, second = offers(specialty, doctor, people=2)
    phoning.claim(offer=first.pk, by=staff(operator))
    answer = operator_client.post(reverse("office:task_claim", args=[second.task_id]))
    assert answer.url == url("call", first)
    assert [str(said) for said in get_messages(answer.wsgi_request)] == [str(FinishFirst.message)]
    assert (caller(first), caller(second)) == (f"staff:{operator.pk}", None)


def test_unknown_ids_are_not_found(operator_client):
    gets, posts = (
        ["call", "visitor"],
        ["task_claim", "task_alive", "task_back", "call_alive", "call_book", "request_enter", "request_close"],
    )
    assert {operator_client.get(reverse(f"office:{name}", args=[uuid4()])).status_code for name in gets} == {404}
    assert {operator_client.post(reverse(f"office:{name}", args=[uuid4()])).status_code for name in posts} == {404}
    ended = operator_client.post(reverse("office:call_finish", args=[uuid4()]), {"outcome": "busy"})
    assert ended.status_code == 404


def handed_over(specialty, **columns):
    person = factories.person(**columns)
    return booking.hand_over(person=person, wishes=factories.wishes(specialty), channel=Channel.SITE, by=factories.TEST)


def test_a_request_is_entered_in_one_click(operator_client, specialty):
    request = handed_over(specialty)
    for _click in range(2):
        answer = operator_client.post(reverse("office:request_enter", args=[request.pk]))
        assert answer.url == reverse("office:requests")
    entry = WaitlistEntry.objects.get()
    assert (entry.specialty, entry.patient.full_name) == (specialty, request.full_name)


def test_a_request_is_closed(operator_client, specialty):
    request = handed_over(specialty)
    operator_client.post(reverse("office:request_close", args=[request.pk]))
    assert WaitlistRequest.objects.get().state == RequestState.CLOSED


@pytest.mark.parametrize(
    ("role", "codes"), [(Role.REGISTRAR, [200, 302, 404]), (Role.DOCTOR, [403] * 3), (Role.SCHEDULE_ADMIN, [403] * 3)]
)
def test_only_the_contact_centre_phones_about_the_waitlist(sign_in, specialty, doctor, role, codes):
    (offer,) = offers(specialty, doctor)
    client = sign_in(role)
    queue, claim = reverse("office:calls"), reverse("office:task_claim", args=[offer.task_id])
    answers = [client.get(queue), client.post(reverse("office:call_next")), client.post(claim)]
    assert [answer.status_code for answer in answers] == codes
    assert offer.patient.full_name not in answers[0].content.decode()
    assert not Claim.objects.exists()


def test_the_queue_costs_the_same_for_one_and_for_thirty(operator_client, specialty, doctor, django_assert_num_queries):
    offers(specialty, doctor)
    handed_over(specialty)
    operator_client.get(reverse("office:calls"))
    with CaptureQueriesContext(connection) as one:
        operator_client.get(reverse("office:calls"))
    queries = len(one)
    shift = factories.shift(factories.doctor(*doctor.services.all()), days=4, slots=29, minutes=15)
    for slot in factories.slots_of(shift):
        factories.offer(factories.entry(specialty), slot, expires_at=timezone.now() + timedelta(hours=1))
        handed_over(specialty)
    operator_client.get(reverse("office:calls"))
    with django_assert_num_queries(queries):
        page = operator_client.get(reverse("office:calls"))
    assert (len(page.context["lines"]), len(page.context["requests"])) == (30, 30)


def test_what_is_held_besides_the_offered_time_can_be_read_out(operator_client, operator, specialty, doctor, settings):
    settings.WAITLIST_HELD_PERCENT = 100
    (offer,) = offers(specialty, doctor)
    (held,) = factories.slots_of(factories.shift(doctor, days=4, slots=1))
    same_day = factories.slots_of(factories.shift(doctor, days=3, starts="14:00", slots=1))
    phoning.claim(offer=offer.pk, by=staff(operator))
    page = operator_client.get(url("call", offer))
    assert [time.slot.pk for time, _key in page.context["others"]] == [held.pk, same_day[0].pk]
    booked = {"slot": held.pk, "service": doctor.services.get().pk, "key": str(uuid4())}
    operator_client.post(url("call_book", offer), booked)
    assert Appointment.objects.get().starts_at == held.starts_at


def test_t84_the_call_says_why_those_before_the_patient_are_not_phoned(operator_client, operator, specialty, doctor):
    before = factories.entry(specialty, doctor_ids=(factories.doctor(doctor.services.get()).pk,))
    offer = claimed(specialty, doctor, operator)
    page = operator_client.get(url("call", offer))
    assert [(skip.entry, skip.reason) for skip in page.context["before"]] == [(before, "doctor")]
    text = page.content.decode()
    assert f"{before.patient.full_name}: нужен другой врач" in text
    shown = AuditEvent.objects.filter(action="patient.shown", object_ref="office:call")
    assert {event.patient for event in shown} == {offer.patient_id, before.patient_id}


@pytest.mark.parametrize(("hours", "said"), [("00:00-24:00", "появится здесь само"), ("00:00-00:01", "Звоним снова с")])
def test_w14_at_night_the_queue_says_when_people_are_phoned_again(operator_client, settings, hours, said):
    settings.CALL_HOURS = [tuple(hours.split("-"))] * 2
    assert said in operator_client.get(reverse("office:calls")).content.decode()


def note_of(client, offer):
    return client.get(reverse("office:call", args=[offer.pk])).context["form"]["note"].value()


def test_a_note_is_kept_while_it_is_typed_until_the_call_is_written_down(operator_client, operator, specialty, doctor):
    offer = claimed(specialty, doctor, operator)
    alive = reverse("office:call_alive", args=[offer.pk])
    for typed, kept in (("после", "после"), ("после шести", "после шести"), ("", "")):
        operator_client.post(alive, {"note": typed})
        assert note_of(operator_client, offer) == kept
    operator_client.post(alive, {"note": "после шести"})
    operator_client.post(alive, {"seen": "free"})
    assert note_of(operator_client, offer) == "после шести"
    sent = {"outcome": "no_answer", "note": "после шести"}
    operator_client.post(reverse("office:call_finish", args=[offer.pk]), sent)
    assert operator_client.session["notes"] == {}


def test_a_note_of_a_call_that_another_operator_has_taken_is_not_lost(operator_client, operator, specialty, doctor):
    offer = claimed(specialty, doctor, operator)
    operator_client.post(reverse("office:call_alive", args=[offer.pk]), {"note": "после шести"})
    Claim.objects.update(by="staff:other", by_name="Вера")
    over = operator_client.get(reverse("office:call", args=[offer.pk]))
    assert (over.status_code, over.context["note"]) == (409, "после шести")
    assert "после шести" in over.content.decode()


@pytest.mark.parametrize("from_list", [False, True])
def test_a_note_of_a_call_that_ends_with_a_visit_stands_in_what_is_written_down(
    operator_client, operator, specialty, doctor, from_list
):
    offer = claimed(specialty, doctor, operator)
    other = factories.slots_of(factories.shift(doctor, days=5, slots=1))[0]
    operator_client.post(reverse("office:call_alive", args=[offer.pk]), {"note": "придёт с"})
    chosen = {"slot": other.pk, "service": doctor.services.get().pk} if from_list else {}
    operator_client.post(reverse("office:call_book", args=[offer.pk]), {"key": "k", "note": "придёт с внуком"} | chosen)
    attempt = CallAttempt.objects.get()
    assert (attempt.outcome, attempt.note) == (CallOutcome.BOOKED, "придёт с внуком")
    assert operator_client.session["notes"] == {}
    assert "придёт с внуком" in operator_client.get(reverse("office:entry", args=[offer.entry_id])).content.decode()


def test_a_note_outlives_a_time_that_somebody_else_has_taken(operator_client, operator, specialty, doctor):
    offer = claimed(specialty, doctor, operator)
    taken = factories.slots_of(factories.shift(doctor, days=5, slots=1))[0]
    factories.appointment(taken)
    chosen = {"slot": taken.pk, "service": doctor.services.get().pk, "key": "k", "note": "придёт с внуком"}
    assert operator_client.post(reverse("office:call_book", args=[offer.pk]), chosen).status_code == 409
    assert note_of(operator_client, offer) == "придёт с внуком"
