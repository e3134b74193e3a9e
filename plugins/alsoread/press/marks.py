"""Which contents are as they were, so that nothing that was read of them need be read again?

To verify a page is to look at all that it read. Whoever knows what contents are made of can say it in a word, their
*mark*: what was read of a content whose mark is the same is the same. What a content leads to besides, such as the
lists of its topics, is told by one mark that all of them share.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from alsoread.press.store import Store

__all__ = ["Marking", "Marks", "Same", "same_since"]

_TABLE: Final = "generated_content"
_NAME: Final = "marks"
_BEGINS: Final = re.compile(rf'\[\["{_TABLE}",("(?:[^"\\]|\\.)*"),')


@dataclass(frozen=True, slots=True)
class Marks:
    """By the place of a content in the context's table of generated contents its mark, and the one that they share,
    which is empty where it cannot be told.

    ``beyond`` is a pattern of what comes after a quotation mark in reads, as they are written, that lead to what only
    the shared mark tells of: such as ``topic"|thread"``, of attributes.
    """

    contents: Mapping[str, str]
    shared: str
    beyond: str = r"(?!)"


Marking = Callable[[Mapping[str, Any]], Marks | None]
"""The marks of the contents of a context; None where they cannot be told."""


@dataclass(frozen=True, slots=True)
class Same:
    """The contents that are as they were at the end of the last build, and whether what they lead to besides is.

    ``leading`` is the pattern of reads that go there.
    """

    contents: frozenset[str]
    beyond: bool
    leading: re.Pattern[str]

    def about(self, group: str) -> tuple[str, bool]:
        """Of which content a group of reads is, as it is written, and whether it goes beyond that; of none: nothing."""
        begins = _BEGINS.match(group)
        place = "" if begins is None else json.loads(begins[1])
        return place, self.leading.search(group) is not None

    def holds(self, place: str, beyond: bool) -> bool:
        """Whether reads of a content, and of what is beyond it, would give the same now."""
        return place in self.contents and (self.beyond or not beyond)


def same_since(store: Store, marks: Marks | None) -> Same | None:
    """What is as it was when the marks in the store were put there; those of now take their place when it is saved."""
    before = store.get(_NAME, "contents")
    store.put(_NAME, "contents", None if marks is None else [marks.shared, dict(sorted(marks.contents.items()))])
    if marks is None:
        return None
    leading = re.compile(f'"(?:_|{marks.beyond})')
    match before:
        case [str(shared), dict(contents)]:
            same = frozenset(place for place, mark in marks.contents.items() if contents.get(place) == mark)
            return Same(same, bool(shared) and shared == marks.shared, leading)
    return Same(frozenset(), beyond=False, leading=leading)
