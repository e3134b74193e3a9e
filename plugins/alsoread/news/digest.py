"""What do the files of a digest make together?

One pure function, :func:`assemble`, from what each file says to what every page needs: which stories a reader may see,
their topics, where each cross-link leads, what links back, what is related. No disk, no Pelican, no clock: the instant
comes with the settings.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from alsoread.diagnostics import Diagnostic
from alsoread.news.addresses import OLDEST, Addresses, with_addresses, without_taken_lists
from alsoread.news.branches import (
    Combination,
    Facts,
    Neighbours,
    about_pins,
    combine,
    roll_up,
    walk_within,
)
from alsoread.news.crosslinks import CrossLinkIndex, Resolution, Target
from alsoread.news.gone import Unseen
from alsoread.news.ignores import Ignore
from alsoread.news.links import BackLink, links_between, resolve_all
from alsoread.news.outlets import Outlet, outlets_in
from alsoread.news.places import Places, placed
from alsoread.news.reading import stem
from alsoread.news.shelved import Composing, as_readers_read, composed, standfirsts_of, summarised
from alsoread.news.storyfile import StoryFile
from alsoread.news.threads import ThreadStories, threads_of
from alsoread.news.topicfile import ThreadFile, TopicFile
from alsoread.news.topics import Vocabulary, about_navigation, vocabulary
from alsoread.news.translations import originals_of
from alsoread.news.visible import is_shown, may_be_seen, next_change, unseen
from alsoread.press.born import maker
from alsoread.settings import DigestSettings
from alsoread.story import Body, Link, Story

if TYPE_CHECKING:
    from alsoread.news.listed import Lists, Related
    from alsoread.news.related import Subject
    from alsoread.news.seeking import Again

__all__ = ["Digest", "Files", "Relating", "as_html", "assemble"]


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything that the pages of a digest show.

    ``stories`` are those a reader may see, newest first; the hidden ones among them have a page and stand in no list.
    In a preview they are also those that readers will see (:func:`mark_of`).
    The mappings go by a story's path; ``html`` is its body with the cross-links in place (a topic's and a thread's
    too), ``bodies`` what readers read of it, ``summaries`` what was written as its summary, or its first paragraph, and
    ``standfirsts`` what was written or nothing, as HTML: all are made when they are asked for. ``marks`` tell them from
    what they were, and ``led`` are the links in them that Pelican resolves. ``resolutions`` say where the cross-links
    of its body lead, one by one, and ``from_links`` where those of its front matter do. ``offered`` are the related
    stories that its page shows: not those that its body links already, nor those that link to it. ``within`` are its
    neighbours in the list of each of its topics.

    By a topic's slug: ``stories_of``, those of the topics below it with them, newest first, and ``facts``; ``threads``
    and ``outlets`` go by their own slugs, the threads with the newest story first. ``translations`` are the stories
    that stand in no list, because they do in another language; but a topic that only they have is theirs. ``places``
    has the fields of each file, for what is found out later; ``ignores`` which findings a file does not want to hear
    of, though ``findings`` has them. ``originals`` has the slug that a story has in common with its translations.
    ``until`` is the next instant at which a story comes out or goes, if there is one. ``unseen`` says of the stories
    and pages that readers do not see where they would be, and not a word of them; ``broken`` are the names of the files
    that have an error. ``index`` knows all stories by what can name them, those that nobody may see among them.
    """

    stories: tuple[Story, ...] = ()
    pages: tuple[Story, ...] = ()
    html: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, Body] = field(default_factory=dict)
    summaries: Mapping[str, str] = field(default_factory=dict)
    standfirsts: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    led: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    vocabulary: Vocabulary = field(default_factory=lambda: Vocabulary({}, {}))
    resolutions: Mapping[str, tuple[Resolution, ...]] = field(default_factory=dict)
    from_links: Mapping[str, Sequence[tuple[Link, Resolution]]] = field(default_factory=dict)
    backlinks: Mapping[str, tuple[BackLink, ...]] = field(default_factory=dict)
    offered: Mapping[str, Sequence[Related]] = field(default_factory=dict)
    findings: tuple[Diagnostic, ...] = ()
    stories_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)
    combinations: tuple[Combination, ...] = ()
    within: Mapping[str, tuple[Neighbours, ...]] = field(default_factory=dict)
    threads: Mapping[str, ThreadStories] = field(default_factory=dict)
    outlets: Mapping[str, Outlet] = field(default_factory=dict)
    translations: frozenset[str] = frozenset()
    originals: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Places] = field(default_factory=dict)
    ignores: Mapping[str, tuple[Ignore, ...]] = field(default_factory=dict)
    until: datetime | None = None
    unseen: tuple[Unseen, ...] = ()
    broken: frozenset[str] = frozenset()
    index: CrossLinkIndex = field(default_factory=CrossLinkIndex, compare=False, repr=False)

    @property
    def listed(self) -> tuple[Story, ...]:
        """The stories that stand in lists, newest first."""
        return tuple(story for story in self.stories if story.status != "hidden")


