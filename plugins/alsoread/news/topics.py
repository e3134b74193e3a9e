"""Which topics does a digest have, and which of them does a tag mean?

A tag is compared by the slug it gives, so case, spaces and accents do not part topics. Files in ``content/topics`` say
how a topic is written and what else means it; any other tag is a topic too, under the spelling of its oldest story, so
that a newcomer never renames one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from alsoread.diagnostics import Diagnostic
from alsoread.news.names import cut_slug, slugify
from alsoread.story import Story, Topic

__all__ = ["Vocabulary", "vocabulary"]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every topic by its slug, and the topics of every story by the story's path, in the order of its tags."""

    topics: Mapping[str, Topic]
    of_story: Mapping[str, tuple[Topic, ...]]
    findings: tuple[Diagnostic, ...] = ()


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
    of_story = {}
    for story in sorted(stories, key=lambda story: (story.date is None, story.date, story.path)):
        found: dict[str, None] = {}
        for tag in story.tags:
            name = slugify(tag)
            slug = means.get(name) or cut_slug(name)
            if not slug:
                message = f"no address can be made of the tag '{tag}'; it is passed over"
                findings.append(Diagnostic(story.path, 0, 0, "AR302", message, "use letters or digits"))
                continue
            topics.setdefault(slug, Topic(slug, tag))
            found[slug] = None
        of_story[story.path] = tuple(found)
    return Vocabulary(
        topics, {path: tuple(topics[slug] for slug in slugs) for path, slugs in of_story.items()}, tuple(findings)
    )


def _taken(topic: Topic, name: str, owner: Topic) -> Diagnostic:
    message = f"'{name}' already means the topic '{owner.label}' ({owner.path})"
    return Diagnostic(topic.path, 0, 0, "AR301", message, f"remove '{name}' from one of the two files")
