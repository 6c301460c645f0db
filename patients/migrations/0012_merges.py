from importlib import import_module

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

FUNCTIONS = r"""
CREATE OR REPLACE FUNCTION person_search_patient() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM patients_personsearch WHERE record_id = OLD.id AND representation_id IS NULL;
    END IF;
    INSERT INTO patients_personsearch (patient_id, record_id, key)
    SELECT coalesce(NEW.merged_into_id, NEW.id), NEW.id,
        person_search_keys(NEW.search_name, NEW.birth_date, NEW.phone, NEW.card_number);
    PERFORM name_word_add(NEW.search_name);
    RETURN NULL;
END $$;
DROP TRIGGER person_search_changed ON patients_patient;
CREATE TRIGGER person_search_changed AFTER UPDATE ON patients_patient
    FOR EACH ROW WHEN (
        (OLD.id, OLD.search_name, OLD.birth_date, OLD.phone, OLD.card_number, OLD.merged_into_id)
        IS DISTINCT FROM (NEW.id, NEW.search_name, NEW.birth_date, NEW.phone, NEW.card_number, NEW.merged_into_id)
    ) EXECUTE FUNCTION person_search_patient();

CREATE OR REPLACE FUNCTION person_search_representation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM patients_personsearch WHERE record_id = OLD.patient_id AND representation_id = NEW.id;
    END IF;
    IF NEW.valid_until IS NULL THEN
        INSERT INTO patients_personsearch (patient_id, record_id, representation_id, key)
        SELECT NEW.patient_id, NEW.patient_id, NEW.id, person_search_keys(NEW.search_name, NULL, NEW.phone, NULL);
        PERFORM name_word_add(NEW.search_name);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION person_search_rebuild() RETURNS void LANGUAGE sql AS $$
    DELETE FROM patients_personsearch;
    DELETE FROM patients_nameword;
    INSERT INTO patients_personsearch (patient_id, record_id, key)
    SELECT coalesce(merged_into_id, id), id, person_search_keys(search_name, birth_date, phone, card_number)
    FROM patients_patient;
    INSERT INTO patients_personsearch (patient_id, record_id, representation_id, key)
    SELECT patient_id, patient_id, id, person_search_keys(search_name, NULL, phone, NULL)
    FROM patients_representation WHERE valid_until IS NULL;
    INSERT INTO patients_nameword (word, spelling)
    SELECT word, name_word_spellings(word)
    FROM (
        SELECT DISTINCT name_words(name)
        FROM (SELECT search_name FROM patients_patient UNION SELECT search_name FROM patients_representation) known(name)
    ) word(word);
$$;
"""

BEFORE = import_module("patients.migrations.0009_person_search")
DROP_FUNCTIONS = """
DROP TRIGGER person_search_changed ON patients_representation;
DROP TRIGGER person_search_new ON patients_representation;
DROP TRIGGER person_search_changed ON patients_patient;
DROP TRIGGER person_search_new ON patients_patient;
DROP FUNCTION person_search_rebuild, person_search_representation, person_search_patient;
"""

RECORD = models.ForeignKey(
    db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="patients.patient"
)


class Migration(migrations.Migration):
    """Two records of one person become one: the keys of both find the one that stays."""

    dependencies = [("patients", "0011_power_checked_in_register")]

    operations = [
        migrations.AddField(
            "patient",
            "merged_into",
            models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="patients.patient",
                verbose_name="record of the same person",
            ),
        ),
        migrations.AddConstraint(
            "patient",
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("id")),
                name="patient_merged_into_another",
            ),
        ),
        migrations.AddField(
            "personsearch",
            "record",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="patients.patient",
            ),
        ),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS + BEFORE.TRIGGERS + BEFORE.REBUILD),
        migrations.RunSQL(
            "UPDATE patients_personsearch SET record_id = patient_id; SET CONSTRAINTS ALL IMMEDIATE;",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField("personsearch", "record", RECORD),
        migrations.AddIndex("personsearch", models.Index(fields=["record"], name="person_search_record")),
        migrations.CreateModel(
            name="PatientMerge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("columns", models.JSONField(default=dict)),
                ("moved", models.JSONField(default=dict)),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
                ("by", models.CharField(max_length=80, verbose_name="by")),
                ("by_name", models.CharField(max_length=200, verbose_name="by whom")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone at")),
                ("undone_by", models.CharField(blank=True, max_length=80, verbose_name="undone by")),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="patients.patient",
                        verbose_name="record that stays",
                    ),
                ),
                (
                    "merged",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.patient",
                        verbose_name="record that became part",
                    ),
                ),
            ],
            options={
                "verbose_name": "merge of records",
                "verbose_name_plural": "merges of records",
                "ordering": ["-at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=~models.Q(kept=models.F("merged")),
                        name="merge_of_two_records",
                        violation_error_message="This is one record. Choose another one.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(undone_at=None),
                        fields=("merged",),
                        name="merge_once",
                        violation_error_message="This record is part of another one already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(undone_at=None, undone_by="")
                        | (models.Q(undone_at__isnull=False) & ~models.Q(undone_by="")),
                        name="merge_undone_by_someone",
                    ),
                ],
            },
        ),
    ]
