"""The address of a story, found quickly, is the one that Pelican would make of it at that moment."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from pelican import contents
from pelican.settings import DEFAULT_CONFIG
from pelican.urlwrappers import Author, Category
from pelican.urlwrappers import Tag as PelicanTag

from alsoread.plugin.addresses import simple_fields
from alsoread.plugin.contents import Article, Page
from alsoread.plugin.views import Tag

PATTERNS = [
    "{slug}.html",
    "{date:%Y}/{date:%b}/{slug}/",
    "{lang}/{slug}.html",
    "{category}/{slug}.html",
    "{author}-{slug}",
    "{path}",
    "{colour}/{slug}",
    "{slug:{width}}.html",
    "fixed.html",
]


def content_of(kind: Any, pattern: str) -> Any:
    """An article or page, with no more than an address is made of."""
    settings = {**DEFAULT_CONFIG, "PATH": "/site/content"}
    for name in ("ARTICLE_URL", "ARTICLE_LANG_URL", "PAGE_URL", "PAGE_LANG_URL", "DRAFT_URL", "DRAFT_PAGE_URL"):
        settings[name] = pattern if name.startswith(("ARTICLE", "PAGE")) else f"drafts/{pattern}"
    content = kind.__new__(kind)
    content.settings = settings
    content.metadata = {"colour": "red", "width": "9", "slug": "not-this"}
    content.source_path = "/site/content/stories/a.md"
    content.story = SimpleNamespace(status="published")
    content._context = {"articles": [], "pages": []}
    content.status = "published"
    content.in_default_lang = True
    content.slug, content.lang, content.date = "a-slug", "en", datetime(2024, 5, 6, tzinfo=UTC)
    content.author, content.category = Author("Ola", settings), Category("News", settings)
    return content


def pelicans(content: Any) -> str:
    """What Pelican alone would say."""
    kind = contents.Article if isinstance(content, contents.Article) else contents.Page
    key = "url" if content.in_default_lang else "lang_url"
    return str(getattr(content, "override_url", None) or kind._expand_settings(content, key))


@pytest.mark.parametrize("kind", [Article, Page])
@pytest.mark.parametrize("pattern", PATTERNS)
def test_an_address_follows_what_it_is_made_of(kind: Any, pattern: str) -> None:
    content = content_of(kind, pattern)
    seen = [content.url]
    assert content.url == pelicans(content)
    changes: list[tuple[Any, str, Any]] = [
        (content, "slug", "another"),
        (content, "lang", "pt"),
        (content, "date", datetime(2023, 1, 2, tzinfo=UTC)),
        (content, "category", Category("Sea", content.settings)),
        (content, "author", Author("Ana", content.settings)),
        (content, "metadata", {"colour": "blue", "width": "20"}),
        (content, "in_default_lang", False),
        (content, "settings", {**content.settings, "ARTICLE_LANG_URL": "x/{slug}", "PAGE_LANG_URL": "y/{slug}"}),
        (content, "status", "draft"),
        (content, "override_url", "elsewhere.html"),
    ]
    for owner, name, value in changes:
        setattr(owner, name, value)
        assert content.url == pelicans(content), name
        seen.append(content.url)
    assert len(set(seen)) > 3


def test_an_address_without_one_of_its_fields_is_pelicans() -> None:
    content = content_of(Page, "{slug}/{lang}.html")
    del content.lang
    assert content.url == pelicans(content) == "a-slug/en.html"


def test_what_a_plugin_puts_in_pelicans_place_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    content = content_of(Article, "{slug}.html")
    assert content.url == "a-slug.html"
    monkeypatch.setattr(contents.Content, "url_format", property(lambda self: {"slug": "of-a-plugin"}))
    assert content.url == "of-a-plugin.html"


@pytest.mark.parametrize("pattern", ["tag/{slug}.html", "{name}/", "{slug}-{name}", ""])
def test_the_address_of_a_topic_is_pelicans(pattern: str) -> None:
    settings = {**DEFAULT_CONFIG, "TAG_URL": pattern}
    tag = Tag.__new__(Tag)
    PelicanTag.__init__(tag, "The Sea", settings)
    assert tag.url == PelicanTag("The Sea", settings).url
    tag.slug = "ocean"
    other = PelicanTag("The Sea", settings)
    other.slug = "ocean"
    assert tag.url == other.url


@pytest.mark.parametrize("pattern", ["{", "{slug!}", "{slug", "}"])
def test_a_pattern_that_is_none_is_left_to_pelican(pattern: str) -> None:
    assert simple_fields(pattern) is None
