"""Words of names that are one slip of the finger away from what was typed."""

from collections import defaultdict
from collections.abc import Sequence

from django.db import connection

SHORTEST = 4
"""A shorter word is too many others with one letter changed."""
READ, MOST = 100, 20


def one_slip_from(words: Sequence[str]) -> dict[str, list[str]]:
    """Returns for each word the words of people's names with a letter more, less, other, or two of them swapped."""
    asked = list(dict.fromkeys(word for word in words if len(word) >= SHORTEST))
    if not asked:
        return {}
    found = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, {"words": asked, "read": READ})
        for word, near in cursor.fetchall():
            if is_one_slip(word, near):
                found[word].append(near)
    return {word: near[:MOST] for word, near in found.items()}


def is_one_slip(typed: str, meant: str) -> bool:
    """Tells whether two words differ by one letter more, less or other, or by two of them swapped."""
    if len(typed) != len(meant):
        shorter, longer = sorted((typed, meant), key=len)
        return shorter in (longer[:at] + longer[at + 1 :] for at in range(len(longer)))
    places = [at for at in range(len(typed)) if typed[at] != meant[at]]
    if len(places) == 2:
        first, second = places
        return second == first + 1 and typed[first : second + 1] == meant[first : second + 1][::-1]
    return len(places) == 1


_NEAR = """
    SELECT asked.word, near.word
    FROM unnest(%(words)s::text[]) asked(word) CROSS JOIN LATERAL (
        SELECT DISTINCT known.word
        FROM name_word_spellings(asked.word) way JOIN patients_nameword known ON known.spelling = way
        WHERE known.word <> asked.word ORDER BY known.word LIMIT %(read)s
    ) near
"""
