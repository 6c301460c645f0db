"""Document numbers at rest: unreadable in the table, found by their index alone (T71)."""

import base64

import pytest
from django.db import connection

from foundation.encryption import CiphertextDamaged, decrypt
from patients import fields
from patients.fields import blind_index, blind_indexes
from patients.models import IdentityDocument
from tests import factories as make


def test_the_index_is_that_of_the_text_and_of_the_key(settings):
    first = blind_index("4015 123456")
    assert (blind_index("4015 123456"), len(first)) == (first, 64)
    assert blind_index("4015 123457") != first
    settings.BLIND_INDEX_KEY = base64.b64encode(b"another key of thirty-two bytes!").decode()
    assert blind_index("4015 123456") != first


def kept(number):
    document = make.document(number)
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM patients_identitydocument WHERE id = %s", [document.pk])
        return document, cursor.fetchone()[0]


@pytest.mark.django_db
def test_a_number_is_encrypted_in_the_table_and_read_in_clear():
    document, stored = kept("4015 123456")
    assert "4015" not in stored
    document.refresh_from_db()
    assert document.number == "4015 123456"
    assert decrypt(stored, context=f"patients_identitydocument.number {document.pk}") == "4015 123456"


@pytest.mark.django_db
def test_the_same_number_is_never_the_same_ciphertext():
    assert kept("4015 123456")[1] != kept("4015 123456")[1]


@pytest.mark.django_db
def test_no_number_stays_empty():
    document, stored = kept("")
    document.refresh_from_db()
    assert (stored, document.number, document.masked) == ("", "", "")


def put(stored, document):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE patients_identitydocument SET number = %s WHERE id = %s", [stored, document.pk])


@pytest.mark.django_db
def test_o27_a_ciphertext_is_good_in_its_own_row_alone():
    (document, stored), (other, its_own) = kept("4015 123456"), kept("4015 999999")
    put(stored, other)
    other = IdentityDocument.objects.get(pk=other.pk)
    with pytest.raises(CiphertextDamaged):
        _read = other.number
    assert not other.has("4015 123456"), "it is typed anew"
    put(its_own, other)
    assert IdentityDocument.objects.get(pk=other.pk).number == "4015 999999"
    assert document.has("4015 123456")


@pytest.mark.django_db
def test_a_number_that_nobody_reads_is_neither_opened_nor_sealed_anew(monkeypatch):
    document, stored = kept("4015 123456")
    monkeypatch.setattr(fields, "decrypt", None)
    read = IdentityDocument.objects.get(pk=document.pk)
    read.seen_by = "somebody else"
    read.save()
    assert IdentityDocument.objects.values_list("number", flat=True).get() == stored


@pytest.mark.django_db
def test_a_number_that_is_read_on_demand_is_opened():
    document, _stored = kept("4015 123456")
    assert IdentityDocument.objects.defer("number").get(pk=document.pk).number == "4015 123456"


@pytest.mark.django_db
def test_nobody_looks_for_a_number_or_writes_it_past_its_row():
    kept("4015 123456")
    with pytest.raises(TypeError, match="look for it by its index"):
        IdentityDocument.objects.filter(number="4015 123456").exists()
    with pytest.raises(TypeError, match="save the row"):
        IdentityDocument.objects.update(number="4015 123456")


def test_a_number_stands_under_the_keys_of_before_as_well(settings):
    before = blind_index("4015 123456")
    settings.BLIND_INDEX_KEY_FALLBACKS = [settings.BLIND_INDEX_KEY]
    settings.BLIND_INDEX_KEY = base64.b64encode(b"another key of thirty-two bytes!").decode()
    assert blind_indexes("4015 123456") == [blind_index("4015 123456"), before]
