"""How is a value written down as JSON, so that the very same value is read back?

Scalars are themselves, everything else is a list that begins with the name of its type. Only types that are known by
name are written or read: a store that somebody tampered with can make no object of any other class.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup
from pelican.utils import SafeDatetime

from alsoread.press.digests import Untold
from alsoread.press.moments import moment_read, moment_written

__all__ = ["Plain"]


class Plain:
    """Writes and reads values whose classes are built in, dates and zones, or named here.

    ``records`` are frozen dataclasses; ``others`` maps a class to functions to and from something that can be written.
    """

    def __init__(
        self,
        *records: type,
        others: Mapping[type, tuple[Callable[[Any], Any], Callable[[Any], Any]]] | None = None,
    ) -> None:
        self._records = {kind.__name__: kind for kind in records}
        self._fields = {kind: [field.name for field in dataclasses.fields(kind)] for kind in records}
        self._others = dict(others or {})
        self._other_names = {kind.__name__: kind for kind in self._others}

    def written(self, value: object) -> Any:
        """The value as JSON has it.

        :raises Untold: if there is something in it that would not be read back as it was.
        """
        kind = type(value)
        if value is None or kind in (str, int, float, bool):
            return value
        anything: Any = value
        if kind in (list, tuple):
            return [kind.__name__, *map(self.written, anything)]
        if kind in self._fields:
            return [kind.__name__, *(self.written(getattr(value, name)) for name in self._fields[kind])]
        if kind is dict:
            return ["dict", *([self.written(key), self.written(item)] for key, item in anything.items())]
        if kind is Markup:
            return ["Markup", str(value)]
        if kind in (dt.datetime, SafeDatetime):
            return [kind.__name__, moment_written(anything)]
        if kind is dt.date:
            return ["date", anything.isoformat()]
        if kind in self._others:
            return [kind.__name__, self.written(self._others[kind][0](value))]
        raise Untold(f"a value of {kind.__qualname__}")

    def read(self, written: Any) -> Any:
        """The value that was written.

        :raises ValueError, LookupError, TypeError: if it was not written by :meth:`written`.
        """
        if type(written) is not list:
            return written
        name, *parts = written
        match name:
            case "list":
                return [self.read(part) for part in parts]
            case "tuple":
                return tuple([self.read(part) for part in parts])
            case "dict":
                return {self.read(key): self.read(item) for key, item in parts}
            case "Markup":
                return Markup(parts[0])  # noqa: S704 - as it was
            case "datetime" | "SafeDatetime":
                return moment_read(parts[0], dt.datetime if name == "datetime" else SafeDatetime)
            case "date":
                return dt.date.fromisoformat(parts[0])
            case _:
                return self._named(name, parts)

    def _named(self, name: str, parts: list[Any]) -> Any:
        if name in self._records:
            return self._records[name](*map(self.read, parts))
        return self._others[self._other_names[name]][1](self.read(parts[0]))
