"""What do two stories have in common, in a few words?

The names that both mention, each as long as it is in both; failing those, words as they are written there; and the
topics that they share, unless half of the digest does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from alsoread.news.describe import LONGEST, SPAN, TOPIC, Profile, Subject, Terms, bare

__all__ = ["reasons"]

TOLD = 12  # terms that two stories share, in which a reason is sought
COMMONPLACE = 6  # a topic no rarer than this is carried by about half of the stories
WORDIEST = 80  # characters of a reason
NAMES = 3  # names that are known for a word
MOST = 3  # topics or mentions in a reason
STRIKING = 80  # words of the other story that are looked at: its strongest, and the pairs between them

_CAPITAL: Final = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0386-\u03ab\u0400-\u042f"
_CAPITALISED: Final = rf"[{_CAPITAL}][\w'\u2019]{{0,40}}"
_NAME: Final = re.compile(  # several words, or one inside a sentence, or one with a capital inside
    rf"[{_CAPITAL}](?:[\w'\u2019]{{0,40}}(?:[ -]{_CAPITALISED}){{1,5}}"
    rf"|(?<=[^\s.!?:\u2026\"\u201d][ (].)[\w'\u2019]{{0,40}}|\w{{0,40}}{_CAPITALISED})"
)
_JOINT: Final = re.compile("([ -])")


def reasons(
    story: Subject,
    profile: Profile,
    others: Sequence[tuple[Subject, Profile]],
    terms: Terms,
    labels: Mapping[str, str],
) -> list[str]:
    """What a story shares with each of some others; ``labels`` has the label of a topic's slug."""
    own = dict(zip(profile.terms, profile.weights, strict=True))
    names = _names(story.text, terms) if others else {}
    text = _whole(story)
    found = []
    for other, other_profile in others:
        told = _told(own, other_profile, terms)
        whole = _whole(other)
        mentions = _named(told, names, text, whole) or _runs(told, text, whole, terms) or _unnamed(told, text, terms)
        found.append(_reason(_shared_topics(story, other, own, terms), mentions, labels))
    return found


def _told(own: Mapping[int, int], other: Profile, terms: Terms) -> list[int]:
    """The words and pairs that tell most of two stories, of which one has the weights ``own``."""
    both: dict[int, int] = {}
    words = 0
    for term, weight in zip(other.terms, other.weights, strict=True):
        if term in own:
            both[term] = own[term] * weight
        words += term < SPAN  # pairs are not counted: which of them are here depends on what newer stories say
        if words == STRIKING:
            break
    return [term for term in sorted(both, key=both.__getitem__, reverse=True) if term not in terms.topics][:TOLD]


def _shared_topics(story: Subject, other: Subject, own: Mapping[int, int], terms: Terms) -> list[tuple[int, str]]:
    """The topics that two stories share, the rarest first: how rare, in the units of _Levels, and the slug."""
    shared = set(story.topics).intersection(other.topics)
    return sorted(((own[terms.topic(slug)] // TOPIC, slug) for slug in shared), key=lambda each: (-each[0], each[1]))


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


def _runs(told: Iterable[int], text: str, other: str, terms: Terms) -> list[str]:
    """What is told in two texts without spaces between words: characters in a row, the longest rows first."""
    characters = {terms.spellings[number][0] for number in told if number < SPAN}
    alone = "".join(sorted(each for each in characters if len(each) == 1 and each >= "\u0e00"))
    runs = dict.fromkeys(re.findall(f"[{re.escape(alone)}]{{2,}}", text) if alone else ())
    return [run for run in sorted(runs, key=len, reverse=True) if run in other][:MOST]


def _unnamed(told: Iterable[int], text: str, terms: Terms) -> list[str]:
    """Words and pairs of words, as a text writes them, without capitals if it does so anywhere."""
    shown: list[str] = []
    taken: set[int] = set()
    for term in told:
        numbers = (term,) if term < SPAN else divmod(term, SPAN)
        if taken.isdisjoint(numbers):
            words = [_spelt(terms.spellings[number], text) for number in numbers]
            joined = (joint.join(words) for joint in (" ", "-", ""))
            phrase = words[0] if len(words) == 1 else next((each for each in joined if _stands(each, text)), "")
            if any(map(str.isalpha, phrase)) and len(phrase) > (3 if phrase.isascii() else 1):
                taken.update(numbers)
                shown.append(phrase)
                if len(shown) == MOST:
                    break
    return shown


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
