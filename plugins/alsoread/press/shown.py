"""Which bodies did a page take, and did they go to it as they are?

A page that shows a body and does nothing else with it is the same page around another body.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from markupsafe import Markup

from alsoread.press.reads import Root

__all__ = ["BODIES", "BODY", "Shown", "is_of_body"]

BODY: Final = "content"
"""The attribute by which a content gives its body."""

BODIES: Final = frozenset({BODY, "_content", "get_content", "__dict__"})
"""All that give it, besides what begins with an underscore."""


def is_of_body(name: str) -> bool:
    """Whether an attribute of a content gives its body, or things by which it can be reached."""
    return name in BODIES or name[:1] == "_"


class Shown:
    """By the places of contents whose body was taken, the text that went to the page; None where it may have been used
    in another way.
    """

    def __init__(self) -> None:
        self.bodies: dict[str, str | None] = {}
        self._asides = 0
        self._shows: bool | None = None

    @contextmanager
    def showing(self, is_escaped: bool) -> Iterator[None]:
        """A body that is taken meanwhile goes to the page, ``is_escaped`` or as it is, and nowhere else."""
        self._shows = is_escaped
        try:
            yield
        finally:
            self._shows = None

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is shown meanwhile goes to the template, which may do anything with it before it goes to the page."""
        self._asides += 1
        try:
            yield
        finally:
            self._asides -= 1

    def note(self, root: Root | None, text: object) -> None:
        """What gives a body was taken from the content at a root."""
        if root is None:
            return
        kind = type(text)
        is_shown = kind is Markup or (kind is str and self._shows is False)
        is_alone = self._shows is not None and not self._asides and root[1] not in self.bodies
        self.bodies[root[1]] = str(text) if is_shown and is_alone else None
