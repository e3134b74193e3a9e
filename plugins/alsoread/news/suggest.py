"""Which topics fit a text?

Those that it names, and those of the stories that it is most like: nearest neighbours, who vote with the square of
their likeness (Dudani, "The distance-weighted k-nearest-neighbor rule", 1976). What speaks for a topic is put together
as if each were a chance of its own to be right. The figures were chosen on two digests of real articles, one with
topics that an editor keeps and one with free tags; none of them is critical.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import nlargest
from math import prod, sqrt
from typing import Final, NamedTuple

from alsoread.news.describe import LONGEST, Arrival, Profile, Subject, Terms, describe
from alsoread.news.digest import Digest
from alsoread.news.names import slugify
from alsoread.news.topics import Vocabulary
from alsoread.story import Story

__all__ = ["Suggestion", "suggest"]

NEAREST = 16  # stories that vote
UNLIKE = 0.05  # a story less like the text than this has no vote
DOUBT = 0.02  # squares of likeness that vote for nothing, so that one distant story does not decide alone
IN_HEADLINE, IN_TEXT = 0.6, 0.2  # how likely a topic is that is named there
LEAST = 0.33  # a lower score is worth no editor's time

_LAST: Final = datetime(9999, 1, 1, tzinfo=UTC)
_POSSESSIVE: Final = re.compile(r"['\u2019]s\b")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A topic that fits. ``score`` lies between 0 and 1; ``reason`` says in a few words what speaks for it."""

    slug: str
    label: str
    score: float
    reason: str


class _Near(NamedTuple):
    """A story that is like the text, and how much."""

    likeness: float
    path: str


def suggest(title: str, text: str, digest: Digest, *, own: str = "", limit: int = 5) -> tuple[Suggestion, ...]:
    """Up to ``limit`` topics of a digest that fit a text, best first.

    ``title`` is its headline, ``own`` the path of the story it belongs to, if it is one of the digest: what that story
    is filed under now has no part in the result.
    """
    stories = [story for story in digest.listed if story.path != own]
    known = _known(digest.vocabulary, stories)
    named = _named(title, text, known, digest.vocabulary)
    near = _nearest(title, text, stories, digest, own)
    votes = _votes(near, digest.vocabulary)
    counts = Counter(slug for each in near for slug in _topics(digest.vocabulary, each.path))
    least = LEAST if votes else 0.0
    found = []
    for slug in sorted({*named, *votes}):
        place = named.get(slug, "")
        chances = (votes.get(slug, 0.0), {"headline": IN_HEADLINE, "text": IN_TEXT}.get(place, 0.0))
        score = round(1 - prod(1 - chance for chance in chances), 3)
        reason = _reason(place, counts[slug], len(near))
        found.append(Suggestion(slug, known[slug], score, reason))
    likely = [each for each in found if each.score >= least]
    return tuple(sorted(likely, key=lambda each: (-each.score, each.slug))[: max(0, limit)])


def _known(vocabulary: Vocabulary, stories: Sequence[Story]) -> dict[str, str]:
    """The label of each topic that has a file, or any of the stories."""
    used = {slug for story in stories for slug in _topics(vocabulary, story.path)}
    topics = vocabulary.topics.values()
    return {topic.slug: topic.label for topic in topics if topic.curated or topic.slug in used}


def _topics(vocabulary: Vocabulary, path: str) -> tuple[str, ...]:
    return vocabulary.of_story.get(path, ())


# -- names


def _named(title: str, text: str, known: Mapping[str, str], vocabulary: Vocabulary) -> dict[str, str]:
    """The topics that are named, and where first: ``headline`` or ``text``."""
    names: dict[tuple[str, ...], str] = {}
    literal: dict[str, str] = {}
    for slug in sorted(known):
        topic = vocabulary.topics[slug]
        for name in (topic.label, *topic.aliases):
            words = _words(slugify(name))
            if _says_something(words):
                names.setdefault(words, slug)
            else:
                literal.setdefault(name, slug)
    found: dict[str, str] = {}
    for place, where in (("text", text[:LONGEST]), ("headline", title)):
        found |= dict.fromkeys((*_names_in(where, names), *_literally_in(where, literal)), place)
    return found


def _says_something(words: Sequence[str]) -> bool:
    """Whether a name can be looked for in any case: "US" and "WHO" cannot, nor can "A$", of which "a" is left."""
    terms = Terms()
    return any(terms[word] for word in words)


def _names_in(text: str, names: Mapping[tuple[str, ...], str]) -> Iterator[str]:
    """The topics whose names stand in a text, each as long as it can be: in "open data" no topic "data" is named."""
    words = _words(slugify(_POSSESSIVE.sub("", text)))
    longest = max(map(len, names), default=0)
    at = 0
    while at < len(words):
        for end in range(min(at + longest, len(words)), at, -1):
            slug = names.get(words[at:end])
            if slug is not None:
                yield slug
                at = end - 1
                break
        at += 1


def _literally_in(text: str, names: Mapping[str, str]) -> Iterator[str]:
    """The topics whose names stand in a text letter by letter, and not as a part of other words."""
    return (slug for name, slug in names.items() if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text))


def _words(slug: str) -> tuple[str, ...]:
    """The words of a slug, those of five letters and more without the s of the plural."""
    return tuple(map(_singular, slug.split("-"))) if slug else ()


def _singular(word: str) -> str:
    if len(word) < 5 or not word.endswith("s") or word.endswith("ss"):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]


# -- likeness


def _nearest(title: str, text: str, stories: Sequence[Story], digest: Digest, own: str) -> list[_Near]:
    """The stories most like a text in their words, the most like first."""
    languages = Counter(story.lang for story in stories)
    lang = next((story.lang for story in digest.stories if story.path == own), "")
    lang = lang or max(sorted(languages), key=languages.__getitem__, default="en")
    subjects = sorted((_subject(story, digest) for story in stories), key=lambda each: (each.date, each.key))
    *older, asked = describe([*subjects, Subject("", _LAST, title, "", text, (), lang)])
    likely = (_Near(_likeness(asked, each.profile), subject.key) for subject, each in zip(subjects, older, strict=True))
    return nlargest(NEAREST, (each for each in likely if each.likeness >= UNLIKE))


def _subject(story: Story, digest: Digest) -> Subject:
    """A story without its topics: what it is filed under must not make it more like a text that names none."""
    body = digest.bodies[story.path]
    return Subject(story.path, story.date or _LAST, story.title, body.lead, body.text, (), story.lang)


def _likeness(asked: Arrival, other: Profile) -> float:
    """The cosine between two descriptions."""
    known = zip(other.terms, other.weights, strict=True)
    shared = sum([asked.weights[term] * weight for term, weight in known if term in asked.weights])
    return min(1.0, shared / (sqrt(asked.profile.square * other.square) or 1.0))


def _votes(near: Sequence[_Near], vocabulary: Vocabulary) -> dict[str, float]:
    """For each topic of the nearest stories the share that it has of their votes."""
    votes: dict[str, float] = {}
    for each in near:
        for slug in _topics(vocabulary, each.path):
            votes[slug] = votes.get(slug, 0.0) + each.likeness**2
    cast = sum(each.likeness**2 for each in near) + DOUBT
    return {slug: vote / cast for slug, vote in votes.items()}


def _reason(place: str, count: int, of: int) -> str:
    said = [f"named in the {place}"] if place else []
    if count:
        few = "the nearest story has it" if of == 1 else f"{count} of the {of} nearest stories have it"
        said.append(few if count != 1 or of == 1 else f"one of the {of} nearest stories has it")
    return "; ".join(said)
