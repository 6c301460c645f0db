from django.db import migrations

from foundation.audit.append_only import FUNCTION, append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [FUNCTION, append_only("audit_auditevent")]
