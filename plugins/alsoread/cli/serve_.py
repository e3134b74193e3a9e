"""``alsoread serve``."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

import click

from alsoread.cli.preview_build import Options, as_preview, places_of, read_settings_of, warm, work
from alsoread.cli.rounds import Rounds
from alsoread.cli.site import read_site, use_the_copy_pelican_uses
from alsoread.desk.claims import Claims
from alsoread.desk.nursery import Nursery, can_fork
from alsoread.desk.preview import Preview, make_server
from alsoread.diagnostics import Refusal

__all__ = ["command"]

# seconds: the server looks up this often whether it is to end
_POLL: Final = 0.05


@click.command("serve", short_help="Build, show the site on this machine, and rebuild when something changes.")
@click.argument("content", required=False)
@click.option(
    "-o", "--output", metavar="FOLDER", help="Where the preview goes (default: a hidden folder beside the output)."
)
@click.option("-s", "--settings", metavar="FILE", help="Settings (default: ./pelicanconf.py, or Alsoread's own).")
@click.option("-t", "--theme", metavar="THEME", help="Folder or name of the theme.")
@click.option("--no-drafts", is_flag=True, help="Show the site as readers will see it.")
@click.option(
    "-p", "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; 0 takes a free one."
)
@click.option("-b", "--bind", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Address to listen on.")
def command(
    content: str | None,
    output: str | None,
    settings: str | None,
    theme: str | None,
    no_drafts: bool,
    port: int,
    bind: str,
) -> int:
    """Build a preview of the site of the folder CONTENT, show it to this machine only, and rebuild on every change.

    Drafts and stories that wait for their day are shown, marked. Browsers load a page again when it has changed.
    Stop it with Ctrl-C.
    """
    options = Options(content, output, settings, theme, drafts=not no_drafts)
    preview, claims = Preview(os.urandom(4).hex()), Claims()
    site = _first_read(options, claims, preview)
    places = places_of(site, options.source)
    with _workers(options) as nursery, _serving(preview, bind, port) as address:
        ready = f"serving {address} - stop with Ctrl-C"
        try:
            Rounds(options, preview, claims, nursery, places, ready).go()
        except KeyboardInterrupt:
            click.echo("stopped")
    return 0


def _first_read(options: Options, claims: Claims, preview: Preview) -> dict[str, Any] | None:
    """The settings, or None where their file is broken and can be mended.

    :raises Refusal: where it is not the file that is wrong, but what was asked for.
    """
    try:
        read = read_settings_of(options)
        use_the_copy_pelican_uses(read)
        site = as_preview(read, options, claims.claim)
    except Refusal:
        if not os.path.isfile(options.source) or _can_be_read(options.settings):
            raise
        return None
    preview.open(site["OUTPUT_PATH"])
    return site


def _can_be_read(settings: str | None) -> bool:
    try:
        read_site(settings=settings)
    except Refusal:
        return False
    return True


@contextmanager
def _workers(options: Options) -> Iterator[Nursery | None]:
    """What starts the processes that build, for the time of the block; None where a system has no such thing."""
    if not can_fork():
        yield None
        return
    warm()
    nursery = Nursery(partial(work, options))
    try:
        yield nursery
    finally:
        nursery.close()


@contextmanager
def _serving(preview: Preview, bind: str, port: int) -> Iterator[str]:
    """Serve for the time of the block; its value is the address."""
    try:
        server = make_server(preview, bind, port)
    except OSError as error:
        raise Refusal(f"{bind}:{port} cannot be listened on: {error.strerror}; choose another port with -p") from error
    threading.Thread(target=server.serve_forever, args=(_POLL,), daemon=True).start()
    host, number = server.server_address[:2]
    try:
        yield f"http://{host!s}:{number}"
    finally:
        server.shutdown()
        server.server_close()
