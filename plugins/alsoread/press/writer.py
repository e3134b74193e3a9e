"""How does the press stand between Pelican's writer, or a plugin's, and the files of the stage?

The writer that Pelican or a plugin chose goes on deciding what is written where and which signals are sent. It is given
a template that renders only what is stale, and its files are watched, so that what was written can be kept.
"""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from inspect import signature
from typing import Any, Final, Self

import jinja2
from pelican.utils import get_relative_path, path_to_url, sanitised_join
from pelican.writers import Writer

from alsoread.press.feeds import FeedMemory
from alsoread.press.keep import Keep
from alsoread.press.later import Waiting, tell
from alsoread.press.numbering import write_paginated
from alsoread.press.pages import Memory, Noted, Rendered
from alsoread.press.plan import UNTOLD, Asked
from alsoread.press.trees import Site, Tree

__all__ = ["Pressroom", "press_writer"]

logger = logging.getLogger(__name__)


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
    """

    make_memory: Callable[[Mapping[str, Any]], Memory]
    make_folder: Callable[[str], None]
    copies: bool
    memory: Memory | None = None
    feeds: FeedMemory | None = None
    placed: dict[str, _Placed] = field(default_factory=dict)
    pending: Rendered | None = None

    def asked(self, template: Any, context: Mapping[str, Any], names: Mapping[str, Any], *more: object) -> Asked:
        """How a page is asked for."""
        return UNTOLD if self.memory is None else self.memory.asked(template, context, names, *more)

    def reuse(
        self, filename: str, template: Any, context: Mapping[str, Any], own: Mapping[str, Any], asked: Asked
    ) -> bool:
        """Whether the page that goes to a file is fresh, and nobody will look at the file before the end: then its
        bytes are put there at the end, and no file stands for them until then.
        """
        memory = self.memory
        if memory is None or memory.foreign or self.copies or context is not memory.world.context:
            return False
        page = memory.reusable(template, own, asked)
        if page is not None:
            self.place(filename, page.page, page.kept)
        return page is not None

    def place(self, filename: str, page: str, kept: str) -> None:
        """Note that the bytes of a fresh page or feed go to a file."""
        self.make_folder(os.path.dirname(filename))
        self.placed[filename] = _Placed(page, kept, fresh=True)

    def page_of(self, place: str, context: Mapping[str, Any]) -> str | None:
        """The page of an article that need not be asked for, as far as that is known before its place is."""
        return None if self.copies else self.remembering(context).page_of(place)

    def page_asked(self, asked: Asked) -> str | None:
        """The page that was asked for in the same way."""
        return None if self.copies or self.memory is None else self.memory.page_asked(asked)

    def reuse_page(self, page: str, asked: Asked, filename: str, template: Any) -> bool:
        """Whether a page of the last build is fresh, and goes to a file."""
        fresh = self.memory.reusable_page(page, asked, template) if self.memory is not None else None
        if fresh is not None:
            self.place(filename, fresh.page, fresh.kept)
        return fresh is not None

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
        self.placed.pop(filename, None)
        if page is None:
            return file
        if file.name == os.devnull:
            if self.memory is not None:
                self.memory.give_up(page.page)
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
            # it may have been another process that put it there
            memory.keep.changed(noted.record["kept"])
            self.placed[files[waiting]].kept = noted.record["kept"]
            memory.note(replace(noted, changes=waiting.changes))


_NO_FILE: Final = (0, 0, 0)
_ARTICLE: Final = "article"


def _is_as_it_was(filename: str, name: str, placed: _Placed, made: Tree) -> bool:
    """Whether the file of a page, or that there is none, is as it was left for the page."""
    if placed.seen == _NO_FILE:
        return name not in made.files and name not in made.folders
    return _seen(filename) == placed.seen


def press_writer(writer: Any, room: Pressroom) -> Any:
    """The writer, with the press in front of it."""
    writer.__class__ = type("PressWriter", (_PressWriter, type(writer)), {})
    writer.pressroom = room
    return writer


_SIGNATURE: Final = signature(partial(Writer.write_file, None))
_OWN: Final = frozenset(_SIGNATURE.parameters) - {"kwargs"}


def _parted(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What a call says of how a page is written, and the variables of the page."""
    if args:
        given = _SIGNATURE.bind("", None, None, *args, **kwargs).arguments
        return given, given.get("kwargs", {})
    given = {name: value for name, value in kwargs.items() if name in _OWN}
    return given, {name: value for name, value in kwargs.items() if name not in _OWN}


