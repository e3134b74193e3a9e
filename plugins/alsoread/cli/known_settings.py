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
from types import ModuleType
from typing import Any, Final

from alsoread.cli.settings_module import output_of, run_settings, told_settings
from alsoread.press.digests import digest
from alsoread.press.surroundings import environment, installed_packages, own_code, python, work_folder

__all__ = ["known_settings"]

_NAME: Final = "settings.json"
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
    told = told_settings(ran) if ran is not None else ""
    if ran is None or not told:
        return read(ran)[0]
    about = (os.path.abspath(path), repr(sorted(overrides.items())), os.getcwd(), repr(environment()))
    key = digest(told, *about, own_code(), python(), installed_packages())
    file = os.path.join(work_folder(output_of(ran, path, overrides.get("OUTPUT_PATH"))), _NAME)
    known = _known(file, key)
    if known is not None and all(os.path.isdir(str(known[folder])) for folder in ("PATH", "THEME")):
        return known
    settings, is_quiet = read(ran)
    # Pelican makes named tuples of these rules, which nobody needs to read files
    settings["PAGINATION_PATTERNS"] = [tuple(rule) for rule in settings["PAGINATION_PATTERNS"]]
    text = repr(settings)
    if is_quiet and _is_plain(settings) and os.path.isdir(os.path.dirname(file)):
        with suppress(OSError, UnicodeEncodeError):
            with open(f"{file}.new", "w", encoding="utf-8") as target:
                json.dump({"key": key, "sum": digest(text), "settings": text}, target)
            os.replace(f"{file}.new", file)
    return settings


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
