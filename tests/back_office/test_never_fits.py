"""W15: whoever asks for what nobody gives at that age is told at once, and led to where it is given."""

from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from foundation.accounts.choices import Role
from tests import factories as make
from tests.opened import as_opened
from waitlist.models import WaitlistEntry, WaitlistRequest

pytestmark = pytest.mark.django_db
DOORS = pytest.mark.parametrize(("role", "door"), [(Role.OPERATOR, "caller_wishes"), (Role.REGISTRAR, "find_time")])


@pytest.fixture
def adults():
    service = make.service()
    make.doctor(service, min_age=14)
    return service.specialty


@pytest.fixture
def children():
    service = make.service(make.specialty("Детская дерматология", "детский дерматолог"))
    make.shift(make.doctor(service, max_age=17), days=2)
    return service.specialty


def at(door, patient):
    return reverse("office:find_time") if door == "find_time" else reverse("office:caller_wishes", args=[patient.pk])


@DOORS
def test_a_child_is_led_to_the_doctors_of_children_with_the_days_that_were_asked(sign_in, role, door, adults, children):
    client, child = sign_in(role), make.child(7, note="")
    asked = {"patient": child.pk, "specialty": adults.pk, "time_until": "18:00", "note": "со слов мамы"}
    answer = client.get(at(door, child), asked)
    never = answer.context["never"]
    [(name, query)] = never.ways
    words = unescape(answer.content.decode())
    assert (name, never.sentence in words, f"{at(door, child)}?{query}" in words) == (
        "Детская дерматология",
        True,
        True,
    )
    assert parse_qs(query) == {"specialty": [str(children.pk)], "patient": [str(child.pk)], "time_until": ["18:00"]}
    assert 'name="none_suits"' not in words
    assert reverse("office:hand_over") not in words
    led = client.get(urlsplit(f"{at(door, child)}?{query}").geturl())
    assert led.context["never"] is None
    assert led.context["found" if door == "find_time" else "times"]


def test_the_operator_enters_nobody_for_whom_nothing_fits(sign_in, operator, adults, children):
    client, child = sign_in(operator), make.child(7)
    to = reverse("office:caller_join", args=[child.pk], query={"specialty": adults.pk})
    refused = client.post(to, {"note": "сыпь"})
    assert (refused.status_code, WaitlistEntry.objects.count()) == (422, 0)
    assert "«Детская дерматология»" in refused.content.decode()


def test_the_desk_hands_nobody_over_for_whom_nothing_fits(sign_in, adults, children):
    client, child = sign_in(Role.REGISTRAR), make.child(7)
    refused = client.post(reverse("office:hand_over"), {"patient": child.pk, "specialty": adults.pk})
    assert (refused.status_code, WaitlistRequest.objects.count()) == (422, 0)
    assert "«Детская дерматология»" in refused.content.decode()


def test_wishes_that_never_fit_are_shown_as_they_were_typed(sign_in, operator, adults):
    client, entry = sign_in(operator), make.entry(adults)
    laser = make.service(adults, name="Лазер")
    page = reverse("office:entry_change", args=[entry.pk])
    typed = {"specialty": adults.pk, "service": laser.pk, "notice": "60", "note": "лазером"}
    refused = client.post(page, as_opened(client, page) | typed)
    assert (refused.status_code, refused.context["form"]["note"].value()) == (422, "лазером")
    entry.refresh_from_db()
    assert (entry.service, entry.note) == (None, "")
