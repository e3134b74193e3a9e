"""Is a file text that may be published, character by character?

Strict UTF-8; no control characters but tab and line ends, no noncharacters (The Unicode Standard, section 23.7), and no
bidirectional embeddings, overrides and isolates (Unicode Standard Annex 9), which let a text read otherwise than it is
stored.
"""

import re
from typing import Final, NamedTuple

from alsoread.diagnostics import Diagnostic

__all__ = ["MARKS", "BadCharacter", "bad_character", "decode", "is_forbidden", "place"]

# in a character class: accents and vowel signs that stand as characters of their own, which \w leaves out
MARKS: Final = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u0670\u06d6-\u06ed\u0730-\u074a\u0900-\u0963"
    "\u0966-\u0dff\u0e31-\u0e4e\u0eb1-\u0ece\u0f71-\u0f84\u102b-\u103e\u17b4-\u17d3\u3099\u309a"
)
_BIDI: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_NONCHARACTERS: Final = "\ufdd0-\ufdef" + "".join(
    chr(plane * 0x10000 + end) for plane in range(17) for end in (0xFFFE, 0xFFFF)
)
_FORBIDDEN: Final = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff{_NONCHARACTERS}]")
# with every character beyond the first plane: the few that are forbidden there make a search twenty times as slow
_SUSPECT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    "\ufdd0-\ufdef\ufffe\uffff\U00010000-\U0010ffff]"
)
_HARMLESS: Final = b"\t\n\r" + bytes(range(0x20, 0x7F))
_BOM: Final = "\ufeff"


class BadCharacter(NamedTuple):
    """A character that may not be published: where it stands in the text, and what to say about it."""

    offset: int
    char: str
    code: str
    message: str
    hint: str


def decode(data: bytes, path: str) -> tuple[str, tuple[Diagnostic, ...]]:
    """The text of a file, its line ends made line feeds, and what is wrong with it.

    Where there is an error among the findings the text is empty.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = _with_line_feeds(data[: error.start].decode("utf-8").removeprefix(_BOM))
        line, column = place(before, len(before))
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        return "", (Diagnostic(path, line, column, "AR003", message, "save the file in the encoding UTF-8"),)
    findings = []
    if text.startswith(_BOM):
        text = text[1:]
        hint = "save the file as UTF-8 without a byte order mark"
        findings.append(Diagnostic(path, 1, 1, "AR006", "the file begins with a byte order mark", hint))
    text = _with_line_feeds(text)
    bad = bad_character(text)
    if bad:
        return "", (*findings, Diagnostic(path, *place(text, bad.offset), bad.code, bad.message, bad.hint))
    return text, tuple(findings)


def bad_character(text: str) -> BadCharacter | None:
    """The first character of a text that may not be published; a bidirectional control comes before all others."""
    if text.isascii():
        # many times as quick as the search
        if not text.encode().translate(None, _HARMLESS):
            return None
    elif not _SUSPECT.search(text):
        return None
    bad = _BIDI.search(text)
    if bad:
        message = f"bidirectional control U+{ord(bad[0]):04X}: the text reads otherwise than it is stored"
        hint = "remove it; for single words of the other direction U+200E and U+200F are enough"
        return BadCharacter(bad.start(), bad[0], "AR005", message, hint)
    bad = _FORBIDDEN.search(text)
    if bad:
        message = f"character U+{ord(bad[0]):04X} may not stand in a text"
        return BadCharacter(bad.start(), bad[0], "AR004", message, "remove it")
    return None


def is_forbidden(char: str) -> bool:
    """May this character not stand in a story's file? (A byte order mark may, at its beginning only.)"""
    return bool(_BIDI.match(char) or _FORBIDDEN.match(char))


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of a character in a text."""
    before = text[:offset]
    return before.count("\n") + 1, len(before) - before.rfind("\n")
