from django.db import migrations

from foundation.encryption import CiphertextDamaged, decrypt, encrypt
from patients.fields import Sealed

COLUMN = "patients_identitydocument.number"
BATCH = 1000


def for_the_row(row):
    return f"{COLUMN} {row}"


def for_the_column(row):
    return COLUMN


def seal_anew(before, after):
    """Returns the step that opens every number as it was bound before, and seals it as it is bound after."""

    def step(apps, schema_editor):
        documents = apps.get_model("patients", "IdentityDocument").objects
        for pk, stored in documents.exclude(number="").values_list("pk", "number").iterator(BATCH):
            try:
                text = decrypt(stored, context=before(pk))
            except CiphertextDamaged:  # nobody could read it before either
                continue
            documents.filter(pk=pk, number=stored).update(number=Sealed(encrypt(text, context=after(pk))))

    return step


class Migration(migrations.Migration):
    """The ciphertext of a number is good in its own row alone: put into another one it is damaged (O27)."""

    dependencies = [("patients", "0016_numbers_of_their_row")]

    operations = [
        migrations.RunPython(seal_anew(for_the_column, for_the_row), seal_anew(for_the_row, for_the_column)),
    ]
