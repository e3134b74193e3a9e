"""Is a paragraph too long to be read on a telephone?"""

import re
from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.subject import Subject
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check"]

CODE: Final = "AR208"
_MOST_WORDS: Final = 250
_MOST_CHARACTERS: Final = 1500
# entries of lists, quotations, definitions and notes begin paragraphs of their own
_BEGINS: Final = re.compile(
    r"^[ \t]*(?:[*+-]|\d{1,9}[.)]|>|:|\[\^[^\]\n]{1,100}\]:)(?=[ \t\n])|^[ \t]*>?[ \t]*$", re.MULTILINE
)
_WORD: Final = re.compile(r"\S+")
# letters of scripts that put no spaces between words
_LETTER: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The first paragraph of more than 250 words, and how many there are."""
    long = [each for each in _paragraphs(subject) if each[1]]
    if long:
        at, length = long[0]
        others = f"; so are {len(long) - 1} others" if len(long) > 2 else "; so is another" if long[1:] else ""
        message = f"the paragraph is too long: it has {length}{others}"
        yield subject.found(CODE, subject.in_body(at), message, "put an empty line where a new thought begins")


def _paragraphs(subject: Subject) -> Iterator[tuple[int, str]]:
    """Where each paragraph begins, and how long it is if that is too long."""
    prose = subject.markdown.prose
    for block in subject.markdown.blocks:
        if len(block.text) <= _MOST_CHARACTERS // 2:
            continue
        ends = [*(match.start() for match in _BEGINS.finditer(block.text)), len(block.text)]
        begin = 0
        for end in ends:
            yield block.at + begin, _too_long(prose[block.at + begin : block.at + end])
            begin = end


def _too_long(text: str) -> str:
    words = sum(1 for _ in _WORD.finditer(text))
    if words > _MOST_WORDS:
        return f"{words:,} words, more than {_MOST_WORDS}"
    letters = sum(1 for _ in _LETTER.finditer(text))
    return f"{letters:,} characters, more than {_MOST_CHARACTERS:,}" if letters > _MOST_CHARACTERS else ""
