"""How does a cross-link that was understood by a guess become one that cannot be misunderstood?

The finding is made where cross-links are resolved (``news.links``); here is what puts it right.
"""

from typing import Final

from alsoread.desk.check.repair import Repair, replaced
from alsoread.desk.check.subject import Archive
from alsoread.desk.rewrite import offset_of
from alsoread.news.crosslinks import Resolution
from alsoread.story import CrossLink

__all__ = ["CODE", "fix"]

CODE: Final = "AR405"


def fix(repair: Repair) -> str | None:
    """The line with ``[[id|words]]``: it leads where it led, and shows the words that were typed."""
    digest, finding = repair.archive.digest, repair.finding
    crosslinks = digest.bodies[finding.path].crosslinks
    for crosslink, resolution in zip(crosslinks, digest.resolutions.get(finding.path, ()), strict=False):
        if (crosslink.line, crosslink.column) == (finding.line, finding.column):
            return _by_key(repair, crosslink, resolution)
    return None


def _by_key(repair: Repair, crosslink: CrossLink, resolution: Resolution) -> str | None:
    key = _key(resolution.path, repair.archive)
    if not key or crosslink.inline or crosslink.href or set("[]|") & set(crosslink.text):
        return None
    line = repair.text[offset_of(repair.text, repair.finding.line, repair.finding.column) :].partition("\n")[0]
    before, words, behind = line.partition(crosslink.text)
    return replaced(repair, line, f"{before}[[{key}|{words}]]{behind}") if words else None


def _key(path: str, archive: Archive) -> str:
    """What means this story and no other, or nothing."""
    target = archive.stories.get(path)
    if target is None:
        return ""
    taken = [name.casefold() for story in archive.stories.values() for name in {story.id, story.slug}]
    return next((key for key in (target.id, target.slug) if taken.count(key.casefold()) == 1), "")
