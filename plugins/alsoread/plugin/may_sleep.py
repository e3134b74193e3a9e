"""Which articles may sleep?

None where somebody else may have a hand in them, or where a setting decides what their cards do not tell.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from pelican.settings import DEFAULT_CONFIG

from alsoread.plugin.addresses import simple_fields
from alsoread.plugin.contents import is_pelicans
from alsoread.press.foreign import is_anybody_listening
from alsoread.story import Story

if TYPE_CHECKING:
    from alsoread.plugin.state import State

__all__ = ["can_sleep", "may_sleep", "names_in_paths"]

_ADDRESSES: Final = ("ARTICLE_URL", "ARTICLE_SAVE_AS", "ARTICLE_LANG_URL", "ARTICLE_LANG_SAVE_AS")
# what a story's front matter decides, whatever its path says
_OF_THE_STORY: Final = frozenset({"title", "slug", "lang", "status", "tags", "date", "story"})
# what decides the answers of a card, or is made of other texts, if somebody names a field so
_OF_THE_CARD: Final = frozenset(
    {"save_as", "url", "template", "category", "author", "authors", "modified", "summary", "translation", "timezone"}
    | {"override_save_as", "override_url", "translations"}
)
# by these Pelican may ask for categories and authors before it gathers their lists
_ASKING: Final = frozenset({"category", "author", "authors"})


def may_sleep(state: "State", settings: Mapping[str, Any]) -> bool:
    """Whether the articles of a site may sleep: nobody else makes them, and their cards tell what Pelican would."""
    if is_anybody_listening() or not is_pelicans():
        return False
    if settings["DEFAULT_METADATA"] or settings.get("DEFAULT_DATE") == "fs":
        return False
    if settings["INTRASITE_LINK_REGEX"] != DEFAULT_CONFIG["INTRASITE_LINK_REGEX"]:
        return False
    order = settings["ARTICLE_ORDER_BY"]
    if not isinstance(order, str) or order.removeprefix("reversed-") in _ASKING:
        return False
    if any(isinstance(form, tuple) for form in (settings["DEFAULT_DATE_FORMAT"], *settings["DATE_FORMATS"].values())):
        # an article that is made sets the language of all that come after it
        return False
    patterns = [settings[name] for name in _ADDRESSES]
    if any(type(pattern) is not str or simple_fields(pattern) is None for pattern in patterns):
        return False
    if not _OF_THE_CARD.isdisjoint(state.settings.extra_fields):
        return False
    if not set(settings["FORMATTED_FIELDS"]).isdisjoint(state.settings.extra_fields):
        return False
    return _OF_THE_STORY.issuperset(names_in_paths(settings))


def names_in_paths(settings: Mapping[str, Any]) -> frozenset[str]:
    """The fields that Pelican takes from the names of files."""
    patterns = (settings["FILENAME_METADATA"], settings["PATH_METADATA"])
    return frozenset(name.lower() for pattern in patterns if pattern for name in re.compile(pattern).groupindex)


def can_sleep(story: Story) -> bool:
    """Whether one article may sleep: a summary whose links lead nowhere warns."""
    summary = story.summary
    return story.status != "draft" and not ("{" in summary or "|" in summary or "&" in summary)
