from django.db import migrations

import patients.fields


class Migration(migrations.Migration):
    """Doctors stand in the order of their folded names: Абрамова, Ёлкина, Жданова, whatever the database's locale."""

    dependencies = [("scheduling", "0018_times_of_steps_are_held"), ("patients", "0012_merges")]

    operations = [
        migrations.AddField("doctor", "search_name", patients.fields.FoldedName()),
        migrations.AlterModelOptions(
            "doctor", {"ordering": ["search_name"], "verbose_name": "doctor", "verbose_name_plural": "doctors"}
        ),
    ]
