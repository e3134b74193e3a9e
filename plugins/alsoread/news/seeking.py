"""When is it sought why a story is listed?

At once, for all lists that were made, in several processes; or when somebody asks for the reasons of a list. Then lists
have in the place of a reason what tells it from another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import chain
from typing import Final

from alsoread.news.arrivals import Arrivals, Arrived, Spread
from alsoread.news.describe import Subject, Terms
from alsoread.news.listed import Chosen
from alsoread.news.reasons import OneByOne, Reasons

__all__ = ["Again", "SoughtLater", "sign_of_arrival", "signed", "sought"]

PART: Final = 64  # lists of which a process finds the reasons
ROUND: Final = 40  # such parts, after which other processes go on

Again = Callable[[str], Subject]
"""Gives a story once more, by its key."""

Choice = Mapping[int, Sequence[Chosen]]
"""By the places of stories what is listed for them."""


def sought(
    chosen: Choice,
    known: Callable[[int, int], str | None],
    reasons: Reasons,
    spread: Spread,
) -> Mapping[int, Mapping[int, str]]:
    """The reasons for what is chosen; ``known`` gives those that need not be sought."""
    whys = {place: _known_reasons(place, each, known) for place, each in chosen.items()}
    unknown = {place: [other for other, _ in each if other not in whys[place]] for place, each in chosen.items()}
    asked = [place for place, others in unknown.items() if others]

    def told(places: Sequence[int]) -> list[list[str]]:
        return [reasons.between(place, unknown[place]) for place in places]

    found = _in_rounds(spread, told, [asked[at : at + PART] for at in range(0, len(asked), PART)])
    for place, their_reasons in zip(asked, found, strict=True):
        whys[place] |= zip(unknown[place], their_reasons, strict=True)
    return whys


def _in_rounds(
    spread: Spread, told: Callable[[Sequence[int]], list[list[str]]], parts: Sequence[Sequence[int]]
) -> Iterator[list[str]]:
    """What is told of each place; other processes begin now and then, since what one has met stays with it."""
    for at in range(0, len(parts), ROUND):
        yield from chain.from_iterable(spread(told, parts[at : at + ROUND]))


def _known_reasons(place: int, chosen: Sequence[Chosen], known: Callable[[int, int], str | None]) -> dict[int, str]:
    """The reasons that are known of those that are chosen for a story."""
    return {other: why for other, _ in chosen if (why := known(place, other)) is not None}


def signed(
    chosen: Choice,
    sign: Callable[[int], str],
    topics: Callable[[int], Iterable[str]],
    labels: Mapping[str, str],
) -> Mapping[int, Mapping[int, str]]:
    """In the place of reasons what tells each from another: how the two stories are described and what they say, by
    their ``sign``, and the labels of their ``topics``.
    """
    places = {*chosen, *(other for each in chosen.values() for other, _ in each)}
    signs = {place: _sign_of(sign(place), topics(place), labels) for place in places}
    return {place: {other: signs[place] + signs[other] for other, _ in each} for place, each in chosen.items()}


def sign_of_arrival(story: Subject, arrived: Arrived) -> str:
    """What tells how a story is described, and what it says, from anything else: BLAKE2b, 96 bits in hexadecimal."""
    tally, profile = arrived
    words = (story.mark,) if story.mark else (story.lead, story.text)
    told = repr((story.title, words, story.lang, tally.words, tally.topics))
    columns = (tally.terms, tally.times, tally.left, tally.right, profile.weights)
    return blake2b(told.encode("utf-8", "surrogatepass") + b"".join(columns), digest_size=12).hexdigest()


def _sign_of(described: str, topics: Iterable[str], labels: Mapping[str, str]) -> str:
    """BLAKE2b, 64 bits in hexadecimal."""
    told = repr((described, [labels.get(slug, slug) for slug in topics]))
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


class SoughtLater:
    """Finds reasons when somebody asks for them, as :data:`~alsoread.news.listed.Seek` has it. Stories, by their
    places, have ``keys``; ``labels`` has the label of a topic's slug. Where the arrivals cannot be read any more it is
    known who ``lost`` them, and the stories arrive ``anew``.
    """

    def __init__(
        self,
        keys: Sequence[str],
        again: Again,
        arrivals: Arrivals,
        labels: Mapping[str, str],
        lost: Callable[[], None],
        anew: Callable[[Sequence[Subject]], Arrivals],
    ) -> None:
        self._keys, self._again = keys, again
        self._arrivals, self._labels = arrivals, labels
        self._lost, self._anew = lost, anew
        self._last: tuple[tuple[int, ...], Sequence[str]] = ((), ())

    def __call__(self, place: int, others: Sequence[int]) -> Sequence[str]:
        """The reasons why others are listed for the story at a place; who asks for one asks for the next soon."""
        asked = (place, *others)
        if self._last[0] != asked:
            self._last = asked, self._found(place, others)
        return self._last[1]

    def _found(self, place: int, others: Sequence[int]) -> Sequence[str]:
        stories = {at: self._again(self._keys[at]) for at in (place, *others)}
        try:
            return self._between(stories, place, others)
        except OSError:
            self._lost()
            self._arrivals = self._anew([*map(self._again, self._keys)])
            return self._between(stories, place, others)

    def _between(self, stories: Mapping[int, Subject], place: int, others: Sequence[int]) -> Sequence[str]:
        reasons = Reasons(stories, self._arrivals, OneByOne(self._arrivals), Terms(), self._labels)
        return reasons.between(place, others)
