from django.db import migrations

from foundation.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("waitlist", "0029_wishes_that_were_not_met")]

    operations = [append_only("waitlist_unmetwish")]
