"""Document numbers at rest: unreadable in the table, found by their index alone (T71)."""

import base64

import pytest
from django.db import connection

from foundation.encryption import decrypt
from patients.choices import DocumentKind, SeenAs
from patients.fields import blind_index
from patients.models import IdentityDocument
from tests import factories as make


def test_the_index_is_that_of_the_text_and_of_the_key(settings):
    first = blind_index("4015 123456")
    assert (blind_index("4015 123456"), len(first)) == (first, 64)
    assert blind_index("4015 123457") != first
    settings.BLIND_INDEX_KEY = base64.b64encode(b"another key of thirty-two bytes!").decode()
    assert blind_index("4015 123456") != first


def kept(number):
    document = IdentityDocument.objects.create(
        patient=make.patient(),
        kind=DocumentKind.RF_PASSPORT,
        number=number,
        seen_as=SeenAs.ORIGINAL,
        seen_at=make.moment(0),
        seen_by="test",
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM patients_identitydocument WHERE id = %s", [document.pk])
        return document, cursor.fetchone()[0]


@pytest.mark.django_db
def test_a_number_is_encrypted_in_the_table_and_read_in_clear():
    document, stored = kept("4015 123456")
    assert "4015" not in stored
    document.refresh_from_db()
    assert document.number == "4015 123456"
    assert decrypt(stored, context="patients_identitydocument.number") == "4015 123456", "good in this column alone"


@pytest.mark.django_db
def test_the_same_number_is_never_the_same_ciphertext():
    assert kept("4015 123456")[1] != kept("4015 123456")[1]


@pytest.mark.django_db
def test_no_number_stays_empty():
    document, stored = kept("")
    document.refresh_from_db()
    assert (stored, document.number, document.masked) == ("", "", "")
