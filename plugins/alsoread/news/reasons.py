"""What do two stories have in common, in a few words?

The names that both mention, each as long as it is in both; failing those, words as they are written there; and the
topics that they share, unless half of the digest does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import compress
from typing import Final

from alsoread.news.arrivals import Arrivals, Arrived, Telling
from alsoread.news.describe import (
    FIRST_TOPIC,
    LONGEST,
    TOLD,
    TOPIC,
    Subject,
    Tally,
    Terms,
    bare,
    is_pair,
    least_striking,
    spellings_of,
    topic_number,
)

__all__ = ["OneByOne", "Reasons"]

COMMONPLACE = 6  # a topic no rarer than this is carried by about half of the stories
WORDIEST = 80  # characters of a reason
NAMES = 3  # names that are known for a word
MOST = 3  # topics or mentions in a reason
READ = 2048  # stories whose words are at hand: some are asked for by many

_CAPITAL: Final = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0386-\u03ab\u0400-\u042f"
_CAPITALISED: Final = rf"[{_CAPITAL}][\w'\u2019]{{0,40}}"
_NAME: Final = re.compile(  # several words, or one inside a sentence, or one with a capital inside
    rf"[{_CAPITAL}](?:[\w'\u2019]{{0,40}}(?:[ -]{_CAPITALISED}){{1,5}}"
    rf"|(?<=[^\s.!?:\u2026\"\u201d][ (].)[\w'\u2019]{{0,40}}|\w{{0,40}}{_CAPITALISED})"
)
_JOINT: Final = re.compile("([ -])")


class OneByOne:
    """Tells in which terms stories are alike, of which the arrivals are known."""

    def __init__(self, arrivals: Arrivals) -> None:
        self._arrivals = arrivals
        self._own: tuple[int, Mapping[int, int]] = (-1, {})

    def told(self, place: int, others: Sequence[int]) -> list[list[int]]:
        """For each of the others the words and pairs that tell most, the strongest first."""
        own = self._weights(place)
        return [_told(own, self._arrivals[other]) for other in others]

    def topics(self, place: int) -> Mapping[int, int]:
        """The topics of a story as terms, and what they weigh."""
        tally, profile = self._arrivals[place]
        topical = slice(tally.words, tally.words + tally.topics)
        return dict(zip(profile.terms[topical], profile.weights[topical], strict=True))

    def _weights(self, place: int) -> Mapping[int, int]:
        if self._own[0] != place:
            profile = self._arrivals[place].profile
            self._own = place, dict(zip(profile.terms, profile.weights, strict=True))
        return self._own[1]


class Reasons:
    """What stories share, by their places; ``labels`` has the label of a topic's slug.

    A reason depends on the two stories and their descriptions alone.
    """

    def __init__(
        self,
        stories: Sequence[Subject] | Mapping[int, Subject],
        arrivals: Arrivals,
        telling: Telling,
        terms: Terms,
        labels: Mapping[str, str],
    ) -> None:
        self._arrivals, self._telling = arrivals, telling
        self._terms, self._labels = terms, labels
        self._story = lru_cache(READ)(lambda place: _with_words(stories[place]))

    def between(self, place: int, others: Sequence[int]) -> list[str]:
        """What the story at a place shares with each of some others, in its own words."""
        told, topics = self._telling.told(place, others), self._telling.topics(place)
        asked = _Asked(self._story(place), lambda: self._arrivals[place].tally, told, self._terms)
        return [
            self._reason(asked, topics, self._story(other), terms) for other, terms in zip(others, told, strict=True)
        ]

    def _reason(self, asked: _Asked, topics: Mapping[int, int], story: Subject, told: Sequence[int]) -> str:
        whole = _whole(story)
        mentions = (
            _named(told, asked.names, asked.text, whole)
            or _runs(told, asked.text, whole, asked)
            or _unnamed(told, asked)
        )
        return _reason(_shared_topics(asked.story, story, topics), mentions, self._labels)


class _Asked:
    """A story for which reasons are sought, with what is needed for each of them."""

    def __init__(self, story: Subject, tally: Callable[[], Tally], told: Sequence[Sequence[int]], terms: Terms) -> None:
        self.story, self._tally, self._told, self._terms = story, tally, told, terms
        self.text = _whole(story)
        self.names = _names(story.text, terms)
        self._phrases: dict[int, str] = {}

    @cached_property
    def _spelt(self) -> Mapping[int, str]:
        """How it writes the words of what is told: the first of the ways in which it does, those without a capital
        before the others.
        """
        wanted = {word for told in self._told for term in told for word in self.words_of(term)}
        each = zip(*spellings_of(self.story, self._terms), strict=True)
        ways = [(number, spelling) for spelling, number in each if number in wanted][::-1]
        return {**dict(ways), **{number: spelling for number, spelling in ways if spelling.islower()}}

    def spelt(self, word: int) -> str:
        """How it writes one of its words."""
        return bare(self._spelt[word])

    def phrase(self, term: int) -> str:
        """How it writes a word, or a pair of words where they stand side by side; nothing where they do not."""
        known = self._phrases.get(term)
        if known is None:
            words = [self.spelt(word) for word in self.words_of(term)]
            joined = (joint.join(words) for joint in (" ", "-", ""))
            is_one = len(words) == 1
            known = words[0] if is_one else next((each for each in joined if _stands(each, self.text)), "")
            self._phrases[term] = known
        return known

    def words_of(self, term: int) -> tuple[int, ...]:
        """The words that a word or a pair of its is made of."""
        return self._pairs.get(term) or (term,)

    @cached_property
    def _pairs(self) -> Mapping[int, tuple[int, int]]:
        """The words of the pairs that are told."""
        wanted = {term for told in self._told for term in told if is_pair(term)}
        if not wanted:
            return {}
        tally = self._tally()
        alone = tally.words + tally.topics
        places = {term: tally.terms.index(term, alone) - alone for term in wanted}
        return {term: (tally.terms[tally.left[at]], tally.terms[tally.right[at]]) for term, at in places.items()}


def _told(own: Mapping[int, int], other: Arrived) -> list[int]:
    """The words and pairs that tell most of two stories, of which one has the weights ``own``: of the strongest words
    of the other one, and the pairs that weigh as much: these are many, and come on top.
    """
    (terms, weights, _), tally = other.profile, other.tally
    least = least_striking(weights[: tally.words + tally.topics])
    is_shared = [*map(own.__contains__, terms)]
    both = zip(compress(terms, is_shared), compress(weights, is_shared), strict=True)
    agreed = {term: own[term] * weight for term, weight in both if weight >= least and term < FIRST_TOPIC}
    return [term for term in sorted(agreed, key=agreed.__getitem__, reverse=True) if agreed[term]][:TOLD]


def _shared_topics(story: Subject, other: Subject, own: Mapping[int, int]) -> list[tuple[int, str]]:
    """The topics that two stories share, the rarest first: how rare, in the units of _Levels, and the slug."""
    shared = set(story.topics).intersection(other.topics)
    return sorted(((own[topic_number(slug)] // TOPIC, slug) for slug in shared), key=lambda each: (-each[0], each[1]))


def _names(text: str, terms: Terms) -> dict[int, list[tuple[list[str], int]]]:
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
            word = bare(parts[at])
            if word[1:].islower() and _stands(word.lower(), text):
                word = ""
            name = next((span for span in (*spans, word) if _stands(span, other)), "")
            if name and not any(name in longer for longer in found):
                found.append(name)
                if len(found) == MOST:
                    break
    return found


def _spans(parts: Sequence[str], at: int) -> Iterator[str]:
    """A name, and the names within it, of several words of which the word at some place is one."""
    for start in range(0, at + 1, 2):
        for end in range(max(at + 1, start + 3), len(parts) + 1, 2):
            yield bare("".join(parts[start:end]))


def _runs(told: Iterable[int], text: str, other: str, asked: _Asked) -> list[str]:
    """What is told in two texts without spaces between words: characters in a row, the longest rows first."""
    if text.isascii():
        return []
    characters = {asked.spelt(number) for number in told if not is_pair(number)}
    alone = "".join(sorted(each for each in characters if len(each) == 1 and each >= "\u0e00"))
    runs = dict.fromkeys(re.findall(f"[{re.escape(alone)}]{{2,}}", text) if alone else ())
    return [run for run in sorted(runs, key=len, reverse=True) if run in other][:MOST]


def _unnamed(told: Iterable[int], asked: _Asked) -> list[str]:
    """Words and pairs of words, as a story writes them, without capitals if it does so anywhere."""
    shown: list[str] = []
    taken: set[int] = set()
    for term in told:
        numbers = asked.words_of(term)
        if taken.isdisjoint(numbers):
            phrase = asked.phrase(term)
            if any(map(str.isalpha, phrase)) and len(phrase) > (3 if phrase.isascii() else 1):
                taken.update(numbers)
                shown.append(phrase)
                if len(shown) == MOST:
                    break
    return shown


def _with_words(story: Subject) -> Subject:
    """A story whose words are at hand, as far as they are read; of some they are fetched each time."""
    lead, text = story.lead[:LONGEST], story.text[:LONGEST]
    return Subject(story.key, story.date, story.title, lead, text, story.topics, story.lang)


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
    named, fresh = (named[:2], fresh[:2]) if named and fresh else (named[:MOST], fresh[:MOST])
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
