"""How does a story get another headline, and everything that names it by the old one go on finding it?

The old headline becomes one of its ``headline_aliases``, and a slug that was made from it is written down, so that the
story keeps its address.
"""

from dataclasses import dataclass

from alsoread.desk.rewrite import items_in, value_of, with_items, with_value
from alsoread.story import Story

__all__ = ["NotRetitled", "retitled"]

_BEHIND = ("title",)


@dataclass(frozen=True, slots=True)
class NotRetitled:
    """Why a file cannot be changed."""

    message: str


def retitled(text: str, story: Story, headline: str) -> str | NotRetitled:
    """The text of a story's file under another headline; ``story`` is what the file says now."""
    wanted = " ".join(headline.split())
    if not wanted:
        return NotRetitled("a headline needs words")
    # a headline that comes back is no alias any more
    become = [None if alias == wanted else alias for alias in items_in(text, "headline_aliases")]
    added = [] if story.title in (wanted, *become) else [story.title]
    after = text if value_of(text, "slug") else with_value(text, "slug", story.slug, behind=_BEHIND)
    if after is not None and (added or None in become):
        after = with_items(after, "headline_aliases", become, added, behind=_BEHIND)
    if after is not None and wanted != story.title:
        after = with_value(after, "title", wanted)
    if after is None:
        return NotRetitled(f"the front matter of {story.path} cannot be changed safely; change it by hand")
    return after
