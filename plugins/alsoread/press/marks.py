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

__all__ = [
    "ABOUT",
    "Marking",
    "Marks",
    "Same",
    "is_steady_again",
    "same_since",
    "unsteadiness",
    "was_edited",
    "was_unsteady",
]

ABOUT: Final = "about"
"""The kind of the entries of a store that have what is remembered of contents together with their marks."""

_TABLE: Final = "generated_content"
_NAME: Final = "marks"
_BEGINS: Final = re.compile(rf'\[\["{_TABLE}",("(?:[^"\\]|\\.)*"),')


@dataclass(frozen=True, slots=True)
class Marks:
    """By the place of a content in the context's table of generated contents its mark, and the one that they share,
    which is empty where it cannot be told.

    ``about`` gives what is to be remembered of a content together with its mark, as JSON has it. ``beyond`` is a
    pattern of what comes after a quotation mark in reads, as they are written, that lead to what only the shared mark
    tells of: such as ``topic"|thread"``, of attributes. ``unsteady`` is one of reads that may give something else
    where nothing but the body of some content was edited; ``anywhere`` one of reads by which any body can be reached.
    """

    contents: Mapping[str, str]
    shared: str
    beyond: str = r"(?!)"
    unsteady: str = r"(?!)"
    anywhere: str = r"(?!)"
    about: Callable[[str], Any] = lambda place: None


Marking = Callable[[Mapping[str, Any]], Marks | None]
"""The marks of the contents of a context; None where they cannot be told."""


@dataclass(frozen=True, slots=True)
class Same:
    """The contents that are as they were at the end of the last build, and whether what they lead to besides is.

    ``leading`` is the pattern of reads that go there, ``unsteady`` and ``anywhere`` are those that :class:`Marks` has.
    """

    contents: frozenset[str]
    beyond: bool
    leading: re.Pattern[str]
    unsteady: re.Pattern[str] = re.compile(r"(?!)")
    anywhere: re.Pattern[str] = re.compile(r"(?!)")

    def about(self, group: str) -> tuple[str, bool]:
        """Of which content a group of reads is, as it is written, and whether it goes beyond that; of none: nothing."""
        begins = _BEGINS.match(group)
        place = "" if begins is None else json.loads(begins[1])
        return place, self.leading.search(group) is not None

    def unsteadiness(self, group: str, owner: str) -> int:
        """1 where a group of reads has an unsteady one that a page made whose ``owner`` is another content, 2 where it
        has one by which any body can be reached; else 0.
        """
        if self.anywhere.search(group) is not None:
            return 2
        return int(self.unsteady.search(group) is not None and self.about(group)[0] != owner)

    def holds(self, place: str, beyond: bool) -> bool:
        """Whether reads of a content, and of what is beyond it, would give the same now."""
        return place in self.contents and (self.beyond or not beyond)

    def holding(self, about: Mapping[str, tuple[str, bool]]) -> set[str]:
        """Those groups of reads that would give the same now; ``about`` says of what content each is, and whether it
        goes beyond that.
        """
        contents = self.contents
        if self.beyond:
            return {group for group, (place, _) in about.items() if place in contents}
        return {group for group, (place, is_beyond) in about.items() if not is_beyond and place in contents}


def same_since(store: Store, marks: Marks | None) -> Same | None:
    """What is as it was when the marks in the store were put there; those of now take their place when it is saved."""
    before = store.get(_NAME, "contents")
    store.put(_NAME, "contents", None if marks is None else [marks.shared, dict(sorted(marks.contents.items()))])
    edited = store.get(_NAME, "edited")
    store.put(_NAME, "edited", [])
    store.keep_only(ABOUT, marks.contents if marks is not None else set())
    if marks is None:
        return None
    same, beyond = frozenset[str](), False
    match before, edited:
        case [str(shared), dict(contents)], list():
            alike = (place for place, mark in marks.contents.items() if contents.get(place) == mark)
            same, beyond = frozenset(alike).difference(edited), bool(shared) and shared == marks.shared
    for place in marks.contents.keys() - same:
        store.put(ABOUT, place, marks.about(place))
    patterns = (f"_|{marks.beyond}", marks.unsteady, marks.anywhere)
    return Same(same, beyond, *(re.compile(f'"(?:{each})') for each in patterns))


def unsteadiness(store: Store) -> int:
    """The highest that a page ever had, as :meth:`Same.unsteadiness` has it; the highest of all where nobody knows."""
    known = store.get(_NAME, "unsteady")
    return known if type(known) is int else 2


def is_steady_again(store: Store) -> None:
    """Let nothing be known of what pages were, as all are rendered anew."""
    store.put(_NAME, "unsteady", 0)


def was_unsteady(store: Store, how: int) -> None:
    """Let it be known that a page was unsteady."""
    if how > unsteadiness(store):
        store.put(_NAME, "unsteady", how)


def was_edited(store: Store, place: str) -> None:
    """Let the mark of a content that was edited since the last build stand for nothing."""
    store.put(_NAME, "edited", sorted({*(store.get(_NAME, "edited") or ()), place}))
