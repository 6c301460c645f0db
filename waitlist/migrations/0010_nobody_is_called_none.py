from importlib import import_module

from django.db import migrations

words_for_none = import_module("patients.migrations.0015_nobody_is_called_none").words_for_none


def empty_patronymics(apps, schema_editor):
    requests = apps.get_model("waitlist", "WaitlistRequest").objects
    for column in ("patronymic", "representative_patronymic"):
        requests.filter(**{f"{column}__in": words_for_none(requests, column)}).update(**{column: ""})


class Migration(migrations.Migration):
    """A patronymic of «нет» in a request of before is empty, so that the record made of it has none either."""

    dependencies = [("waitlist", "0009_offers_without_calls"), ("patients", "0015_nobody_is_called_none")]

    operations = [migrations.RunPython(empty_patronymics, migrations.RunPython.noop)]
