"""Which files does a digest have besides the pages of its stories and topics?

Pages of threads, sources and combinations of topics; 404.html; sitemap.xml and robots.txt; and when all else is
written, redirects from former addresses.
"""

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from pelican.generators import Generator, PelicanTemplateNotFound

from alsoread.diagnostics import Diagnostic
from alsoread.news.gone import would_die
from alsoread.news.places import placed
from alsoread.news.sanitize import escaped
from alsoread.outputs.redirects import file_of_alias, redirect_page, redirects_file
from alsoread.outputs.sitemap import SitemapEntry, robots, sitemap
from alsoread.outputs.tombstones import tombstone_page
from alsoread.plugin.published import expired_addresses, former_topics, live_addresses, moved_feeds
from alsoread.plugin.state import State
from alsoread.plugin.views import Tombstone

__all__ = ["DigestExtras", "DigestRedirects"]


class DigestExtras(Generator):  # type: ignore[misc]
    """What a digest has besides its pages of stories and topics."""

    state: State

    def generate_output(self, writer: Any) -> None:
        """Write them. A theme that lacks a template has no such pages."""
        self._write_threads(writer)
        self._write_sources(writer)
        self._write_combinations(writer)
        self._write_error_page(writer)
        site = str(self.settings["SITEURL"])
        if site.startswith(("http://", "https://")):
            self._write("sitemap.xml", sitemap(self._entries(), site))
        self._write("robots.txt", robots(site))

    def _write_threads(self, writer: Any) -> None:
        settings, threads = self.state.settings, self.context["threads"]
        if threads and settings.threads_page:
            self._page(writer, settings.threads_page, "threads")
        for thread in threads:
            if thread.save_as:
                self._page(writer, thread.save_as, "thread", thread=thread, articles=thread.articles)
            if thread.feed:
                newest = list(reversed(thread.articles))
                writer.write_feed(newest, self.context, thread.feed, thread.feed, feed_title=thread.name)

    def _write_sources(self, writer: Any) -> None:
        settings, sources = self.state.settings, self.context["sources"]
        if sources and settings.sources_page:
            self._page(writer, settings.sources_page, "sources")
        for source in sources:
            if source.save_as:
                self._list(writer, source.save_as, "source", source.articles, source=source)

    def _write_combinations(self, writer: Any) -> None:
        for pair in self.state.combinations.values():
            self._list(writer, pair.save_as, "combination", pair.articles, combination=pair)

    def _page(self, writer: Any, save_as: str, template: str, **shown: Any) -> None:
        found = template_of(self, template)
        if found is not None:
            relative = self.settings["RELATIVE_URLS"]
            url = save_as.removesuffix("index.html") if save_as.endswith("/index.html") else save_as
            name = os.path.splitext(save_as)[0]
            writer.write_file(
                save_as, found, self.context, relative, url=url, template_name=template, page_name=name, **shown
            )

    def _list(self, writer: Any, save_as: str, template: str, articles: tuple[Any, ...], **shown: Any) -> None:
        listed = {"articles": list(articles), "dates": list(articles)}
        self._page(
            writer, save_as, template, paginated=listed, all_articles=self.context["articles"], **listed, **shown
        )

    def _write_error_page(self, writer: Any) -> None:
        """404.html is served at any depth, so its addresses begin at the server's root."""
        template = template_of(self, "404")
        if template is not None:
            root = urlsplit(str(self.settings["SITEURL"])).path.rstrip("/")
            context = {**self.context, "RELATIVE_URLS": False, "SITEURL": root, "localsiteurl": root}
            writer.write_file("404.html", template, context, relative_urls=False, url="404.html", page_name="404")

    def _entries(self) -> list[SitemapEntry]:
        articles = list(self.context["articles"])
        # most stories stand in several lists
        changed = lru_cache(maxsize=None)(_changed)
        entries = [SitemapEntry(article.url, changed(article)) for article in articles]
        for article in articles:
            entries += [SitemapEntry(each.url, changed(each)) for each in article.translations]
        if self.settings["TAG_SAVE_AS"]:
            entries += [SitemapEntry(tag.url, max(map(changed, listed))) for tag, listed in self.context["tags"]]
        entries += [SitemapEntry(page.url, getattr(page, "modified", None)) for page in self.context["pages"]]
        listings = [*self.context["threads"], *self.context["sources"], *self.state.combinations.values()]
        for listing in listings:
            if listing.save_as and listing.articles:
                entries.append(SitemapEntry(listing.url, max(map(changed, listing.articles))))
        newest = max((entry.modified for entry in entries if entry.modified), default=None)
        return [SitemapEntry("", newest), *entries]

    def _write(self, name: str, text: str) -> None:
        _write_text(os.path.join(self.output_path, name), text)


