"""Where in its file does a field stand that a finding is about?

What is wrong between files - a name taken, an address shared - is found when all files are read, and only their values
are left by then. Each file's places are kept for that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from alsoread.diagnostics import Diagnostic

__all__ = ["Places", "placed"]

Places = tuple[tuple[str, int, int], ...]
"""(field, line, column) for the fields of one file."""

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


def placed(findings: Iterable[Diagnostic], places: Mapping[str, Places]) -> list[Diagnostic]:
    """The findings, each without a line at the field that its code is about, if the file has that field."""
    return [finding if finding.line else _at_its_field(finding, places.get(finding.path, ())) for finding in findings]


def _at_its_field(finding: Diagnostic, places: Places) -> Diagnostic:
    known = {field: (line, column) for field, line, column in places}
    for field in _FIELDS.get(finding.code, ()):
        if field in known:
            line, column = known[field]
            return replace(finding, line=line, column=column)
    return finding
