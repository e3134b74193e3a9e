"""Where in its file does a field stand that a finding is about?

What is wrong between files - a name taken, an address shared - is found when all files are read, and only their values
are left by then. Each file's places are kept for that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from alsoread.diagnostics import Diagnostic

__all__ = ["Places", "fields_in", "placed", "places_of"]

Places = str
"""Where the fields of one file stand: for each a line of text with its line, its column and its name. A build holds
them for all files, and hardly ever looks at one.
"""

_FIELDS: Final = {
    "AR301": ("aliases", "name"),
    "AR302": ("tags",),
    "AR303": ("tags",),
    "AR304": ("parent",),
    "AR305": ("pinned",),
    "AR306": ("slug", "name"),
    "AR307": ("thread",),
    "AR401": ("links",),
    "AR402": ("links",),
    "AR403": ("links",),
    "AR404": ("links",),
    "AR405": ("links",),
    "AR406": ("translation_of",),
    "AR407": ("translation_of",),
    "AR501": ("slug", "title", "name"),
    "AR502": ("slug", "title", "name"),
    "AR503": ("aliases",),
    "AR505": ("aliases", "slug", "title"),
    "AR508": ("slug", "title"),
}


def places_of(fields: Mapping[str, tuple[int, int]]) -> Places:
    """The places of a file's fields. Those whose names are of several lines are of no interest to anybody."""
    return "\n".join(f"{line} {column} {name}" for name, (line, column) in fields.items() if "\n" not in name)


def fields_in(places: Places) -> dict[str, tuple[int, int]]:
    """The fields, with the line and the column of each."""
    rows = (row.split(" ", 2) for row in places.split("\n")) if places else ()
    return {name: (int(line), int(column)) for line, column, name in rows}


def placed(findings: Iterable[Diagnostic], places: Mapping[str, Places]) -> list[Diagnostic]:
    """The findings, each without a line at the field that its code is about, if the file has that field."""
    return [finding if finding.line else _at_its_field(finding, places.get(finding.path, "")) for finding in findings]


def _at_its_field(finding: Diagnostic, places: Places) -> Diagnostic:
    known = fields_in(places)
    for field in _FIELDS.get(finding.code, ()):
        if field in known:
            line, column = known[field]
            return replace(finding, line=line, column=column)
    return finding
