"""``alsoread diff``."""

from dataclasses import replace
from typing import Final

import click

from alsoread.archive import Folders, read_archive
from alsoread.cli.before import desk_before
from alsoread.cli.desk import Desk, open_desk
from alsoread.cli.progress import Bar, shown
from alsoread.desk.changes_page import as_json, as_page, as_text
from alsoread.desk.check.since import content_before
from alsoread.desk.diff import Seen, compare, seen_in
from alsoread.ledger_beside import ledger_path, read_ledger_beside
from alsoread.news.ledger import EMPTY, Ledger, read_ledger

__all__ = ["command"]

_FORMS: Final = ("text", "json", "html")


@click.command("diff", short_help="Say what a reader would see that is not there now.")
@click.argument("reference", metavar="REF")
@click.option("-c", "--content", metavar="FOLDER", help="The content folder.")
@click.option("-s", "--settings", metavar="FILE", help="Settings (default: ./pelicanconf.py, or Alsoread's own).")
@click.option("--now", metavar="TIME", help="The instant to judge embargo and expiry at (ISO 8601; default: now).")
@click.option(
    "--format", "form", type=click.Choice(_FORMS), default="text", help="How to report (default: text; html is a page)."
)
def command(reference: str, content: str | None, settings: str | None, now: str | None, form: str) -> int:
    """Say which addresses are added, altered and removed since REF, a branch or commit of git's, and what differs.

    The content is compared with that of the commit where REF and the present one part, with the settings of then as far
    as they can be told without running them.
    """
    desk = open_desk(content, settings, now)
    ledger = read_ledger_beside(desk.settings, desk.root)
    with shown() as bar:
        after = _seen(desk, desk.folders, ledger, bar)
        old = content_before(reference, desk.root, ledger_path(desk.settings, desk.root))
        was = EMPTY if old.beside is None else read_ledger(old.beside, ledger.path)
        then = desk_before(desk, settings or "pelicanconf.py", old)
        with old.laid_out() as folder:
            before = _seen(then, replace(then.folders, root=folder), was, bar)
    changes = compare(before, after)
    if form == "html":
        click.echo(as_page(changes, str(desk.site["SITENAME"])), nl=False)
    else:
        click.echo(as_json(changes) if form == "json" else as_text(changes), nl=False)
    return 0


def _seen(desk: Desk, folders: Folders, ledger: Ledger, bar: Bar) -> dict[str, Seen]:
    from alsoread.plugin.addresses import addresses_of

    addresses = addresses_of(desk.site, ledger)
    settings = replace(desk.settings, jobs=0)
    digest = read_archive(folders, settings, desk.site["MARKDOWN"], addresses, progress=bar)
    topic, thread = str(desk.site["TAG_SAVE_AS"] or ""), settings.thread_page
    topic_file, thread_file = (lambda slug: topic.format(slug=slug)), (lambda slug: thread.format(slug=slug))
    return seen_in(digest, addresses, topic_file, thread_file, ledger)
