"""How does the press stand between Pelican's writer, or a plugin's, and the files of the stage?

The writer that Pelican or a plugin chose goes on deciding what is written where and which signals are sent. It is given
a template that renders only what is stale, and its files are watched, so that what was written can be kept.
"""

import logging
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache, lru_cache, partial
from inspect import signature
from typing import Any, Final

import jinja2
from pelican.utils import get_relative_path, path_to_url, sanitised_join
from pelican.writers import Writer

from alsoread.press.asked import Asked
from alsoread.press.files import shortest
from alsoread.press.numbering import paginators_of, write_paginated
from alsoread.press.pressroom import Pressroom

__all__ = ["press_writer"]

logger = logging.getLogger(__name__)

_ARTICLE: Final = "article"
_NO_NAMES: Final[Mapping[str, Any]] = {}


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
        decided = (str(name), *self._decided(given, context))

        @cache
        def asked() -> Asked:
            return self.pressroom.asked(template, context, names, *decided)

        if not paged:
            reused = self._reuse(str(name), template, context, given, further, asked())
            return None if reused else make(name, stand_in, context, *args, **kwargs)
        if not self.settings.get("ALSOREAD_NUMBER_FROM_OLDEST"):
            return make(name, _StandIn(template, context, self.pressroom, is_told=False), context, *args, **kwargs)

        paginators = paginators_of(self.settings, name, given["template_name"], lists, given.get("url"))
        parts = self.pressroom.parts(template, context, further, paginators, *decided)

        def write(save_as: str, number: int, variables: Mapping[str, Any]) -> None:
            if not self._reuse(save_as, template, context, given, variables, asked().page(number, parts)):
                options = {key: given[key] for key in ("relative_urls", "override_output", "url") if key in given}
                make(save_as, stand_in, context, **options, **variables)

        def expected(number: int) -> str | None:
            # most are known by what is on them, and the whole lists need not be told
            part = parts.part(number) if parts is not None else None
            known = self.pressroom.page_known(part.mark) if part is not None else None
            return known or self.pressroom.page_asked(asked().page(number, parts))

        numbers: dict[str, int] = {}
        for number in next(iter(paginators.values())).page_range if not given.get("override_output") else ():
            page = expected(number)
            if page is not None:
                numbers.setdefault(page, number)
        passed = self._pass(numbers, template, context, bool(given.get("relative_urls")))
        write_paginated(write, {numbers[page] for page in passed}, name, paginators, further)
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

    def pass_over(self, articles: Mapping[str, Any], context: dict[str, Any], template: Any) -> Collection[str]:
        """Of some articles, by the places of their files, the places of those whose pages need not be asked for: what
        decides how these would be, is as it was.

        Only for articles of which no attribute has been set by others, and with the arguments that Pelican writes them
        with.
        """
        pages = self.pressroom.pages_of(articles, context)
        of_page = {page: {_ARTICLE: articles[place]} for place, page in pages.items()}
        passed = self._pass(pages.values(), template, context, bool(self.settings["RELATIVE_URLS"]), of_page)
        return [place for place, page in pages.items() if page in passed]

    def _pass(
        self,
        pages: Iterable[str],
        template: Any,
        context: dict[str, Any],
        relative_urls: bool,
        of_page: Mapping[str, Mapping[str, Any]] = _NO_NAMES,
    ) -> Collection[str]:
        """Those of some pages of the last build that are as they would be now; they are noted as written. ``of_page``
        has the variables of a page.
        """
        files: dict[str | None, dict[str, str]] = {}
        here = None
        for page in pages:
            filename = _file_of(self.output_path, page)
            if filename not in self._written_files and filename not in self._overridden_files:
                here = path_to_url(get_relative_path(page)) if relative_urls else None
                files.setdefault(here, {})[page] = filename
        passed: dict[str, str] = {}
        # what was written last stays there: that of the last page
        for base in (*(each for each in files if each != here), *([here] if files else ())):
            if base is not None:
                context["localsiteurl"] = base
            fresh = self.pressroom.reuse_pages(files[base], template)
            passed.update((page, files[base][page]) for page in fresh)
        for page, filename in passed.items():
            self._note_written(filename, page, of_page.get(page, _NO_NAMES))
        return passed

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
        if (
            override
            or self.pressroom.have_files
            or filename in self._written_files
            or filename in self._overridden_files
        ):
            return False
        self.pressroom.place(filename, path, kept)
        self._written_files.add(filename)
        logger.info('Writing "%s"', filename)
        return True

    def _open_w(self, filename: str, encoding: str, override: bool = False) -> Any:
        return self.pressroom.watch(filename, super()._open_w(filename, encoding, override))  # type: ignore[misc]


def _file_of(folder: str, name: str) -> str:
    """The file of a page, as Pelican has it; most names are in their shortest form already."""
    if name[:1] not in "/." and shortest(name) == name and _is_shortest(folder):
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
