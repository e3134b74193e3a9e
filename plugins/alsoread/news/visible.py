"""Which stories may readers see now, which not, and when will that change?"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Literal

from alsoread.diagnostics import Refusal
from alsoread.news.addresses import Address
from alsoread.news.gone import Unseen
from alsoread.news.names import slugify
from alsoread.news.outlets import outlet_slug
from alsoread.news.topics import Vocabulary
from alsoread.settings import DigestSettings
from alsoread.story import Story

__all__ = ["Mark", "is_shown", "mark_of", "may_be_seen", "next_change", "unseen"]

Mark = Literal["", "draft", "embargoed", "future"]
"""Why readers do not see a story yet; nothing if they do."""


def mark_of(story: Story, settings: DigestSettings) -> Mark:
    """Why readers do not see a story yet, whatever a preview shows."""
    if story.status == "draft":
        return "draft"
    if story.embargo_until is not None and story.embargo_until > settings.now:
        return "embargoed"
    return "future" if _is_early(story, settings) else ""


def may_be_seen(story: Story, settings: DigestSettings) -> bool:
    """Is it out of embargo and not expired, and, where Pelican's ``WITH_FUTURE_DATES`` is off, not of a day to come?"""
    return is_shown(story, settings) and (settings.drafts or not _is_early(story, settings))


def is_shown(story: Story, settings: DigestSettings) -> bool:
    """Is it neither withheld nor gone, or, in a preview, not gone?"""
    if settings.drafts:
        return story.expires is None or settings.now < story.expires
    return story.is_public(settings.now)


def _is_early(story: Story, settings: DigestSettings) -> bool:
    return not settings.future_dates and story.date is not None and story.date > settings.now


def unseen(
    stories: Iterable[Story],
    shown: Iterable[Story],
    address: Callable[[Story], Address],
    topics: Vocabulary,
    settings: DigestSettings,
) -> tuple[Unseen, ...]:
    """Where the stories would be that are not shown, and why they are not."""
    seen = {story.path for story in shown}
    found = []
    for story in stories:
        if story.path not in seen:
            with suppress(Refusal):  # a draft may lack what its address is made of
                found.append(_kept_back(story, address(story).save_as, topics, settings))
    return tuple(sorted(found, key=lambda each: each.path))


def _kept_back(story: Story, file: str, topics: Vocabulary, settings: DigestSettings) -> Unseen:
    if story.status == "draft" or story.expires is None or story.expires > settings.now:
        return Unseen(story.path, file, mark_of(story, settings) or "draft", story.slug)
    return Unseen(
        story.path,
        file,
        "expired",
        story.slug,
        story.expires.astimezone(settings.timezone).date(),
        topics=() if story.status == "hidden" else topics.slugs_of(story.tags),
        thread=story.thread,
        outlets=tuple(filter(None, (outlet_slug(source.name) for source in story.sources))),
        authors=tuple(slugify(name) for name in story.authors),
    )


def next_change(stories: Iterable[Story], settings: DigestSettings) -> datetime | None:
    """The next instant at which readers will see more of some stories, or less."""
    instants = [
        instant
        for story in stories
        for instant in (story.embargo_until, story.expires, None if settings.future_dates else story.date)
    ]
    return min((instant for instant in instants if instant is not None and instant > settings.now), default=None)
