"""Which stories were related the last time that the stories said the same?

Finding related stories takes longer than all else that a build does between reading and rendering. How a story
arrived - what it says, how it is described, with which older stories it is offered - depends on the stories up to it
and on no later one: it is kept under a chain of digests, each of a story and the chain before it. After an edit what
came before the edited story is as it was, and only what came later is found again; what later ones say is known too.
"""

import json
import os
import shutil
import sys
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import accumulate, takewhile
from typing import Any, Final, NamedTuple

from alsoread.news.arrivals import Came, Spread, Table, one_by_one
from alsoread.news.describe import PAIRS, Carriers, Tally, Terms, idle_words
from alsoread.news.related import HEAD, Entry, Known, Listed, Related, Subject, relate
from alsoread.press.digests import digest
from alsoread.press.surroundings import own_code, python
from alsoread.related_columns import Damaged, Rows

__all__ = ["FOLDER", "RelatedMemory"]

FOLDER: Final = "related"
_MAGIC: Final = b"alsoread related 3\n"


class _State(NamedTuple):
    """What is known of the stories of a language besides the rows: the chain, what each story told, where its row is,
    under which terms it is entered and with which others it is offered, how many carry each term (None where it cannot
    be had), and the lists with what they depend on: a digest, and the labels of topics. The ``recipe`` is the builder's
    and that of this module; ``idle`` are the words with which no pair was counted.
    """

    chain: Sequence[str]
    told: Sequence[str]
    offsets: Sequence[int]
    entries: Table
    offers: Table
    carriers: Carriers | None
    listed_for: str
    labels: Mapping[str, str]
    lists: Mapping[int, Listed]
    recipe: Sequence[str]
    idle: Sequence[int]


_NOTHING: Final = _State((), (), (0,), Table(), Table(), None, "", {}, {}, (), ())


@dataclass(slots=True)
class _Language:
    """The stories of one language in one build."""

    chain: Sequence[str]
    told: Sequence[str]
    rows: Rows
    before: int
    idle: Sequence[int]
    state: _State


