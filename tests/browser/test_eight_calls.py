"""Eight calls of an operator by the keyboard alone: what each costs in keys, and in seconds of the keystroke model."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

import booking
from foundation.accounts.choices import Role
from foundation.clock import day_start
from patients.models import Patient
from scheduling.models import Appointment
from tests import factories as make
from waitlist import matching
from waitlist.models import CallAttempt, UnmetWish, WaitlistEntry

NUMBER, TYPED = "+79210001122", "89210001122"
KEY, DECISION, WORD = 0.28, 1.35, 0.4
"""Seconds of a key of an average typist, of a decision before it (Card, Moran, Newell), and of a word read out."""


class Hand:
    """The hand of an operator: it types, presses and reads out, and all of it is counted."""

    def __init__(self, person) -> None:
        self.person, self.page = person, person.page
        self.pressed, self.seconds = 0, 0.0

    def types(self, text: str) -> "Hand":
        self.page.keyboard.type(text)
        self.seconds += DECISION + KEY * len(text)
        return self

    def press(self, *keys: str) -> "Hand":
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1
            self.seconds += DECISION + KEY
        return self

    def goes(self, *keys: str) -> "Hand":
        """Presses keys of which the last leads to another page, and waits until the focus stands where it should."""
        self.press(*keys[:-1])
        with self.page.expect_navigation():
            self.press(keys[-1])
        waits = self.page.locator("[autofocus]")
        if waits.count():
            expect(waits.first).to_be_focused()
        return self

    def reads(self, selector: str) -> "Hand":
        for each in self.page.locator(selector).all():
            self.seconds += WORD * len(each.inner_text().split())
        return self

    def asks(self, text: str) -> "Hand":
        return self.press("F4").types(text).goes("Enter")


@pytest.fixture
def hand(transactional_db, people):
    operator = people().sign_in(make.user(Role.OPERATOR).username, "parol-12345")
    yield Hand(operator)
    operator.look()


@pytest.fixture
def doctor(transactional_db):
    doctor = make.doctor(make.service())
    make.shift(doctor, days=3, slots=4)
    return doctor


@pytest.fixture
def patient(transactional_db):
    return make.patient(phone=NUMBER)


def test_a_known_patient_is_booked_and_told(hand, doctor, patient):
    hand.asks(TYPED).goes("1").types("белова").goes("Enter").goes("F3", "1").reads(".facts dd").goes("Enter")
    visit = Appointment.objects.get()
    assert (visit.patient, visit.informed_at is not None, hand.pressed) == (patient, True, 7)


def test_a_note_goes_along_with_the_booking(hand, doctor, patient):
    hand.asks(TYPED).goes("1").types("белова").goes("Enter")
    hand.page.locator("#id_note").fill("придёт с внуком")
    hand.goes("F3", "1")
    assert Appointment.objects.get().events.get().reason == "придёт с внуком"


def test_a_note_goes_along_with_a_yes_to_a_freed_time(hand, doctor, patient):
    make.entry(doctor.specialties.get(), who=patient)
    matching.offer_slot(slot=doctor.slots.earliest("starts_at").pk)
    hand.asks(TYPED).goes("1").goes("F6")
    hand.page.locator("#id_note").fill("придёт с внуком")
    hand.goes("F2")
    assert CallAttempt.objects.get().note == "придёт с внуком"


def test_the_child_of_a_family_is_chosen_and_the_mother_calls(hand, doctor, patient):
    child = make.child(phone="")
    mother = make.parent_of(child, phone=NUMBER)
    hand.asks(TYPED).goes("2").types("белова").goes("Enter").goes("F3", "1").goes("Enter")
    visit = Appointment.objects.get()
    assert (visit.patient, visit.representation, hand.pressed) == (child, mother, 7)


def test_who_is_unknown_gets_a_record_with_the_number_that_calls(hand, doctor):
    hand.asks(TYPED).goes("0").types("Ли").press("Tab").types("Инна").press("Tab", "Tab").types("01.02.1988")
    hand.goes("Enter").types("белова").goes("Enter").goes("F3", "1").goes("Enter")
    person = Patient.objects.get()
    assert (person.full_name, person.phone, Appointment.objects.get().patient) == ("Ли Инна", NUMBER, person)
    assert hand.pressed == 11


def test_a_hidden_number_is_an_answer_and_the_surname_is_typed_at_once(hand, doctor, patient):
    hand.asks("скрыт")
    expect(hand.page.locator("#search")).to_be_focused()
    hand.press("F4").types(patient.last_name).goes("Enter").goes("1")
    hand.types("белова").goes("Enter").goes("F3", "1").goes("Enter")
    assert (Appointment.objects.get().patient, hand.pressed) == (patient, 9)


def test_a_number_that_nobody_has_stays_with_the_surname_typed_after_it(hand, doctor):
    hand.asks(TYPED).press("F4").types("Ли Инна").goes("Enter")
    hand.goes("0").press("Tab", "Tab", "Tab").types("01.02.1988").goes("Enter")
    person = Patient.objects.get()
    assert (person.full_name, person.phone, hand.pressed) == ("Ли Инна", NUMBER, 9)


def test_you_have_called_me(hand, doctor, patient):
    """The time that became free for them is told in the same talk."""
    make.entry(doctor.specialties.get(), who=patient)
    matching.offer_slot(slot=doctor.slots.earliest("starts_at").pk)
    hand.asks(TYPED).goes("1").goes("F6").goes("F2")
    assert (Appointment.objects.get().patient, hand.pressed) == (patient, 5)


def test_t82_nothing_suits_and_the_caller_waits(hand, doctor, patient):
    hand.asks(TYPED).goes("1").types("белова").goes("Enter").reads("#found form.script").goes("F3", "0")
    entry = WaitlistEntry.objects.get()
    assert (entry.patient, entry.doctor_ids, hand.pressed) == (patient, [doctor.pk], 6)


def test_nothing_suits_and_the_caller_does_not_want_to_wait_but_then_does(hand, doctor, patient):
    hand.asks(TYPED).goes("1").types("белова").goes("Enter")
    hand.page.locator("#id_note").fill("подумает")
    hand.goes("F8", "3")
    left = UnmetWish.objects.get()
    assert (left.patient, left.reason, left.doctor_ids, left.note, hand.pressed) == (
        *(patient, "expensive", [doctor.pk], "подумает"),
        6,
    )
    hand.goes("0")
    entry = WaitlistEntry.objects.get()
    assert (entry.doctor_ids, entry.note, Appointment.objects.count(), hand.pressed) == ([doctor.pk], "подумает", 0, 7)


def test_w24_a_follow_up_after_the_last_visit(hand, doctor, patient):
    last = took_place(make.appointment(doctor.slots.latest("starts_at"), of=patient))
    hand.asks(TYPED).goes("1").goes("F7", "1").goes("F3", "1").goes("Enter")
    visit = Appointment.objects.exclude(pk=last.pk).get()
    assert (visit.follow_up_of, hand.pressed) == (last, 8)


def test_u33_a_visit_is_moved_within_a_minute(hand, doctor, patient):
    visit = make.appointment(doctor.slots.earliest("starts_at"), of=patient)
    hand.asks(TYPED).goes("1").goes("F7", "1").reads("#found form.script").goes("F3", "1")
    hand.reads(".facts dd").goes("Enter")
    moved = Appointment.objects.get()
    assert (moved.pk, moved.starts_at > visit.starts_at, moved.informed_at is not None) == (visit.pk, True, True)
    assert hand.pressed == 8
    assert hand.seconds <= 60


def test_u33_a_visit_is_cancelled_within_25_seconds_and_undone(hand, settings, doctor, patient):
    settings.UNDO_SECONDS = 60
    make.appointment(doctor.slots.earliest("starts_at"), of=patient)
    hand.asks(TYPED).goes("1").goes("F7", "2").goes("1")
    assert (Appointment.objects.get().status, hand.pressed) == ("cancelled", 6)
    assert hand.seconds <= 25
    hand.page.locator("h1").click()
    hand.goes("Control+z")
    assert Appointment.objects.get().status == "booked"


def test_digits_do_nothing_on_the_card_until_a_list_is_opened(hand, doctor, patient):
    make.appointment(doctor.slots.earliest("starts_at"), of=patient)
    card = reverse("office:caller_wishes", args=[patient.pk])
    hand.asks(TYPED).goes("1").types("белова").goes("Enter")
    hand.page.locator("h1").click()
    hand.press(*"0123456789")
    hand.page.wait_for_timeout(500)
    assert hand.page.url.removeprefix(hand.person.base).startswith(f"{card}?")
    assert (Appointment.objects.count(), WaitlistEntry.objects.count(), UnmetWish.objects.count()) == (1, 0, 0)


def test_f4_leads_to_the_box_from_a_field_and_the_digits_of_its_list_choose(hand, doctor, patient):
    hand.page.goto(hand.person.base + reverse("office:caller_wishes", args=[patient.pk]))
    hand.page.locator("#id_line").fill("белова")
    hand.asks("00-11").goes("1")
    expect(hand.page.locator("#id_line")).to_be_focused()


def took_place(visit: Appointment) -> Appointment:
    start = day_start(timezone.localdate())
    Appointment.objects.filter(pk=visit.pk).update(starts_at=start, ends_at=start + timedelta(minutes=30))
    booking.check_in(appointment=visit.pk, by=make.TEST)
    booking.finish(appointment=visit.pk, by=make.TEST)
    Appointment.objects.filter(pk=visit.pk).update(
        starts_at=start - timedelta(days=9), ends_at=start - timedelta(days=9, minutes=-30)
    )
    return visit
