"""``alsoread build``."""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import click

from alsoread.cli.progress import shown
from alsoread.cli.site import instant, make_pelican, read_site, use_the_copy_pelican_uses
from alsoread.diagnostics import Diagnostic, Severity, as_record, as_text, count_by_severity
from alsoread.news.ledger import EMPTY, Ledger, Live
from alsoread.press.run import KeepOldSite, Press

__all__ = ["Built", "build", "command", "say", "summary", "tell"]


_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


@dataclass(frozen=True, slots=True)
class Built:
    """What a build gave: its report, its findings, and whether the new site took over.

    ``ledger`` is what was published before, ``live`` the addresses that the site has now, and ``expired`` those
    that may be gone with stories that have expired, with the day.
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
    ledger: Ledger = EMPTY
    live: tuple[Live, ...] = ()
    expired: Mapping[str, date] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """1 where a story was left out or the old site stays, else 0."""
        return 1 if not self.published or any(finding.is_error for finding in self.findings) else 0

    def prefix_of(self, finding: Diagnostic) -> str:
        """What stands before a finding's path, so that a terminal can open what it shows."""
        return "" if finding.code.startswith("AR6") or finding.path == self.ledger.path else self.prefix


@click.command("build", short_help="Build the site.")
@click.argument("content", required=False)
@click.option(
    "-o", "--output", metavar="FOLDER", help="Where the site goes (default: OUTPUT_PATH of the settings, or ./output)."
)
@click.option("-s", "--settings", metavar="FILE", help="Settings (default: ./pelicanconf.py, or Alsoread's own).")
@click.option("-t", "--theme", metavar="THEME", help="Folder or name of the theme.")
@click.option("--now", metavar="TIME", help="The instant to judge embargo and expiry at (ISO 8601; default: now).")
@click.option(
    "--jobs",
    type=click.IntRange(0, 64),
    default=0,
    metavar="N",
    help="Processes that read stories (default: one a processor).",
)
@click.option("--clean", is_flag=True, help="Use nothing that an earlier build left behind.")
@click.option("--verify", is_flag=True, help="Render some of the unchanged pages too, and stop if one differs.")
@click.option("--explain", is_flag=True, help="Count the reasons for which pages were rendered.")
@click.option("--strict", is_flag=True, help="Keep the old site if any story has an error.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to report (default: text)."
)
def command(
    content: str | None,
    output: str | None,
    settings: str | None,
    theme: str | None,
    now: str | None,
    jobs: int,
    clean: bool,
    verify: bool,
    explain: bool,
    strict: bool,
    form: str,
) -> int:
    """Build the site of the folder CONTENT.

    Stories with an error are reported and left out; the rest is built, and the exit code is 1.
    """
    overrides: dict[str, Any] = {"ALSOREAD_JOBS": jobs}
    if now is not None:
        overrides["ALSOREAD_NOW"] = instant(now)
    site = read_site(content, settings=settings, output=output, theme=theme, overrides=overrides)
    use_the_copy_pelican_uses(site)
    built = build(site, clean=clean, verify=verify, strict=strict, source=settings or "pelicanconf.py")
    say(built, form, explain=explain)
    return built.exit_code


def build(
    site: dict[str, Any],
    *,
    clean: bool = False,
    verify: bool = False,
    strict: bool = False,
    source: str = "pelicanconf.py",
    drafts: bool = False,
    trying: bool = False,
) -> Built:
    """Build a site from its settings; ``source`` is their file, for findings about them.

    ``drafts`` is for a preview, in a folder of its own: it shows what readers do not see yet. With ``trying``
    everything is done but the last step, and the old site stays.

    :raises alsoread.press.output.OutputRefused: if the output folder cannot be written.
    :raises alsoread.press.run.Different: if a page that was taken for fresh is not; only with ``verify``.
    """
    pelican = make_pelican(site)
    press: Press = pelican.alsoread_press
    press.clean = clean
    press.seed = os.urandom(8).hex() if verify else ""
    state = getattr(pelican, "alsoread", None)
    published = True
    begun = time.perf_counter()
    with shown() as bar:
        if state is not None:
            _listen(state, bar)
            state.source = source
            state.drafts = drafts
        if strict:
            press.before_commit.append(lambda: _stop_on_errors(state))
        if trying:
            press.before_commit.append(_stop)
        try:
            _run(pelican)
        except KeepOldSite:
            published = False
    press.report.seconds["total"] = time.perf_counter() - begun
    prefix = os.path.relpath(site["PATH"])
    return Built(
        stories=len(state.digest.stories) if state is not None else press.report.stories,
        pages=press.report.pages,
        files=press.report.files,
        seconds={stage: round(seconds, 3) for stage, seconds in press.report.seconds.items()},
        findings=tuple(sorted(state.findings)) if state is not None else (),
        published=published,
        merged=press.report.merged,
        output=os.path.relpath(site["OUTPUT_PATH"]),
        prefix="" if prefix == "." else prefix + "/",
        rendered=press.report.rendered,
        reused=press.report.reused,
        removed=press.report.removed,
        parsed=press.report.parsed,
        reasons=tuple(sorted(press.report.reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
        ledger=state.ledger if state is not None else EMPTY,
        live=state.live if state is not None else (),
        expired=state.expired if state is not None else {},
    )


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


def _listen(state: Any, bar: Any) -> None:
    state.announce = False
    state.progress = bar
    count = 0

    def on_page(_name: str) -> None:
        nonlocal count
        count += 1
        bar("Rendering pages", count, 0)

    state.on_page = on_page


def _stop_on_errors(state: Any) -> None:
    if state is not None and any(finding.is_error for finding in state.findings):
        raise KeepOldSite


def _stop() -> None:
    raise KeepOldSite


def _run(pelican: Any) -> None:
    """Run Pelican without the line that it prints at its end: ours says more."""
    import io

    from pelican import console

    before, console.file = console.file, io.StringIO()
    try:
        pelican.run()
    finally:
        console.file = before
