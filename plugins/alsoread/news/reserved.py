"""Which stories would bring a page of a list into being where the site needs the address for itself?

A source called "Index" has its page at ``sources/index.html``, which may be the list of sources.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from alsoread.diagnostics import Diagnostic
from alsoread.news.names import cut_slug, slugify
from alsoread.news.outlets import outlet_slug
from alsoread.news.places import Places, fields_in
from alsoread.story import Story, Topic

__all__ = ["about_lists", "about_topics"]

ListFile = Callable[[str, str], str]
"""The file of a list by the field that names it and its slug; empty where it has no page."""


def about_topics(
    topics: Iterable[Topic], file_of: ListFile, is_reserved: Callable[[str], bool], places: Mapping[str, Places]
) -> list[Diagnostic]:
    """An error for each file of a topic whose page would have such an address."""
    return [
        _found(topic.path, ("slug", "name"), f"the topic '{topic.label}'", save_as, f"slug: {topic.slug}-topic", places)
        for topic in topics
        for save_as in [file_of("tags", topic.slug)]
        if save_as and is_reserved(save_as.casefold())
    ]


def about_lists(
    stories: Iterable[Story],
    known: Mapping[str, str],
    file_of: ListFile,
    is_reserved: Callable[[str], bool],
    places: Mapping[str, Places],
) -> list[Diagnostic]:
    """An error for each story that has a topic, thread, source, author or category of such an address.

    ``known`` gives the slug of the topic with a file that the slug of a tag means.
    """
    findings = []
    # many stories are in the same lists: what each of these has taken, or nothing
    taken: dict[tuple[str, str], str] = {}
    for story in stories:
        for fields, name in _lists_of(story):
            save_as = taken.get((fields[0], name))
            if save_as is None:
                slug = _slug_of(fields[0], name, known)
                save_as = file_of(fields[0], slug) if slug else ""
                taken[fields[0], name] = save_as = save_as if is_reserved(save_as.casefold()) else ""
            if save_as:
                what = f"'{name}' in '{fields[0]}'"
                hint = f"write it otherwise, such as '{name} news', or give these pages a folder of their own"
                findings.append(_found(story.path, fields, what, save_as, hint, places))
                break
    return findings


def _lists_of(story: Story) -> Iterator[tuple[tuple[str, ...], str]]:
    """The fields that may hold it, and the name of each list that a story is in."""
    for tag in story.tags:
        yield ("tags",), tag
    if story.thread:
        yield ("thread",), story.thread
    for source in story.sources:
        yield ("sources", "source"), source.name
    for author in story.authors:
        yield ("authors", "author"), author
    if story.category:
        yield ("category",), story.category


def _slug_of(field: str, name: str, known: Mapping[str, str]) -> str:
    match field:
        case "tags":
            return known.get(slugify(name)) or cut_slug(slugify(name))
        case "thread":
            return name
        case "sources":
            return outlet_slug(name)
        case _:
            return slugify(name)


def _found(
    path: str, fields: tuple[str, ...], what: str, save_as: str, hint: str, places: Mapping[str, Places]
) -> Diagnostic:
    known = fields_in(places.get(path, ""))
    line, column = next((known[field] for field in fields if field in known), (0, 0))
    message = f"the address of {what} is one that the site needs for itself ({save_as})"
    return Diagnostic(path, line, column, "AR502", message, hint)
