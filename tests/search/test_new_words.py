"""The words of a new name are looked up in the index: a register of a million adds a person as fast as a small one."""

from importlib import import_module

import pytest
from django.db import connection

from tests import factories as make

pytestmark = pytest.mark.django_db
migration = import_module("patients.migrations.0018_new_words_by_the_index")
MANY = """
    INSERT INTO patients_nameword (word, spelling)
    SELECT 'слово' || number, 'слово' || number FROM generate_series(1, 20000) number
"""
WHOLE_READS = "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'patients_nameword'"


@pytest.fixture
def whole_reads():
    """Returns how often the table of words is read whole while a person is added.

    The table is a new one: what other tests have rolled back lies in its pages, and the plan goes by those.
    """
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE patients_nameword")
        cursor.execute(MANY)
        cursor.execute("ANALYZE patients_nameword")

        def count():
            cursor.execute(WHOLE_READS)
            before = cursor.fetchone()[0]
            make.patient(last_name="Новосёлова", first_name="Аглая")
            cursor.execute(WHOLE_READS)
            return cursor.fetchone()[0] - before

        yield count


def test_a_new_name_reads_the_index(whole_reads):
    assert whole_reads() == 0


def test_control_the_statement_of_before_reads_the_table(whole_reads):
    with connection.cursor() as cursor:
        cursor.execute(migration.BEFORE)
    assert whole_reads() > 0


def test_a_word_that_is_known_is_not_added_again():
    for _twice in range(2):
        make.patient(last_name="Новосёлова", first_name="Аглая")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM patients_nameword WHERE word = spelling AND word = 'новоселова'")
        assert cursor.fetchone() == (1,)
