"""In which words is it said what a page read?

A *place* begins at a root (a name of the page's context, a content by its file, a template by its name) and takes steps
from there: an attribute, an item, a slice, a call. A *read* is a place and a fact about what is there.
"""

from typing import Any, Final, NamedTuple, NewType

__all__ = [
    "ATTRIBUTE",
    "CALL",
    "ITEM",
    "KEY",
    "LOOKUP",
    "SLICE",
    "VALUE",
    "At",
    "Fingerprint",
    "Place",
    "Read",
    "Root",
    "Step",
]

Root = tuple[str, ...]
Step = tuple[Any, ...]
Place = tuple[Root, tuple[Step, ...]]
Read = tuple[Root, tuple[Step, ...], str]
"""A root, the steps from it, and which fact about the value there."""

Fingerprint = NewType("Fingerprint", str)
"""A value in one line."""


class At(NamedTuple):
    """The content at a root."""

    kind: str
    name: str


# the steps
ATTRIBUTE: Final = "a"  # getattr, else item
ITEM: Final = "i"  # item, else getattr
LOOKUP: Final = "g"  # `mapping.get`, which changes nothing where an item of a defaultdict would
SLICE: Final = "s"
CALL: Final = "c"  # a method that may be called again
KEY: Final = "k"  # the nth key of a mapping
VALUE: Final = "v"  # the nth value of a mapping
