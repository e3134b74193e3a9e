"""What does a story say, in terms that can be compared?

Its terms are words, pairs of neighbouring words, and topics. A term weighs more the fewer stories carry it, so a topic
that half of the digest is filed under counts for little. Each story is weighed with the figures of the day it arrived:
a newcomer never changes the description of an older story (but the first stories are weighed together). Weights are
whole numbers made without logarithms, so that every machine adds up the same figures.

A term is known by a number that is made of the term alone (BLAKE2b), so what was found in one run is of use in another.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import blake2b
from itertools import chain, islice, pairwise
from math import isqrt
from operator import mul
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, TypeVar

from alsoread.news.characters import MARKS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "FIRST_TOPIC",
    "FULL",
    "HEAD",
    "INDEXED",
    "LEAD",
    "LONGEST",
    "PAIR",
    "PAIRS",
    "SPARSE",
    "STRIKING",
    "TITLE",
    "TOLD",
    "TOPIC",
    "WANTED",
    "Arrival",
    "Carriers",
    "Kept",
    "Profile",
    "Subject",
    "Tally",
    "Terms",
    "arrive",
    "bare",
    "describe",
    "idle_words",
    "is_pair",
    "language_of",
    "least_striking",
    "pair_number",
    "read_words",
    "spellings_of",
    "tally_of",
    "topic_number",
]

TITLE, LEAD = 3, 1  # times that a word of the headline, of the lead, counts besides those in the text
PAIR = 5  # how much a pair of words weighs, in quarters
TOPIC = 8  # how much a topic weighs; a word that is used once has 4
HEAD = 64  # the oldest stories: their terms are counted over all of them together
INDEXED = 32  # terms under which a story can be found
WANTED = 150  # terms under which it looks for older ones
TOLD = 12  # terms that two stories share, in which a reason is sought
STRIKING = 80  # words and topics in which a reason is sought: the strongest, and the pairs that weigh as much
LONGEST = 50_000  # characters of a text that are read
MOST_TERMS = 65_535  # of each kind in one story

PAIRS: Final = 1 << 24  # places in which pairs are counted: two that share one count as the same
_PAIR: Final = 1 << 31  # numbers from here on are those of pairs, and of topics
FIRST_TOPIC: Final = 3 << 30
NO_WORD: Final = -1
_PRIME: Final = 1_073_741_789  # the largest below 2**30
_SPREAD: Final = 2_654_435_769
FULL: Final = 65_535  # so many stories at most are counted for a place
SPARSE: Final = 200_000  # places that are counted in a table

_WORD: Final = re.compile(rf"\w[\w'\u2019{MARKS}]*")
_TYPED: Final = (("\u2019", "'"), *((mark, " ") for mark in "\u00a0\u2013\u2014\u2018\u201c\u201d\u2026"))
_CUTS: Final = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) in "_'")}
_UNSPACED: Final = frozenset({"zh", "ja", "th", "lo", "km", "my"})  # no spaces: each character is taken for a word
# Words that say nothing in English, with days and months. Other languages manage: what all stories say weighs little.
_COMMON: Final = frozenset(
    """a about above after again against all also am an and any are as at be because been before being below between
    both but by can could did do does doing down during each few for from further had has have having he her here hers
    herself him himself his how i if in into is it its itself just let like made make many may me might more most much
    must my myself no nor not now of off on once one only or other our ours ourselves out over own per said same say
    says she should so some such than that the their theirs them themselves then there these they this those through to
    too under until up upon us very was way we well were what when where which while who whom whose why will with within
    without would year years you your yours yourself
    january february april june july august september october november december monday tuesday wednesday thursday
    friday saturday sunday""".split()
)


Numbers = TypeVar("Numbers", int, "NDArray[np.int64]")


@dataclass(frozen=True, slots=True)
class Subject:
    """What is compared: a published story. ``date`` is aware, ``topics`` are slugs, the rest is plain text.

    ``mark`` stands for ``lead`` and ``text``, where somebody knows one that is another whenever they are.
    """

    key: str
    date: datetime
    title: str
    lead: str
    text: str
    topics: tuple[str, ...]
    lang: str = "en"
    mark: str = ""


class Terms(dict[str, int]):
    """The number of the word that a spelling stands for; 0 for what says nothing, :data:`NO_WORD` for apostrophes."""

    def __missing__(self, spelling: str) -> int:
        if not spelling.strip("'"):
            self[spelling] = NO_WORD
            return NO_WORD
        stem = _stem(spelling)
        self[spelling] = number = _number(stem) % _PAIR or 1 if stem else 0
        return number


def topic_number(slug: str) -> int:
    """The number of the topic as a term."""
    return FIRST_TOPIC + _number(slug) % _PRIME


def pair_number(one: Numbers, two: Numbers) -> Numbers:
    """The number of a pair of words as a term, of their numbers; or those of several, which NumPy has in arrays."""
    return _PAIR + (one * _SPREAD + two) % _PRIME


def is_pair(term: int) -> bool:
    """Whether the number is a pair's."""
    return _PAIR <= term < FIRST_TOPIC


