"""T48: the role that the application has may add to the audit and can do nothing else to it (O09)."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from foundation.accounts.actors import system
from foundation.audit import sealing, trail
from foundation.audit.models import AuditEvent
from foundation.audit.verifying import verify
from foundation.database import application_role
from tests import factories as make

pytestmark = pytest.mark.django_db
ROLE = "clinic_application_of_tests"


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def owner_again():
    """Undoes the role before the transaction of the test ends."""
    yield
    run("RESET ROLE")


@pytest.fixture
def as_application(owner_again):
    """Makes this connection one of the application's role from now on."""
    application_role.make(ROLE, password="a-password-of-tests")
    application_role.grant(ROLE)
    run(f"SET ROLE {ROLE}")


FORBIDDEN = [
    "UPDATE {0} SET id = id",
    "DELETE FROM {0}",
    "TRUNCATE {0}",
    "DROP TABLE {0}",
    "DROP TRIGGER {0}_append_only ON {0}",
    "ALTER TABLE {0} DISABLE TRIGGER {0}_append_only",
    "ALTER TABLE {0} ADD COLUMN other text",
    "CREATE TRIGGER another BEFORE INSERT ON {0} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "SET session_replication_role = replica",
    "CREATE TABLE another (id int)",
    "ALTER ROLE " + ROLE + " SUPERUSER",
    "CREATE ROLE another",
    "COPY {0} TO PROGRAM 'cat'",
]


@pytest.mark.parametrize("table", ["audit_auditevent", "audit_auditseal", "patients_dataconsent"])
@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_application_is_denied(as_application, table, statement):
    with pytest.raises(DatabaseError) as denied, transaction.atomic():
        run(statement.format(table))
    assert denied.value.__cause__.sqlstate == "42501", "insufficient privilege: not a trigger, not a mistake"


@pytest.mark.parametrize("statement", ["SET session_replication_role = replica", "CREATE TABLE another (id int)"])
def test_the_owner_is_not(statement):
    """The negative control: it is the role that is denied."""
    run(statement)


def test_what_the_owner_changes_is_found_by_the_chain(as_application):
    trail.record(by=system("test"), action="demo.built")
    sealing.seal_waiting()
    assert verify().faults == []
    run("RESET ROLE")
    run("SET LOCAL session_replication_role = replica")
    AuditEvent.objects.update(actor="staff:77")
    run("SET LOCAL session_replication_role = origin")
    assert verify().faults == [f"Строки изменены или вставлены: {AuditEvent.objects.get().pk}."]


def test_the_application_does_its_work(as_application, client):
    """Books with all that belongs to it, and reads it back on a page of the office."""
    slot = make.slots_of(make.shift(make.doctor(), days=3))[0]
    appointment = make.appointment(slot)
    person = make.user("registrar")
    client.force_login(person, backend="foundation.accounts.backend.StaffBackend")
    assert client.get(f"/office/appointments/{appointment.pk}/").status_code == 200
    assert AuditEvent.objects.filter(action="patient.shown").count() == 1


def test_which_tables_the_role_may_change(as_application):
    assert not application_role.may_change("audit_auditevent")
    assert application_role.may_change("patients_patient")


def test_a_table_that_comes_later_is_for_the_application_too(as_application):
    run("RESET ROLE")
    run("CREATE TABLE later (id int)")
    run(f"SET ROLE {ROLE}")
    run("INSERT INTO later VALUES (1)")


def test_each_migration_ends_with_the_grants(settings, owner_again):
    application_role.make(ROLE, password="")
    settings.APPLICATION_ROLE = (ROLE, "")
    call_command("migrate", verbosity=0)
    run(f"SET ROLE {ROLE}")
    assert AuditEvent.objects.count() == 0


def test_a_role_with_power_is_refused(settings):
    run("CREATE ROLE powerful SUPERUSER")
    settings.APPLICATION_ROLE = ("powerful", "")
    with pytest.raises(CommandError, match="Роль powerful может слишком много"):
        call_command("grant_role")


def test_without_an_owner_nothing_is_granted():
    with pytest.raises(CommandError, match="MIGRATION_DATABASE_URL"):
        call_command("grant_role")


def test_the_command_makes_the_role(settings, capsys):
    settings.APPLICATION_ROLE = (ROLE, "a-password-of-tests")
    for _again in range(2):
        call_command("grant_role")
    assert capsys.readouterr().out == f"У роли {ROLE} есть всё, что нужно приложению.\n" * 2
