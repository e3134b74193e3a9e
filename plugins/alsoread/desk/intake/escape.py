"""How does plain text stay plain where Markdown is read?

By a backslash before what would be markup; by an entity where Python-Markdown would show the backslash.
"""

import html
import re
from typing import Final

from alsoread.news.labels import begins, without_label

__all__ = ["escaped_line", "escaped_text", "is_crosslink", "literal"]

_SIGNS: Final = re.compile(r"[\\`*\[{<]|(?<![^\W_])_|_(?![^\W_])|&(?=[A-Za-z#])|~(?=~)|(?<=~)~")
# Python-Markdown takes a backslash before these for one, so they are written as entities
_ENTITIES: Final = {"<": "&lt;", "&": "&amp;", "~": "&#126;"}
_OPENINGS: Final = (
    # headings, quotations, lists, admonitions
    (re.compile(r"(?=[#>]|[-+](?:\s|$)|!!!)"), r"\\"),
    (re.compile(r"(\d+)(?=[.)](?:\s|$))"), r"\1\\"),
    # rules, and the lines below a heading or a table's head
    (re.compile(r"([|:\s]*)(?=-[-|:\s]*$)"), r"\1\\"),
    (re.compile(r"=(?==*$)"), "&#61;"),
    # definitions
    (re.compile(r":(?=\s)"), "&#58;"),
)
_KEY: Final = re.compile(r"(\[\[[A-Za-z0-9][A-Za-z0-9.:-]*\]\](?!\())")


def escaped_line(line: str, labels: tuple[str, ...]) -> str:
    """A line of plain text as Markdown that reads the same; a cross-link keeps its label, and a ``[[key]]``."""
    if not is_crosslink(line, labels):
        return escaped_text(line)
    target = without_label(line, labels)
    parts = _KEY.split(target)
    return line.removesuffix(target) + "".join(part if _KEY.fullmatch(part) else _inline(part) for part in parts)


def escaped_text(line: str) -> str:
    """A line of prose as Markdown that reads the same."""
    for opening, replacement in _OPENINGS:
        match = opening.match(line)
        if match:
            return match.expand(replacement) + _inline(line[match.end() :])
    return _inline(line)


def literal(headline: str) -> str:
    """A headline for the front matter, where character references are read: what looks like one is written as typed."""
    return headline if html.unescape(headline) == headline else re.sub(r"&(?=[A-Za-z#])", "&amp;", headline)


def _inline(text: str) -> str:
    return _SIGNS.sub(lambda match: _ENTITIES.get(match[0], "\\" + match[0]), text)


def is_crosslink(line: str, labels: tuple[str, ...]) -> bool:
    """Is a line a cross-link for certain? Then it stays as it was typed."""
    begin = begins(line, labels)
    return begin is not None and begin.certain


# -- headline, summary
