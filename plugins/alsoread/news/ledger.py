"""Which addresses were published, what was at each, and which of them are meant to be gone?

The ledger is a text that people read and git merges: an address a line, sorted, in words with single spaces between.
The order of lines, repeated ones and line ends do not matter, so that a merge that keeps the lines of both sides is
right as it is; what a line cannot say is a finding with its place.
"""

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal, NoReturn, cast, get_args

from alsoread.diagnostics import Diagnostic
from alsoread.news.characters import decode

__all__ = [
    "EMPTY",
    "Entry",
    "Kind",
    "Ledger",
    "Live",
    "address_of",
    "as_line",
    "as_text",
    "brought_up_to_date",
    "is_site_file",
    "read_ledger",
    "site_file",
]

Kind = Literal["story", "page", "topic", "thread", "source", "author", "feed", "list", "redirect"]
"""What was at an address. A list is one that the settings name, such as the front page or the archive."""

Fate = Literal["", "withdrawn", "expired"]
"""Why nothing need be at an address any more; nothing where something must."""

_KINDS: Final[tuple[str, ...]] = get_args(Kind)
_FATES: Final[tuple[str, ...]] = get_args(Fate)[1:]
_WEIGHTS: Final[Mapping[Fate, int]] = {"": 0, "expired": 1, "withdrawn": 2}
_NO_NAME: Final = re.compile(r"[\x00-\x1f\\]")
_LONGEST_NAME: Final = 200
_LONGEST_PATH: Final = 1000
_LONGEST_REASON: Final = 1000
_WORD: Final = re.compile(r"\S+")
_CONFLICT: Final = re.compile(r"<{7}(?: |$)|={7}$|>{7}(?: |$)|\|{7}(?: |$)")
_HEAD: Final = (
    "# Addresses of this site that were published: the address, what it is, since when, and why it is gone if it is.",
    "# 'alsoread publish' keeps this file, and 'alsoread withdraw' says why. Keep it in git, and take no line away.",
)


@dataclass(frozen=True, slots=True)
class Live:
    """An address that a site has: its file below the root, what is there, and the content file that it is made from."""

    file: str
    kind: Kind
    path: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger: an address, by its file below the site's root, and the day it was first published.

    ``day`` and ``why`` say when and why it went, if its ``fate`` was to go; ``line`` is where it stands, 0 if nowhere.
    """

    file: str
    kind: Kind
    since: date
    fate: Fate = ""
    day: date | None = None
    why: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a ledger holds, by file below the site's root. Where there ``is_kept`` none, nothing was published yet.

    ``path`` is its file, as findings name it; ``comments`` are its lines that are for people.
    """

    path: str = ""
    entries: Mapping[str, Entry] = field(default_factory=dict)
    comments: tuple[str, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    is_kept: bool = False

    @property
    def withdrawn(self) -> dict[str, Entry]:
        """The entries of addresses that were withdrawn."""
        return {file: entry for file, entry in self.entries.items() if entry.fate == "withdrawn"}


EMPTY: Final = Ledger()
"""What there is before anything is published."""


# -- addresses


def site_file(address: str) -> str | None:
    """The file below the site's root that a server shows at an address below it; None where there can be none.

    Names that begin with a full stop are the publisher's, and so are no page's.
    """
    from urllib.parse import unquote

    path = unquote(address).lstrip("/")
    name = posixpath.normpath(path) if path.strip("/") else ""
    if not name or path.endswith("/"):
        name = posixpath.join(name, "index.html")
    return name if is_site_file(name) else None


def is_site_file(name: str) -> bool:
    """Can a site have a file of that name, below its root?"""
    is_short = 0 < len(name) <= _LONGEST_NAME and name.isascii()
    if is_short and name[0] not in "./" and name[-1] != "/" and "//" not in name and "/." not in name:
        # as most names: no part is too long, empty or the publisher's
        return _NO_NAME.search(name) is None
    parts = name.split("/")
    if any(not part or part.startswith(".") or len(part.encode("utf-8", "replace")) > _LONGEST_NAME for part in parts):
        return False
    if len(name.encode("utf-8", "replace")) > _LONGEST_PATH:
        return False
    return _NO_NAME.search(name) is None


def address_of(file: str) -> str:
    """How a file below the site's root is asked for: from the root, a folder without the name of its index."""
    shown = file.removesuffix("index.html") if file.endswith("/index.html") or file == "index.html" else file
    return "/" + "".join(map(_quoted, shown))


def _quoted(char: str) -> str:
    """A character of an address as it is typed: letters of all scripts stay readable."""
    if char.isprintable() and char not in " %?#":
        return char
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "replace"))


# -- read


