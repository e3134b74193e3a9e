"""Is something left in the text that was meant for a machine, or for later?"""

import re
from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.saying import shown
from alsoread.desk.check.subject import Subject
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check"]

CODE: Final = "AR209"
_TEMPLATE: Final = re.compile(r"(?<![\w}\\{^])\{\{[^{}]{1,1000}\}\}|\{%[^{}%]{1,1000}%\}")
_OF_CONFLICTS: Final = ("<<<<<<<", ">>>>>>>", "=======")
_CONFLICT: Final = re.compile(r"^(?:<{7} \S[^\n]*|>{7} \S[^\n]*|={7}$)", re.MULTILINE)
_OF_NOTES: Final = ("TODO", "FIXME", "TK", "XXX")
_LATER: Final = re.compile(rf"(?<![\w/.@#&$%?=+:-])(?:{'|'.join(_OF_NOTES)})(?![\w/@=-]|\.\w)")
# languages in which TODO says "all"
_WORD_IN: Final = frozenset({"es", "pt", "it", "gl", "ca"})
_NEIGHBOUR: Final = re.compile(r"[^\W_]+")
_LOREM: Final = re.compile(r"\blorem ipsum dolor\b", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"\[\[(?!\[)")
_MERGED: Final = "keep the one text or the other, and remove the lines of <<<<<<<, ======= and >>>>>>>"
_EMPTY_LINE: Final = re.compile(r"\n[ \t]*\n")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Marks of templates and of merging, notes to oneself, filler, and brackets that nothing closes."""
    plain, prose = subject.markdown.plain, subject.markdown.prose
    ways: tuple[tuple[Iterator[tuple[int, str]], str, str], ...] = (
        (_templates(plain), "is a mark of another generator's templates", "write what it stood for, or remove it"),
        (_conflicts(plain), "is a mark that merging left behind", _MERGED),
        (_notes(prose, subject.story.lang), "is a note to oneself", "do what is left to do, and remove the note"),
        (_filler(prose), "is filler", "write the text, or remove the filler"),
        (_unclosed(prose), "begins a cross-link that is never closed", "[[the headline of the story]]"),
    )
    for found, what, hint in ways:
        for at, text in found:
            yield subject.found(CODE, subject.in_body(at), f"'{shown(text)}' {what}", hint)


def _templates(prose: str) -> Iterator[tuple[int, str]]:
    if "{{" in prose or "{%" in prose:
        yield from ((match.start(), match[0]) for match in _TEMPLATE.finditer(prose))


def _conflicts(prose: str) -> Iterator[tuple[int, str]]:
    """The first line of each conflict; of what is left of one its last."""
    is_open = False
    if not any(mark in prose for mark in _OF_CONFLICTS):
        return
    for match in _CONFLICT.finditer(prose):
        if match[0].startswith("<") or (match[0].startswith(">") and not is_open):
            yield match.start(), match[0]
        is_open = match[0].startswith("<") or (is_open and match[0].startswith("="))


def _notes(prose: str, lang: str) -> Iterator[tuple[int, str]]:
    """Words that say that something is missing, and are no part of a name or of a text in capitals."""
    is_word = lang.partition("-")[0] in _WORD_IN
    if not any(word in prose for word in _OF_NOTES):
        return
    for match in _LATER.finditer(prose):
        if is_word and match[0] == "TODO" and not prose.startswith(":", match.end()):
            continue
        behind = _NEIGHBOUR.match(prose, match.end() + 1) if prose[match.end() : match.end() + 1] == " " else None
        words = prose[max(0, match.start() - 40) : match.start()].split()
        before = words[-1] if words and prose[match.start() - 1] == " " else ""
        if not (_is_of_name(behind[0] if behind else "", match[0]) or _is_of_name(before, match[0])):
            yield match.start(), match[0]


def _is_of_name(word: str, mark: str) -> bool:
    """Whether a word beside the mark makes another word of it: "Super Bowl XXX", "TK 1951", "TODO EL MUNDO"."""
    bare = word.strip("\"'“”‘’(*_")
    if mark in ("TODO", "FIXME"):
        return len(bare) > 1 and bare.isupper() and bare not in ("TODO", "FIXME")
    return bare[:1].isupper() or bare.isdigit()


def _filler(prose: str) -> Iterator[tuple[int, str]]:
    if "dolor" in prose.lower():
        yield from ((match.start(), match[0]) for match in _LOREM.finditer(prose))


def _unclosed(prose: str) -> Iterator[tuple[int, str]]:
    begin = 0
    if "[[" not in prose:
        return
    for end in (*(match.start() for match in _EMPTY_LINE.finditer(prose)), len(prose)):
        opened = [match.start() for match in _BRACKETS.finditer(prose, begin, end)]
        # the last is the only one that nothing behind it can have closed
        if opened and prose.find("]]", opened[-1], end) < 0:
            rest = prose[opened[-1] : end]
            if rest.count("[") > rest.count("]"):
                yield opened[-1], rest
        begin = end
