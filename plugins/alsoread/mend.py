"""Which pages have other words, now that nothing but the words of some stories was edited?

Then lists, links and addresses are as they were, and so are related stories, which are compared anew. A site is mended
in place of being built; where that is not sure, nobody touches it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Final

from alsoread.news.addresses import OLDEST, Addresses
from alsoread.news.body import BodyEngine
from alsoread.news.listed import Related
from alsoread.news.reprint import Elsewhere, html_of, reads_alike, records_of_elsewhere, reprinted, stands_alike
from alsoread.news.sanitize import escaped
from alsoread.news.shelved import mark_of_body
from alsoread.news.storyfile import Kind, StoryFile, read_story
from alsoread.news.unread import Unread
from alsoread.outputs.feeds import with_another_body
from alsoread.press.digests import Untold, digest
from alsoread.press.files import FileRefused, read_regular
from alsoread.press.marks import ABOUT, unsteadiness
from alsoread.press.mending import CONTENTS, CannotMend, Mending
from alsoread.press.output import Seen, Stage
from alsoread.press.reads import At
from alsoread.press.store import Store
from alsoread.related_edit import RelatedEdit
from alsoread.related_memory import RelatedMemory
from alsoread.settings import DigestSettings
from alsoread.shelf import STORY_TABLE, StoryMemory, story_memory

__all__ = ["Edition", "mend"]

# more would have to be compared together
_MOST: Final = 1


@dataclass(slots=True)
class Edition:
    """A digest in the content folder ``root`` as its last build left it, and the settings that hold still.

    ``markdown`` is Pelican's setting of that name; ``told_of`` are the files that the build had something to say of.
    ``environment`` gives that of the theme's templates, and the names that the settings give to pages.
    """

    root: str
    settings: DigestSettings
    markdown: Mapping[str, Any]
    addresses: Addresses
    environment: Callable[[], tuple[Any, Mapping[str, Any]]]
    told_of: frozenset[str] = frozenset()
    engine: BodyEngine = field(init=False)

    def __post_init__(self) -> None:
        self.engine = BodyEngine(self.markdown, self.settings.body_engine)


def mend(edition: Edition, stage: Stage, store: Store, paths: Sequence[str], seen: Seen) -> tuple[Mending, int]:
    """Put the site right, as it was ``seen``, for the files at some paths, which were edited, and let the store know.
    Gives with it how many of the files had to be read.

    :raises CannotMend: where that has to be told by a build; then the site is as it was, and so is what is saved of the
        store.
    """
    recipe = digest(*sorted((store.get("recipe", "pages") or {}).values()))
    memory = story_memory(store, recipe, edition.root, edition.settings, edition.markdown)
    mending, related = Mending(stage, store, seen), RelatedEdit(RelatedMemory(stage.work, recipe))
    said = 0
    try:
        for path in paths:
            said += _said_anew(_Edit(edition, store, memory, related, path), mending)
            if said > _MOST:
                raise CannotMend("several stories say something else")
        mending.commit()
        related.remember()
    finally:
        related.close()
    return mending, memory.read


def _said_anew(edit: "_Edit", mending: Mending) -> bool:
    """Let the site say what a file says; whether that is something else."""
    try:
        return edit.made(mending)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise CannotMend(f"what is remembered is not what it should be ({type(error).__name__}: {error})") from error


@dataclass(slots=True)
class _Edit:
    """One file that was edited."""

    edition: Edition
    store: Store
    memory: StoryMemory
    related: RelatedEdit
    path: str

    def made(self, mending: Mending) -> bool:
        """Let the site say what the file says; whether that is something else."""
        settings, kind = self.edition.settings, self._kind()
        before, elsewhere = self.memory.before(kind, self.path), self._elsewhere(self.path)
        if before is None or before.story is None:
            raise CannotMend(f"{self.path} is no story that is known")
        try:
            data = read_regular(self.edition.root, self.path, settings.max_bytes)
        except FileRefused as refused:
            raise CannotMend(refused.finding.message) from refused
        if self.memory.get(kind, self.path, data) is not None:
            # it was touched, or is what it was before it was edited
            return False
        after = read_story(data, self.path, settings, self.edition.engine, kind)
        if not reads_alike(before, after, elsewhere, settings):
            raise CannotMend(f"{self.path} says more than other words")
        if self.path in self.edition.told_of and not stands_alike(before.body, after.body):
            raise CannotMend(f"findings about {self.path} have other places")
        is_other = mark_of_body(before.body) != mark_of_body(after.body)
        if is_other:
            if unsteadiness(self.store) > 1:
                raise CannotMend("a page may have any body")
            lists = self._lists(kind, after, elsewhere)
            one, two = (html_of(file, elsewhere, settings) for file in (before, after))
            mending.replace(self.path, self._page(kind, after), lambda old: reprinted(one, two, old), with_another_body)
            for path, listed in lists.items():
                self._relist(mending, path, listed)
        try:
            self.memory.put_again(kind, self.path, data, after)
        except (Untold, UnicodeEncodeError) as error:
            raise CannotMend(f"{self.path} cannot be remembered") from error
        return is_other

    def _kind(self) -> Kind:
        return "story" if self.store.text(STORY_TABLE, f"story:{self.path}") is not None else "page"

    def _elsewhere(self, path: str) -> Elsewhere:
        """What other files decide of how a story reads."""
        try:
            return records_of_elsewhere().read(self.store.get(ABOUT, path))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise CannotMend(f"nothing is known of what {path} leads to") from error

    def _page(self, kind: Kind, file: StoryFile) -> str:
        addresses, story = self.edition.addresses, file.story
        if story is None:
            raise CannotMend(f"{file.path} has an error")
        address = addresses.of_story(story) if kind == "story" else addresses.of_page(story)
        return address.written or address.save_as

    def _lists(self, kind: Kind, file: StoryFile, elsewhere: Elsewhere) -> Mapping[str, Sequence[Related]]:
        """The related stories of those that have others now, by their files."""
        if kind == "page" or not self.edition.settings.related or (file.story and file.story.status == "hidden"):
            return {}
        subject = self._subject(file, elsewhere)
        lists = self.related.edited(subject, self._other)
        if lists is None or (lists and unsteadiness(self.store)):
            raise CannotMend("related stories may be others")
        return lists

    def _relist(self, mending: Mending, path: str, listed: Sequence[Related]) -> None:
        """Show others as the related stories of a story, on its page."""
        items = [
            {"article": At(CONTENTS, each.key), "kind": each.kind, "score": each.score}
            # where there is none it is sought when it is asked for, which a page that is rendered here cannot
            | ({"reason": each.reason} if each.reason else {})
            for each in listed
        ]
        mending.relist(path, self._page("story", self._file(path)), "related", items, self)

    def environment(self) -> tuple[Any, Mapping[str, Any]]:
        """What pages are rendered with, as :class:`~alsoread.press.mending.Stand` has it."""
        return self.edition.environment()

    def known(self, place: str, name: str) -> object:
        """An attribute of a story in a list, as its card has it."""
        story = self._file(place).story
        if story is None:
            raise LookupError(place)
        match name:
            case "title":
                return escaped(story.title)
            case "url":
                return self.edition.addresses.of_story(story).url
            case "slug" | "lang" | "date":
                return getattr(story, name)
        raise LookupError(name)

    def texts(self, place: str) -> Iterable[str]:
        """The longer texts of a story, plain and as HTML."""
        file = self._file(place)
        yield self._elsewhere(place).composing(file, self.edition.settings).summary(place, file.body)
        for text in _texts_in(file.story):
            yield from (text, escaped(text))

    def _other(self, path: str) -> Unread:
        return self._subject(self._file(path), self._elsewhere(path))

    def _file(self, path: str) -> StoryFile:
        """What the file of another story says."""
        file = self.memory.before("story", path)
        if file is None:
            raise CannotMend(f"nothing is known of {path}")
        return file

    def _subject(self, file: StoryFile, elsewhere: Elsewhere) -> Unread:
        """A story as it is compared with others."""
        story, path = file.story, file.path
        if story is None:
            raise CannotMend(f"{path} has an error")
        composing = elsewhere.composing(file, self.edition.settings)
        read = lambda: composing.read(path, file.body)  # noqa: E731
        mark = composing.mark(path, file.body)
        return Unread.of(story, story.date or OLDEST, elsewhere.topics, mark, file.body, read)


def _texts_in(value: object) -> Iterator[str]:
    """All texts in a record."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts_in(each)
    elif is_dataclass(value):
        for each in fields(value):
            yield from _texts_in(getattr(value, each.name))
