"""How do a digest's stories go through Pelican's own generators?

Each generator is Pelican's, with the safe parts put in: which files there are comes from the archive, which was read
before, and no symbolic link is followed. Everything else - signals, order, templates, feeds - is Pelican's.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from pelican import contents
from pelican.generators import ArticlesGenerator, Generator, PagesGenerator, PelicanTemplateNotFound, StaticGenerator
from pelican.readers import default_metadata, parse_path_metadata, path_metadata

from alsoread.diagnostics import Diagnostic
from alsoread.outputs.sitemap import SitemapEntry, robots, sitemap
from alsoread.plugin.contents import Article, Page, make_metadata
from alsoread.plugin.state import State
from alsoread.press.files import is_inside, suffix, walk

__all__ = ["DigestArticles", "DigestExtras", "DigestPages", "DigestStatics"]


class DigestReaders:
    """Pelican's readers, except that a story's file has been read already."""

    def __init__(self, stock: Any, state: State) -> None:
        self._stock = stock
        self._state = state

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stock, name)

    def read_file(
        self,
        base_path: str,
        path: str,
        content_class: Any = None,
        fmt: str | None = None,
        context: Any = None,
        preread_signal: Any = None,
        preread_sender: Any = None,
        context_signal: Any = None,
        context_sender: Any = None,
    ) -> Any:
        """A Pelican content object for a story, with the signals that Pelican's own ``read_file`` sends."""
        state = self._state
        story = state.stories_by_path.get(path)
        if story is None:
            # not a story's: some plugin of the publisher's reads a file of its own
            return self._stock.read_file(
                base_path,
                path,
                content_class,
                fmt,
                context,
                preread_signal,
                preread_sender,
                context_signal,
                context_sender,
            )
        settings = self._stock.settings
        if preread_signal:
            preread_signal.send(preread_sender)
        metadata: dict[str, Any] = {
            **default_metadata(settings=settings, process=self._stock.readers["md"].process_metadata),
            **path_metadata(full_path=os.path.join(base_path, path), source_path=path, settings=settings),
            **parse_path_metadata(
                source_path=path, settings=settings, process=self._stock.readers["md"].process_metadata
            ),
            "reader": "markdown",
        }
        topics = state.digest.vocabulary.of_story.get(path, ())
        metadata.update(make_metadata(story, state.digest.bodies[path], topics, settings))
        if context_signal:
            context_signal.send(context_sender, metadata=metadata)
        is_article = content_class is not None and issubclass(content_class, contents.Article)
        content = (Article if is_article else Page)(
            content=state.digest.html[path],
            metadata=metadata,
            settings=settings,
            source_path=os.path.join(os.path.abspath(base_path), path),
            context=context,
        )
        if is_article:
            state.articles[path] = content
        return content


class DigestArticles(ArticlesGenerator):  # type: ignore[misc]
    """Stories, topics and their feeds."""

    state: State

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.readers: Any = DigestReaders(self.readers, self.state)

    def get_files(self, paths: Any, exclude: Any = None, extensions: Any = None) -> list[str]:
        """The files of the stories that a reader may see."""
        return sorted(story.path for story in self.state.digest.stories)

    def check_disabled_readers(self) -> None:
        """Nothing: the archive says which files a digest does not read."""

    def generate_context(self) -> None:
        """Read the archive, then do as Pelican does."""
        self.state.load(self.settings)
        self.context["alsoread"] = self.state
        super().generate_context()
        curated = [(tag, articles) for tag, articles in self.tags.items() if _is_curated(tag)]
        self.context["topics"] = sorted(curated, key=lambda row: (str(row[0].name).casefold(), row[0].slug))

    def generate_tags(self, write: Callable[..., None]) -> None:
        """A page for each topic: as Pelican's, without its search of every list for every story."""
        template = self.get_template("tag")
        order = {id(article): place for place, article in enumerate(self.dates)}
        for tag, articles in self.tags.items():
            write(
                tag.save_as,
                template,
                self.context,
                tag=tag,
                url=tag.url,
                articles=articles,
                dates=sorted(articles, key=lambda article: order[id(article)]),
                template_name="tag",
                blog=True,
                page_name=tag.page_name,
                all_articles=self.articles,
            )


