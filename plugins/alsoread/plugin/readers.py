"""How do Pelican's readers give the story of a file that has been read already?

As an article that is made, or as one that sleeps until more is asked of it than its card tells.
"""

import os
import re
from functools import partial
from typing import Any

from pelican import contents
from pelican.readers import default_metadata, parse_path_metadata, path_metadata
from pelican.urlwrappers import Author, Category

from alsoread.plugin.contents import Article, Page, make_metadata, named
from alsoread.plugin.may_sleep import can_sleep, may_sleep, names_in_paths
from alsoread.plugin.sleeping import Sleeping
from alsoread.plugin.state import State
from alsoread.story import Story

__all__ = ["DigestReaders"]


class DigestReaders:
    """Pelican's readers, except that a story's file has been read already."""

    def __init__(self, stock: Any, state: State) -> None:
        self._stock = stock
        self._state = state
        self._may_sleep = False
        self._are_dated = False
        self._has_paths: dict[str, bool] = {}
        self._patterns: tuple[re.Pattern[str] | None, re.Pattern[str] | None] = (None, None)
        self._folder = ""
        self._met: set[int] = set()
        self._gathered: dict[tuple[str, str, tuple[str, ...]], dict[str, Any]] = {}
        self._names: Any = None
        self._categories: dict[str, Any] = {}
        self._wrappers: dict[tuple[Any, str], Any] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stock, name)

    def begin(self, base_path: str, context: Any) -> None:
        """The archive was read: from now on articles can be made, and some may sleep."""
        self._categories.clear()
        self._wrappers.clear()
        self._met.clear()
        self._gathered.clear()
        self._has_paths.clear()
        settings = self._stock.settings
        patterns = (settings["FILENAME_METADATA"], settings["PATH_METADATA"])
        by_name, by_path = (re.compile(pattern) if pattern else None for pattern in patterns)
        self._patterns = by_name, by_path
        self._folder = os.path.join(os.path.abspath(base_path), "")
        self._names = partial(self._names_of, base_path)
        self._may_sleep = may_sleep(self._state, settings)
        self._are_dated = "date" in names_in_paths(settings)
        self._state.made = lambda path: self._article_of(base_path, path, context)

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
        is_article = content_class is not None and issubclass(content_class, contents.Article)
        # without the signals of a generator it is one article that somebody asks for
        if is_article and preread_signal and self._sleeps(base_path, story):
            content = self._sleeping(story, context)
            state.articles[path] = content
            return content
        if preread_signal:
            preread_signal.send(preread_sender)
        metadata = self._metadata(base_path, story)
        if context_signal:
            context_signal.send(context_sender, metadata=metadata)
        content = (Article if is_article else Page)(
            content=state.digest.html[path],
            metadata=metadata,
            settings=self._stock.settings,
            source_path=os.path.join(os.path.abspath(base_path), path),
            context=context,
        )
        content.original = state.digest.originals.get(path, story.slug)
        if is_article:
            state.articles[path] = content
        return content

    def _metadata(self, base_path: str, story: Story) -> dict[str, Any]:
        state, settings, path = self._state, self._stock.settings, story.path
        metadata = {**self._of_path(base_path, path), "reader": "markdown"}
        topics = state.digest.vocabulary.topics_of(path)
        metadata.update(make_metadata(story, state.digest.bodies[path], topics, settings, state))
        is_translation = path in state.digest.translations
        if is_translation or "translation" in metadata:
            metadata["translation"] = str(is_translation).lower()
        return metadata

    def _of_path(self, base_path: str, path: str) -> dict[str, Any]:
        """What Pelican takes from the settings and the path of a file."""
        settings, process = self._stock.settings, self._stock.readers["md"].process_metadata
        return {
            **default_metadata(settings=settings, process=process),
            **path_metadata(full_path=os.path.join(base_path, path), source_path=path, settings=settings),
            **parse_path_metadata(source_path=path, settings=settings, process=process),
        }

    def _sleeps(self, base_path: str, story: Story) -> bool:
        """Whether the article of a story can sleep."""
        if not self._may_sleep or not can_sleep(story):
            return False
        given = self._stock.settings["EXTRA_PATH_METADATA"]
        if given and any(story.path == path or story.path.startswith(os.path.join(path, "")) for path in given):
            return False
        return not self._are_dated or self._has_path(base_path, story.path)

    def _has_path(self, base_path: str, path: str) -> bool:
        """Whether Pelican can read a file's name: where the day in it is none, it has no article.

        All names that say nothing are as good as one.
        """
        key = path if self._says_anything(path) else ""
        if key not in self._has_paths:
            try:
                self._of_path(base_path, path)
            except ValueError:
                self._has_paths[key] = False
            else:
                self._has_paths[key] = True
        return self._has_paths[key]

    def _says_anything(self, path: str) -> bool:
        """Whether Pelican takes anything from a file's name."""
        by_name, by_path = self._patterns
        if by_name is not None and by_name.match(os.path.splitext(os.path.basename(path))[0]):
            return True
        return by_path is not None and by_path.match(path) is not None

    def _sleeping(self, story: Story, context: Any) -> Sleeping:
        return Sleeping(story, self._stock.settings, self._folder + story.path, context, self._names)

    def _names_of(self, base_path: str, story: Story, is_gathering: bool) -> tuple[dict[str, Any], bool]:
        """As :data:`~alsoread.plugin.sleeping.Names`."""
        key = (story.category, "" if story.category else story.path.rpartition("/")[0], story.authors)
        if is_gathering and key in self._gathered:
            return self._gathered[key], False
        settings = self._stock.settings
        category = self._known(Category, story.category) if story.category else self._of_folder(base_path, story.path)
        authors = [self._known(Author, name) for name in story.authors]
        if not authors and "AUTHOR" in settings:
            authors = [self._known(Author, "")]
        names = authors if category is None else [category, *authors]
        if is_gathering and self._met.issuperset(map(id, names)):
            self._gathered[key] = found = _as_attributes(category, authors)
            return found, False
        own = []
        for name in names:
            is_first = is_gathering and id(name) not in self._met
            own.append(name if is_first else _copied(name))
            self._met.update([id(name)] if is_first else [])
        return (_as_attributes(None, own) if category is None else _as_attributes(own[0], own[1:])), True

    def _known(self, kind: Any, name: str) -> Any:
        """The category or author of a name, whose slug is known; of no name, the author of the site."""
        known = self._wrappers.get((kind, name))
        if known is None:
            settings = self._stock.settings
            known = named(kind, name, settings) if name else kind(settings["AUTHOR"], settings)
            self._wrappers[kind, name] = known
        return known

    def _of_folder(self, base_path: str, path: str) -> Any:
        """The category that a story has by its folder: all that its path decides, where it may sleep."""
        folder = path.rpartition("/")[0]
        if folder not in self._categories:
            category = self._of_path(base_path, path).get("category")
            self._categories[folder] = category
            # so that copies know it
            _ = getattr(category, "slug", "")
        return self._categories[folder]

    def _article_of(self, base_path: str, path: str, context: dict[str, Any]) -> Any:
        """The article of a story that has slept, as it would have been made with the others."""
        state, asleep, address = self._state, self._state.articles.get(path), context.get("localsiteurl")
        context["localsiteurl"] = self._stock.settings["SITEURL"]
        try:
            made = self.read_file(base_path, path, contents.Article, context=context)
            made.refresh_metadata_intersite_links()
            return made
        finally:
            context["localsiteurl"] = address
            if asleep is not None:
                state.articles[path] = asleep


def _as_attributes(category: Any, authors: list[Any]) -> dict[str, Any]:
    """The attributes of an article that has a category, or none, and authors."""
    named = {} if category is None else {"category": category}
    return {**named, "authors": authors, "author": authors[0]} if authors else named


def _copied(wrapper: Any) -> Any:
    """Another category or author that says the same, in a third of the time that ``copy`` takes."""
    made = object.__new__(type(wrapper))
    vars(made).update(vars(wrapper))
    return made
