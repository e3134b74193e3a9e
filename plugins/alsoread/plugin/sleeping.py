"""How does a story stand in Pelican's lists without being made?

Pelican wants an object for each story, with all that templates may ask of it. Most stories stand in lists only: what
lists need is on the story's card. So a story begins as an article that is asleep. It answers from its card, and wakes
when anything else is asked of it: then it is made as every other article, and is the same object still.

Where somebody else may have a hand in the making of articles, none sleeps (``may_sleep``).
"""

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup
from pelican.contents import Content

from alsoread.news.addresses import Address, Addresses
from alsoread.news.sanitize import escaped, trusted
from alsoread.plugin.contents import Article, is_content_pelicans
from alsoread.plugin.views import Tag
from alsoread.press.later import moves_any
from alsoread.press.later import moves_files as holds_moves
from alsoread.story import Story

if TYPE_CHECKING:
    from alsoread.plugin.state import State

__all__ = ["Names", "Sleeping", "lull", "moves_files", "pinned_tags", "topics_of"]

# what no article has that may sleep
_LACKING: Final = frozenset({"override_save_as", "override_url", "modified", "category", "author", "authors"})
_KEPT: Final = ("translations", "tags", "category", "author", "authors")


Names = Callable[[Story, bool], tuple[dict[str, Any], bool]]
"""Gives the attributes that name the category and the authors of a story, as far as it has any; and whether these are
its own, as with Pelican. While lists are gathered, which it is told, one stands for all of the same name; it is the
first story's own.
"""


def _own(article: "Sleeping") -> dict[str, Any]:
    """The attributes that a sleeping article has of its own."""
    values: dict[str, Any] = vars(Content)["__dict__"].__get__(article)
    return values


