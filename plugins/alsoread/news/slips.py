"""Are two headlines the same, but for slips of the pen?

Only what a hand does by mistake counts: two letters that changed places, a letter doubled or not doubled, one letter
wrong in a long word of small letters, a word run into the next, one small word left out. A changed number, name or
last word is another story, and so is any word that other headlines use.
"""

from collections.abc import Container, Sequence
from typing import Final

from rapidfuzz.distance import Levenshtein

__all__ = ["MOST_SLIPS", "slips"]

MOST_SLIPS: Final = 3
_MISSPELT: Final = 1
_LEFT_OUT: Final = 2
_FEWEST_WORDS_LEFT: Final = 4
_SHORTEST_WORD: Final = 4
_LONG_WORD: Final = 8
# what is left out with one of these is the opposite
_NOT: Final = frozenset(
    "no not non never none without neither nor kein nicht ne pas sin sans senza não nao niet لا".split()
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
    return words[0] not in _NOT and not _has_digit(words[0])


def _is_misspelt(
    mine: Sequence[str], real: Sequence[str], known: Container[str], small: Container[str], *, last: bool
) -> bool:
    typed, meant = "".join(mine), "".join(real)
    if len(mine) > 2 or len(real) > 2 or _digits(typed) != _digits(meant):
        return False
    if typed == meant:
        return True
    if any(word in known and word not in real for word in mine) or min(len(typed), len(meant)) < _SHORTEST_WORD:
        return False
    if _is_swapped(typed, meant) or _is_doubled(typed, meant):
        return True
    is_plain = len(mine) == len(real) == 1 and mine[0] in small and not last and not _has_digit(typed)
    return is_plain and len(meant) >= _LONG_WORD and typed[0] == meant[0] and Levenshtein.distance(typed, meant) == 1


def _is_swapped(typed: str, meant: str) -> bool:
    """Two neighbours changed places."""
    if len(typed) != len(meant):
        return False
    at = next(place for place, (mine, real) in enumerate(zip(typed, meant, strict=True)) if mine != real)
    pair = typed[at : at + 2]
    return pair == meant[at : at + 2][::-1] and typed[at + 2 :] == meant[at + 2 :] and not _has_digit(pair)


def _is_doubled(typed: str, meant: str) -> bool:
    """A letter stands twice in one of them and once in the other."""
    short, long = sorted((typed, meant), key=len)
    if len(long) - len(short) != 1:
        return False
    at = next((place for place, char in enumerate(short) if char != long[place]), len(short))
    return at > 0 and long[at] == long[at - 1] and long[:at] + long[at + 1 :] == short and long[at].isalpha()


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))
