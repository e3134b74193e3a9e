"""How do the words of a topic or a thread become part of its page?

They stand on a page that Pelican makes of a list, so they are no content object of Pelican's; but their links and
pictures are found as those of stories are.
"""

import os
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from pelican import contents

from alsoread.news.sanitize import trusted

__all__ = ["Words"]


class Words(contents.Content):  # type: ignore[misc]
    """The words of one file. Pelican's constructor is left out: it would tell plugins of a page that there is none of.

    What a story moves to its own folder with ``{attach}`` stays where it is.
    """

    def __init__(self, path: str, html: str, settings: Mapping[str, Any], context: Any) -> None:
        self.settings = settings
        self.source_path = os.path.join(os.path.abspath(settings["PATH"]), path)
        self._context = context
        self._content = html.replace("{attach}", "{static}")

    @property
    def html(self) -> Markup:
        """The words with the addresses that their links have on the page that is being written."""
        return trusted(self._update_content(self._content, self.get_siteurl()))

    def __repr__(self) -> str:
        return f"Words({self.source_path!r})"
