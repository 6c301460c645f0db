from django.db import migrations

LINK = """
UPDATE patients_representation acting SET person_id = person.id
FROM patients_identitydocument shown
JOIN patients_identitydocument own
    ON own.number_index = shown.number_index AND own.kind = shown.kind AND own.replaced_at IS NULL
JOIN patients_patient person ON person.id = own.patient_id AND person.merged_into_id IS NULL
WHERE shown.representation_id = acting.id AND shown.replaced_at IS NULL AND shown.number_index <> ''
    AND acting.person_id IS NULL AND acting.valid_until IS NULL AND acting.patient_id <> person.id
    AND acting.search_name = person.search_name;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    """A representative who has shown the same document as a patient, under the same name, is that patient."""

    dependencies = [("patients", "0012_merges")]

    operations = [migrations.RunSQL(LINK, migrations.RunSQL.noop)]
