"""What does a filter, a test or a function do with what it is given?

What Jinja and Pelican bring is in these tables. Anything else may read a clock or a file, so that a page which used it
is rendered each time, until the publisher declares it pure: its result then depends on its arguments alone.
"""

import functools
import types
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from enum import Enum, auto
from typing import Any, Final

import jinja2.defaults
import jinja2.filters
import jinja2.runtime
import jinja2.tests
from pelican.utils import DateFormatter, memoized

from alsoread.press.values import SCALARS

__all__ = [
    "Pure",
    "Way",
    "fetched_way",
    "is_method_of_scalar",
    "method_of",
    "template_of_text",
    "way_of_call",
    "way_of_filter",
    "way_of_test",
]

Pure = frozenset[str]
"""Names of functions that a publisher declared pure: as templates call them, or as ``package.module.function``."""


class Way(Enum):
    """How a function looks at its arguments."""

    NOTHING = auto()  # not at all, or only at what is noted elsewhere
    TRUTH = auto()
    TRUTH_OF_ITEMS = auto()  # of each item, where no test is named
    LENGTH = auto()
    FIRST = auto()
    LAST = auto()
    ITEMS = auto()  # at the items, not into them
    ITEMS_BY_ATTRIBUTE = auto()  # at an attribute of each where one is named, else at all of each
    ATTRIBUTE = auto()
    TEXT = auto()
    WHOLE = auto()
    DECLARED = auto()  # as the publisher has declared: at anything, and into contents too
    OWNER_ITEMS = auto()  # a method: at the items of what it belongs to
    OWNER_WHOLE = auto()
    GET = auto()  # `mapping.get`
    CHANGES = auto()  # a method that changes what it belongs to
    AGAIN = auto()  # a method that may be called again to see whether its result is the same
    HIDDEN = auto()  # nobody knows


_FILTERS: Final = {
    **dict.fromkeys(["default", "d"], Way.TRUTH),
    **dict.fromkeys(["length", "count"], Way.LENGTH),
    "first": Way.FIRST,
    "last": Way.LAST,
    **dict.fromkeys(["list", "reverse", "batch", "slice", "map", "selectattr", "rejectattr", "items"], Way.ITEMS),
    **dict.fromkeys(["groupby", "sort", "sum", "min", "max", "unique"], Way.ITEMS_BY_ATTRIBUTE),
    **dict.fromkeys(["select", "reject"], Way.TRUTH_OF_ITEMS),
    "attr": Way.ATTRIBUTE,
    "random": Way.HIDDEN,
}
_FETCHING: Final = {
    **dict.fromkeys(["groupby", "sort", "sum", "min", "max", "unique", "join"], Way.WHOLE),
    # a test that is named looks for itself
    **dict.fromkeys(["selectattr", "rejectattr"], Way.TRUTH),
}
_SHALLOW_TESTS: Final = frozenset(
    "callable defined undefined none boolean false true integer float number string mapping iterable sequence "
    "sameas escaped filter test".split()
)
_CLOCKS: Final = frozenset({"now", "utcnow", "today", "astimezone", "timestamp"})
_BOUND: Final = frozenset({types.BuiltinMethodType, types.MethodType})
_FORMATS: Final = frozenset({"format", "format_map"})
_LOOKING_IN: Final = frozenset({"index", "count", "remove", "__contains__", "isdisjoint", "issubset", "issuperset"})
_READING: Final = frozenset({"items", "keys", "values", "copy", "__len__"})
_AGAIN: Final = ("pelican.contents", "pelican.urlwrappers", "pelican.paginator", "alsoread.")
_CLASSES: Final = frozenset(
    {range, dict, jinja2.runtime.Macro, jinja2.utils.Cycler, jinja2.utils.Joiner, jinja2.utils.Namespace}
)


def _is_declared(name: str, function: Any, pure: Pure) -> bool:
    dotted = f"{getattr(function, '__module__', '')}.{getattr(function, '__qualname__', '')}"
    return name in pure or dotted in pure


def way_of_filter(name: str, function: Any, pure: Pure) -> Way:
    """How the filter looks at its arguments."""
    if isinstance(function, DateFormatter):
        return Way.WHOLE
    for known, stock in jinja2.filters.FILTERS.items():
        if function is stock:
            return _FILTERS.get(known, Way.WHOLE)
    return Way.WHOLE if _is_own(function) else _declared_or_hidden(function, pure, name)


