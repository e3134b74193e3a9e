"""``alsoread check``."""

import gc
import os
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Final

import click

from alsoread.archive import Overlay, Progress
from alsoread.cli.before import desk_before
from alsoread.cli.desk import Desk, open_desk, shown_folder
from alsoread.cli.progress import shown
from alsoread.desk.changes import as_diff, write_changes
from alsoread.desk.check.examine import Examined, day_of
from alsoread.desk.check.known import known_files
from alsoread.desk.check.mend import count_mendable, mend
from alsoread.desk.check.past import Past, known_past
from alsoread.desk.check.recent import Recent
from alsoread.desk.check.run import Site, Verdict, check
from alsoread.desk.check.since import Before, added, at, content_before, gone
from alsoread.desk.reports import FORMS
from alsoread.diagnostics import Diagnostic, Severity, as_text, count_by_severity
from alsoread.ledger_beside import ledger_path, read_ledger_beside
from alsoread.memory import FileMemory
from alsoread.news.gone import dropped
from alsoread.news.ignores import without_ignored
from alsoread.news.ledger import Ledger, read_ledger
from alsoread.news.storyfile import Kind
from alsoread.press.digests import digest
from alsoread.press.files import FileRefused, read_regular
from alsoread.press.store import Store
from alsoread.press.surroundings import installed_packages, own_code, python, work_folder
from alsoread.press.told import told_or_kind
from alsoread.settings import DigestSettings, read_settings
from alsoread.settings_file import read_places

__all__ = ["command", "site_of"]

_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}
_LARGEST: Final = 64 * 1024 * 1024
# settings that say nothing of the content and how it is judged; the instant is looked at by itself
_APART: Final = frozenset({"OUTPUT_PATH", "PATH", "THEME", "CACHE_PATH", "ALSOREAD_NOW", "ALSOREAD_JOBS"})
_NOTHING: Final[Overlay] = {}
_KINDS: Final[tuple[Kind, ...]] = ("story", "page")


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
@click.option(
    "--format", "form", type=click.Choice(["text", *FORMS]), default="text", help="How to report (default: text)."
)
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
    desk = open_desk(content, settings, now)
    is_wanted = _wanted(paths, desk.root)
    mended = None
    with shown() as bar:
        judge = _Judge.of(desk, settings or "pelicanconf.py", jobs, bar)
        verdict = judge.verdict()
        judge.remember()
        if fixing:
            changes, verdict = mend(verdict, partial(_text, desk.root), judge.verdict, is_wanted)
            if dry_run:
                click.echo(as_diff(changes, shown_folder(desk.root)), nl=False)
                return 0
            write_changes(desk.root, changes)
            mended = len(changes)
        findings = verdict.findings
        if since is not None:
            ledger = judge.site.ledger
            old = content_before(since, desk.root, ledger_path(desk.settings, desk.root))
            was = Ledger(ledger.path) if old.beside is None else read_ledger(old.beside, ledger.path)
            before = judge.past(old, desk_before(desk, judge.site.settings.places.source, old), was)
            lost = gone(verdict.archive, before.published, old.renamed, {*was.entries, *ledger.entries})
            lost += tuple(dropped(ledger, was))
            left, _ = without_ignored(lost, verdict.archive.digest.ignores, judge.site.settings.ignore)
            told = added(findings, before.findings, old.renamed, judge.site.settings.places.files)
            findings = tuple(sorted((*told, *left)))
    wanted = tuple(finding for finding in findings if is_wanted(finding.path))
    elsewhere = {*judge.site.settings.places.files, judge.site.ledger.path}
    _say(wanted, verdict, desk, elsewhere, form, time.perf_counter() - begun, mended=mended)
    worst = {finding.severity for finding in wanted}
    return int(Severity.ERROR in worst or (strict and Severity.WARNING in worst))


