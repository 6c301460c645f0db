"""Keys of the operator's pages: nothing is chosen, booked or written down by a key that was meant for a field."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from foundation.accounts.choices import Role
from scheduling.models import Appointment
from tests import factories as make
from waitlist import matching
from waitlist.models import CallAttempt, SlotOffer, WaitlistEntry, WaitlistRequest
from worklist.models import Claim, Task


@pytest.fixture
def operator(people):
    return people().sign_in(make.user(Role.OPERATOR).username, "parol-12345")


@pytest.fixture
def call(transactional_db, operator):
    """The operator has a call open, with other times to offer."""
    doctor = make.doctor()
    make.entry(doctor.services.get().specialty)
    matching.offer_slot(slot=make.slots_of(make.shift(doctor, days=3))[0].pk)
    operator.open("/office/calls/").press("Следующий")
    return reverse("office:call", args=[SlotOffer.objects.get().pk])


@pytest.mark.parametrize(
    ("field", "typed"), [("note", "5"), ("call_back_day", "31.12.2030"), ("call_back_time", "18:00")]
)
def test_enter_in_a_field_of_the_call_chooses_no_outcome(operator, call, field, typed):
    operator.fill(**{field: typed})
    operator.page.locator(f"[name={field}]").press("Enter")
    operator.page.wait_for_timeout(500)
    assert operator.page.url.endswith(call)
    expect(operator.page.locator(f"[name={field}]")).to_have_value(typed)
    assert not CallAttempt.objects.exists()
    operator.press("не отвечает")
    assert CallAttempt.objects.count() == 1


def test_two_keys_say_why_a_time_does_not_suit(operator, call):
    operator.page.locator("[name=note]").fill("на даче")
    operator.page.locator("[name=note]").blur()
    operator.page.keyboard.press("4")
    operator.page.wait_for_timeout(500)
    assert not CallAttempt.objects.exists(), "a digit chooses in an opened list alone"
    operator.page.keyboard.press("F7")
    with operator.page.expect_navigation():
        operator.page.keyboard.press("2")
    attempt = CallAttempt.objects.get()
    assert (attempt.reason, attempt.outcome, attempt.note) == ("too_late", "declined_slot", "на даче")


def test_k05_a_number_is_typed_in_place_with_three_keys_besides_its_digits(transactional_db, people):
    specialty, patient = make.specialty(), make.patient(phone="")
    desk = people().sign_in(make.user(Role.REGISTRAR).username, "parol-12345")
    desk.open(f"{reverse('office:find_time')}?patient={patient.pk}&specialty={specialty.pk}")
    keyboard = desk.page.keyboard
    keyboard.press("F3")
    keyboard.press("Tab")
    keyboard.type("89210001122")
    keyboard.press("Enter")
    desk.page.wait_for_url(f"**{reverse('office:patient', args=[patient.pk])}")
    assert WaitlistRequest.objects.get().phone == "+79210001122"


def test_k14_two_keys_book_once_more_and_one_alone_asks(transactional_db, people):
    doctor = make.doctor()
    visit = make.appointment(make.slots_of(make.shift(doctor, days=2))[0])
    free = make.slots_of(make.shift(doctor, days=4))[0]
    desk = people().sign_in(make.user(Role.REGISTRAR).username, "parol-12345")
    desk.open(f"{reverse('office:book', args=[free.pk])}?patient={visit.patient_id}")
    desk.page.locator("[name=identity-seen]").check()
    for asked in range(2):
        with desk.page.expect_navigation():
            desk.page.keyboard.press("F2")
        assert (asked, booked()) == (asked, 1)
    expect(desk.page.locator("[name=again]")).to_be_focused()  # after the page is loaded, with its first frame
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url("**/office/appointments/**")
    assert booked() == 2


@pytest.fixture
def rebooking(transactional_db, operator):
    """The operator has a call open about a visit that the doctor's absence has stranded."""
    visit = make.appointment(make.slots_of(make.shift(make.doctor(), days=3))[0])
    make.away(visit.doctor, 3, 3)
    operator.open("/office/calls/").press("Следующий")
    return reverse("office:rebooking_task", args=[Task.objects.get().pk])


