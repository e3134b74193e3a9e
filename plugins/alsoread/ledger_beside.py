"""Where is the ledger of a digest, and what is in it?"""

import os
from dataclasses import replace
from typing import Final

from alsoread.news.ledger import Ledger, read_ledger
from alsoread.press.files import FileRefused, read_regular
from alsoread.settings import DigestSettings

__all__ = ["ledger_path", "read_ledger_beside"]

_LARGEST_LEDGER: Final = 64 * 1024 * 1024


def ledger_path(settings: DigestSettings, root: str) -> str:
    """The file of the ledger of a digest whose content folder is ``root``; nothing where it has none.

    It is named as seen from the folder that holds the content folder, where the settings mostly are too: Pelican tells
    nobody from which file they came.
    """
    return os.path.join(os.path.dirname(os.path.abspath(root)), settings.ledger) if settings.ledger else ""


def read_ledger_beside(settings: DigestSettings, root: str) -> Ledger:
    """The ledger of a digest, by the name that it has from here; an empty one that is not kept where there is none."""
    path = ledger_path(settings, root)
    shown = os.path.relpath(path).replace(os.sep, "/") if path else ""
    if not path or not os.path.lexists(path):
        return Ledger(shown)
    folder, name = os.path.split(path)
    try:
        return read_ledger(read_regular(folder, name, _LARGEST_LEDGER), shown)
    except FileRefused as refused:
        return Ledger(shown, findings=(replace(refused.finding, path=shown),), is_kept=True)
