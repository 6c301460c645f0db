from django.db import migrations, models


class Migration(migrations.Migration):
    """Somebody may say that they looked a power of attorney up in the register of the notaries."""

    dependencies = [("patients", "0010_fill_person_search")]

    operations = [
        migrations.AddField(
            model_name="powerofattorney",
            name="checked_in_register",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="checked in the register of powers of attorney"
            ),
        ),
    ]
