"""What is a value, in one short line that is the same in every run?

A *fingerprint* is a string: two values with equal fingerprints look the same to a template. Scalars are told in full
(long texts by their BLAKE2b digest), containers and objects only by their kind: what is in them are further reads.
Contents (articles, pages, static files) are told by where their file is.
"""

import datetime as dt
import decimal
import fractions
import json
import pathlib
import uuid
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any, Final

from jinja2 import Undefined
from markupsafe import Markup
from pelican.urlwrappers import URLWrapper
from pelican.utils import SafeDatetime

from alsoread.press.digests import Untold, digest, told_text
from alsoread.press.reads import Fingerprint

__all__ = [
    "ABSENT",
    "EMPTY",
    "SCALARS",
    "Anchor",
    "Fingerprint",
    "is_key",
    "is_scalar",
    "items_of",
    "kind_of",
    "told",
    "told_items",
    "told_whole",
]

Anchor = Callable[[object], "tuple[str, ...] | None"]
"""Says where a content is known from, or None for what is no content of this build."""

ABSENT: Final = Fingerprint("absent")
EMPTY: Final = Fingerprint("()")

_SHORT: Final = 96
_BRIEF: Final = 512
_PLAIN: Final = (int, float, complex, bool, bytes, decimal.Decimal, fractions.Fraction, uuid.UUID, range, type(...))
_TIMES: Final = (dt.datetime, SafeDatetime, dt.date, dt.time, dt.timedelta)
SCALARS: Final[frozenset[type]] = frozenset(
    {str, Markup, type(None), *_PLAIN, *_TIMES, pathlib.PosixPath, pathlib.PurePosixPath}
)
_NAMED: Final = frozenset({"function", "builtin_function_or_method", "method", "type", "module", "method-wrapper"})


def is_scalar(value: object) -> bool:
    """Whether a value is told in full by its fingerprint."""
    return type(value) in SCALARS


def kind_of(value: object) -> str:
    """The class of a value, by its full name."""
    return _name_of(type(value))  # type: ignore[arg-type]


@lru_cache(maxsize=1024)
def _name_of(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def told(value: object, anchor: Anchor) -> Fingerprint:
    """A value as a template sees it at first: scalars in full, everything else by its kind."""
    kind = type(value)
    if kind is str or kind is Markup:
        text: str = value  # type: ignore[assignment]
        return Fingerprint(told_text(text, is_html=kind is Markup))
    if value is None or kind in SCALARS:
        return Fingerprint(f"{kind.__name__}:{_told_scalar(value)}")
    if isinstance(value, Undefined):
        return ABSENT
    if isinstance(value, str):
        return Fingerprint(f"{kind_of(value)}:{digest(value, str(value))}")
    if kind is tuple and not value:
        # Python has but one: it says nothing of where it was found
        return EMPTY
    place = anchor(value)
    if place is not None:
        return Fingerprint("@" + "/".join(place))
    if kind.__name__ in _NAMED:
        named: Any = value
        module, name = getattr(named, "__module__", ""), getattr(named, "__qualname__", getattr(named, "__name__", ""))
        return Fingerprint(f"<{kind.__name__} {module}.{name}>")
    return Fingerprint(f"<{kind_of(value)}>")


def _told_scalar(value: object) -> str:
    if isinstance(value, dt.datetime | dt.time):
        return f"{value.isoformat()} {value.tzinfo!r}"
    text = repr(value)
    return text if len(text) <= _SHORT else "#" + digest(text)


def items_of(value: object) -> Sequence[object] | None:
    """What iterating over a value gives, if that can be done twice with the same result; else None."""
    if isinstance(value, list | tuple):
        return value
    if isinstance(value, AbstractSet):
        return None if any(not is_scalar(item) for item in value) else sorted(value, key=repr)
    if isinstance(value, Iterator) or not hasattr(type(value), "__iter__"):
        return None
    iterable: Iterable[object] = value  # type: ignore[assignment]
    return list(iterable)


def told_items(value: object, anchor: Anchor) -> Fingerprint:
    """The items of a container, each as :func:`told`; of a mapping the keys and values.

    :raises Untold: if they cannot be read without using them up.
    """
    if isinstance(value, Mapping):
        pairs = [f"{told(key, anchor)}={told(item, anchor)}" for key, item in value.items()]
        return Fingerprint("items:" + digest(*pairs))
    items = items_of(value)
    if items is None:
        raise Untold(f"the items of {kind_of(value)}")
    each = [told(item, anchor) for item in items]
    # a few are told in full, so that somebody who has no such items can say what they were
    text = json.dumps(each, ensure_ascii=False, separators=(",", ":"))
    return Fingerprint("items:" + (text if len(text) <= _BRIEF else digest(*each)))


def told_whole(value: object, anchor: Anchor) -> Fingerprint:
    """A value with all that is in it, at any depth.

    :raises Untold: if something in it is neither scalar nor container nor content, or it holds itself.
    """
    return Fingerprint("whole:" + digest(*_parts(value, anchor, 0)))


def _parts(value: object, anchor: Anchor, depth: int) -> Iterator[str]:
    first = told(value, anchor)
    yield first
    if type(value) in SCALARS or isinstance(value, str) or first[0] == "@" or first is ABSENT:
        return
    if depth > 20:
        raise Untold(f"the depth of {kind_of(value)}")
    if isinstance(value, URLWrapper):
        yield f"{value.name}\0{value.slug}"
    elif isinstance(value, Mapping):
        yield str(len(value))
        for key, item in value.items():
            yield from _parts(key, anchor, depth + 1)
            yield from _parts(item, anchor, depth + 1)
    elif isinstance(value, list | tuple | AbstractSet):
        items = items_of(value)
        if items is None:
            raise Untold(f"the items of {kind_of(value)}")
        yield str(len(items))
        places = list(map(anchor, items))
        if None not in places:
            # a long list of contents, as most are
            yield "\0".join(["@" + "/".join(place) for place in places if place is not None])
            return
        for item in items:
            yield from _parts(item, anchor, depth + 1)
    else:
        raise Untold(kind_of(value))


def is_key(value: object) -> bool:
    """Whether a value can be a step of a path: it is the same in every run and survives being written down."""
    return isinstance(value, Hashable) and type(value) in (str, int, bool, type(None))
