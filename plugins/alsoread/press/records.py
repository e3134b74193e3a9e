"""How are many frozen dataclasses of one class written down as JSON, and read back in a few microseconds each?

The class says what is in its fields, so only values are written, in the order of the fields, and the functions that
write and read them are made once, from the annotations. What is read can be of no other class.
"""

import dataclasses
import datetime as dt
import sys
import types
from collections.abc import Callable
from typing import Any, Final, Generic, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from alsoread.press.born import maker
from alsoread.press.digests import Untold
from alsoread.press.moments import moment_read, moment_written

__all__ = ["Records"]

T = TypeVar("T")
_SCALARS: Final = (str, int, float, bool)
_FUNCTIONS: Final = """
def read_{name}(row):
    if len(row) != {count}: raise ValueError(row)
    return new_{name}({reads})
def write_{name}(value):
    if type(value) is not {name}: raise _Untold(repr(value)[:80])
    return [{writes}]
"""


class Records(Generic[T]):
    """Writes and reads records of one class.

    Its fields may hold scalars, dates, instants, tuples of one kind of thing or of a fixed length, records, ``None`` in
    place of any, and a text in place of a record.

    :raises TypeError: if a field can hold something else.
    """

    def __init__(self, kind: type[T]) -> None:
        self._names: dict[str, Any] = {"_Untold": Untold, "_text": _text, "_scalar": _scalar, "_whole": _whole}
        self._names |= {
            "_moment": moment_read,
            "_from_moment": _instant,
            "_day": dt.date.fromisoformat,
            "_from_day": _day,
            # what many records have is held once: the tags of stories, and where their fields are
            "_intern": sys.intern,
            "_shared": {}.setdefault,
        }
        self._known: dict[type, str] = {}
        name = self._functions(kind)
        self.written: Callable[[T], list[Any]] = self._names[f"write_{name}"]
        """A record as JSON has it; raises :class:`Untold` where it would not be read back as it was."""
        self.read: Callable[[Any], T] = self._names[f"read_{name}"]
        """The record that was written; raises ValueError, LookupError, TypeError or AttributeError if it was not."""

    def _functions(self, kind: type) -> str:
        """The functions for a class, which are called by the name that is returned."""
        if kind in self._known:
            return self._known[kind]
        name = self._known[kind] = f"{kind.__name__}_{len(self._known)}"
        hints = get_type_hints(kind)
        fields = [field.name for field in dataclasses.fields(kind)]
        self._names[name] = kind
        self._names[f"new_{name}"] = _maker(kind)
        reads = ", ".join(self._reading(hints[field], f"row[{at}]") for at, field in enumerate(fields))
        writes = ", ".join(self._writing(hints[field], f"value.{field}") for field in fields)
        source = _FUNCTIONS.format(name=name, count=len(fields), reads=reads, writes=writes)
        exec(compile(source, f"<records of {kind.__name__}>", "exec"), self._names)  # noqa: S102 - made of field names
        return name

    def _reading(self, hint: Any, value: str) -> str:
        """An expression that makes a field's value of what was written."""
        hint, is_optional = _without_none(hint)
        inner = self._reading_of(hint, value)
        return f"(None if {value} is None else {inner})" if is_optional and inner != value else inner

    def _reading_of(self, hint: Any, value: str) -> str:
        if _is_scalar(hint):
            return value
        if hint is dt.datetime:
            return f"_moment({value})"
        if hint is dt.date:
            return f"_day({value})"
        if get_origin(hint) is tuple:
            kinds = get_args(hint)
            if kinds[-1:] != (...,):
                parts = [self._reading(kind, f"{value}[{at}]") for at, kind in enumerate(kinds)]
                return f"({', '.join(parts)},)" if any(map(_needs_work, kinds)) else f"tuple({value})"
            if kinds[0] is str:
                return f"tuple(map(_intern, {value}))"
            if _is_scalar(kinds[0]):
                return f"tuple({value})"
            if get_origin(kinds[0]) is tuple and {*get_args(kinds[0])} <= {str, int}:
                return f"tuple([_shared(each, each) for each in map(tuple, {value})])"
            return f"(tuple([{self._reading(kinds[0], 'each')} for each in {value}]) if {value} else ())"
        record = _text_or_record(hint)
        if record is not None:
            return f"({value} if type({value}) is str else read_{self._functions(record)}({value}))"
        return f"read_{self._functions(_record(hint))}({value})"

    def _writing(self, hint: Any, value: str) -> str:
        """An expression for what is written of a field's value."""
        hint, is_optional = _without_none(hint)
        inner = self._writing_of(hint, value)
        return f"(None if {value} is None else {inner})" if is_optional else inner

    def _writing_of(self, hint: Any, value: str) -> str:
        if hint is str:
            return f"_text({value})"
        if _is_scalar(hint):
            return f"_scalar({value})"
        if hint is dt.datetime:
            return f"_from_moment({value})"
        if hint is dt.date:
            return f"_from_day({value})"
        if get_origin(hint) is tuple:
            kinds = get_args(hint)
            if kinds[-1:] != (...,):
                return f"[{', '.join(self._writing(kind, f'{value}[{at}]') for at, kind in enumerate(kinds))}]"
            return f"[{self._writing(kinds[0], 'each')} for each in _whole({value})]"
        record = _text_or_record(hint)
        if record is not None:
            return f"(_text({value}) if isinstance({value}, str) else write_{self._functions(record)}({value}))"
        return f"write_{self._functions(_record(hint))}({value})"


def _maker(kind: type) -> Callable[..., Any]:
    """What makes records of a class."""
    try:
        return maker(kind)
    except TypeError:
        return kind


def _text(value: object) -> str:
    if type(value) is not str:
        raise Untold(f"a text of {type(value).__qualname__}")
    return value


def _scalar(value: object) -> object:
    if type(value) not in _SCALARS:
        raise Untold(f"a scalar of {type(value).__qualname__}")
    return value


def _instant(value: object) -> str | list[Any]:
    if type(value) is not dt.datetime:
        raise Untold(f"an instant of {type(value).__qualname__}")
    return moment_written(value)


def _day(value: object) -> str:
    if type(value) is not dt.date:
        raise Untold(f"a date of {type(value).__qualname__}")
    return value.isoformat()


def _whole(value: object) -> Any:
    if type(value) is not tuple:
        raise Untold(f"a tuple of {type(value).__qualname__}")
    return value


def _without_none(hint: Any) -> tuple[Any, bool]:
    """A type, and whether there may be ``None`` in its place."""
    if get_origin(hint) not in (Union, types.UnionType):
        return hint, False
    kinds = [kind for kind in get_args(hint) if kind is not type(None)]
    rest = kinds[0] if len(kinds) == 1 else Union[tuple(kinds)]  # noqa: UP007 - made of what is left
    return rest, len(kinds) < len(get_args(hint))


def _is_scalar(hint: Any) -> bool:
    return hint in _SCALARS or get_origin(hint) is Literal


def _needs_work(hint: Any) -> bool:
    return not _is_scalar(_without_none(hint)[0])


def _text_or_record(hint: Any) -> type | None:
    """The class of the record, where there may be a text in its place."""
    kinds = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else ()
    if str not in kinds or len(kinds) != 2:
        return None
    return _record(next(kind for kind in kinds if kind is not str))


def _record(hint: Any) -> type:
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return hint
    raise TypeError(f"records hold no {hint}")
