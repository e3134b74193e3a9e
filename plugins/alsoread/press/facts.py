"""What is to be known of one value?

A read is of a place and of one fact about what is there: the value itself where it is short, how many items it has, the
text that is made of it, all that is in it.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from alsoread.press.reads import ITEM, KEY, VALUE, Fingerprint, Step
from alsoread.press.values import is_key, items_of, told, told_items, told_whole
from alsoread.press.world import World

__all__ = ["children", "fact_about", "may_be_false"]


def fact_about(value: object, fact: str, world: World) -> Fingerprint:
    """One fact about a value.

    :raises Untold: if it cannot be told.
    """
    anything: Any = value
    match fact:
        case "value":
            return told(value, world.anchor)
        case "items":
            return told_items(value, world.anchor)
        case "length":
            return Fingerprint(f"length:{len(anything)}")
        case "truth":
            return Fingerprint(f"truth:{bool(anything)}")
        case "text":
            html = getattr(anything, "__html__", None)
            return told(f"{anything}\0{html()}" if html is not None else str(anything), world.anchor)
        case _:
            return told_whole(value, world.anchor)


def children(value: object) -> Iterator[tuple[Step, object]]:
    """What is in a container, each with the step to it."""
    if isinstance(value, Mapping):
        for place, (key, item) in enumerate(value.items()):
            yield (KEY, place), key
            yield ((ITEM, key) if is_key(key) else (VALUE, place)), item
    else:
        for place, item in enumerate(items_of(value) or ()):
            yield (ITEM, place), item


@lru_cache(maxsize=1024)
def may_be_false(kind: type) -> bool:
    """Whether a value of a type need not be true."""
    return hasattr(kind, "__bool__") or hasattr(kind, "__len__")
