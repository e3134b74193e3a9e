"""Are two headlines the same, but for slips of the pen?

Only what a hand does by mistake counts: two letters of a longer word that changed places, a vowel mistaken, a letter
doubled or left out in a long word of small letters, a word run into the next, one word left out. A changed number, name
or last word is another story, and so is any word that other headlines use.

What such a slip could make of a word is often a word too (trial and trail, contacts and contracts, revolution and
resolution), and there is no dictionary here to ask: so short words are left alone, and the ends of long ones.
"""

import re
import unicodedata
from collections.abc import Container, Sequence
from typing import Final

from rapidfuzz.distance import Levenshtein

__all__ = ["MOST_SLIPS", "slips"]

MOST_SLIPS: Final = 3
_MISSPELT: Final = 1
_LEFT_OUT: Final = 2
_FEWEST_WORDS_LEFT: Final = 4
_SHORTEST_WORD: Final = 6
_LONG_WORD: Final = 8
_VERY_LONG_WORD: Final = 10
_SAME_BEFORE: Final = 3
_SAME_BEHIND: Final = 2
# longer words that are one another but for neighbours that changed places
_WORDS: Final = frozenset(
    """barely barley casual causal cavalry calvary complaint compliant discreet discrete
    marital martial nuclear unclear perfect prefect sacred scared signed singed silver sliver
    trails trials united untied""".split()
)
# what is left out with one of these is the opposite, or another number
_NOT: Final = frozenset(
    """no not non never none nobody nothing nowhere without neither nor cannot cant wont dont doesnt didnt isnt arent
    wasnt werent hasnt havent hadnt shouldnt wouldnt couldnt mustnt former ex fake false against anti almost hardly
    denies denied deny rejects rejected reject refuses refused refuse fails failed fail stops stopped stop ends ended
    avoids avoided avoid cancels cancelled canceled halts halted drops dropped unlikely
    one two three four five six seven eight nine ten eleven twelve dozen hundred hundreds thousand thousands million
    millions billion billions half
    kein keine nicht nie ohne gegen ne pas sans jamais sin nunca contra senza mai não sem niet geen nooit
    zonder لا لن لم ليس بدون""".split()
)


def slips(
    typed: Sequence[str], headline: Sequence[str], known: Container[str], small: Container[str] = ()
) -> int | None:
    """How many slips part two headlines, as words in lower case; None where they are different headlines.

    A word left out counts two. ``known`` holds the words that headlines use: one of them is never a misspelling.
    ``small`` holds the words that were typed without a capital.
    """
    count = 0
    for tag, begin, end, real_begin, real_end in _blocks(typed, headline):
        mine, real = typed[begin:end], headline[real_begin:real_end]
        if tag == "insert":
            if not _may_be_left_out(real, real_begin, typed, headline):
                return None
            count += _LEFT_OUT
        elif tag == "delete" or not _is_misspelt(mine, real, known, small, last=real_end == len(headline)):
            return None
        else:
            count += _MISSPELT
    return count if count <= MOST_SLIPS else None


def _blocks(typed: Sequence[str], headline: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """Where the words differ; differences that touch are one."""
    blocks: list[tuple[str, int, int, int, int]] = []
    for step in Levenshtein.opcodes(typed, headline):
        if step.tag == "equal":
            continue
        if blocks and blocks[-1][2] == step.src_start and blocks[-1][4] == step.dest_start:
            _, begin, _, real_begin, _ = blocks.pop()
            blocks.append(("replace", begin, step.src_end, real_begin, step.dest_end))
        else:
            blocks.append((step.tag, step.src_start, step.src_end, step.dest_start, step.dest_end))
    return blocks


def _may_be_left_out(words: Sequence[str], at: int, typed: Sequence[str], headline: Sequence[str]) -> bool:
    """One word from the middle that is no number and does not turn the sense round."""
    if len(words) != 1 or len(typed) < _FEWEST_WORDS_LEFT or at == 0 or at == len(headline) - 1:
        return False
    return words[0] not in _NOT and not _numbers(words)


def _is_misspelt(
    mine: Sequence[str], real: Sequence[str], known: Container[str], small: Container[str], *, last: bool
) -> bool:
    if len(mine) > 2 or len(real) > 2 or _numbers(mine) != _numbers(real):
        return False
    if any((word in known or word in _NOT) and word not in real for word in mine):
        return False
    typed, meant = "".join(mine), "".join(real)
    if typed == meant or _is_swapped(typed, meant):
        return True
    is_plain = len(mine) == len(real) == 1 and mine[0] in small
    return is_plain and not _numbers(mine) and (_is_doubled(typed, meant) or (not last and _is_wrong(typed, meant)))


def _is_swapped(typed: str, meant: str) -> bool:
    """Two neighbours changed places, behind the first letter of a longer word."""
    if len(typed) != len(meant) or len(meant) < _SHORTEST_WORD:
        return False
    at = _first_difference(typed, meant)
    pair = typed[at : at + 2]
    if typed in _WORDS:
        return False
    is_swap = pair == meant[at : at + 2][::-1] and typed[at + 2 :] == meant[at + 2 :]
    return is_swap and at > 0 and all(map(_is_typed, pair))


def _is_doubled(typed: str, meant: str) -> bool:
    """A letter within a long word stands twice in one of them and once in the other."""
    short, long = sorted((typed, meant), key=len)
    if len(long) - len(short) != 1 or len(short) < _LONG_WORD:
        return False
    at = _first_difference(short, long)
    is_double = at > 0 and long[at] == long[at - 1] and long[:at] + long[at + 1 :] == short
    return is_double and at < len(short) and _is_typed(long[at])


def _is_wrong(typed: str, meant: str) -> bool:
    """Deep within a long word one vowel stands for another, or a letter is missing from a very long one."""
    if len(meant) < _LONG_WORD or Levenshtein.distance(typed, meant) != 1 or len(typed) > len(meant):
        return False
    at = _first_difference(typed, meant)
    if at < _SAME_BEFORE or at + 1 > len(meant) - _SAME_BEHIND:
        return False
    if len(typed) < len(meant):
        return len(meant) >= _VERY_LONG_WORD
    return _is_vowel(typed[at]) and _is_vowel(meant[at])


def _first_difference(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (mine, real) in pairs if mine != real), min(len(one), len(other)))


def _is_typed(letter: str) -> bool:
    """Is it from a keyboard's own letters? Signs of a script without capitals change a word when they change places."""
    return letter.lower() != letter.upper()


def _is_vowel(letter: str) -> bool:
    """Is it one that sounds like the others where it is not stressed, whatever accent it has?"""
    return unicodedata.normalize("NFD", letter)[0] in "aei"


def _numbers(words: Sequence[str]) -> list[str]:
    return re.findall(r"\d+", " ".join(words))
