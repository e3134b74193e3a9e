"""Which stories were related the last time that the stories said the same?

Finding related stories takes longer than all else that a build does between reading and rendering. A build that follows
the edit of a template or a setting finds the same ones: they are kept under a digest of what they depend on. After the
edit of a story those that are older than it were offered the same when they arrived: that is kept as well.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile
from typing import Any, Final

from alsoread.news.related import HEAD, Offers, Related, Subject, relate
from alsoread.press.digests import digest
from alsoread.press.store import Store

__all__ = ["TABLE", "RelatedMemory"]

TABLE: Final = "related"
_NAME: Final = "lists"
_KINDS: Final = ("background", "later")


@dataclass(frozen=True, slots=True)
class RelatedMemory:
    """The related stories of the last build, in a store; ``recipe`` stands for the tools that found them."""

    store: Store
    recipe: str

    def relate(
        self, subjects: Iterable[Subject], *, limit: int, labels: Mapping[str, str]
    ) -> Mapping[str, Sequence[Related]]:
        """As :func:`alsoread.news.related.relate`, which is asked where the answer is not known."""
        ordered = sorted(subjects, key=lambda subject: subject.key)
        told = {subject.key: _told(subject) for subject in ordered}
        named = (f"{slug}\0{labels[slug]}" for slug in sorted(labels))
        key = digest(self.recipe, str(limit), *told.values(), *named)
        keys = [subject.key for subject in ordered]
        entry = self.store.get(TABLE, _NAME)
        try:
            if isinstance(entry, list) and entry[0] == key:
                return _read(entry[1], keys)
        except (ValueError, LookupError, TypeError):
            pass
        recall = _Arrivals(self.store, digest(self.recipe, str(limit)), told)
        found = relate(ordered, limit=limit, labels=labels, recall=recall)
        self.store.put(TABLE, _NAME, [key, _written(found, keys)])
        self.store.keep_only(TABLE, {_NAME, *recall.names})
        return found


class _Arrivals:
    """What was offered to stories when they arrived, each under a digest of all up to it; ``told`` has one of each."""

    def __init__(self, store: Store, scope: str, told: Mapping[str, str]) -> None:
        self._store, self._scope, self._told = store, scope, told
        self._chains: dict[str, list[str]] = {}
        self.names: set[str] = set()

    def known(self, language: str, stories: Sequence[Subject]) -> list[Offers]:
        """The offers to the stories before the first that is another one than the last time."""
        told = [self._told[story.key] for story in stories]
        chain = self._chains[language] = list(accumulate(told, digest, initial=digest(self._scope, *told[:HEAD])))[1:]
        match self._store.get(TABLE, f"arrivals of {language}"):
            case [list(before), list(offers)] if len(before) == len(offers):
                same = takewhile(lambda pair: pair[0] == pair[1], zip(chain, before, strict=False))
                return _offers_in(offers[: sum(1 for _ in same)])
        return []

    def keep(self, language: str, offers: Sequence[Offers]) -> None:
        """Remember the offers to all stories."""
        name = f"arrivals of {language}"
        self._store.put(TABLE, name, [self._chains[language], offers])
        self.names.add(name)


def _offers_in(written: list[Any]) -> list[Offers]:
    """The offers as they were written; none of them where one is of another form."""
    try:
        offers: list[Offers] = [[(older, score) for older, score in each] for each in written]
        is_sound = all(0 <= older < at and 0 <= score <= 1 for at, each in enumerate(offers) for older, score in each)
    except (ValueError, TypeError):
        return []
    return offers if is_sound else []


def _told(subject: Subject) -> str:
    return digest(
        *(subject.key, subject.date.isoformat(), subject.title, subject.lead, subject.text, subject.lang),
        *subject.topics,
    )


def _written(found: Mapping[str, Sequence[Related]], keys: Sequence[str]) -> list[list[Any]]:
    places = {key: place for place, key in enumerate(keys)}
    return [
        [[places[each.key], _KINDS.index(each.kind), each.score, each.reason] for each in found.get(key, ())]
        for key in keys
    ]


def _read(written: list[list[Any]], keys: Sequence[str]) -> dict[str, tuple[Related, ...]]:
    return {
        key: tuple([Related(keys[place], _KINDS[kind], score, reason) for place, kind, score, reason in each])
        for key, each in zip(keys, written, strict=True)
    }
