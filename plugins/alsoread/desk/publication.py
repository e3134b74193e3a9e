"""What does publishing a site change about its addresses, and how is the site delivered?"""

import os
import subprocess
import sys
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from alsoread.desk.changes import write_changes
from alsoread.diagnostics import Refusal
from alsoread.news.ledger import Entry, Ledger, Live, address_of, as_text

__all__ = ["Publication", "as_lines", "as_records", "deliver", "publication_of", "write_ledger"]

_SHOWN: Final = 20
_LISTS: Final = ("new", "back", "withdrawn", "expired", "redirected")


@dataclass(frozen=True, slots=True)
class Publication:
    """The addresses that are new with it, that are back, that were withdrawn or expired, and that lead on now.

    ``is_first`` says that nothing was published before.
    """

    new: tuple[Entry, ...]
    back: tuple[Entry, ...]
    withdrawn: tuple[Entry, ...]
    expired: tuple[Entry, ...]
    redirected: tuple[Entry, ...]
    is_first: bool = False


def publication_of(before: Ledger, after: Ledger, live: Iterable[Live], dead: Container[int]) -> Publication:
    """What publishing does, from the ledger as it was and as it will be; ``dead`` are the lines of what would die."""
    there = {each.file for each in live if each.kind != "redirect"}
    known, entries = before.entries, after.entries.values()
    return Publication(
        new=tuple(entry for entry in entries if entry.file not in known),
        back=tuple(entry for entry in entries if entry.file in known and known[entry.file].fate and not entry.fate),
        withdrawn=tuple(entry for entry in entries if entry.fate == "withdrawn"),
        expired=tuple(entry for entry in entries if entry.fate == "expired"),
        redirected=tuple(
            entry
            for entry in entries
            if not (entry.fate or entry.kind == "redirect" or entry.file in there or entry.line in dead)
        ),
        is_first=not before.is_kept,
    )


def as_lines(publication: Publication) -> Iterator[str]:
    """A line an address, and of very many the first. Where all are new, their number says enough."""
    if publication.is_first:
        yield f"{'new':10} {len(publication.new)} addresses"
        return
    for name in _LISTS:
        entries: tuple[Entry, ...] = getattr(publication, name)
        for entry in entries[:_SHOWN]:
            why = f"  {entry.why}" if entry.why else ""
            yield f"{name:10} {entry.kind:8} {address_of(entry.file)}{why}"
        if len(entries) > _SHOWN:
            yield f"{name:10} and {len(entries) - _SHOWN} more"


def as_records(publication: Publication) -> dict[str, list[dict[str, str]]]:
    """The same as plain data."""
    return {name: [_record(entry) for entry in getattr(publication, name)] for name in _LISTS}


def _record(entry: Entry) -> dict[str, str]:
    day = entry.day.isoformat() if entry.day is not None else ""
    return {
        "address": address_of(entry.file),
        "kind": entry.kind,
        "since": entry.since.isoformat(),
        "day": day,
        "why": entry.why,
    }


def deliver(command: Sequence[str], output: str) -> None:
    """Run the publisher's command for the site in the folder ``output``. No shell reads it.

    :raises Refusal: if it cannot be run, or fails.
    """
    words = [word.replace("{output}", output) for word in command]
    try:
        # what it prints is for people: standard output may be for a machine
        done = subprocess.run(words, check=False, stdout=sys.stderr, stdin=subprocess.DEVNULL)
    except OSError as error:
        raise Refusal(
            f"the command of ALSOREAD_UPLOAD, {words[0]}, cannot be run: {error.strerror or error}"
        ) from error
    if done.returncode:
        raise Refusal(
            f"the command of ALSOREAD_UPLOAD, {words[0]}, failed with exit code {done.returncode}; the site is built, "
            "and the ledger is as it was. Publish again when that is mended"
        )


def write_ledger(path: str, ledger: Ledger) -> None:
    """Write a ledger in one step; nothing where it says that already.

    :raises Refusal: if it cannot be written.
    """
    folder, name = os.path.split(path)
    before = None
    if os.path.lexists(path):
        with open(path, encoding="utf-8", newline="") as file:
            before = file.read()
    after = as_text(ledger)
    if before != after:
        try:
            os.makedirs(folder, exist_ok=True)
        except OSError as error:
            raise Refusal(f"{folder} cannot be made: {error.strerror or error}") from error
        write_changes(folder, {name: (before, after)})
