"""What does a settings file give? Run as Pelican would run it, but without Pelican."""

import importlib.util
import os
import sys
from importlib.machinery import SourceFileLoader
from types import ModuleType

from alsoread.press.digests import Untold
from alsoread.press.told import told_setting

__all__ = ["output_of", "run_settings", "told_settings"]


def run_settings(path: str) -> ModuleType | None:
    """The settings file as a module, under the name that Pelican gives it."""
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        if isinstance(spec.loader, SourceFileLoader):
            # not by its byte code, which is believed as long as the file has its size, and its time to the second
            exec(spec.loader.source_to_code(spec.loader.get_data(path), path), vars(module))  # noqa: S102
        else:
            spec.loader.exec_module(module)
    except Exception:  # noqa: BLE001 - whatever a publisher's settings raise; Pelican will run into it and say so
        return None
    return module


def output_of(ran: ModuleType, path: str | None, output: str | None) -> str:
    """Where the site of a settings file goes; ``path`` is the file, or None for the package's own."""
    below = os.path.dirname(path) if path else ""
    given = str(getattr(ran, "OUTPUT_PATH", "") or "")
    return os.path.realpath(output or os.path.join(below, given or os.path.abspath("output")))


def told_settings(ran: ModuleType) -> str:
    """A digest of the settings, empty where they cannot be told."""
    try:
        return told_setting({name: value for name, value in vars(ran).items() if name.isupper()})
    except Untold:
        return ""
