"""Which stories were related the last time that the stories said the same?

Finding related stories takes longer than all else that a build does between reading and rendering, and a build that
follows the edit of a template or a setting finds the same ones. They are kept under a digest of what they depend on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from alsoread.news.related import Related, Subject, relate
from alsoread.press.digests import digest
from alsoread.press.store import Store

__all__ = ["RelatedMemory"]

_TABLE: Final = "related"
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
        key = digest(
            self.recipe, str(limit), *map(_told, ordered), *(f"{slug}\0{labels[slug]}" for slug in sorted(labels))
        )
        keys = [subject.key for subject in ordered]
        entry = self.store.get(_TABLE, _NAME)
        try:
            if isinstance(entry, list) and entry[0] == key:
                return _read(entry[1], keys)
        except (ValueError, LookupError, TypeError):
            pass
        found = relate(ordered, limit=limit, labels=labels)
        self.store.put(_TABLE, _NAME, [key, _written(found, keys)])
        return found


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
