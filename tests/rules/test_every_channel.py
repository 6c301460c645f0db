"""Rules that hold on every screen and channel at once (T82, T85, T87, T88)."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date

import booking
from foundation.accounts.choices import ROLE_PERMISSIONS, Role
from patients.choices import Channel
from scheduling import links
from scheduling.models import Appointment, Doctor, EmergencyCase
from tests import factories as make
from tests import phoning
from tests.clinic.urls_walk import pages
from tests.messages import text_of
from waitlist import matching
from waitlist.models import SlotOffer, WaitlistRequest

pytestmark = pytest.mark.django_db

NO_SHELL = {"office:home", "office:calls_queue", "office:task_beside", "office:emergency_alarm"}
NO_SHELL |= {"office:calling", "office:team_part"}
"""A redirect and fragments of a page."""


@pytest.fixture
def booked():
    return make.appointment()


def facts_of(starts_at):
    local = timezone.localtime(starts_at)
    return ("Белова Анна Сергеевна", "Санкт-Петербург, ул. Лунная, д. 7", format_date(local, "j E"), f"{local:%H:%M}")


def assert_tells(text, starts_at):
    assert [fact for fact in facts_of(starts_at) if fact not in text] == []


@pytest.mark.parametrize("page", ["office:appointment", "office:ticket"])
@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.OPERATOR])
def test_t85_on_the_screen_and_the_ticket(sign_in, booked, role, page):
    text = sign_in(role).get(reverse(page, args=[booked.pk])).content.decode()
    assert_tells(text, booked.starts_at)


def test_t85_on_the_page_of_the_link(client, booked):
    text = client.get(reverse("site:visit", args=[links.token_for(booked.pk)])).content.decode()
    assert_tells(text, booked.starts_at)


def test_t85_at_the_doctors(sign_in, booked):
    doctor = make.user(Role.DOCTOR)
    Doctor.objects.filter(pk=booked.doctor_id).update(user=doctor)
    text = sign_in(doctor).get(reverse("office:my_visit", args=[booked.pk])).content.decode()
    assert_tells(text, booked.starts_at)


def test_t85_in_the_messages(booked):
    later = make.slots_of(booked.slots.get().shift)[2]
    moved = booking.move(appointment=booked.pk, to_slot=later.pk, by=make.TEST)
    assert_tells(text_of("booked"), booked.starts_at)
    assert_tells(text_of("moved"), moved.starts_at)


def test_t85_in_the_script_of_a_call(sign_in):
    slot = make.slots_of(make.shift(make.doctor(), days=3))[0]
    make.entry(slot.doctor.specialties.get())
    matching.offer_slot(slot=slot.pk)
    client = sign_in(Role.OPERATOR)
    client.post(reverse("office:call_next"))
    text = client.get(reverse("office:call", args=[SlotOffer.objects.get().pk])).content.decode()
    assert_tells(text, slot.starts_at)


@pytest.mark.parametrize("role", Role)
def test_t87_every_staff_page_opens_an_emergency_in_one_click(sign_in, role):
    client = sign_in(role)
    emergency = f'action="{reverse("office:emergency_open")}"'
    seen = 0
    for page in pages():
        if page.rule in ROLE_PERMISSIONS[role] and page.name not in NO_SHELL:
            answer = client.get(page.url)
            if answer.status_code == 200:
                assert emergency in answer.content.decode(), page
                seen += 1
    assert seen >= 3


@pytest.mark.parametrize("sent", [{}, {"urgency": "?", "description": "\x00" * 10}, {"x": "y" * 10_000}])
def test_t87_nothing_stops_it(sign_in, sent):
    answer = sign_in(Role.DOCTOR).post(reverse("office:emergency_open"), sent)
    assert answer.status_code == 302
    assert EmergencyCase.objects.get().ambulance_called_at


def test_t88_an_appointment_needs_a_patient_record(booked):
    with pytest.raises(IntegrityError, match="patient_id"), transaction.atomic():
        Appointment.objects.filter(pk=booked.pk).update(patient=None)


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.OPERATOR])
def test_t88_the_desk_and_the_phone_ask_for_the_patient_first(sign_in, role):
    slot = make.slots_of(make.shift(make.doctor()))[0]
    answer = sign_in(role).post(reverse("office:book", args=[slot.pk]), {"key": "k"})
    assert answer.status_code in (200, 302, 422)
    assert not Appointment.objects.exists()


def test_t82_the_desk_hands_the_same_wishes_over_and_the_operator_enters_them_in_one_click(sign_in):
    specialty, patient = make.specialty(), make.patient()
    client = sign_in(Role.REGISTRAR)
    client.post(reverse("office:hand_over"), {"patient": str(patient.pk), "specialty": str(specialty.pk)})
    request = WaitlistRequest.objects.get()
    assert (request.channel, request.patient, request.state) == (Channel.REGISTRY, patient, "handed_over")
    assert sign_in(Role.OPERATOR).post(reverse("office:request_enter", args=[request.pk])).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.entry.patient) == ("entered", patient)


def test_t82_the_registrar_may_not_work_the_waitlist(sign_in):
    """This is R20 and R21."""
    entry = make.entry(make.specialty())
    assert sign_in(Role.REGISTRAR).post(reverse("office:entry_remove", args=[entry.pk])).status_code == 403
    assert phoning.claim_next(by=make.actor(Role.OPERATOR)) is None
