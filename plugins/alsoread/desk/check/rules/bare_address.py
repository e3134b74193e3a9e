"""Does an address stand in the text that nobody can follow?"""

import re
from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.markdown import Scan, blanked
from alsoread.desk.check.repair import Repair, replaced
from alsoread.desk.check.saying import shown
from alsoread.desk.check.subject import Subject
from alsoread.desk.rewrite import offset_of
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check", "fix"]

CODE: Final = "AR207"
# letters of scripts that put no spaces between words do not belong to an address that they follow
_CHARACTER: Final = r"[!#-;=?-Z\[\]_a-z~\u00c0-\u1fff]"
_ADDRESS: Final = re.compile(
    rf"(?<![A-Za-z0-9_/@.=])(?:https?://(?:[\w-]+\.)+\w|www\.(?:[\w-]+\.)+[A-Za-z]{{2}}){_CHARACTER}{{0,2000}}",
    re.IGNORECASE,
)
_ENDS: Final = re.compile(r"\]\(|&(?:#\d+|#x[0-9a-f]+|[lr]?[ds]?quo|quot|[lg]t|nbsp)\b", re.IGNORECASE)
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_BEHIND: Final = ".,;:!?'*_])"
_OPAQUE: Final = re.compile(r"<(a|code|pre|kbd|samp)\b[^<>]*>|(?P<end></(?:a|code|pre|kbd|samp)\s*>)", re.IGNORECASE)
_TEMPLATE: Final = re.compile(r"\{\{[^{}]{0,1000}\}\}|\{%[^{}%]{0,1000}%\}|\[\[[^\[\]]{0,1000}\]\]")
_NAMED: Final = re.compile(r"\[[^\[\]\n]{0,1000}\](?=\[)")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Addresses in running text that no Markdown makes a link."""
    if "://" not in subject.front.body and "www." not in subject.front.body.lower():
        return
    for at, address in _bare(subject.markdown, subject.front.body):
        message = f"the address '{shown(address)}' is no link, and cannot be followed"
        plain = _ESCAPED.sub(r"\1", address)
        hint = f"<{plain}>" if _has_scheme(address) else f"<https://{plain}>"
        yield subject.found(CODE, subject.in_body(at), message, hint)


def fix(repair: Repair) -> str | None:
    """The address in the signs that make it a link."""
    at = offset_of(repair.text, repair.finding.line, repair.finding.column)
    match = _ADDRESS.match(repair.text, at)
    behind = repair.text[match.end() : match.end() + 1] if match is not None else ""
    if match is None or repair.text[:at].endswith("](") or behind == "\\" or behind.isalpha():
        return None
    address = _without_what_follows(match[0])
    return replaced(repair, address, f"<{address}>") if _has_scheme(address) else None


def _has_scheme(address: str) -> bool:
    return address.lower().startswith("http")


def _bare(found: Scan, body: str) -> Iterator[tuple[int, str]]:
    text = blanked(found.prose, sorted(_elsewhere(found)))
    defined = {each.words.casefold() for each in found.references if each.words}
    for match in _ADDRESS.finditer(text):
        address = _without_what_follows(match[0])
        end = match.start() + len(address)
        is_named = text.startswith("[", match.start() - 1) and text.startswith("]", end)
        is_words = is_named and (text.startswith("](", end) or address.casefold() in defined)
        if not is_words and not _is_in_broken_link(text, match.start(), end):
            yield match.start(), body[match.start() : end]


def _elsewhere(found: Scan) -> Iterator[tuple[int, int]]:
    """What is a link, code or a template's already, or will be no text."""
    yield from ((each.start, each.end) for each in found.references)
    yield from (match.span() for pattern in (_TEMPLATE, _NAMED) for match in pattern.finditer(found.prose))
    begin = -1
    for match in _OPAQUE.finditer(found.plain):
        if match["end"] and begin >= 0:
            yield begin, match.end()
            begin = -1
        elif not match["end"] and begin < 0:
            begin = match.start()


def _is_in_broken_link(text: str, start: int, end: int) -> bool:
    """Whether it stands in the brackets of a link that Markdown reads, spaces and all."""
    return (
        text[max(0, start - 40) : start].rstrip(" ").endswith("](") and ")" in text[end : end + 500].partition("\n")[0]
    )


def _without_what_follows(address: str) -> str:
    """An address without the signs behind it that belong to the sentence."""
    address = _ENDS.split(address, maxsplit=1)[0]
    end, surplus = len(address), address.count(")") - address.count("(")
    while address[end - 1] in _BEHIND and (address[end - 1] != ")" or surplus > 0):
        surplus -= address[end - 1] == ")"
        end -= 1
    return address[:end]
