"""The migration that seals stored numbers for their rows, there and back (O27)."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from foundation.encryption import CiphertextDamaged, decrypt, encrypt
from patients.models import IdentityDocument
from tests import factories as make

pytestmark = pytest.mark.django_db
migration = import_module("patients.migrations.0017_seal_numbers_for_their_row")
there, back = migration.Migration.operations[0].code, migration.Migration.operations[0].reverse_code


def stored(document):
    return str(IdentityDocument.objects.values_list("number", flat=True).get(pk=document.pk))


def put(document, ciphertext):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE patients_identitydocument SET number = %s WHERE id = %s", [ciphertext, document.pk])


def read(document):
    return IdentityDocument.objects.get(pk=document.pk).number


def test_a_number_that_was_bound_to_its_column_is_bound_to_its_row_and_back():
    document, empty = make.document("4015 123456"), make.document("")
    put(document, encrypt("4015 123456", context=migration.COLUMN))
    with pytest.raises(CiphertextDamaged):
        read(document)
    there(apps, None)
    assert (read(document), stored(empty)) == ("4015 123456", "")
    once = stored(document)
    there(apps, None)
    assert stored(document) == once, "what is sealed for its row stays"
    back(apps, None)
    assert decrypt(stored(document), context=migration.COLUMN) == "4015 123456"


def test_what_nobody_could_read_stays_as_it_was():
    document = make.document("4015 123456")
    put(document, "gone:AAAA")
    there(apps, None)
    assert stored(document) == "gone:AAAA"
