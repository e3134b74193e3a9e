"""What is in a list of related stories, and what tells it from another?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from alsoread.news.describe import Subject

if TYPE_CHECKING:
    from alsoread.news.list_columns import ListColumns

__all__ = ["Chosen", "Entry", "Listed", "Lists", "Related", "Seek", "mark_of_list", "related_of", "with_reasons"]


@dataclass(frozen=True, slots=True)
class Related:
    """A story to offer: background is older than the one it is listed for. ``score`` lies between 0 and 1."""

    key: str
    kind: Literal["background", "later"]
    score: float
    reason: str


Entry: TypeAlias = tuple[int, int, str]
"""A line of a list: the place of the other story, the score in millionths, the reason; or, where reasons are sought
when somebody asks for them, what tells the reason from another one.
"""


class Listed(NamedTuple):
    """A list, the places of the stories that must not be in it, and what tells the list from another: the stories by
    their keys, which of them are older, the scores and the reasons.
    """

    entries: Sequence[Entry]
    barred: list[int]
    mark: str


Chosen = tuple[int, int]
"""The place of a story that is listed, and the score in millionths."""


Seek = Callable[[int, Sequence[int]], Sequence[str]]
"""Finds the reasons why stories at some places are listed for the one at a place."""


class Lists(Mapping[str, tuple[Related, ...]]):
    """The list of each story by its key, made when it is asked for. Where reasons are sought when somebody asks for
    them, by :meth:`explained`, the lists have none.
    """

    def __init__(self) -> None:
        self._languages: list[tuple[Sequence[str], ListColumns, Seek | None]] = []
        self._where: dict[str, tuple[int, int]] = {}

    def add(self, keys: Sequence[str], lists: ListColumns, seek: Seek | None = None) -> None:
        """Add the lists of the stories in a language, by their places."""
        number = len(self._languages)
        self._languages.append((keys, lists, seek))
        self._where |= {key: (number, place) for place, key in enumerate(keys)}

    def __getitem__(self, key: str) -> tuple[Related, ...]:
        number, place = self._where[key]
        keys, lists, seek = self._languages[number]
        return tuple(related_of(keys, place, entry, is_explained=seek is None) for entry in lists[place].entries)

    def explained(self, key: str) -> tuple[Related, ...]:
        """The list of a story, with the reasons."""
        if key not in self._where:
            return ()
        number, place = self._where[key]
        keys, lists, seek = self._languages[number]
        entries = lists[place].entries
        if seek is not None and entries:
            reasons = seek(place, [other for other, _, _ in entries])
            entries = [(other, score, why) for (other, score, _), why in zip(entries, reasons, strict=True)]
        return tuple(related_of(keys, place, entry) for entry in entries)

    def is_explained(self, key: str) -> bool:
        """Whether the list of a story has its reasons."""
        return key not in self._where or self._languages[self._where[key][0]][2] is None

    def __iter__(self) -> Iterator[str]:
        return iter(self._where)

    def __len__(self) -> int:
        return len(self._where)

    def mark(self, key: str) -> str:
        """What tells the list of a story from another; nothing where it has none."""
        if key not in self._where:
            return ""
        number, place = self._where[key]
        return self._languages[number][1].mark(place)


def with_reasons(lists: Mapping[str, Sequence[Related]], key: str) -> Sequence[Related]:
    """The list of a story, with the reasons; nothing where it has none."""
    return lists.explained(key) if isinstance(lists, Lists) else lists.get(key, ())


def mark_of_list(stories: Sequence[Subject], place: int, entries: Sequence[Entry]) -> str:
    """What tells the list of the story at a place from another: BLAKE2b, 96 bits in hexadecimal."""
    told = repr([(stories[other].key, other < place, score, reason) for other, score, reason in entries])
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def related_of(keys: Sequence[str], place: int, entry: Entry, *, is_explained: bool = True) -> Related:
    """What an entry in the list of the story at a place says."""
    other, score, reason = entry
    kind: Literal["background", "later"] = "background" if other < place else "later"
    return Related(keys[other], kind, score / 1_000_000, reason if is_explained else "")
