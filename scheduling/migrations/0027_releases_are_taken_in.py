from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0026_reminders"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="slotrelease",
            name="slot_release_parked",
        ),
        migrations.RemoveField(
            model_name="slotrelease",
            name="passed_over",
        ),
        migrations.RemoveField(
            model_name="slotrelease",
            name="tries",
        ),
        migrations.AlterField(
            model_name="slot",
            name="hold_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("site_form", "form on the site"),
                    ("proved", "form on the site, phone proved"),
                    ("handed", "handed over by the site to the contact centre"),
                    ("desk", "at the desk"),
                    ("call", "during a call"),
                    ("offer", "offered to the waitlist"),
                    ("refusal", "first refusal of the waitlist"),
                    ("undo", "the last step can be undone"),
                ],
                editable=False,
                max_length=10,
            ),
        ),
        migrations.RunSQL(
            "UPDATE scheduling_slotrelease SET outcome = 'sought'"
            " WHERE outcome IN ('offered', 'nobody_fits', 'parked')",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="slotrelease",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("sought", "people on the waitlist are looked for"),
                    ("not_free", "no longer free"),
                    ("too_late", "too late to call"),
                ],
                max_length=20,
                verbose_name="outcome",
            ),
        ),
    ]
