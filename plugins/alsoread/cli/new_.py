"""``alsoread new``."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

import click

from alsoread.archive import read_archive
from alsoread.cli.failures import SettingsRefused
from alsoread.cli.progress import shown
from alsoread.cli.site import read_site, use_the_copy_pelican_uses
from alsoread.desk.draft import Draft, Moment, cleaned, draft_text, moment_of, read_moment, slugs_of
from alsoread.diagnostics import Refusal, as_text
from alsoread.ledger_beside import read_ledger_beside
from alsoread.news.addresses import Addresses
from alsoread.news.body import BodyEngine
from alsoread.news.crosslinks import CrossLinkIndex, Target
from alsoread.news.digest import Digest
from alsoread.news.headlines import normalised
from alsoread.news.names import slugify
from alsoread.news.storyfile import read_story
from alsoread.news.topics import nearest
from alsoread.settings import DigestSettings
from alsoread.story import Story

__all__ = ["command"]

_MOST_SLUGS: Final = 1_000


@click.command("new", short_help="Start a story from a headline.")
@click.argument("headline", nargs=-1, required=True, metavar="HEADLINE")
@click.option("--tags", metavar="TAGS", help="The topics, with commas between (default: those that are suggested).")
@click.option("--thread", metavar="SLUG", default="", help="The developing story that it belongs to.")
@click.option("--lang", metavar="CODE", default="", help="The language of the story (default: the digest's).")
@click.option("--date", metavar="DATE", help="The date of the story (ISO 8601; default: now).")
@click.option("--published", is_flag=True, help="Leave out the line that makes it a draft.")
@click.option("--to", "content", metavar="CONTENT", help="The content folder (default: PATH of the settings).")
@click.option("-s", "--settings", metavar="FILE", help="Settings (default: ./pelicanconf.py, or Alsoread's own).")
@click.option("--edit", is_flag=True, help="Open the file in the editor that VISUAL or EDITOR names.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
def command(
    headline: tuple[str, ...],
    tags: str | None,
    thread: str,
    lang: str,
    date: str | None,
    published: bool,
    content: str | None,
    settings: str | None,
    edit: bool,
    dry_run: bool,
) -> int:
    """Start a story with HEADLINE: a draft with its date, the topics that fit, and the other fields as comments.

    The name of the file that was written goes to standard output. An existing story is never overwritten.
    """
    if edit and dry_run:
        raise click.UsageError("--dry-run writes nothing that --edit could open")
    editor = _editor() if edit else []
    title = cleaned(" ".join(headline))
    if not title:
        raise click.BadParameter("the headline is empty", param_hint="HEADLINE")
    desk = _read_desk(content, settings, make=not dry_run)
    moment = _moment(date, desk.settings)
    draft = Draft(title, moment, "", thread=thread, lang=lang, status="published" if published else "draft")
    draft, path, remarks = _placed(draft, desk)
    labels, reasons = _chosen(tags, desk.digest) if tags is not None else _suggested(title, desk.digest)
    text = draft_text(replace(draft, tags=labels))
    _check(text, path, desk)
    if dry_run:
        click.echo(text, nl=False)
    else:
        _write(desk.file(path), text)
        click.echo(desk.shown(path))
    for line in (*reasons, *remarks, *_about_headline(title, desk), *_about_thread(thread, desk)):
        click.echo(f"  {line}", err=True)
    return _open(editor, desk.file(path)) if editor else 0


@dataclass(frozen=True, slots=True)
class _Desk:
    """The digest that a story is to join, with its drafts: ``stories`` and ``taken`` (by address) have them too."""

    site: Mapping[str, Any]
    settings: DigestSettings
    digest: Digest
    addresses: Addresses
    folder: str
    stories: Mapping[str, Story]
    taken: Mapping[str, str]

    def file(self, path: str) -> str:
        return os.path.join(self.site["PATH"], path)

    def shown(self, path: str) -> str:
        return os.path.relpath(self.file(path))


def _read_desk(content: str | None, file: str | None, *, make: bool) -> _Desk:
    from alsoread.plugin.addresses import addresses_of
    from alsoread.plugin.folders import folders_of
    from alsoread.settings import read_settings

    if content and make:
        os.makedirs(content, exist_ok=True)
    elif not content and not file and not os.path.exists("pelicanconf.py") and not os.path.isdir("content"):
        raise SettingsRefused("there is no content folder here; name one (--to content), or begin with alsoread init")
    site = read_site(content, settings=file, overrides={"ALSOREAD_JOBS": 0})
    use_the_copy_pelican_uses(site)
    settings, _ = read_settings(site, clock=datetime.now(UTC))
    folders = folders_of(site, settings)
    addresses = addresses_of(site, read_ledger_beside(settings, folders.root))
    stories: dict[str, Story] = {}
    taken: dict[str, str] = {}

    def of_story(story: Story) -> Any:
        stories[story.path] = story
        return claimed(addresses.of_story(story), story)

    def claimed(address: Any, story: Story) -> Any:
        taken.setdefault(address.save_as.casefold(), story.path)
        return address

    # a digest does not tell of its drafts, but asks for the address of each
    asked = replace(addresses, of_story=of_story, of_page=lambda page: claimed(addresses.of_page(page), page))
    with shown() as bar:
        digest = read_archive(folders, settings, site["MARKDOWN"], asked, progress=bar)
    folder = next(iter(folders.stories), "")
    return _Desk(site, settings, digest, addresses, folder, stories, taken)


def _moment(text: str | None, settings: DigestSettings) -> Moment:
    if text is None:
        return moment_of(datetime.now(settings.timezone))
    try:
        return read_moment(text, settings.timezone)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not a date such as 2026-01-31", param_hint="--date") from error


# -- the file


def _placed(draft: Draft, desk: _Desk) -> tuple[Draft, str, list[str]]:
    """The draft under the first name that is free, its path, and why that is not the name its headline gives."""
    day = draft.moment.instant
    remarks: list[str] = []
    for slug in islice(slugs_of(draft.title), _MOST_SLUGS):
        path = "/".join(filter(None, (desk.folder.strip("/"), f"{day:%Y}", f"{day:%m}", f"{slug}.md")))
        problem = _taken(Story(path, slug, draft.title, day, lang=draft.lang or desk.settings.lang), desk)
        if not problem:
            remarks += [f"note: this one is '{slug}'"] if remarks else []
            return replace(draft, slug=slug), path, remarks
        remarks = remarks or [f"note: {problem}"]
    raise Refusal(f"no address is free: {remarks[0].removeprefix('note: ')}")


def _taken(story: Story, desk: _Desk) -> str:
    """Why a story cannot have its file or its address; empty where it can."""
    if os.path.lexists(desk.file(story.path)):
        return f"{desk.shown(story.path)} is there already"
    address = desk.addresses.of_story(story).save_as
    owner = desk.taken.get(address.casefold())
    if owner:
        return f"the address {address} is that of {desk.shown(owner)}"
    if desk.addresses.is_reserved(address.casefold()):
        return f"the address {address} is one that the site needs for itself"
    if address.casefold() in desk.addresses.withdrawn:
        return f"the address {address} was withdrawn"
    return ""


def _check(text: str, path: str, desk: _Desk) -> None:
    """Read what is about to be written as a build would.

    :raises Refusal: if it would be left out.
    """
    read = read_story(text.encode(), path, desk.settings, BodyEngine(desk.site["MARKDOWN"], desk.settings.body_engine))
    folder = desk.shown(path).removesuffix(path)
    errors = [as_text(finding, prefix=folder) for finding in read.findings if finding.is_error]
    if errors:
        raise Refusal("such a story would be left out, so it is not written\n" + "\n".join(errors))


def _write(file: str, text: str) -> None:
    os.makedirs(os.path.dirname(file), exist_ok=True)
    with open(file, "x", encoding="utf-8", newline="\n") as target:
        target.write(text)


# -- topics


def _suggested(title: str, digest: Digest) -> tuple[tuple[str, ...], list[str]]:
    """The topics that fit a headline, and a line on each."""
    from alsoread.news.suggest import suggest

    found = suggest(title, "", digest)
    if not found:
        return (), ["note: no topic of the digest fits the headline; name some in the line 'tags'"]
    return tuple(each.label for each in found), [f"tag {each.label}: {each.reason}" for each in found]


def _chosen(tags: str, digest: Digest) -> tuple[tuple[str, ...], list[str]]:
    """The tags that were given, as the digest writes them, and a line on each that it does not know."""
    topics = digest.vocabulary.topics
    labels: dict[str, str] = {}
    remarks = []
    for tag in filter(None, map(cleaned, re.split(";" if ";" in tags else ",", tags))):
        name = slugify(tag)
        slug = digest.vocabulary.means.get(name, name)
        labels.setdefault(slug or tag, topics[slug].label if slug in topics else tag)
        if slug not in topics:
            near = nearest(tag, topics.values())
            hint = f"did you mean {' or '.join(near)}?" if near else "it becomes one with this story"
            remarks.append(f"note: no topic is called '{tag}'; {hint}")
    return tuple(labels.values()), remarks


# -- what an editor should know


def _about_headline(title: str, desk: _Desk) -> Iterator[str]:
    """The stories that have this headline, or one that is much like it."""
    stories = desk.stories.values()
    targets = [Target(each.path, each.id, each.slug, each.title, "", each.headline_aliases) for each in stories]
    found = CrossLinkIndex.of(targets).resolve(title)
    paths = (found.path,) if found.outcome == "resolved" else found.near if found.outcome == "ambiguous" else ()
    titles = found.near if found.outcome == "unresolved" else ()
    for story in stories:
        if story.path in paths or story.title in titles:
            if normalised(story.title) == normalised(title):
                yield f"note: {desk.shown(story.path)} has this headline; a cross-link to it says [[{story.slug}]]"
            else:
                yield f"note: {desk.shown(story.path)} has a headline much like it: '{story.title}'"


def _about_thread(thread: str, desk: _Desk) -> Iterator[str]:
    known = sorted({story.thread for story in desk.stories.values() if story.thread})
    if thread and thread not in known:
        import difflib

        near = difflib.get_close_matches(thread, known, n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        yield f"note: this is the first story of the thread '{thread}'{hint}"


# -- the editor


def _editor() -> list[str]:
    """The command that opens a file in the person's editor."""
    given = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        words = shlex.split(given)
    except ValueError as error:
        raise click.UsageError(f"the editor {given!r} cannot be read as a command: {error}") from error
    if not words:
        raise click.UsageError("--edit needs to know your editor: set VISUAL or EDITOR, as in EDITOR=nano")
    return words


def _open(editor: list[str], file: str) -> int:
    try:
        done = subprocess.run([*editor, file], check=False)
    except OSError as error:
        raise Refusal(f"the editor {editor[0]} cannot be started: {error.strerror}") from error
    if done.returncode:
        raise Refusal(f"the editor {editor[0]} ended with {done.returncode}; the story is in {os.path.relpath(file)}")
    return 0
