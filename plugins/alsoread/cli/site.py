"""Which site does a command work on, and how is a Pelican instance made for it?"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from types import ModuleType
from typing import Any, Final

import click

from alsoread.cli.failures import SettingsRefused
from alsoread.cli.other_copy import GUARD, other_copy

__all__ = ["instant", "make_pelican", "read_site", "read_site_to_build", "read_site_to_read"]
__all__ += ["use_the_copy_pelican_uses"]

# our own theme has no pages by category and author, Pelican's themes count on them
_PAGES_OTHER_THEMES_LINK_TO: Final = {
    "CATEGORY_SAVE_AS": "category/{slug}.html",
    "AUTHOR_SAVE_AS": "author/{slug}.html",
    "DIRECT_TEMPLATES": ["index", "tags", "categories", "authors", "archives"],
}


def read_site(
    content: str | None = None,
    *,
    settings: str | None = None,
    output: str | None = None,
    theme: str | None = None,
    overrides: dict[str, Any] | None = None,
    ran: ModuleType | None = None,
) -> dict[str, Any]:
    """Pelican's settings for a site: its own file, else ``pelicanconf.py`` here, else the package's.

    A file that was run already, as the module ``ran``, is not run again.

    :raises SettingsRefused: if they cannot be read, or name a folder that is not there.
    """
    return _read(*_named(content, settings, output, theme, overrides), ran)[0]


def read_site_to_read(
    content: str | None,
    *,
    settings: str | None = None,
    output: str | None = None,
    theme: str | None = None,
    overrides: dict[str, Any] | None = None,
    ran: ModuleType | None = None,
) -> tuple[dict[str, Any], bool]:
    """As :func:`read_site`, for who wants the settings only to read files: those that Pelican made of them before, if
    that is known. Says too whether Pelican has nothing to say about them.

    :raises SettingsRefused: as there.
    """
    from alsoread.cli.known_settings import known_settings

    path, given = _named(content, settings, output, theme, overrides)
    is_quiet = True

    def read(ran: ModuleType | None) -> tuple[dict[str, Any], bool]:
        nonlocal is_quiet
        site, is_quiet = _read(path, given, ran)
        return site, is_quiet

    return known_settings(path, given, read, ran), is_quiet


def read_site_to_build(
    content: str | None, ran: ModuleType | None, **named: Any
) -> tuple[dict[str, Any], Callable[[], None]]:
    """As :func:`read_site`, which is ``named`` in the same way; and what is to be called after the build, so that
    whoever wants the settings only to read need not ask Pelican.

    :raises SettingsRefused: as there.
    """
    from alsoread.cli.known_settings import to_be_known

    path, given = _named(content, **named)
    site, is_quiet = _read(path, given, ran)
    return site, to_be_known(path, given, ran, site) if is_quiet else lambda: None


def _named(
    content: str | None, settings: str | None, output: str | None, theme: str | None, overrides: dict[str, Any] | None
) -> tuple[str, dict[str, Any]]:
    """The file of the settings, and what is given besides it.

    :raises SettingsRefused: if there is no such file or theme.
    """
    path = settings or ("pelicanconf.py" if os.path.isfile("pelicanconf.py") else None)
    if settings and not os.path.isfile(settings):
        raise SettingsRefused(f"there is no settings file {settings}")
    given: dict[str, Any] = dict(overrides or {})
    if path is None:
        path = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "pelicanconf.py")
        given["PATH"] = os.path.abspath(content or ("content" if os.path.isdir("content") else "."))
        given["OUTPUT_PATH"] = os.path.abspath("output")
        if given["PATH"] == os.getcwd():
            # beside it would be in a folder that nobody spoke of
            given.setdefault("ALSOREAD_LEDGER", "")
        if theme:
            given |= _PAGES_OTHER_THEMES_LINK_TO
    if content:
        given["PATH"] = os.path.abspath(content)
    if output:
        given["OUTPUT_PATH"] = os.path.abspath(output)
    if theme:
        given["THEME"] = _theme(theme)
    return path, given


def _read(path: str, given: dict[str, Any], ran: ModuleType | None) -> tuple[dict[str, Any], bool]:
    """The settings, and whether Pelican had nothing to say about them."""
    _quiet_logging()
    from pelican.settings import read_settings

    from alsoread.cli.warned import warnings_told

    try:
        with _run_already(ran), warnings_told() as said:
            settings: dict[str, Any] = read_settings(path, override=given)
    except SyntaxError as error:
        raise SettingsRefused(
            f"{error.filename}:{error.lineno}:{error.offset}: the settings cannot be read: {error.msg}"
        ) from error
    except ValueError as error:
        named = given.get("PATH")
        if named and os.path.isfile(named):
            raise SettingsRefused(f"{named} is a file; name the content folder") from error
        if named and not os.path.isdir(named):
            raise SettingsRefused(f"there is no content folder {named}; name another") from error
        raise SettingsRefused(f"{path}: {error}") from error
    except Exception as error:
        raise SettingsRefused(f"{path}: the settings cannot be read: {type(error).__name__}: {error}") from error
    source, target = (os.path.realpath(settings[name]) for name in ("PATH", "OUTPUT_PATH"))
    if source == target or source.startswith(target + os.sep):
        raise SettingsRefused(f"the output folder {target} holds the content folder; choose another with -o")
    return settings, not said


@contextmanager
def _run_already(ran: ModuleType | None) -> Iterator[None]:
    """For the time of the block Pelican takes a settings file for read that was run before."""
    from pelican import settings

    stock = settings.load_source
    if ran is not None:
        settings.load_source = lambda name, path: ran
    try:
        yield
    finally:
        settings.load_source = stock


def _theme(name: str) -> str:
    """The folder of a theme: a path, ours by its name, or one that came with Pelican."""
    from alsoread.bundled import bundled_theme

    if os.path.isdir(name):
        return os.path.abspath(name)
    if name == "broadsheet":
        return bundled_theme()
    import pelican

    themes = os.path.join(os.path.dirname(pelican.__file__), "themes")
    if not os.path.isdir(os.path.join(themes, name)):
        known = ", ".join(["broadsheet", *sorted(os.listdir(themes))])
        raise SettingsRefused(f"there is no theme {name}; name a folder, or one of {known}")
    return name


def instant(text: str) -> str:
    """An instant as it was typed, once it is sure to be one."""
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        example = "2026-01-31T12:00:00+00:00"
        raise click.BadParameter(f"{text!r} is not an instant such as {example}", param_hint="--now") from error
    return text


def make_pelican(settings: dict[str, Any]) -> Any:
    """The Pelican instance of a site, with a press of ours and whatever plugins the site names."""
    from pelican import Pelican

    from alsoread.cli.named_plugins import only_named
    from alsoread.press import run

    if settings.get("PLUGINS") is not None:
        # it may be gone through only once
        settings["PLUGINS"] = list(settings["PLUGINS"])
    kind: Any = settings.get("PELICAN_CLASS", Pelican)
    with only_named(settings.get("PLUGINS")):
        pelican = Pelican(settings) if isinstance(kind, str) else kind(settings)
    run.attach(pelican)
    return pelican


def use_the_copy_pelican_uses(settings: dict[str, Any]) -> None:
    """Where the settings name another copy of Alsoread, run that one, as Pelican would."""
    other = other_copy(settings)
    if not other:
        return
    click.echo(f"alsoread: using the copy in {os.path.relpath(other)}, as pelican does", err=True)
    paths = [os.path.dirname(other), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), GUARD: "1"}
    os.execve(sys.executable, [sys.executable, "-m", "alsoread", *sys.argv[1:]], environment)  # noqa: S606 - itself


def _quiet_logging() -> None:
    """Pelican's warnings and errors on standard error, a line each."""
    import logging

    from pelican.log import init

    from alsoread.cli.warned import Terse

    root = logging.getLogger()
    if not any(isinstance(handler.formatter, Terse) for handler in root.handlers):
        handler = logging.StreamHandler()
        init(level=logging.WARNING, handler=handler)
        handler.setFormatter(Terse())
