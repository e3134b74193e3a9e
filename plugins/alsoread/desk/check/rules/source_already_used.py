"""Does a story draw on what another story draws on already?"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from urllib.parse import unquote, urlsplit

from alsoread.desk.check.saying import shown
from alsoread.desk.check.subject import Archive, Place
from alsoread.desk.check.tracking import without_tracking
from alsoread.diagnostics import Diagnostic
from alsoread.story import Story

__all__ = ["CODE", "check"]

CODE: Final = "AR705"
_OLDEST: Final = datetime(1000, 1, 1, tzinfo=UTC)
# the address of one piece of writing: a date, a long number or mark, a headline of words with hyphens between
_PIECE: Final = re.compile(
    r"/\d{4}/\d{1,2}(?!\d)|\d{4}-\d\d-\d\d|\d{5,}|\b(?=[a-z]*\d[a-z]*\d)[a-z\d]{10,}\b|"
    r"[^\W_]+(?:[-_+][^\W_]+){4}|\.(?:pdf|docx?)(?!\w)",
    re.IGNORECASE,
)


def check(archive: Archive) -> Iterator[Diagnostic]:
    """Addresses that are a source of several stories; told at all but the oldest, and not of translations."""
    used: dict[str, list[tuple[Story, str, Place]]] = defaultdict(list)
    for story in archive.stories.values():
        for address, line, column in archive.cards[story.path].sources:
            normal = _normal(address)
            if normal:
                used[normal].append((story, address, (line, column)))
    for uses in used.values():
        first, *others = sorted(uses, key=lambda use: _oldest_first(use[0]))
        for story, address, where in others:
            if _original(archive, story) != _original(archive, first[0]):
                message = f"'{shown(address)}' is a source of {first[0].path} already"
                hint = "say what is new, or link the older story and drop this one"
                yield Diagnostic(story.path, *where, CODE, message, hint)


def _original(archive: Archive, story: Story) -> str:
    return archive.digest.originals.get(story.path, story.slug)


def _oldest_first(story: Story) -> tuple[bool, datetime, str]:
    return story.status == "draft", story.date or _OLDEST, story.path


def _normal(address: str) -> str:
    """An address without what makes no difference; nothing where it is that of a site, or of a part of one."""
    try:
        parts = urlsplit(without_tracking(address))
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return ""
    path = unquote(parts.path).rstrip("/")
    if not _PIECE.search(f"{path}?{parts.query}"):
        return ""
    query = "&".join(sorted(parts.query.split("&")))
    return f"{host}{'' if port in (None, 80, 443) else f':{port}'}{path}?{query}"
