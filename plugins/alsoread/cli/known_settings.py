"""What did Pelican make of a settings file the last time that the file gave the same?

Pelican adds its defaults to the settings, and makes paths of names. To know that once is enough, and commands that only
read need not import Pelican for it. The file itself is run each time. Settings that hold anything but plain data are
not kept, nor are those about which Pelican has something to say.
"""

import ast
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from glob import escape, glob
from types import ModuleType
from typing import Any, Final

from alsoread.cli.settings_module import output_of, run_settings, told_settings
from alsoread.press.digests import digest
from alsoread.press.surroundings import environment, installed_packages, own_code, python, work_folder

__all__ = ["known_settings", "to_be_known"]

_NAME: Final = "settings.json"
# so many are kept of those that were given something
_MOST: Final = 8
_SCALARS: Final = (str, int, float, bool, type(None))
Settings = dict[str, Any]


def known_settings(
    path: str,
    overrides: Mapping[str, Any],
    read: Callable[[ModuleType | None], tuple[Settings, bool]],
    ran: ModuleType | None = None,
) -> Settings:
    """The settings of the file ``path`` as Pelican has them with ``overrides``: what is known, or what ``read`` gives.

    ``read`` is handed the file as a module that was run, if that went well, and says whether Pelican kept quiet. A file
    that was run already, as the module ``ran``, is not run again.
    """
    ran = ran or run_settings(path)
    place = _place(path, overrides, ran)
    if place is None:
        return read(ran)[0]
    known = _known(*place)
    if known is not None and all(os.path.isdir(str(known[folder])) for folder in ("PATH", "THEME")):
        return known
    settings, is_quiet = read(ran)
    settings = _plain(settings)
    if is_quiet and _is_plain(settings):
        _write(*place, repr(settings))
    return settings


def to_be_known(
    path: str, overrides: Mapping[str, Any], ran: ModuleType | None, settings: Settings
) -> Callable[[], None]:
    """What lets the ``settings`` be known from now on, as they are here, once there has been a build with them. Pelican
    has nothing to say about them.
    """
    place = _place(path, overrides, ran)
    plain = _plain(settings)
    if place is None or not _is_plain(plain):
        return lambda: None
    return partial(_write, *place, repr(plain))


def _place(path: str, overrides: Mapping[str, Any], ran: ModuleType | None) -> tuple[str, str] | None:
    """The file for what Pelican makes of settings, and the key by which it is known; None where they cannot be told."""
    told = told_settings(ran) if ran is not None else ""
    if ran is None or not told:
        return None
    given = repr(sorted(overrides.items()))
    key = digest(
        told, os.path.abspath(path), given, os.getcwd(), repr(environment()), own_code(), python(), installed_packages()
    )
    # commands that are given something, such as a theme, do not take the place of those that are not
    name = f"settings-{digest(given)[:8]}.json" if overrides else _NAME
    return os.path.join(work_folder(output_of(ran, path, overrides.get("OUTPUT_PATH"))), name), key


def _plain(settings: Settings) -> Settings:
    """Pelican makes named tuples of these rules, which nobody needs to read files."""
    return {**settings, "PAGINATION_PATTERNS": [tuple(rule) for rule in settings["PAGINATION_PATTERNS"]]}


def _write(file: str, key: str, text: str) -> None:
    if not os.path.isdir(os.path.dirname(file)):
        return
    with suppress(OSError, UnicodeEncodeError):
        others = glob(os.path.join(escape(os.path.dirname(file)), "settings-*.json"))
        for other in others if len(others) >= _MOST else ():
            os.remove(other)
        with open(f"{file}.new", "w", encoding="utf-8") as target:
            json.dump({"key": key, "sum": digest(text), "settings": text}, target)
        os.replace(f"{file}.new", file)


def _known(file: str, key: str) -> Settings | None:
    try:
        with open(file, encoding="utf-8") as source:
            written = json.load(source)
        if written["key"] == key and written["sum"] == digest(written["settings"]):
            settings: Settings = ast.literal_eval(written["settings"])
            return settings
    except (OSError, ValueError, LookupError, TypeError, SyntaxError, AttributeError, RecursionError):
        pass
    return None


def _is_plain(value: object) -> bool:
    """Whether a value is read back as it was from what ``repr`` writes."""
    kind = type(value)
    if kind in _SCALARS:
        return value == value and value not in (float("inf"), float("-inf"))
    if kind is dict and isinstance(value, dict):
        return all(_is_plain(key) and _is_plain(item) for key, item in value.items())
    return kind in (list, tuple, set) and all(map(_is_plain, value))  # type: ignore[call-overload]
