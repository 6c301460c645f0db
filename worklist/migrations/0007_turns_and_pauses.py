from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0018_new_words_by_the_index"),
        ("worklist", "0006_asked_whether_they_wait"),
    ]

    operations = [
        migrations.CreateModel(
            name="PhonedNumber",
            fields=[
                ("key", models.CharField(max_length=128, primary_key=True, serialize=False)),
                ("dialled_at", models.DateTimeField(verbose_name="last dialled at")),
                ("dials", models.PositiveSmallIntegerField(default=1, verbose_name="dialled on that day")),
                ("paused_until", models.DateTimeField(verbose_name="not again before")),
            ],
            options={
                "verbose_name": "phoned number",
                "verbose_name_plural": "phoned numbers",
            },
        ),
        migrations.RemoveIndex(
            model_name="task",
            name="task_queue",
        ),
        migrations.AddField(
            model_name="task",
            name="turn",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "promised at its minute"),
                    (1, "by the time that dies first"),
                    (2, "when nothing else waits"),
                ],
                db_default=1,
                default=1,
                verbose_name="turn",
            ),
        ),
        migrations.AlterField(
            model_name="task",
            name="kind",
            field=models.CharField(
                choices=[
                    ("freed_time", "a waiting patient is to be phoned about a free time"),
                    ("rebook", "a visit is to be rebooked"),
                    ("untold", "the patient is to be told of a visit"),
                    ("no_code", "a visitor of the site waits for a call instead of a code"),
                    ("expiring", "a patient is to be asked whether they still wait"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.RunSQL(
            "UPDATE worklist_task SET turn = 0 WHERE state = 'open' AND outcome = 'call_back'", migrations.RunSQL.noop
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["turn", "due_at", "priority", "waiting_since"],
                name="task_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="phonednumber",
            index=models.Index(fields=["dialled_at"], name="phoned_number_to_forget"),
        ),
    ]
