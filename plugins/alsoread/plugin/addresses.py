"""Which address does Pelican give a story, and which does the site need for itself?

The patterns are Pelican's settings. They are read before any of Pelican's objects exist, because a cross-link may name
an address and because two stories must not share one; a test holds the result to what Pelican makes of it.
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from string import Formatter
from typing import Any, Final

from alsoread.diagnostics import Refusal
from alsoread.news.addresses import Address, Addresses
from alsoread.news.ledger import EMPTY, Ledger
from alsoread.news.names import slugify
from alsoread.press.files import shortest
from alsoread.settings import SETTINGS
from alsoread.story import Story

__all__ = ["addresses_of", "list_folders", "simple_fields"]


def addresses_of(settings: Mapping[str, Any], ledger: Ledger = EMPTY) -> Addresses:
    """The addresses that a site's settings give, but for those that its ledger says were withdrawn."""
    reserved = _reserved(settings)
    theme = str(settings["THEME_STATIC_DIR"]).strip("/").casefold() + "/"
    return Addresses(
        of_story=_addresser(settings, "ARTICLE"),
        of_page=_addresser(settings, "PAGE"),
        is_reserved=lambda save_as: save_as in reserved or save_as.startswith(theme),
        site=str(settings["SITEURL"]),
        of_list=lambda field, slug: _list_file(settings, _LISTS[field], slug),
        withdrawn={file.casefold(): entry for file, entry in ledger.withdrawn.items()},
    )


def list_folders(settings: Mapping[str, Any]) -> frozenset[str]:
    """The first folders of the addresses that pages of lists and feeds have, as ``casefold`` has them."""
    names = [
        name
        for name in settings
        if name.endswith(("_SAVE_AS", "_PAGE")) or name.startswith("FEED_") or "_FEED_" in name
    ]
    own = ("ARTICLE_SAVE_AS", "ARTICLE_LANG_SAVE_AS", "PAGE_SAVE_AS", "PAGE_LANG_SAVE_AS", "DRAFT_SAVE_AS")
    values = [str(settings[name]).strip("/") for name in names if name not in own and isinstance(settings[name], str)]
    return frozenset(value.partition("/")[0].casefold() for value in values if "/" in value and value[0] != "{")


_LISTS: Final = {
    "tags": "TAG_SAVE_AS",
    "thread": "ALSOREAD_THREAD_PAGE",
    "sources": "ALSOREAD_SOURCE_PAGE",
    "authors": "AUTHOR_SAVE_AS",
    "category": "CATEGORY_SAVE_AS",
}
_DEFAULTS: Final = {row.name: str(row.default) for row in SETTINGS if row.kind == "address"}


def _list_file(settings: Mapping[str, Any], name: str, slug: str) -> str:
    """The file of a list, as far as its slug alone decides it; Pelican tells of patterns that want more."""
    pattern = str(settings.get(name, _DEFAULTS.get(name, "")) or "")
    try:
        return posixpath.normpath(pattern.format(slug=slug)) if pattern else ""
    except (KeyError, IndexError, ValueError, AttributeError):
        return ""


def _addresser(settings: Mapping[str, Any], kind: str) -> Callable[[Story], Address]:
    default_lang = str(settings["DEFAULT_LANG"]).lower()
    url_of, file_of = (_filler(settings, f"{kind}_{part}") for part in ("URL", "SAVE_AS"))
    url_in_lang, file_in_lang = (_filler(settings, f"{kind}_LANG_{part}") for part in ("URL", "SAVE_AS"))
    known: dict[str, tuple[Story, Address]] = {}

    def address(story: Story) -> Address:
        """Each story is asked for several times in a build, by everything that names one."""
        found = known.get(story.path)
        if found is None or found[0] is not story:
            found = known[story.path] = (story, filled(story))
        return found[1]

    def filled(story: Story) -> Address:
        is_default = story.lang == default_lang
        url, save_as = (url_of if is_default else url_in_lang)(story), (file_of if is_default else file_in_lang)(story)
        file = shortest(save_as)
        return Address(url, file, save_as if save_as != file else "")

    return address


def _filler(settings: Mapping[str, Any], name: str) -> Callable[[Story], str]:
    """What fills a pattern with a story's values."""
    pattern = settings.get(name)
    if type(pattern) is not str or simple_fields(pattern) is None:
        return partial(_filled, settings, name)

    def filled(story: Story) -> str:
        try:
            return pattern.format(slug=story.slug, lang=story.lang, date=story.date)
        except (KeyError, IndexError, ValueError, TypeError, AttributeError):
            return _filled(settings, name, story)

    return filled


def _filled(settings: Mapping[str, Any], name: str, story: Story) -> str:
    """A pattern with a story's values in it.

    :raises Refusal: if the pattern names what a story does not have.
    """
    pattern = str(settings[name])
    try:
        return pattern.format(**{field: _FIELDS[field](story, settings) for field in _named_in(pattern)})
    except (KeyError, IndexError, ValueError, TypeError, AttributeError) as error:
        known = ", ".join(f"{{{field}}}" for field in sorted(_FIELDS))
        raise Refusal(f"{name} = {settings[name]!r} cannot be filled in ({error}); it may hold {known}") from error


@lru_cache(maxsize=64)
def _named_in(pattern: str) -> tuple[str, ...]:
    """The fields that a pattern names, without attributes and items of them."""
    named = (field for _, field, _, _ in Formatter().parse(pattern) if field is not None)
    return tuple(dict.fromkeys(re.split(r"[.\[]", field, maxsplit=1)[0] for field in named))


@lru_cache(maxsize=64)
def simple_fields(pattern: str) -> tuple[str, ...] | None:
    """The fields that a pattern names, if each is what a content has as an attribute of that name; else None."""
    try:
        nested = any("{" in (spec or "") for _, _, spec, _ in Formatter().parse(pattern))
    except ValueError:
        return None
    fields = _named_in(pattern)
    return fields if not nested and _ATTRIBUTES.issuperset(fields) else None


_ATTRIBUTES: Final = frozenset({"slug", "lang", "date"})

# what Pelican's ``Content.url_format`` offers to a pattern
_FIELDS: Final[Mapping[str, Callable[[Story, Mapping[str, Any]], Any]]] = {
    "path": lambda story, settings: story.path,
    "slug": lambda story, settings: story.slug,
    "lang": lambda story, settings: story.lang,
    "date": lambda story, settings: story.date,
    "modified": lambda story, settings: story.modified,
    "author": lambda story, settings: slugify(story.authors[0] if story.authors else str(settings.get("AUTHOR", ""))),
    "category": lambda story, settings: slugify(story.category or str(settings.get("DEFAULT_CATEGORY", ""))),
    "title": lambda story, settings: story.title,
    "status": lambda story, settings: story.status,
}


def _reserved(settings: Mapping[str, Any]) -> frozenset[str]:
    """Files that pages other than stories are written to."""
    direct = {str(settings.get(f"{name.upper()}_SAVE_AS", f"{name}.html")) for name in settings["DIRECT_TEMPLATES"]}
    feeds = {
        str(settings[name]) for name in ("FEED_ATOM", "FEED_RSS", "FEED_ALL_ATOM", "FEED_ALL_RSS") if settings.get(name)
    }
    lists = {str(settings.get(f"ALSOREAD_{name.upper()}_PAGE", f"{name}.html")) for name in ("threads", "sources")}
    own = {"404.html", "sitemap.xml", "robots.txt", "_redirects", ".alsoread-output", *lists}
    return frozenset(name.casefold() for name in {*direct, *feeds, *settings["TEMPLATE_PAGES"].values(), *own} if name)
