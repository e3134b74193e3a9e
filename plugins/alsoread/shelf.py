"""Where are the words of stories from one build to the next?

On a shelf of the store, apart from the card of their story: as HTML for its page, and as text for whoever compares
stories. They stand there by the path of the story, and the mark of the body: stories that are put there one after the
other stand side by side. A build reads all cards and those words only that somebody asks for.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from alsoread.diagnostics import Diagnostic
from alsoread.memory import FileMemory, scope_of
from alsoread.news.body import BodyEngine
from alsoread.news.ignores import Ignore
from alsoread.news.places import Places
from alsoread.news.reading import EMPTY
from alsoread.news.shelved import Shelved, intrasite_links, mark_of_body, whole
from alsoread.news.storyfile import KINDS, StoryFile, read_story
from alsoread.press.born import maker
from alsoread.press.digests import Untold
from alsoread.press.files import read_regular
from alsoread.press.records import Records
from alsoread.press.store import Store
from alsoread.settings import DigestSettings
from alsoread.story import Body, CrossLink, Story

__all__ = ["WORDS", "Cards", "Packed", "StoryMemory", "is_slow", "story_memory"]

STORY_TABLE: Final = "story"
"""The kind of the entries of a store that have what stories and pages gave, but for their words."""

WORDS: Final = "words"
"""The kind of the entries of a store that have bodies as HTML, by :func:`place_of`."""

SAID: Final = "said"
"""The kind of those that have them as text."""


# the kind of the entry that has the places of words which may have gone since all cards were read
_WENT: Final = "went"
# the name of one of that kind: whether some may have come of which no card tells, as where a build is stopped
_CAME: Final = "came"
_TOO_SLOW: Final = "AR201"
# so many bodies are held until they are written
_BATCH: Final = 1000
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class _Card:
    """What a story's file gave, but for its words."""

    path: str
    story: Story | None
    mark: str
    crosslinks: tuple[CrossLink, ...]
    links: tuple[str, ...]
    summary_html: str
    findings: tuple[Diagnostic, ...]
    places: Places
    ignores: tuple[Ignore, ...]


@dataclass(frozen=True, slots=True)
class _Words:
    """What a body has of HTML."""

    parts: tuple[str | CrossLink, ...]


class Packed(NamedTuple):
    """What a story's file gave, as entries of the store have it: the card, and the words as HTML and as text, with
    their place on the shelf.
    """

    card: str
    place: str
    words: str
    said: str


def place_of(path: str, mark: str) -> str:
    """Where the words of a story's body stand on the shelf."""
    return f"{path}:{mark}"


class Cards:
    """Writes what stories' files gave as cards, and reads it back; ``places`` are those of the bodies that it met in
    a reading.

    ``reread`` reads the body of a file again, should it be gone from the shelf; then it is put back.
    """

    def __init__(self, store: Store, reread: Callable[[str], Body]) -> None:
        self.places: set[str] = set()
        self._store = store
        self._reread = reread
        self._cards = Records(_Card)
        self._words = Records(_Words)
        self._last_parts: tuple[str, tuple[str | CrossLink, ...]] = ("", ())
        self._last_said = ("", ("", ""))
        # so many bodies that were gone were put back
        self._put_back = 0
        for kind in (WORDS, SAID):
            store.keep_apart(kind)

    def packed(self, file: StoryFile) -> Packed:
        """A card, and the words that go on the shelf.

        :raises alsoread.press.digests.Untold: where it would not be read back as it was.
        :raises UnicodeEncodeError: where it cannot be written.
        """
        body = whole(file.body)
        told = self._told(body)
        return Packed(_ENCODER.encode(self.written(file)), place_of(file.path, mark_of_body(body)), *told)

    def _told(self, body: Body) -> tuple[str, str]:
        """Words as they stand on the shelf, as HTML and as text."""
        return _ENCODER.encode(self._words.written(_Words(body.parts))), _ENCODER.encode([body.text, body.lead])

    def written(self, file: StoryFile) -> list[Any]:
        """A card alone."""
        body = file.body
        told = (body.crosslinks, intrasite_links(body), body.summary_html, file.findings, file.places, file.ignores)
        return self._cards.written(_Card(file.path, file.story, mark_of_body(body), *told))

    def read(self, row: Any) -> StoryFile:
        """What was written, with a body that fetches its words."""
        card = self._cards.read(row)
        self.places.add(place_of(card.path, card.mark))
        known = (card.crosslinks, card.mark, card.links, card.summary_html)
        body = Shelved.of(*known, _on_shelf(self, card.path, card.mark))
        return _story_file(card.path, card.story, body, card.findings, card.places, card.ignores)

    # mostly more than one thing is asked of a body in a row

    def parts(self, place: str, path: str) -> tuple[str | CrossLink, ...]:
        """The HTML of a body from the shelf."""
        if self._last_parts[0] != place:
            try:
                parts = self._words.read(self._store.get(WORDS, place)).parts
            except (ValueError, LookupError, TypeError, AttributeError):
                parts = self._again(place, path).parts
            self._last_parts = (place, parts)
        return self._last_parts[1]

    def said(self, place: str, path: str) -> tuple[str, str]:
        """The text and the lead of a body from the shelf."""
        if self._last_said[0] != place:
            match self._store.get(SAID, place):
                case [str(text), str(lead)]:
                    self._last_said = (place, (text, lead))
                case _:
                    body = self._again(place, path)
                    self._last_said = (place, (body.text, body.lead))
        return self._last_said[1]

    def _again(self, place: str, path: str) -> Body:
        """A body whose words are gone from the shelf, from its file; they are put back, unless it was edited since."""
        body = whole(self._reread(path))
        if self._put_back < _BATCH and place_of(path, mark_of_body(body)) == place:
            self._put_back += 1
            with suppress(Untold, UnicodeEncodeError):
                self.shelve(place, *self._told(body))
        return body

    def shelve(self, place: str, words: str, said: str) -> None:
        """Put words on the shelf."""
        self._store.put_anew(WORDS, place, words)
        self._store.put_anew(SAID, place, said)


