"""``alsoread check``."""

import gc
import os
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import click

from alsoread.cli.checked import Told, last_check
from alsoread.cli.site import instant
from alsoread.cli.unchanged import Asked
from alsoread.diagnostics import Diagnostic, Severity, as_text, count_by_severity
from alsoread.press.files import FileRefused, read_regular

__all__ = ["FORMS", "command"]

FORMS: Final = ("text", "json", "github", "gitlab", "sarif", "junit", "rdjson", "checkstyle")
"""The forms of a report. Those for machines are made by :mod:`alsoread.desk.reports`."""

_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}
_LARGEST: Final = 64 * 1024 * 1024


@click.command("check", short_help="Say what is wrong with stories, and mend it.")
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option("-c", "--content", metavar="FOLDER", help="The content folder.")
@click.option("-s", "--settings", metavar="FILE", help="Settings (default: ./pelicanconf.py, or Alsoread's own).")
@click.option("--now", metavar="TIME", help="The instant to judge dates at (ISO 8601; default: now).")
@click.option(
    "--jobs", type=click.IntRange(0, 64), default=0, metavar="N", help="Processes (default: one a processor)."
)
@click.option("--fix", "fixing", is_flag=True, help="Put right what can be without asking.")
@click.option("--dry-run", is_flag=True, help="With --fix: show what would change as a patch, and write nothing.")
@click.option("--since", metavar="REF", help="Tell only what was not so at this branch or commit of git's.")
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@click.option("--format", "form", type=click.Choice(FORMS), default="text", help="How to report (default: text).")
def command(
    paths: tuple[str, ...],
    content: str | None,
    settings: str | None,
    now: str | None,
    jobs: int,
    fixing: bool,
    dry_run: bool,
    since: str | None,
    strict: bool,
    form: str,
) -> int:
    """Say what is wrong with the stories, pages, topics and threads of a digest, and with its settings.

    All files are read, for what is wrong between them; with PATHS only findings in these files and folders are told.
    The exit code is 1 if there is an error (with --strict: or a warning).
    """
    if dry_run and not fixing:
        raise click.UsageError("--dry-run goes with --fix.")
    begun = time.perf_counter()
    # nearly all that is made is kept to the end
    gc.disable()
    if now is not None:
        instant(now)
    wanted = partial(_wanted, paths)
    asked = Asked.of(content, output=None, settings=settings, theme=None, now=now, strict=False)
    told, is_again = None, not fixing and since is None
    if is_again:
        told, asked = last_check(asked, content, settings, now)
    findings = _among(told, wanted(told.root)) if told is not None else ()
    if told is not None and (form != "text" or told.mendable_among(findings) is not None):
        _say(findings, told, form, time.perf_counter() - begun)
        return _exit_code(findings, strict=strict)
    from alsoread.cli.checking import judge_site

    with judge_site(asked, content, settings, now, jobs) as judge:
        is_wanted = wanted(judge.desk.root)
        verdict, mended = judge.verdict(), None
        generation = judge.remember()
        if fixing:
            changes, verdict = judge.mended(verdict, is_wanted)
            if dry_run:
                click.echo(judge.as_diff(changes), nl=False)
                return 0
            judge.write(changes)
            mended = len(changes)
        told = judge.told(verdict, since)
        findings = _among(told, is_wanted)
        if form == "text" and mended is None:
            told = judge.tried(told, findings, verdict)
    _say(findings, told, form, time.perf_counter() - begun, mended=mended)
    if is_again:
        judge.note(asked, verdict, told, generation)
    return _exit_code(findings, strict=strict)


def _among(told: Told, is_wanted: Callable[[str], bool]) -> tuple[Diagnostic, ...]:
    return tuple(finding for finding in told.findings if is_wanted(finding.path))


def _exit_code(findings: Sequence[Diagnostic], *, strict: bool) -> int:
    worst = {finding.severity for finding in findings}
    return int(Severity.ERROR in worst or (strict and Severity.WARNING in worst))


def _wanted(paths: tuple[str, ...], root: str) -> Callable[[str], bool]:
    """Which files PATHS mean; all of them, and the settings, where there are none.

    :raises click.UsageError: if one is not there, or not below the content folder.
    """
    named = []
    for path in paths:
        below = os.path.relpath(os.path.realpath(path), os.path.realpath(root)).replace(os.sep, "/")
        if not os.path.lexists(path):
            raise click.UsageError(f"there is no file {path}.")
        if below == ".." or below.startswith("../"):
            raise click.UsageError(f"{path} is not below the content folder {os.path.relpath(root)}.")
        named.append("" if below == "." else below)
    if not paths or "" in named:
        return lambda path: True
    return lambda path: any(path == name or path.startswith(f"{name}/") for name in named)


def _say(findings: Sequence[Diagnostic], told: Told, form: str, seconds: float, *, mended: int | None = None) -> None:
    folder = os.path.relpath(told.root).replace(os.sep, "/")
    seen = [_seen(finding, folder, told.elsewhere) for finding in findings]
    if form != "text":
        from alsoread.desk.reports import FORMS

        click.echo(FORMS[form](seen, _read), nl=False)
        return
    for finding in seen:
        first, line, hint = as_text(finding).partition("\n")
        click.echo(click.style(first, fg=_COLOURS[finding.severity]) + line + hint)
    counts = count_by_severity(findings)
    said = ", ".join(f"{number} {name}{'s' * (number != 1)}" for name, number in counts.items() if number)
    files = f"{told.files} {'file' if told.files == 1 else 'files'}"
    click.echo(f"{files} checked in {seconds:.2f} s: {said or 'nothing is wrong'}")
    if mended is not None:
        click.echo(f"{mended} {'file was' if mended == 1 else 'files were'} mended")
    elif mendable := told.mendable_among(findings):
        click.echo(f"{mendable} can be mended: alsoread check --fix")


def _seen(finding: Diagnostic, folder: str, elsewhere: Collection[str]) -> Diagnostic:
    """A finding with its path as seen from here; those of files ``elsewhere`` than in the content folder are so."""
    if finding.path in elsewhere:
        return finding
    return finding if folder == "." else replace(finding, path=f"{folder}/{finding.path}")


def _read(path: str) -> str:
    """The text of a file that is told of; nothing of one that the digest does not read."""
    folder, name = os.path.split(path)
    try:
        return read_regular(folder or ".", name, _LARGEST).decode("utf-8", "replace")
    except FileRefused:
        return ""