@dataclass(frozen=True, slots=True)
class Files:
    """What the files of a digest say, by what they are."""

    stories: Sequence[StoryFile] = ()
    pages: Sequence[StoryFile] = ()
    topics: Sequence[TopicFile] = ()
    threads: Sequence[ThreadFile] = ()

    def __iter__(self) -> Iterator[StoryFile | TopicFile | ThreadFile]:
        return iter((*self.stories, *self.pages, *self.topics, *self.threads))


class Relating(Protocol):
    """Finds related stories, as :func:`~alsoread.news.related.relate` does."""

    def __call__(
        self,
        subjects: Iterable[Subject],
        *,
        limit: int,
        labels: Mapping[str, str],
        exclude: Mapping[str, Collection[str]],
        again: Again,
    ) -> Lists:
        """For every subject up to ``limit`` others, best first; ``labels`` go by the slugs of topics, and ``exclude``
        has the keys of those that must not be listed. Stories can be had ``again``, by their keys.
        """


def assemble(
    files: Files,
    settings: DigestSettings,
    addresses: Addresses,
    *,
    for_pages: bool = True,
    relating: Relating | None = None,
) -> Digest:
    """The digest that the files make. Its result does not depend on their order.

    ``relating`` finds related stories where it is not our own function. Where it is not ``for_pages``, what only pages
    show is left out: bodies as HTML, what topics tell of their stories. The findings are the same.
    """
    findings = [finding for file in files for finding in file.findings]
    bodies = {file.path: file.body for file in files}
    places = {file.path: file.places for file in files}
    pages, stories = with_addresses(files.pages, files.stories, addresses, findings, drafts=settings.drafts)
    curated = [file.topic for file in files.topics if file.topic]
    stories, curated = without_taken_lists(stories, curated, addresses, places, findings)
    public = sorted((story for story in stories if may_be_seen(story, settings)), key=_newest_first)
    shown_pages = sorted((page for page in pages if is_shown(page, settings)), key=lambda page: page.path)
    listed = [story for story in public if story.status != "hidden"]
    topics = vocabulary(curated, listed)
    findings += [*topics.findings, *about_navigation(settings.navigation, topics, settings.places)]
    shown = frozenset(story.path for story in listed)
    originals, about_originals = originals_of(stories if settings.translations else (), shown)
    targets = [_target(story, addresses, originals, public=story.path in shown) for story in stories]
    index = CrossLinkIndex.of(targets, site=addresses.site, lang=settings.lang)
    titles = {story.path: story.title for story in listed}
    texts = [*public, *shown_pages, *_texts_of_lists(files, settings.lang)]
    resolutions, from_links = resolve_all(texts, bodies, index, titles, findings)
    langs = {story.path: story.lang for story in texts}
    composing = Composing(resolutions, from_links, titles, langs, *_labelling(settings))
    leading = _without_translations(listed, originals, settings.lang) if settings.translations else listed
    translations = frozenset(story.path for story in listed).difference(story.path for story in leading)
    backlinks, linked = (
        links_between(listed, bodies, resolutions, from_links, settings.kinds, translations, originals)
        if for_pages
        else ({}, {})
    )
    joined = shown.intersection((*linked, *backlinks))
    barred = {path: linked.get(path, frozenset()) | _keys(backlinks.get(path, ())) for path in joined}
    said = {path: composing.mark(path, bodies[path]) for path in langs} if for_pages or settings.related else {}
    offered = _relate(listed, bodies, said, composing, topics, settings.related, barred, relating)
    threads, about_threads = threads_of([file.thread for file in files.threads if file.thread], leading)
    outlets = outlets_in(leading)
    stories_of = roll_up(listed, topics.of_story, topics.branches, translations) if for_pages else {}
    by_path = {story.path: story for story in (*leading, *listed)}
    within = walk_within(stories_of)
    facts = Facts(topics.topics, stories_of, by_path, topics.branches, _outlets_of(outlets), within)
    findings += [*about_threads, *about_originals, *about_pins(topics.topics, listed)]
    return Digest(
        stories=tuple(public),
        pages=tuple(shown_pages),
        html=composed(bodies, composing) if for_pages else {},
        bodies=as_readers_read(bodies, composing) if for_pages else bodies,
        summaries=summarised(bodies, composing) if for_pages else {},
        standfirsts=standfirsts_of(bodies) if for_pages else {},
        marks=composing.page_marks(said) if for_pages else {},
        led={path: led for path in langs if (led := composing.led(path, bodies[path]))} if for_pages else {},
        vocabulary=topics,
        resolutions=resolutions,
        from_links=from_links,
        backlinks=backlinks,
        offered=offered,
        findings=tuple(sorted(set(placed(findings, places)))),
        stories_of=stories_of,
        facts=facts,
        combinations=combine(stories_of, topics.branches, settings.combination_stories),
        within=within,
        threads=threads,
        outlets=outlets,
        translations=translations,
        originals=originals,
        places=places,
        ignores={file.path: file.ignores for file in files if file.ignores},
        until=next_change((file.story for file in (*files.stories, *files.pages) if file.story), settings),
        unseen=unseen(stories, public, addresses.of_story, topics, settings)
        + unseen(pages, shown_pages, addresses.of_page, topics, settings),
        broken=frozenset(stem(file.path).casefold() for file in (*files.stories, *files.pages) if file.story is None),
        index=index,
    )


