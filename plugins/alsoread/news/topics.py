"""Which topics does a digest have, and which of them does a tag mean?

A tag is compared by the slug it gives, so case, spaces and accents do not part topics. Files in ``content/topics`` say
how a topic is written and what else means it; any other tag is a topic too, under the spelling of its oldest story, so
that a newcomer never renames one.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz import fuzz, process

from alsoread.diagnostics import Diagnostic
from alsoread.news.hierarchy import Hierarchy, hierarchy
from alsoread.news.names import cut_slug, slugify
from alsoread.settings_file import SettingPlaces
from alsoread.story import Story, Topic

__all__ = ["Vocabulary", "about_navigation", "nearest", "vocabulary"]

_ALIKE: Final = 70


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every topic by its slug, and the slugs of the topics of every story by its path, in the order of its tags.

    ``branches`` says which stand above which; ``means`` gives the topic that the slug of any of its names means.
    """

    topics: Mapping[str, Topic]
    of_story: Mapping[str, tuple[str, ...]]
    findings: tuple[Diagnostic, ...] = ()
    branches: Hierarchy = field(default_factory=Hierarchy)
    means: Mapping[str, str] = field(default_factory=dict)

    def topics_of(self, path: str) -> tuple[Topic, ...]:
        """The topics of a story; none where it stands in no list."""
        return tuple(map(self.topics.__getitem__, self.of_story.get(path, ())))

    def slugs_of(self, tags: Iterable[str]) -> tuple[str, ...]:
        """The slugs of the topics that tags mean, and of those above them."""
        names = map(slugify, tags)
        own = dict.fromkeys(filter(None, (self.means.get(name) or cut_slug(name) for name in names)))
        return tuple(dict.fromkeys((*own, *(slug for each in own for slug in self.branches.above(each)))))


def vocabulary(curated: Iterable[Topic], stories: Iterable[Story]) -> Vocabulary:
    """The topics of a digest. The order of the arguments does not matter."""
    topics: dict[str, Topic] = {}
    means: dict[str, str] = {}
    findings: list[Diagnostic] = []
    files = sorted(curated, key=lambda topic: topic.path)
    for topic in files:
        if topic.slug in topics:
            findings.append(_taken(topic, topic.slug, topics[topic.slug]))
            continue
        topics[topic.slug] = topic
        means[topic.slug] = topic.slug
    for topic in (each for each in files if topics.get(each.slug) is each):
        for name in filter(slugify, (topic.label, *topic.aliases)):
            owner = means.setdefault(slugify(name), topic.slug)
            if owner != topic.slug:
                findings.append(_taken(topic, name, topics[owner]))
    branches, about_parents = hierarchy((topic for topic in topics.values() if topic.curated), means)
    findings += about_parents
    known = dict(topics)
    unknown: dict[str, list[Story]] = {}
    of_story = {}
    slugs: dict[str, str] = {}
    for story in sorted(stories, key=lambda story: (story.date is None, story.date, story.path)):
        found: dict[str, None] = {}
        for tag in story.tags:
            slug = slugs.get(tag)
            if slug is None:
                name = slugify(tag)
                slug = slugs[tag] = means.get(name) or cut_slug(name)
            if not slug:
                message = f"no address can be made of the tag '{tag}'; it is passed over"
                findings.append(Diagnostic(story.path, 0, 0, "AR302", message, "use letters or digits"))
                continue
            if slug not in topics:
                topics[slug] = Topic(slug, tag)
            found[slug] = None
            if slug not in known:
                unknown.setdefault(slug, []).append(story)
        of_story[story.path] = tuple(found)
    if known:
        findings += [_unknown(topics[slug], stories, known) for slug, stories in unknown.items()]
    return Vocabulary(
        topics,
        of_story,
        tuple(findings),
        branches,
        means,
    )


def nearest(name: str, topics: Iterable[Topic], limit: int = 3) -> tuple[str, ...]:
    """The labels of the topics whose label or alias is spelt most like a name, best first."""
    names = {(topic.label, each): each.casefold() for topic in topics for each in (topic.label, *topic.aliases)}
    alike = process.extract(name.casefold(), names, scorer=fuzz.WRatio, limit=2 * limit, score_cutoff=_ALIKE)
    ordered = sorted(alike, key=lambda match: (-match[1], match[2]))
    return tuple(dict.fromkeys(label for _, _, (label, _) in ordered))[:limit]


def about_navigation(wanted: Iterable[str], topics: Vocabulary, places: SettingPlaces) -> tuple[Diagnostic, ...]:
    """A finding for every slug of the navigation that no topic has."""
    findings = []
    for slug in wanted:
        if slug not in topics.topics:
            near = topics.means.get(slugify(slug)) or next(iter(_slugs_like(slug, topics)), "")
            hint = f"did you mean {near!r}?" if near else f"remove {slug!r} from ALSOREAD_NAVIGATION"
            message = f"ALSOREAD_NAVIGATION names {slug!r}, which is no topic's slug; it is left out"
            findings.append(Diagnostic(*places.at("ALSOREAD_NAVIGATION", slug), "AR603", message, hint))
    return tuple(findings)


def _slugs_like(slug: str, topics: Vocabulary) -> list[str]:
    alike = process.extract(slugify(slug), sorted(topics.topics), scorer=fuzz.ratio, limit=1, score_cutoff=_ALIKE)
    return [found for found, _, _ in alike]


def _unknown(topic: Topic, stories: Sequence[Story], known: Mapping[str, Topic]) -> Diagnostic:
    """One finding for a tag that no file knows, at the oldest story that has it."""
    count = f"{len(stories)} stories have it" if len(stories) > 1 else "one story has it"
    message = f"no file knows the topic '{topic.label}'; {count}"
    near = nearest(topic.label, known.values())
    hint = f"a file for it: {topic.slug}.md with name: {topic.label}"
    if near:
        message += f"; did you mean {' or '.join(near)}?"
        tags = [near[0] if slugify(tag) == slugify(topic.label) else tag for tag in stories[0].tags]
        hint = f"tags: [{', '.join(json.dumps(tag, ensure_ascii=False) for tag in dict.fromkeys(tags))}]"
    return Diagnostic(stories[0].path, 0, 0, "AR303", message, hint)


def _taken(topic: Topic, name: str, owner: Topic) -> Diagnostic:
    message = f"'{name}' already means the topic '{owner.label}' ({owner.path})"
    return Diagnostic(topic.path, 0, 0, "AR301", message, f"remove '{name}' from one of the two files")
