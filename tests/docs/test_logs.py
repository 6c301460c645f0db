"""docs/logs.md lists every record that the product itself writes into the log, and no others (ASVS 16.1.1)."""

import ast
import re

import pytest
from django.conf import settings

from tests.clinic.written_acts import of_product, source

TEXT = (settings.BASE_DIR / "docs" / "logs.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (info|warning|error) \| `([^`]+)` \| .+ \|$", re.MULTILINE)
LEVELS = {name: name for name in ("debug", "info", "warning", "error", "critical")} | {"exception": "error"}


def written(sources):
    """Returns the level and the words of each record; what differs in them is `…`."""
    found = set()
    for node in (node for each in sources for node in ast.walk(each.tree)):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="log"), attr=level), args=[ast.Constant(value=words), *_]
            ):
                found.add((LEVELS[level], re.sub(r"%[sd]", "…", words)))
            case ast.Call(func=ast.Attribute(value=ast.Name(id="log"), attr=level)) if level in LEVELS:
                raise AssertionError(f"the words of a record are no constant: {ast.unparse(node)}")
    return found


@pytest.fixture(scope="module")
def sources():
    return [each for each in of_product(settings.BASE_DIR) if not each.module.startswith("standalone")]


def test_every_record_is_listed_and_nothing_else(sources):
    assert set(ROW.findall(TEXT)) == written(sources)


def test_each_is_listed_once():
    assert len(ROW.findall(TEXT)) == len(set(ROW.findall(TEXT)))


def test_settings_and_places_that_are_named_are_there():
    variables = (settings.BASE_DIR / "clinic" / "settings.py").read_text(encoding="utf-8")
    assert [name for name in re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", TEXT) if name not in variables] == []
    headings = (settings.BASE_DIR / "docs" / "deploy.md").read_text(encoding="utf-8").lower()
    anchors = re.findall(r"deploy\.md#([a-z-]+)", TEXT)
    assert [anchor for anchor in anchors if f"### {anchor.replace('-', ' ')}\n" not in headings] == []


@pytest.mark.parametrize("text", ["log.warning('a new one: %s', 1)", "log.exception('a new one: %d', 1)"])
def test_control_a_record_that_is_not_listed_is_found(sources, text):
    new = written([*sources, source(text, "clinic.new")]) - set(ROW.findall(TEXT))
    assert {words for _level, words in new} == {"a new one: …"}


def test_control_words_that_are_put_together_are_refused():
    with pytest.raises(AssertionError):
        written([source("log.error(f'of {somebody}')", "clinic.new")])