class Sleeping(Article):
    """An article that has not been made. Its class becomes ``Article`` when it is."""

    def __init__(
        self,
        story: Story,
        settings: Mapping[str, Any],
        source_path: str,
        context: Mapping[str, Any],
        names: "Names",
    ) -> None:
        """``names`` gives the category and the authors of a story."""
        _own(self).update(
            _names=names,
            story=story,
            settings=settings,
            source_path=source_path,
            original=context["alsoread"].digest.originals.get(story.path, story.slug),
            translations=[],
            _context=context,
            _story_file=source_path,
            _status=story.status,
        )

    def _wake(self) -> None:
        own = _own(self)
        state: State = own["_context"]["alsoread"]
        kept: dict[str, Any] = {name: own[name] for name in _KEPT if name in own}
        try:
            made = state.made(own["story"].path)
        except AttributeError as error:
            # it would seem that there is no such attribute
            raise RuntimeError(f"{own['story'].path} cannot be made: {error}") from error
        object.__setattr__(self, "__class__", Article)
        self.__dict__ = made.__dict__
        # what somebody has met already is the same object still
        self.metadata.update({name: value for name, value in kept.items() if name in self.metadata})
        self.__dict__.update(kept)
        state.awake.append((self, own))

    def __getattr__(self, name: str) -> Any:
        """Whatever is not on the card."""
        if name in _LACKING or (name.startswith("__") and name.endswith("__")):
            raise AttributeError(name)
        self._wake()
        return getattr(self, name)

    def __setattr__(self, name: str, value: object) -> None:
        if name in ("translations", "original"):
            _own(self)[name] = value
            return
        self._wake()
        setattr(self, name, value)

    @property
    def __dict__(self) -> dict[str, Any]:
        """All attributes, as of an article that was made."""
        self._wake()
        return self.__dict__

    @__dict__.setter
    def __dict__(self, values: dict[str, Any]) -> None:
        self._wake()
        self.__dict__ = values

    def __reduce_ex__(self, protocol: Any) -> Any:
        self._wake()
        return self.__reduce_ex__(protocol)

    # the card

    @property
    def title(self) -> Markup:
        """The headline."""
        own = _own(self)
        if "_title" not in own:
            # the same each time: what pages found is known by the object
            own["_title"] = escaped(self.story.title)
        title: Markup = own["_title"]
        return title

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        return self.story.slug

    @property
    def lang(self) -> str:
        """Its language."""
        return self.story.lang

    @property
    def in_default_lang(self) -> bool:
        """Whether it is in the site's language."""
        return self.story.lang == str(self.settings["DEFAULT_LANG"]).lower()

    @property
    def date(self) -> Any:
        """When it was published."""
        return self.story.date

    @property
    def modified(self) -> Any:
        """When it was changed, if that is told."""
        if self.story.modified is None:
            raise AttributeError("modified")
        return self.story.modified

    @property
    def tags(self) -> list[Tag]:
        """Its topics; nothing while Pelican gathers the lists of all, which a digest does for itself."""
        return pinned_tags(self) if "articles" in self._context else []

    @property
    def category(self) -> Any:
        """Its category, if it has one."""
        return self._named("category")

    @property
    def authors(self) -> Any:
        """Its authors, if it has any."""
        return self._named("authors")

    @property
    def author(self) -> Any:
        """The first of them."""
        return self._named("author")

    def _named(self, name: str) -> Any:
        own = values = _own(self)
        if "_names" in own:
            is_gathering = "articles" not in own["_context"]
            if is_gathering and "_gathered" in own:
                values = own["_gathered"]
            else:
                values, is_own = own["_names"](self.story, is_gathering)
                if is_own:
                    del own["_names"]
                    own.pop("_gathered", None)
                    own.update(values)
                else:
                    own["_gathered"] = values
        if name not in values:
            raise AttributeError(name)
        return values[name]

    @property
    def template(self) -> str:
        """The template of its page."""
        return str(Article.default_template)

    @property
    def relative_source_path(self) -> str:
        """Its file, from the content folder."""
        return self.story.path

    @property
    def url(self) -> str:
        """The address of its page."""
        return self._address.url

    @property
    def save_as(self) -> str:
        """The file of its page."""
        return self._address.written or self._address.save_as

    @property
    def _address(self) -> Address:
        addresses: Addresses = self._context["alsoread"].addresses
        return addresses.of_story(self.story)

    @property
    def summary(self) -> Markup:
        """The summary that was written, or the first paragraph."""
        own = _own(self)
        if "_summary" not in own:
            state: State = self._context["alsoread"]
            own["_summary"] = trusted(state.digest.summaries[self.story.path])
        summary: Markup = own["_summary"]
        return summary

    def get_summary(self, siteurl: str) -> Markup:
        """The same: a summary with links does not sleep."""
        return self.summary

    @property
    def content(self) -> Markup:
        """Its body as HTML."""
        return self.get_content(self.get_siteurl())

    def get_content(self, siteurl: str) -> Markup:
        """The same, with the links that Pelican resolves; whoever asks for it may ask again at once."""
        if moves_files(self) or not is_content_pelicans():
            self._wake()
            return self.get_content(siteurl)
        state: State = self._context["alsoread"]
        digest, path, address, html = state.shown
        if digest is not state.digest or path != self.story.path or address != siteurl:
            html = trusted(state.digest.html[self.story.path])
            if "{" in html or "|" in html:
                html = trusted(self._update_content(html, siteurl))
            state.shown = (state.digest, self.story.path, siteurl, html)
        return html

    def is_valid(self) -> bool:
        """Whether it can be published: its front matter was checked, its place has to be one in the site."""
        save_as = self.save_as
        return (".." not in save_as and save_as[:1] != "/") or bool(self._has_valid_save_as())

    def get_static_links(self) -> set[str]:
        """The static files that its body names."""
        state: State = self._context["alsoread"]
        if not any(link[1:].startswith(("static", "attach")) for link in state.digest.led.get(self.story.path, ())):
            return set()
        self._wake()
        found: set[str] = self.get_static_links()
        return found

    def refresh_metadata_intersite_links(self) -> None:
        """Nothing: a summary with links does not sleep."""


# templates may ask for the name of an article's class
Sleeping.__name__, Sleeping.__qualname__, Sleeping.__module__ = (
    Article.__name__,
    Article.__qualname__,
    Article.__module__,
)


def topics_of(article: Sleeping) -> tuple[str, ...]:
    """The slugs of its topics."""
    state: State = article._context["alsoread"]
    return state.digest.vocabulary.of_story.get(article.story.path, ())


def pinned_tags(article: Sleeping) -> list[Tag]:
    """Its topics, the same objects from now on."""
    own = _own(article)
    if "tags" not in own:
        state: State = article._context["alsoread"]
        topics = state.digest.vocabulary.topics_of(article.story.path)
        own["tags"] = [Tag(topic, article.settings, state) for topic in topics]
    tags: list[Tag] = own["tags"]
    return tags


def lull(state: "State") -> None:
    """Let the articles that were woken sleep again. Nobody but Pelican may have set anything of them meanwhile.

    What was met meanwhile stays: pages that wait are asked for with the same objects. In processes of their own there
    are no such pages, and it is let go.
    """
    keeps = os.getpid() == state.process
    for article, own in state.awake:
        if keeps:
            own.update({name: value for name, value in vars(article).items() if name in _KEPT})
            own.pop("_names", None)
        article.__dict__ = own
        article.__class__ = Sleeping
    state.awake.clear()


def moves_files(content: Any) -> bool:
    """Whether a content moves files when its words are asked for; one that sleeps is not woken by this."""
    if type(content) is not Sleeping:
        return moves_any(content)
    state: State = content._context["alsoread"]
    return any(map(holds_moves, state.digest.led.get(content.story.path, ())))
