from itertools import islice

from django.db import migrations

from foundation.text.folding import fold
from foundation.text.names import full_name

BATCH = 2000


def fold_names(apps, schema_editor):
    for name in ("Patient", "Representation"):
        people = apps.get_model("patients", name).objects
        rows = people.only("last_name", "first_name", "patronymic", "search_name").iterator(chunk_size=BATCH)
        while batch := list(islice(rows, BATCH)):
            people.bulk_update([row for row in batch if _folded(row)], ["search_name"])


def _folded(row):
    """Folds the name of a row; returns whether it was written in another way."""
    before, row.search_name = row.search_name, fold(full_name(row.last_name, row.first_name, row.patronymic))
    return row.search_name != before


class Migration(migrations.Migration):
    """Names that are stored already are folded as a new one is."""

    dependencies = [("patients", "0007_names_are_folded_on_write")]

    operations = [migrations.RunPython(fold_names, migrations.RunPython.noop)]
