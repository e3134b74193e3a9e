"""Which other stories should the reader of this one be offered, and why?

A story is described by its terms: words, pairs of neighbouring words, topics. A term weighs more the fewer stories
carry it, so a topic that half of the digest is filed under counts for little. Two stories are as related as their
descriptions agree (the cosine between them: Salton, Wong and Yang, "A vector space model for automatic indexing",
1975), and more so if they appeared close together.

One pass goes from the oldest story to the newest, and each looks back only. A pair is scored once, when its newer story
arrives and with the weights of that day: a newcomer enters lists, and never changes a score that was there before it.
(The oldest `HEAD` stories are weighed as if they had come together.) An index from each story's strongest terms to the
newest stories under them names a bounded number of candidates, so the time taken grows with the number of stories and
not with its square.

Weights are whole numbers made without logarithms, so that every machine adds up the same figures. The settings below
were chosen on three sets of real articles together; none of them sits on a peak of its own.
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
FRESH = 10 * 86_400  # seconds apart at which half of the bonus for nearness is left
LEAST = 0.05  # a lower score is chance
HEAD = 64  # the oldest stories: their terms are counted over all of them together
INDEXED = 32  # terms under which a story can be found
WANTED = 150  # terms under which it looks for older ones
RECENT = 24  # stories that a term leads to: the newest
LOOKUPS = 500  # stories met on the way to the candidates, repeats included
CANDIDATES = 12  # stories compared in full, or more where lists are longer
LONGEST = 50_000  # characters of a text that are read
TOLD = 12  # terms that two stories share, in which a reason is sought
NAMES, SPELLINGS = 3, 8  # names that are known for a word, and ways to write it
COMMONPLACE = 6  # a topic no rarer than this is carried by about half of the stories
WORDIEST = 80  # characters of a reason

# \w leaves out vowel signs and accents that stand as characters of their own; they belong to their words.
_MARKS: Final = (
    "\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0966-\u0dff"
    "\u0e31-\u0e4e\u102b-\u103e\u17b6-\u17d3"
)
_WORD: Final = re.compile(rf"\w[\w'\u2019{_MARKS}]*")
_CAPITAL: Final = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0386-\u03ab\u0400-\u042f"
_CAPITALISED: Final = rf"[{_CAPITAL}][\w'\u2019]{{0,40}}"
_NAME: Final = re.compile(  # several words, or one inside a sentence, or one with a capital inside
    rf"[{_CAPITAL}](?:[\w'\u2019]{{0,40}}(?:[ -]{_CAPITALISED}){{1,5}}"
    rf"|(?<=[^\s.!?:\u2026\"\u201d][ (].)[\w'\u2019]{{0,40}}|\w{{0,40}}{_CAPITALISED})"
)
_JOINT: Final = re.compile("([ -])")
_CHARACTER: Final = re.compile(rf"[^\W\u0000-\u0dff][{_MARKS}]*|[^\W\u0e00-\U0010ffff][^\W\u0e00-\U0010ffff]*")
_UNSPACED: Final = frozenset({"zh", "ja", "th", "lo", "km", "my"})  # no spaces: each character is taken for a word
_SPAN: Final = 2_654_435_769  # more than there are words, and odd: one * _SPAN + two names one pair, and scatters
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
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
        names = _names(story.text, terms) if offers else {}
        text = _whole(story)
        entries = []
        for offer in offers:
            other = stories[offer.place]
            told = _told(own, profiles[offer.place], terms)
            mentions = _named(told, names, text, _whole(other)) or _unnamed(told, text, terms)
            reason = _reason(_topics(story, other, own, terms), mentions, labels)
            entries.append(Related(offer.key, "background" if offer.place < place else "later", -offer.loss, reason))
        yield story.key, tuple(entries)


class _Terms(dict[str, int]):
    """The number of the term that a spelling stands for, given out as spellings are met; 0 for what says nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.spellings: defaultdict[int, list[str]] = defaultdict(list)
        self.topics: dict[int, str] = {}
        self._numbers = {"": 0}

    def __missing__(self, spelling: str) -> int:
        self[spelling] = number = self._numbers.setdefault(_stem(spelling), len(self._numbers))
        if len(self.spellings[number]) < SPELLINGS:
            self.spellings[number].append(_bare(spelling))
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


_Index = defaultdict[int, list[tuple[int, int]]]  # for each term places of stories, oldest first, and its share in each


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


def _read(story: Subject, terms: _Terms) -> _Words:
    language = _language(story)
    return _Words(
        *(array("I", map(terms.__getitem__, _words(text, language))) for text in (story.title, story.lead, story.text))
    )


