from itertools import islice

from django.db import migrations

from foundation.text.folding import fold
from foundation.text.name_fields import PatronymicField
from foundation.text.names import full_name

BATCH = 2000


def empty_patronymics(apps, schema_editor):
    for name in ("Patient", "Representation"):
        people = apps.get_model("patients", name).objects
        rows = people.filter(patronymic__in=words_for_none(people, "patronymic")).iterator(chunk_size=BATCH)
        while batch := list(islice(rows, BATCH)):
            for row in batch:
                row.patronymic, row.search_name = "", fold(full_name(row.last_name, row.first_name))
            people.bulk_update(batch, ["patronymic", "search_name"])


def words_for_none(rows, column):
    """Returns what stands in this column and says that there is no patronymic."""
    stored = rows.exclude(**{column: ""}).order_by().values_list(column, flat=True).distinct()
    return [text for text in stored.iterator() if PatronymicField().to_python(text) == ""]


class Migration(migrations.Migration):
    """A stored patronymic of «нет», a dash or their like is empty, as a new one is: nobody is addressed by it."""

    dependencies = [("patients", "0014_registry_entry_names_other_adult")]

    operations = [migrations.RunPython(empty_patronymics, migrations.RunPython.noop)]
