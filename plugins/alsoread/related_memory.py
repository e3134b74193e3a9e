"""Which stories were related the last time that the stories said the same?

Finding related stories takes longer than all else that a build does between reading and rendering. How a story
arrived - what it says, how it is described, with which older stories it is offered - depends on the stories up to it
and on no later one: it is kept under a chain of digests, each of a story and the chain before it. After an edit what
came before the edited story is as it was, and only what came later is found again; what later ones say is known too.
"""

import os
import shutil
import sys
from array import array
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import accumulate, compress, islice
from operator import ne
from typing import Any, Final

from alsoread.news.arrivals import Arrived, Came, Line, Spread, let_arrive, one_by_one
from alsoread.news.describe import Carriers, Tally, Terms, idle_words, language_of
from alsoread.news.reasons import OneByOne, Reasons
from alsoread.news.related import (
    HEAD,
    Known,
    Listed,
    Lists,
    Related,
    Subject,
    chosen_for,
    mark_of_list,
    relate,
    related_of,
    seconds_of,
)
from alsoread.press.digests import digest
from alsoread.press.surroundings import own_code, python
from alsoread.related_columns import Damaged, Rows
from alsoread.related_pairs import MOST_CHANGED, PairCounts, checksums_of
from alsoread.related_state import NOTHING, Counted, KeptLists, State, read_state, write_state

__all__ = ["FOLDER", "RelatedMemory"]

FOLDER: Final = "related"

