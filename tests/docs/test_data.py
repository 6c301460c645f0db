"""docs/data.md gives every table a class and a term, and names every secret column (ASVS 14.1.1, 14.1.2, 14.2.4)."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.db import connection

from clinic import rotation
from foundation.database.resealing import Column

TEXT = (settings.BASE_DIR / "docs" / "data.md").read_text(encoding="utf-8")
CLASSES = set(re.findall(r"^\| (\w+) \| [^|`]+ \| [^|]+ \|$", TEXT.partition("## Tables")[0], re.MULTILINE)) - {"class"}
TABLES = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+) \|$", TEXT, re.MULTILINE)
SECRETS = dict(re.findall(r"^\| `(\w+\.\w+)` \| (.+) \|$", TEXT, re.MULTILINE))
MODELS = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def unlisted(tables):
    return sorted(tables - {table for table, _class, _term in TABLES})


def test_every_table_is_listed_once_and_nothing_else():
    assert unlisted(MODELS.keys()) == []
    assert sorted(table for table, _class, _term in TABLES) == sorted(MODELS)


def test_control_a_new_table_is_noticed():
    assert unlisted({*MODELS, "patients_diagnosis"}) == ["patients_diagnosis"]


def test_each_has_one_of_the_classes():
    assert {"secret", "patients", "staff", "public", "technical"} == CLASSES
    assert {each for _table, each, _term in TABLES} == CLASSES - {"secret"}


def test_whatever_points_at_a_patient_is_of_patients():
    """A table that somebody files under another class by mistake is noticed by its key."""
    classes = {table: each for table, each, _term in TABLES}
    patient = MODELS["patients_patient"]
    pointing = {table for table, model in MODELS.items() if patient in {f.related_model for f in model._meta.fields}}
    assert {classes[table] for table in pointing} == {"patients"}


@pytest.mark.django_db
def test_what_is_never_changed_cannot_be():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%_append_only'")
        held = {table for (table,) in cursor.fetchall()}
    assert {table for table, _class, term in TABLES if term.endswith("never changed")} == held


def test_what_is_encrypted_is_what_new_keys_seal_anew():
    columns = [each for each in vars(rotation).values() if isinstance(each, Column)]
    sealed = {f"{each.model._meta.db_table}.{each.name}" for each in columns}
    sealed |= {f"{Authenticator._meta.db_table}.data"}
    assert {column for column, how in SECRETS.items() if how.startswith("encrypted")} == sealed


def test_secret_columns_and_settings_that_are_named_are_there():
    columns = {f"{table}.{field.column}" for table, model in MODELS.items() for field in model._meta.concrete_fields}
    assert SECRETS.keys() - columns == set()
    assert [name for name in re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", TEXT) if not hasattr(settings, name)] == []
