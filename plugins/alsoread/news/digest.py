"""What do the files of a digest make together?

One pure function, :func:`assemble`, from what each file says to what every page needs: which stories a reader may see,
their topics, where each cross-link leads, what links back, what is related. No disk, no Pelican, no clock: the instant
comes with the settings.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from alsoread.diagnostics import Diagnostic
from alsoread.news.compose import compose
from alsoread.news.crosslinks import CrossLinkIndex, Resolution, Target
from alsoread.news.names import SLUG_LENGTH, cut_slug
from alsoread.news.related import Related, Subject, relate
from alsoread.news.sanitize import text_of
from alsoread.news.storyfile import StoryFile, TopicFile
from alsoread.news.topics import Vocabulary, vocabulary
from alsoread.settings import DigestSettings
from alsoread.story import Body, CrossLink, Link, Story

__all__ = ["Address", "Addresses", "Digest", "assemble"]


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
    stories that its page shows: not those that its body links already.
    """

    stories: tuple[Story, ...] = ()
    pages: tuple[Story, ...] = ()
    html: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, Body] = field(default_factory=dict)
    vocabulary: Vocabulary = field(default_factory=lambda: Vocabulary({}, {}))
    resolutions: Mapping[str, tuple[Resolution, ...]] = field(default_factory=dict)
    backlinks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    related: Mapping[str, tuple[Related, ...]] = field(default_factory=dict)
    offered: Mapping[str, tuple[Related, ...]] = field(default_factory=dict)
    findings: tuple[Diagnostic, ...] = ()

    @property
    def listed(self) -> tuple[Story, ...]:
        """The stories that stand in lists, newest first."""
        return tuple(story for story in self.stories if story.status == "published")


def assemble(
    story_files: Sequence[StoryFile],
    page_files: Sequence[StoryFile],
    topic_files: Sequence[TopicFile],
    settings: DigestSettings,
    addresses: Addresses,
) -> Digest:
    """The digest that the files make. Its result does not depend on their order."""
    findings = [finding for read in (*story_files, *page_files) for finding in read.findings]
    findings += [finding for file in topic_files for finding in file.findings]
    bodies = {file.path: file.body for file in (*story_files, *page_files)}
    taken: dict[str, Story] = {}
    pages = _with_addresses(page_files, addresses.of_page, addresses.is_reserved, taken, findings)
    stories = _with_addresses(story_files, addresses.of_story, addresses.is_reserved, taken, findings)
    public = sorted((story for story in stories if _may_be_seen(story, settings)), key=_newest_first)
    shown_pages = sorted((page for page in pages if page.is_public(settings.now)), key=lambda page: page.path)
    listed = [story for story in public if story.status == "published"]
    topics = vocabulary([file.topic for file in topic_files if file.topic], listed)
    findings += topics.findings
    shown = frozenset(story.path for story in listed)
    targets = [_target(story, addresses, public=story.path in shown) for story in stories]
    index = CrossLinkIndex.of(targets, site=addresses.site)
    resolutions, from_links = _resolve([*public, *shown_pages], bodies, index, findings)
    titles = {story.path: story.title for story in listed}
    html = {
        story.path: compose(bodies[story.path], resolutions[story.path], from_links[story.path], titles)
        for story in (*public, *shown_pages)
    }
    backlinks, linked = _links_between(listed, resolutions, from_links)
    related = _relate(listed, bodies, topics, settings.related)
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
            path: tuple(entry for entry in entries if entry.key not in linked[path])[: settings.related]
            for path, entries in related.items()
        },
        findings=tuple(sorted(set(findings))),
    )


def _may_be_seen(story: Story, settings: DigestSettings) -> bool:
    """Is it out of embargo and not expired, and, where Pelican's ``WITH_FUTURE_DATES`` is off, not of a day to come?"""
    early = not settings.future_dates and story.date is not None and story.date > settings.now
    return story.is_public(settings.now) and not early


def _newest_first(story: Story) -> tuple[float, str]:
    return (-(story.date or _OLDEST).timestamp(), story.path)


