import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from tests import template


@pytest.mark.django_db
def test_each_process_has_a_database_of_its_own():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (template.OWN,)


def test_leftovers_are_those_of_interrupted_runs_of_the_same_number():
    names = [f"test_clinic_{name}" for name in ("1_50_gw0", "1_50_gw1", "1_5_main", "1_500_main", "2_50_main")]
    assert template.leftovers(names, run="1_50", own="test_clinic_1_50_gw0") == [
        "test_clinic_1_50_gw0",
        "test_clinic_1_5_main",
        "test_clinic_1_500_main",
    ]


def test_template_depends_on_all_migrations_and_on_what_ours_import():
    sources = template.sources()
    assert settings.BASE_DIR / "foundation" / "audit" / "append_only.py" in sources
    for app in ("patients", "auth", "account"):
        first = next(file for file in sources if file.name.startswith("0001") and app in file.parts)
        assert first.is_relative_to(apps.get_app_config(app).path)


@pytest.fixture
def server(django_db_setup, django_db_blocker):
    """Runs outside of a test's transaction, which does not survive that the connection goes elsewhere."""
    with django_db_blocker.unblock(), template.turn() as cursor:
        yield cursor
    with django_db_blocker.unblock():
        connection.close()


def test_template_that_was_cut_off_is_made_anew(server):
    name = f"{template.TEMPLATE}of_a_test"
    for left_behind in (name, template.MAKING):
        template.drop(server, left_behind)
    server.execute(f'CREATE DATABASE "{template.MAKING}"')
    template.make(server, name)
    assert template.databases(server, template.MAKING) == []
    assert template.databases(server, name) == [name]
    assert len(template.databases(server, template.TEMPLATE)) <= template.KEPT
    template.drop(server, name)
