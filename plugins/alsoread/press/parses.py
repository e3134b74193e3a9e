"""Which source files need no parsing, because the same bytes were parsed by the same reader before?

Pelican's readers ask a cache before they parse; this is the one they get. What a reader gave is kept under a digest of
the file, its path, the reader and the settings, with the digests of all other files that were opened meanwhile (by an
``include`` directive, say). A parse that warned, ran a program, used the network or gave values that cannot be
written down as data is done again each time.
"""

import datetime as dt
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Final

from pelican.readers import HTMLReader, MarkdownReader, RstReader
from pelican.urlwrappers import Author, Category, Tag
from pelican.utils import file_suffix

from alsoread.press.digests import Untold, digest
from alsoread.press.markdown_extensions import extensions_of, markdown_sources
from alsoread.press.plain import Plain
from alsoread.press.store import Store
from alsoread.press.told import bytes_of, code_of, is_local, told_setting

__all__ = ["ParseMemory", "watching"]

_STOCK: Final = (MarkdownReader, RstReader, HTMLReader)
# settings that Pelican's own readers and Markdown's own extensions cannot see in a file
_INERT: Final = frozenset(
    """
    SITENAME SITEURL SITESUBTITLE SITETITLE SITEDESCRIPTION SITELOGO OUTPUT_PATH PATH THEME THEME_STATIC_DIR
    THEME_STATIC_PATHS THEME_TEMPLATES_OVERRIDES CSS_FILE DIRECT_TEMPLATES PAGINATED_TEMPLATES DEFAULT_PAGINATION
    DEFAULT_ORPHANS PAGINATION_PATTERNS RELATIVE_URLS MENUITEMS LINKS SOCIAL LINKS_WIDGET_NAME SOCIAL_WIDGET_NAME
    JINJA_ENVIRONMENT JINJA_FILTERS JINJA_GLOBALS JINJA_TESTS TEMPLATE_PAGES TEMPLATE_EXTENSIONS OUTPUT_RETENTION
    DELETE_OUTPUT_DIRECTORY CACHE_PATH CACHE_CONTENT LOAD_CONTENT_CACHE LOG_FILTER PORT BIND STATIC_PATHS
    STATIC_CREATE_LINKS STATIC_CHECK_IF_MODIFIED GITHUB_URL TWITTER_USERNAME DISQUS_SITENAME GOOGLE_ANALYTICS
    NEWEST_FIRST_ARCHIVES REVERSE_CATEGORY_ORDER ARTICLE_ORDER_BY PAGE_ORDER_BY SUMMARY_MAX_LENGTH
    SUMMARY_MAX_PARAGRAPHS SUMMARY_END_SUFFIX DISPLAY_PAGES_ON_MENU DISPLAY_CATEGORIES_ON_MENU DEBUG
    """.split()
)
_INERT_ENDINGS: Final = ("_URL", "_SAVE_AS", "_FEED_ATOM", "_FEED_RSS", "_ATOM", "_RSS")


