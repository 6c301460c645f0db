from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0027_releases_are_taken_in")]

    operations = [
        migrations.AlterField(
            model_name="appointmentevent",
            name="reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="reason"),
        ),
    ]
