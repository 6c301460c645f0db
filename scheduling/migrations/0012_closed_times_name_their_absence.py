from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TIMES = """
    UPDATE scheduling_absence SET
        starts_at = first_day::timestamp AT TIME ZONE %(zone)s,
        ends_at = (last_day + 1)::timestamp AT TIME ZONE %(zone)s
"""
TWICE = """
    DELETE FROM scheduling_absence again USING scheduling_absence absence
    WHERE absence.id < again.id AND absence.doctor_id = again.doctor_id AND absence.kind = again.kind
        AND absence.starts_at = again.starts_at AND absence.ends_at = again.ends_at
"""
# Until now the text on a time said why it is closed: «отпуск 23.11–29.11».
BY_ITS_TEXT = """
    UPDATE scheduling_slot slot SET absence_id = absence.id
    FROM scheduling_absence absence
    WHERE slot.blocked AND slot.absence_id IS NULL AND slot.doctor_id = absence.doctor_id
        AND slot.starts_at < absence.ends_at AND slot.ends_at > absence.starts_at
        AND slot.block_reason = CASE absence.kind
            WHEN 'leave' THEN 'отпуск' WHEN 'sick' THEN 'больничный'
            WHEN 'training' THEN 'обучение' ELSE 'клиника закрыта'
        END || ' ' || to_char(absence.first_day, 'DD.MM') || '–' || to_char(absence.last_day, 'DD.MM')
"""
BY_HAND = """
    INSERT INTO scheduling_absence (id, kind, doctor_id, starts_at, ends_at, note, first_day, last_day)
    SELECT id, 'by_hand', doctor_id, starts_at, ends_at, block_reason, starts_at::date, starts_at::date
    FROM scheduling_slot WHERE blocked AND absence_id IS NULL
"""
CLOSED_BY_HAND = "UPDATE scheduling_slot SET absence_id = id WHERE blocked AND absence_id IS NULL"
# A time that was booked or held when its doctor went away is closed as well, whatever leaves it.
INSIDE = """
    UPDATE scheduling_slot slot SET absence_id = absence.id,
        hold_token = NULL, hold_owner = '', hold_reason = '', held_until = NULL
    FROM scheduling_absence absence
    WHERE slot.absence_id IS NULL AND slot.doctor_id = absence.doctor_id AND slot.ends_at > now()
        AND slot.starts_at < absence.ends_at AND slot.ends_at > absence.starts_at
"""


def name_absences(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(TIMES, {"zone": settings.TIME_ZONE})
        for statement in (TWICE, BY_ITS_TEXT, BY_HAND, CLOSED_BY_HAND, INSIDE):
            cursor.execute(statement)


class Migration(migrations.Migration):
    """Each closed time names the absence that closes it. An absence that was written twice becomes one."""

    dependencies = [("scheduling", "0011_absences_have_a_time")]

    operations = [migrations.RunPython(name_absences)]
