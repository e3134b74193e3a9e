"""What can be wrong with a digest, and how is it said?

A finding is a value: a place, a code, a message and a hint that can be pasted. Codes are never reused; each has a
page under ``docs/diagnostics``. The formatters are pure functions over findings.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["CODES", "Code", "Diagnostic", "Refusal", "Severity", "as_record", "as_text", "count_by_severity"]


class Refusal(Exception):
    """What was asked for cannot be done; the message says why, and what to do instead.

    For the settings, the theme and the machine. What is wrong with a story is a :class:`Diagnostic`.
    """


class Severity(StrEnum):
    """How much a finding weighs: an error leaves the story out, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding: a stable name for machines, a slug for people, a weight."""

    name: str
    slug: str
    severity: Severity


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

CODES: Final[dict[str, Code]] = {
    name: Code(name, slug, severity)
    for name, slug, severity in (
        # files
        ("AR001", "not-a-regular-file", _E),
        ("AR002", "file-too-large", _E),
        ("AR003", "not-utf-8", _E),
        ("AR004", "forbidden-character", _E),
        ("AR005", "bidirectional-override", _E),
        ("AR006", "byte-order-mark", _W),
        ("AR007", "format-not-read", _W),
        ("AR008", "static-file-refused", _W),
        ("AR009", "file-unreadable", _E),
        ("AR010", "file-name-refused", _E),
        ("AR011", "invisible-character", _W),
        # front matter
        ("AR101", "front-matter-missing", _E),
        ("AR102", "front-matter-unclosed", _E),
        ("AR103", "yaml-syntax", _E),
        ("AR104", "front-matter-not-a-mapping", _E),
        ("AR105", "duplicate-field", _E),
        ("AR106", "front-matter-too-complex", _E),
        ("AR107", "yaml-feature-refused", _E),
        ("AR110", "unknown-field", _W),
        ("AR111", "misspelt-field", _E),
        ("AR112", "missing-field", _E),
        ("AR113", "wrong-type", _E),
        ("AR114", "value-refused", _E),
        ("AR115", "impossible-date", _E),
        ("AR116", "slug-changed", _W),
        ("AR117", "slug-missing", _E),
        ("AR118", "no-tags", _W),
        ("AR119", "address-refused", _E),
        ("AR120", "title-too-long", _W),
        ("AR121", "title-in-capitals", _W),
        ("AR122", "summary-too-long", _W),
        ("AR123", "date-in-the-future", _W),
        ("AR124", "date-before-sources", _W),
        ("AR125", "date-without-zone", _N),
        ("AR126", "lookalike-letters", _W),
        ("AR127", "embargo-without-effect", _W),
        ("AR128", "expiry-before-publication", _W),
        ("AR129", "corrections-out-of-order", _W),
        ("AR131", "title-untidy", _W),
        ("AR132", "field-order", _N),
        # body
        ("AR201", "body-too-slow", _E),
        ("AR202", "nesting-too-deep", _E),
        ("AR203", "body-unreadable", _E),
        ("AR204", "html-removed", _W),
        ("AR205", "body-empty", _W),
        ("AR206", "heading-level", _W),
        ("AR207", "bare-address", _W),
        ("AR208", "paragraph-too-long", _N),
        ("AR209", "template-marks", _W),
        ("AR210", "html-in-markdown", _N),
        ("AR211", "attribute-removed", _N),
        # topics
        ("AR301", "topic-name-taken", _E),
        ("AR302", "tag-without-address", _W),
        ("AR303", "unknown-topic", _N),
        ("AR304", "parent-unknown", _W),
        ("AR305", "pinned-story-unknown", _W),
        ("AR306", "thread-taken", _E),
        ("AR307", "thread-with-one-story", _N),
        ("AR308", "tag-by-another-name", _N),
        ("AR309", "tag-near-duplicate", _N),
        ("AR310", "too-many-tags", _W),
        ("AR311", "tag-twice", _N),
        # cross-links
        ("AR401", "cross-link-unresolved", _W),
        ("AR402", "cross-link-ambiguous", _W),
        ("AR403", "cross-link-to-itself", _W),
        ("AR404", "cross-link-withheld", _N),
        ("AR405", "cross-link-misspelt", _N),
        ("AR406", "translation-unknown", _W),
        ("AR407", "translation-refused", _W),
        # links and pictures
        ("AR411", "link-target-missing", _W),
        ("AR412", "link-in-another-case", _W),
        ("AR413", "picture-missing", _W),
        ("AR414", "picture-without-alt", _W),
        ("AR415", "picture-without-credit", _N),
        ("AR416", "picture-too-large", _W),
        # addresses
        ("AR501", "address-taken", _E),
        ("AR502", "address-reserved", _E),
        ("AR503", "former-address-taken", _W),
        ("AR504", "headline-taken", _W),
        ("AR505", "published-address-gone", _W),
        ("AR506", "published-address-dies", _E),
        ("AR507", "ledger-line-refused", _E),
        ("AR508", "address-withdrawn", _E),
        ("AR509", "ledger-line-gone", _E),
        # settings
        ("AR601", "unknown-setting", _W),
        ("AR602", "setting-refused", _E),
        ("AR603", "navigation-unknown", _W),
        ("AR604", "extension-unknown", _W),
        # sources
        ("AR701", "no-sources", _W),
        ("AR702", "source-without-name", _W),
        ("AR703", "tracking-parameters", _W),
        ("AR704", "shortened-address", _W),
        ("AR705", "source-already-used", _N),
        ("AR706", "attribution-without-source", _N),
        ("AR707", "source-not-mentioned", _N),
        # decisions not to hear of something
        ("AR801", "ignore-unused", _W),
        ("AR802", "ignore-refused", _W),
        # the build and the check themselves
        ("AR901", "story-crashed-the-reader", _E),
        ("AR902", "rule-failed", _E),
    )
}


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One finding.

    ``path`` is relative to the content folder, with ``/`` between its parts (or the name of the settings' file or of
    the ledger, for a finding about these); ``line`` and ``column`` count from 1, and 0 means "the file as a whole".
    """

    path: str
    line: int
    column: int
    code: str
    message: str
    hint: str = ""

    @property
    def severity(self) -> Severity:
        """The weight of this finding's code."""
        return CODES[self.code].severity

    @property
    def is_error(self) -> bool:
        """Does the finding leave its story out?"""
        return self.severity is Severity.ERROR