@dataclass(slots=True)
class RelatedMemory:
    """The related stories of the last build, in a folder below ``work``; ``recipe`` stands for the tools. Without a
    recipe what any build of ours has left is read, and nothing is written.

    Nothing that is, or is not, in the folder raises or changes what is found.
    """

    work: str
    recipe: str | None
    spread: Spread = one_by_one
    _told: dict[str, str] = field(default_factory=dict)
    _limit: int = 0
    _labels: Mapping[str, str] = field(default_factory=dict)
    _languages: dict[str, _Language] = field(default_factory=dict)
    _descriptors: list[int] = field(default_factory=list)

    def relate(
        self,
        subjects: Iterable[Subject],
        *,
        limit: int,
        labels: Mapping[str, str],
        exclude: Mapping[str, Any],
    ) -> Mapping[str, Sequence[Related]]:
        """As :func:`alsoread.news.related.relate`, which is asked where the answer is not known."""
        subjects = [*subjects]
        self._told = {subject.key: _told(subject) for subject in subjects}
        self._limit, self._labels = limit, dict(labels)
        try:
            found = relate(subjects, limit=limit, labels=labels, exclude=exclude, recall=self, spread=self.spread)
            self._let_go(self._languages)
            return found
        except (Damaged, OSError):
            self.forget()
            return relate(subjects, limit=limit, labels=labels, exclude=exclude, spread=self.spread)
        finally:
            self._close()

    def forget(self) -> None:
        """Forget everything."""
        self._close()
        self._let_go(())

    def _let_go(self, languages: Iterable[str]) -> None:
        """Forget all languages but these."""
        if self.recipe is None:
            return
        kept = {digest(language) for language in languages}
        folder = os.path.join(self.work, FOLDER)
        with suppress(OSError):
            for name in sorted(os.listdir(folder)):
                if name.partition(".")[0] not in kept or name.endswith(".new"):
                    path = os.path.join(folder, name)
                    shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)

    # what relating asks

    def known(self, language: str, stories: Sequence[Subject], sizes: Sequence[int]) -> Known:
        """What is known of the stories in a language."""
        told = [self._told[story.key] for story in stories]
        steps = (f"{each} {size}" for each, size in zip(told, sizes, strict=True))
        state = _read_state(self._path(language, "state"))
        recipe = self._recipe(state)
        chain = [*accumulate(steps, digest, initial=digest(*recipe, *told[:HEAD]))][1:]
        before = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(chain, state.chain, strict=False)))
        descriptor = self._open(self._path(language, "rows"))
        is_lent = self.recipe is None
        rows = Rows(descriptor, state.offsets[: before + 1], chain, is_lent=is_lent)
        idle = state.idle if told[:HEAD] == [*state.told[:HEAD]] else sorted(idle_words(stories[:HEAD], Terms()))
        self._languages[language] = _Language(chain, told, rows, before, idle, state)
        later = _Later(Rows(descriptor, state.offsets, state.chain), before, state)
        return Known(
            Came(rows, state.entries.up_to(before), state.offers.up_to(before)),
            later.carriers(),
            (lambda place: later.tallies.get(told[place])) if [*idle] == [*state.idle] else (lambda place: None),
            self._lists(state, stories, before),
        )

    def _recipe(self, state: _State) -> Sequence[str]:
        """By what the lists are made; without a recipe of our own that by which they were, if we were the same."""
        if self.recipe is not None:
            return self.recipe, *_tools()
        return state.recipe if [*state.recipe[1:]] == [*_tools()] else ()

    def _lists(self, state: _State, stories: Sequence[Subject], before: int) -> Mapping[int, Listed]:
        """The lists that hold still. A reason names topics that both stories have, by their labels."""
        if state.listed_for != str(self._limit):
            return {}
        slugs = {*state.labels, *self._labels}
        others = {slug for slug in slugs if state.labels.get(slug) != self._labels.get(slug)}
        return {
            place: state.lists[place]
            for place in range(before)
            if place in state.lists and others.isdisjoint(stories[place].topics)
        }

    def keep(self, language: str, came: Came, carriers: Carriers, lists: Mapping[int, Listed]) -> None:
        """Remember the stories of a language that came, and their lists."""
        if self.recipe is None:
            return
        kept = self._languages[language]
        kept.rows.flush()
        state = _State(
            *(kept.chain, kept.told, kept.rows.offsets, came.entries, came.offers, carriers),
            *(str(self._limit), self._labels, dict(lists), self._recipe(kept.state), kept.idle),
        )
        before = kept.state
        is_same = kept.before == len(kept.chain) == len(before.chain) and before.listed_for == str(self._limit)
        if not is_same or state.labels != before.labels or lists != before.lists:
            _write_state(self._path(language, "state"), state)

    def _path(self, language: str, ending: str) -> str:
        return os.path.join(self.work, FOLDER, f"{digest(language)}.{ending}")

    def _open(self, path: str) -> int:
        if self.recipe is None:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        else:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        self._descriptors.append(descriptor)
        return descriptor

    def _close(self) -> None:
        for descriptor in self._descriptors:
            os.close(descriptor)
        self._descriptors.clear()
        self._languages.clear()


class _Later:
    """What the stories said that came, the last time, after the first that is another one now; read before their rows
    are written over.
    """

    def __init__(self, rows: Rows, before: int, state: _State) -> None:
        self._rows, self._before, self._carriers = rows, before, state.carriers
        self.tallies: dict[str, Tally] = {
            state.told[place]: rows[place].tally for place in range(before, len(state.chain))
        }

    def carriers(self) -> Carriers | None:
        """The counts without these stories; None where it is quicker to count the others, or they cannot be had."""
        carriers = self._carriers
        if carriers is None or len(self.tallies) > self._before:
            return None
        return carriers if all(carriers.add(tally, -1) for tally in self.tallies.values()) else None


def _tools() -> tuple[str, ...]:
    """What finds related stories, besides what a builder's recipe tells."""
    return own_code(), python(), str(array("I").itemsize), sys.byteorder


