"""Which topics stand above and below which?

A topic's file names its parent. A parent that is no topic of a file, or that stands below the topic itself, is left
out with a finding, so that what remains is always a forest.
"""

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from alsoread.diagnostics import Diagnostic
from alsoread.news.names import slugify
from alsoread.story import Topic

__all__ = ["Hierarchy", "hierarchy"]


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """The parent of each topic that has one, and the topics right below each, from A to Z; all by slug."""

    parent: Mapping[str, str] = field(default_factory=dict)
    children: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def above(self, slug: str) -> tuple[str, ...]:
        """The topics above one, from the top of its branch down."""
        found: list[str] = []
        while slug in self.parent:
            slug = self.parent[slug]
            found.append(slug)
        return tuple(reversed(found))

    def related(self, one: str, other: str) -> bool:
        """Whether one of two topics stands above the other."""
        return one in self.above(other) or other in self.above(one)


def hierarchy(curated: Iterable[Topic], means: Mapping[str, str]) -> tuple[Hierarchy, tuple[Diagnostic, ...]]:
    """The forest that the topics' files describe; ``means`` gives the topic for the slug of any of its names."""
    topics = {topic.slug: topic for topic in curated}
    parent: dict[str, str] = {}
    findings: list[Diagnostic] = []
    for slug, topic in sorted(topics.items()):
        if not topic.parent:
            continue
        above = means.get(slugify(topic.parent), "")
        if above not in topics:
            message = f"the parent '{topic.parent}' is no topic of a file"
            near = difflib.get_close_matches(slugify(topic.parent), sorted(means), n=1)
            hint = f"parent: {means[near[0]]}" if near else "parent: the-slug-of-a-topic"
            findings.append(Diagnostic(topic.path, 0, 0, "AR304", message, hint))
        elif above == slug or slug in Hierarchy(parent).above(above):
            message = f"the parent '{topic.parent}' stands below '{topic.label}' itself"
            findings.append(Diagnostic(topic.path, 0, 0, "AR304", message, "remove the line 'parent'"))
        else:
            parent[slug] = above
    children: dict[str, list[str]] = defaultdict(list)
    for slug in sorted(parent, key=lambda slug: (topics[slug].label.casefold(), slug)):
        children[parent[slug]].append(slug)
    return Hierarchy(parent, {slug: tuple(below) for slug, below in children.items()}), tuple(findings)