# to compare so many stories that came later takes less time than a build
_LATER: Final = 1_000
# and to compare all of so few
_SMALL: Final = 300
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Language:
    """The stories of one language in one build."""

    chain: Sequence[str]
    told: Sequence[str]
    sizes: Sequence[int]
    rows: Rows
    before: int
    idle: Sequence[int]
    state: State
    keys: Sequence[str]
    seconds: Sequence[int]


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
    _files: set[str] = field(default_factory=set)
    _descriptors: list[int] = field(default_factory=list)
    _is_waiting: bool = False
    _pending: tuple[str, Came, Carriers, Mapping[int, Listed]] | None = None

    def relate(
        self,
        subjects: Iterable[Subject],
        *,
        limit: int,
        labels: Mapping[str, str],
        exclude: Mapping[str, Any],
    ) -> Lists:
        """As :func:`alsoread.news.related.relate`, which is asked where the answer is not known."""
        subjects = [*subjects]
        self._told = {subject.key: _told(subject) for subject in subjects}
        self._limit, self._labels = limit, dict(labels)
        try:
            found = relate(subjects, limit=limit, labels=labels, exclude=exclude, recall=self, spread=self.spread)
            self._let_go(self._files)
            return found
        except (Damaged, OSError):
            self.forget()
            return relate(subjects, limit=limit, labels=labels, exclude=exclude, spread=self.spread)
        finally:
            self._close()

    def edited(self, subject: Subject, other: Callable[[str], Subject]) -> Mapping[str, tuple[Related, ...]] | None:
        """The lists, by the keys of their stories, that are others than those of the last time if one of the stories
        says something else, and all besides is as it was; None where that is not known.

        ``other`` gives the other stories by their keys. What was found is remembered by :meth:`remember`, and only
        then; :meth:`close` comes last.
        """
        try:
            return self._edited(subject, other, language_of(subject))
        except (Damaged, OSError):
            return None

    def _related_anew(self, stories: "_Stories", state: State) -> Mapping[str, tuple[Related, ...]]:
        """The same for one of the first stories, which are weighed together."""
        keys, before = state.keys, [state.lists[place].entries for place in range(len(stories))]
        exclude = {key: {keys[at] for at in state.lists[place].barred} for place, key in enumerate(keys)}
        self._told = {story.key: _told(story) for story in stories}
        self._limit, self._labels, self._is_waiting = int(state.listed_for), state.labels, True
        relate(stories, limit=self._limit, labels=self._labels, exclude=exclude, recall=self, spread=self.spread)
        lists = self._pending[3] if self._pending is not None else {}
        return {
            keys[at]: tuple(related_of(keys, at, entry) for entry in lists[at].entries)
            for at, entries in enumerate(before)
            if [*lists[at].entries] != [*entries]
        }

    def remember(self) -> None:
        """Remember what :meth:`edited` has found, or forget everything."""
        pending, self._pending, self._is_waiting = self._pending, None, False
        try:
            if pending is not None:
                self.keep(*pending)
        except (Damaged, OSError):
            self.forget()

    def close(self) -> None:
        """Let go of the files."""
        self._close()

    def _edited(
        self, subject: Subject, other: Callable[[str], Subject], language: str
    ) -> Mapping[str, tuple[Related, ...]] | None:
        state, _ = self._state(language)
        keys, end = state.keys, len(state.keys)
        if subject.key not in keys:
            return None
        place = keys.index(subject.key)
        if place < HEAD and end <= _SMALL:
            return self._related_anew(_Stories(keys, subject, other), state)
        if place < HEAD or end - place > _LATER:
            return None
        told = [*state.told[:place], _told(subject), *state.told[place + 1 :]]
        steps = (f"{each} {size}" for each, size in zip(told[place:], state.sizes[place:], strict=True))
        chain = [*state.chain[:place], *islice(accumulate(steps, digest, initial=state.chain[place - 1]), 1, None)]
        descriptor = self._open(_file(language, "rows"))
        whole = Rows(descriptor, state.offsets, state.chain, is_lent=True)
        then = {at: whole[at] for at in range(place, end)}
        carriers = self._carriers(state.counted)
        if carriers is None or not all(carriers.add(arrived.tally, -1) for arrived in then.values()):
            return None
        rows = Rows(descriptor, state.offsets[: place + 1], chain)
        came, terms = Came(rows, state.entries.up_to(place), state.offers.up_to(place)), Terms()
        # a line wants to know the others by their keys alone
        line = Line(_Stories(keys, subject, _named), state.seconds, state.sizes)
        known = lambda at: None if at == place else then[at].tally  # noqa: E731
        carriers, telling = let_arrive(line, came, carriers, known, terms, idle=state.idle)
        touched = {*range(place, end), *(at for offers in (state.offers, came.offers) for at in offers.met_from(place))}
        barred = {at: state.lists[at].barred for at in touched}
        chosen = chosen_for(sorted(touched), line, came.offers, barred, int(state.listed_for))
        reasons = Reasons(_Stories(keys, subject, other), rows, telling or OneByOne(rows), terms, state.labels)
        same = {at for at, arrived in then.items() if rows[at] == arrived}.union(range(place))
        lists = {}
        for at, best in chosen.items():
            before = state.lists[at].entries
            whys = {to: why for to, _, why in before if at in same and to in same}
            unknown = [to for to, _ in best if to not in whys]
            whys |= zip(unknown, reasons.between(at, unknown) if unknown else (), strict=True)
            now = [(to, score, whys[to]) for to, score in best]
            if now != [*before]:
                lists[at] = Listed(now, barred[at], mark_of_list(line.stories, at, now))
        self._limit, self._labels = int(state.listed_for), state.labels
        self._languages[language] = _Language(
            chain, told, state.sizes, rows, place, state.idle, state, keys, state.seconds
        )
        kept = state.lists
        others = kept.with_others(lists) if isinstance(kept, KeptLists) else {**kept, **lists}
        self._pending = (language, came, carriers, others)
        return {keys[at]: tuple(related_of(keys, at, entry) for entry in each.entries) for at, each in lists.items()}

    def forget(self) -> None:
        """Forget everything."""
        self._close()
        self._let_go(())

    def _let_go(self, kept: Container[str]) -> None:
        """Forget all files but these."""
        if self.recipe is None:
            return
        folder = os.path.join(self.work, FOLDER)
        with suppress(OSError):
            for name in sorted(os.listdir(folder)):
                if name not in kept:
                    path = os.path.join(folder, name)
                    shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)

    # what relating asks

    def known(self, language: str, stories: Sequence[Subject], sizes: Sequence[int]) -> Known:
        """What is known of the stories in a language."""
        told = [self._told[story.key] for story in stories]
        state, recipe = self._state(language)
        is_head = told[:HEAD] == state.told[:HEAD]
        before = _alike((told, sizes), (state.told, state.sizes)) if is_head else 0
        begin = state.chain[before - 1] if before else digest(*recipe, *told[:HEAD])
        steps = (f"{each} {size}" for each, size in zip(told[before:], sizes[before:], strict=True))
        chain = [*state.chain[:before], *islice(accumulate(steps, digest, initial=begin), 1, None)]
        descriptor = self._open(_file(language, "rows"))
        rows = Rows(descriptor, state.offsets[: before + 1], chain, is_lent=self.recipe is None)
        idle = state.idle if is_head else sorted(idle_words(stories[:HEAD], Terms()))
        keys, seconds = [story.key for story in stories], seconds_of(stories)
        self._languages[language] = _Language(chain, told, sizes, rows, before, idle, state, keys, seconds)
        # read before it is written over
        then = _then(state, Rows(descriptor, state.offsets, state.chain), before)
        counted = self._carriers(state.counted)
        is_listed = self._holds(state, stories)
        return Known(
            Came(rows, state.entries.up_to(before), state.offers.up_to(before)),
            _without(counted, then, before),
            (lambda place: _tally(then.get(told[place]))) if idle == state.idle else (lambda place: None),
            frozenset(idle),
            {place: state.lists[place] for place in range(before) if is_listed(place)},
            _reason(state.lists, told, rows, before, then, is_listed),
        )

    def _state(self, language: str) -> tuple[State, Sequence[str]]:
        """What was known the last time, and by what the lists are made; without a recipe of our own that by which they
        were, if we were the same. What was made by something else is not known.
        """
        state, tools = read_state(self._path(_file(language, "state"))), _tools()
        recipe = [*(state.recipe[:1] if self.recipe is None else (self.recipe,)), *tools]
        return (state if state.recipe == recipe else NOTHING), recipe

    def _carriers(self, counted: Counted | None) -> Carriers | None:
        """How many stories carried each term."""
        if counted is None:
            return None
        single, pairs, file, checksums = counted
        if not file:
            return Carriers(single, Counter(pairs))
        return Carriers(single, PairCounts(file, self._open(file, to_read=True), checksums, pairs))

    def _holds(self, state: State, stories: Sequence[Subject]) -> Callable[[int], bool]:
        """Whether what was listed for the story that is at a place now holds still. A reason names topics that both
        stories have, by their labels.
        """
        if state.listed_for != str(self._limit):
            return lambda place: False
        slugs = {*state.labels, *self._labels}
        others = {slug for slug in slugs if state.labels.get(slug) != self._labels.get(slug)}
        return lambda place: others.isdisjoint(stories[place].topics)

    def keep(self, language: str, came: Came, carriers: Carriers, lists: Mapping[int, Listed]) -> None:
        """Remember the stories of a language that came, and their lists."""
        if self.recipe is None:
            return
        if self._is_waiting:
            self._pending = (language, came, carriers, lists)
            return
        kept = self._languages[language]
        kept.rows.flush()
        was, labels = kept.state, self._labels
        is_same = kept.before == len(kept.chain) == len(was.chain) and was.listed_for == str(self._limit)
        if is_same and was.labels == labels and was.lists == lists:
            counted = was.counted
        else:
            counted = self._counted(language, carriers)
            state = State(
                *(kept.chain, kept.told, kept.sizes, kept.rows.offsets, came.entries, came.offers, counted),
                *(str(self._limit), labels, lists, [self.recipe, *_tools()], kept.idle),
                *(kept.keys, kept.seconds),
            )
            write_state(self._path(_file(language, "state")), state)
        self._files |= {_file(language, "rows"), _file(language, "state"), *([counted.file] if counted else ())}

    def _counted(self, language: str, carriers: Carriers) -> Counted:
        """The counts, as they are kept; those of pairs in another file where many have changed."""
        pairs = carriers.pairs
        if isinstance(pairs, Counter):
            return Counted(carriers.single, pairs)
        if isinstance(pairs, PairCounts):
            changed = pairs.changed()
            if len(changed) <= MOST_CHANGED:
                return Counted(carriers.single, changed, pairs.file, pairs.checksums)
        whole = pairs if isinstance(pairs, array) else pairs.whole()
        checksums = checksums_of(whole)
        name = _file(language, f"{digest(checksums.tobytes())}.pairs")
        with open(self._path(f"{name}.new"), "wb") as file:
            file.write(whole)
        os.replace(self._path(f"{name}.new"), self._path(name))
        return Counted(carriers.single, {}, name, checksums)

    def _path(self, name: str) -> str:
        return os.path.join(self.work, FOLDER, name)

    def _open(self, name: str, *, to_read: bool = False) -> int:
        path = self._path(name)
        if self.recipe is None or to_read:
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
        self._files.clear()


