"""What did a build give, and how is it told?"""

import json
from dataclasses import dataclass
from typing import Final

import click

from alsoread.diagnostics import Diagnostic, Severity, as_record, as_text, count_by_severity

__all__ = ["Built", "say", "summary", "tell"]

_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


@dataclass(frozen=True, slots=True)
class Built:
    """What a build gave: its report, its findings, and whether the new site took over.

    ``ledger`` is the file of the ledger, as findings name it; empty where the site keeps none.
    """

    stories: int
    pages: int
    files: int
    seconds: dict[str, float]
    findings: tuple[Diagnostic, ...]
    published: bool
    merged: bool
    output: str
    prefix: str
    rendered: int = 0
    reused: int = 0
    removed: int = 0
    parsed: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    ledger: str = ""

    @property
    def exit_code(self) -> int:
        """1 where a story was left out or the old site stays, else 0."""
        return 1 if not self.published or any(finding.is_error for finding in self.findings) else 0

    def prefix_of(self, finding: Diagnostic) -> str:
        """What stands before a finding's path, so that a terminal can open what it shows."""
        return "" if finding.code.startswith("AR6") or finding.path == self.ledger else self.prefix


def say(built: Built, form: str, *, explain: bool = False) -> None:
    """Tell what a build did: findings on standard error and a summary, or everything as JSON on standard output."""
    if form == "json":
        record = {
            "stories": built.stories,
            "pages": built.pages,
            "rendered": built.rendered,
            "reused": built.reused,
            "removed": built.removed,
            "parsed": built.parsed,
            "files": built.files,
            "published": built.published,
            "output": built.output,
            "seconds": built.seconds,
            "reasons": dict(built.reasons),
            "counts": count_by_severity(built.findings),
            "findings": [as_record(finding, prefix=built.prefix_of(finding)) for finding in built.findings],
        }
        click.echo(json.dumps(record, ensure_ascii=False, indent=2))
        return
    tell(built)
    counts = count_by_severity(built.findings)
    told = ", ".join(_counted(number, name) for name, number in counts.items() if number)
    if not built.published:
        click.echo(f"{told}: the old site in {built.output} stays", err=True)
        return
    left = f" ({told})" if told else ""
    if explain:
        for reason, number in built.reasons:
            click.echo(f"{number:6}  {reason}")
    click.echo(f"{summary(built)}{left}")
    if built.merged:
        click.echo(f"{built.output} holds files that Alsoread did not make: they were left alone", err=True)


def summary(built: Built) -> str:
    """How much was made, where, and how long it took."""
    stories = _counted(built.stories, "story", "stories")
    pages = f"{_counted(built.pages, 'page')} ({built.rendered} rendered, {built.reused} reused)"
    gone = f" ({built.removed} removed)" if built.removed else ""
    made = f"{stories}, {pages}, {_counted(built.files, 'file')}{gone} in {built.output}"
    return f"{made}, {built.seconds['total']:.2f} s"


def tell(built: Built) -> None:
    """Tell the findings of a build on standard error."""
    for finding in built.findings:
        first, line, hint = as_text(finding, prefix=built.prefix_of(finding)).partition("\n")
        click.echo(click.style(first, fg=_COLOURS[finding.severity]) + line + hint, err=True)


def _counted(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"
