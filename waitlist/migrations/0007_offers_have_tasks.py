import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """An offer gets a column for its task; constraints on the former states are dropped until it is filled."""

    dependencies = [("waitlist", "0006_weekday_bits"), ("worklist", "0001_tasks_and_claims")]

    operations = [
        *(
            migrations.RemoveConstraint("slotoffer", name)
            for name in (
                "offer_one_open_per_slot",
                "offer_one_open_per_entry",
                "offer_one_call_per_patient",
                "offer_call_is_claimed",
                "offer_ended_when",
            )
        ),
        migrations.RemoveIndex("slotoffer", "offer_open"),
        migrations.AddField(
            "slotoffer",
            "task",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="offer",
                to="worklist.task",
                verbose_name="task",
            ),
        ),
    ]