def as_html(
    body: Body,
    resolved: Sequence[Resolution],
    links: Sequence[tuple[Link, Resolution]],
    titles: Mapping[str, str],
    settings: DigestSettings,
    lang: str,
) -> str:
    """A body with its cross-links in place, in the words that the digest has for them in a language."""
    composing = Composing({"": tuple(resolved)}, {"": links}, titles, {"": lang}, *_labelling(settings))
    return composing.html("", body)


def _labelling(settings: DigestSettings) -> tuple[Callable[[str, str], str], Callable[[str], str]]:
    """The words for a kind in a language, and the kind that a label says."""
    return lambda kind, lang: settings.label_of(kind, lang=lang), lambda label: settings.kinds.get(label, "")


def _newest_first(story: Story) -> tuple[float, str]:
    return (-(story.date or OLDEST).timestamp(), story.path)


def _target(story: Story, addresses: Addresses, originals: Mapping[str, str], *, public: bool) -> Target:
    url = addresses.of_story(story).url
    names = (story.path, story.id, story.slug, story.title, url, story.headline_aliases)
    return _target_of(*names, public, story.lang, story.aliases, originals.get(story.path, ""))


_target_of: Final = maker(
    Target,
    ("path", "id", "slug", "title", "url", "headline_aliases", "public", "lang", "former", "original"),
)


def _without_translations(listed: Sequence[Story], originals: Mapping[str, str], lang: str) -> list[Story]:
    """The stories that stand in lists: of several with one original that in the digest's language, or the first."""
    leading: dict[str, Story] = {}
    for story in sorted(listed, key=lambda story: (story.lang != lang, story.path)):
        leading.setdefault(originals[story.path], story)
    return [story for story in listed if leading[originals[story.path]] is story]


def _outlets_of(outlets: Mapping[str, Outlet]) -> dict[str, tuple[str, ...]]:
    """The outlets of each story."""
    found: dict[str, tuple[str, ...]] = {}
    for outlet in outlets.values():
        for path in outlet.stories:
            found[path] = (*found.get(path, ()), outlet.slug)
    return found


def _keys(backlinks: Iterable[BackLink]) -> frozenset[str]:
    return frozenset(link.path for link in backlinks)


def _texts_of_lists(files: Files, lang: str) -> list[Story]:
    """The words of topics and threads, as of stories that stand in no list."""
    named = [(file.path, file.topic.label) for file in files.topics if file.topic]
    named += [(file.path, file.thread.name) for file in files.threads if file.thread]
    return [Story(path, "", name, None, lang=lang) for path, name in named]


def _relate(
    listed: Sequence[Story],
    bodies: Mapping[str, Body],
    said: Mapping[str, str],
    composing: Composing,
    topics: Vocabulary,
    limit: int,
    barred: Mapping[str, Collection[str]],
    relating: Relating | None,
) -> Mapping[str, Sequence[Related]]:
    """The related stories of each, but for those that are ``barred`` from it, being linked already; ``said`` are the
    marks of what readers read.
    """
    if not limit:
        return {}
    from alsoread.news.related import relate
    from alsoread.news.unread import Unread

    def subject(story: Story) -> Subject:
        path = story.path
        body = bodies[path]
        read = partial(composing.read, path, body)
        return Unread.of(story, story.date or OLDEST, topics.of_story[path], said[path], body, read)

    subjects = list(map(subject, listed))
    labels = {slug: topic.label for slug, topic in topics.topics.items()}
    by_path = {story.path: story for story in listed}
    again = lambda path: subject(by_path[path])  # noqa: E731
    return (relating or relate)(subjects, limit=limit, labels=labels, exclude=barred, again=again)
