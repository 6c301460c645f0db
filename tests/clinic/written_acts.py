"""Reads in the sources which acts can be written into the audit, wherever their names are put together."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import NamedTuple

ROOMS = ("foundation", "patients", "scheduling", "waitlist", "worklist", "notifications", "mis", "booking")
PRODUCT = (*ROOMS, "api", "telephony", "back_office", "booking_site", "clinic", "standalone")
MODEL = "{model}"
"""Stands for the name of whichever model the row is of."""
Function = ast.FunctionDef


@dataclass(frozen=True, slots=True)
class Source:
    module: str
    tree: ast.Module
    inside: dict[ast.AST, Function | None] = field(default_factory=dict)
    """The function in which a call stands."""

    def __post_init__(self) -> None:
        self._walk(self.tree, None)

    def _walk(self, node: ast.AST, function: Function | None) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call):
                self.inside[child] = function
            self._walk(child, child if isinstance(child, Function) else function)

    def value(self, expression: ast.expr) -> object:
        """Returns what the module itself knows by this name. Raises AttributeError, NotKnown."""
        match expression:
            case ast.Name(id=name):
                return getattr(import_module(self.module), name)
            case ast.Attribute(value=owner, attr=name):
                return getattr(self.value(owner), name)
        raise NotKnown(ast.unparse(expression))


class Call(NamedTuple):
    source: Source
    node: ast.Call
    called: str
    arguments: list[ast.expr]

    @property
    def function(self) -> Function | None:
        return self.source.inside[self.node]

    def given(self, name: str, function: Function | None = None) -> ast.expr | None:
        for keyword in self.node.keywords:
            if keyword.arg == name:
                return keyword.value
        places = [each.arg for each in function.args.args] if function else []
        place = places.index(name) if name in places else len(self.arguments)
        return self.arguments[place] if place < len(self.arguments) else None


class NotKnown(Exception):
    """An act is put together in a way that this reader does not understand."""


def of_product(base: Path) -> list[Source]:
    files = (file for room in PRODUCT for file in sorted((base / room).rglob("*.py")) if "migrations" not in file.parts)
    return [source(file.read_text("utf-8"), ".".join(file.relative_to(base).with_suffix("").parts)) for file in files]


def source(text: str, module: str) -> Source:
    return Source(module, ast.parse(text))


class Acts:
    """Follows the names of acts from where the row is made back to whoever calls."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.calls: dict[str, list[Call]] = {}
        for each in sources:
            for node in each.inside:
                call = _call(each, node)
                self.calls.setdefault(call.called, []).append(call)

    def written(self) -> set[str]:
        rows = self.calls.get("AuditEvent", ())
        return {act for row in rows if (name := row.given("action")) for act in self._of(name, row)}

    def _of(self, act: ast.expr, row: Call) -> Iterator[str]:
        for caller in self._callers(row) or [None]:
            try:
                yield from filter(None, self._possible(act, row, caller))
            except (NotKnown, AttributeError) as error:
                where = f"{row.source.module}:{act.lineno}"
                raise NotKnown(f"{where}: {ast.unparse(act)}: {error}") from error

    def _callers(self, call: Call) -> list[Call]:
        """Returns the calls of the function in which this one stands; one of ours is called by a name of its own."""
        if call.function is None:
            return []
        name = call.function.name
        private = name.startswith("_")
        return [each for each in self.calls.get(name, ()) if not private or each.source is call.source]

    def _possible(self, value: ast.expr, call: Call, caller: Call | None) -> set[str]:
        """Returns what the expression in this call can be, when its function is called by `caller`."""
        match value:
            case ast.Constant(value=constant):
                return {"" if constant is None else str(constant)}
            case ast.FormattedValue(value=inner):
                return self._possible(inner, call, caller)
            case ast.JoinedStr(values=parts):
                return {"".join(each) for each in product(*(self._possible(part, call, caller) for part in parts))}
            case ast.IfExp(body=one, orelse=other):
                return self._possible(one, call, caller) | self._possible(other, call, caller)
            case ast.BoolOp(op=ast.Or(), values=[first, second]):
                found = self._possible(first, call, caller)
                return (found - {""}) | (self._possible(second, call, caller) if "" in found else set())
            case ast.Name(id=name) if call.function and name in _parameters(call.function):
                return self._handed(name, call, caller)
            case ast.Name(id=name) if call.function and (local := _local(name, call.function)):
                return {each for one in local for each in self._possible(one, call, caller)}
            case ast.Attribute(attr="model_name"):
                return {MODEL}
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if call.function and name in _parameters(
                call.function
            ):
                return self._handed(name if attribute == "value" else attribute, call, caller)
        return {str(call.source.value(value))}

    def _handed(self, name: str, call: Call, caller: Call | None) -> set[str]:
        """Returns what the caller hands over by this name, or what stands for it if it hands nothing over."""
        if caller is None:
            raise NotKnown(f"nobody calls with {name}")
        argument = caller.given(name, call.function)
        if argument is not None:
            return {
                each for above in self._callers(caller) or [None] for each in self._possible(argument, caller, above)
            }
        usual = _defaults(call.function).get(name)
        return set() if usual is None else self._possible(usual, call, caller)


def _call(source: Source, node: ast.Call) -> Call:
    """Takes `partial(function, …)` for a call of the function."""
    called, arguments = node.func, node.args
    if isinstance(called, ast.Name) and called.id == "partial":
        called, *arguments = arguments
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return Call(source, node, name, arguments)


def _parameters(function: Function) -> set[str]:
    return {each.arg for each in (*function.args.args, *function.args.kwonlyargs)}


def _defaults(function: Function) -> Mapping[str, ast.expr]:
    pairs = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    return {each.arg: default for each, default in pairs if default is not None}


def _local(name: str, function: Function) -> list[ast.expr]:
    """Returns what is written to a local name: by itself, among others, or from the keys of a dictionary."""
    found = []
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                found.append(value)
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                found += [value for each, value in zip(names, values, strict=True) if _is(each, name)]
            case ast.For(target=ast.Tuple(elts=[key, *_]), iter=ast.Call(func=ast.Attribute(value=ast.Name(id=table)))):
                if _is(key, name):
                    found += [key for each in _local(table, function) for key in getattr(each, "keys", ())]
    return found


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
