"""How are the lists of many stories held in little room?

In columns: where the entries of each list begin, the places and scores in them, and texts in one row. A list is made
when somebody asks for it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from alsoread.news.listed import Listed

__all__ = ["ListColumns"]

_MARK: Final = 24  # characters of the mark of a list


class ListColumns(Mapping[int, Listed]):
    """The lists of stories by their places, from 0 on. They do not change."""

    def __init__(
        self,
        begins: Sequence[int] = (0,),
        places: Sequence[int] = (),
        scores: Sequence[int] = (),
        reasons: Sequence[str] = (),
        barred: Sequence[list[int]] = (),
        marks: str = "",
    ) -> None:
        """The entries of the list at ``place`` are those from ``begins[place]`` to ``begins[place + 1]``."""
        if not len(begins) - 1 == len(barred) == len(marks) // _MARK or not len(places) == len(scores) == len(reasons):
            raise ValueError("lists of other lengths")
        self._begins, self._places, self._scores = array("Q", begins), array("I", places), array("I", scores)
        self._reasons, self._barred, self._marks = reasons, barred, marks

    def __getitem__(self, place: int) -> Listed:
        if not 0 <= place < len(self):
            raise KeyError(place)
        part = slice(self._begins[place], self._begins[place + 1])
        entries = [*zip(self._places[part], self._scores[part], self._reasons[part], strict=True)]
        return Listed(entries, self._barred[place], self.mark(place))

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self)))

    def __len__(self) -> int:
        return len(self._barred)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ListColumns):
            return NotImplemented
        return (*self.columns(), *self.texts()) == (*other.columns(), *other.texts())

    __hash__ = None  # type: ignore[assignment]

    def with_others(self, others: Mapping[int, Listed], count: int) -> ListColumns:
        """So many lists, from 0 on, with ``others`` in the place of some, or behind the last."""
        begins, places, scores = array("Q", (0,)), array("I"), array("I")
        reasons: list[str] = []
        barred: list[list[int]] = []
        marks: list[str] = []
        at = 0
        for place in (*sorted(others), count):
            if at < place:
                first, last = self._begins[at], self._begins[place]
                moved = len(places) - first
                begins.extend([begin + moved for begin in self._begins[at + 1 : place + 1]])
                places.extend(self._places[first:last])
                scores.extend(self._scores[first:last])
                reasons.extend(self._reasons[first:last])
                barred.extend(self._barred[at:place])
                marks.append(self._marks[at * _MARK : place * _MARK])
            if place < count:
                entries, kept_out, mark = others[place]
                places.extend([other for other, _, _ in entries])
                scores.extend([score for _, score, _ in entries])
                reasons.extend(reason for _, _, reason in entries)
                begins.append(len(places))
                barred.append(kept_out)
                marks.append(mark)
            at = place + 1
        return ListColumns(begins, places, scores, reasons, barred, "".join(marks))

    def mark(self, place: int) -> str:
        """The mark of a list."""
        return self._marks[place * _MARK : (place + 1) * _MARK]

    def barred(self, place: int) -> list[int]:
        """The places of the stories that must not be in a list."""
        return self._barred[place]

    def reaching(self, place: int) -> Iterator[int]:
        """The places of the lists that have a story at a place, or behind it."""
        if max(self._places, default=-1) >= place:
            for own, (begin, end) in enumerate(zip(self._begins, self._begins[1:], strict=False)):
                if any(other >= place for other in self._places[begin:end]):
                    yield own

    def columns(self) -> tuple[array[int], array[int], array[int]]:
        """Where the entries of each begin, the places in them and the scores."""
        return self._begins, self._places, self._scores

    def texts(self) -> tuple[str, list[list[int]], list[str]]:
        """The marks, the places that are barred and the reasons."""
        return self._marks, [*self._barred], [*self._reasons]
