from django.db import migrations


class Migration(migrations.Migration):
    """A trigger keeps a follow-up after the visit it names, never itself: a check cannot look at another row."""

    dependencies = [("scheduling", "0004_passed_over")]

    operations = [
        migrations.RemoveConstraint("appointment", "appointment_follows_another"),
        migrations.RunSQL(
            """
            CREATE FUNCTION check_follow_up() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NOT EXISTS (
                    SELECT 1 FROM scheduling_appointment WHERE id = NEW.follow_up_of_id AND starts_at < NEW.starts_at
                ) THEN
                    RAISE EXCEPTION 'a follow-up comes after the visit it names'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'appointment_follows_earlier_visit';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER appointment_follows_earlier_visit
                BEFORE INSERT OR UPDATE OF starts_at, follow_up_of_id ON scheduling_appointment
                FOR EACH ROW WHEN (NEW.follow_up_of_id IS NOT NULL) EXECUTE FUNCTION check_follow_up();
            """,
            "DROP TRIGGER appointment_follows_earlier_visit ON scheduling_appointment; DROP FUNCTION check_follow_up();",
        ),
    ]
