"""``alsoread build``."""

from typing import Any

import click

from alsoread.cli.built import say
from alsoread.cli.site import instant, read_site, read_site_to_build, read_site_to_read, use_the_copy_pelican_uses
from alsoread.cli.unchanged import Asked, last_build

__all__ = ["command"]


@click.command("build", short_help="Build the site.")
@click.argument("content", required=False)
@click.option(
    "-o", "--output", metavar="FOLDER", help="Where the site goes (default: OUTPUT_PATH of the settings, or ./output)."
)
@click.option("-s", "--settings", metavar="FILE", help="Settings (default: ./pelicanconf.py, or Alsoread's own).")
@click.option("-t", "--theme", metavar="THEME", help="Folder or name of the theme.")
@click.option("--now", metavar="TIME", help="The instant to judge embargo and expiry at (ISO 8601; default: now).")
@click.option(
    "--jobs",
    type=click.IntRange(0, 64),
    default=0,
    metavar="N",
    help="Processes that read and render (default: one a processor).",
)
@click.option("--clean", is_flag=True, help="Use nothing that an earlier build left behind.")
@click.option("--verify", is_flag=True, help="Render some of the unchanged pages too, and stop if one differs.")
@click.option("--explain", is_flag=True, help="Count the reasons for which pages were rendered.")
@click.option("--strict", is_flag=True, help="Keep the old site if any story has an error.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to report (default: text)."
)
def command(
    content: str | None,
    output: str | None,
    settings: str | None,
    theme: str | None,
    now: str | None,
    jobs: int,
    clean: bool,
    verify: bool,
    explain: bool,
    strict: bool,
    form: str,
) -> int:
    """Build the site of the folder CONTENT.

    Stories with an error are reported and left out; the rest is built, and the exit code is 1.
    """
    overrides: dict[str, Any] = {"ALSOREAD_JOBS": jobs}
    if now is not None:
        overrides["ALSOREAD_NOW"] = instant(now)
    asked = Asked.of(content, output=output, settings=settings, theme=theme, now=now, strict=strict)
    built, asked = (None, asked) if clean or verify else last_build(asked)
    named: Any = {"settings": settings, "output": output, "theme": theme, "overrides": overrides, "ran": asked.ran}
    if built is None and asked.look.edited:
        from alsoread.cli.mended import mended

        known, _ = read_site_to_read(content, **named)
        use_the_copy_pelican_uses(known)
        built = mended(asked, known, lambda: read_site(content, **named))
    if built is None:
        from alsoread.cli.building import build

        site, let_be_known = read_site_to_build(content, **named)
        use_the_copy_pelican_uses(site)
        source = settings or "pelicanconf.py"
        built = build(site, clean=clean, verify=verify, strict=strict, source=source, asked=asked)
        let_be_known()
    say(built, form, explain=explain)
    return built.exit_code
