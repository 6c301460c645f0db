"""Messages stored as text before templates keep that text as their only fact, so that they stay readable.

The digits of codes that are sent or given up are wiped. A code still to be sent is encrypted and has an end.
"""

from datetime import timedelta

from django.conf import settings
from django.db import migrations
from django.db.models import F, Func, Value
from django.db.models.functions import JSONObject

from notifications.sealing import seal

UNSENT = ("queued", "sending")


def keep_texts(apps, schema_editor):
    messages = apps.get_model("notifications", "Message").objects.using(schema_editor.connection.alias)
    codes, unsent = messages.filter(template="code"), messages.filter(template="code", state__in=UNSENT)
    wiped = Func(F("text"), Value(r"\d"), Value("•"), Value("g"), function="regexp_replace")
    codes.exclude(state__in=UNSENT).update(text=wiped)
    for message in unsent.iterator():
        message.sealed = seal({"words": message.text}, message=message.pk)
        message.useful_until = message.created_at + timedelta(minutes=settings.CODE_MINUTES)
        message.template = "as_written"
        message.save(update_fields=["sealed", "useful_until", "template"])
    messages.filter(sealed="").update(template="as_written", facts=JSONObject(words=F("text")))


class Migration(migrations.Migration):

    dependencies = [
        ("notifications", "0002_facts_beside_text"),
    ]

    operations = [
        migrations.RunPython(keep_texts),
    ]
