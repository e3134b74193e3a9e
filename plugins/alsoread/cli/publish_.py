"""``alsoread publish``."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

import click

from alsoread.cli.building import build
from alsoread.cli.built import Built, summary, tell
from alsoread.cli.site import instant, make_pelican, read_site, use_the_copy_pelican_uses
from alsoread.desk.publication import Publication, as_lines, as_records, deliver, publication_of, write_ledger
from alsoread.diagnostics import Refusal, as_record, count_by_severity
from alsoread.ledger_beside import ledger_path, read_ledger_beside
from alsoread.news.ledger import EMPTY, Ledger, Live, brought_up_to_date
from alsoread.settings import DigestSettings, read_settings

__all__ = ["command"]

_CONF: Final = "publishconf.py"


@click.command("publish", short_help="Build the site for the web, deliver it, and note which addresses were published.")
@click.option("-s", "--settings", metavar="FILE", help="Settings (default: ./publishconf.py, or ./pelicanconf.py).")
@click.option("-o", "--output", metavar="FOLDER", help="Where the site goes (default: OUTPUT_PATH of the settings).")
@click.option("--now", metavar="TIME", help="The instant to judge embargo and expiry at (ISO 8601; default: now).")
@click.option(
    "--jobs",
    type=click.IntRange(0, 64),
    default=0,
    metavar="N",
    help="Processes that read stories (default: one a processor).",
)
@click.option("--clean", is_flag=True, help="Use nothing that an earlier build left behind.")
@click.option("--dry-run", is_flag=True, help="Say what would be published, and leave everything as it is.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to report (default: text)."
)
def command(
    settings: str | None, output: str | None, now: str | None, jobs: int, clean: bool, dry_run: bool, form: str
) -> int:
    """Build the site, deliver it with the command of ALSOREAD_UPLOAD, and bring the ledger up to date.

    The old site stays if anything has an error, or if a published address would lead nowhere. The ledger of published
    addresses is written last, when all else has gone well.
    """
    overrides: dict[str, Any] = {"ALSOREAD_JOBS": jobs}
    if now is not None:
        overrides["ALSOREAD_NOW"] = instant(now)
    source = settings or (_CONF if os.path.isfile(_CONF) else None)
    site = read_site(settings=source, output=output, overrides=overrides)
    use_the_copy_pelican_uses(site)
    typed, _ = read_settings(site, clock=datetime.now(UTC))
    pelican = make_pelican(site)
    built = build(site, clean=clean, strict=True, source=source or "pelicanconf.py", trying=dry_run, pelican=pelican)
    is_good = not any(finding.is_error for finding in built.findings)
    has = _addresses_of(pelican)
    dead = {finding.line for finding in built.findings if finding.code == "AR506"}
    publication = publication_of(has.before, has.after(has.before, typed), has.live, dead)
    if is_good and not dry_run:
        if typed.upload:
            deliver(typed.upload, str(site["OUTPUT_PATH"]))
        _note(has, typed, str(site["PATH"]))
    _say(built, publication, typed, form, done=is_good and not dry_run)
    return int(not is_good)


@dataclass(frozen=True, slots=True)
class _Addresses:
    """The addresses of a site: what was published ``before``, those that it has now, and those that may be gone with
    stories that have expired, with the day.
    """

    before: Ledger = EMPTY
    live: tuple[Live, ...] = ()
    expired: Mapping[str, date] = field(default_factory=dict)

    def after(self, ledger: Ledger, settings: DigestSettings) -> Ledger:
        """A ledger, brought up to date."""
        today = settings.now.astimezone(settings.timezone).date()
        return brought_up_to_date(ledger, self.live, self.expired, today)


def _addresses_of(pelican: Any) -> _Addresses:
    """The addresses of the site that was built; none where it is no digest."""
    state = getattr(pelican, "alsoread", None)
    return _Addresses() if state is None else _Addresses(state.ledger, state.live, state.expired)


def _note(has: _Addresses, settings: DigestSettings, root: str) -> None:
    """Bring the ledger up to date. Somebody may have said meanwhile why an address is gone, so it is read again."""
    ledger = read_ledger_beside(settings, root)
    if ledger.findings:
        raise Refusal(f"the site is published, but {ledger.path} was changed meanwhile and cannot be read; mend it")
    if has.before.path:
        write_ledger(ledger_path(settings, root), has.after(ledger, settings))


def _say(built: Built, publication: Publication, settings: DigestSettings, form: str, *, done: bool) -> None:
    """Tell what was published, or would be: findings on standard error, or everything as JSON."""
    if form == "json":
        record = {
            "stories": built.stories,
            "pages": built.pages,
            "files": built.files,
            "published": done,
            "delivered": done and bool(settings.upload),
            "output": built.output,
            "ledger": built.ledger,
            "addresses": as_records(publication),
            "counts": count_by_severity(built.findings),
            "findings": [as_record(finding, prefix=built.prefix_of(finding)) for finding in built.findings],
        }
        click.echo(json.dumps(record, ensure_ascii=False, indent=2))
        return
    tell(built)
    errors = count_by_severity(built.findings)["error"]
    if errors:
        click.echo(f"{errors} error{'s' * (errors != 1)}: the old site in {built.output} stays", err=True)
        return
    for line in as_lines(publication):
        click.echo(line)
    click.echo(summary(built))
    for line in _notes(built, publication, settings) if done else ["nothing was published: this was a dry run"]:
        click.echo(line)
    if done and built.merged:
        click.echo(f"{built.output} holds files that Alsoread did not make: they were left alone", err=True)


def _notes(built: Built, publication: Publication, settings: DigestSettings) -> Iterator[str]:
    if settings.upload:
        yield f"{built.output} was delivered: {settings.upload[0]}"
    if not built.ledger:
        yield "no address was noted: this site keeps no ledger (ALSOREAD_LEDGER)"
    elif publication.new or publication.back:
        yield f"{built.ledger} was brought up to date: commit it"
