"""Two operators and one registrar have the same free times before their eyes, and each books one (T82)."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from foundation.accounts.choices import Role
from scheduling.models import Appointment
from tests import factories as make


@pytest.fixture
def doctor(transactional_db):
    doctor = make.doctor(make.service())
    make.shift(doctor, days=1, slots=3)
    return doctor


def on_the_card(people, patient, line="белова"):
    operator = people().sign_in(make.user(Role.OPERATOR).username, "parol-12345")
    operator.open(reverse("office:caller_wishes", args=[patient.pk])).fill(line=line)
    operator.page.keyboard.press("Enter")
    expect(operator.page.locator("#found form.script").first).to_be_visible()
    return operator


def test_each_time_is_booked_once_and_whoever_lost_it_is_read_out_others_at_once(people, doctor):
    patients = [make.patient() for _each in range(3)]
    first, second = (on_the_card(people, patient) for patient in patients[:2])
    desk = people().sign_in(make.user(Role.REGISTRAR).username, "parol-12345")
    slot = doctor.slots.earliest("starts_at")
    panel = reverse("office:book", args=[slot.pk], query={"patient": patients[2].pk})
    desk.open(panel)
    desk.page.locator("[name=identity-seen]").check()

    for operator in (first, second):  # the open panel of the desk holds the time
        booked_by(operator, "F3", "1")
        operator.sees("только что заняли")
    booked_by(first, "F3", "1")
    booked_by(second, "F3", "1")
    second.sees("только что заняли")
    booked_by(second, "F3", "1")
    booked_by(desk, "F2")

    booked = {visit.starts_at: visit.patient for visit in Appointment.objects.all()}
    starts = doctor.slots.order_by("starts_at").values_list("starts_at", flat=True)
    assert booked == dict(zip(starts, [patients[2], patients[0], patients[1]], strict=True))
    for person in (first, second, desk):
        person.look()


def booked_by(person, *keys):
    for key in keys[:-1]:
        person.page.keyboard.press(key)
    with person.page.expect_navigation():
        person.page.keyboard.press(keys[-1])
