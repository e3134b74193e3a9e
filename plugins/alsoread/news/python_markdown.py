"""What does Python-Markdown, the default engine for bodies, make of a text?

One converter with Pelican's ``MARKDOWN`` settings is kept and used for one text after another.
"""

from collections.abc import Mapping
from typing import Any, Final

from markdown import Markdown, __version__
from markdown.extensions import Extension

from alsoread.news.marking import CrossLinkExtension, Paper
from alsoread.news.marks import Marked

__all__ = ["COMPARED", "PythonMarkdown"]

COMPARED: Final = frozenset({"3.11.3"})
"""The versions of the library that ``news.quick`` was compared with. Others work as they come."""

# front matter is read by ``news.frontmatter``
_UNWANTED: Final = frozenset({"markdown.extensions.meta", "meta"})


class PythonMarkdown:
    """A converter with Pelican's ``MARKDOWN`` settings."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._paper = Paper()
        self._markdown: Markdown | None = self._new()

    def convert(self, text: str, labels: tuple[str, ...], *, linking: bool) -> Marked:
        """HTML from Markdown."""
        # while it works, and after it was cut short half-way, a converter is in no state to be used again
        markdown, self._markdown = self._markdown or self._new(), None
        self._paper.labels = labels
        self._paper.linking = linking
        self._paper.length = len(text)
        self._paper.seen.clear()
        self._paper.named.clear()
        markdown.reset()
        html = markdown.convert(text)
        self._markdown = markdown
        return Marked(html, tuple(self._paper.seen), tuple(self._paper.named))

    def _new(self) -> Markdown:
        settings = dict(self._settings)
        configs = dict(settings.pop("extension_configs", {}))
        wanted = [*settings.pop("extensions", ()), *configs]
        extensions: list[str | Extension] = [name for name in dict.fromkeys(wanted) if name not in _UNWANTED]
        self._paper = Paper()
        extensions.append(CrossLinkExtension(self._paper))
        markdown = Markdown(extensions=extensions, extension_configs=configs, **settings)
        if __version__ not in COMPARED:
            return markdown
        from alsoread.news.quick import quickened  # names parts that other versions do not have

        return quickened(markdown)