class _Unreadable(Exception):
    """What is wrong with a line, the column where it is, and a hint."""

    def __init__(self, column: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.column = column
        self.message = message
        self.hint = hint


def read_ledger(data: bytes, path: str) -> Ledger:
    """The ledger that the bytes of its file hold. Nothing in them raises."""
    text, about = decode(data, path)
    findings = [finding for finding in about if finding.is_error]
    entries: dict[str, Entry] = {}
    comments = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("#"):
            comments.append(line.rstrip())
        elif line.strip():
            try:
                entry = _read(line, number)
            except _Unreadable as error:
                findings.append(Diagnostic(path, number, error.column, "AR507", error.message, error.hint))
            else:
                entries[entry.file] = _merged(entries[entry.file], entry) if entry.file in entries else entry
    return Ledger(path, dict(sorted(entries.items())), tuple(dict.fromkeys(comments)), tuple(findings), is_kept=True)


def _read(line: str, number: int) -> Entry:
    """The entry of a line."""
    if _CONFLICT.match(line):
        _refuse(1, "a merge left its marks here", "take this line away, and keep the lines of both sides")
    words = list(_WORD.finditer(line))
    address = words[0][0]
    file = site_file(address) if address.startswith("/") else None
    if file is None:
        message = f"'{address[:80]}' is no address of a file below the site's root"
        _refuse(words[0].start() + 1, message, f"/{address.strip('/')[:80]}" if site_file(f"/{address}") else "")
    if len(words) < 3:
        message = "the line does not say what is at the address, and since when"
        _refuse(len(line.rstrip()) + 1, message, f"{address} {_kind_near(words[1][0] if words[1:] else '')} 2026-01-31")
    kind = words[1][0]
    if kind not in _KINDS:
        hint = f"{address} {_kind_near(kind)} {words[2][0]}"
        _refuse(words[1].start() + 1, f"'{kind[:80]}' is nothing that stands at an address", hint)
    known = Entry(file, cast("Kind", kind), _day(words[2]), line=number)
    return known if len(words) == 3 else _with_fate(known, words[3:], line)


def _with_fate(entry: Entry, words: Sequence[re.Match[str]], line: str) -> Entry:
    fate = words[0][0]
    if fate not in _FATES:
        near = _near(fate, _FATES, 0.5)
        hint = as_line(replace(entry, fate="withdrawn", day=date(2026, 1, 31), why="The reason, for readers."))
        said = f"; did you mean '{near[0]}'?" if near else ""
        _refuse(words[0].start() + 1, f"'{fate[:80]}' is nothing that befalls an address{said}", hint)
    if len(words) < 2:
        hint = as_line(replace(entry, fate=cast("Fate", fate), day=date(2026, 1, 31), why="The reason, for readers."))
        _refuse(len(line.rstrip()) + 1, f"the line does not say on which day it was {fate}", hint)
    day = _day(words[1])
    why = " ".join(line[words[1].end() :].split()) if fate == "withdrawn" else ""
    done = replace(entry, fate=cast("Fate", fate), day=day, why=why)
    if fate == "withdrawn" and not why:
        hint = as_line(replace(done, why="The reason, for readers."))
        _refuse(len(line.rstrip()) + 1, "the line does not say why it was withdrawn", hint)
    if len(why) > _LONGEST_REASON:
        _refuse(words[2].start() + 1, f"the reason is longer than {_LONGEST_REASON} characters", "say it in a sentence")
    return done


def _refuse(column: int, message: str, hint: str) -> NoReturn:
    raise _Unreadable(column, message, hint)


def _day(word: re.Match[str]) -> date:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", word[0], re.ASCII):
            return date.fromisoformat(word[0])
    except ValueError:
        pass
    _refuse(word.start() + 1, f"'{word[0][:80]}' is no day", "2026-01-31")


def _kind_near(word: str) -> str:
    return next(iter(_near(word.casefold(), _KINDS, 0.4)), "story")


def _near(word: str, known: Sequence[str], cutoff: float) -> list[str]:
    import difflib

    return difflib.get_close_matches(word, known, n=1, cutoff=cutoff)


def _merged(one: Entry, other: Entry) -> Entry:
    """Two lines about one address: it was there since the earlier, and what is meant to be gone is."""
    told = max(one, other, key=lambda entry: (_WEIGHTS[entry.fate], entry.day or entry.since))
    return replace(told, since=min(one.since, other.since), line=one.line)


# -- written


def as_line(entry: Entry) -> str:
    """An entry as it stands in the file."""
    words = [address_of(entry.file), entry.kind, entry.since.isoformat()]
    if entry.fate and entry.day is not None:
        words += [entry.fate, entry.day.isoformat(), entry.why]
    return " ".join(filter(None, words))


def as_text(ledger: Ledger) -> str:
    """The file of a ledger."""
    lines = [*(ledger.comments or _HEAD), *sorted(map(as_line, ledger.entries.values()))]
    return "".join(f"{line}\n" for line in lines)


def brought_up_to_date(ledger: Ledger, live: Iterable[Live], expired: Mapping[str, date], today: date) -> Ledger:
    """The ledger when a site has been published that has the ``live`` addresses.

    ``expired`` are the files of stories that have expired, with the day. What was gone and is there again is not gone
    any more.
    """
    entries = dict(ledger.entries)
    standing = {each.file: each for each in live}
    for each in standing.values():
        known = entries.get(each.file)
        if known is None:
            entries[each.file] = Entry(each.file, each.kind, today)
        else:
            # that it leads on says nothing of what was there
            kind = known.kind if each.kind == "redirect" else each.kind
            entries[each.file] = Entry(each.file, kind, known.since, line=known.line)
    for file, day in expired.items():
        known = entries.get(file)
        if known is not None and not known.fate and file not in standing:
            entries[file] = replace(known, fate="expired", day=day)
    return replace(ledger, entries=dict(sorted(entries.items())), is_kept=True)
