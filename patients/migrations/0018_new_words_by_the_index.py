from django.db import migrations

BY_THE_INDEX = r"""
CREATE OR REPLACE FUNCTION name_word_add(name text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO patients_nameword (word, spelling)
    SELECT new.word, name_word_spellings(new.word) FROM name_words(name) new(word)
    WHERE (
        SELECT known.word FROM patients_nameword known
        WHERE known.spelling = new.word AND known.word = new.word LIMIT 1
    ) IS NULL
$$;
"""
"""With NOT EXISTS the planner took a name for a thousand words and read the whole table for each new person."""

BEFORE = r"""
CREATE OR REPLACE FUNCTION name_word_add(name text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO patients_nameword (word, spelling)
    SELECT new.word, name_word_spellings(new.word) FROM name_words(name) new(word)
    WHERE NOT EXISTS (
        SELECT FROM patients_nameword known WHERE known.spelling = new.word AND known.word = new.word
    )
$$;
"""


class Migration(migrations.Migration):
    """New names look up in the index which of their words are known, in a register of any size."""

    dependencies = [("patients", "0017_seal_numbers_for_their_row")]

    operations = [migrations.RunSQL(BY_THE_INDEX, BEFORE)]
