"""Where in its file does a setting get its value?

Settings are Python, and have been run by then. They are not run again for this, but read: what is assigned at the top
of the file, and of the files that it takes everything of (``from pelicanconf import *``). Where several lines have a
say in a setting, and where the value is not the one that stands there, no place is told.
"""

import ast
import os
import sys
import tokenize
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

__all__ = ["UNTOLD", "Assigned", "SettingPlaces", "Stand", "assignments", "literal", "path_beside"]
__all__ += ["read_assignments", "read_places", "read_python"]

Place = tuple[str, int, int]
"""File, line and column; 0 where there is none."""

UNTOLD: Final = object()
"""What a value is that only running the file could tell."""

_DEEPEST: Final = 5


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a text stands that a value holds; ``inside`` it, for the key of a dictionary, those of its value."""

    text: str
    place: Place
    inside: tuple["Stand", ...] = ()


@dataclass(frozen=True, slots=True)
class Assigned:
    """A statement that has a say in the value of a setting, and what stands there; None where that is no expression."""

    place: Place
    value: ast.expr | None
    stands: tuple[Stand, ...] = ()


@dataclass(frozen=True, slots=True)
class SettingPlaces:
    """Where the settings of a site stand. ``source`` is their file as findings name it, where no place is told."""

    source: str = "pelicanconf.py"
    known: Mapping[str, tuple[tuple[Place, tuple[Stand, ...]], ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, source: str, assigned: Mapping[str, tuple[Assigned, ...]], given: Mapping[str, object]
    ) -> "SettingPlaces":
        """The places of those settings whose ``given`` values can be what is assigned."""
        return cls(
            source,
            {
                name: tuple((each.place, each.stands) for each in sites)
                for name, sites in assigned.items()
                if name.startswith("ALSOREAD_") and (len(sites) > 1 or _can_be(sites[0], given.get(name)))
            },
        )

    @property
    def files(self) -> frozenset[str]:
        """The files that settings stand in."""
        return frozenset({self.source, *(place[0] for sites in self.known.values() for place, _ in sites)})

    def at(self, name: str, *inside: str) -> Place:
        """The place of a setting, or of a text inside its value, or of a text inside that."""
        sites = self.known.get(name, ())
        place = sites[0][0] if len(sites) == 1 else (self.source, 0, 0)
        stands = [stand for _, of_site in sites for stand in of_site]
        for text in inside:
            found = [stand for stand in stands if stand.text == text]
            if len(found) != 1:
                break
            place, stands = found[0].place, list(found[0].inside)
        return place


def _can_be(assigned: Assigned, given: object) -> bool:
    value = literal(assigned)
    return value is UNTOLD or value == given


def literal(assigned: Assigned) -> object:
    """The value that stands there, if no name, call or other expression is needed for it."""
    if assigned.value is None:
        return UNTOLD
    try:
        value: object = ast.literal_eval(assigned.value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return UNTOLD
    return value


def read_places(source: str, given: Mapping[str, object]) -> SettingPlaces:
    """The places of the settings of a file that was run, and gave these values."""
    return SettingPlaces.of(source, read_assignments(source), given)


def read_assignments(source: str) -> dict[str, tuple[Assigned, ...]]:
    """The assignments of a settings file that was run."""

    def taken(module: str) -> tuple[str, str] | None:
        found = getattr(sys.modules.get(module), "__file__", None)
        text = read_python(found) if found else None
        return None if not found or text is None else (text, path_beside(source, found))

    text = read_python(source)
    return {} if text is None else assignments(text, source, taken)


def read_python(path: str) -> str | None:
    """The text of a Python file; None where it cannot be read."""
    try:
        with tokenize.open(path) as file:
            return file.read()
    except (OSError, SyntaxError, UnicodeDecodeError):
        return None


def path_beside(source: str, path: str) -> str:
    """A file as it is to be named where the settings file is named ``source``."""
    folder = os.path.dirname(source)
    return os.path.join(folder, os.path.relpath(path, folder or ".")).replace(os.sep, "/")


def assignments(
    text: str, path: str, taken: Callable[[str], tuple[str, str] | None], *, depth: int = 0
) -> dict[str, tuple[Assigned, ...]]:
    """For each name at the top of a file, the statements that have a say in its value.

    ``taken`` gives text and path of a module that the file takes everything of, or None.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return {}
    lines = text.split("\n")
    found: dict[str, tuple[Assigned, ...]] = {}
    for statement, is_sure in _statements(tree.body, is_sure=True):
        if isinstance(statement, ast.ImportFrom) and [alias.name for alias in statement.names] == ["*"]:
            other = taken(statement.module or "") if not statement.level and depth < _DEEPEST else None
            below = assignments(*other, taken, depth=depth + 1) if other else {}
            for name, sites in below.items():
                found[name] = sites if is_sure else (*found.get(name, ()), *sites)
            continue
        for name, at, value, adds in _bound(statement):
            stands = () if value is None else tuple(_texts_in(value, partial(_place, path, lines)))
            site = Assigned(_place(path, lines, at), value, stands)
            found[name] = (*found.get(name, ()), site) if adds or not is_sure else (site,)
    return found


def _statements(body: Iterable[ast.stmt], *, is_sure: bool) -> Iterator[tuple[ast.stmt, bool]]:
    """The statements at the top of a file in their order, those in its branches and loops too, and which always run."""
    for statement in body:
        yield statement, is_sure
        if isinstance(statement, ast.With):
            yield from _statements(statement.body, is_sure=is_sure)
        elif isinstance(statement, ast.If | ast.For | ast.While | ast.Try | ast.Match):
            yield from _statements(_branches(statement), is_sure=False)


def _branches(statement: ast.If | ast.For | ast.While | ast.Try | ast.Match) -> Iterator[ast.stmt]:
    if isinstance(statement, ast.Match):
        for case in statement.cases:
            yield from case.body
        return
    yield from statement.body
    for handler in statement.handlers if isinstance(statement, ast.Try) else ():
        yield from handler.body
    yield from statement.orelse
    yield from statement.finalbody if isinstance(statement, ast.Try) else ()


_Bound = tuple[str, ast.expr | ast.stmt, ast.expr | None, bool]


def _bound(statement: ast.stmt) -> Iterator[_Bound]:
    """What a statement binds: name, where it stands, the value, and whether another statement has had a say before."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _targets(target, value)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _targets(target, value)
        case ast.AugAssign(target=ast.Name(id=name), value=value):
            yield name, statement, value, True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
            yield name, statement, statement.value, True
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            for alias in names:
                yield alias.asname or alias.name.partition(".")[0], statement, None, False
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name, statement, None, False
        case _:
            return


def _targets(target: ast.expr, value: ast.expr | None) -> Iterator[_Bound]:
    match target:
        case ast.Name(id=name):
            yield name, target, value, False
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _targets(part, None)
        case ast.Subscript(value=ast.Name(id=name)):
            yield name, target, value, True
        case _:
            return


def _place(path: str, lines: Sequence[str], node: ast.expr | ast.stmt) -> Place:
    # Python counts bytes
    return path, node.lineno, len(lines[node.lineno - 1].encode()[: node.col_offset].decode()) + 1


def _texts_in(node: ast.AST, place: Callable[[ast.expr], Place]) -> Iterator[Stand]:
    """The texts in a value, those of a dictionary below their keys."""
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            inside = tuple(_texts_in(value, place))
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield Stand(key.value, place(key), inside)
            else:
                yield from inside
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield Stand(node.value, place(node))
    else:
        for child in ast.iter_child_nodes(node):
            yield from _texts_in(child, place)
