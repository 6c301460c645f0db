from django.db import migrations

ACTIVE = "('booked', 'arrived', 'checked-in', 'fulfilled')"
GIVE_BACK = f"""
WITH moved AS (
    SELECT visit.* FROM scheduling_appointment visit
    WHERE visit.overbooked AND visit.status IN {ACTIVE}
        AND EXISTS (SELECT FROM scheduling_slot slot WHERE slot.appointment_id = visit.id)
)
UPDATE scheduling_appointment visit SET overbooked = false, overbook_reason = ''
FROM moved
WHERE moved.id = visit.id AND NOT EXISTS (
    SELECT FROM scheduling_appointment other
    WHERE other.id <> visit.id AND other.status IN {ACTIVE}
        AND (NOT other.overbooked OR other.id IN (SELECT id FROM moved))
        AND (other.doctor_id = visit.doctor_id OR other.room_id = visit.room_id OR other.patient_id = visit.patient_id)
        AND other.starts_at < visit.ends_at AND other.ends_at > visit.starts_at
);
SET CONSTRAINTS ALL IMMEDIATE;
"""
"""A visit over a busy time takes no slot: one that has slots was moved to a free time. It stays as it is where another
visit meanwhile overlaps it, which nothing forbade."""


class Migration(migrations.Migration):
    """A visit that was moved from over a busy time to a free one is an ordinary visit there."""

    dependencies = [("scheduling", "0021_emergencies_by_the_clock")]

    operations = [migrations.RunSQL(GIVE_BACK, migrations.RunSQL.noop)]
