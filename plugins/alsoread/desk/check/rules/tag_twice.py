"""Does a story have two tags that mean the same topic?"""

from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.repair import Repair
from alsoread.desk.check.saying import shown
from alsoread.desk.check.subject import Archive
from alsoread.desk.check.tagged import is_by_another_name, oddly_tagged, tags_of, topic_of
from alsoread.desk.rewrite import items_in, with_items
from alsoread.diagnostics import Diagnostic
from alsoread.story import Story

__all__ = ["CODE", "check", "fix"]

CODE: Final = "AR311"


def check(archive: Archive) -> Iterator[Diagnostic]:
    """Tags whose topic another tag before them means; not those that are told to be another name of it."""
    for story in oddly_tagged(archive):
        yield from (finding for finding, _ in _in_story(archive, story))


def fix(repair: Repair) -> str | None:
    """The text without the second of the two tags; None where a comment would go with it."""
    story = repair.archive.stories.get(repair.finding.path)
    found = _in_story(repair.archive, story) if story is not None else ()
    tag = next((tag for finding, tag in found if finding == repair.finding), "")
    items = items_in(repair.text, "tags")
    topics = [topic_of(repair.archive, item) for item in items]
    second = next((at for at, item in enumerate(items) if item == tag and topics[at] in topics[:at]), None)
    if second is None:
        return None
    after = with_items(repair.text, "tags", [None if at == second else item for at, item in enumerate(items)])
    lost = repair.text.count("#") - (after or "").count("#")
    return after if lost == tag.count("#") else None


def _in_story(archive: Archive, story: Story) -> Iterator[tuple[Diagnostic, str]]:
    first: dict[str, str] = {}
    for each in tags_of(archive, story):
        tag, place, topic = each
        if not topic or is_by_another_name(archive, story, each):
            continue
        if topic in first:
            other = first[topic]
            again = "stands there twice" if tag == other else f"means the same topic as '{shown(other)}'"
            yield (
                Diagnostic(story.path, *place, CODE, f"the tag '{shown(tag)}' {again}", f"keep '{shown(other)}' only"),
                tag,
            )
        first.setdefault(topic, tag)
