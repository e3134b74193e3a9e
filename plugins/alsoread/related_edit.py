"""Which related stories are others, now that one story has other words and all besides is as it was?

That is what a build would find, from what the last one remembered (``related_memory``): the edited story and those
after it arrive anew, and lists are made again where one of these is offered. Nothing is gone through that has as many
parts as there are stories, but for columns of numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate, islice
from typing import Any, Final

from alsoread.news.arrivals import Came, Line, let_arrive
from alsoread.news.describe import HEAD, Subject, Terms, language_of
from alsoread.news.listed import Chosen, Entry, Listed, Related, Seek, mark_of_list, related_of
from alsoread.news.reasons import OneByOne, Reasons
from alsoread.news.related import chosen_for, relate
from alsoread.news.seeking import signed
from alsoread.press.digests import digest
from alsoread.related_columns import Damaged, Rows
from alsoread.related_memory import Found, Language, RelatedMemory, file_of, sign_of, told_of
from alsoread.related_state import State

__all__ = ["OthersListed", "RelatedEdit"]

# to compare so many stories that came later takes less time than a build
_LATER: Final = 1_000
# and to compare all of so few
_SMALL: Final = 300
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)

OthersListed = Mapping[str, tuple[Related, ...]]
"""By the keys of stories the lists that are others than they were."""


@dataclass(slots=True)
class RelatedEdit:
    """One edit, and what a ``memory`` with a recipe of its own knew before it."""

    memory: RelatedMemory
    _found: Found | None = None

    def edited(self, subject: Subject, other: Callable[[str], Subject]) -> OthersListed | None:
        """The lists that are others than those of the last build if the words of a story are those of ``subject``; None
        where that is not known. ``other`` gives the other stories by their keys.

        What was found is remembered by :meth:`remember`, and only then; :meth:`close` comes last.
        """
        try:
            language = language_of(subject)
            state, _ = self.memory.state_of(language)
            if subject.key not in state.keys:
                return None
            place, stories = state.keys.index(subject.key), _Stories(state.keys, subject, other)
            if place >= HEAD:
                is_late = len(stories) - place <= _LATER
                return self._from(place, stories, language, state) if is_late else None
            return self._all(stories, state) if len(stories) <= _SMALL else None
        except (Damaged, OSError):
            return None

    def remember(self) -> None:
        """Remember what was found, or forget everything."""
        if self._found is not None:
            try:
                self.memory.keep(*self._found)
            except (Damaged, OSError):
                self.memory.forget()

    def close(self) -> None:
        """Let go of the files."""
        self.memory.close()

    def _all(self, stories: "_Stories", state: State) -> OthersListed:
        """One of the first stories was edited, which are weighed together."""
        keys, memory = state.keys, self.memory
        exclude = {key: {keys[at] for at in state.lists[place].barred} for place, key in enumerate(keys)}
        memory.told = {story.key: told_of(story) for story in stories}
        memory.limit, memory.labels, memory.keeps = state.limit, state.labels, self._find
        memory.explains = state.is_explained
        asked: dict[str, Any] = {"limit": memory.limit, "labels": memory.labels, "exclude": exclude}
        relate(stories, **asked, recall=memory, spread=memory.spread, again=stories.of)
        memory.keeps = None
        lists = self._found[3] if self._found is not None else state.lists
        places = (at for at in range(len(keys)) if [*lists[at].entries] != [*state.lists[at].entries])
        return _told({at: lists[at] for at in places}, state)

    def _find(self, *found: Any) -> None:
        self._found = Found(*found)

    def _from(self, place: int, stories: "_Stories", language: str, state: State) -> OthersListed | None:
        """A later story was edited: it arrives anew, and those after it."""
        memory = self.memory
        told = [*state.told[:place], told_of(stories.edited), *state.told[place + 1 :]]
        steps = (f"{each} {size}" for each, size in zip(told[place:], state.sizes[place:], strict=True))
        chain = [*state.chain[:place], *islice(accumulate(steps, digest, initial=state.chain[place - 1]), 1, None)]
        descriptor = memory.open(file_of(language, "rows"))
        before = Rows(descriptor, state.offsets, state.chain, is_lent=True)
        then = {at: before[at] for at in range(place, len(stories))}
        carriers = memory.carriers_of(state.counted)
        if carriers is None or not all(carriers.add(arrived.tally, -1) for arrived in then.values()):
            return None
        rows, terms = Rows(descriptor, state.offsets[: place + 1], chain), Terms()
        came = Came(rows, state.entries.up_to(place), state.offers.up_to(place))
        # a line wants to know the others by their keys alone
        line = Line(_Stories(state.keys, stories.edited, _named), state.seconds, state.sizes)
        known = {at: arrived.tally for at, arrived in then.items() if at != place}
        carriers, telling = let_arrive(line, came, carriers, known.get, terms, idle=state.idle)
        touched = {*range(place, len(stories)), *state.offers.met_from(place), *came.offers.met_from(place)}
        barred = {at: state.lists[at].barred for at in touched}
        chosen = chosen_for(sorted(touched), line, came.offers, barred, state.limit)
        if state.is_explained:
            seek: Seek = Reasons(stories, rows, telling or OneByOne(rows), terms, state.labels).between
        else:
            seek = _Signs(stories, told, rows, state.labels)
        another = {place, *(at for at, arrived in then.items() if rows[at] != arrived)}
        others = _listed(chosen, _Whys(another, seek, state), line.stories, state)
        memory.limit, memory.labels, memory.explains = state.limit, state.labels, state.is_explained
        memory.languages[language] = Language(
            *(chain, told, state.sizes, rows, place, state.idle, state, state.keys, state.seconds)
        )
        kept = state.lists
        lists = kept.with_others(others, len(kept))
        self._find(language, came, carriers, lists)
        return _told(others, state)


class _Whys:
    """The reasons why stories are listed, or what tells them, those that were known among them. ``others`` are the
    places of stories that are described in another way than then, or say something else.
    """

    def __init__(self, others: AbstractSet[int], seek: Seek, state: State) -> None:
        self._others, self._seek, self._state = others, seek, state

    def of(self, place: int, chosen: Sequence[Chosen]) -> Mapping[int, str]:
        """By their places the reasons for the stories that are chosen for one."""
        before = self._state.lists[place].entries if place not in self._others else ()
        whys = {to: why for to, _, why in before if to not in self._others}
        unknown = [to for to, _ in chosen if to not in whys]
        return whys | dict(zip(unknown, self._seek(place, unknown) if unknown else (), strict=True))


@dataclass(frozen=True, slots=True)
class _Signs:
    """In the place of reasons what tells them; ``told`` has what each story says."""

    stories: Sequence[Subject]
    told: Sequence[str]
    rows: Rows
    labels: Mapping[str, str]

    def __call__(self, place: int, others: Sequence[int]) -> Sequence[str]:
        chosen = {place: [(other, 0) for other in others]}
        found = signed(chosen, self._sign, lambda at: self.stories[at].topics, self.labels)
        return [*found[place].values()]

    def _sign(self, place: int) -> str:
        return sign_of(self.told, self.rows, place)


def _listed(
    chosen: Mapping[int, Sequence[Chosen]], whys: _Whys, stories: Sequence[Subject], state: State
) -> dict[int, Listed]:
    """The lists that are others than they were, by the places of their stories."""
    found = {}
    for place, best in chosen.items():
        reasons, before = whys.of(place, best), state.lists[place]
        now: list[Entry] = [(to, score, reasons[to]) for to, score in best]
        if now != [*before.entries]:
            found[place] = Listed(now, before.barred, mark_of_list(stories, place, now))
    return found


def _told(lists: Mapping[int, Listed], state: State) -> OthersListed:
    keys, is_explained = state.keys, state.is_explained
    return {
        keys[at]: tuple(related_of(keys, at, entry, is_explained=is_explained) for entry in each.entries)
        for at, each in lists.items()
    }


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
        return self.of(self.keys[place])

    def of(self, key: str) -> Subject:
        """The story of a key."""
        if key == self.edited.key:
            return self.edited
        if key not in self._known:
            self._known[key] = self.other(key)
        return self._known[key]