def _number(name: str) -> int:
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=5).digest(), "big")


class _Levels(dict[int, int]):
    """The binary logarithm of a count in quarters, rounded down: exact, and the same everywhere."""

    def __missing__(self, count: int) -> int:
        self[count] = level = (count**4).bit_length() - 1
        return level


_levels: Final = _Levels()


class Tally(NamedTuple):
    """What a story says, whatever others say: its terms (words, topics, pairs, in this order) and how often.

    ``times`` are levels, ``left`` and ``right`` have for each pair the places of its words among the terms. ``words``
    and ``topics`` are how many of these there are.
    """

    terms: array[int]
    times: array[int]
    words: int
    topics: int
    left: array[int]
    right: array[int]


class Profile(NamedTuple):
    """A story's description: terms, their weights, and the square of the length of the whole."""

    terms: array[int]
    weights: array[int]
    square: int


class Arrival(NamedTuple):
    """A story as it arrives: its description, under which terms to look for older stories, under which to enter it.

    ``shares`` are the shares that the terms of ``entries`` have in the whole, in 1024ths.
    """

    profile: Profile
    weights: Mapping[int, int]
    wanted: Sequence[int]
    entries: array[int]
    shares: array[int]


class Kept(Protocol):
    """The counts of all places, somewhere else than in memory."""

    def __getitem__(self, place: int, /) -> int: ...
    def __setitem__(self, place: int, count: int, /) -> None: ...
    def whole(self) -> array[int]:
        """All of them."""


@dataclass(slots=True)
class Carriers:
    """How many stories carry each term. Pairs are so many that they are counted in :data:`PAIRS` places, which are in
    one array as soon as many of them are taken.
    """

    single: dict[int, int] = field(default_factory=dict)
    pairs: Counter[int] | array[int] | Kept = field(default_factory=Counter)

    def add(self, tally: Tally, count: int = 1) -> bool:
        """Count a story in, or out again (-1). False where a place is full, so that nothing more can be counted out."""
        single, pairs, alone = self.single, self.pairs, tally.words + tally.topics
        for term in tally.terms[:alone]:
            single[term] = single.get(term, 0) + count
        full = False
        for place in {term % PAIRS for term in tally.terms[alone:]}:
            if pairs[place] == FULL:
                full = True
            else:
                pairs[place] += count
        if isinstance(pairs, Counter) and len(pairs) > SPARSE:
            self.pairs = array("H", bytes(2 * PAIRS))
            for place, times in pairs.items():
                self.pairs[place] = times
        return not full


def language_of(subject: Subject) -> str:
    """The primary language of a story (BCP 47), in lower case."""
    return re.split("[-_]", subject.lang, maxsplit=1)[0].lower()


def words_in(text: str, language: str) -> list[str]:
    """The words of a text as they are written, but for their apostrophes, and what in it are apostrophes alone.

    As nearly all texts have but a few marks beyond ASCII, they are cut at what is no part of a word, which is several
    times quicker than to look for words.
    """
    if language in _UNSPACED:
        return _character().findall(text, 0, LONGEST)
    plain = text[:LONGEST]
    if not plain.isascii():
        for mark, typed in _TYPED:
            plain = plain.replace(mark, typed)
    return plain.translate(_CUTS).split() if plain.isascii() else _WORD.findall(plain)


@cache
def _character() -> re.Pattern[str]:
    """A character that is taken for a word, or a word of other letters: to compile this takes longer than all else in
    this module.
    """
    return re.compile(rf"[^\W\u0000-\u0dff][{MARKS}]*|[^\W\u0e00-\U0010ffff][^\W\u0e00-\U0010ffff]*")


def bare(spelling: str) -> str:
    """A word without quotation marks around it and without the 's of a possessive."""
    word = spelling.replace("\u2019", "'").strip("'_")
    return word[:-2] if word.endswith(("'s", "'S")) else word


def _stem(spelling: str) -> str:
    """What a spelling stands for, whatever its case and its plural s; '' if it says nothing."""
    word = bare(unicodedata.normalize("NFKC", spelling)).casefold()
    head, _, tail = word.partition("'")
    if tail:
        word = "" if head in _COMMON or tail == "t" else tail if len(head) < 3 <= len(tail) else word
    if not word or word in _COMMON or len(word) > 40 or (len(word) == 1 and word.isascii()):
        return ""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] not in "sui" else word


def read_words(story: Subject, terms: Terms) -> tuple[list[int], list[int], list[int]]:
    """The words of the headline, the lead and the text in their order, 0 for those that say nothing."""
    language = language_of(story)
    title, lead, body = (_read(text, language, terms) for text in (story.title, story.lead, story.text))
    return title, lead, body


def _read(text: str, language: str, terms: Terms) -> list[int]:
    found = [*map(terms.__getitem__, words_in(text, language))]
    return [number for number in found if number != NO_WORD] if NO_WORD in found else found


