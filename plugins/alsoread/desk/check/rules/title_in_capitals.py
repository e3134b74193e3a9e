"""Is a whole headline in capitals?"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.saying import as_field, shown
from alsoread.desk.check.subject import Subject
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check"]

CODE: Final = "AR121"
_FEWEST_WORDS: Final = 4
_FEWEST_LETTERS: Final = 20
# a headline of abbreviations (NASA, ESA and JAXA sign) has no longer word that is in capitals
_SHORTEST_LONG_WORD: Final = 5
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# behind the end of a sentence any word has a capital
_WITHIN: Final = re.compile(r"(?<=[^\W_][ ,])[^\W\d_]+(?:['’][^\W\d_]+)*|(?<=, )[^\W\d_]+(?:['’][^\W\d_]+)*")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Headlines without a small letter, if they are more than a few abbreviations."""
    title = subject.story.title
    if title != title.upper() or not _is_shouted(title):
        return
    message = f"the whole headline is in capitals: '{shown(title)}'"
    hint = as_field("title", _as_in_body(title, subject.body.text), fenced=subject.front.fenced)
    yield subject.found(CODE, subject.place("title"), message, hint)


def _is_shouted(title: str) -> bool:
    words = _WORD.findall(title)
    # a script without case has no capitals, whatever stands beside it
    if any(not letter.isupper() for word in words for letter in word if letter not in "'’"):
        return False
    is_long = len(words) >= _FEWEST_WORDS or sum(map(len, words)) >= _FEWEST_LETTERS
    return is_long and any(len(word) >= _SHORTEST_LONG_WORD for word in words)


def _as_in_body(title: str, body: str) -> str:
    """The headline with its words as the body spells them within its sentences; one left open may be a name."""
    spelt: dict[str, set[str]] = defaultdict(set)
    for word in _WITHIN.findall(body):
        spelt[word.casefold()].add(word)
    better = _WORD.sub(lambda match: _spelt(match[0], spelt.get(match[0].casefold(), set())), title)
    better = better[:1].upper() + better[1:]
    return better if better != title else _WORD.sub(lambda match: match[0].capitalize(), title)


def _spelt(word: str, ways: set[str]) -> str:
    return next(iter(ways)) if len(ways) == 1 else word.capitalize()
