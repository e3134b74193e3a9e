"""Which outlets does a digest draw on, and for which stories?

An outlet is known by the slug that its name gives, so that case and spaces do not part it, and is written as in the
oldest story that names it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from alsoread.news.names import cut_slug, slugify
from alsoread.story import Story

__all__ = ["Outlet", "outlet_slug", "outlets_in"]


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet and the stories that draw on it, newest first."""

    slug: str
    name: str
    stories: tuple[str, ...]


def outlet_slug(name: str) -> str:
    """The part of an address that an outlet's name gives; empty where it gives none."""
    return cut_slug(slugify(name))


def outlets_in(listed: Sequence[Story]) -> dict[str, Outlet]:
    """The outlets of a digest by slug, from A to Z; ``listed`` is newest first."""
    names: dict[str, str] = {}
    stories: dict[str, dict[str, None]] = {}
    for story in reversed(listed):
        for source in story.sources:
            slug = outlet_slug(source.name)
            if slug:
                names.setdefault(slug, source.name)
                stories.setdefault(slug, {})[story.path] = None
    ordered = sorted(names, key=lambda slug: (names[slug].casefold(), slug))
    return {slug: Outlet(slug, names[slug], tuple(reversed(stories[slug]))) for slug in ordered}
