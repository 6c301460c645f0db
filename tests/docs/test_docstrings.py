"""Docstrings can be read without the body: each begins with one whole plain sentence, and no verb is without one."""

import ast
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PRODUCT = (
    "clinic",
    "booking_site",
    "back_office",
    "booking",
    "waitlist",
    "worklist",
    "scheduling",
    "patients",
    "notifications",
    "telephony",
    "api",
    "foundation",
    "standalone",
    "bench",
)
FILES = [ROOT / "run.py", *(path for app in PRODUCT for path in sorted((ROOT / app).rglob("*.py")))]
MOST_LINES = 2
INVERTED = re.compile(
    "What|Whatever|Which|Who|Whoever|Whom|Whose|Whether|Why|When|Where|How|Of|By|With|Without|From|Until|Under|Over|"
    "Not|Nothing|Nobody|None|Again|Also|Raises"
)
"""First words of a docstring that puts the subject last, or has none: «What changes twice a year is not read anew»."""

Note = tuple[str, str]


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def docstrings(source: str) -> Iterator[Note]:
    """Yields name and text for the module, its classes and its functions, those with a private name left out."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            name = getattr(node, "name", "module")
            text = ast.get_docstring(node)
            if text is not None and (not name.startswith("_") or name == "__init__"):
                yield name, text


def attribute_notes(source: str) -> Iterator[Note]:
    """Yields name and text for the notes below constants and fields."""
    for node in ast.walk(ast.parse(source)):
        body = node.body if isinstance(node, ast.Module | ast.ClassDef) else []
        for named, note in pairwise(body):
            if isinstance(named, ast.Assign | ast.AnnAssign) and is_text(note):
                target = named.targets[0] if isinstance(named, ast.Assign) else named.target
                yield ast.unparse(target), note.value.value


def problem(text: str) -> str:
    """Returns what is wrong with the first sentence; empty when nothing is."""
    paragraph = text.strip().split("\n\n")[0]
    sentence = re.match(r".+?[.:?](?=[\s»)]|$)", paragraph, re.DOTALL)
    if not sentence:
        return "its first paragraph has no sentence with a full stop"
    if paragraph[-1] not in ".:?":
        return "its first paragraph ends without a full stop"
    if len(sentence[0].splitlines()) > MOST_LINES:
        return f"its first sentence takes more than {MOST_LINES} lines"
    if paragraph[0].islower():
        return "it begins with a lower-case letter"
    return ""


def riddle(text: str) -> str:
    """Returns what is wrong with the first sentence of a docstring, which says what a thing is or does."""
    word = re.match(r"[A-Za-z]*", text.strip())[0]
    if INVERTED.fullmatch(word):
        return f"it begins with «{word}»: begin with the verb or the subject"
    return problem(text)


def is_verb(node: ast.AST) -> bool:
    decorators = getattr(node, "decorator_list", ())
    return any(isinstance(each, ast.Call) and ast.unparse(each.func) == "verb" for each in decorators)


def is_public(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef) and not node.name.startswith("_")


def silent(functions: list[ast.FunctionDef]) -> list[str]:
    return [node.name for node in functions if not ast.get_docstring(node)]


def verbs(source: str) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(source)) if is_verb(node)]


def wrong(read: Callable[[str], Iterator[Note]], judge: Callable[[str], str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} {name}: {found}"
        for path in FILES
        for name, text in read(path.read_text())
        if (found := judge(text))
    ]


def test_docstrings_begin_with_one_whole_plain_sentence():
    assert wrong(docstrings, riddle) == []


def test_notes_of_constants_and_fields_begin_with_a_whole_phrase():
    assert wrong(attribute_notes, problem) == []


def test_every_verb_says_what_it_does():
    functions = [node for path in sorted((ROOT / "booking").glob("*.py")) for node in verbs(path.read_text())]
    assert silent(functions) == []
    assert len(functions) >= 40


def test_every_action_says_what_it_does():
    paths = [path for app in PRODUCT for path in sorted((ROOT / app).glob("actions/**/*.py"))]
    functions = [node for path in paths for node in ast.parse(path.read_text()).body if is_public(node)]
    assert silent(functions) == []
    assert len(functions) >= 60


@pytest.mark.parametrize(
    "text",
    [
        "Returns the lock.",
        "Frees held slots and returns how many. Raises SlotTaken.",
        "«Орлова М. И.» for a narrow cell.",
        "`@verb(Kind.MAKE)` makes a function a use case.",
        "Moves a visit to\nanother doctor.\n\nwhat follows may be anything",
        "Runs it like this:\n\n    run()",
    ],
)
def test_a_plain_sentence_is_let_through(text):
    assert riddle(text) == ""


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "its first paragraph has no sentence with a full stop"),
        ("Returns the lock", "its first paragraph has no sentence with a full stop"),
        ("Returns the lock. Then more", "its first paragraph ends without a full stop"),
        ("Moves a visit\nto another doctor\nat another time.", "its first sentence takes more than 2 lines"),
        ("returns the lock.", "it begins with a lower-case letter"),
        ("What is free is shown.", "it begins with «What»: begin with the verb or the subject"),
        ("Whoever waits is called.", "it begins with «Whoever»: begin with the verb or the subject"),
        ("Raises SlotTaken.", "it begins with «Raises»: begin with the verb or the subject"),
    ],
)
def test_a_riddle_is_noticed(text, wrong):
    assert riddle(text) == wrong


def test_docstrings_are_found_wherever_they_stand():
    source = '"""A."""\nX = 1\n"""B."""\nclass C:\n    """C."""\n    y: int\n    """D."""\n    def e(self):\n'
    source += '        """E."""\n'
    private = 'def _f():\n    """F."""\n'
    assert sorted(docstrings(source + private)) == [("C", "C."), ("e", "E."), ("module", "A.")]
    assert sorted(attribute_notes(source + private)) == [("X", "B."), ("y", "D.")]


def test_a_function_without_a_docstring_is_noticed():
    source = "@verb(Kind.MAKE)\ndef book(): ...\n\ndef helper(): ...\n"
    assert silent(verbs(source)) == ["book"]
    assert silent([node for node in ast.parse(source).body if is_public(node)]) == ["book", "helper"]
