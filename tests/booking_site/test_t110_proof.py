"""T110: where strangers hold much, the code is asked before the hold; nobody is refused, and nothing is typed twice."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifications.models import PhoneCode
from scheduling.actions import slots as slot_actions
from scheduling.choices import HoldReason
from scheduling.errors import HoldOver
from scheduling.models import Appointment, Slot
from tests import factories
from tests.booking_site.conftest import ADULT, PHONE, sent_code

DETAILS, PROVE, PROVE_CODE = reverse("site:details"), reverse("site:prove"), reverse("site:prove_code")


@pytest.fixture
def crowd(take, slots):
    """Strangers hold what they may of this doctor's day."""
    for place in range(settings.HOLDS_PER_DAY):
        assert take(slots[-1 - place], by=Client()).url == DETAILS


@pytest.fixture
def proved(client, take, slots, crowd):
    """Chooses a time, gives the phone and types the code; returns the last answer."""
    take(slots[0])
    client.post(PROVE, {"phone": ADULT["phone"]})
    return client.post(PROVE_CODE, {"code": sent_code()})


def reasons(slot):
    return Slot.objects.get(pk=slot.pk).hold_reason


def test_the_code_is_asked_before_the_hold(client, take, slots, crowd):
    assert take(slots[0]).url == PROVE
    assert reasons(slots[0]) == ""
    page = client.get(PROVE)
    assert (page.status_code, page.context["slot"].pk) == (200, slots[0].pk)
    assert settings.CLINIC["phone"] in page.content.decode()


def test_the_time_is_kept_as_soon_as_the_phone_is_proved(client, slots, proved):
    assert (proved.url, reasons(slots[0])) == (DETAILS, HoldReason.SITE_PROVED)
    page = client.get(DETAILS)
    assert page.context["slot"].pk == slots[0].pk
    assert page.context["form"]["phone"].value() == "+7 921 000-11-22"


def test_no_second_code_is_asked_for_the_booking(client, slots, proved):
    client.post(DETAILS, ADULT)
    assert Appointment.objects.get().patient.phone == PHONE
    assert PhoneCode.objects.count() == 1


def test_another_phone_among_the_details_is_proved_itself(client, slots, proved):
    assert client.post(DETAILS, ADULT | {"phone": "8 921 000-11-33"}).url == reverse("site:code")
    assert not Appointment.objects.exists()


def test_a_wrong_code_keeps_nothing(client, take, slots, crowd):
    take(slots[0])
    client.post(PROVE, {"phone": ADULT["phone"]})
    wrong = "000000" if sent_code() != "000000" else "111111"
    assert client.post(PROVE_CODE, {"code": wrong}).status_code == 422
    assert (PhoneCode.objects.get().tries, reasons(slots[0])) == (1, "")


def test_a_number_that_gets_no_code(client, take, slots, crowd):
    take(slots[0])
    page = client.post(PROVE, {"phone": "8 812 317-78-21"})
    assert (page.status_code, page.context["form"]["phone"].value()) == (422, "8 812 317-78-21")


def test_the_time_went_to_somebody_else_meanwhile(client, take, slots, crowd):
    take(slots[0])
    client.post(PROVE, {"phone": ADULT["phone"]})
    factories.appointment(slots[0])
    page = client.post(PROVE_CODE, {"code": sent_code()})
    assert (page.status_code, [slot.pk for slot in page.context["times"]]) == (409, [slots[1].pk])
    assert take(slots[1]).url == DETAILS, "the phone is proved all the same"


def test_a_time_that_the_schedule_no_longer_has(client, take, slots, crowd):
    take(slots[0])
    slots[0].delete()
    assert client.get(PROVE).status_code == 409


def test_a_form_sent_twice_leads_on(client, proved):
    assert client.post(PROVE_CODE, {"code": sent_code()}).url == DETAILS
    assert client.get(PROVE).url == DETAILS


def test_the_pages_are_of_nobody_who_wants_no_time(client, db):
    assert client.get(PROVE).url == client.get(PROVE_CODE).url == reverse("site:choose")


