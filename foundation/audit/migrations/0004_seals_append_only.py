from django.db import migrations

from foundation.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_seals_and_indexes")]

    operations = [append_only("audit_auditseal")]
