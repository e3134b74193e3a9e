"""``alsoread retitle``."""

import os

import click

from alsoread.cli.desk import find_story, open_desk, shown_folder
from alsoread.desk.changes import as_diff, write_changes
from alsoread.desk.headline import NotRetitled, retitled
from alsoread.desk.sketch import read_sketch
from alsoread.news.headlines import normalised
from alsoread.press.files import FileRefused, read_regular

__all__ = ["command"]


@click.command("retitle", short_help="Give a story another headline.")
@click.argument("story")
@click.argument("headline")
@click.option("--dry-run", is_flag=True, help="Show what would change as a patch, and write nothing.")
@click.option("-c", "--content", metavar="FOLDER", help="The content folder.")
@click.option("-s", "--settings", metavar="FILE", help="Settings (default: ./pelicanconf.py, or Alsoread's own).")
def command(story: str, headline: str, dry_run: bool, content: str | None, settings: str | None) -> int:
    """Give STORY (a slug, an id or a file; drafts too) the headline HEADLINE.

    Cross-links that spell the old headline out go on finding the story, and its address stays.
    """
    desk = open_desk(content, settings)
    _, stories = read_sketch(*desk.read)
    found = find_story(stories, story, desk.root)
    try:
        before = read_regular(desk.root, found.path, desk.settings.max_bytes).decode()
    except FileRefused as refused:
        click.echo(f"alsoread: {found.path}: {refused.finding.message}", err=True)
        return 1
    after = retitled(before, found, headline)
    if isinstance(after, NotRetitled):
        click.echo(f"alsoread: {after.message}", err=True)
        return 1
    folder = shown_folder(desk.root)
    changes = {found.path: (before, after)} if after != before else {}
    if not changes:
        click.echo(f"nothing to change: the headline is '{found.title}'")
    elif dry_run:
        click.echo(as_diff(changes, folder).encode(), nl=False)
    else:
        write_changes(desk.root, changes)
        click.echo(os.path.join(folder, found.path))
    wanted = normalised(headline)
    for other in stories:
        if other.path != found.path and wanted in map(normalised, (other.title, *other.headline_aliases)):
            click.echo(f"note: {os.path.join(folder, other.path)} has that headline too; name one by [[id]]", err=True)
    return 0
