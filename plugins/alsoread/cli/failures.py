"""How does a failure of ours, or of the settings or theme, reach the person at the terminal?

As one line that says what, where and what to do, and exit code 2. A traceback is for our own mistakes only.
"""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import click

from alsoread.diagnostics import Refusal

__all__ = ["SettingsRefused", "explained", "told"]


class SettingsRefused(Refusal):
    """The settings cannot be used; the message says which and why."""


@contextmanager
def explained() -> Iterator[None]:
    """Run a command; whatever ends it early is told on standard error and ends the process."""
    try:
        yield
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        click.echo("stopped", err=True)
        sys.exit(130)
    except SystemExit:
        raise
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(2)
    except Exception as error:  # noqa: BLE001 - the last stop before the user
        click.echo(f"alsoread: {told(error)}", err=True)
        sys.exit(2)


def told(error: Exception) -> str:
    """The one line for an expected failure, or a traceback and a plea for a surprise."""
    if isinstance(error, Refusal):
        return str(error)
    if type(error).__name__ == "FileOverwriteFailedError":
        return f"two pages of the site have one address: {error}; give one of them another slug or pattern"
    told = _template_error(error)
    if told:
        return told
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    lines = "".join(traceback.format_exception(error))
    return f"this is a mistake in Alsoread; please report it with what follows.\n{lines}"


def _template_error(error: Exception) -> str:
    jinja2 = sys.modules.get("jinja2")
    if jinja2 is None or not isinstance(error, jinja2.TemplateError):
        return ""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return f"{error.filename or error.name}:{error.lineno}: template error: {error.message}"
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith((".html", ".xml"))
    ]
    place = f"{frames[-1].filename}:{frames[-1].lineno}: " if frames else ""
    return f"{place}template error: {error.message}"
