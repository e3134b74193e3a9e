"""Does a word hold letters of another script that look like its own?"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from alsoread.desk.check.saying import as_field, shown
from alsoread.desk.check.subject import Place, Subject
from alsoread.diagnostics import Diagnostic
from alsoread.news.frontmatter import Scalar

__all__ = ["CODE", "check"]

CODE: Final = "AR126"
_MARKS: Final = "\u0300-\u036f"
_LATIN: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
_GREEK: Final = "\u0370-\u03ff\u1f00-\u1fff"
_CYRILLIC: Final = "\u0400-\u052f"
_WORD: Final = re.compile(f"[{_LATIN}{_GREEK}{_CYRILLIC}{_MARKS}]+")
_SCRIPTS: Final = {
    "Latin": re.compile(f"[{_LATIN}]+"),
    "Greek": re.compile(f"[{_GREEK}]+"),
    "Cyrillic": re.compile(f"[{_CYRILLIC}]+"),
}
# by script the letters that look like those of Latin below them; small Greek letters that stand for quantities do not
_LIKE_LATIN: Final = {
    "Cyrillic": ("АВЕЅІЈКМНОРСТХԚԜаеѕіјорсухһԁԛԝ", "ABESIJKMHOPCTXQWaesijopcyxhdqw"),
    "Greek": ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo"),
}
_LIKE: Final = {
    ("Cyrillic", "Latin"): dict(zip(*_LIKE_LATIN["Cyrillic"], strict=True)),
    ("Greek", "Latin"): dict(zip(*_LIKE_LATIN["Greek"], strict=True)),
    # a Latin I stands for the palochka of languages of the Caucasus, which few keyboards have
    ("Latin", "Cyrillic"): {like: own for own, like in zip(*_LIKE_LATIN["Cyrillic"], strict=True) if like != "I"},
    ("Latin", "Greek"): {like: own for own, like in zip(*_LIKE_LATIN["Greek"], strict=True)},
}
# more in a row are a word or an abbreviation of its own with an ending of the other script
_LONGEST_RUN: Final = 2


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The first such word of the headline, and of each tag."""
    title = subject.story.title
    for what, text, place in (("headline", title, subject.place("title")), *_tags(subject)):
        found = next(_mixed(text), None)
        if found is not None:
            word, better, at = found
            char = word[at]
            message = (
                f"the word '{shown(word)}' of the {what} has {unicodedata.name(char)} (U+{ord(char):04X}) as letter "
                f"{at + 1}, where {unicodedata.name(better[at])} looks the same"
            )
            corrected = text.replace(word, better)
            if what == "headline":
                corrected = as_field("title", corrected, fenced=subject.front.fenced)
            yield subject.found(CODE, place, message, corrected)


def _tags(subject: Subject) -> Iterable[tuple[str, str, Place]]:
    for node in subject.items("tags"):
        if isinstance(node, Scalar) and not node.text.isascii():
            yield "tag", " ".join(node.text.split()), (node.line, node.column)


def _mixed(text: str) -> Iterator[tuple[str, str, int]]:
    """Words that are of one script but for a few letters that look alike: as typed, as meant, and where they differ."""
    for word in () if text.isascii() else _WORD.findall(text):
        runs = {script: letters.findall(word) for script, letters in _SCRIPTS.items()}
        present = sorted((sum(map(len, found)), script) for script, found in runs.items() if found)
        if len(present) != 2 or present[0][0] == present[1][0]:
            continue
        (_, foreign), (_, native) = present
        better = _corrected(word, runs[foreign], _LIKE.get((foreign, native), {}))
        if better:
            yield word, better, next(at for at, char in enumerate(word) if char != better[at])


def _corrected(word: str, foreign: list[str], like: dict[str, str]) -> str:
    """A word with its own letters for those that look alike; empty where that is in doubt."""
    has_small = word != word.upper()
    is_abbreviation = has_small and any(len(run) > 1 and run.isupper() for run in foreign)
    if is_abbreviation or any(len(run) > _LONGEST_RUN or not set(run) <= set(like) for run in foreign):
        return ""
    return "".join(like.get(char, char) for char in word)
