"""What was the verdict the last time, and what is it now that a few files say something else?

A verdict that holds is told again from a note, for which nothing of the checking is needed. Beside it lies what was
found in each file, so that only files that were edited are judged again; as long as they say of themselves what they
said, nothing between files is other.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from alsoread.desk.check.examine import Examined, own_findings
from alsoread.desk.check.found import Found
from alsoread.diagnostics import Diagnostic
from alsoread.memory import FileMemory
from alsoread.news.ignores import Ignore
from alsoread.news.storyfile import KINDS, Kind
from alsoread.press.records import Records
from alsoread.press.store import Store
from alsoread.shelf import is_slow
from alsoread.story import Body

__all__ = ["Again", "found_again", "generation_in", "next_generation", "remember_found", "remembered_found"]

_TABLE: Final = "verdict"
_FOUND: Final = "found"
_GENERATION: Final = "generation"


@dataclass(frozen=True, slots=True)
class _Written:
    """What was found, as it is kept; ``key`` is that of who told it, and ``generation`` tells with which memory of the
    files.
    """

    key: str
    generation: str
    between: tuple[Diagnostic, ...]
    own: tuple[tuple[str, tuple[Diagnostic, ...]], ...]
    ignores: tuple[tuple[str, tuple[Ignore, ...]], ...]


def generation_in(store: Store) -> str:
    """What tells what a store remembers of the files from what it remembered before, and from what another check of the
    same time lets it remember.
    """
    return str(store.get(_TABLE, _GENERATION) or "")


def next_generation(store: Store) -> str:
    """The same, for a store that is to remember something else of the files."""
    generation = os.urandom(8).hex()
    store.put(_TABLE, _GENERATION, generation)
    return generation


def remember_found(store: Store, key: str, generation: str, found: Found) -> None:
    """Keep what was found, for whoever has the ``key``."""
    written = _Written(key, generation, found.between, tuple(found.own.items()), tuple(found.ignores.items()))
    store.put(_TABLE, _FOUND, Records(_Written).written(written))


def remembered_found(store: Store, key: str) -> Found | None:
    """What was found, if it was kept under that key, and the files are remembered as they were then."""
    try:
        written = Records(_Written).read(store.get(_TABLE, _FOUND))
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    is_of_both = (written.key, written.generation) == (key, generation_in(store))
    return Found(written.between, dict(written.own), dict(written.ignores)) if is_of_both else None


Again = Callable[[Kind, str], Examined | None]
"""What a file gives now; None where nobody can tell."""


def found_again(found: Found, memory: FileMemory[Examined], paths: Iterable[str], examined: Again) -> Found | None:
    """What is found now that the files at some ``paths`` were edited, of which ``memory`` knows what they gave then.

    None where that has to be told by judging all files together: where one is no story or page that was there, takes
    too long, which may be the machine's doing, or says of itself what it did not say.
    """
    own = dict(found.own)
    told_of = {finding.path for finding in found.between}
    for path in paths:
        known = [(kind, before) for kind in KINDS if (before := memory.together(kind, path)) is not None]
        if len(known) != 1:
            return None
        ((kind, before),) = known
        after = examined(kind, path)
        if after is None or is_slow(own_findings(after)) or not _stands_for(after, before, has_places=path in told_of):
            return None
        own[path] = own_findings(after)
    return replace(found, own={path: findings for path, findings in own.items() if findings})


def _stands_for(after: Examined, before: Examined, *, has_places: bool) -> bool:
    """Whether all that is compared with other files is as it was; the places in the body too if it ``has_places`` that
    somebody tells of.
    """
    one, other = (each if has_places else _without_places(each) for each in (after, before))
    return _outwards(one) == _outwards(other)


def _outwards(examined: Examined) -> object:
    file = examined.file
    return file.story, file.body.crosslinks, file.places, file.ignores, examined.card


def _without_places(examined: Examined) -> Examined:
    body, card = examined.file.body, examined.card
    links = tuple(replace(link, line=0, column=0) for link in body.crosslinks)
    targets = tuple(replace(target, line=0, column=0) for target in card.targets) if card is not None else ()
    file = replace(examined.file, body=Body(links, "", ""))
    return replace(examined, file=file, card=replace(card, targets=targets) if card is not None else None)
