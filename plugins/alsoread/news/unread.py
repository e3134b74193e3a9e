"""How is a story compared with others whose words may never be needed?"""

from collections.abc import Callable
from datetime import datetime

from alsoread.news.describe import Subject
from alsoread.news.sanitize import text_of
from alsoread.story import Body, Story

__all__ = ["Unread"]


class Unread(Subject):
    """A story to be compared, whose words are fetched when they are asked for; ``mark`` stands for them."""

    __slots__ = ("_fetch",)

    def __init__(
        self, story: Story, date: datetime, topics: tuple[str, ...], mark: str, fetch: Callable[[], Body]
    ) -> None:
        values = (story.path, date, story.title, topics, story.lang, mark, fetch)
        for name, value in zip(("key", "date", "title", "topics", "lang", "mark", "_fetch"), values, strict=True):
            object.__setattr__(self, name, value)

    def _body(self) -> Body:
        fetch: Callable[[], Body] = object.__getattribute__(self, "_fetch")
        return fetch()

    @property
    def text(self) -> str:
        """All words."""
        return self._body().text

    @property
    def lead(self) -> str:
        """The summary, or the first words."""
        body = self._body()
        return text_of(body.summary_html) or body.lead
