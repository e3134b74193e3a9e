"""How does a cross-link paragraph begin?

With one of the digest's labels, in capitals or with a colon (then it certainly is one), or in another spelling (then
only if what follows turns out to be a story, so that "Read the report" stays prose).
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

__all__ = ["Begin", "begins", "is_sentence", "may_begin", "without_label"]

_ONLY_BRACKETS: Final = re.compile(r"[*_\s]*\[\[[^\[\]]+\]\][*_\s.!?]*")


@dataclass(frozen=True, slots=True)
class Begin:
    """A paragraph's label as the digest spells it, and whether its typing makes it a cross-link for certain."""

    label: str
    certain: bool


def begins(line: str, labels: tuple[str, ...]) -> Begin | None:
    """The label that a line of Markdown begins with, if any; ``labels`` come longest first."""
    match = _pattern(labels).match(line) if labels else None
    if match is None or not match["rest"].strip(" *_"):
        return None
    typed = match["label"]
    # by the pattern's own reading of case, which is wider than Python's (dotless i)
    label = next(known for known in labels if re.fullmatch(_words(known), typed, re.IGNORECASE))
    certain = typed.isupper() or bool(match["colon"] or match["late_colon"])
    return Begin(label, certain)


def without_label(text: str, labels: tuple[str, ...]) -> str:
    """Plain text that begins with a label, without it."""
    match = _pattern(labels).match(text) if labels else None
    return match["rest"].strip() if match else text.strip()


def is_sentence(paragraph: str, labels: tuple[str, ...]) -> bool:
    """Is a paragraph with a label prose that links within a sentence? Then more stands behind it than brackets."""
    rest = without_label(paragraph, labels)
    return "[[" in rest and not _ONLY_BRACKETS.fullmatch(rest)


def may_begin(text: str, labels: tuple[str, ...]) -> bool:
    """Does any line of a text begin with a label, whatever marks of lists and quotations stand before it?"""
    return bool(labels) and any(map(_beginning(labels).match, text.split("\n")))


@lru_cache(maxsize=64)
def _beginning(labels: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"[ \t>*+_\-.)0-9]*(?:{'|'.join(map(_words, labels))})", re.IGNORECASE)


@lru_cache(maxsize=64)
def _pattern(labels: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(map(_words, labels))
    return re.compile(
        rf"[ ]{{0,3}}[*_]{{0,3}}(?P<label>{words})(?!-|_*[^\W_])\s*(?P<colon>[:：])?"
        r"[*_]{0,3}\s*(?P<late_colon>[:：])?(?P<rest>.*)",
        re.IGNORECASE | re.DOTALL,
    )


def _words(label: str) -> str:
    return r"\s+".join(re.escape(word) for word in label.split())
