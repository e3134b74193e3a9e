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
from itertools import chain, islice, pairwise
from math import isqrt, sqrt
from operator import attrgetter, mul
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

__all__ = ["Related", "Subject", "relate"]

TITLE, LEAD = 3, 1  # times that a word of the headline, of the lead, counts besides those in the text
PAIR = 5  # how much a pair of words weighs, in quarters
TOPIC = 8  # how much a topic weighs; a word that is used once has 4
HEAD = 64  # the oldest stories: their terms are counted over all of them together
INDEXED = 32  # terms under which a story can be found
RECENT = 24  # stories that a term leads to: the newest
WANTED = 150  # terms under which it looks for older stories
LOOKUPS = 500  # stories met on the way to the candidates, repeats included
CANDIDATES = 12  # stories compared in full
FRESH = 10 * 86_400  # seconds apart at which half of the bonus for nearness is left
LEAST = 0.05  # a lower score is chance
LONGEST = 50_000  # characters of a text that are read
NAMES = 3  # names of which a word is part
STRIKING = 80  # terms of a description from which a reason is taken
TOLD = 12  # terms from which a reason is put together
COMMONPLACE = 6  # a topic at most this rare is on about half of the stories, and no reason if there is a better one
WORDIEST = 80  # characters of a reason

# \w leaves out vowel signs and accents that stand as characters of their own; they belong to their words.
_MARKS: Final = "\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e\u102b-\u103e\u17b6-\u17d3"
_WORD: Final = re.compile(rf"\w[\w'\u2019{_MARKS}]*")
_CAPITAL: Final = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0386-\u03ab\u0400-\u042f"
_CAPITALISED: Final = rf"[{_CAPITAL}][\w'\u2019]*"
_NAME: Final = re.compile(  # several words, or one inside a sentence, or one with a capital inside
    rf"[{_CAPITAL}](?:[\w'\u2019]*(?:[ -]{_CAPITALISED}){{1,5}}"
    rf"|(?<=[^\s.!?:\u2026\"\u201d][ (].)[\w'\u2019]*|\w*{_CAPITALISED})"
)
_JOINT: Final = re.compile("([ -])")
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
    without would year years you your yours yourself
    january february april june july august september october november december monday tuesday wednesday thursday
    friday saturday sunday""".split()
)
_UNFIT: Final = 3  # the rank of a phrase that is not to be shown
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
    return {
        key: entries
        for stories in languages.values()
        for key, entries in _relate_language(stories, max(0, limit), labels, exclude)
    }


def _relate_language(
    stories: Sequence[Subject], limit: int, labels: Mapping[str, str], exclude: Mapping[str, Collection[str]]
) -> Iterator[tuple[str, tuple[Related, ...]]]:
    """The list of each of the stories in one language, which come oldest first."""
    terms = _Terms()
    profiles, chosen = _choose(stories, _describe(stories, terms), limit, exclude)
    for place, (story, offers) in enumerate(zip(stories, chosen, strict=True)):
        own = dict(zip(profiles[place].terms, profiles[place].weights, strict=True))
        names = _names(story, terms) if offers else {}
        told = [_told(own, profiles[offer.place], terms) for offer in offers]
        entries = []
        for offer, each in zip(offers, told, strict=True):
            other = stories[offer.place]
            mentions = _named(names, each, other) or _unnamed(each, story, terms)
            reason = _reason(_topics(story, other, own, terms), mentions, labels)
            entries.append(Related(offer.key, "background" if offer.place < place else "later", -offer.loss, reason))
        yield story.key, tuple(entries)


class _Terms(dict[str, int]):
    """The number of the term that a spelling stands for, given out as spellings are met; 0 for what says nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.topics: dict[int, str] = {}
        self._numbers = {"": 0}
        self._spellings: dict[int, set[str]] = {}

    def __missing__(self, spelling: str) -> int:
        self[spelling] = number = self._numbers.setdefault(_stem(spelling), len(self._numbers))
        self._spellings.setdefault(number, set()).add(_bare(spelling))
        return number

    def spelling(self, number: int, text: str) -> str:
        """How a text writes a word: without a capital if it does so anywhere."""
        known = sorted(self._spellings[number], key=lambda spelling: (spelling.islower(), len(spelling), spelling))
        return next((spelling for spelling in reversed(known) if spelling in text), known[-1])

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
    head, _, tail = word.partition("'")
    if tail:
        word = "" if head in _COMMON or tail == "t" else tail if len(head) < 3 <= len(tail) else word
    if not word or word in _COMMON or len(word) > 40 or (len(word) == 1 and word.isascii()):
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
            pairs = {pair: times for pair, times in Counter(text.pairs).items() if times > 1 or seen[pair & last] == 2}
            carriers.update(chain(words, pairs, text.topics))
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
        beyond = (max(two, one)) - levels[carriers[pair]]
        if beyond > 0:
            weights[pair] = PAIR * (4 + levels[times]) * beyond // 4
    strongest = sorted(weights, key=weights.__getitem__, reverse=True)
    wanted = islice((term for term in strongest if carriers[term] > 1), WANTED)
    entries = islice(
        (term for term in strongest if term < _SPAN or carriers[term] > 1 or tally.pairs[term] > 1), INDEXED
    )
    profile = _Profile(array("Q", strongest), array("I", map(weights.__getitem__, strongest)), square)
    return _Arrival(profile, weights, list(wanted), list(entries))


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