@dataclass(slots=True)
class ParseMemory:
    """The parses of the last build, and those of this one."""

    store: Store
    settings: Mapping[str, Any]
    recipe: str
    root: str
    today: str
    parsed: int = 0
    reused: int = 0
    day: str = ""
    _used: set[str] = field(default_factory=set)
    _scopes: dict[int, str | None] = field(default_factory=dict)
    _watch: "_Watch | None" = None
    _digests: dict[str, str] = field(default_factory=dict)
    _modules: set[str] = field(default_factory=lambda: set(sys.modules))
    _sources: set[str] = field(default_factory=set)
    _asked: int = 0
    _lasting: int = 0
    _alone: bool = True

    def attach(self, readers: Any) -> None:
        """Take the place of the cache of a ``pelican.readers.Readers``."""
        stock_get, stock_put = readers.get_cached_data, readers.cache_data

        def get(path: str, default: Any = None) -> Any:
            found = self._get(readers, path)
            return stock_get(path, default) if found is None else found

        def put(path: str, data: Any) -> None:
            self._put(readers, path, data)
            stock_put(path, data)

        readers.get_cached_data, readers.cache_data = get, put

    def _get(self, readers: Any, path: str) -> Any:
        self._watch = None
        _watching.clear()
        name = self._name(readers, path)
        self._asked += file_suffix(path) in readers.readers
        if name is None:
            return None
        record = self.store.get("parse", name)
        if (
            record is not None
            and record["day"] in ("", self.today)
            and all(self._digest(other) == known for other, known in record["also"].items())
        ):
            self._use(name, record)
            self.reused += 1
            return record["content"], _metadata(self.settings).read(record["metadata"])
        self.parsed += 1
        self._watch = _Watch(name, path)
        _listen()
        _watching.append(self._watch)
        return None

    def _put(self, readers: Any, path: str, data: Any) -> None:
        watch, self._watch = self._watch, None
        _watching.clear()
        if watch is None or watch.path != path or watch.spoilt or watch.warned:
            return
        content, metadata = data
        if not isinstance(content, str) or "system-message" in content or self._tells_time(readers, path, watch):
            return
        also = sorted(watch.opened | self._imported())
        try:
            record = {
                "content": content,
                "metadata": _metadata(self.settings).written(dict(metadata)),
                "also": {self._relative(other): self._digest(self._relative(other)) for other in also},
                "day": self._day(metadata.values()),
            }
            content.encode("utf-8")
        except (Untold, UnicodeEncodeError):
            return
        self.store.put("parse", watch.name, record)
        self._use(watch.name, record)

    @property
    def all_kept(self) -> bool:
        """Whether every file that was read need not be parsed again as long as it and the others are as they are."""
        return self._alone and self._asked == self._lasting

    def _use(self, name: str, record: Mapping[str, Any]) -> None:
        self._used.add(name)
        self._lasting += 1
        self._alone &= not record["also"]
        self.day = self.day or record["day"]

    def _imported(self) -> set[str]:
        """The site's own modules that readers have imported by now, an extension of Markdown's for one."""
        for name in sys.modules.keys() - self._modules:
            path = getattr(sys.modules[name], "__file__", None)
            if path and path.endswith(".py") and is_local(path):
                self._sources.add(os.path.abspath(path))
        self._modules = set(sys.modules)
        return self._sources

    def _tells_time(self, readers: Any, path: str, watch: "_Watch") -> bool:
        """Whether a file, or one that it includes, may show the time: Docutils has a directive for it."""
        if not isinstance(readers.readers.get(file_suffix(path)), RstReader):
            return False
        return any(b"date::" in bytes_of(other) for other in (path, *watch.opened))

    def _day(self, values: Iterable[object]) -> str:
        """Today, if a date among the values may have borrowed from it: Pelican completes "May 2024" by the clock."""
        today = dt.date.fromisoformat(self.today)
        dates = [value for value in values if isinstance(value, dt.date)]
        borrowed = any(date.year == today.year or date.month == today.month or date.day == today.day for date in dates)
        return self.today if borrowed else ""

    def _name(self, readers: Any, path: str) -> str | None:
        reader = readers.readers.get(file_suffix(path))
        scope = self._scope(reader) if reader is not None else None
        if scope is None:
            return None
        try:
            with open(path, "rb") as file:
                data = file.read()
        except OSError:
            return None
        return digest(scope, self._relative(path), data)

    def _scope(self, reader: Any) -> str | None:
        """What a reader brings to its parses; None for one whose results must not be kept."""
        if id(reader) not in self._scopes:
            self._scopes[id(reader)] = self._scope_of(reader)
        return self._scopes[id(reader)]

    def _scope_of(self, reader: Any) -> str | None:
        if type(reader).__name__ == "StaticReader":
            return None
        plain = type(reader) in _STOCK and _has_only_markdowns_own(self.settings)
        told = []
        for name, value in sorted(self.settings.items()):
            if plain and (name in _INERT or name.endswith(_INERT_ENDINGS)):
                continue
            if name in ("OUTPUT_PATH", "PATH") or name.startswith("ALSOREAD_"):
                continue
            try:
                told.append(f"{name}={told_setting(value)}")
            except Untold:
                return None
        sources = [] if plain else markdown_sources(self.settings)
        return digest(self.recipe, code_of(type(reader).read), type(reader).__qualname__, *told, *sources)

    def _relative(self, path: str) -> str:
        return os.path.relpath(path, self.root)

    def _digest(self, path: str) -> str:
        """The digest of a file by its path below the content folder, as it is now."""
        if path not in self._digests:
            try:
                with open(os.path.join(self.root, path), "rb") as file:
                    self._digests[path] = digest(file.read())
            except OSError:
                self._digests[path] = "absent"
        return self._digests[path]

    def save(self) -> None:
        """Let go what no file of this build needed."""
        self.store.keep_only("parse", self._used)


