from django.db import migrations, models


class Migration(migrations.Migration):
    """For foreign keys that name a patient together with the birth date."""

    dependencies = [("patients", "0002_append_only")]

    operations = [
        migrations.AddConstraint(
            "patient", models.UniqueConstraint(fields=("id", "birth_date"), name="patient_with_birth_date")
        ),
    ]
