"""T115: every act that the product can write has words for the head, and no words stand there for nothing."""

import re
from pathlib import Path

import pytest
from django.contrib import admin
from django.utils.translation import override

from back_office.admin.versions import VersionedAdmin
from back_office.audit.acts import WORDS
from back_office.presenters.reference import KINDS
from booking.reference_data import RULES
from foundation.organization.models import Organization
from tests.clinic.written_acts import MODEL, Acts, NotKnown, of_product, source

BASE = Path(__file__).resolve().parents[2]
IN_STOCK_ADMIN = {model for model, kept in admin.site._registry.items() if isinstance(kept, VersionedAdmin)}
IN_OFFICE = {kind.model for kind in KINDS.values()}
ROWS = {
    f"{MODEL}.added": IN_STOCK_ADMIN | IN_OFFICE,
    f"{MODEL}.changed": IN_STOCK_ADMIN | IN_OFFICE | {Organization},
    f"{MODEL}.removed": IN_STOCK_ADMIN,
    f"{MODEL}.rechecked": set(RULES),
}
"""Acts that are named by the model of their row, and the models whose rows have them."""


@pytest.fixture(scope="module")
def sources():
    return of_product(BASE)


def acts(sources):
    written = Acts(sources).written()
    named = {act.replace(MODEL, str(model._meta.model_name)) for act, models in ROWS.items() for model in models}
    return (written - ROWS.keys()) | named


def planted(sources, text):
    """Reads the product with this text as one module more."""
    return acts([*sources, source(text, "foundation.audit.trail")])


def test_every_act_has_words_and_all_words_have_an_act(sources):
    assert acts(sources) == set(WORDS)


def test_acts_named_by_a_model_are_those_of_the_table(sources):
    assert {act for act in Acts(sources).written() if MODEL in act} == set(ROWS)


def test_words_are_russian_and_each_act_has_its_own():
    with override("ru"):
        said = [str(words) for words in WORDS.values()]
    assert [words for words in said if not re.match(r"[А-Я][а-яё]", words)] == []
    assert len(set(said)) == len(said)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("trail.record(by=by, action='visit.invented')", {"visit.invented"}),
        ("def f(kind='odd', *, by):\n    record(by=by, action=f'emergency.{kind}')\nf('even')", {"emergency.even"}),
        ("def f(*, by, kind='odd'):\n    record(by=by, action=f'emergency.{kind}')\nf()", {"emergency.odd"}),
        ("def f(x):\n    record(action='lists.read' if x else 'lists.torn')", {"lists.read", "lists.torn"}),
        ("def f(x):\n    kind = 'torn'\n    record(action=f'lists.{kind}')", {"lists.torn"}),
        ("record(action=log.name)", {"foundation.audit.trail"}),
        ("def f():\n    table = {'a.b': 1}\n    for key, x in table.items():\n        record(action=key)", {"a.b"}),
        ("def f(*, action):\n    record(action=action)\npartial(f, action='a.c')", {"a.c"}),
        ("def f(row, **columns):\n    record(action=f'a.{row.state}')\nf(1, state='d')", {"a.d"}),
        ("def f(to, mark=None):\n    record(action=to.value)\nf(to='a.e')", {"a.e"}),
        ("AuditEvent(action='a.f')", {"a.f"}),
    ],
)
def test_control_an_invented_act_is_found_however_it_is_written(sources, text, found):
    assert planted(sources, text) - set(WORDS) == found


def test_control_words_for_nothing_are_found(sources):
    silent = [each for each in sources if each.module != "back_office.paper.files"]
    assert set(WORDS) - acts(silent) == {"lists.exported"}


@pytest.mark.parametrize(
    "text", ["record(action=input())", "def f(x):\n    record(action=x[0])", "record(action=nothing)"]
)
def test_control_an_act_that_cannot_be_read_is_refused(sources, text):
    with pytest.raises(NotKnown):
        planted(sources, text)
