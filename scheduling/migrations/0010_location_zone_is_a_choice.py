from django.db import migrations, models

import scheduling.zones


class Migration(migrations.Migration):
    """The check asks Postgres itself for the hour there: for a zone it does not know it raises an error."""

    dependencies = [
        ("scheduling", "0009_zones_that_are_known"),
    ]

    operations = [
        migrations.AlterField(
            model_name="location",
            name="timezone",
            field=models.CharField(
                choices=scheduling.zones.location_zones,
                default="Europe/Moscow",
                max_length=40,
                verbose_name="time zone",
            ),
        ),
        migrations.RunSQL(
            """
            ALTER TABLE scheduling_location ADD CONSTRAINT location_timezone_known
                CHECK ((timestamptz '2000-01-01 00:00+00' AT TIME ZONE timezone) IS NOT NULL)
            """,
            "ALTER TABLE scheduling_location DROP CONSTRAINT location_timezone_known",
        ),
    ]
