"""On the site visitors agree to reminders apart from any other consent, and change their minds by their own link."""

import pytest
from django.urls import reverse

import booking
from foundation.audit.models import AuditEvent
from patients.models import DataConsent
from scheduling import links
from scheduling.models import Appointment
from tests import factories
from tests.booking_site.conftest import ADULT

DETAILS = reverse("site:details")


@pytest.mark.parametrize(("typed", "agreed"), [({}, False), ({"remind": "on"}, True)])
def test_who_ticks_the_box_agrees(book, slots, typed, agreed):
    book(slots[0], ADULT | typed)
    assert Appointment.objects.get().wants_reminders is agreed
    assert DataConsent.objects.count() == 1


def test_the_box_is_not_ticked_beforehand_and_stays_as_it_was_ticked(client, take, slots):
    take(slots[0])
    assert not client.get(DETAILS).context["form"]["remind"].value()
    answer = client.post(DETAILS, ADULT | {"remind": "on", "consent": ""})
    assert (answer.status_code, answer.context["form"]["remind"].value()) == (422, True)
    assert client.get(DETAILS).context["form"]["remind"].value()


@pytest.mark.parametrize("off", ["setting", "route"])
def test_a_clinic_that_does_not_remind_asks_nothing(client, take, slots, settings, off):
    take(slots[0])
    visit = factories.appointment(slots[2])
    if off == "setting":
        settings.REMINDERS = False
    else:
        settings.MESSAGE_ROUTES = {"sms": []}
    assert 'name="remind"' not in client.get(DETAILS).content.decode()
    assert 'name="remind"' not in client.get(page_of(visit)).content.decode()


def page_of(visit, name: str = "visit") -> str:
    return reverse(f"site:{name}", args=[links.token_for(visit.pk)])


def test_the_link_turns_reminders_on_and_off(client, slots):
    visit = factories.appointment(slots[0])
    said = {False: "Можем напомнить", True: "Напомним о приёме"}
    for press, agreed in [("on", True), ("on", True), ("off", False), ("off", False)]:
        assert client.post(page_of(visit, "visit_remind"), {"remind": press}).url == page_of(visit)
        visit.refresh_from_db()
        assert visit.wants_reminders is agreed
        page = client.get(page_of(visit)).content.decode()
        assert [words in page for words in said.values()] == [not agreed, agreed]
    kinds = list(visit.events.order_by("id").values_list("kind", flat=True))
    assert kinds == ["booked", "reminders_on", "reminders_off"]
    actions = AuditEvent.objects.filter(action__startswith="appointment.reminders").order_by("id")
    told = [(row.action, row.patient, row.actor.split(":")[0]) for row in actions]
    assert [(action, patient) for action, patient, _who in told] == [
        ("appointment.reminders_on", visit.patient_id),
        ("appointment.reminders_off", visit.patient_id),
    ]


def test_a_visit_that_cannot_be_changed_any_more_has_no_button(client, slots):
    visit = factories.appointment(slots[0])
    booking.cancel(appointment=visit.pk, reason="patient", by=factories.TEST)
    assert 'name="remind"' not in client.get(page_of(visit)).content.decode()
    assert client.post(page_of(visit, "visit_remind"), {"remind": "on"}).status_code == 409
    visit.refresh_from_db()
    assert not visit.wants_reminders