def _named(key: str) -> Subject:
    """A story of which nothing but the key is asked."""
    return Subject(key, _NEVER, "", "", "", ())


@dataclass(slots=True)
class _Stories(Sequence[Subject]):
    """The stories of a language by their places, each made when it is asked for; one is there already."""

    keys: Sequence[str]
    edited: Subject
    other: Callable[[str], Subject]
    _known: dict[str, Subject] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, place: Any) -> Any:
        key = self.keys[place]
        if key == self.edited.key:
            return self.edited
        if key not in self._known:
            self._known[key] = self.other(key)
        return self._known[key]


_Then = Mapping[str, tuple[int, Arrived]]
"""By what a story told its place the last time, and how it arrived."""


def _then(state: State, rows: Rows, before: int) -> _Then:
    """The stories that came, the last time, after the first that is another one now."""
    return {state.told[place]: (place, rows[place]) for place in range(before, len(state.chain))}


def _tally(known: tuple[int, Arrived] | None) -> Tally | None:
    return known[1].tally if known is not None else None


def _without(carriers: Carriers | None, then: _Then, before: int) -> Carriers | None:
    """The counts without some stories; None where it is quicker to count the others, or they cannot be had."""
    if carriers is None or len(then) > before:
        return None
    return carriers if all(carriers.add(arrived.tally, -1) for _, arrived in then.values()) else None


