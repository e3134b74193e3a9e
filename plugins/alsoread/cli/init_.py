"""``alsoread init``."""

import contextlib
import json
import os
import re
import shlex
from collections.abc import Iterable
from datetime import datetime
from importlib import metadata
from typing import Final, NoReturn
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import click

from alsoread import __version__
from alsoread.desk.draft import cleaned
from alsoread.desk.forge import WAYS, Forge, Way, forge_files
from alsoread.desk.starter import Start, starter_files, title_of, topics_in
from alsoread.diagnostics import Refusal

__all__ = ["command"]

_LANG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@click.command("init", short_help="Make a new digest in a folder.")
@click.argument("name", metavar="NAME")
@click.option("--title", metavar="TITLE", help="The name of the digest (default: made from NAME).")
@click.option("--author", metavar="AUTHOR", default="", help="Who wrote the stories that name no author.")
@click.option("--lang", metavar="CODE", default="en", show_default=True, help="The language of the digest.")
@click.option("--timezone", metavar="ZONE", default="UTC", show_default=True, help="The zone of dates that name none.")
@click.option("--url", metavar="URL", default="", help="The address that it will be published at.")
@click.option(
    "--publish",
    "way",
    type=click.Choice(WAYS),
    default="pages",
    show_default=True,
    help="How the workflow publishes the site: GitHub Pages, rsync over SSH, or a bucket that speaks S3.",
)
@click.option("--no-forge", is_flag=True, help="Leave out workflows, forms and CONTRIBUTING.md.")
@click.option("--only-forge", is_flag=True, help="Write only these, for the digest that is in NAME already.")
@click.option("--dry-run", is_flag=True, help="List the files that would be written, and write nothing.")
def command(
    name: str,
    title: str | None,
    author: str,
    lang: str,
    timezone: str,
    url: str,
    way: Way,
    no_forge: bool,
    only_forge: bool,
    dry_run: bool,
) -> int:
    """Make a digest of your own in the folder NAME: settings, a Makefile, topics, a page and two stories to write over.

    With them come workflows for GitHub that check pull requests and publish the site, and a CONTRIBUTING.md.
    NAME may be '.' for the folder that you are in. A file that is there already is never overwritten.
    """
    if only_forge:
        if no_forge:
            raise click.UsageError("--no-forge and --only-forge do not go together.")
        return _add_forge(name, title, way, dry_run=dry_run)
    named = cleaned(title if title is not None else title_of(os.path.basename(os.path.abspath(name))))
    if not named:
        raise click.BadParameter("the digest needs a name", param_hint="--title")
    start = Start(
        title=named,
        today=datetime.now(_zone(timezone)).date(),
        requirement=_requirement(),
        timezone=timezone,
        lang=_lang(lang),
        url=_url(url),
        author=cleaned(author),
    )
    files = starter_files(start)
    if not no_forge:
        files |= forge_files(Forge(named, start.requirement, topics_in(files), way))
    _refuse_to_overwrite(name, files)
    for path, text in files.items():
        if not dry_run:
            _write(os.path.join(name, path), text)
        click.echo(os.path.normpath(os.path.join(name, path)))
    if not dry_run:
        click.echo("\n".join(["", f"{named} is ready. Next:", "", *_next_steps(name)]), err=True)
    return 0


def _add_forge(folder: str, title: str | None, way: Way, *, dry_run: bool) -> int:
    """Write what contributors and the forge need beside a digest; what is there already stays as it is."""
    from alsoread.cli.desk import open_desk
    from alsoread.desk.sketch import read_sketch

    with contextlib.chdir(folder) if os.path.isdir(folder) else _nowhere(folder):
        desk = open_desk(None, None)
        known = read_sketch(*desk.read)[0].vocabulary.topics.values()
        topics = sorted((topic.label, topic.description) for topic in known if topic.curated)
        named = cleaned(title if title is not None else str(desk.site["SITENAME"]))
        files = forge_files(Forge(named, _requirement(), topics, way))
        for path, text in files.items():
            there = _in_the_way(".", path)
            if there:
                click.echo(
                    f"{os.path.normpath(os.path.join(folder, there))} is there already and stays as it is", err=True
                )
                continue
            if not dry_run:
                _write(path, text)
            click.echo(os.path.normpath(os.path.join(folder, path)))
        if not os.path.exists("requirements.txt"):
            click.echo("the workflows install what requirements.txt names: " + _requirement(), err=True)
    return 0


def _nowhere(folder: str) -> NoReturn:
    raise Refusal(f"there is no folder {folder}")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:
        import difflib
        from zoneinfo import available_timezones

        near = difflib.get_close_matches(name, sorted(available_timezones()), n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else "an example is Europe/London"
        raise click.BadParameter(f"{name!r} is no time zone; {hint}", param_hint="--timezone") from error


def _lang(code: str) -> str:
    if not _LANG.fullmatch(code):
        raise click.BadParameter(f"{code!r} is no code of a language such as en or pt-BR", param_hint="--lang")
    return code


def _url(address: str) -> str:
    """The address of a site, without a slash at its end."""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and parts.hostname and not (parts.query or parts.fragment)
    except ValueError:
        usable = False
    if address and (not usable or cleaned(address) != address or " " in address):
        example = "https://www.example.org"
        raise click.BadParameter(f"{address!r} is no address such as {example}", param_hint="--url")
    return address.rstrip("/")


def _requirement() -> str:
    """What pip is to install to have this Alsoread again: a version, or the commit that it was installed from."""
    try:
        origin = json.loads(metadata.distribution("alsoread").read_text("direct_url.json") or "{}")
        vcs = origin["vcs_info"]
        return f"alsoread @ {vcs['vcs']}+{origin['url']}@{vcs['commit_id']}"
    except (metadata.PackageNotFoundError, ValueError, KeyError, TypeError):
        return f"alsoread=={__version__}"


# -- files


def _refuse_to_overwrite(folder: str, paths: Iterable[str]) -> None:
    """:raises Refusal: if any of the files is there, or something else stands where it or its folder would."""
    taken = sorted({found for path in paths if (found := _in_the_way(folder, path))})
    if taken:
        what = "is there already; move it" if len(taken) == 1 else "are there already; move them"
        raise Refusal(f"nothing was written: {', '.join(taken)} {what} away, or choose another folder")


def _in_the_way(folder: str, path: str) -> str:
    """What stands in the way of a file: itself, or a file where one of its folders would be."""
    parts = path.split("/")
    ancestors = [folder, *(os.path.join(folder, *parts[:end]) for end in range(1, len(parts)))]
    for ancestor in ancestors:
        if os.path.lexists(ancestor) and not os.path.isdir(ancestor):
            return os.path.normpath(ancestor)
    file = os.path.join(folder, path)
    return os.path.normpath(file) if os.path.lexists(file) else ""


def _write(file: str, text: str) -> None:
    os.makedirs(os.path.dirname(file) or ".", exist_ok=True)
    with open(file, "x", encoding="utf-8", newline="\n") as target:
        target.write(text)


def _next_steps(folder: str) -> list[str]:
    """Three commands to type."""
    here = os.path.abspath(folder) == os.getcwd()
    steps = ["alsoread serve", 'alsoread new "A headline of yours"']
    return [f"  {step}" for step in ([*steps, "alsoread build"] if here else [f"cd {shlex.quote(folder)}", *steps])]
