"""D43: a number that was wrong is put right, and the patient is told with a link of their own."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from foundation.changes import Changes
from notifications.actions import sending
from notifications.choices import MessageState
from notifications.models import Message
from patients.choices import Relation
from patients.data import RepresentativeData
from scheduling import links
from scheduling.choices import AppointmentStatus, CancelReason
from scheduling.errors import NoNumber, StepNotAllowed
from scheduling.models import Appointment, AppointmentEvent
from tests import factories as make
from tests.phone import Phone

pytestmark = pytest.mark.django_db
WRONG, RIGHT = "+79210000001", "+79210000002"


@pytest.fixture
def visit():
    return make.appointment(of=make.patient(phone=WRONG))


def correct(visit, **changed):
    of = visit.patient
    return booking.correct_patient(patient=of, changes=Changes(changed), by=make.TEST)


def token(text):
    return re.search(r"/v/([\w-]+)/", text)[1]


def opens(client, token):
    return client.get(reverse("site:visit", args=[token])).status_code


def test_d43_the_new_message_has_a_new_link_and_the_old_one_dies(phone, client, visit):
    sending.send_due()
    correct(visit, phone=RIGHT)
    booking.send_again(appointment=visit.pk, by=make.TEST)
    sending.send_due()
    old, new = (token(text) for text in Phone.texts)
    assert [message.address for message in Phone.sent] == [WRONG, RIGHT]
    assert (opens(client, old), opens(client, new)) == (404, 200)
    client.post(reverse("site:visit_cancel", args=[old]))
    assert Appointment.objects.get().status == AppointmentStatus.BOOKED


def test_t42_each_new_link_has_144_bits_and_is_stored_as_a_hash(visit):
    tokens = [links.token_for(visit.pk, number) for number in range(100)]
    assert ({len(each) for each in tokens}, len(set(tokens))) == ({24}, 100)
    booking.send_again(appointment=visit.pk, by=make.TEST)
    visit.refresh_from_db()
    assert visit.link_hash == links.hash_of(tokens[1])
    assert not links.opens(tokens[0], visit)


def test_a_new_link_outlives_a_change_of_keys_and_a_move(phone, client, visit, settings):
    booking.send_again(appointment=visit.pk, by=make.TEST)
    sending.send_due()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another " * 8, [settings.SECRET_KEY]
    booking.move(appointment=visit.pk, to_slot=make.slots_of(visit.slots.get().shift)[2].pk, by=make.TEST)
    sending.send_due()
    first, second = (token(text) for text in Phone.texts)
    assert (first == second, opens(client, second)) == (True, 200)


def test_d43_what_was_not_sent_to_the_old_number_goes_to_the_new_one_alone(phone, visit):
    correct(visit, phone=RIGHT)
    sending.send_due()
    assert [message.address for message in Phone.sent] == [RIGHT]
    assert list(Message.objects.order_by("created_at").values_list("address", "state")) == [
        (WRONG, MessageState.DROPPED),
        (RIGHT, MessageState.SENT),
    ]


def test_d43_a_message_in_flight_to_the_old_number_is_not_tried_again(phone, visit, monkeypatch):
    """The number is corrected while the provider thinks, and then it refuses."""
    take = Phone.send

    def send(self, message):
        if message.address == WRONG:
            correct(visit, phone=RIGHT)
            self.__class__.away = True
        return take(self, message)

    monkeypatch.setattr(Phone, "send", send)
    sending.send_due()
    Phone.away = False
    Message.objects.filter(state=MessageState.QUEUED).update(due_at=timezone.now())
    sending.send_due()
    assert [message.address for message in Phone.sent] == [RIGHT]


def test_d43_the_representatives_number_counts_as_the_patients(phone):
    child = make.child(phone="")
    mother = make.parent_of(child, phone=WRONG)
    make.appointment(of=child, representative=mother)
    who = RepresentativeData(
        relation=Relation(mother.relation),
        last_name=mother.last_name,
        first_name=mother.first_name,
        patronymic=mother.patronymic,
        phone=RIGHT,
    )
    booking.represent(patient=child, who=who, by=make.TEST)
    sending.send_due()
    assert [message.address for message in Phone.sent] == [RIGHT]


def test_a_number_added_later_is_told_by_itself(phone):
    visit = make.appointment(of=make.patient(phone=""))
    correct(visit, phone=RIGHT)
    sending.send_due()
    assert [message.address for message in Phone.sent] == [RIGHT]


def test_another_correction_sends_nothing_again(phone, visit):
    correct(visit, first_name="Вероника", phone=WRONG)
    assert AppointmentEvent.objects.filter(kind="sent_again").count() == 0
    assert Message.objects.count() == 1


def test_a_cancellation_is_sent_again_as_one(phone, visit):
    booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=make.TEST)
    booking.send_again(appointment=visit.pk, by=make.TEST)
    sending.send_due()
    assert [text.split(":")[0] for text in Phone.texts] == ["Запись отменена"]


def test_nothing_is_sent_again_about_a_visit_that_is_over_or_to_nobody(visit):
    nobody = make.appointment(of=make.patient(phone=""))
    with pytest.raises(NoNumber):
        booking.send_again(appointment=nobody.pk, by=make.TEST)
    over = timezone.now() - timedelta(hours=1)
    Appointment.objects.filter(pk=visit.pk).update(starts_at=over, ends_at=over + timedelta(minutes=30))
    with pytest.raises(StepNotAllowed):
        booking.send_again(appointment=visit.pk, by=make.TEST)


BUTTON = "Отправить снова"
ELSEWHERE = "на другой номер"


@pytest.mark.parametrize("page", ["patient", "appointment"])
def test_d43_the_pages_offer_it_at_once_after_a_correction(phone, sign_in, visit, page):
    client = sign_in(Role.REGISTRAR)
    url = reverse(f"office:{page}", args=[visit.patient_id if page == "patient" else visit.pk])
    sending.send_due()
    assert ELSEWHERE not in client.get(url).content.decode()
    correct(visit, phone=RIGHT)
    text = client.get(url).content.decode()
    assert (ELSEWHERE in text, text.count(BUTTON) >= 1) == (True, True)
    client.post(reverse("office:appointment_send_again", args=[visit.pk]))
    assert ELSEWHERE not in client.get(url).content.decode()
    sending.send_due()
    assert [message.address for message in Phone.sent] == [WRONG, RIGHT]


def test_k16_somebody_without_a_phone_is_to_be_told_now(sign_in):
    visit = make.appointment(of=make.patient(phone=""))
    client, url = sign_in(Role.REGISTRAR), reverse("office:appointment", args=[visit.pk])
    text = client.get(url).content.decode()
    assert ("Телефона нет" in text, BUTTON in text) == (True, False)
    client.post(reverse("office:appointment_informed", args=[visit.pk]))
    assert "Телефона нет" not in client.get(url).content.decode()


@pytest.mark.parametrize(("number", "warned"), [("", True), (RIGHT, False)])
def test_k16_the_booking_panel_says_it_before_the_visit_is_booked(sign_in, number, warned):
    slot, patient = make.slots_of(make.shift(make.doctor()))[0], make.patient(phone=number)
    panel = reverse("office:book", args=[slot.pk], query={"patient": patient.pk})
    assert ("Телефона нет" in sign_in(Role.REGISTRAR).get(panel).content.decode()) is warned


def test_k16_a_mother_with_a_phone_is_somebody_to_write_to(sign_in):
    slot, child = make.slots_of(make.shift(make.doctor()))[0], make.child(phone="")
    make.parent_of(child, phone=RIGHT)
    panel = reverse("office:book", args=[slot.pk], query={"patient": child.pk})
    assert "Телефона нет" not in sign_in(Role.REGISTRAR).get(panel).content.decode()


def test_k16_somebody_with_a_phone_is_written_to(sign_in, visit):
    text = sign_in(Role.REGISTRAR).get(reverse("office:appointment", args=[visit.pk])).content.decode()
    assert ("Телефона нет" in text, BUTTON in text) == (False, True)
