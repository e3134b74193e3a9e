"""What is a setting or a function, in one line that is the same in every run?

Settings of a Pelican site are Python: lists and texts, but also functions, classes and objects. A function is told by
its code and by what is bound to it, an object by its class and its attributes.
"""

import datetime as dt
import functools
import importlib.util
import os
import re
import site
import sys
import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import alsoread
from alsoread.press.digests import Untold, digest

__all__ = [
    "bytes_of",
    "code_of",
    "is_local",
    "is_local_module",
    "module_source",
    "origin_of",
    "told_or_kind",
    "told_setting",
]

_DEEP: Final = 40
_SCALARS: Final = frozenset({type(None), bool, int, float, complex, bytes, range, type(...), dt.time, dt.timedelta})
# of modules that need not be imported: who has a value of theirs has done so
_MORE_SCALARS: Final = (
    ("decimal", "Decimal"),
    ("fractions", "Fraction"),
    ("uuid", "UUID"),
    ("pathlib", "PosixPath"),
    ("pathlib", "PurePosixPath"),
)


def told_setting(value: object) -> str:
    """A setting in one line.

    :raises Untold: for what holds state that cannot be read.
    """
    return digest(*_Teller().parts(value, 0))


def told_or_kind(value: object) -> str:
    """As :func:`told_setting`; what cannot be told is told by its class alone."""
    try:
        return told_setting(value)
    except Untold:
        return digest(f"{type(value).__module__}.{type(value).__qualname__}")


def code_of(function: object) -> str:
    """What a function is, whoever holds it: its name and its code, what is bound to it where that can be told, and the
    source of its module where it is local.
    """
    return digest(*_Teller().function(function, 0))


class _Teller:
    """Tells one value; an object that holds itself, or is held twice, is told once."""

    def __init__(self) -> None:
        self._told: dict[int, object] = {}

    def parts(self, value: object, depth: int) -> Iterator[str | bytes]:
        kind = type(value)
        yield f"{kind.__module__}.{kind.__qualname__}"
        if kind in _SCALARS or isinstance(value, str | dt.date) or _is_scalar(kind):
            yield repr(value)
            return
        if depth > _DEEP:
            raise Untold("a setting of great depth")
        if id(value) in self._told:
            yield "again"
            return
        self._told[id(value)] = value
        if isinstance(value, Mapping):
            for key, item in sorted(value.items(), key=lambda pair: repr(pair[0])):
                yield from self.parts(key, depth + 1)
                yield from self.parts(item, depth + 1)
        elif isinstance(value, list | tuple):
            yield str(len(value))
            for item in value:
                yield from self.parts(item, depth + 1)
        elif isinstance(value, set | frozenset):
            yield repr(sorted(value, key=repr))
        elif isinstance(value, re.Pattern):
            yield repr((value.pattern, value.flags))
        elif isinstance(value, types.ModuleType | type):
            yield f"{getattr(value, '__module__', '')}.{value.__name__}"
        elif callable(value) and (hasattr(value, "__code__") or isinstance(value, functools.partial)):
            yield from self.function(value, depth + 1)
        elif isinstance(value, types.BuiltinFunctionType):
            yield str(value.__name__)
        elif hasattr(value, "__dict__"):
            yield from self.parts(vars(value), depth + 1)
        else:
            raise Untold(f"a setting of {kind.__qualname__}")

    def function(self, function: Any, depth: int) -> Iterator[str | bytes]:
        if isinstance(function, functools.partial):
            yield from self.function(function.func, depth + 1)
            yield from self._bound(function.args, depth)
            yield from self._bound(function.keywords, depth)
            return
        module = str(getattr(function, "__module__", ""))
        yield f"{module}.{getattr(function, '__qualname__', type(function).__qualname__)}"
        if module.startswith("jinja2."):
            # told by the version of Jinja
            return
        code = getattr(function, "__code__", None)
        if isinstance(code, types.CodeType):
            yield from _code_parts(code)
            yield from self._bound(getattr(function, "__defaults__", None), depth)
            cells: Iterable[Any] = getattr(function, "__closure__", None) or ()
            for cell in cells:
                try:
                    yield from self._bound(cell.cell_contents, depth)
                except ValueError:
                    yield "empty"
        path = getattr(sys.modules.get(module), "__file__", None)
        if path and path.endswith(".py") and is_local(path):
            yield bytes_of(path)

    def _bound(self, value: object, depth: int) -> Iterator[str | bytes]:
        try:
            yield from self.parts(value, depth + 1)
        except Untold:
            yield "untold"


def _is_scalar(kind: type) -> bool:
    return any(kind is getattr(sys.modules.get(module), name, None) for module, name in _MORE_SCALARS)


def _code_parts(code: types.CodeType) -> Iterator[str | bytes]:
    yield code.co_code
    yield " ".join(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _code_parts(constant)
        elif isinstance(constant, frozenset):
            yield repr(sorted(constant, key=repr))
        else:
            yield repr(constant)


@functools.cache
def is_local(path: str) -> bool:
    """Whether a file is the site's, not Python's, an installed package's or ours."""
    real = os.path.realpath(path)
    return not real.startswith(_installed_in()) and "site-packages" not in real


@functools.cache
def _installed_in() -> tuple[str, ...]:
    import sysconfig

    paths = sysconfig.get_paths()
    folders = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    folders += [*site.getsitepackages(), os.path.dirname(os.path.abspath(alsoread.__file__))]
    return tuple(sorted({os.path.realpath(folder) + os.sep for folder in folders}))


def bytes_of(path: str) -> bytes:
    """What a file holds; nothing where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def module_source(name: str) -> bytes:
    """The source of a module that may not be loaded yet; empty where there is none."""
    return bytes_of(origin_of(name))


def is_local_module(name: str) -> bool:
    """Whether a module is the site's own."""
    origin = origin_of(name)
    return bool(origin) and is_local(origin)


def origin_of(name: str) -> str:
    """The file of Python's that a module is read from, or would be; empty where there is none."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return ""
    return spec.origin if spec is not None and spec.origin and spec.origin.endswith(".py") else ""