@dataclass(frozen=True, slots=True)
class _OnShelf:
    """The words of the body of a path that has a mark."""

    cards: Cards
    path: str
    mark: str

    def parts(self) -> tuple[str | CrossLink, ...]:
        """The HTML."""
        return self.cards.parts(place_of(self.path, self.mark), self.path)

    def said(self) -> tuple[str, str]:
        """The text and the lead."""
        return self.cards.said(place_of(self.path, self.mark), self.path)


_on_shelf: Final = maker(_OnShelf, ("cards", "path", "mark"))
_story_file: Final = maker(StoryFile, ("path", "story", "body", "findings", "places", "ignores"))


class StoryMemory(FileMemory[StoryFile]):
    """What stories and pages gave, cards and words apart; but not that one took too long, which may be the machine's
    doing. ``reread`` reads the body of a file again, should its words be gone.
    """

    def __init__(self, store: Store, scope: str, root: str, reread: Callable[[str], Body]) -> None:
        self._cards = Cards(store, reread)
        self._put = 0
        self._went: set[str] = set()
        super().__init__(store, STORY_TABLE, scope, root, self._cards, lambda file: not is_slow(file.findings))

    def packed(self, result: StoryFile) -> Packed | StoryFile:
        """A card and its words; the result itself where it is not to be remembered."""
        if not self._scope or not self._is_lasting(result):
            return result
        try:
            return self._cards.packed(result)
        except (Untold, UnicodeEncodeError):
            return result

    def put(self, kind: str, path: str, data: bytes, packed: Packed | StoryFile) -> StoryFile:
        """Remember what a file gave; what is to be used of it from now on, with its words on the shelf."""
        if isinstance(packed, StoryFile):
            return packed
        self._note(f"{kind}:{path}")
        self._remember(kind, path, data, packed.card)
        self._cards.shelve(packed.place, packed.words, packed.said)
        self._put += 1
        if self._put % _BATCH == 0:
            self._store.put(_WENT, _CAME, value=True)
            # cards too with the first of them, as all may have been forgotten
            self._store.release(_WENT, WORDS, SAID, *([STORY_TABLE] if self._put == _BATCH else []))
        return self._cards.read(json.loads(packed.card))

    def put_again(self, kind: str, path: str, data: bytes, file: StoryFile) -> None:
        """Remember what one file gives now, where no others are read; :meth:`close` is for those who read them all.

        :raises alsoread.press.digests.Untold, UnicodeEncodeError: as :meth:`Cards.packed`.
        """
        packed = self._cards.packed(file)
        self._note(f"{kind}:{path}")
        self._store.put(_WENT, WORDS, sorted({*(self._store.get(_WENT, WORDS) or ()), *self._went}))
        self._remember(kind, path, data, packed.card)
        self._cards.shelve(packed.place, packed.words, packed.said)

    def close(self) -> bool:
        """Forget what no file of this reading gave, and let go of what is held; whether anything had changed."""
        for name in {*self._store.names(STORY_TABLE)}.difference(self.marks):
            self._note(name)
        changed = super().close()
        self._went |= {*(self._store.get(_WENT, WORDS) or ())}
        self._store.put(_WENT, WORDS, [])
        came = self._store.get(_WENT, _CAME)
        self._store.put(_WENT, _CAME, value=False)
        for kind in (WORDS, SAID):
            if came:
                self._store.keep_only(kind, self._cards.places)
            else:
                self._store.drop(kind, sorted(self._went - self._cards.places))
        # a reading has ended, and needs them no more
        self._put = 0
        self._went.clear()
        self._cards.places.clear()
        self._store.release(_WENT, WORDS, SAID, STORY_TABLE)
        return changed

    def _note(self, name: str) -> None:
        """Note the words of a card that goes, or that makes room for another."""
        match self._store.get(STORY_TABLE, name):
            case [_, [str(path), _, str(mark), *_]]:
                self._went.add(place_of(path, mark))


def is_slow(findings: Iterable[Diagnostic]) -> bool:
    """Does one of the findings say that a file took too long?"""
    return any(finding.code == _TOO_SLOW for finding in findings)


def story_memory(
    store: Store, recipe: str, root: str, settings: DigestSettings, markdown: Mapping[str, Any]
) -> StoryMemory:
    """What stories and pages gave the last time."""

    def reread(path: str) -> Body:
        engine = BodyEngine(markdown, settings.body_engine)
        data = read_regular(root, path, settings.max_bytes)
        # a page has not all that a story must have
        read = (read_story(data, path, settings, engine, kind) for kind in KINDS)
        return next((file.body for file in read if file.story is not None), EMPTY)

    return StoryMemory(store, scope_of(recipe, settings, markdown), root, reread)
