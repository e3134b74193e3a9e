"""What do the files of a digest make together?

One pure function, :func:`assemble`, from what each file says to what every page needs: which stories a reader may see,
their topics, where each cross-link leads, what links back, what is related. No disk, no Pelican, no clock: the instant
comes with the settings.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from alsoread.diagnostics import Diagnostic
from alsoread.news.branches import Combination, Neighbours, TopicFacts, combine, facts_of, roll_up, walk_within
from alsoread.news.compose import compose
from alsoread.news.crosslinks import CrossLinkIndex, Resolution, Target
from alsoread.news.links import BackLink, lead_with_headlines, links_between, resolve_all
from alsoread.news.names import SLUG_LENGTH, cut_slug
from alsoread.news.outlets import Outlet, outlets_in
from alsoread.news.places import placed
from alsoread.news.related import Related, Subject, relate
from alsoread.news.sanitize import text_of
from alsoread.news.storyfile import StoryFile, ThreadFile, TopicFile
from alsoread.news.threads import ThreadStories, threads_of
from alsoread.news.topics import Vocabulary, vocabulary
from alsoread.settings import DigestSettings
from alsoread.story import Body, Story

__all__ = ["Address", "Addresses", "Digest", "Files", "assemble"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a story is published: its address and its file, both below the root of the site."""

    url: str
    save_as: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """How addresses are given: to a story, to a page, and which files the site needs for itself."""

    of_story: Callable[[Story], Address]
    of_page: Callable[[Story], Address]
    is_reserved: Callable[[str], bool] = lambda save_as: False
    site: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything that the pages of a digest show.

    ``stories`` are those a reader may see, newest first; the hidden ones among them have a page and stand in no list.
    The mappings go by a story's path; ``html`` is its body with the cross-links in place; ``offered`` are the related
    stories that its page shows: not those that its body links already, nor those that link to it. ``within`` are its
    neighbours in the list of each of its topics.

    By a topic's slug: ``stories_of``, those of the topics below it with them, newest first, and ``facts``; ``threads``
    and ``outlets`` go by their own slugs, the threads with the newest story first.
    """

    stories: tuple[Story, ...] = ()
    pages: tuple[Story, ...] = ()
    html: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, Body] = field(default_factory=dict)
    vocabulary: Vocabulary = field(default_factory=lambda: Vocabulary({}, {}))
    resolutions: Mapping[str, tuple[Resolution, ...]] = field(default_factory=dict)
    backlinks: Mapping[str, tuple[BackLink, ...]] = field(default_factory=dict)
    related: Mapping[str, tuple[Related, ...]] = field(default_factory=dict)
    offered: Mapping[str, tuple[Related, ...]] = field(default_factory=dict)
    findings: tuple[Diagnostic, ...] = ()
    stories_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facts: Mapping[str, TopicFacts] = field(default_factory=dict)
    combinations: tuple[Combination, ...] = ()
    within: Mapping[str, tuple[Neighbours, ...]] = field(default_factory=dict)
    threads: Mapping[str, ThreadStories] = field(default_factory=dict)
    outlets: Mapping[str, Outlet] = field(default_factory=dict)

    @property
    def listed(self) -> tuple[Story, ...]:
        """The stories that stand in lists, newest first."""
        return tuple(story for story in self.stories if story.status == "published")


@dataclass(frozen=True, slots=True)
class Files:
    """What the files of a digest say, by what they are."""

    stories: Sequence[StoryFile] = ()
    pages: Sequence[StoryFile] = ()
    topics: Sequence[TopicFile] = ()
    threads: Sequence[ThreadFile] = ()

    def __iter__(self) -> Iterator[StoryFile | TopicFile | ThreadFile]:
        return iter((*self.stories, *self.pages, *self.topics, *self.threads))


def assemble(files: Files, settings: DigestSettings, addresses: Addresses) -> Digest:
    """The digest that the files make. Its result does not depend on their order."""
    findings = [finding for file in files for finding in file.findings]
    bodies = {file.path: file.body for file in (*files.stories, *files.pages)}
    taken: dict[str, Story] = {}
    pages = _with_addresses(files.pages, addresses.of_page, addresses.is_reserved, taken, findings)
    stories = _with_addresses(files.stories, addresses.of_story, addresses.is_reserved, taken, findings)
    public = sorted((story for story in stories if _may_be_seen(story, settings)), key=_newest_first)
    shown_pages = sorted((page for page in pages if page.is_public(settings.now)), key=lambda page: page.path)
    listed = [story for story in public if story.status == "published"]
    topics = vocabulary([file.topic for file in files.topics if file.topic], listed)
    findings += topics.findings
    shown = frozenset(story.path for story in listed)
    targets = [_target(story, addresses, public=story.path in shown) for story in stories]
    index = CrossLinkIndex.of(targets, site=addresses.site)
    titles = {story.path: story.title for story in listed}
    resolutions, from_links = resolve_all([*public, *shown_pages], bodies, index, titles, findings)
    html = {}
    for story in (*public, *shown_pages):
        body, resolved = bodies[story.path], resolutions[story.path]
        html[story.path] = compose(
            body,
            resolved,
            from_links[story.path],
            titles,
            label_of=partial(settings.label_of, lang=story.lang),
            kind_of=lambda label: settings.kinds.get(label, ""),
        )
        if any(crosslink.inline for crosslink in body.crosslinks):
            bodies[story.path] = replace(body, lead=lead_with_headlines(body, resolved, titles) or body.lead)
    backlinks, linked = links_between(listed, bodies, resolutions, from_links, settings.kinds)
    related = _relate(listed, bodies, topics, settings.related)
    threads, about_threads = threads_of([file.thread for file in files.threads if file.thread], listed)
    outlets = outlets_in(listed)
    stories_of = roll_up(listed, topics.of_story, topics.branches)
    facts, about_facts = facts_of(
        topics.topics, stories_of, {story.path: story for story in listed}, topics.branches, _outlets_of(outlets)
    )
    findings += [*about_threads, *about_facts]
    return Digest(
        stories=tuple(public),
        pages=tuple(shown_pages),
        html=html,
        bodies=bodies,
        vocabulary=topics,
        resolutions=resolutions,
        backlinks=backlinks,
        related={path: entries[: settings.related] for path, entries in related.items()},
        offered={
            path: tuple(entry for entry in entries if entry.key not in linked[path] | _keys(backlinks.get(path, ())))[
                : settings.related
            ]
            for path, entries in related.items()
        },
        findings=tuple(sorted(set(placed(findings, {file.path: file.places for file in files})))),
        stories_of=stories_of,
        facts=facts,
        combinations=combine(stories_of, topics.branches, settings.combination_stories),
        within=walk_within(stories_of),
        threads=threads,
        outlets=outlets,
    )


def _may_be_seen(story: Story, settings: DigestSettings) -> bool:
    """Is it out of embargo and not expired, and, where Pelican's ``WITH_FUTURE_DATES`` is off, not of a day to come?"""
    early = not settings.future_dates and story.date is not None and story.date > settings.now
    return story.is_public(settings.now) and not early


