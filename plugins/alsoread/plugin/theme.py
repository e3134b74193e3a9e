"""What does a theme get from us, whichever it is?

A theme that says ``autoescape = true`` in its ``theme.toml`` is autoescaped; any other keeps what Pelican gives it.
Either way what a contributor typed reaches a template escaped already (as ``Markup``), and ``striptags``, which undoes
that, escapes again where the template does not.
"""

import os
import tomllib
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from itertools import islice
from pathlib import Path
from typing import Any, Final

from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from alsoread.news.sanitize import escaped

__all__ = ["prepare_templates", "shows_reasons"]

_REASON: Final = b"reason"
# files: a folder with more is no folder of templates alone
_MOST: Final = 2_000


def prepare_templates(settings: MutableMapping[str, Any]) -> None:
    """Set autoescape and our filters for every Jinja environment that Pelican will make."""
    environment = dict(settings["JINJA_ENVIRONMENT"])
    if "autoescape" not in environment and _wants_autoescape(settings["THEME"]):
        environment["autoescape"] = _autoescape_for(settings)
    settings["JINJA_ENVIRONMENT"] = environment
    settings["JINJA_FILTERS"] = {"striptags": _striptags, **settings["JINJA_FILTERS"]}


def _wants_autoescape(theme: str) -> bool:
    try:
        with open(os.path.join(theme, "theme.toml"), "rb") as file:
            return tomllib.load(file).get("autoescape") is True
    except (OSError, tomllib.TOMLDecodeError):
        return False


def _autoescape_for(settings: MutableMapping[str, Any]) -> Callable[[str | None], bool]:
    """By template name: the theme's own templates and the publisher's overrides, but not Pelican's ``simple`` theme,
    which stands in for templates that a theme lacks and was written without autoescape.
    """
    folders = [*_folders(settings)]

    def autoescape(name: str | None) -> bool:
        if name is None or name.startswith("!simple/"):
            return name is None
        own = name.removeprefix("!theme/")
        return any(os.path.isfile(os.path.join(folder, own)) for folder in folders)

    return autoescape


def _folders(settings: Mapping[str, Any]) -> Iterator[str]:
    """The folders of templates: the publisher's own, and the theme's."""
    for folder in (*settings["THEME_TEMPLATES_OVERRIDES"], os.path.join(settings["THEME"], "templates")):
        yield os.path.expanduser(folder)


def shows_reasons(settings: Mapping[str, Any]) -> bool:
    """Whether a template may show why stories are related: one has the word. There are other ways to come to reasons,
    which take longer: then each is sought when it is asked for.
    """
    files = [*islice((path for folder in _folders(settings) for path in Path(folder).rglob("*")), _MOST + 1)]
    return len(files) > _MOST or any(_REASON in _bytes_of(path) for path in files)


def _bytes_of(path: Path) -> bytes:
    """What a file holds; nothing where it is none, or cannot be read, as then no template is made of it."""
    try:
        return path.read_bytes() if path.is_file() else b""
    except OSError:
        return b""


@pass_eval_context
def _striptags(context: EvalContext, value: object) -> str:
    text = Markup(str(value)).striptags() if not hasattr(value, "__html__") else Markup(value.__html__()).striptags()  # noqa: S704
    return text if context.autoescape else escaped(text)