@pytest.mark.parametrize(("field", "typed"), [("call_back_day", "31.12.2030"), ("call_back_time", "18:00")])
def test_enter_in_a_field_of_the_call_about_a_visit_chooses_no_outcome(operator, rebooking, field, typed):
    operator.fill(**{"call_back_time": "18:00", field: typed})
    operator.page.locator(f"[name={field}]").press("Enter")
    operator.page.wait_for_timeout(500)
    assert operator.page.url.endswith(rebooking)
    expect(operator.page.locator(f"[name={field}]")).to_have_value(typed)
    assert Task.objects.get().attempts == 0
    operator.press("не отвечает")
    assert Task.objects.get().attempts == 1


def booked() -> int:
    return Appointment.objects.count()


def is_still(operator, address: str) -> bool:
    operator.page.wait_for_timeout(500)
    return operator.page.url.removeprefix(operator.base).split("?")[0] == address


@pytest.fixture
def times(transactional_db, operator):
    """The operator has found times for the one who calls."""
    doctor, patient = make.doctor(), make.patient()
    make.shift(doctor, days=3)
    address = reverse("office:caller_wishes", args=[patient.pk])
    operator.open(f"{address}?specialty={doctor.services.get().specialty_id}")
    return address


def test_digits_typed_by_chance_book_nothing(operator, times):
    operator.page.locator("h1").click()
    for digits in ("17", "0", "4"):
        operator.page.keyboard.type(digits)
        assert is_still(operator, times)
    assert (booked(), WaitlistEntry.objects.count()) == (0, 0)


def test_a_digit_books_from_the_opened_list(operator, times):
    operator.page.keyboard.press("F3")
    operator.page.keyboard.press("1")
    operator.page.wait_for_url("**/office/caller/*/?told=*")
    assert booked() == 1


def test_digits_typed_by_chance_during_a_call_do_nothing(operator, call):
    operator.page.locator("h1").click()
    operator.page.keyboard.type("1234567890")
    assert is_still(operator, call)
    assert (booked(), CallAttempt.objects.count()) == (0, 0)


def test_the_outcome_of_a_call_is_chosen_from_its_opened_list(operator, call):
    key = operator.page.locator("aside button", has_text="не отвечает").get_attribute("data-key")
    operator.page.keyboard.press("F8")
    operator.page.keyboard.press(key)
    operator.page.wait_for_url("**/office/calls/")
    assert (booked(), CallAttempt.objects.get().outcome) == (0, "no_answer")


def test_u33_a_call_back_is_promised_by_two_keys(operator, call):
    operator.page.keyboard.press("F6")
    operator.page.keyboard.press("1")
    operator.page.wait_for_url("**/office/calls/")
    assert (booked(), CallAttempt.objects.get().outcome) == (0, "call_back")


def test_a_list_that_was_left_is_closed(operator, times):
    operator.page.keyboard.press("F3")
    operator.page.locator("#id_line").focus()
    operator.page.locator("h1").click()
    operator.page.keyboard.press("1")
    assert is_still(operator, times)
    assert booked() == 0


def test_a_note_outlives_the_emergency_a_reload_and_a_lost_call(operator, call):
    note = operator.page.locator("[name=note]")
    with operator.page.expect_response("**/alive/"):
        note.press_sequentially("Просила после шести")
    operator.page.keyboard.press("F9")
    operator.page.locator("#alarm .alarm").wait_for()
    expect(note).to_have_value("Просила после шести")
    operator.page.reload()
    expect(note).to_have_value("Просила после шести")
    Claim.objects.update(by="staff:other", by_name="Вера")
    operator.open(call).sees("Просила после шести")
