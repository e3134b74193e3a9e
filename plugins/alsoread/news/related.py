"""Which other stories should the reader of this one be offered?

Two stories are as related as their descriptions (``news.describe``) agree - the cosine between them: Salton, Wong and
Yang, "A vector space model for automatic indexing", 1975 - and more so if they appeared close together.

One pass goes from the oldest story to the newest, and each looks back only. A pair is scored once, when its newer story
arrives and with the weights of that day: a newcomer enters lists, and never changes a score that was there before it.
An index from each story's strongest terms to the newest stories under them names a bounded number of candidates, so the
time taken grows with the number of stories and not with its square.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import nlargest
from math import isqrt, sqrt
from operator import attrgetter
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, Protocol

from alsoread.news.describe import HEAD, Arrival, Profile, Subject, Terms, describe, language_of
from alsoread.news.reasons import reasons

__all__ = ["HEAD", "Offers", "Recall", "Related", "Subject", "relate"]

RECENT = 24  # stories that a term leads to: the newest
LOOKUPS = 500  # stories met on the way to the candidates, repeats included
CANDIDATES = 12  # stories compared in full, or more where lists are longer
FRESH = 10 * 86_400  # seconds apart at which half of the bonus for nearness is left
LEAST = 0.05  # a lower score is chance

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
_UNLABELLED: Final[Mapping[str, str]] = MappingProxyType({})
_UNBARRED: Final[Mapping[str, Collection[str]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Related:
    """A story to offer: background is older than the one it is listed for. ``score`` lies between 0 and 1."""

    key: str
    kind: Literal["background", "later"]
    score: float
    reason: str


Offers = Sequence[tuple[int, float]]
"""The older stories that are offered to one when it arrives, by their places, and how related they are."""


class Recall(Protocol):
    """Remembers what was offered to stories when they arrived.

    That depends on the stories up to each and on no later one; the first :data:`HEAD` are weighed together. It also
    depends on the limit and on what is excluded, which whoever remembers has to see to.
    """

    def known(self, language: str, stories: Sequence[Subject]) -> Sequence[Offers]:
        """The offers to the first of the stories in a language, oldest first: as many as are known."""

    def keep(self, language: str, offers: Sequence[Offers]) -> None:
        """Remember the offers to all of them."""


def relate(
    subjects: Iterable[Subject],
    *,
    limit: int = 5,
    labels: Mapping[str, str] = _UNLABELLED,
    exclude: Mapping[str, Collection[str]] = _UNBARRED,
    recall: Recall | None = None,
) -> dict[str, tuple[Related, ...]]:
    """For every subject up to ``limit`` related stories in its language, best first.

    ``labels`` has the label to show for the slug of a topic; ``exclude[key]`` holds keys never to list for that story.
    On equal scores the nearer date goes first, then the lower key. ``recall`` makes it quicker and changes nothing.
    """
    languages: defaultdict[str, list[Subject]] = defaultdict(list)
    for subject in sorted(subjects, key=attrgetter("date", "key")):
        languages[language_of(subject)].append(subject)
    return {
        key: entries
        for language, stories in languages.items()
        for key, entries in _relate_language(language, stories, max(0, limit), labels, exclude, recall)
    }


def _relate_language(
    language: str,
    stories: Sequence[Subject],
    limit: int,
    labels: Mapping[str, str],
    exclude: Mapping[str, Collection[str]],
    recall: Recall | None,
) -> Iterator[tuple[str, tuple[Related, ...]]]:
    """The list of each of the stories in one language, which come oldest first."""
    terms = Terms()
    known = recall.known(language, stories) if recall is not None else ()
    profiles, chosen, arrived = _choose(stories, describe(stories, terms), limit, exclude, known)
    if recall is not None:
        recall.keep(language, arrived)
    for place, (story, offers) in enumerate(zip(stories, chosen, strict=True)):
        others = [(stories[offer.place], profiles[offer.place]) for offer in offers]
        told = reasons(story, profiles[place], others, terms, labels)
        yield (
            story.key,
            tuple(
                Related(offer.key, "background" if offer.place < place else "later", -offer.loss, reason)
                for offer, reason in zip(offers, told, strict=True)
            ),
        )


class _Offer(NamedTuple):
    """The story at ``place`` as an entry for a list; the best sorts first."""

    loss: float  # the score, negative
    gap: int  # seconds between the two
    key: str
    place: int


_Index = defaultdict[int, list[tuple[int, int]]]  # for each term places of stories, oldest first, and its share in each


def _choose(
    stories: Sequence[Subject],
    arrivals: Iterable[Arrival],
    limit: int,
    exclude: Mapping[str, Collection[str]],
    known: Sequence[Offers],
) -> tuple[list[Profile], list[list[_Offer]], list[Offers]]:
    """The best offers for each story, and what was offered when each arrived.

    Each is compared with older ones, and either may be offered to the other. What is ``known`` of the first of them is
    not worked out again.
    """
    seconds = [(story.date - _EPOCH) // _SECOND for story in stories]
    barred = [exclude.get(story.key, ()) for story in stories]
    chosen: list[list[_Offer]] = [[] for _ in stories]
    profiles: list[Profile] = []
    arrived: list[Offers] = []
    index: _Index = defaultdict(list)

    def offer(to: int, place: int, score: float, gap: int) -> None:
        if stories[place].key not in barred[to]:
            chosen[to].append(_Offer(-score, gap, stories[place].key, place))
            if len(chosen[to]) > 8 * limit:
                chosen[to] = sorted(chosen[to])[:limit]

    for place, arrival in enumerate(arrivals):
        profiles.append(arrival.profile)
        if place < len(known):
            arrived.append(known[place])
        else:
            size = max(CANDIDATES, 2 * limit) + len(barred[place])
            candidates = _candidates(arrival, index, seconds, place, size)
            scored = [
                (older, _score(arrival, profiles[older], seconds[place] - seconds[older])) for older in candidates
            ]
            arrived.append([(older, score) for older, score in scored if score >= LEAST])
        for older, score in arrived[place]:
            gap = seconds[place] - seconds[older]
            offer(place, older, score, gap)
            offer(older, place, score, gap)
        _enter(index, arrival, place)
    return profiles, [sorted(offers)[:limit] for offers in chosen], arrived


def _candidates(arrival: Arrival, index: _Index, seconds: Sequence[int], place: int, size: int) -> list[int]:
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


def _enter(index: _Index, arrival: Arrival, place: int) -> None:
    """Make a story findable under its terms, with the share that each has in the whole."""
    length = isqrt(arrival.profile.square) or 1
    for term in arrival.entries:
        found = index[term]
        if len(found) >= 2 * RECENT:
            del found[:-RECENT]
        found.append((place, (arrival.weights[term] << 10) // length))


def _score(arrival: Arrival, older: Profile, gap: int) -> float:
    weights = arrival.weights
    known = zip(older.terms, older.weights, strict=True)
    shared = sum([weights[term] * weight for term, weight in known if term in weights])
    cosine = shared / sqrt(arrival.profile.square * older.square)
    return round(min(1.0, cosine) * _nearness(gap), 6)


def _nearness(gap: int) -> float:
    """1 for stories of the same time, a half for stories far apart."""
    return (1 + FRESH / (FRESH + gap)) / 2
