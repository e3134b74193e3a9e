"""How do a digest's stories go through Pelican's own generators?

Each generator is Pelican's, with the safe parts put in: which files there are comes from the archive, which was read
before, and no symbolic link is followed. Everything else - signals, order, templates, feeds - is Pelican's.
"""

from collections.abc import Callable, Collection, Iterable
from functools import cache
from itertools import chain, groupby
from typing import Any

from pelican.generators import ArticlesGenerator, PagesGenerator, StaticGenerator

from alsoread.archive import refused_static
from alsoread.plugin.readers import DigestReaders
from alsoread.plugin.sleeping import Sleeping, pinned_tags, topics_of
from alsoread.plugin.state import State
from alsoread.plugin.translated import only_groups_asked
from alsoread.plugin.views import OutletView, Tag, ThreadView, combinations_of, page_url
from alsoread.plugin.words import Words
from alsoread.press.collecting import uncollected
from alsoread.press.files import is_inside, suffix, walk

__all__ = ["DigestArticles", "DigestPages", "DigestStatics"]


class DigestArticles(ArticlesGenerator):  # type: ignore[misc]
    """Stories, topics and their feeds."""

    state: State

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.readers: Any = DigestReaders(self.readers, self.state)

    def get_files(self, paths: Any, exclude: Any = None, extensions: Any = None) -> list[str]:
        """The files of the stories that a reader may see; in the order in which Pelican puts those it looks for
        translations in.
        """
        originals = self.state.digest.originals
        stories = sorted(self.state.digest.stories, key=lambda story: story.path)
        if not self._has_translations():
            stories.sort(key=lambda story: originals.get(story.path, story.slug))
        return [story.path for story in stories]

    def _has_translations(self) -> bool:
        """Whether any two stories have an original in common."""
        digest = self.state.digest
        originals = {digest.originals.get(story.path, story.slug) for story in digest.stories}
        return len(originals) < len(digest.stories)

    def check_disabled_readers(self) -> None:
        """Nothing: the archive says which files a digest does not read."""

    def get_cached_data(self, filename: str, default: Any = None) -> Any:
        """Nothing: there is no cache of Pelican's under the press, and the file need not be looked at for one."""
        return default

    def cache_data(self, filename: str, data: Any) -> None:
        """The same."""

    def generate_context(self) -> None:
        """Read the archive, then do as Pelican does."""
        self.state.load(self.settings)
        self.context["alsoread"] = self.state
        self.readers.begin(self.path, self.context)
        self._read_words()
        known_by = self.settings["ARTICLE_TRANSLATION_ID"]
        if known_by == "slug":
            # Pelican groups translations by what they have in common; that is the slug of their original. Where there
            # are none it need not look for them.
            self.settings["ARTICLE_TRANSLATION_ID"] = "original" if self._has_translations() else ""
        try:
            with only_groups_asked(self.state.digest.translations), uncollected():
                super().generate_context()
        finally:
            self.settings["ARTICLE_TRANSLATION_ID"] = known_by

    def _read_words(self) -> None:
        digest = self.state.digest
        described = [topic.path for topic in digest.vocabulary.topics.values()]
        described += [found.thread.path for found in digest.threads.values()]
        for path in sorted(path for path in described if digest.html.get(path)):
            words = Words(path, digest.html[path], self.settings, self.context)
            self.state.words[path] = words
            self.add_static_links(words)

    def _update_context(self, items: Iterable[str]) -> None:
        """As Pelican's; but a topic has the stories of the topics below it too, and the context has our lists."""
        if "tags" in items:
            self.tags = self._rolled_up()
            self.authors: list[Any] = _with_authors_of(self.translations, self.authors)
            self._add_lists()
        super()._update_context(items)

    def _rolled_up(self) -> dict[Any, list[Any]]:
        state = self.state
        rolled: dict[str, list[Any]] = {}
        tags: dict[str, Any] = {}
        own: Collection[str]
        above = cache(state.above)
        has_branches = bool(state.digest.vocabulary.branches.parent)
        for article in self.articles:
            if isinstance(article, Sleeping):
                topics = own = topics_of(article)
            else:
                # a plugin may have added others
                own = {tag.slug: isinstance(tag, Tag) for tag in getattr(article, "tags", ())}
                topics = tuple(slug for slug, is_topic in own.items() if is_topic)
            for slug in dict.fromkeys((*own, *chain.from_iterable(map(above, topics)))) if has_branches else own:
                listed = rolled.get(slug)
                if listed is None:
                    listed = rolled[slug] = []
                    tags[slug] = _own_tag(article, slug) if slug in own else state.tag(slug, self.settings)
                listed.append(article)
        for slug, paths in state.digest.stories_of.items():
            articles = [state.articles[path] for path in paths if path in state.articles]
            if slug not in rolled and articles and state.digest.translations.issuperset(paths):
                tags[slug], rolled[slug] = state.tag(slug, self.settings), articles
        return {tags[slug]: articles for slug, articles in rolled.items()}

    def _add_lists(self) -> None:
        state = self.state
        state.combinations.update(combinations_of(state, self.settings))
        curated = [(tag, articles) for tag, articles in self.tags.items() if _is_curated(tag)]
        self.context["topics"] = sorted(curated, key=lambda row: (str(row[0].name).casefold(), row[0].slug))
        self.context["branches"] = [tag for tag, _ in self.context["topics"] if not state.above(tag.slug)]
        self.context["navigation"] = self._navigation()
        by_name = sorted(self.tags.items(), key=lambda row: (-len(row[1]), str(row[0].name).casefold(), row[0].slug))
        self.context["topics_by_size"] = [
            (size, [tag for tag, _ in rows]) for size, rows in groupby(by_name, key=lambda row: len(row[1]))
        ]
        self.context["threads"] = [ThreadView(state, found) for found in state.digest.threads.values()]
        addresses = state.settings
        self.context["threads_url"] = page_url(addresses.threads_page) if state.digest.threads else ""
        self.context["sources_url"] = page_url(addresses.sources_page) if state.digest.outlets else ""
        self.context["sources"] = [OutletView(state, outlet) for outlet in state.digest.outlets.values()]

    def _navigation(self) -> list[Any]:
        """The topics that every page links to, in the order of the settings."""
        by_slug = {tag.slug: tag for tag in self.tags}
        wanted = self.state.settings.navigation
        return [by_slug[slug] for slug in wanted if slug in by_slug] if wanted else self.context["branches"]

    def generate_output(self, writer: Any) -> None:
        """As Pelican does; the writer is asked about the pages of stories."""
        self._writer = writer
        super().generate_output(writer)

    def generate_articles(self, write: Callable[..., None]) -> None:
        """As Pelican does, but for the pages of stories that need not be asked for."""
        names = ("translations", "articles", "hidden_translations", "hidden_articles")
        listed = {name: getattr(self, name) for name in names}
        asleep = [article for articles in listed.values() for article in articles if type(article) is Sleeping]
        passed = self._passed(asleep)
        try:
            for name in names:
                setattr(self, name, [article for article in listed[name] if id(article) not in passed])
            super().generate_articles(write)
        finally:
            for name in names:
                setattr(self, name, listed[name])

    def _passed(self, asleep: list[Sleeping]) -> set[int]:
        """The identities of those articles that sleep whose pages need not be asked for."""
        if not asleep:
            return set()
        by_place = {article.get_relative_source_path(): article for article in asleep}
        # all that sleep have the same
        passed = self._writer.pass_over(by_place, self.context, self.get_template(asleep[0].template))
        return {id(by_place[place]) for place in passed}

    def generate_tags(self, write: Callable[..., None]) -> None:
        """A page for each topic: as Pelican's, without its search of every list for every story."""
        template = self.get_template("tag")
        order = self._order()
        for tag, articles in self.tags.items():
            write(
                tag.save_as,
                template,
                self.context,
                tag=tag,
                url=tag.url,
                articles=articles,
                dates=sorted(articles, key=lambda article: order.get(id(article), len(order))),
                template_name="tag",
                blog=True,
                page_name=tag.page_name,
                all_articles=self.articles,
            )

    def generate_categories(self, write: Callable[..., None]) -> None:
        """A page for each category, in the same way."""
        self._write_lists(write, "category", self.categories)

    def generate_authors(self, write: Callable[..., None]) -> None:
        """A page for each author, in the same way."""
        self._write_lists(write, "author", self.authors)

    def _write_lists(self, write: Callable[..., None], kind: str, lists: Iterable[tuple[Any, list[Any]]]) -> None:
        template = self.get_template(kind)
        order = self._order()
        for wrapper, articles in lists:
            if wrapper.save_as:
                dated = [article for article in articles if id(article) in order]
                write(
                    wrapper.save_as,
                    template,
                    self.context,
                    url=wrapper.url,
                    **{kind: wrapper},
                    articles=articles,
                    dates=sorted(dated, key=lambda article: order[id(article)]),
                    template_name=kind,
                    blog=True,
                    page_name=wrapper.page_name,
                    all_articles=self.articles,
                )

    def _build_period_archives(self, sorted_articles: Any, articles: Any, settings: Any) -> Any:
        """As Pelican's, without its search of every list for every story, and with each period once: stories of other
        zones may have been published on another day in between.
        """
        by_day = sorted(sorted_articles, key=_day, reverse=self.context["NEWEST_FIRST_ARCHIVES"])
        archives = super()._build_period_archives(by_day, [], settings)
        order = {id(article): place for place, article in enumerate(articles)}
        dated = {id(article): place for place, article in enumerate(sorted_articles)}
        for period in (period for periods in archives.values() for period in periods):
            period["dates"].sort(key=lambda article: dated[id(article)])
            listed = (article for article in period["dates"] if id(article) in order)
            period["articles"] = sorted(listed, key=lambda article: order[id(article)])
        return archives

    def _order(self) -> dict[int, int]:
        """The place of each story, by its identity, in the list by date."""
        return {id(article): place for place, article in enumerate(self.dates)}


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
            self.state.report(refused_static(path))
        return False


def _day(article: Any) -> tuple[int, int, int]:
    """The day on which a story was published, where it was."""
    date = article.date
    return date.year, date.month, date.day


def _with_authors_of(translations: Iterable[Any], authors: list[Any]) -> list[Any]:
    """The authors of the stories in lists, and those that only translations have, whose pages link to them too."""
    known = {author for author, _ in authors}
    added: dict[Any, list[Any]] = {}
    for article in translations:
        for author in getattr(article, "authors", ()):
            if author not in known:
                added.setdefault(author, []).append(article)
    return sorted([*authors, *added.items()], key=lambda row: row[0]) if added else authors


def _own_tag(article: Any, slug: str) -> Any:
    """The last of a story's tags that has a slug."""
    tags = pinned_tags(article) if isinstance(article, Sleeping) else article.tags
    return {tag.slug: tag for tag in tags}[slug]


def _is_curated(tag: Any) -> bool:
    topic = getattr(tag, "topic", None)
    return topic is not None and bool(topic.curated)
