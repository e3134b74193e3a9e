"""Which stories were related the last time that the stories said the same?

Finding related stories takes longer than all else that a build does between reading and rendering. How a story
arrived - what it says, how it is described, with which older stories it is offered - depends on the stories up to it
and on no later one: it is kept under a chain of digests, each of a story and the chain before it. After an edit what
came before the edited story is as it was, and only what came later is found again; what later ones say is known too.
"""

import marshal
import os
import shutil
import sys
from array import array
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import accumulate, compress, islice
from operator import ne
from typing import Any, Final, NamedTuple

from alsoread.news.arrivals import Arrived, Came, Spread, one_by_one
from alsoread.news.describe import Carriers, Tally, Terms, idle_words
from alsoread.news.list_columns import ListColumns
from alsoread.news.listed import Lists
from alsoread.news.related import HEAD, Known, Subject, relate, seconds_of
from alsoread.news.seeking import Again
from alsoread.press.digests import digest, digesting
from alsoread.press.surroundings import own_code, python
from alsoread.related_columns import Damaged, Rows
from alsoread.related_pairs import MOST_CHANGED, PairCounts, checksums_of
from alsoread.related_state import NOTHING, Counted, State, made_for, read_state, write_state

__all__ = ["FOLDER", "Found", "Language", "RelatedMemory", "file_of", "sign_of", "told_of"]

FOLDER: Final = "related"
_DIGEST: Final = digesting("subject")
# the last that writes the same things in the same way, however often they are referred to
_MARSHALLED: Final = 2


class Found(NamedTuple):
    """What was found of the stories in a language, to be remembered."""

    language: str
    came: Came
    carriers: Carriers
    lists: ListColumns


