"""``alsoread explain``."""

import difflib
import sys

import click

from alsoread.desk.explained import page_of
from alsoread.diagnostics import CODES

__all__ = ["command"]


@click.command("explain", short_help="Say what a code means, and what to do.")
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """Show the page of CODE (such as AR401, or cross-link-unresolved): what it means, why, and how to do it right.

    Without a code, all codes are listed.
    """
    if code is None:
        width = max(len(each.slug) for each in CODES.values())
        for each in CODES.values():
            click.echo(f"{each.name}  {each.slug:{width}}  {each.severity}")
        return 0
    by_slug = {each.slug: name for name, each in CODES.items()}
    name = by_slug.get(code.lower(), code.upper())
    if name not in CODES:
        near = difflib.get_close_matches(code.lower(), by_slug, n=1) or difflib.get_close_matches(name, CODES, n=1)
        raise click.UsageError(f"there is no code '{code}'." + (f" Did you mean '{near[0]}'?" if near else ""))
    _show(page_of(name))
    return 0


def _show(page: str) -> None:
    if not sys.stdout.isatty():
        click.echo(page, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console(width=min(Console().width, 100)).print(Markdown(page))