class DigestPages(PagesGenerator):  # type: ignore[misc]
    """The digest's pages, such as "About"."""

    state: State

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.readers: Any = DigestReaders(self.readers, self.state)

    def get_files(self, paths: Any, exclude: Any = None, extensions: Any = None) -> list[str]:
        """The files of the pages that a reader may see."""
        return [page.path for page in self.state.digest.pages]

    def check_disabled_readers(self) -> None:
        """Nothing: the archive says which files a digest does not read."""


class DigestStatics(StaticGenerator):  # type: ignore[misc]
    """Pictures and other files that go to the site as they are: regular files of the accepted types only."""

    state: State

    def get_files(self, paths: Any, exclude: Any = None, extensions: Any = None) -> set[str]:
        """The static files below the site's static folders."""
        found = walk(
            self.path,
            [paths] if isinstance(paths, str) else paths,
            wanted=lambda path: True,
            exclude=exclude or (),
            ignore=self.settings["IGNORE_FILES"],
        )
        for finding in found.findings:
            self.state.report(finding)
        return {path for path in found.paths if self._is_accepted(path)}

    def check_disabled_readers(self) -> None:
        """Nothing: static files are not read."""

    def generate_context(self) -> None:
        """As Pelican does, without the links that lead out of the content folder or to a type that is not accepted."""
        links: Iterable[str] = sorted(self.context["static_links"])
        self.context["static_links"] = {link for link in links if self._is_linkable(link)}
        super().generate_context()
        self.staticfiles.sort(key=lambda static: str(static.source_path))

    def _is_linkable(self, path: str) -> bool:
        if not is_inside(self.path, path):
            return False
        return self._is_accepted(path)

    def _is_accepted(self, path: str) -> bool:
        if suffix(path) in self.state.settings.static_types or path in self.settings["EXTRA_PATH_METADATA"]:
            return True
        if not self._is_potential_source_path(path):
            message = f"static files of the type '.{suffix(path)}' are not published"
            hint = f"name it in EXTRA_PATH_METADATA, or add '{suffix(path)}' to ALSOREAD_STATIC_TYPES"
            self.state.report(Diagnostic(path, 0, 0, "AR008", message, hint))
        return False


class DigestExtras(Generator):  # type: ignore[misc]
    """What a digest has besides its pages: 404.html, sitemap.xml, robots.txt."""

    state: State

    def generate_output(self, writer: Any) -> None:
        """Write them. The error page is served at any depth, so its addresses begin at the server's root."""
        try:
            template = self.get_template("404")
        except PelicanTemplateNotFound:
            pass
        else:
            root = urlsplit(str(self.settings["SITEURL"])).path.rstrip("/")
            context = {**self.context, "RELATIVE_URLS": False, "SITEURL": root, "localsiteurl": root}
            writer.write_file("404.html", template, context, relative_urls=False, url="404.html", page_name="404")
        site = str(self.settings["SITEURL"])
        if site.startswith(("http://", "https://")):
            self._write("sitemap.xml", sitemap(self._entries(), site))
        self._write("robots.txt", robots(site))

    def _entries(self) -> list[SitemapEntry]:
        articles = list(self.context["articles"])
        entries = [SitemapEntry(article.url, getattr(article, "modified", article.date)) for article in articles]
        for article in articles:
            entries += [SitemapEntry(each.url, getattr(each, "modified", each.date)) for each in article.translations]
        if self.settings["TAG_SAVE_AS"]:
            entries += [
                SitemapEntry(tag.url, max(getattr(each, "modified", each.date) for each in listed))
                for tag, listed in self.context["tags"]
            ]
        entries += [SitemapEntry(page.url, getattr(page, "modified", None)) for page in self.context["pages"]]
        newest = max((entry.modified for entry in entries if entry.modified), default=None)
        return [SitemapEntry("", newest), *entries]

    def _write(self, name: str, text: str) -> None:
        with open(os.path.join(self.output_path, name), "w", encoding="utf-8", newline="\n") as file:
            file.write(text)


def _is_curated(tag: Any) -> bool:
    topic = getattr(tag, "topic", None)
    return topic is not None and bool(topic.curated)
