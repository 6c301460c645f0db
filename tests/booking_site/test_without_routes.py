"""O01: where no SMS leave the site promises no code, says to phone, and holds no time for nobody."""

import pytest
from django.urls import reverse

from scheduling.models import Slot
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot():
    return make.slots_of(make.shift(make.doctor(), slots=1))[0]


def choose(client, slot):
    return client.post(reverse("site:take"), {"slot": slot.pk, "service": slot.doctor.services.get().pk})


def test_whoever_chooses_a_time_is_told_to_phone(client, slot, settings):
    settings.MESSAGE_ROUTES = {}
    answer = choose(client, slot)
    assert answer.status_code == 409
    assert "Сейчас мы не можем прислать код" in answer.content.decode()
    assert settings.CLINIC["phone_e164"] in answer.content.decode()
    assert not Slot.objects.exclude(hold_token=None).exists()


def test_with_a_route_the_booking_goes_on(client, slot):
    assert choose(client, slot).status_code == 302
    assert Slot.objects.exclude(hold_token=None).get() == slot
