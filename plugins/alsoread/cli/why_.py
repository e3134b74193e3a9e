"""``alsoread why``."""

import json
import os
from typing import Any, Final

import click

from alsoread.cli.desk import Desk, open_desk
from alsoread.cli.site import read_site, use_the_copy_pelican_uses
from alsoread.diagnostics import Refusal
from alsoread.news.body import BodyEngine
from alsoread.news.topicfile import read_thread, read_topic
from alsoread.press.files import read_regular
from alsoread.press.store import STORE, Store
from alsoread.press.surroundings import work_folder
from alsoread.press.why import PageStory, page_at, pages_that_read, pages_that_show, story_of

__all__ = ["command"]

_LISTED: Final = 10


@click.command("why", short_help="Say what a page was made from, and why it was rendered or not.")
@click.argument("what", metavar="URL|FILE")
@click.option("-o", "--output", metavar="FOLDER", help="Where the site is.")
@click.option("-c", "--content", metavar="FOLDER", help="The content folder.")
@click.option("-s", "--settings", metavar="FILE", help="Settings (default: ./pelicanconf.py, or Alsoread's own).")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to report (default: text)."
)
def command(what: str, output: str | None, content: str | None, settings: str | None, form: str) -> int:
    """Say what a page read, what of it had changed at the last build, and so why it was rendered or not.

    URL|FILE is the address of a page or its file in the output folder. For a file of the content folder or of the theme
    it is said which pages read it, for that of a topic or thread which pages show it.
    """
    site = read_site(content, settings=settings, output=output)
    use_the_copy_pelican_uses(site)
    store = Store(os.path.join(work_folder(site["OUTPUT_PATH"]), STORE))
    if not store.names("page"):
        raise Refusal(f"{os.path.relpath(site['OUTPUT_PATH'])} was not built yet; build it first: alsoread build")
    page = _page(store, what, site)
    if page is not None:
        story = story_of(store, page)
        if story is not None:
            _tell_page(story, form)
            return 0
    pages = _pages_of_file(store, what, site)
    if not pages and os.path.isfile(what):
        pages = _pages_of_list(store, what, content, settings)
    if not pages:
        raise Refusal(f"{what} is no page of the site, and no page read a file of that name")
    _tell_file(store, what, pages, form)
    return 0


def _page(store: Store, what: str, site: dict[str, Any]) -> str | None:
    inside = os.path.relpath(os.path.abspath(what), site["OUTPUT_PATH"]).replace(os.sep, "/")
    found = page_at(store, inside) if os.path.isfile(what) and not inside.startswith("../") else None
    return found or (None if os.path.isfile(what) else page_at(store, what, str(site["SITEURL"])))


def _pages_of_file(store: Store, what: str, site: dict[str, Any]) -> list[str]:
    path = os.path.abspath(what)
    folders = [site["PATH"], os.path.join(site["THEME"], "templates"), *site["THEME_TEMPLATES_OVERRIDES"]]
    names = [os.path.relpath(path, os.path.abspath(folder)).replace(os.sep, "/") for folder in folders]
    for name in [what, *(name for name in names if not name.startswith("../"))]:
        pages = pages_that_read(store, name)
        if pages:
            return pages
    return []


def _pages_of_list(store: Store, what: str, content: str | None, settings: str | None) -> list[str]:
    """The pages that show the topic or thread of a file.

    :raises Refusal: if there is no such page.
    """
    desk = open_desk(content, settings)
    url = _url_of_list(desk, os.path.relpath(os.path.abspath(what), os.path.abspath(desk.root)).replace(os.sep, "/"))
    pages = pages_that_show(store, url) if url else []
    if url and not pages:
        raise Refusal(f"no page shows the topic or thread of {what}: no story has it, or the last build was before")
    return pages


def _url_of_list(desk: Desk, path: str) -> str:
    """The address of the page of a topic or thread by its file; nothing where the file is of neither."""
    from alsoread.plugin.views import page_url

    if not any(path.startswith(f"{folder}/") for folder in (*desk.folders.topics, *desk.folders.threads)):
        return ""
    data, engine = read_regular(desk.root, path, desk.settings.max_bytes), BodyEngine(desk.site["MARKDOWN"])
    if any(path.startswith(f"{folder}/") for folder in desk.folders.topics):
        topic = read_topic(data, path, desk.settings, engine).topic
        return str(desk.site["TAG_URL"]).format(slug=topic.slug) if topic else ""
    thread = read_thread(data, path, desk.settings, engine).thread
    return page_url(desk.settings.thread_page.format(slug=thread.slug)) if thread else ""


def _tell_page(story: PageStory, form: str) -> None:
    if form == "json":
        record = {
            "page": story.page,
            "template": story.template,
            "rendered": story.rendered,
            "because": [{"what": what, "was": was, "is": now} for what, was, now in story.because],
            "always": story.always,
            "read": [{"of": about, "what": which} for about, which in story.read],
        }
        click.echo(json.dumps(record, ensure_ascii=False, indent=2))
        return
    if story.rendered:
        click.echo(f"{story.page} was rendered by the last build, because of")
        for what, was, now in story.because:
            shown = _shown(was), _shown(now)
            click.echo(f"    {what}" + (f": was {shown[0]}, is {shown[1]}" if all(shown) else ""))
    else:
        click.echo(f"{story.page} was not rendered by the last build: nothing it read had changed")
    click.echo("it read")
    for about, which in story.read:
        more = f" and {len(which) - _LISTED} more" if len(which) > _LISTED else ""
        click.echo(f"    {about}: {', '.join(which[:_LISTED])}{more}")


def _shown(fingerprint: str) -> str:
    """A fingerprint for a person; nothing where it tells only that something differs."""
    mark, _, text = fingerprint.partition(":")
    if fingerprint.startswith("@"):
        return fingerprint.partition("/")[2]
    if mark in ("items", "whole", "template", "function") or text.startswith("#"):
        return ""
    return repr(text) if mark in ("s", "m") else text or mark


def _tell_file(store: Store, what: str, pages: list[str], form: str) -> None:
    stories = [story for story in (story_of(store, page) for page in pages) if story is not None]
    if form == "json":
        record = {"file": what, "pages": [{"page": each.page, "rendered": each.rendered} for each in stories]}
        click.echo(json.dumps(record, ensure_ascii=False, indent=2))
        return
    click.echo(f"{what} was read by")
    for story in stories:
        click.echo(f"    {story.page}{' (rendered by the last build)' if story.rendered else ''}")
