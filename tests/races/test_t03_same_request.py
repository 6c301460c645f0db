"""T03: a double click, a retry: the same form many times at once."""

from functools import partial
from uuid import uuid4

import pytest

import booking
from foundation.accounts.actors import site_visitor
from foundation.accounts.choices import Role
from notifications.models import Message
from patients.choices import Channel
from patients.models import DataConsent, Patient, RegistryEntry
from scheduling.errors import IdempotencyConflict
from scheduling.models import Appointment, AppointmentEvent
from tests import factories as make
from tests.races.harness import run_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def slots():
    return make.slots_of(make.shift(make.doctor(), slots=6))


def assert_made_once(result):
    assert len(result.values) == 50
    assert {made.pk for made in result.values} == set(Appointment.objects.values_list("pk", flat=True))
    assert (Appointment.objects.count(), AppointmentEvent.objects.count(), Patient.objects.count()) == (1, 1, 1)
    assert Message.objects.filter(template="booked").count() == Message.objects.count() == 1


def test_the_site_form_50_times(slots):
    form = partial(
        booking.on_site,
        service=slots[0].doctor.services.get().pk,
        person=make.person(),
        by=site_visitor(session="t"),
        consent_text="Согласен",
        code=None,
        key=uuid4().hex,
    )
    assert_made_once(run_at_once([partial(form, slot=slots[0].pk)] * 50))
    assert DataConsent.objects.count() == 1
    changed = run_at_once([partial(form, slot=slots[1].pk)] * 10)
    assert (changed.values, changed.refused_with()) == ([], {IdempotencyConflict})
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("channel", [Channel.REGISTRY, Channel.PHONE])
def test_the_desk_form_50_times(slots, channel):
    verb = partial(booking.at_desk, seen=[make.PASSPORT]) if channel == Channel.REGISTRY else booking.by_phone
    form = partial(
        verb,
        patient=make.patient(),
        service=slots[0].doctor.services.get(),
        by=make.actor(Role.REGISTRAR),
        key=uuid4().hex,
    )
    assert_made_once(run_at_once([partial(form, slot=slots[0].pk)] * 50))
    assert RegistryEntry.objects.count() == 1
    changed = run_at_once([partial(form, slot=slots[1].pk)] * 10)
    assert (changed.values, changed.refused_with()) == ([], {IdempotencyConflict})


def test_two_different_forms_with_one_key(slots):
    """The forms are sent at the same moment: one is booked, the other is refused."""
    form = partial(
        booking.by_phone,
        patient=make.patient(),
        service=slots[0].doctor.services.get(),
        by=make.actor(Role.OPERATOR),
        key=uuid4().hex,
    )
    result = run_at_once([partial(form, slot=slot.pk) for slot in slots] * 3)
    assert {made.starts_at for made in result.values} == {Appointment.objects.get().starts_at}
    assert result.refused_with() == {IdempotencyConflict}
