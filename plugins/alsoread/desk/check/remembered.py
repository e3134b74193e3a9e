"""What was the verdict the last time, and what is it now that a few files say something else?

A verdict that holds is told again from a note, for which nothing of the checking is needed. Beside it lies what was
found in each file, so that only files that were edited are judged again; as long as they say of themselves what they
said, nothing between files is other.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from alsoread.desk.check.examine import Examined, own_findings
from alsoread.desk.check.found import Found
from alsoread.diagnostics import Diagnostic
from alsoread.memory import FileMemory
from alsoread.news.ignores import Ignore
from alsoread.news.storyfile import Kind
from alsoread.press.records import Records
from alsoread.press.store import Store
from alsoread.story import Body

__all__ = ["Again", "found_again", "remember_found", "remembered_found"]

_TABLE: Final = "verdict"
_FOUND: Final = "found"


@dataclass(frozen=True, slots=True)
class _Written:
    """What was found, as it is kept; ``key`` is the digest of what it was found in."""

    key: str
    between: tuple[Diagnostic, ...]
    own: tuple[tuple[str, tuple[Diagnostic, ...]], ...]
    ignores: tuple[tuple[str, tuple[Ignore, ...]], ...]


def remember_found(store: Store, key: str, found: Found) -> None:
    """Keep what was found, for whoever has the ``key``."""
    written = _Written(key, found.between, tuple(found.own.items()), tuple(found.ignores.items()))
    store.put(_TABLE, _FOUND, Records(_Written).written(written))


def remembered_found(store: Store, key: str) -> Found | None:
    """What was found, if it was kept under that key."""
    try:
        written = Records(_Written).read(store.get(_TABLE, _FOUND))
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    return Found(written.between, dict(written.own), dict(written.ignores)) if written.key == key else None


Again = Callable[[Kind, str], Examined | None]
"""What a file gives now; None where nobody can tell."""


def found_again(found: Found, memory: FileMemory[Examined], paths: Iterable[str], examined: Again) -> Found | None:
    """What is found now that the files at some ``paths`` were edited, of which ``memory`` knows what they gave before.

    None where that has to be told by judging all files together: where one is no story or page that was there, or says
    of itself what it did not say.
    """
    own = dict(found.own)
    told_of = {finding.path for finding in found.between}
    for path in paths:
        known = [(kind, before) for kind in _KINDS if (before := memory.before(kind, path)) is not None]
        if len(known) != 1:
            return None
        ((kind, before),) = known
        after = examined(kind, path)
        if after is None or not _stands_for(after, before, has_places=path in told_of):
            return None
        own[path] = own_findings(after)
    return replace(found, own={path: findings for path, findings in own.items() if findings})


_KINDS: Final[tuple[Kind, ...]] = ("story", "page")


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
