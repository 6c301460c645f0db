"""`run.py mutants`: its table is true, and a module is judged by the share of changes that its tests notice."""

import tomllib

import pytest

from standalone import mutants
from standalone.mutants import Judged, Result
from standalone.speech import Refusal
from standalone.supervisor import ROOT


def test_the_table_names_each_module_once_with_tests_that_are_there():
    modules = mutants.chosen([])
    names = [each.module for each in modules]
    assert sorted(set(names)) == sorted(names)
    assert [each for each in modules if not each.tests] == []
    assert [path for each in modules for path in [each.module, *each.tests] if not (ROOT / path).is_file()] == []


def test_a_word_chooses_the_modules_whose_path_holds_it():
    assert [each.module for each in mutants.chosen(["eligib", "calling"])] == [
        "scheduling/eligibility.py",
        "waitlist/calling_hours.py",
    ]


def test_a_word_that_no_module_holds_is_refused():
    with pytest.raises(Refusal, match="нигде"):
        mutants.chosen(["нигде"])


def test_a_line_is_a_module_and_its_tests():
    assert mutants.table("# words\n\na/b.py: tests/c.py tests/d.py\n") == [
        Judged("a/b.py", ["tests/c.py", "tests/d.py"])
    ]


@pytest.mark.parametrize(
    ("states", "score"),
    [
        (["killed", "killed", "killed", "survived"], 75),
        (["killed", "timeout"], 100),
        (["killed", "no tests"], 50),
        (["suspicious"], 0),
        ([], 0),
    ],
)
def test_a_change_counts_when_a_test_fails_or_never_ends(states, score):
    assert Result("a/b.py", dict(enumerate(states)), "").score == score


def test_a_copy_has_the_settings_of_its_module(tmp_path):
    place = tmp_path / "a.b"
    mutants._lay_out(Judged("a/b.py", ["tests/c.py"]), place)
    tool = tomllib.loads((place / "pyproject.toml").read_text())["tool"]
    assert tool["mutmut"]["only_mutate"] == ["a/b.py"]
    assert tool["mutmut"]["pytest_add_cli_args_test_selection"] == ["tests/c.py"]
    assert tool["pytest"]["ini_options"]["DJANGO_SETTINGS_MODULE"] == "clinic.settings"
    assert (place / "booking").resolve() == ROOT / "booking"
    assert not (place / "local").exists()  # the copies are kept there: it would hold itself
