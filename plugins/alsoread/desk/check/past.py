"""What was wrong with the content as a commit of git's has it?

That does not change as long as the rules and the settings do not: it is found out once and then remembered, under what
git calls the folder. An embargo that ends or a story that expires in between makes it another verdict.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from alsoread.desk.check.run import Verdict
from alsoread.desk.check.subject import Archive
from alsoread.diagnostics import Diagnostic
from alsoread.press.digests import Untold
from alsoread.press.records import Records
from alsoread.press.store import Store
from alsoread.story import Story

__all__ = ["Past", "Published", "known_past", "past_of", "published_in"]

_TABLE = "past"
# branches of work that go on beside each other are compared with different commits
_MOST = 8


@dataclass(frozen=True, slots=True)
class Published:
    """A story or page that readers could see: its file in the content folder, its key, and its file in the site."""

    path: str
    id: str
    save_as: str


@dataclass(frozen=True, slots=True)
class Past:
    """The findings about an archive and what it published; good from ``since`` until ``until``, where that is known."""

    findings: tuple[Diagnostic, ...]
    published: tuple[Published, ...]
    since: datetime
    until: datetime | None = None


def past_of(verdict: Verdict) -> Past:
    """What is kept of a verdict."""
    archive = verdict.archive
    now = archive.settings.now
    published = tuple(Published(story.path, story.id, save_as) for story, save_as in published_in(archive))
    return Past(verdict.findings, published, now, archive.digest.until)


def published_in(archive: Archive) -> list[tuple[Story, str]]:
    """What readers may see, and its file below the site's root."""
    stories = [(story, archive.address_of(story).save_as) for story in archive.digest.stories]
    return stories + [(page, archive.page_address_of(page).save_as) for page in archive.digest.pages]


def known_past(store: Store | None, key: str, now: datetime, judge: Callable[[], Verdict]) -> Past:
    """What is known under a key, which stands for the content, the rules and the settings; else what is found now."""
    records = Records(Past)
    known = [entry for entry in (store.get(_TABLE, "verdicts") if store is not None else None) or () if len(entry) == 2]
    for name, written in known:
        if name == key:
            try:
                past = records.read(written)
            except (ValueError, LookupError, TypeError, AttributeError):
                break
            if past.since <= now and (past.until is None or now < past.until):
                return past
    past = past_of(judge())
    if store is not None:
        try:
            newest = [key, records.written(past)]
        except Untold:
            return past
        store.put(_TABLE, "verdicts", [newest, *(entry for entry in known if entry[0] != key)][:_MOST])
        store.save()
    return past
