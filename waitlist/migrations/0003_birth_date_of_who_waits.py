from django.db import migrations, models


class Migration(migrations.Migration):
    """An entry carries its patient's birth date, kept equal by a foreign key, so that matching reads one table."""

    dependencies = [("waitlist", "0002_append_only"), ("patients", "0003_birth_date_is_referenced")]

    operations = [
        migrations.AddField(
            "waitlistentry", "birth_date", models.DateField(editable=False, null=True, verbose_name="birth date")
        ),
        migrations.RunSQL(
            """
            UPDATE waitlist_waitlistentry entry SET birth_date = patient.birth_date
            FROM patients_patient patient WHERE patient.id = entry.patient_id
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            "waitlistentry", "birth_date", models.DateField(editable=False, verbose_name="birth date")
        ),
        migrations.RunSQL(
            """
            ALTER TABLE waitlist_waitlistentry ADD CONSTRAINT waitlist_entry_birth_date_of_patient
                FOREIGN KEY (patient_id, birth_date) REFERENCES patients_patient (id, birth_date)
                ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED
            """,
            "ALTER TABLE waitlist_waitlistentry DROP CONSTRAINT waitlist_entry_birth_date_of_patient",
        ),
    ]
