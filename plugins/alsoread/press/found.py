"""What have pages of this build found so far, and at which places?

Most places are visited by many pages, and most give each of them the same object. A *spot* is a place that has been
visited: what was found there is written down once, as a numbered row, and a page that finds the same object again notes
the number. Pages that note the same numbers share a group, whose text is made once too.
"""

from collections.abc import Iterable
from typing import Any, Final

from alsoread.press.digests import named_group
from alsoread.press.reads import Root, Step
from alsoread.press.rows import Group, Row, row_of, shortened
from alsoread.press.values import Fingerprint

__all__ = ["OWN", "Found", "Numbers", "Spot", "Spots"]

Numbers = dict[int, object]
"""The numbers of rows, in order; with that of a fact about a value goes the value."""

Found = tuple[object, Fingerprint, int, "Spot | None"]
"""An object and what is told of it: its fingerprint, the number of the row, and the spot it stands at if it is one that
steps can be taken from.
"""

OWN: Final = ("own",)
_GROUPS: Final = {
    "local": OWN,
    "name": ("names",),
    **dict.fromkeys(["template", "filter", "test", "global"], ("environment",)),
}
# then all is forgotten, and found anew: what is kept keeps its object alive
_MOST_ROWS: Final = 50_000
_MOST_GROUPS: Final = 5_000


class Spot:
    """A place: ``taken`` is what its steps gave, by the name of an attribute or by the step, ``facts`` what was found
    out about the value here, and ``group`` the one that its rows belong to.
    """

    __slots__ = ("_inside", "facts", "group", "root", "short", "steps", "taken")

    def __init__(self, root: Root, before: "Spot | None" = None, step: Step | None = None) -> None:
        self.root = root
        self.steps: tuple[Step, ...] = ()
        self.short: list[Any] = []
        if before is not None and step is not None:
            self.steps, self.short = (*before.steps, step), [*before.short, shortened(step)]
        self.group = _GROUPS.get(root[0], root)
        self.taken: dict[str | Step, Found] = {}
        self.facts: dict[str, Found] = {}
        self._inside: dict[Step, Spot] = {}

    def after(self, step: Step) -> "Spot":
        """The spot that a step leads to."""
        spot = self._inside.get(step)
        if spot is None:
            spot = self._inside[step] = Spot(self.root, self, step)
        return spot


class Spots:
    """The spots that pages share, and the rows that pages noted."""

    def __init__(self) -> None:
        self._at: dict[Root, Spot] = {}
        self._rows: list[tuple[Root, Row]] = []
        self._groups: dict[tuple[int, ...], tuple[str, str]] = {}

    @property
    def are_many(self) -> bool:
        """Whether it is time to forget them."""
        return len(self._rows) > _MOST_ROWS or len(self._groups) > _MOST_GROUPS

    def at(self, root: Root) -> Spot:
        """The spot at a root."""
        spot = self._at.get(root)
        if spot is None:
            spot = self._at[root] = Spot(root)
        return spot

    def number(self, spot: Spot, fact: str, fingerprint: Fingerprint, step: Step | None = None) -> int:
        """The number of a new row: a fact about a spot, or about what a step from there gave."""
        short = spot.short if step is None else [*spot.short, shortened(step)]
        self._rows.append((spot.root, row_of(short, fact, fingerprint)))
        return len(self._rows) - 1

    def written(self, numbers: Iterable[int]) -> Group:
        """Rows in their order below each root."""
        roots: dict[Root, list[Row]] = {}
        for number in numbers:
            root, row = self._rows[number]
            roots.setdefault(root, []).append(row)
        return [(kind, name, rows) for (kind, name), rows in roots.items()]

    def group(self, numbers: Iterable[int]) -> tuple[str, str]:
        """The name of a group that pages share, and its text."""
        rows = tuple(numbers)
        known = self._groups.get(rows)
        if known is None:
            known = self._groups[rows] = named_group(self.written(rows))
        return known
