from django.db import migrations

from patients import numbers
from patients.choices import DocumentKind
from patients.fields import blind_index

BATCH = 1000


def index_anew(apps, schema_editor):
    """Brings stored numbers to the form and the index in which they are looked for from now on."""
    document = apps.get_model("patients", "IdentityDocument")
    batch = []
    for row in document.objects.exclude(number="").iterator(BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            write_anew(document, batch)
            batch.clear()
    write_anew(document, batch)


def write_anew(document, batch):
    """Writes what is other than before; a number that stays is not encrypted again."""
    respelt, indexed = [], []
    for row in batch:
        before, row.number = row.number, numbers.as_typed(DocumentKind(row.kind), row.number)[0]
        index, row.number_index = row.number_index, blind_index(row.number)
        row.last_digits = row.number[-4:]
        if row.number != before:
            respelt.append(row)
        if row.number_index != index:
            indexed.append(row)
    document.objects.bulk_update(respelt, ["number", "last_digits"])
    document.objects.bulk_update(indexed, ["number_index"])


class Migration(migrations.Migration):
    """All spellings of a document's number have one index: «А1234567» in Russian and in Latin letters is one."""

    dependencies = [("patients", "0005_unread_index")]

    operations = [migrations.RunPython(index_anew, migrations.RunPython.noop)]
