import django.contrib.postgres.fields
import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0018_new_words_by_the_index"),
        ("scheduling", "0027_releases_are_taken_in"),
        ("waitlist", "0016_urgent_with_a_reason"),
        ("worklist", "0007_turns_and_pauses"),
    ]

    operations = [
        migrations.CreateModel(
            name="FreedTime",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("freed_at", models.DateTimeField(auto_now_add=True, verbose_name="freed at")),
                ("kept_until", models.DateTimeField(blank=True, null=True, verbose_name="kept from the public until")),
                ("phoned_at", models.DateTimeField(blank=True, null=True, verbose_name="first phoned about at")),
                ("look_at", models.DateTimeField(verbose_name="people are looked for at")),
                ("tries", models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("filled", "booked from the waitlist"),
                            ("taken", "booked by somebody else"),
                            ("closed", "closed or taken out of the schedule"),
                            ("passed", "too near to phone about"),
                            ("parked", "failed again and again"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
            ],
            options={
                "verbose_name": "freed time",
                "verbose_name_plural": "freed times",
            },
        ),
        migrations.RemoveConstraint(
            model_name="slotoffer",
            name="offer_one_open_per_slot",
        ),
        migrations.RemoveConstraint(
            model_name="slotoffer",
            name="offer_one_open_per_entry",
        ),
        migrations.RemoveConstraint(
            model_name="slotoffer",
            name="offer_ended_when",
        ),
        migrations.RemoveIndex(
            model_name="slotoffer",
            name="offer_open",
        ),
        migrations.RemoveIndex(
            model_name="waitlistentry",
            name="waitlist_entry_to_match",
        ),
        migrations.RemoveIndex(
            model_name="waitlistentry",
            name="waitlist_entry_to_reconcile",
        ),
        migrations.AddField(
            model_name="waitlistentry",
            name="appeared_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="times have appeared at"),
        ),
        migrations.AddField(
            model_name="waitlistentry",
            name="sought_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="asked about free times until"),
        ),
        # Whoever did not answer was taken out of the line; they are back in it. A wrong number is still one. It is one
        # statement: a row that is changed twice has checks pending, and its table cannot be altered.
        migrations.RunSQL(
            """
            UPDATE waitlist_waitlistentry entry SET
                sought_until = CASE WHEN entry.refused_free_times THEN entry.created_at END,
                state = CASE WHEN again.waits THEN 'waiting' ELSE entry.state END
            FROM (
                SELECT id, state = 'unreachable' AND (
                    SELECT attempt.outcome FROM waitlist_callattempt attempt
                    WHERE attempt.entry_id = waiting.id ORDER BY attempt.id DESC LIMIT 1
                ) IS DISTINCT FROM 'wrong_number' AS waits
                FROM waitlist_waitlistentry waiting
            ) again
            WHERE again.id = entry.id AND (entry.refused_free_times OR again.waits)
            """,
            "UPDATE waitlist_waitlistentry SET refused_free_times = true WHERE sought_until IS NOT NULL",
        ),
        migrations.RemoveField(
            model_name="waitlistentry",
            name="refused_free_times",
        ),
        migrations.AddField(
            model_name="slotoffer",
            name="also",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), blank=True, default=list, editable=False, size=None
            ),
        ),
        migrations.AlterField(
            model_name="slotoffer",
            name="expires_at",
            field=models.DateTimeField(verbose_name="until"),
        ),
        migrations.AlterField(
            model_name="slotoffer",
            name="state",
            field=models.CharField(
                choices=[
                    ("proposed", "to be phoned about"),
                    ("promised", "a call back is promised"),
                    ("open", "being phoned about"),
                    ("accepted", "accepted"),
                    ("declined", "declined"),
                    ("lapsed", "the patient was not reached"),
                    ("withdrawn", "nobody was asked"),
                ],
                default="proposed",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddIndex(
            model_name="slotoffer",
            index=models.Index(
                condition=models.Q(("state__in", ("proposed", "promised", "open"))),
                fields=["expires_at"],
                name="offer_open",
            ),
        ),
        migrations.AddIndex(
            model_name="waitlistentry",
            index=models.Index(
                condition=models.Q(("appeared_at", None), ("state", "waiting")),
                fields=["id"],
                name="waitlist_entry_to_reconcile",
            ),
        ),
        migrations.AddIndex(
            model_name="waitlistentry",
            index=models.Index(
                condition=models.Q(("appeared_at__isnull", False), ("state", "waiting")),
                fields=["priority", "arrived_at"],
                name="waitlist_entry_appeared",
            ),
        ),
        migrations.AddConstraint(
            model_name="slotoffer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("proposed", "open"))),
                fields=("slot",),
                name="offer_one_open_per_slot",
            ),
        ),
        migrations.AddConstraint(
            model_name="slotoffer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("proposed", "promised", "open"))),
                fields=("entry",),
                name="offer_one_open_per_entry",
            ),
        ),
        migrations.AddConstraint(
            model_name="slotoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("state__in", ("proposed", "promised", "open"))),
                    models.Q(
                        models.Q(("state__in", ("proposed", "promised", "open")), _negated=True),
                        ("ended_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="offer_ended_when",
            ),
        ),
        migrations.AddField(
            model_name="freedtime",
            name="slot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="freed_times",
                to="scheduling.slot",
                verbose_name="slot",
            ),
        ),
        migrations.AddIndex(
            model_name="freedtime",
            index=models.Index(condition=models.Q(("outcome", "parked")), fields=["slot"], name="freed_time_parked"),
        ),
        migrations.AddConstraint(
            model_name="freedtime",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("slot",), name="freed_time_one_open_per_slot"
            ),
        ),
        migrations.AddConstraint(
            model_name="freedtime",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("outcome", "")),
                    models.Q(("ended_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                    _connector="OR",
                ),
                name="freed_time_ended_with_outcome",
            ),
        ),
    ]