class DigestRedirects(Generator):  # type: ignore[misc]
    """What stands at former addresses and at withdrawn ones. It comes last: whatever else the site has at one keeps it.

    Then all that the site has is there, and the ledger of published addresses can be held to it.
    """

    state: State
    _has: Callable[[str], bool]

    def generate_output(self, writer: Any) -> None:
        """Write a page for each that is free, and say which published address would die."""
        self._has = writer.has
        site, lang = str(self.settings["SITEURL"]), str(self.settings["DEFAULT_LANG"])
        moves = list(self._moved_feeds())
        # what lists nothing else of a hidden story does not list its former address either
        contents = self._moved_contents()
        hidden = {content.story.path for content in contents if content.story.status == "hidden"}
        for path, alias, name, target, title in self._moved(contents):
            if name is not None and self._is_free(name):
                _write_text(os.path.join(self.output_path, name), redirect_page(name, target, title, site, lang))
                moves += [] if path in hidden else [(name, target)]
                continue
            why = "none that the site can have" if name is None else "one that the site uses"
            message = f"the former address '{alias}' is {why}"
            finding = Diagnostic(path, 0, 0, "AR503", message, "remove it from 'aliases'")
            self.state.report(*placed([finding], self.state.digest.places))
        live = live_addresses(self.state.digest, self.settings, self.state.settings, self.state.addresses)
        self.state.live = tuple(each for each in live if self._is_there(each.file))
        self.state.expired = expired_addresses(self.state.digest, self.settings, self.state.settings)
        tombstones = list(self._write_tombstones(writer))
        if (moves or tombstones) and self._is_free("_redirects"):
            root = urlsplit(site).path.rstrip("/")
            _write_text(os.path.join(self.output_path, "_redirects"), redirects_file(moves, tombstones, root))
        if not self.state.drafts:
            self._hold_to_the_ledger({former for former, _ in moves})

    def _hold_to_the_ledger(self, moved: Collection[str]) -> None:
        state = self.state
        found = would_die(
            state.ledger,
            lambda file: file in moved or self._is_there(file),
            state.live,
            state.digest.unseen,
            state.expired,
            state.digest.broken,
        )
        for finding in found:
            state.report(finding)

    def _write_tombstones(self, writer: Any) -> Iterator[str]:
        """Write a page for each address that was withdrawn, by the theme's template if it has one; their files.

        At a feed nobody would read one.
        """
        template = template_of(self, "withdrawn")
        for file, entry in self.state.ledger.withdrawn.items():
            if entry.kind == "feed" or entry.day is None or not self._is_free(file):
                continue
            if template is not None:
                shown = Tombstone(entry.day, escaped(entry.why))
                address = file.removesuffix("index.html") if file.endswith("/index.html") else file
                name = os.path.splitext(file)[0]
                names = {"url": address, "template_name": "withdrawn", "page_name": name, "withdrawn": shown}
                writer.write_file(file, template, self.context, self.settings["RELATIVE_URLS"], **names)
            else:
                site, lang = str(self.settings["SITENAME"]), str(self.settings["DEFAULT_LANG"])
                _write_text(os.path.join(self.output_path, file), tombstone_page(entry.day, entry.why, site, lang))
            yield file

    def _is_there(self, name: str) -> bool:
        path = os.path.join(self.output_path, name)
        return self._has(path) or os.path.isfile(path)

    def _is_free(self, name: str) -> bool:
        """Is there no such file, and no file where a folder above it must be?"""
        path = os.path.join(self.output_path, name)
        while not self._has(path) and not os.path.lexists(path):
            path = os.path.dirname(path)
        return len(path) < len(os.path.join(self.output_path, name)) and os.path.isdir(path)

    def _moved_contents(self) -> list[Any]:
        """The stories and pages that have a page, and had another address, in the order of their files."""
        pages = [*self.context["pages"], *self.context["hidden_pages"]]
        stories = ((content, getattr(content, "story", None)) for content in [*self.state.articles.values(), *pages])
        found = {story.path: content for content, story in stories if story is not None and story.aliases}
        return [found[path] for path in sorted(found)]

    def _moved(self, contents: Iterable[Any]) -> Iterator[tuple[str, str, str | None, str, str]]:
        """File, former address, its file below the root, new address and title: of contents, then topics."""
        for content in contents:
            story = content.story
            for alias in story.aliases:
                # a hidden story's headline stands on its own page and nowhere else
                title = content.url if story.status == "hidden" else story.title
                yield story.path, alias, file_of_alias(alias), content.url, title
        pattern = str(self.settings["TAG_SAVE_AS"] or "")
        tags = {tag.slug: tag for tag, _ in self.context["tags"]}
        for topic, name in former_topics(self.state.digest, tags) if pattern else ():
            yield topic.path, name, pattern.format(slug=name), tags[topic.slug].url, topic.label

    def _moved_feeds(self) -> Iterator[tuple[str, str]]:
        """Former and present address of topics' feeds. No page can stand at one, but servers can answer for it."""
        return ((former, now) for former, now in moved_feeds(self.state.digest, self.settings) if self._is_free(former))


def _changed(content: Any) -> Any:
    """When a story was last changed, or published."""
    changed = getattr(content, "modified", None)
    return content.date if changed is None else changed


def template_of(generator: Any, name: str) -> Any:
    """The theme's template of that name; None where it has none."""
    try:
        return generator.get_template(name)
    except PelicanTemplateNotFound:
        return None


def _write_text(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
