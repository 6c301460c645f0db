from django.db import migrations

from foundation.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("waitlist", "0021_message_first")]

    operations = [append_only("waitlist_timequestion"), append_only("waitlist_timeanswer")]
