"""The migration that gives all spellings of a stored number one index."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from foundation.encryption import decrypt
from patients.choices import DocumentKind as Kind
from patients.choices import SeenAs
from patients.fields import blind_index
from patients.models import IdentityDocument
from tests import factories as make

pytestmark = pytest.mark.django_db
migration = import_module("patients.migrations.0006_one_index_for_every_spelling")


def kept(kind, number, index="before"):
    return IdentityDocument.objects.create(
        patient=make.patient(),
        kind=kind,
        number=number,
        number_index=index,
        last_digits=number[-4:],
        seen_as=SeenAs.ORIGINAL,
        seen_at=make.moment(0),
        seen_by="test",
    )


def migrate():
    migration.index_anew(apps, None)


@pytest.mark.parametrize(
    ("kind", "stored", "number"),
    [
        (Kind.RF_PASSPORT, "4015 123456", "4015 123456"),
        (Kind.FOREIGN_PASSPORT, "А1234567", "А1234567"),
        (Kind.FOREIGN_PASSPORT, "AB.123456", "AB 123456"),
        (Kind.BIRTH_CERTIFICATE, "LLL-АК 123456", "III-АК 123456"),
        (Kind.RF_PASSPORT, "не читается 1", "не читается 1"),
    ],
)
def test_a_stored_number_is_found_by_any_spelling(kind, stored, number):
    document = kept(kind, stored)
    migrate()
    document.refresh_from_db()
    assert (document.number, document.number_index, document.last_digits) == (number, blind_index(number), number[-4:])


def test_no_number_has_no_index_and_what_is_right_is_left_alone(django_assert_num_queries):
    none = kept(Kind.RF_PASSPORT, "", index="")
    kept(Kind.RF_PASSPORT, "4015 123456", index=blind_index("4015 123456"))
    with django_assert_num_queries(1):
        migrate()
    none.refresh_from_db()
    assert none.number_index == ""


def test_numbers_stay_encrypted():
    document = kept(Kind.FOREIGN_PASSPORT, "AB.123456")
    migrate()
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM patients_identitydocument WHERE id = %s", [document.pk])
        stored = cursor.fetchone()[0]
    assert decrypt(stored, context="patients_identitydocument.number") == "AB 123456"
