"""Do two stories have the same headline?"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.subject import Archive
from alsoread.diagnostics import Diagnostic
from alsoread.news.headlines import normalised
from alsoread.story import Story

__all__ = ["CODE", "check"]

CODE: Final = "AR504"


def check(archive: Archive) -> Iterator[Diagnostic]:
    """Stories in one language whose headlines differ in spelling only; told at all but the oldest."""
    called: dict[tuple[str, str], list[Story]] = defaultdict(list)
    for story in archive.stories.values():
        called[story.lang, normalised(story.title)].append(story)
    for stories in called.values():
        first, *others = sorted(stories, key=lambda story: (story.date is None, story.date, story.path))
        for story in others:
            message = f"the headline is that of {first.path} already"
            hint = "say what is new, or link the older story and drop this one"
            yield Diagnostic(story.path, *archive.cards[story.path].title, CODE, message, hint)
