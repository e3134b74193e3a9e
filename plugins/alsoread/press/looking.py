"""What do filters, tests and functions look at in what templates give them?

Jinja tells nobody what these do. Those that Jinja and Pelican bring are known, and what they look at is noted before
they are called; of any other nobody knows (``callables``).
"""

import datetime as dt
import string
from _string import formatter_field_name_split  # type: ignore[import-not-found]  # as Jinja's sandbox has it
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from jinja2 import nodes
from jinja2.exceptions import UndefinedError
from jinja2.runtime import Undefined
from jinja2.utils import missing
from pelican.urlwrappers import URLWrapper

from alsoread.press.callables import Way, fetched_way, way_of_filter, way_of_test
from alsoread.press.reads import ATTRIBUTE, ITEM, LOOKUP
from alsoread.press.told import code_of
from alsoread.press.trace import Trace
from alsoread.press.values import SCALARS, Fingerprint

if TYPE_CHECKING:
    from alsoread.press.templates import TracedEnvironment

__all__ = ["Noted", "each_unpacked", "look_at", "look_by_format", "look_up", "watched"]


_LOOKING_INTO: Final = frozenset(
    {Way.WHOLE, Way.DECLARED, Way.TRUTH_OF_ITEMS, Way.ITEMS_BY_ATTRIBUTE, Way.OWNER_WHOLE, Way.HIDDEN}
)
_DEEP: Final = 20
_WRAPPERS: Final = "pelican.urlwrappers"
_PLAIN: Final = (str, int, float, dt.date, dt.time, dt.timedelta)


class Noted(dict[str, Any]):
    """The filters or tests of an environment: who takes one out gets it with a note around it."""

    def __init__(self, functions: Mapping[str, Any], environment: "TracedEnvironment", sort: str) -> None:
        super().__init__(functions)
        self._environment = environment
        self._sort = sort
        self._noted: dict[str, tuple[Any, Any]] = {}

    def __getitem__(self, name: str) -> Any:
        return self._with_note(name, super().__getitem__(name))

    def get(self, name: str, default: Any = None) -> Any:
        return self._with_note(name, super().__getitem__(name)) if name in self else default

    def _with_note(self, name: str, function: Any) -> Any:
        known = self._noted.get(name)
        if known is None or known[0] is not function:
            known = self._noted[name] = (function, _noting(self._environment, self._sort, name, function))
        return known[1]


def _noting(environment: "TracedEnvironment", sort: str, name: str, function: Any) -> Any:
    way = (way_of_filter if sort == "filter" else way_of_test)(name, function, environment.pure)
    fetched = fetched_way(function) if sort == "filter" else Way.NOTHING
    passed = 1 if getattr(function, "jinja_pass_arg", None) is not None else 0
    root, identity = (sort, name), Fingerprint(f"function:{code_of(function)}")
    sees_no_scalars = fetched is Way.NOTHING and way not in (Way.HIDDEN, Way.ATTRIBUTE)

    @wraps(function)
    def noting(*args: Any, **kwargs: Any) -> Any:
        trace = environment.trace
        if trace is None:
            if environment.compiling:
                # else Jinja would fold what it gives for constants into the template, and no page would have used it
                raise nodes.Impossible
            return function(*args, **kwargs)
        if root not in trace.used:
            trace.used.add(root)
            trace.note(root, "value", identity)
        if sees_no_scalars and not kwargs:
            for value in args[passed:]:
                if type(value) not in SCALARS:
                    break
            else:
                return function(*args)
        args, kwargs = watched(args, kwargs, trace, way, name)
        shown = args[passed:]
        look_at(trace, way, name, shown, kwargs)
        if fetched is not Way.NOTHING:
            look = trace.truth if fetched is Way.TRUTH else trace.whole
            with trace.fetching(look):
                result = function(*args, **kwargs)
            return _each_fetched(result, trace, look) if isinstance(result, Iterator) else result
        result = function(*args, **kwargs)
        if way is Way.ATTRIBUTE:
            trace.step(shown[0], (ATTRIBUTE, str(shown[1])), result)
        return result

    return noting


