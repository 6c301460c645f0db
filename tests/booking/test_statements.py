"""A booking asks the database little: statements of each channel's last form, the whole request."""

import pytest

from bench import booking_forms, statements
from bench.bookable import Chance
from scheduling.models import Appointment
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("channel", "count"), [(booking_forms.at_site, 7), (booking_forms.at_desk, 6), (booking_forms.by_phone, 7)]
)
def test_statements_of_a_booking(channel, count):
    first, second = (make.slots_of(make.shift(make.doctor()))[0] for _ in range(2))
    chances = [Chance(slot.pk, slot.doctor.services.get(), make.patient().pk) for slot in (first, second)]
    warm, request = channel(chances)
    warm.here()
    asked = statements.of(request.here)
    assert (asked.result.status_code, Appointment.objects.count()) == (302, 2)
    assert (asked.count, asked.savepoints) == (count, 2), "one transaction, which is a savepoint in a test"
