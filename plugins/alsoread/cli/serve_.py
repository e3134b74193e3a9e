"""``alsoread serve``."""

import os
import threading
from typing import Any

import click

from alsoread.cli.build_ import build, say
from alsoread.cli.site import read_site, use_the_copy_pelican_uses
from alsoread.desk.preview import make_server, watched
from alsoread.diagnostics import Refusal

__all__ = ["command"]


@click.command("serve", short_help="Build, show the site on this machine, and rebuild when something changes.")
@click.argument("content", required=False)
@click.option("-o", "--output", metavar="FOLDER", help="Where the site goes.")
@click.option("-s", "--settings", metavar="FILE", help="Settings (default: ./pelicanconf.py, or Alsoread's own).")
@click.option("-t", "--theme", metavar="THEME", help="Folder or name of the theme.")
@click.option(
    "-p", "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; 0 takes a free one."
)
@click.option("-b", "--bind", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Address to listen on.")
def command(
    content: str | None, output: str | None, settings: str | None, theme: str | None, port: int, bind: str
) -> int:
    """Build the site of the folder CONTENT, show it to this machine only, and rebuild on every change.

    Stop it with Ctrl-C.
    """

    def read() -> dict[str, Any]:
        return read_site(content, settings=settings, output=output, theme=theme, overrides={"ALSOREAD_JOBS": 1})

    site = read()
    use_the_copy_pelican_uses(site)
    say(build(site), "text")
    try:
        server = make_server(site["OUTPUT_PATH"], bind, port)
    except OSError as error:
        raise Refusal(f"{bind}:{port} cannot be listened on: {error.strerror}; choose another port with -p") from error
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host, number = server.server_address[:2]
    click.echo(f"serving http://{host!s}:{number} - stop with Ctrl-C")
    try:
        for changed in watched(_sources(site, settings)):
            click.echo(f"{', '.join(sorted(os.path.relpath(path) for path in changed)[:3])} changed")
            site = _rebuild(read, site)
    except KeyboardInterrupt:
        click.echo("stopped")
    finally:
        server.shutdown()
        server.server_close()
    return 0


def _rebuild(read: Any, site: dict[str, Any]) -> dict[str, Any]:
    """Build again; whatever goes wrong is told, and the old site goes on being shown."""
    from jinja2 import TemplateError

    from alsoread.cli.failures import told

    try:
        site = read()
        say(build(site), "text")
    except (Refusal, TemplateError, OSError) as error:
        click.echo(f"alsoread: {told(error)}", err=True)
    return site


def _sources(site: dict[str, Any], settings: str | None) -> list[str]:
    config = settings or "pelicanconf.py"
    places = [site["PATH"], site["THEME"], *site["THEME_TEMPLATES_OVERRIDES"], config]
    return [os.path.abspath(place) for place in places if os.path.exists(place)]
