from django.db import migrations


def foreign_key(table: str, name: str, columns: str, target: str) -> migrations.RunSQL:
    """Adds a foreign key over two columns, which Django cannot declare: the row it names must agree in both."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) REFERENCES {target}"
        " DEFERRABLE INITIALLY DEFERRED;",
        f"ALTER TABLE {table} DROP CONSTRAINT {name};",
    )


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0001_initial")]

    operations = [
        foreign_key(
            "scheduling_slot",
            "slot_doctor_of_appointment",
            "appointment_id, doctor_id",
            "scheduling_appointment (id, doctor_id)",
        ),
        foreign_key(
            "scheduling_slot", "slot_doctor_of_shift", "shift_id, doctor_id", "scheduling_shift (id, doctor_id)"
        ),
        foreign_key(
            "scheduling_appointment",
            "appointment_follows_same_patient",
            "follow_up_of_id, patient_id",
            "scheduling_appointment (id, patient_id)",
        ),
    ]
