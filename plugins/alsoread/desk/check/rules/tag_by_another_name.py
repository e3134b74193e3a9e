"""Is a tag spelt otherwise than the topic that it means?"""

from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.repair import Repair
from alsoread.desk.check.saying import shown
from alsoread.desk.check.subject import Archive
from alsoread.desk.check.tagged import is_by_another_name, oddly_tagged, tags_of
from alsoread.desk.rewrite import items_in, with_items
from alsoread.diagnostics import Diagnostic
from alsoread.story import Story

__all__ = ["CODE", "check", "fix"]

CODE: Final = "AR308"


def check(archive: Archive) -> Iterator[Diagnostic]:
    """Tags that are an alias of a topic with a file, or its label in another spelling."""
    for story in oddly_tagged(archive):
        yield from (finding for finding, _, _ in _in_story(archive, story))


def fix(repair: Repair) -> str | None:
    """The text with the topic's label for the tag, or without the tag where the label is there too."""
    story = repair.archive.stories.get(repair.finding.path)
    found = _in_story(repair.archive, story) if story is not None else ()
    tag, label = next(((tag, label) for finding, tag, label in found if finding == repair.finding), ("", ""))
    items = items_in(repair.text, "tags")
    if tag not in items:
        return None
    at = items.index(tag)
    become: list[str | None] = list(items)
    become[at] = None if label in items else label
    return with_items(repair.text, "tags", become)


def _in_story(archive: Archive, story: Story) -> Iterator[tuple[Diagnostic, str, str]]:
    """The findings in a story, each with its tag and the label."""
    told = set()
    for each in tags_of(archive, story):
        tag, place, _ = each
        topic = is_by_another_name(archive, story, each)
        if topic is not None and tag not in told:
            told.add(tag)
            label = " ".join(topic.label.split())
            message = f"the tag '{shown(tag)}' is another name of the topic '{shown(label)}' ({topic.path})"
            yield Diagnostic(story.path, *place, CODE, message, label), tag, label
