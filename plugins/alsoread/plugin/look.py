"""How does the page of a story look now, before the site has been built again?

As the last build would have made it with the story's file as it is now: that build's generators, context, templates and
digest are still there, and nothing is made anew but this story and its page. A page is shown in this way only if it
came out so, byte for byte, as the build wrote it: then nobody else had a hand in it. Nothing is written anywhere.
"""

import copy
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from pelican import contents
from pelican.generators import ArticlesGenerator, PagesGenerator
from pelican.writers import Writer

from alsoread.archive import is_slow
from alsoread.news.anew import with_file
from alsoread.news.body import BodyEngine
from alsoread.news.storyfile import Kind, StoryFile, read_story
from alsoread.plugin.state import State
from alsoread.press.files import FileRefused, read_regular
from alsoread.press.foreign import is_anybody_listening, is_foreign
from alsoread.press.later import heard, moves_files

__all__ = ["LiveSite", "Look"]

_LARGEST_PAGE: Final = 64 * 1024 * 1024
# what the generators go through, by both their names
_LISTS: Final = (
    "translations",
    "hidden_translations",
    "hidden_articles",
    "hidden_pages",
    "draft_pages",
    "draft_translations",
)


@dataclass(frozen=True, slots=True)
class Look:
    """What the page of a story is now: its file below the output folder, and its bytes."""

    save_as: str
    data: bytes


@dataclass(slots=True)
class LiveSite:
    """What the last build of a digest left in memory, in ``pelican`` and its ``state``. A look leaves it as it was, so
    that each page is what the build would make if nothing else had changed.
    """

    pelican: Any
    state: State
    engine: BodyEngine
    _as_built: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, pelican: Any) -> "LiveSite | None":
        """The site that an instance has built; None where other code than ours and Pelican's had a hand in it."""
        state: State | None = getattr(pelican, "alsoread", None)
        hands = pelican.alsoread_press.hands
        kinds = [type(pelican), *(type(generator) for generator in pelican.alsoread_press.generators)]
        if state is None or hands is None or hands.between or hands.after or is_anybody_listening():
            return None
        if any(is_foreign(kind.__module__) for kind in kinds):
            return None
        return cls(pelican, state, BodyEngine(pelican.settings["MARKDOWN"], state.settings.body_engine))

    def has(self, path: str) -> bool:
        """Whether a file below the content folder is that of a story or page which readers of the preview see."""
        return path in self.state.stories_by_path

    def look(self, path: str) -> Look | None:
        """The page of the story whose file that is, below the content folder; None where only a build can tell it."""
        content = self.pelican.alsoread_press.generators[0].context["generated_content"].get(path)
        if not isinstance(content, contents.Article | contents.Page) or path not in self.state.stories_by_path:
            return None
        with heard():
            if not self._is_as_built(path, content):
                return None
            file = self._read(path, "story" if isinstance(content, contents.Article) else "page")
            return self._changed(content, file) if file is not None else None

    def rehearse(self) -> None:
        """Make a page that nobody asked for: the first takes longer than those after it."""
        newest = next(iter(self.state.digest.stories), None)
        if newest is not None:
            self.look(newest.path)

    def _is_as_built(self, path: str, content: Any) -> bool:
        """Whether the file of the page is what we make of the story as the build knew it; looked at once."""
        if path not in self._as_built:
            try:
                written = read_regular(self.pelican.settings["OUTPUT_PATH"], content.save_as, _LARGEST_PAGE)
            except FileRefused:
                # it may be there later: just now another build may be putting its files in place
                return False
            self._as_built[path] = self._rendered(content) == written
        return self._as_built[path]

    def _read(self, path: str, kind: Kind) -> StoryFile | None:
        settings = self.state.settings
        try:
            data = read_regular(self.pelican.settings["PATH"], path, settings.max_bytes)
        except FileRefused:
            return None
        file = read_story(data, path, settings, self.engine, kind)
        return None if is_slow(file.findings) else file

    def _changed(self, content: Any, file: StoryFile) -> Look | None:
        """The page with the file's words in it."""
        state = self.state
        digest = with_file(state.digest, file, state.settings)
        if digest is None or file.story is None or moves_files(digest.html[file.path] + file.body.summary_html):
            return None
        place, before = (content.save_as, content.url), (state.digest, state.stories_by_path, content.__dict__)
        state.digest, state.stories_by_path = digest, {**state.stories_by_path, file.path: file.story}
        try:
            self._become(content, file.path)
            if (content.save_as, content.url) != place:
                raise _NoLook
            return Look(content.save_as, self._rendered(content))
        finally:
            state.digest, state.stories_by_path, content.__dict__ = before

    def _become(self, content: Any, path: str) -> None:
        """Let a content object be what its file says now: every list that holds it holds the same object still."""
        generator, settings = self._generator(content), self.pelican.settings
        kind = contents.Article if isinstance(content, contents.Article) else contents.Page
        new = generator.readers.read_file(settings["PATH"], path, kind, context=generator.context)
        if path in self.state.articles:
            self.state.articles[path] = content
        generator.context["localsiteurl"] = settings["SITEURL"]
        new.refresh_metadata_intersite_links()
        if not new.is_valid():
            raise _NoLook
        new.translations = content.translations
        content.__dict__ = new.__dict__

    def _rendered(self, content: Any) -> bytes:
        """The page of a content object, with the names that Pelican's own generator gives it."""
        _forget_texts()
        generator, settings = self._generator(content), self.pelican.settings
        generator.context["localsiteurl"] = settings["SITEURL"]
        alone, writer = copy.copy(generator), _Catcher(settings["OUTPUT_PATH"], settings)
        for name in _LISTS:
            setattr(alone, name, [])
        try:
            if isinstance(content, contents.Article):
                alone.articles = [content]
                alone.generate_articles(partial(writer.write_file, relative_urls=settings["RELATIVE_URLS"]))
            else:
                alone.pages = [content]
                alone.generate_output(writer)
        except _Caught as caught:
            return caught.text.encode("utf-8")
        raise _NoLook

    def _generator(self, content: Any) -> Any:
        kind = ArticlesGenerator if isinstance(content, contents.Article) else PagesGenerator
        return next(each for each in self.pelican.alsoread_press.generators if isinstance(each, kind))


class _NoLook(Exception):
    """Only a build can tell how the page looks."""


class _Caught(Exception):
    """The text of a page, on its way past everything that would write it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class _Catcher(Writer):  # type: ignore[misc]
    """Pelican's writer, stopped before it writes."""

    def write_file(self, name: Any, template: Any, *args: Any, **kwargs: Any) -> None:
        super().write_file(name, _CaughtTemplate(template), *args, **kwargs)


@dataclass(frozen=True, slots=True)
class _CaughtTemplate:
    template: Any

    def render(self, names: Any) -> str:
        raise _Caught(self.template.render(names))


def _forget_texts() -> None:
    """Pelican remembers the texts of contents by the objects, which may be something else now."""
    for name in ("get_content", "get_summary"):
        vars(contents.Content)[name].cache.clear()