class _PressWriter:
    """A writer below it may have a method ``passed_over``, which is told of each page that it is not asked to write:
    the file, its name and the variables.
    """

    pressroom: Pressroom
    settings: dict[str, Any]
    output_path: str
    _written_files: set[str]
    _overridden_files: set[str]

    def write_file(self, name: Any, template: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Write a page, rendered only if it has to be."""
        make: Callable[..., Any] = super().write_file  # type: ignore[misc]
        if not name:
            return make(name, template, context, *args, **kwargs)
        stand_in = _StandIn(template, context, self.pressroom)
        given, further = _parted(args, kwargs)
        lists = given.get("paginated")
        if lists is None:
            lists = {key: further[key] for key in ("articles", "dates") if key in further}
        paged = lists and given.get("template_name") in self.settings["PAGINATED_TEMPLATES"]
        names = {**further, "paginated": lists} if paged else further
        asked = self.pressroom.asked(template, context, names, str(name), *self._decided(given, context))
        if not paged:
            reused = self._reuse(str(name), template, context, given, further, asked)
            return None if reused else make(name, stand_in, context, *args, **kwargs)
        if not self.settings.get("ALSOREAD_NUMBER_FROM_OLDEST"):
            return make(name, _StandIn(template, context, self.pressroom, is_told=False), context, *args, **kwargs)

        def write(save_as: str, number: int, variables: Mapping[str, Any]) -> None:
            if not self._reuse(save_as, template, context, given, variables, asked.part(number)):
                options = {key: given[key] for key in ("relative_urls", "override_output", "url") if key in given}
                make(save_as, stand_in, context, **options, **variables)

        def passed(number: int) -> bool:
            part = asked.part(number)
            page = self.pressroom.page_asked(part) if not given.get("override_output") else None
            relative_urls = bool(given.get("relative_urls"))
            return page is not None and self._pass(page, part, template, context, relative_urls, {})

        write_paginated(write, passed, self.settings, name, given["template_name"], lists, given.get("url"), further)
        return None

    @staticmethod
    def _decided(given: Mapping[str, Any], context: Mapping[str, Any]) -> tuple[object, ...]:
        """What else decides a page: its own addresses, and the base of those that contents look up for themselves."""
        here = None if given.get("relative_urls") else context.get("localsiteurl")
        return (here, *(given.get(name) for name in ("relative_urls", "template_name", "url")))

    def _reuse(
        self,
        name: str,
        template: Any,
        context: dict[str, Any],
        given: Mapping[str, Any],
        further: Mapping[str, Any],
        asked: Asked,
    ) -> bool:
        """Whether a page is fresh, and noted as written without Pelican's writer, which would open its file."""
        filename = _file_of(self.output_path, name)
        if given.get("override_output") or filename in self._written_files or filename in self._overridden_files:
            self.pressroom.asked_again(name)
            return False
        own = {"output_file": name, "localsiteurl": context.get("localsiteurl"), **further}
        if given.get("relative_urls"):
            here = path_to_url(get_relative_path(name))
            # as Pelican's writer does, for contents to see
            context["localsiteurl"] = here
            own = {"output_file": name, "SITEURL": here, "localsiteurl": here, **further}
        if not self.pressroom.reuse(filename, template, context, own, asked):
            return False
        self._note_written(filename, name, further)
        return True

    def pass_over(self, article: Any, context: dict[str, Any], template: Any) -> bool:
        """Whether the page of an article need not be asked for: what decides how it would be, is as it was.

        Only for articles of which no attribute has been set by others, and with the arguments that Pelican writes them
        with.
        """
        page = self.pressroom.page_of(article.get_relative_source_path(), context)
        return page is not None and self._pass(
            page, UNTOLD, template, context, self.settings["RELATIVE_URLS"], {_ARTICLE: article}
        )

    def _pass(
        self,
        page: str,
        asked: Asked,
        template: Any,
        context: dict[str, Any],
        relative_urls: bool,
        names: Mapping[str, Any],
    ) -> bool:
        """Whether a page of the last build is as it would be now, and noted as written."""
        filename = _file_of(self.output_path, page)
        if filename in self._written_files or filename in self._overridden_files:
            return False
        if relative_urls:
            context["localsiteurl"] = path_to_url(get_relative_path(page))
        if not self.pressroom.reuse_page(page, asked, filename, template):
            return False
        self._note_written(filename, page, names)
        return True

    def _note_written(self, filename: str, name: str, names: Mapping[str, Any]) -> None:
        """Let everybody know of a page that was passed over."""
        self._written_files.add(filename)
        passed_over = getattr(super(), "passed_over", None)
        if passed_over is not None:
            passed_over(filename, name, names)
        logger.info('Writing "%s"', filename)

    def write_feed(self, elements: Any, context: Any, path: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Write a feed, made only if it has to be."""
        self.pressroom.pending = None
        feeds = self.pressroom.feeds
        make: Callable[..., Any] = super().write_feed  # type: ignore[misc]
        if feeds is None or not path:
            return make(elements, context, path, *args, **kwargs)
        return feeds.write(self, make, elements, context, path, *args, **kwargs)

    def place_feed(self, path: str, kept: str, *, override: bool) -> bool:
        """Whether a feed that is as it was is noted as written; its bytes are put in place at the end."""
        filename = _file_of(self.output_path, path)
        if override or self.pressroom.copies or filename in self._written_files or filename in self._overridden_files:
            return False
        self.pressroom.place(filename, path, kept)
        self._written_files.add(filename)
        logger.info('Writing "%s"', filename)
        return True

    def _open_w(self, filename: str, encoding: str, override: bool = False) -> Any:
        return self.pressroom.watch(filename, super()._open_w(filename, encoding, override))  # type: ignore[misc]


def _file_of(folder: str, name: str) -> str:
    """The file of a page, as Pelican has it; most names are in their shortest form already."""
    if name[:1] not in "/." and os.path.normpath(name) == name and _is_shortest(folder):
        return f"{folder}/{name}"
    return str(sanitised_join(folder, name))


@lru_cache(maxsize=8)
def _is_shortest(folder: str) -> bool:
    return os.path.abspath(folder) == folder != "/"


class _StandIn:
    """A template that renders only what is stale. ``is_told`` says whether it is known how its page is asked for."""

    def __init__(
        self, template: jinja2.Template, context: Mapping[str, Any], room: Pressroom, *, is_told: bool = True
    ) -> None:
        self._template = template
        self._context = context
        self._room = room
        self._is_told = is_told

    def render(self, *args: Any, **kwargs: Any) -> str:
        names = dict(*args, **kwargs)
        if not self._is_told:
            self._room.asked_again(str(names["output_file"]))
        return self._room.text_of(self._template, self._context, names)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._template, name)


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