def spellings_of(story: Subject, terms: Terms) -> tuple[list[str], list[int]]:
    """The words of a story in their order, as it writes them (see :func:`words_in`), and what each stands for."""
    language = language_of(story)
    found = [*chain(*(words_in(text, language) for text in (story.title, story.lead, story.text)))]
    return found, [*map(terms.__getitem__, found)]


def idle_words(heads: Iterable[Subject], terms: Terms) -> frozenset[int]:
    """The words that most of the oldest stories say, with which no pair is worth counting, and 0."""
    stories = [set(chain(*read_words(story, terms))) for story in heads]
    carriers = Counter(chain.from_iterable(stories))
    return frozenset({0, *(word for word, count in carriers.items() if count > max(8, len(stories) // 2))})


def tally_of(story: Subject, terms: Terms, idle: Collection[int]) -> Tally:
    """What a story says."""
    title, lead, body = read_words(story, terms)
    words = Counter([*title * TITLE, *lead * LEAD, *body])
    del words[0]
    pairs = Counter([*[*pairwise(title)] * TITLE, *[*pairwise(lead)] * LEAD, *pairwise(body)])
    said = {pair: times for pair, times in pairs.items() if pair[0] not in idle and pair[1] not in idle}
    topics = dict.fromkeys(map(topic_number, story.topics))
    return _tally(words, topics, said)


def _tally(words: Mapping[int, int], topics: Collection[int], pairs: Mapping[tuple[int, int], int]) -> Tally:
    alone = [*islice(words, MOST_TERMS)]
    places = {word: place for place, word in enumerate(alone)}
    kept = [*islice((pair for pair in pairs if pair[0] in places and pair[1] in places), MOST_TERMS)]
    topical = [*islice(topics, MOST_TERMS)]
    said, together = [_levels[words[word]] for word in alone], [_levels[pairs[pair]] for pair in kept]
    return Tally(
        array("I", [*alone, *topical, *[pair_number(one, two) for one, two in kept]]),
        array("B", [*said, *bytes(len(topical)), *together]),
        len(alone),
        len(topical),
        array("H", [places[one] for one, _ in kept]),
        array("H", [places[two] for _, two in kept]),
    )


def arrive(tally: Tally, so_far: int, carriers: Carriers) -> Arrival:
    """The description of a story among the stories ``so_far``, it included.

    Weights grow with the logarithms of how often a term is used and how few of the stories carry it. A pair counts for
    what it says beyond the more common of its words: "Elon Musk" is as rare as "Musk" and adds little, "open data" is
    much rarer than "data". Pairs leave the length alone.
    """
    terms, times, words, alone = tally.terms, tally.times, tally.words, tally.words + tally.topics
    top = _levels[so_far] + 2
    counts = [carriers.single[term] for term in terms[:alone]]
    known = [_levels[count] for count in counts]
    weighed = [(4 + time) * (top - level) for time, level in zip(times, known[:words], strict=False)]
    weighed += [TOPIC * (top - level) for level in known[words:]]
    square = sum(map(mul, weighed, weighed))
    counted = [carriers.pairs[term % PAIRS] for term in terms[alone:]]
    beyond = (
        max(known[one], known[two]) - _levels[count]
        for one, two, count in zip(tally.left, tally.right, counted, strict=True)
    )
    said = zip(times[alone:], beyond, strict=True)
    weighed += [PAIR * (4 + time) * more // 4 if more > 0 else 0 for time, more in said]
    counts += counted
    order = [place for place in sorted(range(len(weighed)), key=weighed.__getitem__, reverse=True) if weighed[place]]
    wanted = (terms[place] for place in order if counts[place] > 1)
    # a pair that nobody has said before, and this story says but once, must not take the place of a word
    entries = [*islice((place for place in order if place < alone or counts[place] > 1 or times[place]), INDEXED)]
    length = isqrt(square) or 1
    return Arrival(
        Profile(terms, array("H", weighed), square),
        {terms[place]: weighed[place] for place in order},
        [*islice(wanted, WANTED)],
        array("I", [terms[place] for place in entries]),
        array("I", [(weighed[place] << 10) // length for place in entries]),
    )


def least_striking(weights: Iterable[int]) -> int:
    """Of the weights of words and topics, what one of the strongest weighs at least."""
    strongest = sorted(weights)
    return strongest[-STRIKING] if len(strongest) >= STRIKING else 1


def describe(stories: Sequence[Subject]) -> Iterator[Arrival]:
    """The description of each story among those up to it; they come oldest first."""
    terms, carriers = Terms(), Carriers()
    idle = idle_words(stories[:HEAD], terms)
    head = [tally_of(story, terms, idle) for story in stories[:HEAD]]
    for tally in head:
        carriers.add(tally)
    for tally in head:
        yield arrive(tally, len(head), carriers)
    for so_far, story in enumerate(stories[HEAD:], HEAD + 1):
        tally = tally_of(story, terms, idle)
        carriers.add(tally)
        yield arrive(tally, so_far, carriers)
