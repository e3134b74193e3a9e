"""``alsoread import``."""

import os
from datetime import UTC, datetime
from typing import Any

import click

from alsoread.archive import read_archive
from alsoread.cli.failures import SettingsRefused
from alsoread.cli.site import read_site, use_the_copy_pelican_uses
from alsoread.desk.intake.text import story_from_text

__all__ = ["command"]


@click.command("import", short_help="Turn plain text stories into story files.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@click.option("--to", "content", metavar="CONTENT", help="The content folder (default: PATH of the settings).")
@click.option("--date", metavar="DATE", help="Date of the stories (ISO 8601; default: each file's own time).")
@click.option("-s", "--settings", metavar="FILE", help="Settings (default: ./pelicanconf.py, or Alsoread's own).")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
def command(files: tuple[str, ...], content: str | None, date: str | None, settings: str | None, dry_run: bool) -> int:
    """Make a story file of each plain text FILE.

    A file's first paragraph is the headline; lines such as 'ALSO READ  <headline>' stay cross-links. Source, summary
    and tags are proposed; an existing story is never overwritten.
    """
    if content:
        os.makedirs(content, exist_ok=True)
    elif not settings and not os.path.exists("pelicanconf.py") and not os.path.isdir("content"):
        raise SettingsRefused("there is no content folder here; name one: --to content")
    site = read_site(content, settings=settings)
    use_the_copy_pelican_uses(site)
    day = _date(date) if date else None
    failed = False
    names = _Names(site)
    for file in files:
        failed |= not _import(file, site, names, day, dry_run)
    return 1 if failed else 0


class _Names:
    """The topics and labels that a site knows, read once."""

    def __init__(self, site: dict[str, Any]) -> None:
        from alsoread.plugin.addresses import addresses_of
        from alsoread.plugin.folders import folders_of
        from alsoread.settings import read_settings

        self.settings, _ = read_settings(site, clock=datetime.now(UTC))
        self.folders = folders_of(site, self.settings)
        digest = read_archive(self.folders, self.settings, site["MARKDOWN"], addresses_of(site))
        self.topics = {topic.label: (topic.label, *topic.aliases) for topic in digest.vocabulary.topics.values()}
        self.labels = self.settings.labels_for(self.settings.lang)


def _import(file: str, site: dict[str, Any], names: _Names, day: datetime | None, dry_run: bool) -> bool:
    """Import one file; whether it went well."""
    try:
        with open(file, "rb") as source:
            data = source.read(names.settings.max_bytes + 1)
            own_time = datetime.fromtimestamp(os.fstat(source.fileno()).st_mtime, names.settings.timezone)
        if len(data) > names.settings.max_bytes:
            raise ValueError(f"the file is larger than {names.settings.max_bytes:,} bytes")
        name = os.path.splitext(os.path.basename(file))[0]
        moment = day.replace(tzinfo=day.tzinfo or names.settings.timezone) if day else own_time.replace(microsecond=0)
        imported = story_from_text(
            data.decode("utf-8"), name=name, date=moment, labels=names.labels, topics=names.topics
        )
    except OSError as error:
        click.echo(f"{file}: {error.strerror}", err=True)
        return False
    except ValueError as error:
        reason = "the file is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        click.echo(f"{file}: {reason}", err=True)
        return False
    folder = os.path.join(site["PATH"], names.folders.stories[0], f"{moment:%Y}", f"{moment:%m}")
    path = os.path.join(folder, f"{imported.slug}.md")
    for remark in imported.remarks:
        click.echo(f"{os.path.relpath(path)}: note: {remark}", err=True)
    if dry_run:
        click.echo(imported.text, nl=False)
        return True
    return _write(path, imported.text)


def _write(path: str, text: str) -> bool:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    try:
        with open(path, "x", encoding="utf-8", newline="\n") as target:
            target.write(text)
    except FileExistsError:
        click.echo(f"{os.path.relpath(path)}: is there already, and stays as it is", err=True)
        return False
    click.echo(os.path.relpath(path))
    return True


def _date(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not a date such as 2026-01-31", param_hint="--date") from error
