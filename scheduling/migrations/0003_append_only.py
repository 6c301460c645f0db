from django.db import migrations

from foundation.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0002_same_doctor_same_patient"), ("audit", "0002_append_only")]

    operations = [append_only("scheduling_appointmentevent")]
