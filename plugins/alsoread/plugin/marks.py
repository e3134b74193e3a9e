"""What decides what templates can see of a story?

Its file, the settings, and what was found out about it when the digest was assembled. The marks that are made of this
spare a build the look at each page that shows the story (``alsoread.press.marks``).
"""

import marshal
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from html import unescape
from itertools import combinations
from typing import Any, Final
from urllib.parse import unquote, urlparse

from pelican.contents import Content

from alsoread.news.listed import Lists
from alsoread.news.outlets import outlet_slug
from alsoread.news.reprint import Elsewhere, records_of_elsewhere
from alsoread.news.visible import mark_of
from alsoread.plugin.sleeping import Sleeping
from alsoread.plugin.state import State
from alsoread.plugin.views import told_of_topic
from alsoread.press.digests import Untold, digest, digesting
from alsoread.press.later import moves_files
from alsoread.press.marks import Marks
from alsoread.press.told import told_setting
from alsoread.story import Story

__all__ = ["marks_of"]

# what an article leads to through these attributes all stories of a topic, a thread or an outlet decide; an article has
# sources of its own, and a topic has those of its stories. Which stories link to an article, its own mark tells.
_BEYOND: Final = (
    r'(?<!"backlinks",\d,")articles"|latest"|body"|below"|neighbours"|first"|last"|chart"|'
    r'topic"[\],\[]*(?:"\w",)?"sources"'
)
# with the words of a story the lists of others may change
_UNSTEADY: Final = r'related"'
# the state has everything
_ANYWHERE: Final = r'name","alsoread"'
_LINK: Final = re.compile(r"[{|](\w+)[|}](.*)", re.DOTALL)
# links that lead to lists, which Pelican never doubts, and where it looks for others
_ALWAYS: Final = frozenset({"category", "tag", "index", "author"})
# a link that means what it says, whoever reads it
_PLAIN: Final = re.compile(r"/(?!/)[\w./-]*")
_TABLES: Final = {"filename": "generated_content", "static": "static_content", "attach": "static_content"}
_NOWHERE: Final = frozenset({"OUTPUT_PATH", "ALSOREAD_JOBS"})
# the last that writes the same things in the same way, however often they are referred to
_MARSHALLED: Final = 2


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
    links = _Links(context)
    teller = _Teller(state)
    marks = {}
    leading, of_scope = state.digest.led, digesting(scope)
    for kind, stories in (("story", state.digest.stories), ("page", state.digest.pages)):
        for story in stories:
            path = story.path
            mark = state.marks.get(f"{kind}:{path}")
            if mark is None or getattr(contents.get(path), "story", None) is not story:
                continue
            led = links.led(leading[path], path) if path in leading else []
            if led is not None:
                marks[path] = of_scope(_written((mark, led, *teller.told(story))))
    shared = _shared(state, links)
    known = "" if shared is None else digest(scope, *shared)
    return Marks(marks, known, _BEYOND, _UNSTEADY, _ANYWHERE, partial(_elsewhere, state))


def _elsewhere(state: State, path: str) -> list[Any]:
    """What other files decide of how a story reads, to be remembered with its mark."""
    known = state.digest
    crosslinks, links = known.resolutions[path], tuple(to for _, to in known.from_links[path])
    leads_to = {to.path for to in (*crosslinks, *links) if to.outcome == "resolved"}
    titles = tuple((story.path, story.title) for each in sorted(leads_to) if (story := state.stories_by_path.get(each)))
    topics = known.vocabulary.of_story.get(path, ())
    return records_of_elsewhere().written(Elsewhere(crosslinks, links, titles, topics))


def _written(told: tuple[Any, ...]) -> bytes:
    """What was told, in a fourth of the time that ``repr`` takes; what is no plain data can be told by that."""
    try:
        return marshal.dumps(told, _MARSHALLED)
    except ValueError:
        return repr(told).encode("utf-8", "surrogatepass")


