"""What does a story say, in terms that can be compared?

Its terms are words, pairs of neighbouring words, and topics. A term weighs more the fewer stories carry it, so a topic
that half of the digest is filed under counts for little. Each story is weighed with the figures of the day it arrived:
a newcomer never changes the description of an older story (but the first stories are weighed together). Weights are
whole numbers made without logarithms, so that every machine adds up the same figures.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice, pairwise
from operator import mul
from typing import Final, NamedTuple

from alsoread.news.characters import MARKS

__all__ = ["LONGEST", "SPAN", "TOPIC", "Arrival", "Profile", "Subject", "Terms", "bare", "describe", "language_of"]

TITLE, LEAD = 3, 1  # times that a word of the headline, of the lead, counts besides those in the text
PAIR = 5  # how much a pair of words weighs, in quarters
TOPIC = 8  # how much a topic weighs; a word that is used once has 4
HEAD = 64  # the oldest stories: their terms are counted over all of them together
INDEXED = 32  # terms under which a story can be found
WANTED = 150  # terms under which it looks for older ones
LONGEST = 50_000  # characters of a text that are read
SPELLINGS = 8  # ways to write a word that are known

_WORD: Final = re.compile(rf"\w[\w'\u2019{MARKS}]*")
_CHARACTER: Final = re.compile(rf"[^\W\u0000-\u0dff][{MARKS}]*|[^\W\u0e00-\U0010ffff][^\W\u0e00-\U0010ffff]*")
_UNSPACED: Final = frozenset({"zh", "ja", "th", "lo", "km", "my"})  # no spaces: each character is taken for a word
SPAN: Final = 2_654_435_769  # more than there are words, and odd: one * SPAN + two names one pair, and scatters
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


@dataclass(frozen=True, slots=True)
class Subject:
    """What is compared: a published story. ``date`` is aware, ``topics`` are slugs, the rest is plain text."""

    key: str
    date: datetime
    title: str
    lead: str
    text: str
    topics: tuple[str, ...]
    lang: str = "en"


class Terms(dict[str, int]):
    """The number of the term that a spelling stands for, given out as spellings are met; 0 for what says nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.spellings: defaultdict[int, list[str]] = defaultdict(list)
        self.topics: dict[int, str] = {}
        self._numbers = {"": 0}

    def __missing__(self, spelling: str) -> int:
        self[spelling] = number = self._numbers.setdefault(_stem(spelling), len(self._numbers))
        if len(self.spellings[number]) < SPELLINGS:
            self.spellings[number].append(bare(spelling))
        return number

    def topic(self, slug: str) -> int:
        number = self._numbers.setdefault("#" + slug, len(self._numbers))
        self.topics[number] = slug
        return number


class _Levels(dict[int, int]):
    """The binary logarithm of a count in quarters, rounded down: exact, and the same everywhere."""

    def __missing__(self, count: int) -> int:
        self[count] = level = (count**4).bit_length() - 1
        return level


class _Words(NamedTuple):
    """The words of a story in their order, 0 for those that say nothing."""

    title: array[int]
    lead: array[int]
    body: array[int]


class _Tally(NamedTuple):
    """How often a story says each word, and each pair that others may say as well; its topics."""

    words: Mapping[int, int]
    pairs: Mapping[int, int]
    topics: Collection[int]


class Profile(NamedTuple):
    """A story's description: terms, strongest first, their weights, and the square of the length of the whole."""

    terms: array[int]
    weights: array[int]
    square: int


class Arrival(NamedTuple):
    """A story as it arrives: its description, under which terms to look for older stories, under which to enter it."""

    profile: Profile
    weights: Mapping[int, int]
    wanted: Sequence[int]
    entries: Sequence[int]


def language_of(subject: Subject) -> str:
    """The primary language of a story (BCP 47), in lower case."""
    return re.split("[-_]", subject.lang, maxsplit=1)[0].lower()


def _words(text: str, language: str) -> list[str]:
    return (_CHARACTER if language in _UNSPACED else _WORD).findall(text, 0, LONGEST)


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


