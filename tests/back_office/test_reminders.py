"""In the office the patient is asked whether to remind them, in every channel, and a lost reminder is in sight."""

import pytest
import time_machine
from django.urls import reverse

import booking
from foundation.accounts.choices import Role
from notifications.models import Message
from scheduling.actions import reminders
from scheduling.models import Appointment
from tests import factories
from tests.back_office.test_desk_booking import address, sent

pytestmark = pytest.mark.django_db
BOX = 'name="remind"'


@pytest.fixture
def slots():
    return factories.slots_of(factories.shift(factories.doctor(), days=3, starts="15:00"))


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.OPERATOR])
@pytest.mark.parametrize(("ticked", "agreed"), [({}, False), ({"remind": "on"}, True)])
def test_what_the_patient_says_is_ticked_in_the_panel(sign_in, slots, role, ticked, agreed):
    sign_in(role).post(address(slots[0]), sent(slots[0], factories.patient(), **ticked))
    assert Appointment.objects.get().wants_reminders is agreed


@pytest.mark.parametrize(("ticked", "agreed"), [({}, False), ({"remind": "on"}, True)])
def test_during_a_call_it_is_ticked_beside_the_time(sign_in, slots, ticked, agreed):
    patient, service = factories.patient(), slots[0].doctor.services.get()
    page = reverse("office:caller_wishes", args=[patient.pk], query={"specialty": service.specialty_id})
    operator = sign_in(Role.OPERATOR)
    assert BOX in operator.get(page).content.decode()
    chosen = {"slot": slots[0].pk, "service": service.pk, "key": "k"}
    operator.post(reverse("office:caller_book", args=[patient.pk]), chosen | ticked)
    assert Appointment.objects.get().wants_reminders is agreed


def box_of(answer) -> object:
    return answer.context["panel"].form["remind"].value()


def test_what_was_agreed_for_the_last_visit_is_proposed(sign_in, slots):
    desk, patient = sign_in(Role.REGISTRAR), factories.patient()
    assert box_of(desk.get(address(slots[0], patient))) is False
    factories.appointment(slots[1], of=patient, remind=True)
    assert box_of(desk.get(address(slots[0], patient))) is True
    factories.appointment(slots[2], of=patient)
    assert box_of(desk.get(address(slots[0], patient))) is False


def test_a_box_that_was_unticked_stays_so_while_the_panel_is_drawn_anew(sign_in, slots):
    desk, patient = sign_in(Role.REGISTRAR), factories.patient()
    factories.appointment(slots[1], of=patient, remind=True)
    assert not box_of(desk.post(address(slots[0]), sent(slots[0], patient, refresh="1")))
    assert box_of(desk.post(address(slots[0]), sent(slots[0], patient, refresh="1", remind="on")))


def test_a_clinic_that_does_not_remind_asks_nothing(sign_in, slots, settings):
    settings.REMINDERS = False
    desk, visit = sign_in(Role.REGISTRAR), factories.appointment(slots[1])
    assert BOX not in desk.get(address(slots[0], visit.patient)).content.decode()
    assert BOX not in desk.get(reverse("office:appointment", args=[visit.pk])).content.decode()


def test_the_page_of_the_visit_turns_reminders_on_and_off(sign_in, slots):
    desk, visit = sign_in(Role.REGISTRAR), factories.appointment(slots[1])
    here, press = (reverse(f"office:{name}", args=[visit.pk]) for name in ("appointment", "appointment_remind"))
    for choice, words in [("on", "Напомним пациенту по СМС"), ("off", "Напоминаний о приёме не будет")]:
        assert desk.post(press, {"remind": choice}).url == here
        assert words in desk.get(here).content.decode()
    history = desk.get(here).content.decode()
    assert [words in history for words in ("согласился на напоминания", "отказался от напоминаний")] == [True, True]


@pytest.fixture
def lost(slots, phone):
    """A visit of which the patient was told, and whose reminder has not arrived."""
    visit = factories.appointment(slots[0], remind=True)
    booking.mark_informed(appointment=visit.pk, by=factories.TEST)
    Message.objects.update(state="sent", sent_at=visit.created_at)
    with time_machine.travel(visit.local_start.replace(hour=12), tick=False):
        assert reminders.put_due() == 1
        Message.objects.filter(template="reminder").update(state="failed", sealed="")
        booking.renew_untold()
        yield visit


def test_a_lost_reminder_is_in_sight_on_the_visit_and_in_the_queue(sign_in, lost):
    desk = sign_in(Role.REGISTRAR)
    assert "Напоминание не доставлено" in desk.get(reverse("office:appointment", args=[lost.pk])).content.decode()
    assert "напоминание" in desk.get(reverse("office:calls")).content.decode()
    call = desk.post(reverse("office:call_next")).url
    page = desk.get(call).content.decode()
    assert [words in page for words in ("Напоминание о приёме не дошло.", "Напоминаем о приёме:")] == [True, True]
    desk.post(f"{call}told/")
    assert "Напоминание не доставлено" not in desk.get(reverse("office:appointment", args=[lost.pk])).content.decode()


def test_a_reminder_stands_among_the_messages(sign_in, lost):
    page = sign_in(Role.HEAD).get(reverse("office:outbox")).content.decode()
    assert "Напоминание о приёме" in page
