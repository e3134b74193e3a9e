"""Does a time of day leave open in which zone it is?"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from alsoread.desk.check.repair import Repair
from alsoread.desk.check.subject import Subject
from alsoread.desk.rewrite import front_matter, offset_of
from alsoread.diagnostics import Diagnostic
from alsoread.news.frontmatter import Scalar
from alsoread.settings import DigestSettings

__all__ = ["CODE", "check", "fix"]

CODE: Final = "AR125"
# of a date the zone of the digest is meant; with these two a few hours decide what readers see
_FIELDS: Final = ("embargo_until", "expires")
_WITHOUT_ZONE: Final = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[Tt]|[ \t]+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?"
)
_WHOLE_MINUTES: Final = re.compile(r"[+-]\d{2}:\d{2}")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Dates with a time and no zone, which are read in the digest's own."""
    for name in _FIELDS:
        node = subject.node(name)
        # a page has some of these names for nothing, and then anything may stand there
        is_read = getattr(subject.story, name) is not None
        if is_read and isinstance(node, Scalar) and _WITHOUT_ZONE.fullmatch(node.text.strip()):
            typed, offset = node.text.strip(), _offset(node.text.strip(), subject.settings)
            message = f"'{name}' is {typed} in no zone; it is read as one in {subject.settings.timezone.key}"
            hint = f"{name}: {typed}{offset}" if offset else f"{name}: {typed}Z  # or the zone that it is in"
            yield subject.found(CODE, (node.line, node.column), message, hint)


def fix(repair: Repair) -> str | None:
    """The text with the offset of the digest's zone behind the time; None where that is not one of whole minutes."""
    front = front_matter(repair.text)
    place = (repair.finding.line, repair.finding.column)
    nodes = [node for _, node in front.fields.entries] if front is not None else []
    node = next((each for each in nodes if (each.line, each.column) == place), None)
    typed = node.text.strip() if isinstance(node, Scalar) else ""
    offset = _offset(typed, repair.archive.settings)
    at = offset_of(repair.text, *place)
    at += repair.text[at : at + 1] in ("'", '"')
    if not offset or not repair.text.startswith(typed, at):
        return None
    return repair.text[: at + len(typed)] + offset + repair.text[at + len(typed) :]


def _offset(typed: str, settings: DigestSettings) -> str:
    """The offset of the digest's zone at a time by its clocks; empty where it has seconds, as of old."""
    match = _WITHOUT_ZONE.fullmatch(typed)
    if match is None:
        return ""
    year, month, day, hour, minute, second = (int(group or 0) for group in match.groups())
    offset = datetime(year, month, day, hour, minute, second, tzinfo=settings.timezone).isoformat()[19:]
    return offset if _WHOLE_MINUTES.fullmatch(offset) else ""
