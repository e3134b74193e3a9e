"""Where are the words of stories from one build to the next?

On a shelf of the store, each body by its mark and apart from the card of its story. A build reads all cards and those
words only that somebody asks for.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from alsoread.diagnostics import Diagnostic
from alsoread.memory import FileMemory
from alsoread.news.ignores import Ignore
from alsoread.news.places import Places
from alsoread.news.shelved import Shelved, intrasite_links, mark_of_body
from alsoread.news.storyfile import StoryFile
from alsoread.press.records import Records
from alsoread.press.store import Store
from alsoread.story import Body, CrossLink, Story

__all__ = ["WORDS", "Cards", "StoryMemory", "is_slow"]

STORY_TABLE: Final = "story"
"""The kind of the entries of a store that have what stories and pages gave, but for their words."""

WORDS: Final = "words"
"""The kind of the entries of a store that have bodies, by their marks."""


_TOO_SLOW: Final = "AR201"
# so many bodies are held until they are written
_BATCH: Final = 1000


@dataclass(frozen=True, slots=True)
class _Card:
    """What a story's file gave, but for its words."""

    path: str
    story: Story | None
    mark: str
    crosslinks: tuple[CrossLink, ...]
    links: tuple[str, ...]
    findings: tuple[Diagnostic, ...]
    places: Places
    ignores: tuple[Ignore, ...]


class Cards:
    """Writes what stories' files gave as cards, and reads it back; ``marks`` are those of all bodies that it met.

    ``reread`` reads the body of a file again, should it be gone from the shelf.
    """

    def __init__(self, store: Store, reread: Callable[[str], Body]) -> None:
        self.marks: set[str] = set()
        self._store = store
        self._reread = reread
        self._cards = Records(_Card)
        self._bodies = Records(Body)
        self._last = ("", Body((), "", ""))
        store.keep_apart(WORDS)

    def written(self, file: StoryFile) -> list[Any]:
        """A card, after the words have been put on the shelf.

        :raises alsoread.press.digests.Untold: where it would not be read back as it was.
        """
        body, mark = file.body, mark_of_body(file.body)
        if not isinstance(body, Shelved):
            self._store.put(WORDS, mark, self._bodies.written(body))
        self.marks.add(mark)
        told = (body.crosslinks, intrasite_links(body), file.findings, file.places, file.ignores)
        return self._cards.written(_Card(file.path, file.story, mark, *told))

    def read(self, row: Any) -> StoryFile:
        """What was written, with a body that fetches its words."""
        card = self._cards.read(row)
        self.marks.add(card.mark)
        body = Shelved(card.crosslinks, card.mark, card.links, lambda: self._fetched(card.mark, card.path))
        return StoryFile(card.path, card.story, body, card.findings, card.places, card.ignores)

    def lasting(self, file: StoryFile) -> StoryFile:
        """The same with its words on the shelf, where they were put."""
        body = file.body
        mark = mark_of_body(body)
        if isinstance(body, Shelved) or mark not in self.marks:
            return file
        path = file.path
        shelved = Shelved(body.crosslinks, mark, intrasite_links(body), lambda: self._fetched(mark, path))
        return replace(file, body=shelved)

    def _fetched(self, mark: str, path: str) -> Body:
        """A body from the shelf; mostly more than one thing is asked of it in a row."""
        if self._last[0] != mark:
            self._last = (mark, self._found(mark) or self._reread(path))
        return self._last[1]

    def _found(self, mark: str) -> Body | None:
        try:
            body = self._bodies.read(self._store.get(WORDS, mark))
        except (ValueError, LookupError, TypeError, AttributeError):
            return None
        return body if mark_of_body(body) == mark else None


class StoryMemory(FileMemory[StoryFile]):
    """What stories and pages gave, cards and words apart; but not that one took too long, which may be the machine's
    doing. ``reread`` reads the body of a file again, should its words be gone.
    """

    def __init__(self, store: Store, scope: str, root: str, reread: Callable[[str], Body]) -> None:
        self._cards = Cards(store, reread)
        self._shelf = store
        self._put = 0
        super().__init__(store, STORY_TABLE, scope, root, self._cards, lambda file: not is_slow(file.findings))

    def put(self, kind: str, path: str, data: bytes, result: StoryFile) -> StoryFile:
        """Remember what a file gave; what is to be used of it from now on, with its words on the shelf."""
        super().put(kind, path, data, result)
        if f"{kind}:{path}" not in self.marks:
            return result
        self._put += 1
        if self._put % _BATCH == 0:
            self._shelf.release(WORDS)
        return self._cards.lasting(result)

    def close(self) -> bool:
        """Forget what no file of this reading gave, and let go of what is held; whether anything had changed."""
        changed = super().close()
        if changed:
            self._shelf.keep_only(WORDS, self._cards.marks)
        for kind in (STORY_TABLE, WORDS):
            self._shelf.release(kind)
        return changed


def is_slow(findings: Iterable[Diagnostic]) -> bool:
    """Does one of the findings say that a file took too long?"""
    return any(finding.code == _TOO_SLOW for finding in findings)