def _newest_first(story: Story) -> tuple[float, str]:
    return (-(story.date or _OLDEST).timestamp(), story.path)


_OLDEST = datetime(1000, 1, 1, tzinfo=UTC)


def _with_addresses(
    files: Sequence[StoryFile],
    address: Callable[[Story], Address],
    is_reserved: Callable[[str], bool],
    taken: dict[str, Story],
    findings: list[Diagnostic],
) -> list[Story]:
    """The stories that have an address to themselves: the oldest keeps a contested one. Drafts take none."""
    kept: list[Story] = []
    stories = [file.story for file in files if file.story]
    for story in sorted(stories, key=lambda story: (story.date or _OLDEST, story.path)):
        save_as = address(story).save_as.casefold()
        owner = taken.get(save_as)
        if story.status == "draft":
            kept.append(story)
        elif is_reserved(save_as) or save_as.startswith("../"):
            message = f"the address of the slug '{story.slug}' is one that the site needs for itself ({save_as})"
            findings.append(Diagnostic(story.path, 0, 0, "AR502", message, f"slug: {story.slug}-story"))
        elif owner is not None:
            message = f"the address of the slug '{story.slug}' is taken by {owner.path}"
            findings.append(
                Diagnostic(story.path, 0, 0, "AR501", message, f"slug: {cut_slug(story.slug, SLUG_LENGTH - 2)}-2")
            )
        else:
            taken[save_as] = story
            kept.append(story)
    return kept


def _target(story: Story, addresses: Addresses, *, public: bool) -> Target:
    url = addresses.of_story(story).url
    return Target(story.path, story.id, story.slug, story.title, url, story.headline_aliases, public)


def _outlets_of(outlets: Mapping[str, Outlet]) -> dict[str, tuple[str, ...]]:
    """The outlets of each story."""
    found: dict[str, tuple[str, ...]] = {}
    for outlet in outlets.values():
        for path in outlet.stories:
            found[path] = (*found.get(path, ()), outlet.slug)
    return found


def _keys(backlinks: Iterable[BackLink]) -> frozenset[str]:
    return frozenset(link.path for link in backlinks)


def _relate(
    listed: Sequence[Story],
    bodies: Mapping[str, Body],
    topics: Vocabulary,
    limit: int,
) -> Mapping[str, tuple[Related, ...]]:
    """The related stories of each, more than are shown, because some may be linked already."""
    subjects = [
        Subject(
            key=story.path,
            date=story.date or _OLDEST,
            title=story.title,
            lead=text_of(bodies[story.path].summary_html) or bodies[story.path].lead,
            text=bodies[story.path].text,
            topics=tuple(topic.slug for topic in topics.of_story[story.path]),
            lang=story.lang,
        )
        for story in listed
    ]
    labels = {slug: topic.label for slug, topic in topics.topics.items()}
    return relate(subjects, limit=2 * limit, labels=labels)
