"""``alsoread related``."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from alsoread.archive import read_archive
from alsoread.cli.progress import shown
from alsoread.cli.site import instant, read_site, use_the_copy_pelican_uses
from alsoread.news.digest import Digest
from alsoread.news.listed import with_reasons
from alsoread.story import Story

if TYPE_CHECKING:
    from alsoread.memory import FileMemory
    from alsoread.news.storyfile import StoryFile
    from alsoread.settings import DigestSettings

__all__ = ["command"]

_WHY: Final[Mapping[str, str]] = {
    "draft": "is a draft",
    "embargoed": "is embargoed",
    "future": "is of a day to come",
    "expired": "has expired",
}


@click.command("related", short_help="Show which stories are related to one, and why.")
@click.argument("story", required=False)
@click.option("--all", "everything", is_flag=True, help="Show the related stories of every story.")
@click.option("-c", "--content", metavar="FOLDER", help="The content folder.")
@click.option("-s", "--settings", metavar="FILE", help="Settings (default: ./pelicanconf.py, or Alsoread's own).")
@click.option("--now", metavar="TIME", help="The instant to judge embargo and expiry at (ISO 8601; default: now).")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to report (default: text)."
)
def command(
    story: str | None, everything: bool, content: str | None, settings: str | None, now: str | None, form: str
) -> int:
    """Show the stories related to STORY (a slug, an id or a file), best first, each with its reason."""
    if everything == bool(story):
        raise click.UsageError("name one story, or say --all")
    overrides: dict[str, Any] = {"ALSOREAD_JOBS": 0}
    if now is not None:
        overrides["ALSOREAD_NOW"] = instant(now)
    site = read_site(content, settings=settings, overrides=overrides)
    use_the_copy_pelican_uses(site)
    digest = _digest(site, explains=True if everything else None)
    listed = digest.listed if everything else (_find(digest, story or "", site["PATH"], site["PAGE_PATHS"]),)
    if form == "json":
        click.echo(json.dumps({each.slug: _records(digest, each) for each in listed}, ensure_ascii=False, indent=2))
    else:
        click.echo("\n\n".join(_text(digest, each) for each in listed))
    return 0


def _digest(site: dict[str, Any], *, explains: bool | None) -> Digest:
    from datetime import UTC, datetime

    from alsoread.plugin.addresses import addresses_of
    from alsoread.plugin.folders import folders_of
    from alsoread.press.pool import spread_over
    from alsoread.press.surroundings import work_folder
    from alsoread.related_memory import RelatedMemory
    from alsoread.settings import read_settings

    settings, _ = read_settings(site, clock=datetime.now(UTC))
    # what the last build found is read, and nothing is kept
    work, markdown = work_folder(str(site["OUTPUT_PATH"])), site["MARKDOWN"]
    stories = _stories(work, str(site["PATH"]), settings, markdown)
    known = RelatedMemory(work, None, spread_over(settings.jobs), explains=explains)
    folders, addresses = folders_of(site, settings), addresses_of(site)
    with shown() as bar:
        return read_archive(folders, settings, markdown, addresses, progress=bar, memory=stories, relating=known.relate)


def _stories(
    work: str, root: str, settings: DigestSettings, markdown: Mapping[str, Any]
) -> FileMemory[StoryFile] | None:
    """What stories gave the last build; None where other tools read them then."""
    from alsoread.press.digests import digest
    from alsoread.press.store import STORE, Store
    from alsoread.press.surroundings import installed_packages, own_code, python
    from alsoread.shelf import story_memory

    store = Store(os.path.join(work, STORE), only_read=True)
    parts = store.get("recipe", "pages")
    tools = {"Alsoread": own_code(), "Python": python(), "installed packages": installed_packages()}
    if not isinstance(parts, dict) or any(parts.get(name) != told for name, told in tools.items()):
        return None
    return story_memory(store, digest(*sorted(map(str, parts.values()))), root, settings, markdown)


def _find(digest: Digest, name: str, root: str, pages: Sequence[str]) -> Story:
    from alsoread.cli.desk import find_story

    try:
        return find_story(tuple(digest.listed), name, root)
    except click.UsageError:
        path = os.path.relpath(os.path.abspath(name), root).replace(os.sep, "/")
        unlisted = [
            *((each.path, each.slug, _WHY[each.why]) for each in digest.unseen),
            *((each.path, each.slug, "is hidden") for each in digest.stories),
        ]
        for its_path, slug, why in unlisted:
            is_page = any(its_path.startswith(f"{folder}/") for folder in pages)
            if (its_path in (path, name) or name == slug) and not is_page:
                message = f"'{name}' {why}: nothing is related to a story that stands in no list."
                raise click.UsageError(message) from None
        raise


def _records(digest: Digest, story: Story) -> list[dict[str, Any]]:
    slugs = {each.path: each.slug for each in digest.listed}
    return [
        {"slug": slugs[each.key], "kind": each.kind, "score": each.score, "reason": each.reason}
        for each in with_reasons(digest.offered, story.path)
    ]


def _text(digest: Digest, story: Story) -> str:
    titles = {each.path: each.title for each in digest.listed}
    rows = [
        f"  {each.score:.3f}  {each.kind:<10}  {titles[each.key]}\n{'':21}{each.reason}"
        for each in with_reasons(digest.offered, story.path)
    ]
    return "\n".join([story.title, *(rows or ["  nothing is related"])])
