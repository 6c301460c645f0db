import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """The columns that the task has now leave the offer, and every offer must have a task."""

    dependencies = [("waitlist", "0008_tasks_of_offers")]

    operations = [
        migrations.AlterField(
            "slotoffer",
            "task",
            models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="offer",
                to="worklist.task",
                verbose_name="task",
            ),
        ),
        migrations.AlterField(
            "slotoffer",
            "state",
            models.CharField(
                choices=[
                    ("open", "kept until the patient has answered"),
                    ("accepted", "accepted"),
                    ("declined", "declined"),
                    ("lapsed", "lapsed"),
                ],
                default="open",
                max_length=10,
                verbose_name="state",
            ),
        ),
        *(
            migrations.RemoveField("slotoffer", name)
            for name in ("not_before", "attempts", "claimed_by", "claimed_by_name", "claim_until")
        ),
        migrations.AddConstraint(
            "slotoffer",
            models.UniqueConstraint(fields=["slot"], condition=Q(state="open"), name="offer_one_open_per_slot"),
        ),
        migrations.AddConstraint(
            "slotoffer",
            models.UniqueConstraint(fields=["entry"], condition=Q(state="open"), name="offer_one_open_per_entry"),
        ),
        migrations.AddConstraint(
            "slotoffer",
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="offer_ended_when",
            ),
        ),
        migrations.AddIndex(
            "slotoffer",
            models.Index(fields=["expires_at"], condition=Q(state="open"), name="offer_open"),
        ),
    ]
