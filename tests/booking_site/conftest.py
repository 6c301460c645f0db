"""A clinic with one doctor who is free tomorrow, and what a visitor types."""

import pytest
from django.urls import reverse

from tests import factories
from tests.messages import code_of

PHONE = "+79210001122"

ADULT = {
    "who": "self",
    "last_name": "Орлова",
    "first_name": "Мария",
    "patronymic": "",
    "birth_date": "17.05.1990",
    "phone": "8 (921) 000-11-22",
    "consent": "on",
}
CHILD = ADULT | {
    "who": "child",
    "first_name": "Лев",
    "birth_date": "01.02.2020",
    "relation": "parent",
    "representative_last_name": "Орлова",
    "representative_first_name": "Мария",
}


@pytest.fixture
def shift(db):
    return factories.shift(factories.doctor())


@pytest.fixture
def slots(shift):
    return factories.slots_of(shift)


@pytest.fixture
def service(shift):
    return shift.doctor.services.get()


@pytest.fixture
def take(client, service):
    """Chooses a time on the site."""

    def take(slot, by=None, **more):
        return (by or client).post(reverse("site:take"), {"slot": slot.pk, "service": service.pk} | more)

    return take


@pytest.fixture
def book(client, take):
    """Walks the whole way with the code from the message; returns the last answer."""

    def book(slot, typed=ADULT):
        take(slot)
        client.post(reverse("site:details"), typed)
        return client.post(reverse("site:code"), {"code": sent_code()})

    return book


def sent_code(phone=PHONE):
    return code_of(phone)
