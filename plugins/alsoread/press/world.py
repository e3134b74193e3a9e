"""Where are the contents of a build, and what else do all its pages share?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from jinja2.utils import missing

from alsoread.press.found import Spots
from alsoread.press.reads import Root

__all__ = ["World"]

_TABLES: Final = ("generated_content", "static_content")


@dataclass(slots=True)
class World:
    """What all pages of one build share: the context, and where its contents are.

    ``settled`` is set where nobody can put another content in the place of one while pages are written.
    """

    context: Mapping[str, Any]
    settled: bool = False
    _anchors: dict[int, tuple[object, Root]] = field(default_factory=dict)
    _spots: Spots = field(default_factory=Spots)
    _size: int = 0

    def __post_init__(self) -> None:
        for table in _TABLES:
            for location, content in self.context.get(table, {}).items():
                if content is not None:
                    self._anchors.setdefault(id(content), (content, (table, str(location))))
        self._size = self._count()

    def _count(self) -> int:
        return sum(len(self.context.get(table, ())) for table in _TABLES)

    def anchor(self, value: object) -> Root | None:
        """Where a content is known from."""
        found = self._anchors.get(id(value))
        if found is None or found[0] is not value:
            return None
        if self.settled:
            return found[1]
        table, location = found[1]
        return found[1] if self.context[table].get(location) is value else None

    def places(self) -> dict[int, str]:
        """Where all contents are known from, in a line each, by their identities; in a ``settled`` world."""
        return {number: repr(root) for number, (_, root) in self._anchors.items()}

    def at(self, root: Root) -> object:
        """The value at a root of this kind; :data:`jinja2.runtime.missing` if there is none."""
        kind, name = root
        if kind == "name":
            return self.context.get(name, missing)
        content = self.context.get(kind, {}).get(name)
        return missing if content is None or self.anchor(content) != root else content

    def forget(self) -> None:
        """After foreign code has run: contents may have come, gone or changed."""
        self._spots = Spots()
        if self._count() != self._size:
            self._anchors.clear()
            self.__post_init__()

    def spots(self) -> Spots:
        """What pages found so far; a page that begins may find that it has been forgotten."""
        if self._spots.are_many:
            self._spots = Spots()
        return self._spots
