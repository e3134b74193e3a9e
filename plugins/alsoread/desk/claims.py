"""In which folder is a preview, and whose is it?

In one of its own, because it may hold what readers must not see yet. A folder is marked, so that only previews are
ever replaced, and held, so that no two of them are built into it.
"""

import fcntl
import os
from typing import IO, Final

from alsoread.diagnostics import Refusal
from alsoread.press.surroundings import work_folder

__all__ = ["KEPT", "MARK", "Claims", "preview_folder"]

MARK: Final = ".alsoread-preview"
KEPT: Final = (MARK,)
"""Names in the preview's folder that outlive each build."""

_MARK_TEXT: Final = "A preview, with stories that readers must not see yet. Never publish this folder.\n"


def preview_folder(output: str, *, drafts: bool) -> str:
    """The folder of the preview of a site that is published from ``output``: hidden beside it, with the press's own."""
    return os.path.join(work_folder(output), "preview" if drafts else "preview-as-published")


class Claims:
    """The folders that are previews of this process, each until the process ends."""

    def __init__(self) -> None:
        self._marks: dict[str, IO[str]] = {}

    def claim(self, folder: str, output: str) -> None:
        """Make a folder the preview of the site that is published from ``output``; once more is no harm.

        :raises Refusal: if it is where the site is published from, holds anything but a preview, is another process's,
            or cannot be made.
        """
        ours, published = os.path.realpath(folder), os.path.realpath(output)
        if os.path.commonpath([ours, published]) in (ours, published):
            raise Refusal(
                f"{folder} is where the site is published from; a preview shows drafts: choose another with -o"
            )
        try:
            self._mark(folder)
        except BlockingIOError as error:
            raise Refusal(f"another preview is in {folder}; choose another folder with -o") from error
        except OSError as error:
            raise Refusal(f"{folder} cannot be written to: {error.strerror}; choose another folder with -o") from error

    def _mark(self, folder: str) -> None:
        """Mark a folder, and hold the mark."""
        path = os.path.join(folder, MARK)
        os.makedirs(folder, exist_ok=True)
        if os.listdir(folder) and not os.path.isfile(path):
            raise Refusal(f"{folder} holds files that are no preview's; choose an empty folder with -o")
        mark = open(path, "a", encoding="utf-8")  # noqa: SIM115 - the lock goes with it
        held = self._marks.get(folder)
        if held is not None and os.path.sameopenfile(held.fileno(), mark.fileno()):
            mark.close()
            return
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            mark.close()
            raise
        if not mark.tell():
            mark.write(_MARK_TEXT)
            mark.flush()
        self._marks[folder] = mark
