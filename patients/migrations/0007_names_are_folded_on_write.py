from django.db import migrations, models

import patients.fields


class Migration(migrations.Migration):
    """The column of a patient's name for searches is written by the application, which folds more than case and ё."""

    dependencies = [("patients", "0006_one_index_for_every_spelling")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    """
                    ALTER TABLE patients_patient ALTER COLUMN search_name DROP EXPRESSION;
                    ALTER TABLE patients_patient ALTER COLUMN search_name TYPE text;
                    """,
                    """
                    ALTER TABLE patients_patient DROP COLUMN search_name;
                    ALTER TABLE patients_patient ADD COLUMN search_name varchar(182) GENERATED ALWAYS AS (
                        replace(lower(coalesce(last_name, '') || ' ' || coalesce(first_name, '') || ' '
                            || coalesce(patronymic, '')), 'ё', 'е')
                    ) STORED;
                    CREATE INDEX patient_name_order ON patients_patient (search_name COLLATE "C", birth_date);
                    """,
                ),
            ],
            state_operations=[
                migrations.RemoveIndex(model_name="patient", name="patient_name_order"),
                migrations.RemoveField(model_name="patient", name="search_name"),
                migrations.AddField(model_name="patient", name="search_name", field=patients.fields.FoldedName()),
                migrations.AddIndex(
                    model_name="patient",
                    index=models.Index(
                        models.functions.Collate("search_name", "C"), models.F("birth_date"), name="patient_name_order"
                    ),
                ),
            ],
        ),
        migrations.AlterField(model_name="patient", name="search_name", field=patients.fields.FoldedName()),
        migrations.AddField(model_name="representation", name="search_name", field=patients.fields.FoldedName()),
    ]
