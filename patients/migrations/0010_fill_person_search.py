from django.db import migrations


class Migration(migrations.Migration):
    """Everybody on record is found by the new keys."""

    dependencies = [("patients", "0009_person_search")]

    operations = [migrations.RunSQL("SELECT person_search_rebuild();", migrations.RunSQL.noop)]