def _has_only_markdowns_own(settings: Mapping[str, Any]) -> bool:
    return all(name.startswith("markdown.extensions.") for name in extensions_of(settings))


# what happens while a file is parsed


class _Watch:
    """What one parse opened, and whether it did what cannot be known again."""

    def __init__(self, name: str, path: str) -> None:
        self.name = name
        self.path = path
        self.opened: set[str] = set()
        self.spoilt = False
        self.warned = False


_watching: list[_Watch] = []
_IMPORTED: Final = (".py", ".pyc", ".so", ".zip")
_SPOILING: Final = (
    "subprocess.",
    "socket.",
    "os.system",
    "os.exec",
    "os.spawn",
    "os.fork",
    "os.listdir",
    "os.scandir",
    "glob.",
)


def _on_event(event: str, arguments: tuple[Any, ...]) -> None:
    """Python's audit hook (PEP 578): told of every file that is opened, while a file is being parsed."""
    if not _watching:
        return
    if event == "open":
        path, mode = arguments[0], arguments[1]
        if not isinstance(path, str) or (path.endswith(_IMPORTED) and _imports()):
            return
        if mode is not None and any(letter in str(mode) for letter in "wax+"):
            _watching[-1].spoilt = True
        if is_local(path) and os.path.abspath(path) != _watching[-1].path:
            _watching[-1].opened.add(os.path.abspath(path))
    elif event.startswith(_SPOILING) and not _imports():
        _watching[-1].spoilt = True


def _imports() -> bool:
    """Whether it is the import system that reads or lists."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if "importlib" in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False


@contextmanager
def watching() -> Iterator[None]:
    """Hear of opened files and of warnings for the time of the block."""
    stock = logging.getLogRecordFactory()

    def heard(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = stock(*args, **kwargs)
        if _watching and record.levelno >= logging.WARNING:
            _watching[-1].warned = True
        return record

    # a handler would keep logging from its last resort where there is no other
    logging.setLogRecordFactory(heard)
    try:
        yield
    finally:
        logging.setLogRecordFactory(stock)
        _watching.clear()


def _listen() -> None:
    """Begin to hear of events, when the first file is parsed: whoever hears of any is told of each call of `id` too.

    It is for the life of the process: Python lets no audit hook go.
    """
    if not _hooked:
        _hooked.append(True)
        sys.addaudithook(_on_event)


_hooked: list[bool] = []

# metadata


def _metadata(settings: Mapping[str, Any]) -> Plain:
    """How metadata is written down: Pelican's readers make objects of authors, categories and tags."""

    def named(value: Any) -> str:
        if set(vars(value)) != {"settings", "_name", "_slug", "_slug_from_name"} or not value._slug_from_name:
            raise Untold(f"a {type(value).__name__} with more than a name")
        return str(value.name)

    def maker(kind: Callable[[str, Any], Any]) -> Callable[[Any], Any]:
        return lambda name: kind(name, settings)

    return Plain(others={kind: (named, maker(kind)) for kind in (Author, Category, Tag)})
