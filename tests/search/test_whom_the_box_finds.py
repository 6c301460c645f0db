"""The search box finds whom the desk means among the first five, in 95 of 100 searches (U13, U31, K01–K03)."""

import random
from collections import Counter

import pytest
from django.db import connection

from patients.models import Patient, Representation
from scheduling.models import Appointment
from scheduling.queries import find_people
from tests.search import typing
from tests.search.crowd import come_today, crowd

pytestmark = pytest.mark.django_db
QUERIES, FIRST, TODAY = 2000, 5, 120
BATCH = 10_000


@pytest.fixture(params=[10_000, pytest.param(100_000, marks=pytest.mark.long)])
def everybody(request):
    """Returns a crowd on record; some of them come today."""
    rng = random.Random(317)
    people = list(crowd(rng, request.param))
    for first in range(0, len(people), BATCH):
        Patient.objects.bulk_create([one.patient for one in people[first : first + BATCH]])
        analyze()
    Representation.objects.bulk_create([one.mother for one in people if one.mother], batch_size=BATCH)
    coming = rng.sample(people, TODAY)
    come_today([one.patient for one in coming])
    analyze()
    return people, coming


def analyze():
    """Tells Postgres how large the tables are: in one transaction it learns it by nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE patients_patient, patients_personsearch, patients_nameword, scheduling_appointment")


def asked(people, coming):
    """Draws searches: who is meant, in which way, with which text.

    Whoever bears a name that more people bear than the box shows first says the year of birth too.
    """
    rng = random.Random(20)
    ways = [(way, people) for way in typing.ANYBODY] + [(way, coming) for way in typing.WHO_COMES_TODAY]
    bearers = Counter(map(name, people))
    for _query in range(QUERIES):
        way, among = rng.choice(ways)
        who = rng.choice(among)
        text = way(rng, who)
        if way in typing.NAMES_ALONE and bearers[name(who)] > FIRST:
            text += f" {who.patient.birth_date.year}"
        yield way, who.patient, text


def name(who):
    return who.patient.last_name, who.patient.first_name


def is_found(patient, text):
    return patient.pk in [each.patient.pk for each in find_people.find(text).people[:FIRST]]


def missed(people, coming):
    """Returns how many of the searches miss, by the way they were typed."""
    return Counter(way.__name__ for way, who, text in asked(people, coming) if not is_found(who, text))


def test_u31_the_desk_finds_whom_it_means(everybody):
    misses = missed(*everybody)
    assert misses.total() <= QUERIES * 5 // 100, misses.most_common()


def test_that_u31_sees_a_box_that_reads_no_slips_and_does_not_know_who_comes(everybody, monkeypatch):
    people, coming = everybody
    monkeypatch.setattr(find_people, "one_slip_from", lambda words: {})
    Appointment.objects.all().delete()
    assert missed(people, coming).total() > QUERIES * 5 // 100
