"""How is a story compared with others whose words may never be needed?"""

from collections.abc import Callable
from datetime import datetime

from alsoread.news.describe import Subject
from alsoread.news.sanitize import text_of
from alsoread.story import Body, Story

__all__ = ["Unread"]


class Unread(Subject):
    """A story to be compared, whose words are fetched when they are asked for; ``mark`` stands for them.

    ``body`` is as it was written, and ``read`` gives it as its readers read it.
    """

    __slots__ = ("_body", "_read")

    def __init__(
        self, story: Story, date: datetime, topics: tuple[str, ...], mark: str, body: Body, read: Callable[[], Body]
    ) -> None:
        values = (story.path, date, story.title, topics, story.lang, mark, body, read)
        names = ("key", "date", "title", "topics", "lang", "mark", "_body", "_read")
        for name, value in zip(names, values, strict=True):
            object.__setattr__(self, name, value)

    def _as_read(self) -> Body:
        read: Callable[[], Body] = object.__getattribute__(self, "_read")
        return read()

    @property
    def text(self) -> str:
        """All words."""
        return self._as_read().text

    @property
    def lead(self) -> str:
        """The summary, or the first words."""
        body: Body = object.__getattribute__(self, "_body")
        return text_of(body.summary_html) or self._as_read().lead
