from django.db import migrations

from foundation.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("waitlist", "0001_initial"), ("audit", "0002_append_only")]

    operations = [append_only("waitlist_callattempt")]