def _told(subject: Subject) -> str:
    words = (subject.mark,) if subject.mark else (subject.lead, subject.text)
    return digest(subject.key, subject.date.isoformat(), subject.title, *words, subject.lang, *subject.topics)


# the file of the state: a line that tells the format, a checksum, and in front of each part its length


def _write_state(path: str, state: _State) -> None:
    """Write the state, all of it or nothing.

    :raises OSError: if it cannot be written.
    """
    lists = [_listed(state.lists.get(place, ((), ()))) for place in range(len(state.chain))]
    kept = (state.listed_for, dict(state.labels), lists, [*state.recipe], [*state.idle])
    told = json.dumps(["".join(state.chain), "".join(state.told), *kept])
    parts = [told.encode(), array("Q", state.offsets).tobytes()]
    parts += [column.tobytes() for table in (state.entries, state.offers) for column in _columns(table)]
    if state.carriers is not None:
        single, pairs = state.carriers.single, state.carriers.pairs
        parts += [array("I", single).tobytes(), array("I", single.values()).tobytes()]
        if isinstance(pairs, Counter):
            parts += [array("I", pairs).tobytes(), array("H", pairs.values()).tobytes()]
        else:
            parts += [pairs.tobytes()]
    checksum = 0
    for part in parts:
        checksum = zlib.crc32(part, zlib.crc32(len(part).to_bytes(8, "big"), checksum))
    with open(f"{path}.new", "wb") as file:
        file.write(_MAGIC + checksum.to_bytes(4, "big"))
        for part in parts:
            file.write(len(part).to_bytes(8, "big"))
            file.write(part)
    os.replace(f"{path}.new", path)


def _columns(table: Table) -> "tuple[array[int], array[int], array[int]]":
    return table.begins, table.keys, table.values


def _listed(listed: Listed) -> list[Any]:
    entries, barred = listed
    return [[part for entry in entries for part in entry], [*barred]]


def _read_state(path: str) -> _State:
    """The state as it was written; nothing where there is none, or something else."""
    try:
        with open(path, "rb") as file:
            data = memoryview(file.read())
        return _state(_parts(data))
    except (OSError, ValueError, TypeError, LookupError, OverflowError):
        return _NOTHING


def _parts(data: memoryview) -> list[memoryview]:
    at = len(_MAGIC) + 4
    if bytes(data[: len(_MAGIC)]) != _MAGIC or zlib.crc32(data[at:]) != int.from_bytes(data[at - 4 : at], "big"):
        raise ValueError("not a state, or damaged")
    parts = []
    while at < len(data):
        length = int.from_bytes(data[at : at + 8], "big")
        parts.append(data[at + 8 : at + 8 + length])
        at += 8 + length
    return parts


def _state(parts: Sequence[memoryview]) -> _State:
    told, offsets, *columns = parts[:8]
    counts = parts[8:]
    entries, offers = (Table(*map(_array, "QII", columns[at : at + 3])) for at in (0, 3))
    chain, own, listed_for, labels, lists, recipe, idle = json.loads(bytes(told))
    carriers = None
    if counts:
        kinds = "IIIH" if len(counts) == 4 else "IIH"
        terms, numbers, *pairs = map(_array, kinds, counts)
        if len(pairs) == 1 and len(pairs[0]) != PAIRS:
            raise ValueError("pairs are counted in another way")
        counted = pairs[0] if len(pairs) == 1 else Counter(dict(zip(*pairs, strict=True)))
        carriers = Carriers(dict(zip(terms, numbers, strict=True)), counted)
    length = len(digest())
    return _State(
        [chain[at : at + length] for at in range(0, len(chain), length)],
        [own[at : at + length] for at in range(0, len(own), length)],
        _array("Q", offsets),
        entries,
        offers,
        carriers,
        listed_for,
        labels,
        {place: _read_listed(*listed) for place, listed in enumerate(lists)},
        recipe,
        idle,
    )


def _array(kind: Any, data: memoryview) -> Any:
    column = array(kind)
    column.frombytes(data)
    return column


def _read_listed(entries: list[Any], barred: list[int]) -> Listed:
    parts = iter(entries)
    return tuple(map(Entry, parts, parts, parts)), barred