def fetched_way(function: Any) -> Way:
    """How a filter looks at the attributes of items that it fetches for its own use: to compare, test, add or join."""
    return next((way for name, way in _FETCHING.items() if function is jinja2.filters.FILTERS[name]), Way.NOTHING)


def way_of_test(name: str, function: Any, pure: Pure) -> Way:
    """How the test looks at its arguments."""
    for known, stock in jinja2.tests.TESTS.items():
        if function is stock:
            return Way.NOTHING if known in _SHALLOW_TESTS else Way.WHOLE
    known_of_pelican = name == "plugin_enabled" and getattr(function, "func", None) is not None
    return Way.WHOLE if known_of_pelican or _is_own(function) else _declared_or_hidden(function, pure, name)


def _is_own(function: Any) -> bool:
    return str(getattr(function, "__module__", "")).startswith("alsoread.")


def way_of_call(function: Any, pure: Pure) -> Way:
    """How a function, method or class that a template calls looks at its arguments."""
    if isinstance(function, jinja2.runtime.LoopContext):
        return Way.ITEMS
    kind = type(function)
    if kind.__module__.startswith("jinja2."):
        return Way.WHOLE if isinstance(function, jinja2.runtime.Undefined) else Way.NOTHING
    if isinstance(function, type):
        return Way.ITEMS if function in _CLASSES else _declared_or_hidden(function, pure)
    if _is_memoized(function):
        return Way.AGAIN
    owner = getattr(function, "__self__", None)
    if owner is not None and not isinstance(owner, types.ModuleType):
        return _way_of_method(function, owner, pure)
    if str(getattr(function, "__module__", "")) == "jinja2.ext":
        return Way.NOTHING
    return _declared_or_hidden(function, pure)


def _is_memoized(function: Any) -> bool:
    """Whether it is a method of a content whose results Pelican remembers, such as ``get_content``."""
    return isinstance(function, functools.partial) and isinstance(getattr(function.func, "__self__", None), memoized)


def method_of(function: Any) -> tuple[object, str]:
    """What a method belongs to, and its name."""
    if _is_memoized(function):
        return function.args[0], str(function.func.__self__.func.__name__)
    return function.__self__, str(function.__name__)


def is_method_of_scalar(function: Any) -> bool:
    """Whether it is a method of a text, number or time that gives the same for the same arguments: no clock."""
    if type(function) not in _BOUND:
        return False
    owner = function.__self__
    return owner is not None and type(owner) in SCALARS and function.__name__ not in _CLOCKS


def template_of_text(function: Any) -> str | None:
    """The text whose ``format`` a function is, which may look into what it is given; None for any other function."""
    if type(function) not in _BOUND or function.__name__ not in _FORMATS:
        return None
    owner = function.__self__
    return owner if isinstance(owner, str) else None


def _way_of_method(method: Any, owner: Any, pure: Pure) -> Way:
    name = str(getattr(method, "__name__", ""))
    kind = type(owner)
    if kind in SCALARS:
        return Way.HIDDEN if name in _CLOCKS else Way.WHOLE
    if isinstance(method, types.BuiltinMethodType | types.MethodWrapperType) and not isinstance(owner, type):
        return _way_of_builtin(name, owner)
    if kind.__module__.startswith("jinja2."):
        return Way.WHOLE
    if kind.__module__ == "gettext" and kind.__name__ == "NullTranslations":
        return Way.WHOLE
    defined = str(getattr(method, "__module__", ""))
    if isinstance(method, types.MethodType) and not isinstance(owner, type) and defined.startswith(_AGAIN):
        return Way.AGAIN
    return _declared_or_hidden(method, pure)


def _way_of_builtin(name: str, owner: Any) -> Way:
    if isinstance(owner, Mapping) and name == "get" and type(owner).get is dict.get:
        return Way.GET
    if isinstance(owner, Mapping | list | tuple | AbstractSet):
        if name in _LOOKING_IN:
            return Way.OWNER_WHOLE
        if name in _READING:
            return Way.OWNER_ITEMS
        return Way.CHANGES
    return Way.HIDDEN


def _declared_or_hidden(function: Any, pure: Pure, name: str = "") -> Way:
    name = name or str(getattr(function, "__name__", ""))
    return Way.DECLARED if _is_declared(name, function, pure) else Way.HIDDEN
