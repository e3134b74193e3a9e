"""``alsoread withdraw``."""

import difflib
import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import unquote, urlsplit

import click

from alsoread.cli.checking import site_of
from alsoread.cli.desk import Desk, open_desk
from alsoread.cli.progress import shown
from alsoread.desk.check.run import Site, check, standing
from alsoread.desk.publication import write_ledger
from alsoread.diagnostics import Refusal, as_text
from alsoread.ledger_beside import ledger_path
from alsoread.news.characters import bad_character
from alsoread.news.gone import dying
from alsoread.news.ledger import Entry, Ledger, Live, address_of, as_line, site_file
from alsoread.settings import read_settings

__all__ = ["command"]

_LONGEST: Final = 1000


@click.command("withdraw", short_help="Say why a published address is gone.")
@click.argument("addresses", nargs=-1, metavar="[ADDRESS]...")
@click.option("--why", metavar="TEXT", help="The reason, in a sentence: it is what readers will see there.")
@click.option("--gone", is_flag=True, help="Withdraw every address that would lead nowhere now.")
@click.option("--undo", is_flag=True, help="Take the withdrawal back.")
@click.option("--dry-run", is_flag=True, help="Show the lines of the ledger that would change, and write nothing.")
@click.option("-c", "--content", metavar="FOLDER", help="The content folder.")
@click.option("-s", "--settings", metavar="FILE", help="Settings (default: ./pelicanconf.py, or Alsoread's own).")
@click.option("--now", metavar="TIME", help="The instant to judge embargo and expiry at (ISO 8601; default: now).")
def command(
    addresses: tuple[str, ...],
    why: str | None,
    gone: bool,
    undo: bool,
    dry_run: bool,
    content: str | None,
    settings: str | None,
    now: str | None,
) -> int:
    """Note in the ledger why nothing stands at a published ADDRESS any more.

    From the next build on a page stands there that says so, and nothing of what it held. What still is at an address
    must go first: take its file away, or make it a draft.
    """
    if undo and (gone or why):
        raise click.UsageError("--undo goes with addresses alone.")
    if bool(addresses) == gone:
        raise click.UsageError("name an address, or all that would lead nowhere with --gone.")
    desk = open_desk(content, settings, now)
    typed, _ = read_settings(desk.site, clock=datetime.now(UTC))
    site = site_of(desk, replace(typed, jobs=0))
    ledger = _kept(site.ledger)
    if undo:
        changed = [_restored(entry) for entry in _named(addresses, ledger, desk)]
    else:
        reason, today = _reason(why), typed.now.astimezone(typed.timezone).date()
        changed = [_withdrawn(entry, today, reason) for entry in _to_withdraw(addresses, site, desk)]
    for entry in changed:
        click.echo(as_line(entry))
    if not dry_run:
        entries = {**ledger.entries, **{entry.file: entry for entry in changed}}
        write_ledger(ledger_path(desk.settings, desk.root), replace(ledger, entries=entries))
    if not changed:
        click.echo("no published address leads nowhere", err=True)
    return 0


def _kept(ledger: Ledger) -> Ledger:
    """:raises Refusal: if there is none, or it cannot be read."""
    if not ledger.path:
        raise Refusal("ALSOREAD_LEDGER is empty: this site keeps no ledger of its addresses")
    if ledger.findings:
        raise Refusal(f"{as_text(ledger.findings[0])}\nmend it first; nothing was written")
    if not ledger.is_kept:
        raise Refusal(f"there is no {ledger.path}: nothing was published yet. 'alsoread publish' makes it")
    return ledger


def _reason(why: str | None) -> str:
    """The reason on one line.

    :raises click.UsageError: if there is none.
    """
    reason = " ".join((why or "").split())
    if not reason:
        raise click.UsageError('say why, for readers: --why "The source has taken back its report."')
    bad = bad_character(reason)
    if bad is not None or not reason.replace("\u200e", "").replace("\u200f", "").isprintable():
        raise click.BadParameter(
            bad.message if bad is not None else "a character cannot be printed", param_hint="--why"
        )
    if len(reason) > _LONGEST:
        raise click.BadParameter(f"it is longer than {_LONGEST} characters", param_hint="--why")
    return reason


def _to_withdraw(addresses: Iterable[str], site: Site, desk: Desk) -> list[Entry]:
    """The entries that are meant, or all that would lead nowhere.

    :raises Refusal: if something still stands at one.
    """
    with shown() as bar:
        archive = check(site, progress=bar).archive
    live = site.live(archive.digest)
    stands = standing(site, archive, live)
    if not addresses:
        return list(dying(site.ledger, stands, site.expired(archive.digest), archive.digest.broken))
    entries = _named(addresses, site.ledger, desk)
    for entry in entries:
        if stands(entry.file):
            raise Refusal(f"{address_of(entry.file)} is still there{_what_to_do(entry, site, live)}")
    return entries


def _what_to_do(entry: Entry, site: Site, live: Iterable[Live]) -> str:
    found = next((each for each in live if each.file == entry.file), None)
    if found is None or (found.kind != "topic" and not found.path):
        return ": other files make it. Change these first"
    if found.kind == "redirect":
        return f": it leads on to what is made of {found.path}. Take it out of 'aliases' first"
    if found.kind == "topic":
        return ": stories have this topic. Take it out of their tags first"
    path = os.path.relpath(os.path.join(site.folders.root, found.path))
    return f". First take its file away: git rm {path}"


def _named(addresses: Iterable[str], ledger: Ledger, desk: Desk) -> list[Entry]:
    """The entries of addresses as people write them: below the site's root, or whole.

    :raises click.UsageError: if one was never published.
    """
    root = str(desk.site["SITEURL"]).rstrip("/")
    found = []
    for address in addresses:
        files = filter(None, map(site_file, _below(address, root)))
        entry = next((ledger.entries[file] for file in files if file in ledger.entries), None)
        if entry is None:
            known = {address_of(file): None for file in ledger.entries}
            near = difflib.get_close_matches(f"/{unquote(address).strip('/')}", list(known), n=1, cutoff=0.5)
            hint = f" Did you mean {near[0]}?" if near else f" {ledger.path} lists the addresses."
            raise click.UsageError(f"'{address}' was never published.{hint}")
        found.append(entry)
    return found


def _below(address: str, root: str) -> Iterable[str]:
    """What an address may be below the site's root."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return
    if parts.scheme and not f"{address}/".startswith(f"{root}/"):
        return
    path = parts.path
    if not parts.scheme:
        yield path
        yield f"{path}/"
    folder = urlsplit(root).path
    if (folder and f"{path}/".startswith(f"{folder}/")) or parts.scheme:
        yield path.removeprefix(folder) or "/"


def _withdrawn(entry: Entry, today: date, why: str) -> Entry:
    return replace(entry, fate="withdrawn", day=today, why=why)


def _restored(entry: Entry) -> Entry:
    """:raises click.UsageError: if it was not withdrawn."""
    if entry.fate != "withdrawn":
        raise click.UsageError(f"{address_of(entry.file)} was not withdrawn.")
    return replace(entry, fate="", day=None, why="")