def _idle(heads: Sequence[_Words]) -> set[int]:
    """The words that most of the oldest stories say, with which no pair is worth counting, and 0."""
    carriers = Counter(chain.from_iterable(set(chain(*words)) for words in heads))
    return {0, *(word for word, stories in carriers.items() if stories > max(8, len(heads) // 2))}


def _pairs(words: Iterable[int], idle: Collection[int]) -> list[int]:
    """Neighbouring words that both say something, each two as one number."""
    return [one * _SPAN + two for one, two in pairwise(words) if one not in idle and two not in idle]


def _sieve(stories: Sequence[Collection[int]]) -> bytearray:
    """A table that holds 2 at the place of a pair if several stories may say it: the rest need not be remembered."""
    seen = bytearray(1 << min(28, max(12, (1024 * len(stories)).bit_length())))
    last = len(seen) - 1
    for pairs in stories:
        for pair in set(pairs):
            if seen[pair & last] < 2:
                seen[pair & last] += 1
    return seen


def _describe(stories: Sequence[Subject], terms: _Terms) -> Iterator[_Arrival]:
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


def _weigh(tally: _Tally, so_far: int, carriers: Mapping[int, int], levels: Mapping[int, int]) -> _Arrival:
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
        one, two = known[pair // _SPAN], known[pair % _SPAN]
        beyond = (max(two, one)) - levels[carriers[pair]]
        if beyond > 0:
            weights[pair] = PAIR * (4 + levels[times]) * beyond // 4
    strongest = sorted(weights, key=weights.__getitem__, reverse=True)
    profile = _Profile(array("Q", strongest), array("I", map(weights.__getitem__, strongest)), square)
    wanted = (term for term in strongest if carriers[term] > 1)
    # Which other pairs are here depends on what newer stories say: they must not take the place of one of these.
    entries = (term for term in strongest if term < _SPAN or carriers[term] > 1 or tally.pairs[term] > 1)
    return _Arrival(profile, weights, list(islice(wanted, WANTED)), list(islice(entries, INDEXED)))


def _choose(
    stories: Sequence[Subject], arrivals: Iterable[_Arrival], limit: int, exclude: Mapping[str, Collection[str]]
) -> tuple[list[_Profile], list[list[_Offer]]]:
    """The best offers for each story. Each is compared with older ones, and either may be offered to the other."""
    seconds = [(story.date - _EPOCH) // _SECOND for story in stories]
    barred = [exclude.get(story.key, ()) for story in stories]
    chosen: list[list[_Offer]] = [[] for _ in stories]
    profiles: list[_Profile] = []
    index: _Index = defaultdict(list)

    def offer(to: int, place: int, score: float, gap: int) -> None:
        if stories[place].key not in barred[to]:
            chosen[to].append(_Offer(-score, gap, stories[place].key, place))
            if len(chosen[to]) > 8 * limit:
                chosen[to] = sorted(chosen[to])[:limit]

    for place, arrival in enumerate(arrivals):
        profiles.append(arrival.profile)
        size = max(CANDIDATES, 2 * limit) + len(barred[place])
        for older in _candidates(arrival, index, seconds, place, size):
            gap = seconds[place] - seconds[older]
            score = _score(arrival, profiles[older], gap)
            if score >= LEAST:
                offer(place, older, score, gap)
                offer(older, place, score, gap)
        _enter(index, arrival, place)
    return profiles, [sorted(offers)[:limit] for offers in chosen]


def _candidates(arrival: _Arrival, index: _Index, seconds: Sequence[int], place: int, size: int) -> list[int]:
    """The older stories that share the most of this one's strongest terms."""
    met: dict[int, int] = {}
    left = LOOKUPS
    for term in arrival.wanted:
        if found := index.get(term):
            weight = arrival.weights[term]
            recent = found[-RECENT:]
            for older, share in recent:
                met[older] = met.get(older, 0) + weight * share
            left -= len(recent)
            if left <= 0:
                break
    likely = sorted(met, key=met.__getitem__, reverse=True)[: 4 * size]
    return nlargest(size, likely, key=lambda older: met[older] * _nearness(seconds[place] - seconds[older]))


def _enter(index: _Index, arrival: _Arrival, place: int) -> None:
    """Make a story findable under its terms, with the share that each has in the whole."""
    length = isqrt(arrival.profile.square) or 1
    for term in arrival.entries:
        found = index[term]
        if len(found) >= 2 * RECENT:
            del found[:-RECENT]
        found.append((place, (arrival.weights[term] << 10) // length))


def _score(arrival: _Arrival, older: _Profile, gap: int) -> float:
    weights = arrival.weights
    known = zip(older.terms, older.weights, strict=True)
    shared = sum([weights[term] * weight for term, weight in known if term in weights])
    cosine = shared / sqrt(arrival.profile.square * older.square)
    return round(min(1.0, cosine) * _nearness(gap), 6)


def _nearness(gap: int) -> float:
    """1 for stories of the same time, a half for stories far apart."""
    return (1 + FRESH / (FRESH + gap)) / 2


def _told(own: Mapping[int, int], other: _Profile, terms: _Terms) -> list[int]:
    """The words and pairs that tell most of two stories, of which one has the weights ``own``."""
    known = zip(other.terms, other.weights, strict=True)
    both = {term: own[term] * weight for term, weight in known if term in own and term not in terms.topics}
    return sorted(both, key=both.__getitem__, reverse=True)[:TOLD]


def _topics(story: Subject, other: Subject, own: Mapping[int, int], terms: _Terms) -> list[tuple[int, str]]:
    """The topics that two stories share, the rarest first: how rare, in the units of _Levels, and the slug."""
    shared = set(story.topics).intersection(other.topics)
    return sorted(((own[terms.topic(slug)] // TOPIC, slug) for slug in shared), key=lambda each: (-each[0], each[1]))


def _names(text: str, terms: _Terms) -> dict[int, list[tuple[list[str], int]]]:
    """The first names that a text gives each word in: their parts, words and what joins them, and where the word is."""
    names: defaultdict[int, list[tuple[list[str], int]]] = defaultdict(list)
    for name in dict.fromkeys(_NAME.findall(text, 0, LONGEST)):
        parts = _JOINT.split(name)
        while len(parts) > 1 and not terms[parts[0]]:
            del parts[:2]
        while len(parts) > 1 and not terms[parts[-1]]:
            del parts[-2:]
        for at in range(0, len(parts), 2):
            known = names[terms[parts[at]]]
            if len(known) < NAMES:
                known.append((parts, at))
    return names


def _named(
    told: Iterable[int], names: Mapping[int, Sequence[tuple[Sequence[str], int]]], text: str, other: str
) -> list[str]:
    """The names of what is told of two stories, each as long as it is in the text of the other as well."""
    found: list[str] = []
    for term in told:
        if known := names.get(term):
            spans = sorted((span for parts, at in known for span in _spans(parts, at)), key=len, reverse=True)
            parts, at = known[0]
            word = _bare(parts[at])
            if word[1:].islower() and _stands(word.lower(), text):
                word = ""
            name = next((span for span in (*spans, word) if _stands(span, other)), "")
            if name and not any(name in longer for longer in found):
                found.append(name)
    return found[:3]


def _spans(parts: Sequence[str], at: int) -> Iterator[str]:
    """A name, and the names within it, of several words of which the word at some place is one."""
    for start in range(0, at + 1, 2):
        for end in range(max(at + 1, start + 3), len(parts) + 1, 2):
            yield _bare("".join(parts[start:end]))


def _unnamed(told: Iterable[int], text: str, terms: _Terms) -> list[str]:
    """Words and pairs of words, as a text writes them, without capitals if it does so anywhere."""
    shown: list[str] = []
    taken: set[int] = set()
    for term in told:
        numbers = (term,) if term < _SPAN else divmod(term, _SPAN)
        if taken.isdisjoint(numbers):
            words = [_spelt(terms.spellings[number], text) for number in numbers]
            joined = (joint.join(words) for joint in (" ", "-", ""))
            phrase = words[0] if len(words) == 1 else next((each for each in joined if _stands(each, text)), "")
            if any(map(str.isalpha, phrase)) and (len(phrase) > 3 or not phrase.isascii()):
                taken.update(numbers)
                shown.append(phrase)
    return shown[:3]


def _spelt(spellings: Sequence[str], text: str) -> str:
    """How a text writes a word: the first of the ways it does, those without a capital before the others."""
    ordered = sorted(spellings, key=str.islower, reverse=True)
    return next((spelling for spelling in ordered if _stands(spelling, text)), spellings[0])


def _whole(story: Subject) -> str:
    return "\n".join((story.text[:LONGEST], story.lead[:LONGEST], story.title[:LONGEST]))


def _stands(phrase: str, text: str) -> bool:
    """Whether a phrase is in a text, and not as a part of other words where there are spaces between words."""
    at = text.find(phrase) if phrase else -1
    while at >= 0:
        end = at + len(phrase)
        if phrase >= "\u0e00" or not (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum()):
            return True
        at = text.find(phrase, at + 1)
    return False


def _reason(topics: Sequence[tuple[int, str]], mentions: Sequence[str], labels: Mapping[str, str]) -> str:
    """What two stories share, in at most WORDIEST characters; a topic of every other story only for want of better."""
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
