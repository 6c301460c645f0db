from django.db import migrations, models

import foundation.database.clock


class Migration(migrations.Migration):
    dependencies = [("notifications", "0005_failing_since_and_told")]

    operations = [
        migrations.AlterField(
            model_name="phonecode",
            name="created_at",
            field=models.DateTimeField(default=foundation.database.clock.now),
        )
    ]
