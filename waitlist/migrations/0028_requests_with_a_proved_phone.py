from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('waitlist', '0027_rests_after_noes'),
    ]

    operations = [
        migrations.AddField(
            model_name='waitlistrequest',
            name='phone_proved',
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name='phone proved by a code'),
        ),
    ]