def test_no_code_is_typed_that_was_not_sent(client, take, slots, crowd):
    take(slots[0])
    assert client.get(PROVE_CODE).url == PROVE


def test_a_new_code_too_soon(client, take, slots, crowd):
    take(slots[0])
    for _twice in range(2):
        assert client.post(PROVE, {"phone": ADULT["phone"]}).url == PROVE_CODE
    assert PhoneCode.objects.count() == 1


def test_the_demo_shows_the_code(client, take, slots, crowd, settings):
    settings.DEMO = True
    take(slots[0])
    client.post(PROVE, {"phone": ADULT["phone"]})
    assert client.get(PROVE_CODE).context["sent"].shown == sent_code()


def test_whoever_lost_a_time_goes_on_with_what_is_typed(client, take, slots):
    """U05: from the page of other times the booking is made as soon as the phone is proved."""
    take(slots[0])
    client.post(DETAILS, ADULT)
    Slot.objects.filter(pk=slots[0].pk).update(**slot_actions.NO_HOLD)
    for place in range(settings.HOLDS_PER_DAY):
        take(slots[-1 - place], by=Client())
    assert take(slots[1], finish="1").url == PROVE
    PhoneCode.objects.all().delete()
    client.post(PROVE, {"phone": ADULT["phone"]})
    client.post(PROVE_CODE, {"code": sent_code()})
    assert Appointment.objects.get().starts_at == slots[1].starts_at


def test_a_hold_that_is_over_can_still_be_booked(client, take, slots, monkeypatch):
    take(slots[0])
    with monkeypatch.context() as over:
        over.setattr("scheduling.actions.site_holds.hold", refuse)
        page = client.post(reverse("site:extend"), ADULT, follow=True)
        assert [str(said) for said in page.context["messages"]] == [str(HoldOver())]
        assert take(slots[0]).url == DETAILS
        assert client.post(DETAILS, ADULT).url == reverse("site:code")
    Slot.objects.filter(pk=slots[0].pk).update(**slot_actions.NO_HOLD)
    client.post(reverse("site:code"), {"code": sent_code()})
    assert Appointment.objects.count() == 1


def refuse(**_asked):
    raise HoldOver


@pytest.fixture
def at():
    """Moves the clock to so many minutes after the test has begun."""
    begun = timezone.now()
    with time_machine.travel(begun, tick=False) as clock:
        yield lambda minutes: clock.move_to(begun + timedelta(minutes=minutes))


def kept_for(slot):
    """How long the time is kept from now on; nothing when it is not."""
    until = Slot.objects.get(pk=slot.pk).held_until
    return max(until - timezone.now(), timedelta()) if until else timedelta()


@pytest.fixture
def look_elsewhere(client, take, slots):
    return lambda: take(slots[1])


@pytest.fixture
def leave(client):
    return lambda: client.post(reverse("site:enough"))


@pytest.mark.parametrize("between", ["look_elsewhere", "leave"])
def test_a_time_is_held_for_25_minutes_whatever_is_held_in_between(request, client, take, slots, at, between):
    away = request.getfixturevalue(between)
    kept = []
    for minutes in (0, 18, 36, 54):
        at(minutes)
        assert take(slots[0]).url == DETAILS
        kept.append(kept_for(slots[0]) // timedelta(minutes=1))
        at(minutes + 9)
        away()
    assert kept == [10, 7, 0, 10]


def test_another_time_has_a_life_of_its_own(client, take, slots, at):
    take(slots[0])
    at(24)
    take(slots[1])
    assert kept_for(slots[1]) == timedelta(minutes=10)


def test_more_time_is_asked_for_within_that_life(client, take, slots, at, look_elsewhere):
    take(slots[0])
    at(9)
    look_elsewhere()
    at(18)
    take(slots[0])
    at(24)
    client.post(reverse("site:extend"))
    assert kept_for(slots[0]) == timedelta(minutes=1)
    at(26)
    client.post(reverse("site:extend"))
    assert kept_for(slots[0]) == timedelta()