@dataclass(slots=True)
class Language:
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
    recipe what any build of ours has left is read, and nothing is written. Who wants to see first what it is about to
    remember ``keeps`` it. ``languages`` are those of this build, ``told`` has what each story said, by its key.
    Reasons are sought at once where the memory ``explains``, later where it does not and can have stories again; None
    is to do as the last build did.

    Nothing that is, or is not, in the folder raises or changes what is found.
    """

    work: str
    recipe: str | None
    spread: Spread = one_by_one
    told: dict[str, str] = field(default_factory=dict)
    limit: int = 0
    labels: Mapping[str, str] = field(default_factory=dict)
    languages: dict[str, Language] = field(default_factory=dict)
    _files: set[str] = field(default_factory=set)
    _descriptors: list[int] = field(default_factory=list)
    keeps: Callable[[str, Came, Carriers, ListColumns], None] | None = None
    explains: bool | None = True

    def relate(
        self,
        subjects: Iterable[Subject],
        *,
        limit: int,
        labels: Mapping[str, str],
        exclude: Mapping[str, Any],
        again: Again | None = None,
    ) -> Lists:
        """As :func:`alsoread.news.related.relate`, which is asked where the answer is not known."""
        subjects = [*subjects]
        self.told = {subject.key: told_of(subject) for subject in subjects}
        self.limit, self.labels = limit, dict(labels)
        if again is None:
            self.explains = True
        asked: dict[str, Any] = {"limit": limit, "labels": labels, "exclude": exclude, "spread": self.spread}
        try:
            found = relate(subjects, **asked, recall=self, again=again)
            self._let_go(self._files)
            return found
        except (Damaged, OSError):
            self.forget()
            # what tells a reason from another is for who remembers
            return relate(subjects, **asked)
        finally:
            self.close()

    def forget(self) -> None:
        """Forget everything."""
        self.close()
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
        told = [self.told[story.key] for story in stories]
        state, recipe = self.state_of(language)
        if self.explains is None:
            self.explains = state is not NOTHING and state.is_explained
        is_head = told[:HEAD] == state.told[:HEAD]
        before = _alike((told, sizes), (state.told, state.sizes)) if is_head else 0
        begin = state.chain[before - 1] if before else digest(*recipe, *told[:HEAD])
        steps = (f"{each} {size}" for each, size in zip(told[before:], sizes[before:], strict=True))
        chain = [*state.chain[:before], *islice(accumulate(steps, digest, initial=begin), 1, None)]
        descriptor = self.open(file_of(language, "rows"))
        rows = Rows(descriptor, state.offsets[: before + 1], chain, is_lent=self.recipe is None)
        idle = state.idle if is_head else sorted(idle_words(stories[:HEAD], Terms()))
        keys, seconds = [story.key for story in stories], seconds_of(stories)
        self.languages[language] = Language(chain, told, sizes, rows, before, idle, state, keys, seconds)
        # read before it is written over
        then = _then(state, Rows(descriptor, state.offsets, state.chain), before)
        counted = self.carriers_of(state.counted)
        is_listed = self._holds(state, stories)
        return Known(
            Came(rows, state.entries.up_to(before), state.offers.up_to(before)),
            _without(counted, then, before),
            (lambda place: _tally(then.get(told[place]))) if idle == state.idle else (lambda place: None),
            frozenset(idle),
            state.lists,
            is_listed,
            _reason(state.lists, told, rows, before, then, is_listed),
            lambda place: sign_of(told, rows, place),
            bool(self.explains),
            partial(self._lost, language),
        )

    def _lost(self, language: str) -> None:
        """Nothing is known of a language, in the next build."""
        if self.recipe is not None:
            with suppress(OSError):
                os.remove(self._path(file_of(language, "state")))

    def state_of(self, language: str) -> tuple[State, Sequence[str]]:
        """What was known the last time, and by what the lists are made; without a recipe of our own that by which they
        were, if we were the same. What was made by something else is not known.
        """
        state, tools = read_state(self._path(file_of(language, "state"))), _tools()
        recipe = [*(state.recipe[:1] if self.recipe is None else (self.recipe,)), *tools]
        return (state if state.recipe == recipe else NOTHING), recipe

    def carriers_of(self, counted: Counted | None) -> Carriers | None:
        """How many stories carried each term."""
        if counted is None:
            return None
        single, pairs, file, checksums = counted
        if not file:
            return Carriers(single, Counter(pairs))
        return Carriers(single, PairCounts(file, self.open(file, to_read=True), checksums, pairs))

    def _holds(self, state: State, stories: Sequence[Subject]) -> Callable[[int], bool] | None:
        """Whether what was listed for the story that is at a place now holds still; None where all does. A reason names
        topics that both stories have, by their labels.
        """
        if state.listed_for != self._listed_for:
            return lambda place: False
        slugs = {*state.labels, *self.labels}
        others = {slug for slug in slugs if state.labels.get(slug) != self.labels.get(slug)}
        return (lambda place: others.isdisjoint(stories[place].topics)) if others else None

    def keep(self, language: str, came: Came, carriers: Carriers, lists: ListColumns) -> None:
        """Remember the stories of a language that came, and their lists."""
        if self.recipe is None:
            return
        if self.keeps is not None:
            self.keeps(language, came, carriers, lists)
            return
        kept = self.languages[language]
        kept.rows.flush()
        was, labels = kept.state, self.labels
        is_same = kept.before == len(kept.chain) == len(was.chain) and was.listed_for == self._listed_for
        if is_same and was.labels == labels and was.lists == lists:
            counted = was.counted
        else:
            counted = self._counted(language, carriers)
            state = State(
                *(kept.chain, kept.told, kept.sizes, kept.rows.offsets, came.entries, came.offers, counted),
                *(self._listed_for, labels, lists, [self.recipe, *_tools()], kept.idle),
                *(kept.keys, kept.seconds),
            )
            write_state(self._path(file_of(language, "state")), state)
        self._files |= {file_of(language, "rows"), file_of(language, "state"), *([counted.file] if counted else ())}

    @property
    def _listed_for(self) -> str:
        """How long lists are, and whether they have reasons."""
        return made_for(self.limit, is_explained=bool(self.explains))

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
        name = file_of(language, f"{digest(checksums.tobytes())}.pairs")
        with open(self._path(f"{name}.new"), "wb") as file:
            file.write(whole)
        os.replace(self._path(f"{name}.new"), self._path(name))
        return Counted(carriers.single, {}, name, checksums)

    def _path(self, name: str) -> str:
        return os.path.join(self.work, FOLDER, name)

    def open(self, name: str, *, to_read: bool = False) -> int:
        """A file of the folder, until :meth:`close`.

        :raises OSError: if it cannot be opened.
        """
        path = self._path(name)
        if self.recipe is None or to_read:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        else:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        self._descriptors.append(descriptor)
        return descriptor

    def close(self) -> None:
        """Let go of the files that are open, and of what was found."""
        for language, each in self.languages.items():
            # of lists that have none, somebody may ask the reasons later
            each.rows.let_go(self._path(file_of(language, "rows")))
        for descriptor in self._descriptors:
            os.close(descriptor)
        self._descriptors.clear()
        self.languages.clear()
        self._files.clear()


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
    lists: ListColumns,
    told: Sequence[str],
    rows: Rows,
    before: int,
    then: _Then,
    is_listed: Callable[[int], bool] | None,
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
        if here is None or there is None or not (is_listed is None or is_listed(place)):
            return None
        return next((why for listed, _, why in lists[here].entries if listed == there), None)

    return reason


def _alike(now: Sequence[Sequence[object]], then: Sequence[Sequence[object]]) -> int:
    """How many things at the beginning of several rows are as they were."""
    length = min(map(len, (*now, *then)))
    others = (next(compress(range(length), map(ne, *rows)), length) for rows in zip(now, then, strict=True))
    return min(others)


def file_of(language: str, ending: str) -> str:
    """The name of a file that is kept for a language."""
    return f"{digest(language)}.{ending}"


def sign_of(told: Sequence[str], rows: Rows, place: int) -> str:
    """What tells the story at a place from one that says something else, or is described in another way."""
    return digest(told[place], rows.mark(place))


def _tools() -> tuple[str, ...]:
    """What finds related stories, besides what a builder's recipe tells."""
    return own_code(), python(), str(array("I").itemsize), sys.byteorder


def told_of(subject: Subject) -> str:
    """What tells what a story says from anything else."""
    words = (subject.mark,) if subject.mark else (subject.lead, subject.text)
    told = (subject.key, subject.date.isoformat(), subject.title, words, subject.lang, subject.topics)
    return _DIGEST(marshal.dumps(told, _MARSHALLED))
