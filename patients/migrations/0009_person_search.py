import django.db.models.deletion
from django.db import migrations, models

KEYS_OF_NAME = r"""
CREATE FUNCTION person_search_names(name text) RETURNS SETOF text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    words text[] := string_to_array(name, ' ');
    word text;
    others text;
BEGIN
    FOR place IN 1..cardinality(words) LOOP
        word := words[place];
        others := array_to_string(words[:place - 1] || words[place + 1:], ' ');
        RETURN NEXT rtrim(word || ' ' || others);
        IF word ~ '[-'']' THEN
            RETURN NEXT rtrim(translate(word, '-''', '') || ' ' || others);
            RETURN QUERY SELECT DISTINCT rtrim(part || ' ' || translate(word, '-''', '  ') || ' ' || others)
                FROM regexp_split_to_table(word, '[-'']') part WHERE part <> '';
        END IF;
    END LOOP;
END $$;
"""
"""`орлова мария` has the keys `орлова мария` and `мария орлова`; of a double surname each half is a key, and the whole
without its hyphen: whichever word is typed first, the key begins with it and the others follow."""

SPELLINGS = r"""
CREATE FUNCTION name_word_spellings(word text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT word UNION SELECT left(word, place - 1) || substr(word, place + 1) FROM generate_series(1, length(word)) place
$$;
"""

NEW_WORDS = r"""
CREATE FUNCTION name_words(name text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT DISTINCT word FROM regexp_split_to_table(name, '[ ''-]') word WHERE length(word) >= 4
$$;
CREATE FUNCTION name_word_add(name text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO patients_nameword (word, spelling)
    SELECT new.word, name_word_spellings(new.word) FROM name_words(name) new(word)
    WHERE NOT EXISTS (
        SELECT FROM patients_nameword known WHERE known.spelling = new.word AND known.word = new.word
    )
$$;
"""
"""Two transactions that meet may both add a word: twice there, it harms nobody, and nobody waits for another's name."""

KEYS_OF_PATIENT = r"""
CREATE FUNCTION person_search_keys(name text, born date, phone text, card text) RETURNS SETOF text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT person_search_names(name)
    UNION ALL SELECT '@' || to_char(born, 'YYYY-MM-DD') WHERE born IS NOT NULL
    UNION ALL SELECT '>' || reverse(translate(phone, '+', '')) WHERE phone <> ''
    UNION ALL SELECT '#' || ltrim(translate(card, 'М-', ''), '0') WHERE card IS NOT NULL
$$;
"""

TRIGGERS = r"""
CREATE FUNCTION person_search_patient() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM patients_personsearch WHERE patient_id = OLD.id AND representation_id IS NULL;
    END IF;
    INSERT INTO patients_personsearch (patient_id, key)
    SELECT NEW.id, person_search_keys(NEW.search_name, NEW.birth_date, NEW.phone, NEW.card_number);
    PERFORM name_word_add(NEW.search_name);
    RETURN NULL;
END $$;
CREATE TRIGGER person_search_new AFTER INSERT ON patients_patient
    FOR EACH ROW EXECUTE FUNCTION person_search_patient();
CREATE TRIGGER person_search_changed AFTER UPDATE ON patients_patient
    FOR EACH ROW WHEN (
        (OLD.id, OLD.search_name, OLD.birth_date, OLD.phone, OLD.card_number)
        IS DISTINCT FROM (NEW.id, NEW.search_name, NEW.birth_date, NEW.phone, NEW.card_number)
    ) EXECUTE FUNCTION person_search_patient();

CREATE FUNCTION person_search_representation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM patients_personsearch WHERE patient_id = OLD.patient_id AND representation_id = NEW.id;
    END IF;
    IF NEW.valid_until IS NULL THEN
        INSERT INTO patients_personsearch (patient_id, representation_id, key)
        SELECT NEW.patient_id, NEW.id, person_search_keys(NEW.search_name, NULL, NEW.phone, NULL);
        PERFORM name_word_add(NEW.search_name);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER person_search_new AFTER INSERT ON patients_representation
    FOR EACH ROW EXECUTE FUNCTION person_search_representation();
CREATE TRIGGER person_search_changed AFTER UPDATE ON patients_representation
    FOR EACH ROW WHEN (
        (OLD.search_name, OLD.phone, OLD.valid_until, OLD.patient_id)
        IS DISTINCT FROM (NEW.search_name, NEW.phone, NEW.valid_until, NEW.patient_id)
    ) EXECUTE FUNCTION person_search_representation();
"""

REBUILD = r"""
CREATE FUNCTION person_search_rebuild() RETURNS void LANGUAGE sql AS $$
    DELETE FROM patients_personsearch;
    DELETE FROM patients_nameword;
    INSERT INTO patients_personsearch (patient_id, key)
    SELECT id, person_search_keys(search_name, birth_date, phone, card_number) FROM patients_patient;
    INSERT INTO patients_personsearch (patient_id, representation_id, key)
    SELECT patient_id, id, person_search_keys(search_name, NULL, phone, NULL)
    FROM patients_representation WHERE valid_until IS NULL;
    INSERT INTO patients_nameword (word, spelling)
    SELECT word, name_word_spellings(word)
    FROM (
        SELECT DISTINCT name_words(name)
        FROM (SELECT search_name FROM patients_patient UNION SELECT search_name FROM patients_representation) known(name)
    ) word(word);
$$;
"""

DROP = """
DROP TRIGGER person_search_changed ON patients_representation;
DROP TRIGGER person_search_new ON patients_representation;
DROP TRIGGER person_search_changed ON patients_patient;
DROP TRIGGER person_search_new ON patients_patient;
DROP FUNCTION person_search_rebuild, person_search_representation, person_search_patient, person_search_keys,
    name_word_add, name_words, name_word_spellings, person_search_names;
"""


class Migration(migrations.Migration):
    """One table of keys by which the search boxes find people, kept by triggers."""

    dependencies = [("patients", "0008_fold_stored_names")]

    operations = [
        migrations.CreateModel(
            name="PersonSearch",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.TextField(db_collation="C")),
                (
                    "patient",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="patients.patient",
                    ),
                ),
                (
                    "representation",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="patients.representation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["key"], include=["patient", "representation"], name="person_search_key"),
                    models.Index(fields=["patient"], name="person_search_patient"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NameWord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("spelling", models.TextField(db_collation="C")),
                ("word", models.TextField(db_collation="C")),
            ],
            options={
                "indexes": [models.Index(fields=["spelling"], include=["word"], name="name_word_spelling")],
            },
        ),
        migrations.RemoveIndex(model_name="patient", name="patient_phone_tail"),
        migrations.RemoveIndex(model_name="patient", name="patient_birth_date"),
        migrations.RunSQL(KEYS_OF_NAME + SPELLINGS + NEW_WORDS + KEYS_OF_PATIENT + TRIGGERS + REBUILD, DROP),
    ]
