"""Emergencies: the ambulance call is in the first step, the rest may come later or never (R14, R19)."""

from uuid import uuid4

import pytest
from django.utils import timezone

from foundation.audit.models import AuditEvent
from scheduling.actions import emergencies
from scheduling.choices import Urgency
from scheduling.models import EmergencyCase
from tests import factories as make

pytestmark = pytest.mark.django_db


def events():
    return list(AuditEvent.objects.order_by("id").values_list("action", "actor", "object_ref", "details"))


def test_r14_an_emergency_has_its_ambulance_call_from_the_first_moment(settings):
    settings.CLINIC = settings.CLINIC | {"ambulance": "112"}
    by, before = make.actor(), timezone.now()
    case = emergencies.open_case(by=by, description="упал")
    case.refresh_from_db()
    assert (case.urgency, case.description, case.opened_by, case.opened_by_name) == (
        Urgency.EMERGENCY,
        "упал",
        by.ref,
        by.name,
    )
    assert before <= case.opened_at == case.ambulance_called_at <= timezone.now()
    assert (case.ambulance_called_by, case.ambulance_number) == (by.name, "112")
    assert events() == [("emergency.opened", by.ref, str(case.pk), {"urgency": "emergency"})]


def test_r19_an_urgent_consultation_has_none():
    case = emergencies.open_case(by=make.TEST, urgency=Urgency.URGENT)
    case.refresh_from_db()
    assert (case.ambulance_called_at, case.ambulance_called_by, case.ambulance_number) == (None, "", "")
    assert events()[0][3] == {"urgency": "urgent"}


def test_what_becomes_known_later_is_kept_and_nothing_is_required():
    case, doctor, by = emergencies.open_case(by=make.TEST), make.doctor(), make.actor()
    told = {
        "person": "мужчина лет сорока",
        "description": "потерял сознание",
        "ambulance_reference": "17-203",
        "doctor": doctor,
        "outcome": "передан бригаде",
    }
    emergencies.describe(case=case.pk, by=by, **told)
    kept = EmergencyCase.objects.get()
    assert {name: getattr(kept, name) for name in told} == told
    emergencies.describe(case=case.pk, by=by)
    kept = EmergencyCase.objects.get()
    assert {name: getattr(kept, name) for name in told} == dict.fromkeys(told, "") | {"doctor": None}
    assert (kept.ambulance_called_at, kept.closed_at) == (case.ambulance_called_at, None)
    assert events()[1:] == [("emergency.described", by.ref, str(case.pk), {})] * 2


def test_a_case_is_closed_once_by_whoever_was_first():
    case, first, second = emergencies.open_case(by=make.TEST), make.actor(), make.actor()
    closed = emergencies.close(case=case.pk, by=first)
    again = emergencies.close(case=case.pk, by=second)
    assert (again.closed_by, again.closed_at) == (first.ref, closed.closed_at)
    assert closed.closed_at <= timezone.now()
    assert events()[1:] == [("emergency.closed", first.ref, str(case.pk), {})]


def test_a_case_that_is_not_there_is_no_case():
    with pytest.raises(EmergencyCase.DoesNotExist):
        emergencies.close(case=uuid4(), by=make.TEST)