def look_at(trace: Trace, way: Way, what: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
    """Note what a function is about to do with its arguments."""
    look: Callable[[Any], None] | None = None
    first = args[:1]
    match way:
        case Way.HIDDEN:
            trace.hide(f"{_called(what)} is not known to be pure")
            look = trace.whole
        case Way.NOTHING | Way.ATTRIBUTE | Way.AGAIN | Way.GET:
            return
        case Way.TRUTH:
            # `default(value, other, true)`
            if (len(args) > 2 and args[2]) or kwargs.get("boolean"):
                trace.truth(args[0])
            return
        case Way.LENGTH:
            look = trace.length
        case Way.FIRST | Way.LAST:
            _end(trace, way, first)
            return
        case Way.ITEMS if not isinstance(what, str):
            look = trace.items
        case Way.ITEMS:
            # a filter: its further arguments are names and what is compared with
            if first:
                trace.items(first[0])
            args, look = args[1:], trace.whole
        case Way.TRUTH_OF_ITEMS:
            trace.unpacked(args[0], 0)
            for item in args[0] if len(args) == 1 and not isinstance(args[0], Iterator) else ():
                trace.truth(item)
            return
        case Way.ITEMS_BY_ATTRIBUTE:
            named = kwargs.get("attribute") is not None or any(isinstance(arg, str) for arg in args[1:])
            if first and named:
                trace.items(first[0])
                return
            look = trace.whole
        case Way.OWNER_ITEMS:
            trace.items(what.__self__)
            look = trace.whole
        case Way.OWNER_WHOLE:
            trace.whole(what.__self__)
            look = trace.whole
        case Way.CHANGES:
            if trace.is_copy(what.__self__):
                trace.disown(what.__self__)
            elif trace.place(what.__self__) is not None:
                # other pages will see the change, or not, as the order of rendering has it
                trace.hide(f"{_named(what)} changes what all pages share")
            return
        case _:
            look = _whole_as(trace, way, what)
    for value in (*args, *kwargs.values()):
        if type(value) not in SCALARS and not isinstance(value, Undefined):
            look(value)


def look_by_format(
    environment: "TracedEnvironment", text: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> None:
    """Note what ``text.format(*args, **kwargs)`` is about to look at: its fields may lead into what it is given
    (Python, "Format String Syntax").
    """
    try:
        for name in _fields_of(text, count()):
            environment.seen_text(_led_to(environment, name, args, kwargs))
    except (ValueError, LookupError, TypeError, AttributeError, UndefinedError):
        # as the call will say
        return


def _fields_of(text: str, numbers: Iterator[int]) -> Iterator[str]:
    """The names of the fields of a text, and of those within them; what has no name has a number."""
    for _, name, within, _ in string.Formatter().parse(text):
        if name is not None:
            yield f"{next(numbers)}{name}" if name == "" or name[0] in ".[" else name
            yield from _fields_of(within or "", numbers)


def _led_to(environment: "TracedEnvironment", name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    first, rest = formatter_field_name_split(name)
    value = args[first] if isinstance(first, int) else environment.getitem(kwargs, first)
    for is_attribute, step in rest:
        value = environment.getattr(value, step) if is_attribute else environment.getitem(value, step)
    return value


def _end(trace: Trace, way: Way, first: tuple[Any, ...]) -> None:
    if not first or type(first[0]) in SCALARS:
        return
    value = first[0]
    if isinstance(value, list | tuple) and trace.place(value) is not None:
        place = 0 if way is Way.FIRST else -1
        trace.step(value, (ITEM, place), value[place] if value else _NOTHING)
    else:
        trace.items(value)


_NOTHING: Final = Undefined()


def look_up(trace: Trace, method: Any, args: tuple[Any, ...], result: Any) -> None:
    """`mapping.get(key)` is an item, or its absence."""
    mapping = method.__self__
    if args and type(args[0]) in SCALARS:
        found = mapping.get(args[0], missing) if isinstance(mapping, Mapping) else missing
        trace.step(mapping, (LOOKUP, args[0]), _NOTHING if found is missing else result)
    else:
        trace.whole(mapping)


def _named(function: Any) -> str:
    name = getattr(function, "__qualname__", None) or type(function).__qualname__
    return f"{getattr(function, '__module__', '') or ''}.{name}()".lstrip(".")


def watched(
    args: tuple[Any, ...], kwargs: dict[str, Any], trace: Trace, way: Way, what: Any
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """What a function is given. An iterator cannot be looked into before it is used: look at each item on its way."""
    if way not in _LOOKING_INTO:
        return args, kwargs
    look = _whole_as(trace, way, what)

    def seen(value: Any) -> Any:
        is_hidden = isinstance(value, Iterator) and trace.place(value) is None
        return _Seen(value, look) if is_hidden else value

    return tuple(map(seen, args)), {name: seen(value) for name, value in kwargs.items()}


class _Seen(Iterator[Any]):
    """Gives what an iterator gives, and looks at it."""

    def __init__(self, values: Iterator[Any], look: Callable[[Any], None]) -> None:
        self._values = values
        self._look = look

    def __next__(self) -> Any:
        value = next(self._values)
        self._look(value)
        return value


def _whole_as(trace: Trace, way: Way, what: Any) -> Callable[[Any], None]:
    """Looks at all of a value; who is declared pure may look into a content too, of which nobody knows what decides
    all that it has.
    """
    if way is not Way.DECLARED:
        return trace.whole

    def look(value: Any) -> None:
        if _leads_far(value, trace):
            trace.hide(f"{_called(what)} is given a whole content, and not what it needs of it")
        trace.whole(value)

    return look


def _leads_far(value: Any, trace: Trace, depth: int = 0) -> bool:
    """Whether a value is a content or has one in it, at any depth, or may have one for all that can be told."""
    if isinstance(value, _PLAIN) or type(value) in SCALARS or isinstance(value, Undefined | _Seen):
        return False
    if trace.is_content(value) or depth > _DEEP:
        return True
    if isinstance(value, URLWrapper):
        return type(value).__module__ != _WRAPPERS
    if isinstance(value, Mapping):
        return any(_leads_far(each, trace, depth + 1) for pair in value.items() for each in pair)
    if isinstance(value, list | tuple | set | frozenset):
        return any(_leads_far(each, trace, depth + 1) for each in value)
    # what has a place is told whole, or cannot be told
    return trace.place(value) is None


def _called(what: Any) -> str:
    """What a filter is called, or a function."""
    return what if isinstance(what, str) else _named(what)


def _each_fetched(values: Iterator[Any], trace: Trace, look: Callable[[Any], None]) -> Iterator[Any]:
    while True:
        with trace.fetching(look):
            try:
                value = next(values)
            except StopIteration:
                return
        yield value


def each_unpacked(values: Iterator[Any], trace: Trace, depth: int) -> Iterator[Any]:
    """What an iterator gives, each taken apart to a depth less one."""
    for value in values:
        trace.unpacked(value, depth - 1)
        yield value
