"""How is a story compared with others whose words may never be needed?"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from alsoread.news.describe import Subject
from alsoread.news.sanitize import text_of
from alsoread.press.born import maker
from alsoread.story import Body, Story

__all__ = ["Unread"]


class Unread(Subject):
    """A story to be compared, whose words are fetched when they are asked for; ``mark`` stands for them. :meth:`of`
    makes it.

    ``body`` is as it was written, and ``read`` gives it as its readers read it.
    """

    __slots__ = ("_body", "_read")

    @staticmethod
    def of(
        story: Story, date: datetime, topics: tuple[str, ...], mark: str, body: Body, read: Callable[[], Body]
    ) -> "Unread":
        """A story with its date, topics and body."""
        return _unread(story.path, date, story.title, topics, story.lang, mark, body, read)

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


_unread: Final = maker(Unread, ("key", "date", "title", "topics", "lang", "mark", "_body", "_read"))
