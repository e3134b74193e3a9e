"""Which file of the stage holds which page, and what takes its place in the end?

While Pelican and its plugins write, a page that is fresh, or that waits to be rendered, is an empty file or none. What
waits is rendered when the last of them has written. Whoever wrote to such a file meanwhile keeps the place; where there
is a folder, nobody does.
"""

import errno
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, Self

from alsoread.press.asked import UNTOLD, Asked
from alsoread.press.feeds import FeedMemory
from alsoread.press.keep import Keep
from alsoread.press.later import Waiting, tell
from alsoread.press.numbering import StablePaginator
from alsoread.press.pages import Memory, Rendered
from alsoread.press.parts import PartTeller
from alsoread.press.rendering import Noted
from alsoread.press.trees import Site, Tree

__all__ = ["Pressroom"]

_NO_FILE: Final = (0, 0, 0)


@dataclass(slots=True)
class _Placed:
    """A file of the stage that holds a page's bytes, or stands for them."""

    page: str
    kept: str
    fresh: bool
    waiting: Waiting | None = None
    # of the file that stands for them, which is none where all zero
    seen: tuple[int, int, int] = (0, 0, 0)


@dataclass(slots=True)
class Pressroom:
    """What writing pages needs to know; ``memory`` is made when the first page is written, from its context.

    Where ``copies`` is set other code will look into pages or change them, and each is put there in bytes of its own.
    Where ``are_asked_for`` is set somebody asks which files are there, and an empty one stands for each page.
    """

    make_memory: Callable[[Mapping[str, Any]], Memory]
    make_folder: Callable[[str], None]
    copies: bool
    are_asked_for: bool = False
    memory: Memory | None = None
    feeds: FeedMemory | None = None
    placed: dict[str, _Placed] = field(default_factory=dict)
    pending: Rendered | None = None

    def asked(self, template: Any, context: Mapping[str, Any], names: Mapping[str, Any], *more: object) -> Asked:
        """How a page is asked for."""
        return UNTOLD if self.memory is None else self.memory.asked(template, context, names, *more)

    def parts(
        self,
        template: Any,
        context: Mapping[str, Any],
        names: Mapping[str, Any],
        paginators: Mapping[str, StablePaginator],
        *more: object,
    ) -> PartTeller | None:
        """How the pages of lists are asked for, by what is on each."""
        return None if self.memory is None else self.memory.parts(template, context, names, paginators, *more)

    def reuse(
        self, filename: str, template: Any, context: Mapping[str, Any], own: Mapping[str, Any], asked: Asked
    ) -> bool:
        """Whether the page that goes to a file is fresh, or waits, and nobody will look at the file before the end:
        then its bytes are put there at the end, and no file stands for them until then.
        """
        memory = self.memory
        if memory is None or memory.foreign or self.have_files or context is not memory.world.context:
            return False
        page = memory.reusable(template, own, asked)
        if page is not None and page.waiting is not None:
            self.make_folder(os.path.dirname(filename))
            self.placed[filename] = _Placed(page.page, page.kept, fresh=False, waiting=page.waiting)
        elif page is not None:
            self.place(filename, page.page, page.kept)
        return page is not None

    @property
    def have_files(self) -> bool:
        """Whether there has to be a file for each page before the end."""
        return self.copies or self.are_asked_for

    def place(self, filename: str, page: str, kept: str) -> None:
        """Note that the bytes of a fresh page or feed go to a file."""
        self.make_folder(filename.rpartition(os.sep)[0])
        self.placed[filename] = _Placed(page, kept, fresh=True)

    def pages_of(self, places: Iterable[str], context: Mapping[str, Any]) -> dict[str, str]:
        """By the places of articles the pages that need not be asked for, as far as that is known before."""
        return {} if self.have_files else self.remembering(context).pages_of(places)

    def page_known(self, mark: str) -> str | None:
        """The page that was known by a mark."""
        return None if self.have_files or self.memory is None else self.memory.page_known(mark)

    def page_asked(self, asked: Asked) -> str | None:
        """The page that was asked for in the same way."""
        return None if self.have_files or self.memory is None else self.memory.page_asked(asked)

    def reuse_pages(self, files: Mapping[str, str], template: Any) -> Collection[str]:
        """Those of some pages of the last build that are fresh, and go to files, which are given by their pages."""
        fresh = self.memory.reusable_pages(files, template) if self.memory is not None else {}
        for page, kept in fresh.items():
            self.place(files[page], page, kept)
        return fresh

    def asked_again(self, page: str) -> None:
        """A page is to be written that may have been written before."""
        if self.memory is not None:
            self.memory.asked_again(page)

    def remembering(self, context: Mapping[str, Any]) -> Memory:
        """The memory of pages."""
        if self.memory is None:
            self.memory = self.make_memory(context)
        return self.memory

    def text_of(self, template: Any, context: Mapping[str, Any], names: Mapping[str, Any]) -> str:
        """The text of a page for the writer to write; empty where a link will take the place of the file."""
        memory = self.remembering(context)
        page = memory.page(template, names)
        self.pending = page
        if page.text is not None:
            if self.copies:
                memory.keep.put(page.kept, page.text.encode("utf-8", "surrogatepass"))
            return page.text
        return memory.keep.read(page.kept).decode("utf-8", "surrogatepass") if self.copies else ""

    def watch(self, filename: str, file: Any) -> Any:
        """The file that a page or feed goes to."""
        page, self.pending = self.pending, None
        if file.name == os.devnull:
            # another page has the place, and keeps it
            if page is not None and self.memory is not None:
                self.memory.give_up(page.page)
            return file
        self.placed.pop(filename, None)
        if page is None:
            return file
        placed = self.placed[filename] = _Placed(page.page, page.kept, page.text is None, page.waiting)
        return _Watched(file, placed)

    def settle(self) -> None:
        """After everybody else's last word: render what waits."""
        if self.memory is not None:
            self._render_waiting(self.memory)

    def site(self, made: Tree, keep: Keep) -> Site:
        """The site: what was ``made`` in the stage, and the bytes of fresh pages; those of others are kept now."""
        site = Site(made, keep, shared=partial(self._shared, keep))
        if self.copies:
            return site
        start = len(made.root) + 1
        kept = {}
        for filename, placed in self.placed.items():
            name = filename[start:]
            if name in made.folders:
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), filename)
            if placed.waiting is not None:
                continue
            if not _is_as_it_was(filename, name, placed, made):
                # somebody wrote there later, as a static file of that name does
                if self.memory is not None:
                    self.memory.give_up(placed.page)
            elif placed.fresh:
                kept[name] = placed.kept
            else:
                keep.put_file(placed.kept, filename)
        return replace(site, kept=kept)

    def _shared(self, keep: Keep, filename: str, older: str) -> None:
        """The file of an older site holds the same and takes the place of one in the stage: that is the one to keep."""
        placed = self.placed.get(filename)
        if placed is not None and placed.kept and not self.copies:
            keep.put_file(placed.kept, older)

    def _render_waiting(self, memory: Memory) -> None:
        """The pages whose files are still as they were left for them; whoever wrote there since keeps the place."""
        later = memory.later
        if later is None:
            return
        files: dict[Waiting, str] = {}
        told: set[str] = set()
        for filename, placed in self.placed.items():
            if placed.waiting is not None:
                if _seen(filename) == placed.seen:
                    files[placed.waiting] = filename
                else:
                    memory.give_up(placed.page)

        def render(waiting: Waiting) -> Noted:
            text, noted = memory.render_later(waiting, later.names_of(waiting))
            with open(files[waiting], "wb") as file:
                file.write(text.encode("utf-8"))
            memory.keep.put_file(noted.record["kept"], files[waiting])
            # many pages have groups in common: each process tells of them once
            groups = {name: text for name, text in noted.groups.items() if name not in told}
            told.update(groups)
            return replace(noted, groups=groups, changes=[])

        wanted = [each for each in later.waiting if each in files]
        for waiting, outcome in later.outcomes(wanted, render, lambda noted: len(noted.record["groups"])):
            if outcome is not None:
                tell(outcome)
            noted = outcome.noted if outcome is not None else render(waiting)
            memory.keep.came(noted.record["kept"])
            self.placed[files[waiting]].kept = noted.record["kept"]
            memory.note(replace(noted, changes=waiting.changes))


def _is_as_it_was(filename: str, name: str, placed: _Placed, made: Tree) -> bool:
    """Whether the file of a page, or that there is none, is as it was left for the page."""
    if placed.seen == _NO_FILE:
        return name not in made.files and name not in made.folders
    return _seen(filename) == placed.seen


class _Watched:
    """A file that is looked at once more when it has been closed."""

    def __init__(self, file: Any, placed: _Placed) -> None:
        self._file = file
        self._placed = placed

    def __enter__(self) -> Self:
        self._file.__enter__()
        return self

    def __exit__(self, *raised: object) -> Any:
        result = self._file.__exit__(*raised)
        self._placed.seen = _seen(self._file.name)
        return result

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _seen(filename: str) -> tuple[int, int, int]:
    try:
        found = os.stat(filename, follow_symlinks=False)
    except OSError:
        return 0, 0, 0
    return found.st_size, found.st_mtime_ns, found.st_ino
