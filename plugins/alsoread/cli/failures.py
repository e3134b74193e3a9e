"""How does a failure of ours, or of the settings or theme, reach the person at the terminal?

As one line that says what, where and what to do, and exit code 2. A traceback is for our own mistakes only.
"""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import click

from alsoread.diagnostics import Refusal

if TYPE_CHECKING:
    from traceback import FrameSummary

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
    """What and where, and in which page, for an expected failure; a traceback and a plea for a surprise."""
    if isinstance(error, Refusal):
        return _with_line(error)
    if type(error).__name__ == "FileOverwriteFailedError":
        return _two_pages(error)
    if type(error).__name__ == "PelicanTemplateNotFound":
        return f"the theme lacks a template: {error}"
    place = _template_error(error)
    if place and not _is_ours(error):
        return place
    if isinstance(error, OSError) and error.filename and not place:
        return f"{error.filename}: {error.strerror}"
    import traceback

    lines = "".join(traceback.format_exception(error))
    told = f"{place}\n" if place else ""
    return f"{told}this is a mistake in Alsoread; please report it with what follows.\n{lines}"


def _two_pages(error: Exception) -> str:
    """Which address two lists have; what each of them is of is no longer known."""
    written = re.search(r'"([^"]+)"', str(error))
    inside = written[1].partition(f"{os.sep}stage{os.sep}")[2] if written else ""
    return (
        f"two pages of the site have one address: {inside or error}; in the settings two patterns of pages give it: "
        "put a folder before one of them, such as TAG_SAVE_AS = TAG_URL = 'topics/{slug}.html'"
    )


def _with_line(error: Refusal) -> str:
    """What was refused; where a settings file stopped with an exception of its own, with the line where it did."""
    cause = error.__cause__
    if not isinstance(error, SettingsRefused) or cause is None:
        return str(error)
    if isinstance(cause, SyntaxError) and cause.filename:
        place = f"{_near(cause.filename)}:{cause.lineno}:{cause.offset}"
        return f"{place}: the settings cannot be read: {cause.msg}"
    import traceback

    frames = traceback.extract_tb(cause.__traceback__)
    if not frames or not _is_local(frames[-1].filename):
        return str(error)
    return f"{_at(frames[-1])}: the settings cannot be read: {type(cause).__name__}: {cause}"


def _template_error(error: Exception) -> str:
    """The line of a template where rendering stopped, how rendering came there, and the page and story."""
    jinja2 = sys.modules.get("jinja2")
    if jinja2 is None:
        return ""
    steps = _steps(error)
    frames = _without_the_stock_theme([frame for frame, is_template in steps if is_template])
    if not frames and not isinstance(error, jinja2.TemplateError):
        return ""
    place = f"{_at(frames[-1])}: " if frames else ""
    lines = [f"{place}template error: {_said(error, jinja2)}"]
    raised, is_template = steps[-1]
    if not is_template and _is_local(raised.filename):
        lines.append(f"raised in {_at(raised)}")
    # once each: a macro that calls itself is on the way a thousand times
    lines += dict.fromkeys(f"from {_at(frame)}" for frame in reversed(_on_the_way(frames)))
    return "\n    ".join([*lines, *_page(error, jinja2)])


def _said(error: Exception, jinja2: Any) -> str:
    if isinstance(error, jinja2.TemplateNotFound) and error.message == error.name:
        return f"there is no template '{error.name}'"
    return str(error.message) if isinstance(error, jinja2.TemplateError) else f"{type(error).__name__}: {error}"


def _steps(error: Exception) -> "list[tuple[FrameSummary, bool]]":
    """The frames of a traceback, outermost first, and whether each is in a template."""
    import traceback

    summaries = traceback.extract_tb(error.__traceback__)
    walked = traceback.walk_tb(error.__traceback__)
    # Jinja puts frames in the place of those of its compiled code, and marks them so
    return [
        (summary, "__jinja_exception__" in frame.f_globals)
        for summary, (frame, _) in zip(summaries, walked, strict=True)
    ]


def _without_the_stock_theme(frames: "list[FrameSummary]") -> "list[FrameSummary]":
    """Without the innermost frames that are in Pelican's own templates, unless all are: they were called wrongly."""
    kept = list(frames)
    while kept and f"{os.sep}pelican{os.sep}themes{os.sep}" in kept[-1].filename:
        kept.pop()
    return kept or frames


def _on_the_way(frames: "list[FrameSummary]") -> "list[FrameSummary]":
    """Those that lead to the innermost, without the end of a template that extends the next one: it leads nowhere."""
    return [
        frame
        for frame, after in pairwise(frames)
        if not (frame.name == after.name == _ROOT and "include" not in (frame.line or ""))
    ]


# the name that Jinja gives to what stands in no block
_ROOT: Final = "top-level template code"


def _page(error: Exception, jinja2: Any) -> list[str]:
    """The page that was being rendered and the file it is of, where they are known."""
    import traceback

    for frame, _ in traceback.walk_tb(error.__traceback__):
        if frame.f_code is jinja2.Template.render.__code__:
            names = dict(*frame.f_locals["args"], **frame.f_locals["kwargs"])
            source = getattr(names.get("article") or names.get("page"), "source_path", None)
            of = f" of {_near(str(source))}" if source else ""
            return [f"while rendering {names['output_file']}{of}"] if names.get("output_file") else []
    return []


def _is_ours(error: Exception) -> bool:
    """Whether it was raised in our code, and not by what a template did there."""
    import traceback

    raised = traceback.extract_tb(error.__traceback__)[-1].filename
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    calling = tuple(os.path.join(package, "press", name) for name in ("templates.py", "looking.py"))
    return raised.startswith(package + os.sep) and raised not in calling


def _is_local(path: str) -> bool:
    from alsoread.press.told import is_local

    return os.path.isfile(path) and is_local(path)


def _at(frame: "FrameSummary") -> str:
    return f"{_near(frame.filename)}:{frame.lineno}"


def _near(path: str) -> str:
    """A path as it is typed here, where it is below the working directory."""
    relative = os.path.relpath(path)
    return path if relative.startswith(os.pardir) else relative