def _told(own: Mapping[int, int], other: _Profile, terms: _Terms) -> list[int]:
    """The words and pairs that say most about two stories, of which one has the weights ``own``; the most telling first."""
    strongest = islice(zip(other.terms, other.weights, strict=True), STRIKING)
    both = {term: own[term] * weight for term, weight in strongest if term in own and term not in terms.topics}
    return sorted(both, key=both.__getitem__, reverse=True)[:TOLD]


def _topics(story: Subject, other: Subject, own: Mapping[int, int], terms: _Terms) -> list[tuple[int, str]]:
    """The topics that two stories share, the rarest first: how rare each is, in the units of `_Levels`, and its slug."""
    shared = {(-own[terms.topic(slug)] // TOPIC, slug) for slug in story.topics if slug in other.topics}
    return [(-loss, slug) for loss, slug in sorted(shared)]


def _names(story: Subject, terms: _Terms) -> dict[int, list[tuple[list[str], int]]]:
    """The first names that a text gives each word in: their parts, words and what joins them, and where the word is."""
    names: dict[int, list[tuple[list[str], int]]] = {}
    for name in dict.fromkeys(_NAME.findall(story.text, 0, LONGEST)):
        parts = _JOINT.split(name)
        for at in range(0, len(parts), 2):
            known = names.setdefault(terms[parts[at]], [])
            if len(known) < NAMES:
                known.append((parts, at))
    return names


def _named(names: Mapping[int, Sequence[tuple[Sequence[str], int]]], told: Sequence[int], other: Subject) -> list[str]:
    """The names that another story mentions too, each as long as it is there."""
    found: list[str] = []
    for term in told:
        if known := names.get(term):
            parts, at = known[0]
            spans = sorted((span for parts, at in known for span in _spans(parts, at)), key=len, reverse=True)
            name = next((span for span in spans if _says(other, span)), _bare(parts[at]))
            if not any(name in longer for longer in found):
                found.append(name)
                if len(found) == 3:
                    break
    return found


def _spans(parts: Sequence[str], at: int) -> Iterator[str]:
    """A name, and the names within it, of several words of which the word at some place is one."""
    for start in range(0, at + 1, 2):
        for end in range(max(at + 1, start + 3), len(parts) + 1, 2):
            yield _bare("".join(parts[start:end]))


def _says(story: Subject, name: str) -> bool:
    return name in story.text or name in story.title or name in story.lead


def _unnamed(told: Iterable[int], story: Subject, terms: _Terms) -> list[str]:
    """Words and pairs of words, as the story writes them."""
    shown: list[str] = []
    taken: set[int] = set()
    for term in told:
        numbers = _numbers(term)
        phrase = _joined([terms.spelling(number, story.text) for number in numbers], story.text)
        if taken.isdisjoint(numbers) and any(map(str.isalpha, phrase)) and (len(phrase) > 3 or not phrase.isascii()):
            taken.update(numbers)
            shown.append(phrase)
    return shown


def _numbers(term: int) -> tuple[int, ...]:
    """The words of a term that is a word or a pair."""
    return (term,) if term < _SPAN else divmod(term, _SPAN)


def _joined(words: Sequence[str], text: str) -> str:
    """A word as it is, two as they stand next to each other in the text, or '' where they do not."""
    if len(words) == 1:
        return words[0]
    return next((phrase for phrase in (joint.join(words) for joint in (" ", "-", "")) if phrase in text), "")


def _reason(topics: Sequence[tuple[int, str]], mentions: Sequence[str], labels: Mapping[str, str]) -> str:
    """What two stories share, in at most `WORDIEST` characters; a topic of every other story only for want of better."""
    telling = [slug for rarity, slug in topics if rarity > COMMONPLACE]
    named = [labels.get(slug, slug) for slug in telling or ([] if mentions else [slug for _, slug in topics])]
    fresh = [each for each in mentions if not any(each.casefold() in label.casefold() for label in named[:2])]
    named, fresh = (named[:2], fresh[:2]) if named and fresh else (named[:3], fresh[:3])
    while len(reason := _worded(named, fresh)) > WORDIEST and len(named) + len(fresh) > 1:
        (fresh if len(fresh) >= len(named) else named).pop()
    return reason if len(reason) <= WORDIEST else reason[: WORDIEST - 1].rstrip() + "\u2026"


def _worded(topics: Sequence[str], mentions: Sequence[str]) -> str:
    said = []
    if topics:
        said.append(("same topic: " if len(topics) == 1 else "same topics: ") + ", ".join(topics))
    if mentions:
        said.append("both mention " + ", ".join(mentions))
    return "; ".join(said) or "similar wording"
