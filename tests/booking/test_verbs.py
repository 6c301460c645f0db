"""Every use case has a kind and calls the gate: the source is read, so that none is forgotten."""

import ast
from pathlib import Path

import pytest

import booking
from booking import gate, verbs
from booking.verbs import Kind, verb
from scheduling.errors import BookingError
from scheduling.models import Location
from tests import factories as make

SHARED = {
    *("gate", "holding", "merge_conflicts", "merge_rows", "new_time", "new_visit"),
    *("reaching", "rebook_tasks", "recent", "task_numbers", "tasks", "tell_tasks", "verbs", "waiting_visitors"),
}
"""What the verbs are made of, and what calls them by itself. Every other module holds verbs."""


def sources():
    return {
        path.stem: path.read_text() for path in Path(booking.__file__).parent.glob("*.py") if path.stem != "__init__"
    }


def faults(modules: dict[str, str]) -> list[str]:
    """Returns public functions without a kind, and verbs of visits from which no call leads to the gate."""
    functions = {name: functions_of(source) for name, source in modules.items()}
    found = []
    for module in functions.keys() - SHARED:
        for name, function in functions[module].items():
            kind = kind_of(function)
            if kind is None and not name.startswith("_") and not is_decorator(function):
                found.append(f"{module}.{name} has no kind")
            elif kind not in (None, "BESIDE") and not reaches_gate(module, name, functions, set()):
                found.append(f"{module}.{name} does not come through the gate")
    return sorted(found)


def functions_of(source: str) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}


def kind_of(function: ast.FunctionDef) -> str | None:
    """Returns `MAKE` of `@verb(Kind.MAKE)`."""
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name) and decorator.func.id == "verb":
            return decorator.args[0].attr
    return None


def is_decorator(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.FunctionDef) for node in function.body)


def reaches_gate(module: str, name: str, functions: dict, seen: set) -> bool:
    if (module, name) in seen or name not in functions.get(module, {}):
        return False
    seen.add((module, name))
    called = [called_by(node, module) for node in ast.walk(functions[module][name]) if isinstance(node, ast.Call)]
    return ("gate", "check") in called or any(reaches_gate(*each, functions, seen) for each in called if each)


def called_by(call: ast.Call, module: str) -> tuple[str, str] | None:
    """Returns module and function of `name(…)` and `module.name(…)`."""
    if isinstance(call.func, ast.Name):
        return module, call.func.id
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
        return call.func.value.id, call.func.attr
    return None


def test_every_public_function_has_a_kind_and_comes_through_the_gate():
    assert faults(sources()) == []


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        ("def give_away(*, slot): ...", "planted.give_away has no kind"),
        ("@verb(Kind.MAKE)\ndef give_away(*, slot): ...", "planted.give_away does not come through the gate"),
        (
            "@verb(Kind.END)\ndef forget(*, by): return _end()\ndef _end(): pass",
            "planted.forget does not come through the gate",
        ),
    ],
)
def test_control_a_planted_verb_is_found(planted, fault):
    assert faults(sources() | {"planted": planted}) == [fault]


def test_a_verb_is_named_where_call_sites_look_for_it():
    named = {f"{module}.{name}" for module, source in sources().items() for name in functions_of(source)}
    verbs_of_booking = {name.removeprefix("booking.") for name in verbs.KINDS if name.startswith("booking.")}
    assert verbs_of_booking <= named
    assert sorted(name.split(".")[-1] for name in verbs_of_booking) == booking.__all__ == sorted(booking.__all__)


def test_nobody_asks_the_gate_outside_of_a_verb():
    with pytest.raises(LookupError, match="no verb is at work"):
        gate.check()


@pytest.mark.django_db
def test_a_verb_calls_no_other_verb():
    @verb(Kind.END)
    def outer():
        return booking.cancel(appointment=None, reason=None, by=None)

    with pytest.raises(RuntimeError, match="cancel is a verb"):
        outer()


@pytest.mark.django_db
def test_what_is_refused_leaves_nothing_behind_but_for_what_is_kept():
    @verb(Kind.END, keeps=(LookupError,))
    def written_and_refused(error):
        make.location()
        raise error

    for error, left in ((BookingError(), 0), (LookupError(), 1)):
        with pytest.raises(type(error)):
            written_and_refused(error)
        assert Location.objects.count() == left
