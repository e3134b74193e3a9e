"""Where do Pelican's settings say that stories, pages, topics and threads are?"""

from collections.abc import Mapping
from typing import Any

from alsoread.archive import Folders
from alsoread.settings import DigestSettings

__all__ = ["folders_of"]


def folders_of(pelican_settings: Mapping[str, Any], settings: DigestSettings) -> Folders:
    """Where Pelican's settings say that stories, pages and topics are."""
    topics = settings.topic_paths
    exclude = (*pelican_settings["ARTICLE_EXCLUDES"], *pelican_settings["STATIC_PATHS"])
    return Folders(
        root=str(pelican_settings["PATH"]),
        stories=tuple(pelican_settings["ARTICLE_PATHS"]),
        pages=tuple(pelican_settings["PAGE_PATHS"]),
        topics=topics,
        threads=settings.thread_paths,
        exclude=tuple(folder for folder in exclude if folder),
        page_exclude=tuple(pelican_settings["PAGE_EXCLUDES"]),
        ignore=tuple(pelican_settings["IGNORE_FILES"]),
    )