class _Teller:
    """Tells what was found out about stories, by what it is made of."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._siblings = _siblings(state)
        self._topic = cache(lambda slug: digest(told_of_topic(state, slug)))
        offered = state.digest.offered
        self._offered = offered if isinstance(offered, Lists) else Lists()

    def told(self, story: Story) -> tuple[Any, ...]:
        """What templates can see of a story besides what its file says, where its links lead, and what is beyond it."""
        known, path = self._state.digest, story.path
        original = known.originals.get(path, "")
        own = known.vocabulary.of_story.get(path, ())
        walks = [*map(tuple, known.within.get(path, ()))]
        return (
            known.marks[path],
            (original, self._siblings.get(original, ()), path in known.translations),
            mark_of(story, self._state.settings),
            own,
            walks,
            [*map(self._topic, own), *[self._topic(walk[0]) for walk in walks]],
            self._pairs(own),
            self._thread(story),
            self._outlets(story) if story.sources else (),
            self._offered.mark(path),
            [(link.path, link.relation) for link in known.backlinks[path]] if path in known.backlinks else (),
        )

    def _pairs(self, slugs: Iterable[str]) -> list[tuple[str, str]]:
        """The pages of two topics of a story together."""
        pairs = self._state.combinations
        return [pair for pair in combinations(sorted(slugs), 2) if pair in pairs] if pairs else []

    def _outlets(self, story: Story) -> list[str | None]:
        """The names of the outlets that a story draws on."""
        known = self._state.digest.outlets
        found = (known.get(outlet_slug(source.name)) for source in story.sources)
        return [None if outlet is None else outlet.name for outlet in found]

    def _thread(self, story: Story) -> object:
        """The thread of a story, and its neighbours there."""
        found = self._state.digest.threads.get(story.thread) if story.thread else None
        if found is None:
            return None
        paths = found.stories
        place = paths.index(story.path) if story.path in paths else None
        around = () if place is None else paths[max(0, place - 1) : place + 2]
        return repr(found.thread), place == 0, around


def _siblings(state: State) -> Mapping[str, list[str]]:
    """By what stories have in common with their translations, the stories; nothing where there are none."""
    found: dict[str, list[str]] = {}
    if len({*state.digest.originals.values()}) == len(state.digest.originals):
        return found
    for path, original in sorted(state.digest.originals.items()):
        found.setdefault(original, []).append(path)
    return found


class _Links:
    """Tells where the links of texts lead that Pelican resolves."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._tables = {name: context.get(name, {}) for name in ("generated_content", "static_content")}
        self._urls: dict[str, str] = {}

    def led(self, links: Iterable[str], path: str) -> list[str] | None:
        """Where the links of a text lead; None where Pelican has something to say of one of them."""
        told: list[str] = []
        for kind, value in (found.groups() for link in links if (found := _LINK.fullmatch(link))):
            places = _places(value, path)
            if self._warns(kind, places):
                return None
            told += (f"{kind} {value} {place} {self._url(place)}" for place in places)
        return told

    def _url(self, place: str) -> str:
        """The address of what is at a place, or of both that are."""
        known = self._urls.get(place)
        if known is None:
            found = (table.get(place) for table in self._tables.values())
            # by a static file's own property it would be known that somebody referred to it, and it could not move
            urls = ["-" if content is None else self._url_of(content) for content in found]
            known = self._urls[place] = " ".join(urls)
        return known

    @staticmethod
    def _url_of(content: Any) -> Any:
        """The address of a content; one that sleeps tells it in less time."""
        return content.url if type(content) is Sleeping else Content.url.fget(content)

    def _warns(self, kind: str, places: Iterable[str]) -> bool:
        """Whether Pelican finds nothing there."""
        if kind in _ALWAYS:
            return False
        table = self._tables[_TABLES[kind]] if kind in _TABLES else {}
        return all(table.get(place) is None for place in places)


def _places(value: str, path: str) -> Sequence[str]:
    """Where Pelican looks for what a link names: as it is written, without what addresses and HTML write otherwise."""
    if _PLAIN.fullmatch(value):
        return (value[1:],)
    try:
        found = urlparse(value)
        names = (found.path, unquote(found.path), urlparse(unescape(value)).path)
    except ValueError:
        return ()
    folder = posixpath.dirname(path)
    beside = (name[1:] if name.startswith("/") else posixpath.normpath(posixpath.join(folder, name)) for name in names)
    return tuple(dict.fromkeys(beside))


def _shared(state: State, links: _Links) -> list[str] | None:
    """What templates can see of topics, threads, outlets and combinations; None where Pelican has something to say of
    a link in the words of one. Neighbours and facts follow from the lists of topics, and the dates and outlets of their
    stories.
    """
    known = state.digest
    told = [repr(sorted(known.vocabulary.topics.items())), repr(known.vocabulary.branches)]
    for table in (known.stories_of, known.threads, known.outlets):
        told += _rows(table.items())
    told += _rows((slug, known.facts.pinned(slug)) for slug, topic in known.vocabulary.topics.items() if topic.pinned)
    told += (repr(known.combinations), *_days(known.listed))
    for path in sorted(state.words):
        led = links.led(known.led.get(path, ()), path)
        if led is None:
            return None
        told += (path, known.marks.get(path, ""), *led)
    return told


def _days(stories: Iterable[Story]) -> Iterator[str]:
    """The stories with their dates, of which topics tell the first and the last, and how many there are each month."""
    zones: dict[Any, str] = {}
    for story in stories:
        date = story.date
        if date is not None:
            zone = zones.get(date.tzinfo)
            if zone is None:
                zone = zones[date.tzinfo] = repr(date.tzinfo)
            yield f"{story.path} {date.isoformat()} {zone}"


def _rows(table: Iterable[tuple[str, object]]) -> Iterator[str]:
    return (f"{name} {value!r}" for name, value in table)
