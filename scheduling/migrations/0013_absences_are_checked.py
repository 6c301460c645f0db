from datetime import timedelta

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """The new index of free times is built beside the old one: nobody who looks for a time waits for it."""

    atomic = False

    dependencies = [("scheduling", "0012_closed_times_name_their_absence")]

    operations = [
        AddIndexConcurrently(
            model_name="slot",
            index=models.Index(
                condition=Q(("absence", None), ("appointment", None), ("passed", False)),
                fields=["doctor", "starts_at"],
                include=("id", "ends_at", "shift", "hold_token", "held_until"),
                name="slot_bookable_open",
            ),
        ),
        RemoveIndexConcurrently(model_name="slot", name="slot_bookable"),
        migrations.RenameIndex(model_name="slot", old_name="slot_bookable_open", new_name="slot_bookable"),
        AddIndexConcurrently(
            model_name="slot",
            index=models.Index(condition=Q(("absence__isnull", False)), fields=["absence"], name="slot_of_absence"),
        ),
        migrations.RemoveField("slot", "blocked"),
        migrations.RemoveField("slot", "block_reason"),
        migrations.RemoveConstraint("absence", "schedule_exception_days_ordered"),
        migrations.RemoveField("absence", "first_day"),
        migrations.RemoveField("absence", "last_day"),
        migrations.AlterField("absence", "starts_at", models.DateTimeField(verbose_name="from")),
        migrations.AlterField("absence", "ends_at", models.DateTimeField(verbose_name="until")),
        migrations.AddIndex("absence", models.Index(fields=["ends_at"], name="absence_until")),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=Q(("starts_at__lt", F("ends_at"))),
                name="absence_times_ordered",
                violation_error_message="The end is not later than the beginning.",
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=Q(("ends_at__lte", F("starts_at") + timedelta(days=1098))),
                name="absence_not_endless",
                violation_error_message="An absence lasts three years at most. Check the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=Q(("doctor", None), ("room", None))
                | Q(("doctor", None), ("location", None))
                | Q(("location", None), ("room", None)),
                name="absence_of_one_thing",
                violation_error_message="Choose a doctor, a room or a location, not several of them.",
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.UniqueConstraint(
                fields=("doctor", "room", "location", "kind", "starts_at", "ends_at"),
                name="absence_once",
                nulls_distinct=False,
                violation_error_message="This absence is written down already.",
            ),
        ),
    ]
