"""``alsoread serve``."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import click

from alsoread.archive import ledger_path
from alsoread.cli.building import build
from alsoread.cli.built import Built, say
from alsoread.cli.failures import SettingsRefused, told
from alsoread.cli.site import read_site, use_the_copy_pelican_uses
from alsoread.desk.errorpage import Outcome, Said
from alsoread.desk.preview import KEPT, Claims, Preview, make_server, preview_folder
from alsoread.desk.watch import watched
from alsoread.diagnostics import Refusal, as_text
from alsoread.settings import read_settings

__all__ = ["command"]

Site = dict[str, Any]

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
    from alsoread.desk.compiled import CompiledTemplates

    config = os.path.abspath(settings or "pelicanconf.py")
    compiled, claims = CompiledTemplates(), Claims()

    def read() -> Site:
        site = read_site(content, settings=settings, theme=theme, overrides={"ALSOREAD_JOBS": 1})
        use_the_copy_pelican_uses(site)
        site["JINJA_ENVIRONMENT"] = {"bytecode_cache": compiled, **site["JINJA_ENVIRONMENT"]}
        return _as_preview(site, output, claims, drafts=not no_drafts)

    def build_it() -> tuple[Site, Built]:
        site = read()
        return site, build(site, source=settings or "pelicanconf.py", drafts=not no_drafts)

    preview = Preview(os.urandom(4).hex())
    site = _first_read(read, config, settings, preview)
    with _serving(preview, bind, port) as address:
        try:
            _go_round(build_it, site, config, preview, f"serving {address} - stop with Ctrl-C")
        except KeyboardInterrupt:
            click.echo("stopped")
    return 0


def _as_preview(site: Site, output: str | None, claims: Claims, *, drafts: bool) -> Site:
    """The settings of a site with the preview's folder in them."""
    folder = os.path.abspath(output) if output else preview_folder(site["OUTPUT_PATH"], drafts=drafts)
    if os.path.commonpath([os.path.realpath(folder), os.path.realpath(site["PATH"])]) == os.path.realpath(folder):
        raise SettingsRefused(f"the folder {folder} holds the content folder; choose another with -o")
    claims.claim(folder, site["OUTPUT_PATH"])
    return {**site, "OUTPUT_PATH": folder, "OUTPUT_RETENTION": list(KEPT)}


def _first_read(read: Callable[[], Site], config: str, settings: str | None, preview: Preview) -> Site | None:
    """The settings, or None where their file is broken and can be mended.

    :raises Refusal: where it is not the file that is wrong, but what was asked for.
    """
    try:
        site = read()
    except Refusal:
        if not os.path.isfile(config) or _can_be_read(settings):
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


def _go_round(
    build_it: Callable[[], tuple[Site, Built]], site: Site | None, config: str, preview: Preview, ready: str
) -> None:
    """Build, and again whenever something changes, for ever; ``ready`` is said when that was done once."""
    while True:
        places = _places(site, config)
        for changed in watched(places, apart=[site["OUTPUT_PATH"]] if site else []):
            if changed:
                click.echo(f"{', '.join(sorted(os.path.relpath(path) for path in changed)[:3])} changed")
            site = _round(build_it, site, preview)
            if ready:
                click.echo(ready)
                ready = ""
            if _places(site, config) != places:
                break


def _round(build_it: Callable[[], tuple[Site, Built]], site: Site | None, preview: Preview) -> Site | None:
    """Build; whatever goes wrong is told, and the old site goes on being shown."""
    try:
        site, built = build_it()
    except Exception as error:  # noqa: BLE001 - somebody is writing, and may mend it
        why = told(error)
        click.echo(f"alsoread: {why}", err=True)
        preview.failed(why)
    else:
        say(built, "text")
        preview.built(site["OUTPUT_PATH"], _outcome(built))
    return site


def _outcome(built: Built) -> Outcome:
    lines = ((each, as_text(each, prefix=built.prefix_of(each)).partition("\n    hint: ")) for each in built.findings)
    return Outcome(tuple(Said(each.severity, first, hint) for each, (first, _, hint) in lines))


def _places(site: Site | None, config: str) -> list[str]:
    """What the site is made of; as long as the settings cannot be read, they alone."""
    if site is None:
        return [config]
    settings, _ = read_settings(site, clock=datetime.now(UTC))
    ledger = [path for path in [ledger_path(settings, site["PATH"])] if path]
    own = (config, site["PATH"], site["THEME"], *site["THEME_TEMPLATES_OVERRIDES"])
    return [os.path.abspath(each) for each in (*own, *ledger)]