_OLDEST = datetime(1000, 1, 1, tzinfo=UTC)
_FROM_FRONT_MATTER = "links"
# a story with more lost cross-links than this gets no suggestions for the others: each is sought in all headlines
_MOST_GUESSES = 20


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


def _resolve(
    stories: Iterable[Story], bodies: Mapping[str, Body], index: CrossLinkIndex, findings: list[Diagnostic]
) -> tuple[dict[str, tuple[Resolution, ...]], dict[str, list[tuple[Link, Resolution]]]]:
    resolutions: dict[str, tuple[Resolution, ...]] = {}
    from_links: dict[str, list[tuple[Link, Resolution]]] = {}
    for story in stories:
        found: list[Resolution] = []
        guesses = 0
        for crosslink in bodies[story.path].crosslinks:
            resolution = index.resolve(
                crosslink.text,
                href=crosslink.href,
                own=story.path,
                exactly=not crosslink.certain,
                guess=guesses < _MOST_GUESSES,
            )
            guesses += resolution.outcome == "unresolved"
            found.append(resolution)
            findings += _about(story.path, crosslink, resolution)
        resolutions[story.path] = tuple(found)
        from_links[story.path] = []
        for link in story.links:
            resolution = index.resolve(link.ref, own=story.path, guess=guesses < _MOST_GUESSES)
            guesses += resolution.outcome == "unresolved"
            from_links[story.path].append((link, resolution))
            findings += _about(
                story.path, CrossLink(_FROM_FRONT_MATTER, link.ref, certain=True, html="", line=0, column=0), resolution
            )
    return resolutions, from_links


def _about(path: str, crosslink: CrossLink, resolution: Resolution) -> list[Diagnostic]:
    """What an editor should know about a cross-link that leads to no story."""
    outcome = resolution.outcome
    if outcome in ("resolved", "external") or (outcome == "unresolved" and not crosslink.certain):
        return []
    where = (path, crosslink.line, crosslink.column)
    shown = crosslink.text if len(crosslink.text) <= 80 else crosslink.text[:79] + "…"
    if outcome == "withheld":
        message = f"the story '{shown}' is a draft, hidden, embargoed or expired; the cross-link is left out"
        return [Diagnostic(*where, "AR404", message, "nothing to do: the link appears with the story")]
    if outcome == "itself":
        return [Diagnostic(*where, "AR403", f"'{shown}' is this story itself", "remove the line")]
    if outcome == "ambiguous":
        message = f"several stories are called '{shown}'"
        return [
            Diagnostic(
                *where,
                "AR402",
                message,
                f"name one by its id: {crosslink.label} [[id]]; they are {', '.join(resolution.near)}",
            )
        ]
    hint = (
        f"{crosslink.label}: {resolution.near[0]}"
        if resolution.near
        else "check the headline, or name the story: [[id]]"
    )
    if crosslink.label == _FROM_FRONT_MATTER:
        message = f"the link '{shown}' of the front matter names no story; it is left out"
        return [
            Diagnostic(*where, "AR401", message, f'ref: "{resolution.near[0]}"' if resolution.near else "ref: its-slug")
        ]
    others = f" (or: {'; '.join(resolution.near[1:])})" if resolution.near[1:] else ""
    return [Diagnostic(*where, "AR401", f"no story is called '{shown}'; it is shown as plain text", hint + others)]


def _links_between(
    listed: Sequence[Story],
    resolutions: Mapping[str, tuple[Resolution, ...]],
    from_links: Mapping[str, list[tuple[Link, Resolution]]],
) -> tuple[dict[str, tuple[str, ...]], dict[str, frozenset[str]]]:
    """For every story which stories link to it (newest first), and which it links to."""
    back: dict[str, list[str]] = defaultdict(list)
    linked: dict[str, frozenset[str]] = {}
    for story in listed:
        all_of_them = (*resolutions[story.path], *(resolution for _, resolution in from_links[story.path]))
        targets = {resolution.path for resolution in all_of_them if resolution.outcome == "resolved"}
        linked[story.path] = frozenset(targets)
        for target in targets:
            back[target].append(story.path)
    return {path: tuple(sources) for path, sources in back.items()}, linked


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
