from django.db import migrations
from django.db.models import F


def tell_of_before(apps, schema_editor):
    """Lets cases of before count as taken by those who opened them: no screen is to ring about what is long over."""
    cases = apps.get_model("scheduling", "EmergencyCase").objects
    cases.update(taken_at=F("opened_at"), taken_by=F("opened_by"), taken_by_name=F("opened_by_name"))
    event = apps.get_model("scheduling", "EmergencyEvent")
    for case in cases.order_by("opened_at").iterator():
        event.objects.create(
            case=case, kind="opened", at=case.opened_at, actor=case.opened_by, actor_name=case.opened_by_name
        )
        if case.closed_at:
            event.objects.create(case=case, kind="closed", at=case.closed_at, actor=case.closed_by, actor_name="")


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0014_emergencies_are_taken")]

    operations = [migrations.RunPython(tell_of_before, migrations.RunPython.noop)]