@dataclass(frozen=True, slots=True)
class _Judge:
    """A site, what is wrong with its settings, and what was made of its files a moment ago."""

    site: Site
    about: Sequence[Diagnostic]
    recent: Mapping[Kind, Recent[Examined]]
    known: tuple[Store, FileMemory[Examined]] | None
    desk: Desk
    bar: Progress

    @classmethod
    def of(cls, desk: Desk, source: str, jobs: int, bar: Progress) -> "_Judge":
        """The judge of a site; ``source`` is the file of the settings, as findings name it."""
        settings, about = read_settings(desk.site, clock=datetime.now(UTC), places=read_places(source, desk.site))
        site = site_of(desk, replace(settings, jobs=jobs))
        recipe = _tools()
        folder = work_folder(str(desk.site["OUTPUT_PATH"]))
        known = known_files(folder, recipe, desk.root, settings, site.markdown)
        recent = {kind: Recent(known and known[1].of(kind)) for kind in _KINDS}
        return cls(site, about, recent, known, desk, bar)

    def remember(self) -> None:
        """Keep for the next time what was made of the files; of those that are there no more nothing is kept."""
        if self.known is not None:
            store, files = self.known
            files.close()
            store.save()

    def past(self, old: Before, then: Desk, was: Ledger) -> Past:
        """What was wrong with the content as it was, and what it published; ``then`` is the desk with its settings, and
        ``was`` the ledger of then.
        """

        def judged() -> Verdict:
            with old.laid_out() as folder:
                if then is self.desk:
                    return self.verdict(before=at(self.site, folder, was))
                site = site_of(then, replace(then.settings, jobs=self.site.settings.jobs))
                return check(at(site, folder, was), about_settings=then.findings, progress=self.bar)

        store = self.known[0] if self.known is not None else None
        scope = digest(*_told(then, self.site.settings), old.tree, was.path, old.beside or b"")
        return known_past(store, scope, self.site.settings.now, judged)

    def verdict(self, overlay: Overlay = _NOTHING, *, before: Site | None = None) -> Verdict:
        """What is wrong now, or with other bytes in some files, or was with the site as it was."""
        return check(
            before or self.site, about_settings=self.about, overlay=overlay, memory=self.recent, progress=self.bar
        )


def _tools() -> str:
    """All that reads and judges files; where an extension of Markdown's is the site's own code, nothing is kept."""
    return digest(own_code(), python(), installed_packages())


def _told(desk: Desk, settings: DigestSettings) -> list[str]:
    """All that decides what is wrong with a content folder, besides its bytes."""
    told = {name: told_or_kind(value) for name, value in desk.site.items() if name not in _APART}
    return [
        _tools(),
        str(day_of(settings.now)),
        settings.places.source,
        *(f"{name}={told[name]}" for name in sorted(told)),
    ]


def site_of(desk: Desk, settings: DigestSettings) -> Site:
    """What is checked of a site."""
    from alsoread.plugin.addresses import addresses_of, list_folders
    from alsoread.plugin.published import expired_addresses, live_addresses, moved_topics

    ledger = read_ledger_beside(settings, desk.root)
    extra = desk.site["EXTRA_PATH_METADATA"]
    return Site(
        desk.folders,
        settings,
        desk.site["MARKDOWN"],
        addresses_of(desk.site, ledger),
        static=tuple(folder.strip("/") for folder in desk.site["STATIC_PATHS"]),
        named=frozenset(extra),
        list_folders=list_folders(desk.site),
        elsewhere=frozenset(str(each["path"]).casefold() for each in extra.values() if "path" in each),
        ledger=ledger,
        live=lambda digest: live_addresses(digest, desk.site, settings),
        moved=lambda digest: moved_topics(digest, desk.site),
        expired=lambda digest: expired_addresses(digest, desk.site, settings),
    )


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


def _say(
    findings: Sequence[Diagnostic],
    verdict: Verdict,
    desk: Desk,
    elsewhere: Collection[str],
    form: str,
    seconds: float,
    *,
    mended: int | None,
) -> None:
    folder = os.path.relpath(desk.root).replace(os.sep, "/")
    seen = [_seen(finding, folder, elsewhere) for finding in findings]
    if form != "text":
        click.echo(FORMS[form](seen, _read), nl=False)
        return
    for finding in seen:
        first, line, hint = as_text(finding).partition("\n")
        click.echo(click.style(first, fg=_COLOURS[finding.severity]) + line + hint)
    counts = count_by_severity(findings)
    told = ", ".join(f"{number} {name}{'s' * (number != 1)}" for name, number in counts.items() if number)
    click.echo(f"{verdict.files} files checked in {seconds:.2f} s: {told or 'nothing is wrong'}")
    if mended is not None:
        click.echo(f"{mended} {'file was' if mended == 1 else 'files were'} mended")
        return
    try:
        mendable = count_mendable(findings, verdict, partial(_text, desk.root))
    except (FileRefused, UnicodeDecodeError):  # changed since it was read
        return
    if mendable:
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


def _text(root: str, path: str) -> str:
    return read_regular(root, path, _LARGEST).decode()
