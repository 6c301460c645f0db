"""Keys of the operator's pages: nothing is chosen, booked or written down by a key that was meant for a field."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from foundation.accounts.choices import Role
from tests import factories as make
from waitlist import matching
from waitlist.models import CallAttempt, SlotOffer


@pytest.fixture
def operator(people):
    return people().sign_in(make.user(Role.OPERATOR).username, "parol-12345")


@pytest.fixture
def call(transactional_db, operator):
    """The operator has a call open, with other times to offer."""
    doctor = make.doctor()
    make.entry(doctor.services.get().specialty)
    matching.offer_slot(slot=make.slots_of(make.shift(doctor, days=3))[0].pk)
    operator.open("/office/calls/").press("Следующий")
    return reverse("office:call", args=[SlotOffer.objects.get().pk])


@pytest.mark.parametrize(
    ("field", "typed"), [("note", "5"), ("call_back_day", "31.12.2030"), ("call_back_time", "18:00")]
)
def test_enter_in_a_field_of_the_call_chooses_no_outcome(operator, call, field, typed):
    operator.fill(**{field: typed})
    operator.page.locator(f"[name={field}]").press("Enter")
    operator.page.wait_for_timeout(500)
    assert operator.page.url.endswith(call)
    expect(operator.page.locator(f"[name={field}]")).to_have_value(typed)
    assert not CallAttempt.objects.exists()
    operator.press("не отвечает")
    assert CallAttempt.objects.count() == 1
