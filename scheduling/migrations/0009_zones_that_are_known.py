from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def put_right(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Puts locations whose zone nobody knows into the clinic's zone: no hours could be published in the other."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "UPDATE scheduling_location SET timezone = %s WHERE timezone NOT IN (SELECT name FROM pg_timezone_names)",
            [settings.TIME_ZONE],
        )


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0008_passed_times_leave_the_index"),
    ]

    operations = [
        migrations.RunPython(put_right, migrations.RunPython.noop),
    ]
