"""The migration that gives all spellings of a stored number one index."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from foundation.encryption import decrypt
from patients.choices import DocumentKind as Kind
from patients.choices import SeenAs
from patients.fields import blind_index
from tests import factories as make

pytestmark = pytest.mark.django_db
migration = import_module("patients.migrations.0006_one_index_for_every_spelling")


@pytest.fixture(scope="module")
def before(django_db_setup, django_db_blocker):
    """Returns the models as they were then: a number was bound to its column alone."""
    with django_db_blocker.unblock():
        return MigrationLoader(connection).project_state(("patients", migration.__name__.rpartition(".")[2])).apps


@pytest.fixture
def kept(before):
    def keep(kind, number, index="before"):
        seen = {"seen_as": SeenAs.ORIGINAL, "seen_at": make.moment(0), "seen_by": "test"}
        known = {"number": number, "number_index": index, "last_digits": number[-4:]}
        owner = {"patient_id": make.patient().pk}
        return before.get_model("patients", "IdentityDocument").objects.create(kind=kind, **owner, **known, **seen)

    return keep


@pytest.fixture
def migrate(before):
    return lambda: migration.index_anew(before, None)


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
def test_a_stored_number_is_found_by_any_spelling(kept, migrate, kind, stored, number):
    document = kept(kind, stored)
    migrate()
    document.refresh_from_db()
    assert (document.number, document.number_index, document.last_digits) == (number, blind_index(number), number[-4:])


def test_no_number_has_no_index_and_what_is_right_is_left_alone(kept, migrate, django_assert_num_queries):
    none = kept(Kind.RF_PASSPORT, "", index="")
    kept(Kind.RF_PASSPORT, "4015 123456", index=blind_index("4015 123456"))
    with django_assert_num_queries(1):
        migrate()
    none.refresh_from_db()
    assert none.number_index == ""


def test_numbers_stay_encrypted(kept, migrate):
    document = kept(Kind.FOREIGN_PASSPORT, "AB.123456")
    migrate()
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM patients_identitydocument WHERE id = %s", [document.pk])
        stored = cursor.fetchone()[0]
    assert decrypt(stored, context="patients_identitydocument.number") == "AB 123456"
