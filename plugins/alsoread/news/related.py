"""Which other stories should the reader of this one be offered, and why?

A story is described by its terms: words, pairs of neighbouring words, topics. A term weighs more the fewer stories carry
it, so a topic that half of the digest is filed under counts for little. Two stories are as related as their descriptions
agree (the cosine between them: Salton, Wong and Yang, "A vector space model for automatic indexing", 1975), and more so
if they appeared close together.

One pass goes from the oldest story to the newest, and each looks back only. A pair is scored once, when its newer story
arrives and with the weights of that day: a newcomer enters lists, and never changes a score that was there before it. An
index from each story's strongest terms to the newest stories under them names a bounded number of candidates, so the
time taken grows with the number of stories and not with its square.

Weights are whole numbers made without logarithms, so that every machine adds up the same figures.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import nlargest
from itertools import chain, pairwise
from math import isqrt, sqrt
from operator import attrgetter, mul
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

__all__ = ["Related", "Subject", "relate"]

TITLE, LEAD = 3, 1  # times that a word of the headline, of the lead, counts besides those in the text
PAIR = 5  # how much a pair of words weighs, in quarters
TOPIC = 8  # how much a topic weighs; a word that is used once has 4
HEAD = 64  # the oldest stories: their terms are counted over all of them together
WIDEST = 800  # terms in a description
INDEXED = 32  # terms under which a story can be found again
RECENT = 24  # stories that a term leads to: the newest
QUERIED = 150
LOOKUPS = 500  # stories met on the way to the candidates, repeats included
CANDIDATES = 12  # stories compared in full
FRESH = 10 * 86_400  # seconds apart at which half of the bonus for nearness is left
LEAST = 0.05  # a lower score is chance
LONGEST = 100_000  # characters of a text that are read
STRIKING = 100  # terms of a description from which a reason is taken
WORDIEST = 80  # characters of a reason

# \w leaves out vowel signs and accents that stand as characters of their own; they belong to their words.
_MARKS: Final = "\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e\u102b-\u103e\u17b6-\u17d3"
_WORD: Final = re.compile(rf"\w[\w'\u2019{_MARKS}]*")
_CHARACTER: Final = re.compile(rf"[^\W\u0000-\u0dff][{_MARKS}]*|[^\W\u0e00-\U0010ffff][^\W\u0e00-\U0010ffff]*")
_UNSPACED: Final = frozenset({"zh", "ja", "th", "lo", "km", "my"})  # no spaces: each character is taken for a word
_SPAN: Final = 2_654_435_769  # more than there are words, and odd: one * _SPAN + two names one pair, and scatters
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
_COMMON: Final = frozenset(
    """a about above after again against all also am an and any are as at be because been before being below between
    both but by can could did do does doing down during each few for from further had has have having he her here hers
    herself him himself his how i if in into is it its itself just let like made make many may me might more most much
    must my myself no nor not now of off on once one only or other our ours ourselves out over own per said same say
    says she should so some such than that the their theirs them themselves then there these they this those through to
    too under until up upon us very was way we well were what when where which while who whom whose why will with within
    without would year years you your yours yourself""".split()
)
_UNLABELLED: Final[Mapping[str, str]] = MappingProxyType({})
_UNBARRED: Final[Mapping[str, Collection[str]]] = MappingProxyType({})


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


@dataclass(frozen=True, slots=True)
class Related:
    """A story to offer: background is older than the one it is listed for. ``score`` lies between 0 and 1."""

    key: str
    kind: Literal["background", "later"]
    score: float
    reason: str


def relate(
    subjects: Iterable[Subject],
    *,
    limit: int = 5,
    labels: Mapping[str, str] = _UNLABELLED,
    exclude: Mapping[str, Collection[str]] = _UNBARRED,
) -> dict[str, tuple[Related, ...]]:
    """For every subject up to ``limit`` related stories in its language, best first.

    ``labels`` has the label to show for the slug of a topic; ``exclude[key]`` holds keys never to list for that story.
    On equal scores the nearer date goes first, then the lower key.
    """
    languages: defaultdict[str, list[Subject]] = defaultdict(list)
    for subject in sorted(subjects, key=attrgetter("date", "key")):
        languages[_language(subject)].append(subject)
    listed: dict[str, tuple[Related, ...]] = {}
    for stories in languages.values():
        terms = _Terms()
        profiles, chosen = _choose(stories, _describe(stories, terms), max(0, limit), exclude)
        for place, (story, offers) in enumerate(zip(stories, chosen, strict=True)):
            shared = [_shared(profiles[place], profiles[offer.place]) for offer in offers]
            reasons = _reasons(story, shared, terms, labels)
            listed[story.key] = tuple(
                Related(offer.key, "background" if offer.place < place else "later", -offer.loss, reason)
                for offer, reason in zip(offers, reasons, strict=True)
            )
    return listed


class _Terms(dict[str, int]):
    """The number of the term that a spelling stands for, given out as spellings are met; 0 for what says nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.topics: dict[int, str] = {}
        self._numbers = {"": 0}

    def __missing__(self, spelling: str) -> int:
        self[spelling] = number = self._numbers.setdefault(_stem(spelling), len(self._numbers))
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


