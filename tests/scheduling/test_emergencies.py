"""Emergencies: the ambulance call is in the first step, the rest may come later or never (R14, R19)."""

from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.audit.models import AuditEvent
from foundation.changes import Changes
from scheduling.actions import emergencies
from scheduling.choices import Urgency
from scheduling.errors import MistakeReasonNeeded
from scheduling.models import EmergencyCase, EmergencyEvent
from scheduling.queries.emergencies import untaken
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
    emergencies.describe(case=case.pk, by=by, changes=Changes(told))
    kept = EmergencyCase.objects.get()
    assert {name: getattr(kept, name) for name in told} == told
    emergencies.describe(case=case.pk, by=by, changes=Changes(dict.fromkeys(told, "") | {"doctor": None}))
    kept = EmergencyCase.objects.get()
    assert {name: getattr(kept, name) for name in told} == dict.fromkeys(told, "") | {"doctor": None}
    assert (kept.ambulance_called_at, kept.closed_at) == (case.ambulance_called_at, None)
    texts = told | {"doctor": str(doctor.pk)}
    assert events()[1:] == [
        ("emergency.described", by.ref, str(case.pk), {"changed": {name: ["", text] for name, text in texts.items()}}),
        ("emergency.described", by.ref, str(case.pk), {"changed": {name: [text, ""] for name, text in texts.items()}}),
    ]


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


def test_k20_a_press_within_seconds_is_the_same_case():
    by = make.actor()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        case = emergencies.open_case(by=by)
        clock.shift(9)
        assert emergencies.open_case(by=by) == case
        assert emergencies.open_case(by=by, urgency=Urgency.URGENT) != case, "another kind is another case"
        assert emergencies.open_case(by=make.actor()) != case, "somebody else has their own"
        assert emergencies.open_case(by=by, another=True) != case
    assert list(case.events.values_list("kind", "actor")) == [("opened", by.ref), ("pressed_again", by.ref)]


@pytest.mark.parametrize("handled", ["later", "taken", "closed", "mistake"])
def test_a_press_after_the_first_was_seen_to_is_a_new_case(handled):
    by = make.actor()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        case = emergencies.open_case(by=by)
        if handled == "later":
            clock.shift(10)
        elif handled == "taken":
            emergencies.take(case=case.pk, by=make.actor())
        elif handled == "closed":
            emergencies.close(case=case.pk, by=by)
        else:
            emergencies.mistake(case=case.pk, reason="учебная", by=by)
        assert emergencies.open_case(by=by) != case


def test_a_case_is_taken_once_by_whoever_was_first():
    case, first, second = emergencies.open_case(by=make.TEST), make.actor(), make.actor()
    taken = emergencies.take(case=case.pk, by=first)
    again = emergencies.take(case=case.pk, by=second)
    assert (again.taken_by, again.taken_by_name, again.taken_at) == (first.ref, first.name, taken.taken_at)
    assert list(untaken()) == []
    assert events()[1:] == [("emergency.taken", first.ref, str(case.pk), {})]


def test_what_nobody_has_taken_rings_and_nothing_else():
    cases = [emergencies.open_case(by=make.actor()) for _ in range(4)]
    emergencies.take(case=cases[0].pk, by=make.TEST)
    emergencies.close(case=cases[1].pk, by=make.TEST)
    emergencies.mistake(case=cases[2].pk, reason="учебная", by=make.TEST)
    assert list(untaken()) == [cases[3]]
    emergencies.reopen(case=cases[2].pk, by=make.TEST)
    assert list(untaken()) == [cases[2], cases[3]]


def test_a_mistake_wants_a_reason_and_keeps_its_history():
    case = emergencies.open_case(by=make.TEST)
    with pytest.raises(MistakeReasonNeeded):
        emergencies.mistake(case=case.pk, reason=" \0", by=make.TEST)
    by = make.actor()
    emergencies.mistake(case=case.pk, reason="ж" * 300, by=by)
    emergencies.mistake(case=case.pk, reason="другая", by=make.TEST)
    kept = EmergencyCase.objects.get()
    assert (kept.mistake, kept.closed_by) == ("ж" * 200, by.ref)
    emergencies.reopen(case=case.pk, by=make.TEST)
    told = list(case.events.values_list("kind", "note"))
    assert told == [("opened", ""), ("mistaken", "ж" * 200), ("reopened", "")]


def test_a_case_is_joined_with_a_record_and_parted_again():
    case, patient, by = emergencies.open_case(by=make.TEST), make.patient(), make.actor()
    emergencies.link(case=case.pk, patient=patient, by=by)
    assert EmergencyCase.objects.get().patient == patient
    emergencies.link(case=case.pk, patient=None, by=by)
    assert EmergencyCase.objects.get().patient is None
    audited = AuditEvent.objects.filter(patient=patient.pk, action__startswith="emergency.").order_by("id")
    assert list(audited.values_list("action", flat=True)) == ["emergency.linked", "emergency.unlinked"]


@pytest.mark.parametrize("change", [lambda rows: rows.update(note="x"), lambda rows: rows.delete()])
def test_the_history_of_a_case_cannot_be_changed(change):
    case = emergencies.open_case(by=make.TEST)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        change(EmergencyEvent.objects.filter(case=case))
