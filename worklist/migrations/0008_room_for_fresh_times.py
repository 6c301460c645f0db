from django.db import migrations


class Migration(migrations.Migration):
    """Numbers the turns anew: times that nobody was phoned about yet come after what was promised."""

    dependencies = [("worklist", "0007_turns_and_pauses")]

    operations = [
        migrations.RunSQL(
            "UPDATE worklist_task SET turn = turn + 1 WHERE turn > 0",
            "UPDATE worklist_task SET turn = turn - 1 WHERE turn > 1",
        )
    ]
