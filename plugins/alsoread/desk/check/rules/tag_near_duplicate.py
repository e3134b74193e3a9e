"""Is a tag that few stories have another one with a slip of the pen?"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from alsoread.desk.check.saying import shown
from alsoread.desk.check.subject import Archive
from alsoread.desk.check.tagged import tags_of
from alsoread.diagnostics import Diagnostic
from alsoread.news.headlines import normalised
from alsoread.story import Story

__all__ = ["CODE", "check"]

CODE: Final = "AR309"
_FEW: Final = 2
_SHORTEST: Final = 6
_LONGEST: Final = 40
_SHORTEST_PLURAL: Final = 4

Words = tuple[str, ...]


def check(archive: Archive) -> Iterator[Diagnostic]:
    """Tags of one or two stories that are nearly a tag of more, each at its oldest story.

    Where topics have files, a tag without one is told of already.
    """
    vocabulary = archive.digest.vocabulary
    if any(topic.curated for topic in vocabulary.topics.values()):
        return
    counts = Counter(chain.from_iterable(vocabulary.of_story.values()))
    words = {slug: tuple(normalised(vocabulary.topics[slug].label).split()) for slug in counts}
    meant = _meant(words, counts)
    for slug, (story, tag) in _oldest(archive, meant).items():
        other = vocabulary.topics[meant[slug]].label
        few = "one story has" if counts[slug] == 1 else f"{counts[slug]} stories have"
        message = f"the tag '{shown(tag)}', which {few}, is nearly '{shown(other)}', which {counts[meant[slug]]} have"
        place = next(each.place for each in tags_of(archive, story) if each.text == tag)
        yield Diagnostic(story.path, *place, CODE, message, other)


def _oldest(archive: Archive, wanted: Mapping[str, str]) -> dict[str, tuple[Story, str]]:
    """The oldest story of each topic, and how it spells its tag."""
    found: dict[str, tuple[Story, str]] = {}
    if not wanted:
        return found
    shown_paths = archive.digest.vocabulary.of_story
    stories = (story for path, story in archive.stories.items() if path in shown_paths)
    for story in sorted(stories, key=lambda story: (story.date is None, story.date, story.path)):
        for tag, _, slug in tags_of(archive, story):
            if slug in wanted:
                found.setdefault(slug, (story, tag))
    return found


def _meant(words: Mapping[str, Words], counts: Mapping[str, int]) -> dict[str, str]:
    """By topic of few stories, the one of most stories that it nearly is."""
    alike: dict[Words, list[str]] = defaultdict(list)
    for slug, said in words.items():
        # what one story has, no other tag is a misspelling of
        for key in _keys(said) if counts[slug] > 1 else ():
            alike[key].append(slug)
    meant = {}
    for slug, count in counts.items():
        near = {other for key in _keys(words[slug]) for other in alike.get(key, ())} if count <= _FEW else set()
        more = [other for other in near if counts[other] > count and _is_near(words[slug], words[other])]
        if more:
            meant[slug] = min(more, key=lambda other: (-counts[other], other))
    return meant


def _keys(words: Words) -> Iterator[Words]:
    """What nearly equal tags have in common: their words run together in the singular, or but for one letter."""
    yield ("".join(map(_singular, words)),)
    for place, word in enumerate(words):
        if _SHORTEST <= len(word) <= _LONGEST:
            yield (*words[:place], "", *words[place:])
            for at in range(1, len(word) - 1):
                yield (*words[:place], "", word[:at] + word[at + 1 :], *words[place + 1 :])


def _is_near(words: Words, others: Words) -> bool:
    if _numbers(words) != _numbers(others):
        return False
    if _is_plural(words, others) or "".join(words) == "".join(others):
        return True
    pairs = [(mine, other) for mine, other in zip(words, others, strict=False) if mine != other]
    return len(words) == len(others) and len(pairs) == 1 and _is_slip(*pairs[0])


def _is_plural(words: Words, others: Words) -> bool:
    """Whether the last word is one thing here and several there; before it a plural makes another name."""
    if len(words) != len(others) or words[:-1] != others[:-1]:
        return False
    return words[-1] != others[-1] and _singular(words[-1]) == _singular(others[-1])


def _singular(word: str) -> str:
    """An English word without the ending of its plural, which many languages share."""
    if len(word) <= _SHORTEST_PLURAL or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("ches", "shes", "sses", "xes", "zes")) else word[:-1]


def _is_slip(mine: str, other: str) -> bool:
    """Two neighbours within a longer word changed places, or a letter within it is missing."""
    short, long = sorted((mine, other), key=len)
    # the ends of a word are its grammar, and signs of a script without capitals are more than letters
    if len(short) < _SHORTEST or mine[0] != other[0] or mine[-1] != other[-1] or long.upper() == long.lower():
        return False
    if len(short) == len(long):
        differ = [at for at, (one, two) in enumerate(zip(mine, other, strict=True)) if one != two]
        return (
            len(differ) == 2
            and differ[1] - differ[0] == 1
            and mine[differ[0]] == other[differ[1]]
            and (mine[differ[1]] == other[differ[0]])
        )
    return len(long) - len(short) == 1 and any(long[:at] + long[at + 1 :] == short for at in range(1, len(long) - 1))


def _numbers(words: Sequence[str]) -> list[str]:
    return [word for word in words if any(char.isdigit() for char in word)]
