import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Days on which a doctor is away become spans of time, of a room, a location or everybody too."""

    dependencies = [("scheduling", "0010_location_zone_is_a_choice")]

    operations = [
        migrations.RenameModel("ScheduleException", "Absence"),
        migrations.AlterModelOptions(
            name="absence",
            options={"ordering": ["starts_at"], "verbose_name": "absence", "verbose_name_plural": "absences"},
        ),
        migrations.AlterField(
            model_name="absence",
            name="kind",
            field=models.CharField(
                choices=[
                    ("leave", "leave"),
                    ("sick", "sick leave"),
                    ("training", "training"),
                    ("closed", "the clinic is closed"),
                    ("repair", "repair"),
                    ("by_hand", "closed"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="absence",
            name="doctor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="absences",
                to="scheduling.doctor",
                verbose_name="doctor",
            ),
        ),
        migrations.AddField(
            model_name="absence",
            name="room",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="absences",
                to="scheduling.room",
                verbose_name="room",
            ),
        ),
        migrations.AddField(
            model_name="absence",
            name="location",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="absences",
                to="scheduling.location",
                verbose_name="location",
            ),
        ),
        migrations.AddField("absence", "starts_at", models.DateTimeField(null=True, verbose_name="from")),
        migrations.AddField("absence", "ends_at", models.DateTimeField(null=True, verbose_name="until")),
        migrations.AddField(
            model_name="slot",
            name="absence",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="slots",
                to="scheduling.absence",
                verbose_name="closed because of",
            ),
        ),
        migrations.RemoveConstraint("slot", "slot_booked_not_blocked"),
    ]
