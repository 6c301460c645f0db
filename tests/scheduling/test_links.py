"""T42: a patient's link is signed, bound to one visit, stored as a hash, and outlives a change of keys."""

from uuid import UUID

import pytest
from django.urls import reverse

import booking
from scheduling import links
from scheduling.models import Appointment
from tests import factories as make
from tests.messages import text_of

NEW, OLD, OLDER = "new " * 20, "old " * 20, "older " * 20
VISIT = UUID("0199c0de-0000-7000-8000-000000000001")
BEFORE = "3X8TU2ewCtkIR4dWQSPvAiwG"
"""What the version before gave to this visit with the key `OLD`."""


@pytest.fixture
def keys(settings):
    def use(key, *fallbacks):
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = key, list(fallbacks)

    use(OLD)
    return use


@pytest.fixture
def booked(db, keys):
    return make.appointment()


@pytest.fixture
def from_before(booked):
    """Makes a visit booked by the version that signed links by hand."""
    (by_hand,) = [token for token in links._valid_tokens(booked.pk) if token != links.token_for(booked.pk)]
    Appointment.objects.update(link_hash=links.hash_of(by_hand))
    booked.refresh_from_db()
    return booked


def status(client, token):
    return client.get(reverse("site:visit", args=[token])).status_code


def test_link_has_144_bits_and_fits_into_sms(keys):
    token = links.token_for(VISIT)
    assert (len(token), 6 * len(token)) == (24, 144)
    assert len({links.token_for(UUID(int=number)) for number in range(1000)}) == 1000


def test_link_of_before_is_made_as_it_was(keys):
    assert list(links._valid_tokens(VISIT)) == [links.token_for(VISIT), BEFORE]


def test_link_opens_its_visit_alone(client, booked):
    other = make.appointment(make.slots_of(make.shift(make.doctor()))[0])
    token = links.token_of(booked)
    assert (links.opens(token, booked), links.opens(token, other)) == (True, False)
    assert status(client, token) == 200


def test_hash_in_row_is_not_enough(client, booked):
    """A person who can write into the table but has no key makes no link that opens."""
    Appointment.objects.update(link_hash=links.hash_of("A" * 24))
    assert status(client, "A" * 24) == 404


def test_row_does_not_hold_link(booked):
    token = links.token_of(booked)
    assert [name for name, value in Appointment.objects.values().get().items() if value == token] == []


@pytest.mark.parametrize(
    ("ring", "answer"),
    [([NEW, OLD], 200), ([NEW, OLDER, OLD], 200), ([NEW], 404), ([NEW, OLDER], 404)],
    ids=["former key", "key before that", "key is gone", "another key"],
)
def test_link_lives_as_long_as_its_key(client, booked, keys, ring, answer):
    token = links.token_of(booked)
    keys(*ring)
    assert status(client, token) == answer


def test_link_of_before_opens_also_when_keys_change(client, from_before, keys):
    token = links.token_of(from_before)
    assert token != links.token_for(from_before.pk)
    assert status(client, token) == 200
    keys(NEW, OLD)
    assert (status(client, token), links.token_of(from_before)) == (200, token)


@pytest.mark.parametrize("visit", ["booked", "from_before"])
def test_moved_visit_keeps_its_link(client, request, visit, keys):
    visit = request.getfixturevalue(visit)
    token = links.token_of(visit)
    keys(NEW, OLD)
    booking.move(appointment=visit.pk, to_slot=make.slots_of(visit.slots.get().shift)[2].pk, by=make.TEST)
    assert f"/v/{token}/" in text_of("moved")
    assert status(client, token) == 200


def test_moved_visit_gets_new_link_when_its_key_is_gone(client, booked, keys):
    keys(NEW)
    booking.move(appointment=booked.pk, to_slot=make.slots_of(booked.slots.get().shift)[2].pk, by=make.TEST)
    token = links.token_for(booked.pk)
    assert f"/v/{token}/" in text_of("moved")
    assert status(client, token) == 200


@pytest.mark.parametrize("base", ["https://clinic.example.org", "https://clinic.example.org/"])
def test_address_of_link_has_one_slash_whatever_the_setting(booked, settings, base):
    settings.CLINIC = settings.CLINIC | {"base_url": base}
    assert links.url_of(booked) == f"https://clinic.example.org/v/{links.token_of(booked)}/"
