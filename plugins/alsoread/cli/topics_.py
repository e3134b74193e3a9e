"""``alsoread topics``."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any, Final

import click

from alsoread.cli.desk import Desk, find_story, open_desk, shown_folder
from alsoread.desk.changes import as_diff, write_changes
from alsoread.desk.shelf import Shelf, read_shelf
from alsoread.desk.sketch import read_sketch
from alsoread.desk.vocabulary import Plan, Refused, merge, rename
from alsoread.diagnostics import as_text
from alsoread.news.digest import Digest
from alsoread.news.names import slugify
from alsoread.news.suggest import Suggestion, suggest
from alsoread.story import Topic

__all__ = ["command"]

_WIDEST: Final = 40

_content = click.option("-c", "--content", metavar="FOLDER", help="The content folder.")
_settings = click.option(
    "-s", "--settings", metavar="FILE", help="Settings (default: ./pelicanconf.py, or Alsoread's own)."
)
_now = click.option(
    "--now", metavar="TIME", help="The instant to judge embargo and expiry at (ISO 8601; default: now)."
)
_form = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to report (default: text)."
)
_dry_run = click.option("--dry-run", is_flag=True, help="Show what would change as a patch, and write nothing.")


@click.group("topics", short_help="List, rename, merge and suggest topics.")
def command() -> None:
    """List the topics of a digest, rename or merge them in all of its files, or suggest some for a story."""


@command.command("list", short_help="List all topics.")
@click.option(
    "--by", type=click.Choice(["name", "size", "branch"]), default="name", help="In which order (default: name)."
)
@_content
@_settings
@_now
@_form
def list_command(by: str, content: str | None, settings: str | None, now: str | None, form: str) -> int:
    """List all topics with the number of their stories, those of the topics below them with them.

    In the order of their names, the largest first (size), or each below the one it belongs to (branch).
    """
    digest, _ = read_sketch(*open_desk(content, settings, now).read)
    rows = list(_ordered(digest, by))
    if form == "json":
        click.echo(json.dumps([_record(digest, topic) for topic, _ in rows], ensure_ascii=False, indent=2))
    elif rows:
        click.echo("\n".join(_table(digest, rows)))
    return 0


@command.command("rename", short_help="Give a topic another name.")
@click.argument("old")
@click.argument("new")
@_dry_run
@_content
@_settings
def rename_command(old: str, new: str, dry_run: bool, content: str | None, settings: str | None) -> int:
    """Call the topic OLD by the name NEW, in the tags of every story and in the files of the topics.

    The old name stays an alias of the topic, so that its old address leads to the new one.
    """
    return _carry_out(lambda shelf: rename(shelf, old, new), open_desk(content, settings), dry_run=dry_run)


@command.command("merge", short_help="Make one topic a part of another.")
@click.argument("gone", metavar="A")
@click.argument("into", metavar="B")
@_dry_run
@_content
@_settings
def merge_command(gone: str, into: str, dry_run: bool, content: str | None, settings: str | None) -> int:
    """File under the topic B whatever is filed under A, in the tags of every story and in the files of the topics.

    The names of A become aliases of B, and its old address leads there. What the file of A says goes into that of B
    where this lacks it; the rest is shown.
    """
    return _carry_out(lambda shelf: merge(shelf, gone, into), open_desk(content, settings), dry_run=dry_run)


@command.command("suggest", short_help="Show which topics fit a story, and why.")
@click.argument("story")
@_content
@_settings
@_now
@_form
def suggest_command(story: str, content: str | None, settings: str | None, now: str | None, form: str) -> int:
    """Show the topics that fit STORY (a slug, an id or a file; drafts too), best first, each with its reason."""
    desk = open_desk(content, settings, now)
    digest, stories = read_sketch(*desk.read)
    found = find_story(stories, story, desk.root)
    topics = suggest(found.title, digest.bodies[found.path].text, digest, own=found.path)
    has = {digest.vocabulary.means.get(slugify(tag), slugify(tag)) for tag in found.tags}
    if form == "json":
        records = [{**asdict(each), "given": each.slug in has} for each in topics]
        click.echo(json.dumps({found.slug: records}, ensure_ascii=False, indent=2))
    else:
        rows = [_told(each, given=each.slug in has) for each in topics]
        click.echo("\n".join([found.title, *(rows or ["  no topic of the digest fits"])]))
    return 0


# -- the list


def _ordered(digest: Digest, by: str) -> Iterator[tuple[Topic, int]]:
    """The topics, each with how deep it stands below others in a list by branches."""
    topics = digest.vocabulary.topics.values()
    by_name = sorted(topics, key=lambda topic: (topic.label.casefold(), topic.slug))
    branches = digest.vocabulary.branches
    if by == "branch":
        for topic in (topic for topic in by_name if topic.slug not in branches.parent):
            yield from _branch(digest, topic.slug, 0)
    else:
        order = by_name if by == "name" else sorted(by_name, key=lambda topic: -_size(digest, topic))
        yield from ((topic, 0) for topic in order)


def _branch(digest: Digest, slug: str, depth: int) -> Iterator[tuple[Topic, int]]:
    yield digest.vocabulary.topics[slug], depth
    for below in digest.vocabulary.branches.children.get(slug, ()):
        yield from _branch(digest, below, depth + 1)


def _size(digest: Digest, topic: Topic) -> int:
    return len(digest.stories_of.get(topic.slug, ()))


def _record(digest: Digest, topic: Topic) -> dict[str, Any]:
    return {
        "slug": topic.slug,
        "label": topic.label,
        "stories": _size(digest, topic),
        "curated": topic.curated,
        "aliases": topic.aliases,
        "parent": digest.vocabulary.branches.parent.get(topic.slug, ""),
        "file": topic.path,
    }


def _table(digest: Digest, rows: list[tuple[Topic, int]]) -> Iterator[str]:
    names = ["  " * depth + topic.label for topic, depth in rows]
    width = min(_WIDEST, max(map(len, names)))
    for (topic, depth), name in zip(rows, names, strict=True):
        yield f"{_size(digest, topic):>5}  {name:<{width}}  {'; '.join(_notes(digest, topic, depth))}".rstrip()


def _notes(digest: Digest, topic: Topic, depth: int) -> Iterator[str]:
    parent = digest.vocabulary.branches.parent.get(topic.slug)
    if topic.curated:
        yield "curated"
    if parent and not depth:
        yield f"under {digest.vocabulary.topics[parent].label}"
    if topic.aliases:
        yield f"also {', '.join(topic.aliases)}"


# -- changes


def _carry_out(make: Callable[[Shelf], Plan | Refused], desk: Desk, *, dry_run: bool) -> int:
    from alsoread.news.body import BodyEngine

    folder = shown_folder(desk.root)
    shelf = read_shelf(desk.folders, desk.settings, BodyEngine(desk.site["MARKDOWN"], desk.settings.body_engine))
    plan = make(shelf)
    if isinstance(plan, Refused):
        click.echo(f"alsoread: {plan.message}", err=True)
        return 1
    if not plan.changes:
        click.echo(f"nothing to change: '{plan.old[1]}' is '{plan.new[1]}' everywhere")
    elif dry_run:
        click.echo(as_diff(plan.changes, folder).encode(), nl=False)
    else:
        write_changes(desk.root, plan.changes)
        click.echo("\n".join(_report(plan, folder)))
    for line in (*_unread(shelf, folder), *_remarks(plan, desk, folder)):
        click.echo(line, err=True)
    return 0


def _report(plan: Plan, folder: str) -> Iterator[str]:
    """A line for each file, and one for all."""
    for path, (before, after) in sorted(plan.changes.items()):
        done = "new" if before is None else "removed" if after is None else "changed"
        yield f"{done:<8} {os.path.join(folder, path)}"
    others = len(plan.changes) - plan.stories
    stories = f"{plan.stories} {'story' if plan.stories == 1 else 'stories'}"
    files = f"{others} {'file' if others == 1 else 'files'} of topics"
    yield f"'{plan.old[1]}' is now '{plan.new[1]}': {stories}, {files}"


def _unread(shelf: Shelf, folder: str) -> Iterator[str]:
    prefix = f"{folder}/" if folder else ""
    for finding in shelf.unread:
        yield f"note: left as it is: {as_text(finding, prefix=prefix).splitlines()[0]}"


def _remarks(plan: Plan, desk: Desk, folder: str) -> Iterator[str]:
    yield from (f"note: {os.path.join(folder, remark)}" for remark in plan.remarks if plan.changes)
    if plan.old[0] != plan.new[0] and plan.old[0] in desk.settings.navigation:
        yield f"note: ALSOREAD_NAVIGATION of the settings names '{plan.old[0]}'; write '{plan.new[0]}' there"
    if plan.left_out:
        yield f"note: this stood in the file that goes, and stands in none now:\n{_indented(plan.left_out)}"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.split("\n"))


# -- suggestions


def _told(suggestion: Suggestion, *, given: bool) -> str:
    mark = "  (the story has it)" if given else ""
    return f"  {suggestion.score:.3f}  {suggestion.label}{mark}\n{'':9}{suggestion.reason}"