class _Text(NamedTuple):
    """What a story says: its words and pairs, each as often as it counts, and its topics."""

    words: array[int]
    pairs: array[int]
    topics: tuple[int, ...]


class _Tally(NamedTuple):
    """How much a story says each word, and each pair that others may say as well; its topics."""

    words: Counter[int]
    pairs: Counter[int]
    topics: tuple[int, ...]


class _Profile(NamedTuple):
    """A story's description: terms, strongest first, their weights, and the square of the length of the whole."""

    terms: array[int]
    weights: array[int]
    square: int


class _Arrival(NamedTuple):
    """A story as it arrives: its description, under which terms to look for older stories, under which to enter it."""

    profile: _Profile
    weights: Mapping[int, int]
    wanted: Sequence[int]
    entries: Sequence[int]


class _Offer(NamedTuple):
    """The story at ``place`` as an entry for a list; the best sorts first."""

    loss: float  # the score, negative
    gap: int  # seconds between the two
    key: str
    place: int


def _language(subject: Subject) -> str:
    return re.split("[-_]", subject.lang, maxsplit=1)[0].lower()


def _words(text: str, language: str) -> list[str]:
    return (_CHARACTER if language in _UNSPACED else _WORD).findall(text, 0, LONGEST)


def _bare(spelling: str) -> str:
    """A word without quotation marks around it and without the 's of a possessive."""
    word = spelling.replace("\u2019", "'").strip("'_")
    return word[:-2] if word.endswith(("'s", "'S")) else word


def _stem(spelling: str) -> str:
    """What a spelling stands for, whatever its case and its plural s; '' if it says nothing."""
    word = _bare(unicodedata.normalize("NFKC", spelling)).casefold()
    if word in _COMMON or len(word) > 40 or (len(word) == 1 and word.isascii()):
        return ""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] not in "sui" else word


def _read(story: Subject, terms: _Terms) -> _Text:
    language = _language(story)
    title, lead, body = (
        array("I", map(terms.__getitem__, _words(text, language))) for text in (story.title, story.lead, story.text)
    )
    pairs = array("Q", _pairs(title) * TITLE + _pairs(lead) * LEAD + _pairs(body))
    return _Text(title * TITLE + lead * LEAD + body, pairs, tuple(map(terms.topic, dict.fromkeys(story.topics))))


def _pairs(words: Iterable[int]) -> list[int]:
    """Neighbouring words that both say something, each two as one number."""
    return [one * _SPAN + two for one, two in pairwise(words) if one and two]


def _sieve(texts: Sequence[_Text]) -> bytearray:
    """A table that holds 2 at the place of a pair if several stories may say it: the rest need not be remembered."""
    seen = bytearray(1 << min(28, max(12, (1024 * len(texts)).bit_length())))
    last = len(seen) - 1
    for text in texts:
        for pair in set(text.pairs):
            if seen[pair & last] < 2:
                seen[pair & last] += 1
    return seen


def _describe(stories: Sequence[Subject], terms: _Terms) -> Iterator[_Arrival]:
    """The description of each story, its terms weighed by how many of the stories up to it carry them."""
    texts = [_read(story, terms) for story in stories]
    seen = _sieve(texts)
    last = len(seen) - 1
    carriers: Counter[int] = Counter()
    levels = _Levels()

    def counted(texts: Iterable[_Text]) -> Iterator[_Tally]:
        for text in texts:
            words = Counter(text.words)
            del words[0]
            pairs = Counter(text.pairs)
            carriers.update(chain(words, text.topics, [pair for pair in pairs if seen[pair & last] == 2]))
            yield _Tally(words, pairs, text.topics)

    head = list(counted(texts[:HEAD]))
    for tally in head:
        yield _weigh(tally, len(head), carriers, levels)
    for so_far, tally in enumerate(counted(texts[HEAD:]), len(head) + 1):
        yield _weigh(tally, so_far, carriers, levels)


