from django.db import migrations, models


class Migration(migrations.Migration):
    """A patient's key and birth date are unique together, for foreign keys that name both."""

    dependencies = [("patients", "0002_append_only")]

    operations = [
        migrations.AddConstraint(
            "patient", models.UniqueConstraint(fields=("id", "birth_date"), name="patient_with_birth_date")
        ),
    ]
