"""Tells the load what it has to know: people to book for, the wanted doctor, signed-in staff."""

from datetime import time, timedelta
from itertools import islice

from django.urls import reverse
from django.utils import timezone

from bench import bookable, people, stage, subjects
from bench.booking_forms import PASSPORT_SEEN
from bench.read_pages import shown
from foundation.accounts.choices import Role
from patients.models import Patient
from scheduling.models import Doctor

SESSIONS, PATIENTS, DOCTORS = 60, 5000, 8
FARTHER, FARTHER_DAYS, HOURS = 61, 100, (time(9), time(19))
"""The popular doctor has more days published than anybody, so that the load does not sell them out."""


def prepare() -> dict:
    asked = subjects.subject()
    today = timezone.localdate()
    first = today + timedelta(days=FARTHER)
    stage.publish(asked.doctor, minutes=asked.service.minutes, first=first, days=FARTHER_DAYS, hours=HOURS)
    grid = subjects.grid_specialty()
    ids = list(islice(bookable.idle_patients(), PATIENTS))
    names = dict(Patient.objects.filter(pk__in=ids).values_list("pk", "last_name"))
    doctors = Doctor.objects.filter(active=True, services=asked.service)[:DOCTORS]
    return {
        "specialty": asked.specialty.slug,
        "specialty_id": str(asked.specialty.pk),
        "service": str(asked.service.pk),
        "doctor": asked.doctor.slug,
        "starts": [today.isoformat(), (today + timedelta(days=35)).isoformat(), first.isoformat()],
        "patients": [[str(pk), names[pk]] for pk in ids],
        "grid": f"{reverse('office:day')}?specialty={grid.pk}&date=",
        "days": [shown(today + timedelta(days=number)) for number in range(1, 22)],
        "until": shown(today + timedelta(days=60)),
        "passport": PASSPORT_SEEN,
        "registrars": [people.signed_in(Role.REGISTRAR, number=number) for number in range(SESSIONS)],
        "operators": [people.signed_in(Role.OPERATOR, number=number) for number in range(SESSIONS)],
        "doctors": [people.signed_in_doctor(doctor) for doctor in doctors],
    }