def _read(story: Subject, terms: Terms) -> _Words:
    language = language_of(story)
    return _Words(
        *(array("I", map(terms.__getitem__, _words(text, language))) for text in (story.title, story.lead, story.text))
    )


def _idle(heads: Sequence[_Words]) -> set[int]:
    """The words that most of the oldest stories say, with which no pair is worth counting, and 0."""
    carriers = Counter(chain.from_iterable(set(chain(*words)) for words in heads))
    return {0, *(word for word, stories in carriers.items() if stories > max(8, len(heads) // 2))}


def _pairs(words: Iterable[int], idle: Collection[int]) -> list[int]:
    """Neighbouring words that both say something, each two as one number."""
    return [one * SPAN + two for one, two in pairwise(words) if one not in idle and two not in idle]


def _sieve(stories: Sequence[Collection[int]]) -> bytearray:
    """A table that holds 2 at the place of a pair if several stories may say it: the rest need not be remembered."""
    seen = bytearray(1 << min(28, max(12, (1024 * len(stories)).bit_length())))
    last = len(seen) - 1
    for pairs in stories:
        for pair in set(pairs):
            if seen[pair & last] < 2:
                seen[pair & last] += 1
    return seen


def describe(stories: Sequence[Subject], terms: Terms) -> Iterator[Arrival]:
    """The description of each story, its terms weighed by how many of the stories up to it carry them."""
    texts = [_read(story, terms) for story in stories]
    idle = _idle(texts[:HEAD])
    neighbours = [
        array("Q", _pairs(title, idle) * TITLE + _pairs(lead, idle) * LEAD + _pairs(body, idle))
        for title, lead, body in texts
    ]
    seen = _sieve(neighbours)
    carriers: Counter[int] = Counter()
    levels = _Levels()

    def counted(start: int, stop: int) -> Iterator[_Tally]:
        last = len(seen) - 1
        for story, text, pairs in zip(stories[start:stop], texts[start:stop], neighbours[start:stop], strict=True):
            words = Counter(text.title * TITLE + text.lead * LEAD + text.body)
            del words[0]
            said = {pair: times for pair, times in Counter(pairs).items() if times > 1 or seen[pair & last] == 2}
            topics = {terms.topic(slug): 1 for slug in story.topics}
            carriers.update(chain(words, said, topics))
            yield _Tally(words, said, topics)

    head = list(counted(0, HEAD))
    for tally in head:
        yield _weigh(tally, len(head), carriers, levels)
    for so_far, tally in enumerate(counted(HEAD, len(stories)), len(head) + 1):
        yield _weigh(tally, so_far, carriers, levels)


def _weigh(tally: _Tally, so_far: int, carriers: Mapping[int, int], levels: Mapping[int, int]) -> Arrival:
    """Weights grow with the logarithms of how often a term is used and how few of the stories ``so_far`` carry it.

    A pair counts for what it says beyond the more common of its words: "Elon Musk" is as rare as "Musk" and adds
    little, "open data" is much rarer than "data". Pairs leave the length alone.
    """
    top = levels[so_far] + 2
    known = {word: levels[carriers[word]] for word in tally.words}
    weights = {word: (4 + levels[times]) * (top - known[word]) for word, times in tally.words.items()}
    for topic in tally.topics:
        weights[topic] = TOPIC * (top - levels[carriers[topic]])
    square = sum(map(mul, weights.values(), weights.values()))
    for pair, times in tally.pairs.items():
        one, two = known[pair // SPAN], known[pair % SPAN]
        beyond = (max(two, one)) - levels[carriers[pair]]
        if beyond > 0:
            weights[pair] = PAIR * (4 + levels[times]) * beyond // 4
    strongest = sorted(weights, key=weights.__getitem__, reverse=True)
    profile = Profile(array("Q", strongest), array("I", map(weights.__getitem__, strongest)), square)
    wanted = (term for term in strongest if carriers[term] > 1)
    # Which other pairs are here depends on what newer stories say: they must not take the place of one of these.
    entries = (term for term in strongest if term < SPAN or carriers[term] > 1 or tally.pairs[term] > 1)
    return Arrival(profile, weights, list(islice(wanted, WANTED)), list(islice(entries, INDEXED)))
