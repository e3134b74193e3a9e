"""Which stories and topics have an address to themselves?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from alsoread.diagnostics import Diagnostic
from alsoread.news.ledger import Entry, address_of
from alsoread.news.names import SLUG_LENGTH, cut_slug, slugify
from alsoread.news.places import Places
from alsoread.news.reserved import ListFile, about_lists, about_topics
from alsoread.news.storyfile import StoryFile
from alsoread.story import Story, Topic

__all__ = ["OLDEST", "Address", "Addresses", "with_addresses", "without_taken_lists"]

OLDEST = datetime(1000, 1, 1, tzinfo=UTC)
"""Stands for the date of a story that has none."""


class Address(NamedTuple):
    """Where a story is published: its address and its file, both below the root of the site.

    ``written`` is the file as the pattern of the settings gives it, where that is not the shortest way to say it.
    """

    url: str
    save_as: str
    written: str = ""


@dataclass(frozen=True, slots=True)
class Addresses:
    """How addresses are given: to a story, to a page, and which files the site needs for itself.

    ``of_list`` gives the file of a list by the field that names it (``tags``, ``sources``) and its slug, or nothing.
    ``withdrawn`` are those that nothing may stand at any more, by file below the root as ``casefold`` has it.
    """

    of_story: Callable[[Story], Address]
    of_page: Callable[[Story], Address]
    is_reserved: Callable[[str], bool] = lambda save_as: False
    site: str = ""
    of_list: ListFile = lambda field, slug: ""
    withdrawn: Mapping[str, Entry] = field(default_factory=dict)


def with_addresses(
    page_files: Sequence[StoryFile],
    story_files: Sequence[StoryFile],
    addresses: Addresses,
    findings: list[Diagnostic],
    *,
    drafts: bool,
) -> tuple[list[Story], list[Story]]:
    """The pages and the stories that have an address to themselves. Drafts take none, and in a preview what is left."""
    taken: dict[str, Story] = {}
    withdrawn = {} if drafts else addresses.withdrawn
    kept: dict[str, list[Story]] = {"page": [], "story": []}
    kinds = (("page", page_files, addresses.of_page), ("story", story_files, addresses.of_story))
    for is_draft in (False, True):
        for kind, found, address in kinds:
            stories = [file.story for file in found if file.story and (file.story.status == "draft") == is_draft]
            if is_draft and not drafts:
                kept[kind] += stories
            else:
                kept[kind] += _first_come(stories, address, addresses.is_reserved, withdrawn, taken, findings)
    return kept["page"], kept["story"]


def _first_come(
    stories: Sequence[Story],
    address: Callable[[Story], Address],
    is_reserved: Callable[[str], bool],
    withdrawn: Mapping[str, Entry],
    taken: dict[str, Story],
    findings: list[Diagnostic],
) -> list[Story]:
    """The stories that have an address to themselves: the oldest keeps a contested one."""
    kept: list[Story] = []
    for story in sorted(stories, key=_oldest_first):
        save_as = address(story).save_as.casefold()
        owner = taken.get(save_as)
        if is_reserved(save_as) or save_as.startswith("../"):
            message = f"the address of the slug '{story.slug}' is one that the site needs for itself ({save_as})"
            findings.append(Diagnostic(story.path, 0, 0, "AR502", message, f"slug: {story.slug}-story"))
        elif save_as in withdrawn:
            findings.append(_about_withdrawn(story, withdrawn[save_as]))
        elif owner is not None:
            message = f"the address of the slug '{story.slug}' is taken by {owner.path}"
            findings.append(
                Diagnostic(story.path, 0, 0, "AR501", message, f"slug: {cut_slug(story.slug, SLUG_LENGTH - 2)}-2")
            )
        else:
            taken[save_as] = story
            kept.append(story)
    return kept


def _oldest_first(story: Story) -> tuple[float, str]:
    # numbers are compared in a tenth of the time that instants take
    return (story.date or OLDEST).timestamp(), story.path


def without_taken_lists(
    stories: list[Story],
    curated: list[Topic],
    addresses: Addresses,
    places: Mapping[str, Places],
    findings: list[Diagnostic],
) -> tuple[list[Story], list[Topic]]:
    """The stories and topics whose lists have addresses that the site does not need for itself."""
    about = about_topics(curated, addresses.of_list, addresses.is_reserved, places)
    lost = {finding.path for finding in about}
    curated = [topic for topic in curated if topic.path not in lost]
    known = {slugify(name): topic.slug for topic in curated for name in (topic.label, *topic.aliases)}
    about += about_lists(stories, known, addresses.of_list, addresses.is_reserved, places)
    findings += about
    lost = {finding.path for finding in about}
    return [story for story in stories if story.path not in lost], curated


def _about_withdrawn(story: Story, entry: Entry) -> Diagnostic:
    address = address_of(entry.file)
    message = f"the address {address} was withdrawn on {entry.day}: {entry.why}"
    hint = f"choose another slug; or, to publish it again: alsoread withdraw --undo {address}"
    return Diagnostic(story.path, 0, 0, "AR508", message, hint)
