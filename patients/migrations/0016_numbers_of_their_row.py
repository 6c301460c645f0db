from django.db import migrations

import patients.fields


class Migration(migrations.Migration):
    """The column of a document's number stays what it was; what stands in it is bound to its row by the next one."""

    dependencies = [("patients", "0015_nobody_is_called_none")]

    operations = [
        migrations.AlterField(
            model_name="identitydocument",
            name="number",
            field=patients.fields.EncryptedCharField(blank=True, verbose_name="series and number"),
        ),
    ]