def _weigh(tally: _Tally, so_far: int, carriers: Mapping[int, int], levels: Mapping[int, int]) -> _Arrival:
    """Weights grow with the logarithms of how often a term is used and how few of the stories ``so_far`` carry it.

    A pair counts for what it says beyond the more common of its words: "Elon Musk" is as rare as "Musk" and adds little,
    "open data" is much rarer than "data". Pairs leave the length alone, or short stories would agree on nothing else.
    """
    top = levels[so_far] + 2
    known = {word: levels[carriers[word]] for word in tally.words}
    weights = {word: (4 + levels[times]) * (top - known[word]) for word, times in tally.words.items()}
    for topic in tally.topics:
        weights[topic] = TOPIC * (top - levels[carriers[topic]])
    square = sum(map(mul, weights.values(), weights.values()))
    for pair, times in tally.pairs.items():
        one, two = known[pair // _SPAN], known[pair % _SPAN]
        beyond = (max(two, one)) - levels[carriers.get(pair, 1)]
        if beyond > 0:
            weights[pair] = PAIR * (4 + levels[times]) * beyond // 4
    strongest = sorted(weights, key=weights.__getitem__, reverse=True)
    entries = [term for term in strongest[:INDEXED] if term in carriers]
    kept = [term for term in strongest[:WIDEST] if term in carriers]
    wanted = [term for term in kept if carriers[term] > 1][:QUERIED]
    profile = _Profile(array("Q", kept), array("I", map(weights.__getitem__, kept)), square)
    STAT[0] += 1
    STAT[1] += len(entries)
    STAT[2] += len(strongest)
    STAT[3] += len(wanted)
    return _Arrival(profile, weights, wanted, entries)


STAT = [0, 0, 0, 0]


def _choose(
    stories: Sequence[Subject], arrivals: Iterable[_Arrival], limit: int, exclude: Mapping[str, Collection[str]]
) -> tuple[list[_Profile], list[list[_Offer]]]:
    """The best offers for each story: it is compared with older ones, and either may be offered to the other's reader."""
    seconds = [(story.date - _EPOCH) // _SECOND for story in stories]
    chosen: list[list[_Offer]] = [[] for _ in stories]
    profiles: list[_Profile] = []
    index: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)

    def offer(to: int, place: int, score: float, gap: int) -> None:
        key = stories[place].key
        if key not in exclude.get(stories[to].key, ()):
            offers = chosen[to]
            offers.append(_Offer(-score, gap, key, place))
            if len(offers) > 8 * limit:
                offers.sort()
                del offers[limit:]

    for place, (profile, weights, wanted, entries) in enumerate(arrivals):
        profiles.append(profile)
        for older in _candidates(weights, wanted, index, seconds, place):
            terms, others, square = profiles[older]
            shared = sum([weights[term] * weight for term, weight in zip(terms, others) if term in weights])
            gap = seconds[place] - seconds[older]
            score = round(min(1.0, shared / sqrt(profile.square * square)) * _nearness(gap), 6)
            if score >= LEAST:
                offer(place, older, score, gap)
                offer(older, place, score, gap)
        length = isqrt(profile.square) or 1
        for term in entries:
            found = index[term]
            if len(found) >= 2 * RECENT:
                del found[:-RECENT]
            found.append((place, (weights[term] << 10) // length))
    return profiles, [sorted(offers)[:limit] for offers in chosen]


def _candidates(
    weights: Mapping[int, int],
    wanted: Iterable[int],
    index: Mapping[int, Sequence[tuple[int, int]]],
    seconds: Sequence[int],
    place: int,
) -> list[int]:
    """The older stories that share the most of this one's strongest terms."""
    met: dict[int, int] = {}
    left = LOOKUPS
    for term in wanted:
        if found := index.get(term):
            weight = weights[term]
            recent = found[-RECENT:]
            for older, share in recent:
                met[older] = met.get(older, 0) + weight * share
            left -= len(recent)
            if left <= 0:
                break
    likely = sorted(met, key=met.__getitem__, reverse=True)[: 4 * CANDIDATES]
    return nlargest(CANDIDATES, likely, key=lambda older: met[older] * _nearness(seconds[place] - seconds[older]))


def _nearness(gap: int) -> float:
    """1 for stories of the same time, a half for stories far apart."""
    return (1 + FRESH / (FRESH + gap)) / 2


def _shared(one, other):
    return []


def _reasons(story, shared, terms, labels):
    return [""] * len(shared)
