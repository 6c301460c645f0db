"""People who wait are asked by message whether a freed time suits them; those who say yes are phoned first (R23)."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from back_office.presenters.lines import lines_of
from foundation.accounts.actors import site_visitor
from notifications import rendering
from notifications.actions import sending
from notifications.choices import MessageState
from notifications.models import Message
from patients.choices import ContactWay
from scheduling.actions import slots
from scheduling.choices import HoldReason, Misfit, ReleaseReason
from scheduling.models import Slot
from tests import factories as make
from tests import phoning
from waitlist import asking, links, matching
from waitlist.actions import calls, offers, questions
from waitlist.choices import CallOutcome, DeclineReason, OfferState, TimeReply
from waitlist.errors import EntryClosed, TimeGone
from waitlist.models import FreedTime, SlotOffer, TimeAnswer, TimeQuestion
from waitlist.queries import why
from waitlist.queries.questions import of_link
from waitlist.ranking import asked
from worklist import queries
from worklist.choices import TaskKind

pytestmark = pytest.mark.django_db

PATIENT = site_visitor(session="link:test")
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def message_first(settings, everyday_settings):
    settings.MESSAGE_FIRST = True
    settings.MESSAGE_FIRST_GRACE_MINUTES, settings.MESSAGE_FIRST_WAIT_MINUTES = 5, 10
    settings.MESSAGE_FIRST_PEOPLE, settings.MESSAGE_FIRST_PER_DAY = 10, 3
    settings.MESSAGE_FIRST_PAUSE_MINUTES = 30


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(make.moment(0, "12:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def specialty():
    return make.specialty()


def free(specialty, *, days=3, number=1):
    made = make.slots_of(make.shift(make.doctor(make.service(specialty)), days=days, slots=number))
    slots.announce(made, reason=ReleaseReason.CANCELLED)
    matching.match_freed()
    return made


@pytest.fixture
def people(specialty, now):
    """Three who came one after another."""
    made = []
    for _ in range(3):
        made.append(make.entry(specialty))
        now.shift(timedelta(seconds=1))
    return made


@pytest.fixture
def slot(specialty, people):
    (slot,) = free(specialty)
    return slot


def ask(now, *, minutes=5):
    now.shift(minutes * MINUTE)
    asking.ask_about_freed()


def asked_people():
    return [question.entry for question in TimeQuestion.objects.order_by("pk")]


def say(entry, reply=TimeReply.YES, **reason):
    questions.answer(question=entry.questions.latest("pk").pk, reply=reply, by=PATIENT, **reason)


def proposed():
    matching.match_freed()
    return [offer.entry for offer in SlotOffer.objects.filter(state=OfferState.PROPOSED).order_by("pk")]


def test_after_the_grace_those_whom_it_fits_are_asked_and_nobody_is_phoned_yet(people, slot, now):
    asking.ask_about_freed()
    assert asked_people() == [], "the grace is not over"
    ask(now)
    assert asked_people() == people
    assert [message.address for message in Message.objects.order_by("pk")] == [
        entry.patient.phone.as_e164 for entry in people
    ]
    assert proposed() == []
    now.shift(10 * MINUTE)
    assert proposed() == [people[0]], "nobody has said yes, so the first in line is phoned"


def test_whoever_has_not_answered_is_told_of_as_passed_over(people, slot, now):
    ask(now)
    say(people[2])
    assert proposed() == [people[2]]
    told = {skip.entry: skip.reason for skip in why.before(people[2], slot=slot)}
    assert told == dict.fromkeys(people[:2], Misfit.SILENT)
    say(people[1])
    assert [skip.entry for skip in why.before(people[2], slot=slot)] == [people[0]]


def test_off_nobody_is_asked_and_people_are_phoned_at_once(specialty, people, now, settings):
    settings.MESSAGE_FIRST = False
    free(specialty)
    assert proposed() == [people[0]]
    ask(now, minutes=60)
    assert not TimeQuestion.objects.exists()
    assert not Message.objects.exists()


def test_turned_off_after_a_time_was_freed_nobody_is_asked_and_people_are_phoned(people, slot, now, settings):
    settings.MESSAGE_FIRST = False
    ask(now)
    assert not Message.objects.exists()
    assert proposed() == [people[0]]


def test_t73_the_message_names_no_specialty_no_doctor_and_no_patient(specialty, people, slot, now):
    ask(now)
    doctor = slot.doctor
    secrets = [specialty.name, specialty.doctor_title, doctor.last_name, doctor.first_name]
    secrets += [doctor.services.get().name, *(entry.patient.last_name for entry in people)]
    for message in Message.objects.all():
        words = rendering.to_show(message, secrets=True)
        assert "/t/" in words
        assert not [secret for secret in secrets if secret.lower() in words.lower()]


def test_nobody_is_asked_twice_about_one_time(people, slot, now):
    ask(now)
    FreedTime.objects.update(ask_at=timezone.now())
    ask(now, minutes=60)
    assert asked_people() == people
    assert Message.objects.count() == len(people)


def test_a_run_that_dies_has_asked_nobody_and_the_next_one_asks(people, slot, now, monkeypatch):
    def dies(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(questions.trail, "record", dies)
        with pytest.raises(KeyboardInterrupt):
            ask(now)
    assert (TimeQuestion.objects.count(), Message.objects.count()) == (0, 0)
    asking.ask_about_freed()
    assert asked_people() == people


def test_a_time_on_which_asking_fails_is_phoned_about(people, slot, now, monkeypatch):
    def fails(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(questions, "ask", fails)
    ask(now)
    assert proposed() == [people[0]]


def test_so_many_are_asked_about_one_time(people, slot, now, settings):
    settings.MESSAGE_FIRST_PEOPLE = 2
    ask(now)
    assert asked_people() == people[:2]


@pytest.fixture
def nobody_phones(settings):
    """Leaves everybody waiting: whoever is to be phoned is not asked by message."""
    settings.PROPOSALS_AT_LEAST = 0


@pytest.mark.usefixtures("nobody_phones")
def test_a_number_is_asked_so_often_a_day(specialty, people, slot, now, settings):
    settings.MESSAGE_FIRST_PAUSE_MINUTES, settings.MESSAGE_FIRST_PER_DAY = 0, 2
    for days in (4, 5):
        free(specialty, days=days)
        ask(now)
    assert len(asked_people()) == 2 * len(people)
    now.shift(timedelta(days=1))
    free(specialty, days=6)
    ask(now)
    assert len(asked_people()) == 3 * len(people), "another day"


@pytest.mark.usefixtures("nobody_phones")
def test_a_number_is_not_asked_again_within_the_pause(specialty, people, slot, now):
    free(specialty, days=4)
    ask(now)
    assert asked_people() == people
    now.shift(31 * MINUTE)
    free(specialty, days=5)
    ask(now)
    assert len(asked_people()) == 2 * len(people)


def test_a_family_with_one_number_is_asked_about_one_time_once(specialty, now):
    mother = make.entry(specialty)
    make.entry(specialty, who=make.patient(phone=mother.patient.phone))
    free(specialty)
    ask(now)
    assert asked_people() == [mother]


def test_outside_of_the_calling_hours_nobody_is_asked(specialty, people, now, settings):
    settings.CALL_HOURS = [("09:00", "20:00"), ("09:00", "20:00")]
    now.shift(timedelta(hours=9))
    free(specialty, days=5)
    ask(now)
    assert asked_people() == []
    now.shift(timedelta(hours=12))
    asking.ask_about_freed()
    assert asked_people() == people


def test_a_message_that_comes_into_the_quiet_hours_waits_for_the_morning(people, slot, now, settings):
    ask(now)
    now.shift(timedelta(hours=10))
    sending.send_due()
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.QUEUED}


@pytest.mark.parametrize("what", ["taken", "left", "off"])
def test_a_message_that_is_not_true_any_more_is_not_sent(people, slot, now, settings, what):
    ask(now)
    if what == "taken":
        make.appointment(slot)
    elif what == "left":
        calls.remove_entry(entry=people[0].pk, reason="передумал", by=make.TEST)
    else:
        settings.MESSAGE_FIRST = False
    sending.send_due()
    assert Message.objects.get(address=people[0].patient.phone.as_e164).state == MessageState.DROPPED


def test_an_ordinary_message_is_sent(people, slot, now):
    ask(now)
    sending.send_due()
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.SENT}


def test_a_time_that_is_too_near_is_phoned_about_at_once(specialty, people, settings):
    settings.WAITLIST_STOP_MINUTES = 60
    slot = Slot.objects.get(pk=free(specialty, days=1)[0].pk)
    slot.starts_at = timezone.now() + 70 * MINUTE
    FreedTime.objects.all().delete()
    SlotOffer.objects.all().delete()
    Slot.objects.filter(pk=slot.pk).update(starts_at=slot.starts_at, ends_at=slot.starts_at + 30 * MINUTE)
    slots.announce([slot], reason=ReleaseReason.CANCELLED)
    matching.match_freed()
    assert FreedTime.objects.get().ask_at is None


def test_a_time_that_somebody_holds_is_asked_about_when_it_is_free_again(people, slot, now):
    Slot.objects.filter(pk=slot.pk).update(
        hold_token="0199c0de-0000-7000-8000-000000000001",
        hold_owner="test",
        hold_reason=HoldReason.DESK,
        held_until=timezone.now() + 7 * MINUTE,
    )
    ask(now)
    assert asked_people() == []
    ask(now, minutes=3)
    assert asked_people() == people


def test_whoever_says_yes_is_phoned_before_those_who_are_silent(people, slot, now):
    ask(now)
    say(people[2])
    assert proposed() == [people[2]], "while the answers of others are awaited"


def test_among_those_who_say_yes_the_order_of_the_list_counts(people, slot, now):
    ask(now)
    say(people[2])
    assert proposed() == [people[2]]
    say(people[1])
    (operator,) = make.there()
    assert proposed() == [people[1]]
    calls.finish(offer=phoning.claim_next(by=operator).pk, outcome=CallOutcome.NO_ANSWER, by=operator)
    assert proposed() == [people[2]]


def test_a_yes_moves_nobody_for_a_time_that_does_not_fit(specialty, people, slot, now):
    ask(now)
    say(people[2])
    changed = type(people[2]).objects.filter(pk=people[2].pk)
    changed.update(date_from=timezone.localdate() + timedelta(days=20))
    assert proposed() == []
    now.shift(10 * MINUTE)
    assert proposed() == [people[0]]


def test_a_yes_is_not_a_booking_and_holds_nothing(people, slot, now):
    ask(now)
    say(people[1])
    matching.match_freed()
    slot.refresh_from_db()
    assert (slot.appointment, slot.hold_token) == (None, None)


def test_a_yes_ends_a_proposal_to_somebody_who_is_silent(people, slot, now):
    ask(now)
    now.shift(10 * MINUTE)
    assert proposed() == [people[0]]
    say(people[1])
    assert proposed() == [people[1]]
    people[0].refresh_from_db()
    assert people[0].state == "waiting"


def test_a_call_that_an_operator_has_taken_goes_on(people, slot, now):
    ask(now)
    now.shift(10 * MINUTE)
    matching.match_freed()
    (operator,) = make.there()
    offer = phoning.claim_next(by=operator)
    say(people[1])
    offer.refresh_from_db()
    assert offer.state == OfferState.OPEN


def test_a_no_is_the_last_word_and_nobody_is_phoned_about_it(people, slot, now):
    ask(now)
    say(people[0])
    say(people[0], TimeReply.NO)
    say(people[0])
    assert list(TimeAnswer.objects.order_by("pk").values_list("reply", flat=True)) == ["yes", "no"]
    assert asked.said_yes([slot.pk]) == {}
    now.shift(10 * MINUTE)
    assert proposed() == [people[1]]


def test_the_same_answer_again_changes_nothing(people, slot, now):
    ask(now)
    say(people[0])
    say(people[0])
    assert TimeAnswer.objects.count() == 1


def test_the_reason_of_a_no_teaches_the_wishes(people, slot, now):
    ask(now)
    say(people[0], TimeReply.NO, reason=DeclineReason.WEEKDAY)
    people[0].refresh_from_db()
    day = timezone.localtime(slot.starts_at).isoweekday()
    assert people[0].weekdays == [each for each in range(1, 8) if each != day]


def test_a_yes_to_a_time_that_somebody_has_is_refused_and_the_person_stays(people, slot, now):
    ask(now)
    make.appointment(slot)
    with pytest.raises(TimeGone):
        say(people[0])
    people[0].refresh_from_db()
    assert people[0].is_open


def test_whoever_waits_no_longer_cannot_answer(people, slot, now):
    ask(now)
    calls.remove_entry(entry=people[0].pk, reason="передумал", by=make.TEST)
    with pytest.raises(EntryClosed):
        say(people[0])


def test_the_first_refusal_goes_on_while_answers_are_awaited(specialty, people, now, settings):
    settings.FIRST_REFUSAL_MINUTES = 20
    make.there()
    (slot,) = free(specialty)
    ask(now)
    matching.match_freed()
    assert asked_people() == people
    slot.refresh_from_db()
    assert slot.hold_reason == HoldReason.REFUSAL


def statements(run):
    with CaptureQueriesContext(connection) as caught:
        run()
    return len(caught)


@pytest.mark.usefixtures("nobody_phones")
def test_asking_ten_takes_as_many_statements_as_asking_three(specialty, people, slot, now):
    now.shift(5 * MINUTE)
    few = statements(asking.ask_about_freed)
    for _ in range(7):
        make.entry(specialty)
    now.shift(31 * MINUTE)
    free(specialty, days=4)
    now.shift(5 * MINUTE)
    many = statements(asking.ask_about_freed)
    assert len(asked_people()) == 13
    assert many == few


def test_a_link_opens_its_question_alone(people, slot, now, settings):
    ask(now)
    question = TimeQuestion.objects.first()
    token = links.token_for(question.pk)
    assert of_link(token) == question
    assert of_link(token[:-1] + "x") is None
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "k" * 60
    assert of_link(token) == question, "a former key opens it"
    settings.SECRET_KEY_FALLBACKS = []
    assert of_link(token) is None


@pytest.mark.usefixtures("nobody_phones")
def test_whoever_is_to_be_phoned_about_another_time_is_not_asked(specialty, people, slot, now, settings):
    settings.PROPOSALS_AT_LEAST = 1
    settings.MESSAGE_FIRST = False
    free(specialty, days=4)
    assert len(proposed()) == 1
    settings.MESSAGE_FIRST = True
    ask(now)
    assert asked_people() == people[1:]


def asks_for(entry, way):
    type(entry.patient).objects.filter(pk=entry.patient_id).update(contact_way=way)


def test_whoever_asks_to_be_phoned_only_is_never_asked(people, slot, now):
    asks_for(people[0], ContactWay.CALLS)
    ask(now)
    assert asked_people() == people[1:]


def test_a_message_to_whoever_asks_meanwhile_to_be_phoned_only_is_not_sent(people, slot, now):
    ask(now)
    asks_for(people[0], ContactWay.CALLS)
    sending.send_due()
    assert Message.objects.get(address=people[0].patient.phone.as_e164).state == MessageState.DROPPED


@pytest.mark.usefixtures("nobody_phones")
def test_off_those_alone_are_asked_who_ask_to_be_written_to(specialty, people, now, settings):
    settings.MESSAGE_FIRST = False
    asks_for(people[1], ContactWay.WRITING)
    free(specialty)
    ask(now)
    assert asked_people() == [people[1]]
    sending.send_due()
    assert Message.objects.get().state == MessageState.SENT
    settings.PROPOSALS_AT_LEAST = 1
    assert proposed() == [people[0]], "nobody waits for the answer"
    say(people[1])
    assert proposed() == [people[1]], "and with the yes in writing an operator books"


def test_whoever_asks_to_be_written_to_is_proposed_with_their_yes_alone_and_once(people, slot, now):
    asks_for(people[0], ContactWay.WRITING)
    ask(now)
    now.shift(10 * MINUTE)
    assert proposed() == [people[1]]
    say(people[0])
    assert proposed() == [people[0]]
    now.shift(timedelta(hours=1))
    offers.return_lapsed()
    FreedTime.objects.update(look_at=timezone.now())
    assert proposed() == [people[1]]


def test_the_line_of_the_queue_says_that_the_person_has_said_yes(people, slot, now):
    ask(now)
    say(people[1])
    matching.match_freed()
    queued = list(queries.queue(kinds=[TaskKind.FREED_TIME]))
    (line,) = lines_of(queued, make.actor("operator"), timezone.now())
    assert "ответил(а) «да» на сообщение в 12:05" in line.why