def _reason(
    lists: Mapping[int, Listed],
    told: Sequence[str],
    rows: Rows,
    before: int,
    then: _Then,
    is_listed: Callable[[int], bool],
) -> Callable[[int, int], str | None]:
    """Gives the reason why a story was listed for another, if both are described as they were."""

    @cache
    def place_then(place: int) -> int | None:
        if place < before:
            return place
        known = then.get(told[place])
        return known[0] if known is not None and known[1] == rows[place] else None

    def reason(place: int, other: int) -> str | None:
        here, there = place_then(place), place_then(other)
        if here is None or there is None or not is_listed(place):
            return None
        return next((why for listed, _, why in lists[here].entries if listed == there), None)

    return reason


def _alike(now: Sequence[Sequence[object]], then: Sequence[Sequence[object]]) -> int:
    """How many things at the beginning of several rows are as they were."""
    length = min(map(len, (*now, *then)))
    others = (next(compress(range(length), map(ne, *rows)), length) for rows in zip(now, then, strict=True))
    return min(others)


def _file(language: str, ending: str) -> str:
    return f"{digest(language)}.{ending}"


def _tools() -> tuple[str, ...]:
    """What finds related stories, besides what a builder's recipe tells."""
    return own_code(), python(), str(array("I").itemsize), sys.byteorder


def _told(subject: Subject) -> str:
    words = (subject.mark,) if subject.mark else (subject.lead, subject.text)
    return digest(repr((subject.key, subject.date.isoformat(), subject.title, words, subject.lang, subject.topics)))