def count_by_severity(findings: Iterable[Diagnostic]) -> dict[str, int]:
    """How many findings there are of each severity, every severity named."""
    counts = {str(severity): 0 for severity in Severity}
    for finding in findings:
        counts[finding.severity] += 1
    return counts


def as_text(finding: Diagnostic, *, prefix: str = "") -> str:
    """``path:line:column CODE message`` and, on a line of its own, the hint.

    ``prefix`` is put before the path, so that a terminal can open what it shows.
    """
    path = f"{prefix}{finding.path}"
    if path.startswith("::"):
        path = f"./{path}"  # no command to a forge that reads what is printed
    place = f"{path}:{finding.line or 1}:{finding.column or 1}"
    first = _printable(f"{place} {finding.code} {finding.message}")
    # a hint of several lines is ours, and stands as it is pasted; any other line end is somebody's who wrote a story
    lines = finding.hint.split("\n") if finding.code in _WITH_LINES else [finding.hint]
    return (
        "\n".join([first, f"    hint: {_printable(lines[0])}", *map(_printable, lines[1:])]) if finding.hint else first
    )


_WITH_LINES: Final = frozenset({"AR101"})


def _printable(text: str) -> str:
    """A text that a terminal shows and does not obey, on one line."""
    return text if text.isprintable() else "".join(char if char.isprintable() else "\ufffd" for char in text)


def as_record(finding: Diagnostic, *, prefix: str = "") -> dict[str, str | int]:
    """One finding as plain data."""
    return {
        "path": prefix + finding.path,
        "line": finding.line,
        "column": finding.column,
        "code": finding.code,
        "name": CODES[finding.code].slug,
        "severity": str(finding.severity),
        "message": finding.message,
        "hint": finding.hint,
    }
