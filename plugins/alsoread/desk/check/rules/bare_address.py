"""Does an address stand in the text that nobody can follow?"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from alsoread.desk.check.markdown import Scan, blanked, scan
from alsoread.desk.check.repair import Repair, replaced
from alsoread.desk.check.saying import shown
from alsoread.desk.check.subject import Place, Subject
from alsoread.desk.rewrite import front_matter
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check", "fix"]

CODE: Final = "AR207"
# letters of scripts that put no spaces between words do not belong to an address that they follow
_CHARACTER: Final = r"[!#-&(-;=?-Z_a-z~\u00c0-\u1fff]"
_ADDRESS: Final = re.compile(
    rf"(?<![A-Za-z0-9_/@.=])(?:https?://(?:[\w-]+\.)+\w|www\.(?:[\w-]+\.)+[A-Za-z]{{2}}){_CHARACTER}{{0,2000}}",
    re.IGNORECASE,
)
_ENDS: Final = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[lr]?[ds]?quo|quot|[lg]t|nbsp)\b", re.IGNORECASE)
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_BEHIND: Final = ".,;:!?*_)"
_OPAQUE: Final = re.compile(r"<(a|code|pre|kbd|samp)\b[^<>]*>|(?P<end></(?:a|code|pre|kbd|samp)\s*>)", re.IGNORECASE)
_TEMPLATE: Final = re.compile(r"\{\{[^{}]{0,1000}\}\}|\{%[^{}%]{0,1000}%\}|\[\[[^\[\]]{0,1000}\]\]")
# what may belong to the address, or be read together with it
_TOUCHES: Final = re.compile(r"[\[|^{}\\`]|!\[|'?[^\W\d_]|'\d|[_*]{1,9}[^\s_*.,;:!?)]")
_CUT_ENTITY: Final = re.compile(r"&#?\w{1,40};\Z")
_EMPHASIS: Final = re.compile(r"\*|(?<!\w)_|_(?!\w)")
_NAMED: Final = re.compile(r"\[[^\[\]\n]{0,1000}\](?=\[)")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Addresses in running text that no Markdown makes a link."""
    if not _may_have_addresses(subject.front.body):
        return
    for at, address in _bare(subject.markdown, subject.front.body):
        message = f"the address '{shown(address)}' is no link, and cannot be followed"
        plain = _ESCAPED.sub(r"\1", address)
        hint = f"<{plain}>" if _has_scheme(address) else f"<https://{plain}>"
        yield subject.found(CODE, subject.in_body(at), message, hint)


def fix(repair: Repair) -> str | None:
    """The address in the signs that make it a link; None where what touches it may be read in another way then."""
    front = front_matter(repair.text)
    where = (repair.finding.line - front.body_line + 1, repair.finding.column) if front is not None else (0, 0)
    found = _found_in(front.body).get(where) if front is not None else None
    if front is None or found is None or not _has_scheme(found[1]) or _is_in_doubt(front.body, *found):
        return None
    return replaced(repair, found[1], f"<{found[1]}>")


@lru_cache(maxsize=4)
def _found_in(body: str) -> dict[Place, tuple[int, str]]:
    """The bare addresses of a body by line and column: each of them is put right by itself."""
    lines = [0, *(match.end() for match in re.finditer("\n", body))]
    found = {}
    for at, address in _bare(scan(body), body):
        line = bisect_right(lines, at)
        found[line, at - lines[line - 1] + 1] = (at, address)
    return found


def _is_in_doubt(body: str, at: int, address: str) -> bool:
    """Whether the signs around an address may part what Markdown reads together."""
    end = at + len(address)
    if (
        _CUT_ENTITY.search(body, at, end + 1)
        or "\\" in address
        or body.endswith(("](", "<"), 0, at)
        or _TOUCHES.match(body, end)
    ):
        return True
    signs = {match[0] for match in _EMPHASIS.finditer(address)}
    if not signs:
        return False
    first, last = body.rfind("\n\n", 0, at) + 1, body.find("\n\n", end)
    around = (body[first:at], body[end : last if last >= 0 else len(body)])
    return any(match[0] in signs for part in around for match in _EMPHASIS.finditer(part))


def _may_have_addresses(text: str) -> bool:
    return "://" in text or "www." in text.lower()


def _has_scheme(address: str) -> bool:
    return address.lower().startswith("http")


def _bare(found: Scan, body: str) -> Iterator[tuple[int, str]]:
    text = blanked(found.prose, sorted(_elsewhere(found)))
    if not _may_have_addresses(text):
        return
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
    prose = found.prose
    if "{{" in prose or "{%" in prose or "[[" in prose:
        yield from (match.span() for match in _TEMPLATE.finditer(prose))
    if "][" in prose:
        yield from (match.span() for match in _NAMED.finditer(prose))
    if "<" not in found.plain:
        return
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
