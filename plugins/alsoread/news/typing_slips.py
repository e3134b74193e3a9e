"""What did a hand probably mean that typed YAML or a date wrong?

Only for hints: nothing that is guessed here is ever read.
"""

import calendar
import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

__all__ = ["date_meant", "line_meant"]

_SAMPLE: Final = "2026-01-31"
_YEAR_FIRST: Final = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})(?!\d)(.*)", re.DOTALL)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_IN_WORDS: Final = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%A, %d %B %Y", "%a, %d %b %Y")
_FIELD: Final = re.compile(r"([A-Za-z_][\w-]*)(.*)", re.DOTALL)
_KEY: Final = re.compile(r"([ ]*(?:- +)*)[A-Za-z_][\w-]*:(?:[ ]|$)")


def date_meant(text: str) -> str:
    """A date as front matter has it, as near to what was typed as can be told; else a sample."""
    text = " ".join(text.split())
    found = _YEAR_FIRST.fullmatch(text)
    if found:
        return _existing(int(found[1]), int(found[2]), int(found[3]))
    found = _DAY_FIRST.fullmatch(text)
    if found and (found[2] == "." or int(found[1]) > 12):  # with other signs nobody knows which is the month
        return _existing(int(found[4]), int(found[3]), int(found[1]))
    for form in _IN_WORDS:
        try:
            return datetime.strptime(re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text), form).date().isoformat()  # noqa: DTZ007 - a day
        except ValueError:
            continue
    return _SAMPLE


def _existing(year: int, month: int, day: int) -> str:
    """The day, or the one with month and day changed, or the last of its month."""
    if not 1000 <= year <= 9000:
        return _SAMPLE
    if month > 12 and 1 <= day <= 12:
        month, day = day, month
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return _SAMPLE
    return f"{year:04}-{month:02}-{min(day, calendar.monthrange(year, month)[1]):02}"


def line_meant(lines: Sequence[str], at: int, known: Collection[str]) -> tuple[int, int, str, str] | None:
    """What probably went wrong in YAML that a parser is stuck in at a line, and where (both from 0).

    Gives line, column, what is wrong, and the line as it should be. ``known`` are the names of fields.
    """
    slips = {}
    for number in range(min(at, len(lines) - 1), -1, -1):
        found = _slip(lines[number], lines[number - 1] if number else "", known)
        if found:
            slips[number] = found
        elif number < at:
            break
    return (min(slips), *slips[min(slips)]) if slips else None


def _slip(line: str, before: str, known: Collection[str]) -> tuple[int, str, str] | None:
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent:
        return indent.index("\t"), "a tab stands where YAML wants spaces", line.rstrip().replace("\t", "  ")
    field = _FIELD.fullmatch(line.strip())
    if field is None:
        return None
    name, rest = field[1], field[2]
    if rest.startswith(":"):
        if name in known and len(rest) > 1 and not rest[1].isspace():
            return len(indent) + len(name), "a space is missing behind the colon", f"{indent}{name}: {rest[1:]}"
        return _misplaced(line, indent, before)
    if ":" in rest.split(" ")[0] or indent:
        return None
    if name in known and rest.strip():
        return len(name), f"a colon is missing behind '{name}'", f"{name}: {rest.strip()}"
    if _KEY.match(before):
        return 0, "a value that goes on in the next line is indented there", f"  {line.strip()}"
    return None


def _misplaced(line: str, indent: str, before: str) -> tuple[int, str, str] | None:
    """A field of an entry of a list that does not stand below the field above it."""
    above = _KEY.match(before)
    if above is None or "-" not in above[1] or not indent or len(indent) == len(above[1]):
        return None
    message = "a field of an entry stands below the one above it, letter below letter"
    return len(indent), message, " " * len(above[1]) + line.strip()
