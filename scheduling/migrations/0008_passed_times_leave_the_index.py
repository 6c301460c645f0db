from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The new index is built concurrently beside the old one, so that no search waits for it."""

    atomic = False

    dependencies = [
        ("scheduling", "0007_free_times_from_the_index_alone"),
    ]

    operations = [
        migrations.AddField(
            model_name="slot",
            name="passed",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        AddIndexConcurrently(
            model_name="slot",
            index=models.Index(
                condition=models.Q(("appointment", None), ("passed", False)),
                fields=["doctor", "starts_at"],
                include=("id", "ends_at", "shift", "blocked", "hold_token", "held_until"),
                name="slot_bookable_ahead",
            ),
        ),
        RemoveIndexConcurrently(model_name="slot", name="slot_bookable"),
        migrations.RenameIndex(model_name="slot", old_name="slot_bookable_ahead", new_name="slot_bookable"),
    ]
