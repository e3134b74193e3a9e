"""Which published address would lead nowhere, and what can be done about it?

Pure functions: from what the ledger holds and what a site has to findings. Whether something stands at an address is
for the caller to say: a build looks at the files that it has made, the check works it out.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from rapidfuzz import process
from rapidfuzz.fuzz import token_set_ratio

from alsoread.diagnostics import Diagnostic
from alsoread.news.ledger import Entry, Kind, Ledger, Live, address_of, as_line
from alsoread.news.names import former_slug
from alsoread.news.reading import stem

__all__ = ["Unseen", "dropped", "dying", "would_die"]

Why = Literal["draft", "embargoed", "future", "expired"]

_SAID: Final[Mapping[Why, str]] = {
    "draft": "is a draft now",
    "embargoed": "is under embargo now",
    "future": "has a date that is still to come",
}
_TO_TAKE_OUT: Final[Mapping[Why, str]] = {"draft": "status: draft", "embargoed": "embargo_until", "future": "the date"}
_INSTEAD: Final[Mapping[str, Sequence[Kind]]] = {
    "story": ("story", "page"),
    "redirect": ("story", "page"),
    "page": ("page", "story"),
    "topic": ("topic",),
}
_ALIKE: Final = 75
_MOST_NEW: Final = 200
_WHY: Final = '--why "The reason, for readers."'
_SHELLS: Final = frozenset("'\"\\$`&;()<>|*!~[]{}")


@dataclass(frozen=True, slots=True)
class Unseen:
    """A story or page that readers do not see: its file, that of its address below the site's root, and why.

    Of one that has expired ``until`` is the day, and the slugs are those of all that goes with it where no other story
    has it.
    """

    path: str
    file: str
    why: Why
    slug: str = ""
    until: date | None = None
    topics: tuple[str, ...] = ()
    thread: str = ""
    outlets: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


def dying(
    ledger: Ledger, stands: Callable[[str], bool], expired: Collection[str] = (), broken: Collection[str] = ()
) -> Iterator[Entry]:
    """The addresses of the ledger at which nothing ``stands``, though nobody said that they may go.

    ``expired`` are those of stories that have expired and of what went with them; ``broken`` names of files that have
    an error: they are at fault, and that is told already.
    """
    for file, entry in ledger.entries.items():
        if not (entry.fate or file in expired or former_slug(file) in broken or stands(file)):
            yield entry


def would_die(
    ledger: Ledger,
    stands: Callable[[str], bool],
    live: Iterable[Live],
    unseen: Sequence[Unseen] = (),
    expired: Collection[str] = (),
    broken: Collection[str] = (),
) -> tuple[Diagnostic, ...]:
    """A finding for each address that is :func:`dying`.

    ``live`` are the addresses that the site has, among them what may have taken the place of a lost one.
    """
    lost = list(dying(ledger, stands, expired, broken))
    if not lost:
        return ()
    kept_back = {each.file: each for each in unseen if each.why in _SAID}
    homes = _Homes([each for each in live if each.path and each.file not in ledger.entries])
    return tuple(_finding(ledger.path, entry, kept_back.get(entry.file), homes.of(entry)) for entry in lost)


def _finding(path: str, entry: Entry, unseen: Unseen | None, home: Live | None) -> Diagnostic:
    address = address_of(entry.file)
    message = f"the {entry.kind} at {address} was published, and nothing stands there any more"
    ways = [f"alsoread withdraw {_in_a_shell(address)} {_WHY}"]
    if unseen is not None:
        message += f": {unseen.path} {_SAID[unseen.why]}"
        ways.insert(0, f"take {_TO_TAKE_OUT[unseen.why]} out of {unseen.path}")
    elif home is not None:
        message += f": {home.path} may have taken its place"
        ways.insert(0, f"in {home.path}, aliases: [{_alias(entry)}]")
    elif entry.kind in ("story", "page"):
        ways.insert(0, f"in what takes its place, aliases: [{_alias(entry)}]")
    elif entry.kind != "redirect":
        ways.append(f"with all that would die, alsoread withdraw --gone {_WHY}")
    return Diagnostic(path, entry.line, 1, "AR506", message, "; or: ".join(ways))


def _in_a_shell(address: str) -> str:
    """An address as it is typed in a shell."""
    return address if address.isascii() and not _SHELLS.intersection(address) else f'"{address}"'


def _alias(entry: Entry) -> str:
    """What an alias is called: an address, or for a topic its former name."""
    if entry.kind == "topic":
        return former_slug(entry.file)
    address = address_of(entry.file)
    return f'"{address}"' if set(address) & set(",[]{}:&*!|>'\"@`") else address


class _Homes:
    """What is new and may have taken the place of something.

    It has the old name, or is made from a file of that name; or, where not very much is new, the words of its address
    are much like those of the old one.
    """

    def __init__(self, new: Sequence[Live]) -> None:
        self._by_name: dict[tuple[str, str], Live] = {}
        self._names: dict[str, list[str]] = {}
        for each in new:
            self._by_name.setdefault((each.kind, stem(each.path).casefold()), each)
        for each in new:
            name = former_slug(each.file)
            self._by_name[each.kind, name] = each
            self._names.setdefault(each.kind, []).append(name)

    def of(self, entry: Entry) -> Live | None:
        """The likeliest new home of what was at an address; None where nothing is like it."""
        former = former_slug(entry.file)
        for kind in _INSTEAD.get(entry.kind, ()):
            found = self._by_name.get((kind, former)) or self._alike(kind, former)
            if found is not None:
                return found
        return None

    def _alike(self, kind: str, former: str) -> Live | None:
        names = self._names.get(kind, [])
        if len(names) > _MOST_NEW:
            return None
        near = process.extractOne(former, names, scorer=token_set_ratio, processor=_words, score_cutoff=_ALIKE)
        return self._by_name[kind, near[0]] if near is not None else None


def _words(slug: str) -> str:
    return slug.replace("-", " ")


def dropped(now: Ledger, before: Ledger) -> Iterator[Diagnostic]:
    """A finding for each address that a ledger had and has no more: nothing would notice if it died."""
    if before.entries and not now.is_kept:
        message = "the ledger of published addresses is gone"
        yield Diagnostic(before.path, 0, 0, "AR509", message, "put it back: no published address dies unnoticed then")
        return
    for file, entry in before.entries.items():
        if file not in now.entries:
            message = f"the line of {address_of(file)}, which was published, is gone"
            yield Diagnostic(before.path, 0, 0, "AR509", message, as_line(entry))
