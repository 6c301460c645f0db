"""T85: on whatever road a visit was booked or moved, its last page tells the four facts."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date

import booking
from foundation.accounts.actors import staff
from foundation.accounts.choices import Role
from scheduling import links
from scheduling.choices import CancelReason
from scheduling.models import Appointment
from tests import factories as make
from tests.clinic.test_second_press import reviewed
from tests.races.forms import form_for
from tests.races.test_t94_second_press import FORMS, free_times, signed_in
from worklist.models import Task

pytestmark = pytest.mark.django_db
BOOKED = sorted(name for name, how in reviewed().items() if how == "visit")


def missing(page: str, visit: Appointment) -> list[str]:
    """Returns the facts of R13 that the page does not tell."""
    text = re.sub(r"\s+", " ", unescape(page))
    local = timezone.localtime(visit.starts_at)
    facts = (visit.doctor.full_name, visit.room.location.address, format_date(local, "j E"), f"{local:%H:%M}")
    return [fact for fact in facts if fact not in text]


@pytest.mark.parametrize("name", BOOKED)
def test_t85_whoever_books_is_told_the_four_facts(name):
    press = FORMS[name]()
    before = set(Appointment.objects.values_list("pk", flat=True))
    form = form_for(name, press.client.get(press.at).content.decode(), at=press.at)
    answer = press.client.post(form.action, form.hidden | press.typed, follow=True)
    assert answer.status_code == 200
    assert missing(answer.content.decode(), Appointment.objects.exclude(pk__in=before).get()) == []


def moved_at_the_desk():
    slots = free_times()
    visit = make.appointment(slots[0])
    url = reverse("office:appointment_move", args=[visit.pk])
    return signed_in(), url, {"to": slots[3].pk}, visit


def moved_on_the_site():
    slots = free_times()
    visit = make.appointment(slots[0])
    url = reverse("site:visit_move", args=[links.token_for(visit.pk)])
    return Client(), url, {"slot": slots[3].pk}, visit


def re_booked():
    client, slots = signed_in(Role.OPERATOR), free_times()
    visit, later = make.appointment(slots[0]), make.slots_of(make.shift(slots[0].doctor, days=9))
    make.away(slots[0].doctor, 2, 2)
    task = booking.claim_task(task=Task.objects.get().pk, by=staff(client.user))
    return client, reverse("office:rebooking_move", args=[task.pk]), {"to": later[1].pk}, visit


MOVES = {
    "office:appointment_move": moved_at_the_desk,
    "office:rebooking_move": re_booked,
    "site:visit_move": moved_on_the_site,
}


def test_every_address_that_moves_a_visit_is_here():
    assert sorted(name for name in reviewed() if name.endswith("_move")) == sorted(MOVES)


@pytest.mark.parametrize("name", MOVES)
def test_t85_whoever_moves_is_told_the_new_facts(name):
    client, url, typed, visit = MOVES[name]()
    before = visit.starts_at
    answer = client.post(url, typed, follow=True)
    visit.refresh_from_db()
    assert visit.starts_at != before
    assert (answer.status_code, missing(answer.content.decode(), visit)) == (200, [])


def test_t85_whoever_books_a_cancelled_visit_again_is_told_them_too():
    visit = make.appointment()
    booking.cancel(appointment=visit.pk, reason=CancelReason.CLINIC, by=make.TEST)
    answer = signed_in().post(reverse("office:appointment_again", args=[visit.pk]), follow=True)
    assert (Appointment.objects.get().status, missing(answer.content.decode(), visit)) == ("booked", [])


def test_control_a_page_without_a_fact_is_noticed():
    visit = make.appointment()
    local = timezone.localtime(visit.starts_at)
    page = f"{visit.doctor.full_name}, {visit.room.location.address}, {format_date(local, 'j E')}"
    assert missing(page, visit) == [f"{local:%H:%M}"]
