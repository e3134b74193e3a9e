"""How do pages look now that a story was saved, before the site has been built again?

As the last build would have made them with the story's file as it is now: that build's context, templates and digest
are still there, and nothing is made anew but this story and the pages that are wanted. A page is shown in this way only
if it comes out, before the change, as the build wrote it, byte for byte: then nobody else had a hand in it. Nothing is
written anywhere.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from pelican import contents
from pelican.generators import ArticlesGenerator, PagesGenerator

from alsoread.news.anew import keeps_lists, with_file
from alsoread.news.body import BodyEngine
from alsoread.news.storyfile import StoryFile, read_story
from alsoread.plugin.state import State
from alsoread.press.calls import Call
from alsoread.press.files import FileRefused, read_regular
from alsoread.press.foreign import is_anybody_listening, is_foreign
from alsoread.press.later import heard, moves_files
from alsoread.press.press import Press
from alsoread.press.session import forget_texts
from alsoread.shelf import is_slow

__all__ = ["LiveSite"]

_LARGEST_PAGE: Final = 64 * 1024 * 1024


@dataclass(slots=True)
class LiveSite:
    """What the last build of a digest left in memory. A look leaves it as it was, so that each page is what the build
    would make if nothing else had changed.
    """

    settings: dict[str, Any]
    state: State
    press: Press
    calls: dict[str, Call]
    engine: BodyEngine
    _as_built: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, pelican: Any) -> "LiveSite | None":
        """The site that an instance has built; None where other code than ours and Pelican's had a hand in it."""
        state: State | None = getattr(pelican, "alsoread", None)
        press: Press = pelican.alsoread_press
        hands, kinds = press.hands, [type(pelican), *map(type, press.generators)]
        if state is None or press.calls is None or hands is None or hands.between or hands.after:
            return None
        if is_anybody_listening() or any(is_foreign(kind.__module__) for kind in kinds):
            return None
        engine = BodyEngine(pelican.settings["MARKDOWN"], state.settings.body_engine)
        return cls(pelican.settings, state, press, press.calls, engine)

    @property
    def context(self) -> dict[str, Any]:
        """The names that all pages share."""
        context: dict[str, Any] = self.press.generators[0].context
        return context

    def has(self, path: str) -> bool:
        """Whether a file below the content folder is that of a story or page which has a page in the preview."""
        content = self.context["generated_content"].get(path)
        return path in self.state.stories_by_path and content is not None and content.save_as in self.calls

    def looks(self, paths: Iterable[str], viewed: Iterable[str] = ()) -> dict[str, bytes]:
        """Pages by their files: those of the stories whose files were saved, and others that somebody looks at.

        Stories that :meth:`has` knows; where only a build can tell a page, it is left out.
        """
        with heard():
            known = {path: self.context["generated_content"][path] for path in paths}
            others = {page for page in viewed if page in self.calls} - {each.save_as for each in known.values()}
            sound = {page for page in others if self._is_as_built(page)}
            known = {path: each for path, each in known.items() if self._is_as_built(each.save_as)}
            files = [file for path in known if (file := self._read(path, known[path])) is not None]
            with self._saved([(known[file.path], file) for file in files]) as (changed, in_place):
                wanted = {each.save_as: each for each in changed} | (dict.fromkeys(sound) if in_place else {})
                return {page: text for page, each in wanted.items() if (text := self._text(page, each)) is not None}

    def rehearse(self) -> None:
        """Make a page that nobody asked for: the first takes longer than those after it."""
        self.looks([story.path for story in self.state.digest.stories[:1] if self.has(story.path)])

    def _is_as_built(self, page: str) -> bool:
        """Whether the file of a page is what we make of it as the build knew it; looked at once."""
        if page not in self._as_built:
            try:
                written = read_regular(self.settings["OUTPUT_PATH"], page, _LARGEST_PAGE)
            except FileRefused:
                # it may be there later: just now another build may be putting its files in place
                return False
            self._as_built[page] = self._text(page) == written
        return self._as_built[page]

    def _text(self, page: str, content: Any = None) -> bytes | None:
        """A page as it is now; None where it cannot be rendered, which the build will tell."""
        # Pelican remembers texts by their objects, which may be something else now
        forget_texts()
        names = {"category": content.category} if hasattr(content, "category") else {}
        try:
            return self.calls[page].again(self.context, **names).encode("utf-8")
        except Exception:  # noqa: BLE001 - whatever a template raises
            return None

    def _read(self, path: str, content: Any) -> StoryFile | None:
        settings = self.state.settings
        try:
            data = read_regular(self.settings["PATH"], path, settings.max_bytes)
        except FileRefused:
            return None
        file = read_story(data, path, settings, self.engine, "story" if _is_article(content) else "page")
        return None if is_slow(file.findings) else file

    @contextmanager
    def _saved(self, files: list[tuple[Any, StoryFile]]) -> Iterator[tuple[list[Any], bool]]:
        """For the time of the block the stories are what their files say, but for those of which only a build can tell
        that: those that are, and whether all lists of all stories are as they were.
        """
        state = self.state
        before = state.digest, state.stories_by_path, [(content, content.__dict__) for content, _ in files]
        changed, in_place = [], True
        try:
            for content, file in files:
                story = content.story
                if self._become(content, file):
                    changed.append(content)
                    in_place = in_place and keeps_lists(story, content.story)
            yield changed, in_place
        finally:
            state.digest, state.stories_by_path, known = before
            for content, values in known:
                content.__dict__ = values

    def _become(self, content: Any, file: StoryFile) -> bool:
        """Let a content be what a file says: the same object, so that everything which has it has it still."""
        state, story = self.state, file.story
        digest = with_file(state.digest, file, state.settings)
        if digest is None or story is None or moves_files(digest.html[file.path] + file.body.summary_html):
            return False
        before = state.digest, state.stories_by_path
        state.digest, state.stories_by_path = digest, {**state.stories_by_path, file.path: story}
        new = self._made(content, file.path)
        if new is None:
            state.digest, state.stories_by_path = before
            return False
        content.__dict__ = new.__dict__
        return True

    def _made(self, content: Any, path: str) -> Any:
        """A content made as Pelican makes it; None where it would be another page, or none."""
        kind = contents.Article if _is_article(content) else contents.Page
        generators = ArticlesGenerator if _is_article(content) else PagesGenerator
        generator = next(each for each in self.press.generators if isinstance(each, generators))
        self.context["localsiteurl"] = self.settings["SITEURL"]
        new = generator.readers.read_file(self.settings["PATH"], path, kind, context=self.context)
        if path in self.state.articles:
            self.state.articles[path] = content
        new.refresh_metadata_intersite_links()
        new.translations = content.translations
        place = new.save_as, new.url, new.template
        return new if new.is_valid() and place == (content.save_as, content.url, content.template) else None


def _is_article(content: Any) -> bool:
    return isinstance(content, contents.Article)
