"""What decides what templates can see of a story?

Its file, the settings, and what was found out about it when the digest was assembled. The marks that are made of this
spare a build the look at each page that shows the story (``alsoread.press.marks``).
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from itertools import combinations
from typing import Any, Final
from urllib.parse import unquote, urlparse

from pelican.contents import Content

from alsoread.news.outlets import outlet_slug
from alsoread.news.visible import mark_of
from alsoread.plugin.state import State
from alsoread.press.digests import Untold, digest
from alsoread.press.later import moves_files
from alsoread.press.marks import Marks
from alsoread.press.told import told_setting
from alsoread.story import Story

__all__ = ["marks_of"]

# what an article leads to through these attributes all stories of a topic, a thread or an outlet decide; an article has
# sources of its own, and a topic has those of its stories
_BEYOND: Final = (
    r'articles"|latest"|body"|above"|below"|neighbours"|pinned"|first"|last"|chart"|'
    r'topic"[\],\[]*(?:"\w",)?"sources"'
)
_LINK: Final = re.compile(r"[{|](\w+)[|}](.*)", re.DOTALL)
# links that lead to lists, which Pelican never doubts, and where it looks for others
_ALWAYS: Final = frozenset({"category", "tag", "index", "author"})
_TABLES: Final = {"filename": "generated_content", "static": "static_content", "attach": "static_content"}
_NOWHERE: Final = frozenset({"OUTPUT_PATH", "ALSOREAD_JOBS"})


def marks_of(state: State, settings: Mapping[str, Any], context: Mapping[str, Any]) -> Marks | None:
    """The marks of all stories and pages whose files are known by a mark; None where the settings cannot be told, or
    where a story moves a file, which it does each time that its words are asked for.

    Of a link that leads nowhere Pelican warns each time too, so its story has no mark.
    """
    if any(moves_files(link) for links in state.digest.led.values() for link in links):
        return None
    try:
        told = [f"{name}={told_setting(value)}" for name, value in sorted(settings.items()) if name not in _NOWHERE]
    except Untold:
        return None
    scope = digest(*told, repr(state.drafts))
    contents = context.get("generated_content", {})
    teller = _Teller(state, context)
    marks = {}
    for kind, stories in (("story", state.digest.stories), ("page", state.digest.pages)):
        for story in stories:
            mark = state.marks.get(f"{kind}:{story.path}")
            if mark is None or getattr(contents.get(story.path), "story", None) is not story:
                continue
            if not _warns(state.digest.led.get(story.path, ()), story.path, context):
                marks[story.path] = digest(scope, mark, repr(teller.told(story)))
    warned = any(_warns(state.digest.led.get(path, ()), path, context) for path in state.words)
    return Marks(marks, "" if warned else digest(scope, *_shared(state, context)), _BEYOND)


class _Teller:
    """Tells what was found out about stories, by what it is made of."""

    def __init__(self, state: State, context: Mapping[str, Any]) -> None:
        self._state = state
        self._context = context
        self._siblings = _siblings(state)
        self._topics: dict[str, str] = {}

    def told(self, story: Story) -> tuple[object, ...]:
        """What templates can see of a story besides what its file says, and besides what is beyond it."""
        known, path = self._state.digest, story.path
        original = known.originals.get(path, "")
        own = [topic.slug for topic in known.vocabulary.of_story.get(path, ())]
        walks = [(walk.topic, walk.earlier, walk.later) for walk in known.within.get(path, ())]
        return (
            known.marks[path],
            (original, self._siblings.get(original, ()), path in known.translations),
            mark_of(story, self._state.settings),
            own,
            walks,
            [self._topic(slug) for slug in dict.fromkeys((*own, *(walk[0] for walk in walks)))],
            self._pairs(own),
            self._thread(story),
            [outlet.name if (outlet := known.outlets.get(slug)) else None for slug in _outlets(story)],
            [(each.key, each.kind, each.score, each.reason) for each in known.offered.get(path, ())],
            [(link.path, link.relation) for link in known.backlinks.get(path, ())],
            list(_led(known.led.get(path, ()), path, self._context)),
        )

    def _topic(self, slug: str) -> str:
        told = self._topics.get(slug)
        if told is None:
            told = self._topics[slug] = repr(self._state.digest.vocabulary.topics[slug])
        return told

    def _pairs(self, slugs: Iterable[str]) -> list[tuple[str, str]]:
        """The pages of two topics of a story together."""
        pairs = self._state.combinations
        return [pair for pair in combinations(sorted(slugs), 2) if pair in pairs] if pairs else []

    def _thread(self, story: Story) -> object:
        """The thread of a story, and its neighbours there."""
        found = self._state.digest.threads.get(story.thread) if story.thread else None
        if found is None:
            return None
        paths = found.stories
        place = paths.index(story.path) if story.path in paths else None
        around = () if place is None else paths[max(0, place - 1) : place + 2]
        return repr(found.thread), place == 0, around


def _outlets(story: Story) -> list[str]:
    return [outlet_slug(source.name) for source in story.sources]


def _siblings(state: State) -> Mapping[str, list[str]]:
    """By what stories have in common with their translations, the stories."""
    found: dict[str, list[str]] = {}
    for path, original in sorted(state.digest.originals.items()):
        found.setdefault(original, []).append(path)
    return found


def _led(links: Iterable[str], path: str, context: Mapping[str, Any]) -> Iterator[str]:
    """Where the links of a text lead that Pelican resolves."""
    for kind, value in (found.groups() for link in links if (found := _LINK.fullmatch(link))):
        for place in dict.fromkeys(_places(value, path)):
            for table in ("generated_content", "static_content"):
                content = context.get(table, {}).get(place)
                # by a static file's own property it would be known that somebody referred to it, and it could not move
                url = Content.url.fget(content) if content is not None else "-"
                yield f"{kind} {value} {place} {table} {url}"


def _warns(links: Iterable[str], path: str, context: Mapping[str, Any]) -> bool:
    """Whether Pelican has something to say of one of the links."""
    for kind, value in (found.groups() for link in links if (found := _LINK.fullmatch(link))):
        if kind in _ALWAYS:
            continue
        table = context.get(_TABLES[kind], {}) if kind in _TABLES else {}
        if all(table.get(place) is None for place in _places(value, path)):
            return True
    return False


def _places(value: str, path: str) -> Iterator[str]:
    """Where Pelican looks for what a link names: as it is written, without what addresses and HTML write otherwise."""
    try:
        found = urlparse(value)
        names = (found.path, unquote(found.path), urlparse(unescape(value)).path)
    except ValueError:
        return
    for name in names:
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
        yield name[1:] if name.startswith("/") else beside


def _shared(state: State, context: Mapping[str, Any]) -> Iterator[str]:
    """What templates can see of topics, threads, outlets and combinations."""
    known = state.digest
    yield repr(sorted(known.vocabulary.topics.items()))
    yield repr(known.vocabulary.branches)
    for table in (known.stories_of, known.facts, known.threads, known.outlets):
        yield from _rows(table.items())
    yield from _rows(sorted(known.within.items()))
    yield repr(known.combinations)
    for path, words in sorted(state.words.items()):
        yield path
        yield known.marks.get(path, "")
        yield from _led(known.led.get(path, ()), words.get_relative_source_path(), context)


def _rows(table: Iterable[tuple[str, object]]) -> Iterator[str]:
    return (f"{name} {value!r}" for name, value in table)
