"""By what was a page made, besides what it read?

The *recipe*: the versions of the tools, the code of the site's plugins, the settings of Jinja. It is told in parts, so
that a build can say which of them changed; a change of any makes every page and every parsed file stale.
"""

import locale
import sys
import types
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pelican
from pelican.settings import DEFAULT_CONFIG

from alsoread.press.digests import digest
from alsoread.press.surroundings import installed_packages, own_code, python
from alsoread.press.told import bytes_of, is_local, told_or_kind

__all__ = ["changed_parts", "declared_pure", "local_code", "recipe_of"]


def recipe_of(settings: Mapping[str, Any]) -> dict[str, str]:
    """The recipe of a site's pages, part by part. Call it when all plugins are loaded."""
    return {
        "Alsoread": own_code(),
        "Pelican": str(pelican.__version__),
        "Python": python(),
        "installed packages": installed_packages(),
        "code of the site": digest(*(part for name, path in local_code() for part in (name, bytes_of(path)))),
        "locale": locale.setlocale(locale.LC_ALL),
        "JINJA_ENVIRONMENT": told_or_kind(_environment(settings["JINJA_ENVIRONMENT"])),
        "ALSOREAD_PURE": told_or_kind(sorted(declared_pure(settings))),
        "TEMPLATE_EXTENSIONS": told_or_kind(settings["TEMPLATE_EXTENSIONS"]),
    }


def declared_pure(settings: Mapping[str, Any]) -> frozenset[str]:
    """The names of functions that the publisher declared pure."""
    names = settings.get("ALSOREAD_PURE", ())
    return frozenset([names] if isinstance(names, str) else map(str, names))


def _environment(options: Mapping[str, Any]) -> dict[str, Any]:
    """Jinja's options. A function that says which templates are escaped is asked for each of them, and where templates
    lie that were compiled decides nothing.
    """
    told = {name: value for name, value in options.items() if name != "bytecode_cache"}
    return {name: value for name, value in told.items() if name != "autoescape" or not callable(value)}


def changed_parts(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """The parts of a recipe that are not what they were."""
    return sorted(part for part in {*old, *new} if old.get(part) != new.get(part))


def local_code() -> Iterator[tuple[str, str]]:
    """Name and file of every loaded module that is neither installed nor Python's nor ours: plugins, mostly."""
    for name, module in sorted(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if path and path.endswith(".py") and name not in _MAIN and is_local(path) and not _is_settings(module):
            yield name, path


_MAIN: Final = ("__main__", "__mp_main__")


def _is_settings(module: types.ModuleType) -> bool:
    """Whether a module is a settings file and nothing else; what it sets is told setting by setting."""
    names = vars(module)
    own = [value for value in names.values() if getattr(value, "__module__", None) == module.__name__]
    return not own and sum(name in DEFAULT_CONFIG for name in names) > 1
