"""Every page of every role in its main states is accessible, quiet in the console, whole on 320 pixels."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from patients.choices import Relation
from tests import factories as make
from tests.browser.pages.states import LONG
from tests.browser.walk import Walk


@pytest.fixture
def clinic(transactional_db):
    """One doctor with a free and a full day, and the patients each screen is opened for."""
    specialty = make.specialty()
    service = make.service(specialty)
    doctor = make.doctor(service)
    free = make.slots_of(make.shift(doctor, days=1, slots=6))
    mother = {"last_name": "Орлова", "first_name": "Мария", "phone": "+79210001122"}
    child, ward = make.child(), make.child(years=8, last_name="Ким", first_name="Ян")
    return SimpleNamespace(
        specialty=specialty,
        service=service,
        doctor=doctor,
        free=free,
        tomorrow=f"date={timezone.localdate() + timedelta(days=1)}",
        adult=make.patient(**LONG, email="a.konstantinopolskaya-miloradovich@example.org"),
        child=child,
        mother=make.parent_of(child, **mother),
        ward=ward,
        attorney=make.parent_of(ward, Relation.ATTORNEY, last_name="Цой", phone="+79210001133"),
        teenager=make.child(years=15, last_name="Лис"),
    )


@pytest.fixture
def as_role(people):
    """Gives walks: `as_role(Role.HEAD)` is one of the head of the clinic; what it found is asserted at the end."""
    walks = []

    def start(role: str | None = None, who=None) -> Walk:
        person = people()
        walks.append(Walk(person))
        if role:
            person.sign_in((who or make.user(role)).username, "parol-12345")
        return walks[-1]

    yield start
    problems = [problem for walk in walks for problem in walk.problems]
    assert not problems, "\n".join(problems)
