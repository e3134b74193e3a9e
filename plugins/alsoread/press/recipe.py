"""By what was a page made, besides what it read?

The *recipe*: the versions of the tools, the code of the site's plugins, the settings of Jinja. It is told in parts, so
that a build can say which of them changed; a change of any makes every page and every parsed file stale.
"""

import functools
import importlib.util
import locale
import os
import re
import site
import sys
import sysconfig
import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import pelican

import alsoread
from alsoread.press.values import SCALARS, Untold, digest

__all__ = ["changed_parts", "code_of", "is_local", "module_source", "recipe_of", "told_setting"]

# tools that install other tools, and have no hand in a page
_INSTALLERS: Final = ("pip-", "setuptools-", "wheel-", "uv-", "alsoread-", "__editable__")


def recipe_of(settings: Mapping[str, Any]) -> dict[str, str]:
    """The recipe of a site's pages, part by part. Call it when all plugins are loaded."""
    return {
        "Alsoread": f"{alsoread.__version__} {_own_code()}",
        "Pelican": str(pelican.__version__),
        "Python": f"{sys.implementation.cache_tag} {sys.platform}",
        "installed packages": _installed(),
        "code of the site": digest(*_local_code()),
        "locale": locale.setlocale(locale.LC_ALL),
        "JINJA_ENVIRONMENT": _told_or_never(settings["JINJA_ENVIRONMENT"]),
        "TEMPLATE_EXTENSIONS": _told_or_never(settings["TEMPLATE_EXTENSIONS"]),
    }


def changed_parts(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """The parts of a recipe that are not what they were."""
    return sorted(part for part in {*old, *new} if old.get(part) != new.get(part))


@functools.cache
def _own_code() -> str:
    folder = os.path.dirname(os.path.abspath(alsoread.__file__))
    names = sorted(
        os.path.join(root, name) for root, _, names in os.walk(folder) for name in names if name.endswith(".py")
    )
    return digest(*(_bytes_of(name) for name in names))


def _installed() -> str:
    """The names and versions of all installed distributions, from the names of their folders."""
    found = set()
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        found |= {name for name in names if name.endswith((".dist-info", ".egg-info"))}
    return digest(*sorted(name for name in found if not name.lower().startswith(_INSTALLERS)))


def _local_code() -> Iterator[bytes]:
    """The source of every loaded module that is neither installed nor Python's nor ours: plugins, mostly."""
    for name, module in sorted(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if path and path.endswith(".py") and name != "__main__" and is_local(path):
            yield name.encode()
            yield _bytes_of(path)


@functools.cache
def is_local(path: str) -> bool:
    """Whether a file is the site's, not Python's, an installed package's or ours."""
    real = os.path.realpath(path)
    return not real.startswith(tuple(_INSTALLED_IN)) and "site-packages" not in real


_INSTALLED_IN: Final = sorted(
    {
        os.path.realpath(folder) + os.sep
        for folder in (
            *(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")),
            *site.getsitepackages(),
            os.path.dirname(os.path.abspath(alsoread.__file__)),
        )
    }
)


def _bytes_of(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def code_of(function: object) -> str:
    """What a function is, whoever holds it: its name and its code, with the source of its module where it is local.

    A function with values bound to it is told with them where they can be told.
    """
    if isinstance(function, functools.partial):
        return digest(code_of(function.func), _told_or_never(function.args), _told_or_never(function.keywords))
    name = f"{getattr(function, '__module__', '')}.{getattr(function, '__qualname__', type(function).__qualname__)}"
    code = getattr(function, "__code__", None)
    parts: list[str | bytes] = [name]
    if isinstance(code, types.CodeType):
        parts += [*_code_parts(code), _told_or_never(getattr(function, "__defaults__", None))]
        cells: Iterable[Any] = getattr(function, "__closure__", None) or ()
        parts += [_told_cell(cell) for cell in cells]
    path = getattr(sys.modules.get(str(getattr(function, "__module__", ""))), "__file__", None)
    if path and path.endswith(".py") and is_local(path):
        parts.append(_bytes_of(path))
    return digest(*parts)


def _told_cell(cell: Any) -> str:
    try:
        value = cell.cell_contents
    except ValueError:
        return ""
    return code_of(value) if callable(value) and hasattr(value, "__code__") else _told_or_never(value)


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


def told_setting(value: object) -> str:
    """A setting in one line that is the same in every run.

    :raises Untold: for what holds state that cannot be read.
    """
    return digest(*_parts(value, 0))


def _told_or_never(value: object) -> str:
    """As :func:`told_setting`; what cannot be told is told by its class alone."""
    try:
        return told_setting(value)
    except Untold:
        return digest(f"{type(value).__module__}.{type(value).__qualname__}")


def _parts(value: object, depth: int) -> Iterator[str]:
    kind = type(value)
    yield f"{kind.__module__}.{kind.__qualname__}"
    if depth > 12:
        raise Untold("a setting of great depth")
    if kind in SCALARS:
        yield repr(value)
    elif isinstance(value, Mapping):
        for key, item in sorted(value.items(), key=lambda pair: repr(pair[0])):
            yield from _parts(key, depth + 1)
            yield from _parts(item, depth + 1)
    elif isinstance(value, list | tuple):
        yield str(len(value))
        for item in value:
            yield from _parts(item, depth + 1)
    elif isinstance(value, set | frozenset):
        yield repr(sorted(value, key=repr))
    elif isinstance(value, re.Pattern):
        yield repr((value.pattern, value.flags))
    elif isinstance(value, types.ModuleType | type):
        yield f"{getattr(value, '__module__', '')}.{value.__name__}"
    elif callable(value) and (hasattr(value, "__code__") or isinstance(value, functools.partial)):
        yield code_of(value)
    elif isinstance(value, types.BuiltinFunctionType):
        yield str(value.__name__)
    elif hasattr(value, "__dict__"):
        yield from _parts(vars(value), depth + 1)
    else:
        raise Untold(f"a setting of {kind.__qualname__}")


def module_source(name: str) -> bytes:
    """The source of a module that may not be loaded yet; empty where there is none."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return b""
    return _bytes_of(spec.origin) if spec is not None and spec.origin and spec.origin.endswith(".py") else b""
