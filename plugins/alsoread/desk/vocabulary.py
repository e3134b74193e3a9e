"""What changes in the files when a topic gets another name, or two become one?

Pure functions from what the files say (``desk.shelf``) to what they are to say (:class:`Plan`), or to the reason why it
cannot be (:class:`Refused`). A name that a topic had stays one of its aliases, so that its old address and its old
spellings go on leading to it.
"""

import posixpath
import shlex
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from alsoread.desk.changes import Changes, changes_between
from alsoread.desk.rewrite import encoded, front_matter, items_in, value_of, with_body, with_items, with_value
from alsoread.desk.shelf import Shelf
from alsoread.news.characters import bad_character
from alsoread.news.names import SLUG, cut_slug, slugify
from alsoread.news.topics import nearest
from alsoread.story import Topic

__all__ = ["Plan", "Refused", "merge", "rename"]

LONGEST: Final = 100  # characters of a name or an alias; the schema of topics has both figures
MOST_ALIASES: Final = 200


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing is done, and what could be done instead."""

    message: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done so that the topic ``old`` is known as ``new`` (a slug and a label each).

    ``stories`` counts the stories that get another tag. ``left_out`` is what a file that goes says and no other does.
    """

    old: tuple[str, str]
    new: tuple[str, str]
    changes: Changes
    stories: int = 0
    remarks: tuple[str, ...] = ()
    left_out: str = ""


class _Stuck(Exception):
    """A file that cannot be changed as it should; the message says which and why."""


# -- planning


def rename(shelf: Shelf, old: str, new: str) -> Plan | Refused:
    """Give the topic that ``old`` names another name."""
    topic, label = shelf.find(old), " ".join(new.split())
    slug = cut_slug(slugify(label))
    if topic is None:
        return _unknown(shelf, old)
    if problem := _about_name(label):
        return Refused(problem)
    owner = shelf.find(label) or shelf.told.topics.get(slug)
    if owner is not None and owner.slug != topic.slug:
        command = shlex.join(["alsoread", "topics", "merge", topic.label, owner.label])
        return Refused(f"'{label}' means the topic '{owner.label}' already; to make the two one: {command}")
    return _plan(shelf, topic, slug, label, lambda: _own_file(shelf, topic, slug, label))


def merge(shelf: Shelf, gone: str, into: str) -> Plan | Refused:
    """Make the topic that ``gone`` names a part of the one that ``into`` names."""
    one, other = shelf.find(gone), shelf.find(into)
    if one is None or other is None:
        return _unknown(shelf, gone if one is None else into)
    if one.slug == other.slug:
        if slugify(gone) in (slugify(one.label), one.slug):
            return Refused(f"'{gone}' and '{into}' are one topic already, '{one.label}'")
        return _leftovers(shelf, gone, other)
    below = other.path if one.slug in shelf.told.branches.above(other.slug) else ""
    if not other.curated and shelf.meaning(value_of(shelf.topics.get(one.path, ""), "parent")) == other.slug:
        below = one.path
    if below:
        message = f"'{other.label}' would come to stand below itself"
        return Refused(f"{message}; take the line 'parent' out of {below} first")
    if one.curated and other.curated:
        return _plan(shelf, one, other.slug, other.label, lambda: _both_files(shelf, one, other))
    if other.curated:
        names = _former(one, other.slug, items_in(shelf.topics[other.path], "aliases"))
        return _plan(shelf, one, other.slug, other.label, lambda: _with_names(shelf, other, names))
    return _plan(shelf, one, other.slug, other.label, lambda: _own_file(shelf, one, other.slug, other.label))


@dataclass(slots=True)
class _Files:
    """What files of topics are to say, what is to be told of it, and what no file says any more."""

    after: dict[str, str | None] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def _plan(shelf: Shelf, topic: Topic, slug: str, label: str, files: Callable[[], _Files]) -> Plan | Refused:
    """The whole of it: the files of topics first, because with them the old name means the new topic."""
    try:
        made = files()
        parents = _with_parent(shelf, topic, slug, label)
        stories = _retagged(shelf, lambda tag: shelf.meaning(tag) == topic.slug, slug, label)
    except _Stuck as stuck:
        return Refused(str(stuck))
    after = {path: text for path, text in made.after.items() if text is not None} | parents | stories
    after |= {path: text for path, text in made.after.items() if text is None}
    changes = changes_between({**shelf.stories, **shelf.topics}, after)
    return Plan(
        (topic.slug, topic.label),
        (slug, label),
        changes,
        sum(path in stories for path in changes),
        tuple(made.remarks),
        "\n".join(made.left_out),
    )


def _leftovers(shelf: Shelf, name: str, topic: Topic) -> Plan | Refused:
    """A name that means the topic already is no longer typed as a tag."""
    try:
        stories = _retagged(shelf, lambda tag: slugify(tag) == slugify(name), topic.slug, topic.label)
    except _Stuck as stuck:
        return Refused(str(stuck))
    changes = changes_between(shelf.stories, stories)
    return Plan((slugify(name), name), (topic.slug, topic.label), changes, len(changes))


def _unknown(shelf: Shelf, name: str) -> Refused:
    near = nearest(name, shelf.told.topics.values())
    return Refused(f"no topic is called '{name}'." + (f" Did you mean {' or '.join(near)}?" if near else ""))


def _about_name(label: str) -> str:
    """Why a topic cannot be called so."""
    bad = bad_character(label)
    if bad:
        return bad.message
    if len(label) > LONGEST:
        return f"the name '{label[:30]}…' has {len(label)} characters; at most {LONGEST} are read"
    return "" if slugify(label) else f"no address can be made of '{label}'; use letters or digits"


# -- stories


def _retagged(shelf: Shelf, goes: Callable[[str], bool], slug: str, label: str) -> dict[str, str | None]:
    """The stories with a tag that ``goes``, which becomes ``label``; where the topic stood already it stays once."""
    found: dict[str, str | None] = {}
    for path, text in shelf.stories.items():
        tags = items_in(text, "tags")
        if any(map(goes, tags)):
            become = _once([(tag, goes(tag), shelf.meaning(tag) == slug) for tag in tags], label)
            found[path] = _sure(with_items(text, "tags", become), path, "tags")
    return found


def _once(tags: Sequence[tuple[str, bool, bool]], label: str) -> list[str | None]:
    """What becomes of tags that go, that mean the same topic without going, and of the others."""
    become: list[str | None] = []
    stands = given = False
    for tag, goes, means_it in tags:
        become.append(tag if not goes and not (means_it and given) else None if stands else label)
        given |= goes
        stands |= goes or means_it
    return become


# -- files of topics


def _own_file(shelf: Shelf, topic: Topic, slug: str, label: str) -> _Files:
    """The file of a topic under another name; a new one where it has none and an address would be lost."""
    files = _Files()
    if problem := _about_name(label):
        raise _Stuck(problem)
    if not topic.curated:
        names = _former(topic, slug, ())
        if names:
            path, files.after = _new_file(shelf, slug, label, names)
            files.remarks.append(f"{path} is new: a topic with a file stands in the navigation and can have a text")
        return files
    text = _sure(with_value(shelf.topics[topic.path], "name", label), topic.path, "name")
    if value_of(text, "slug") and slug != topic.slug:
        text = _sure(with_value(text, "slug", slug), topic.path, "slug")
    aliases = items_in(text, "aliases")
    gone = slug if slug != topic.slug else ""
    text = _with_aliases(text, topic.path, aliases, _former(topic, slug, aliases), gone)
    folder, name = posixpath.split(topic.path)
    stem, ending = posixpath.splitext(name)
    moved = posixpath.join(folder, slug + ending)
    if stem != topic.slug or slug == topic.slug:
        moved = topic.path
    elif shelf.free_path(folder, slug, ending) != moved:
        files.remarks.append(f"{topic.path} keeps its name, because there is a file {moved}")
        moved = topic.path
    files.after = {moved: text} | ({topic.path: None} if moved != topic.path else {})
    return files


def _new_file(shelf: Shelf, slug: str, label: str, aliases: Sequence[str]) -> tuple[str, dict[str, str | None]]:
    if shelf.folder is None:
        raise _Stuck("ALSOREAD_TOPIC_PATHS names no folder for the file that the topic needs")
    path = shelf.free_path(shelf.folder, slug)
    listed = ", ".join(map(encoded, aliases))
    return path, {path: f"---\nname: {encoded(label)}\naliases: [{listed}]\n---\n"}


def _with_names(shelf: Shelf, topic: Topic, names: Sequence[str]) -> _Files:
    """The file of a topic with more aliases."""
    text = shelf.topics[topic.path]
    aliases = items_in(text, "aliases")
    return _Files({topic.path: _with_aliases(text, topic.path, aliases, names)})


def _both_files(shelf: Shelf, one: Topic, other: Topic) -> _Files:
    """The file of ``other``, with what it lacks and that of ``one`` has; the latter goes."""
    text, gone = shelf.topics[other.path], shelf.topics[one.path]
    known = items_in(text, "aliases")
    names = [name for name in items_in(gone, "aliases") if _address(name) not in {other.slug, *map(_address, known)}]
    names += _former(one, other.slug, (*known, *names))
    files = _with_names(shelf, other, names)
    text = files.after[other.path] or text
    for name in ("description", "media_topic"):
        value = value_of(gone, name)
        if value and not value_of(text, name):
            text = _sure(with_value(text, name, value, behind=("name", "slug")), other.path, name)
        elif value and value != value_of(text, name):
            files.left_out.append(f"{name}: {value}")
    pinned = items_in(gone, "pinned")
    if pinned and not items_in(text, "pinned"):
        text = _sure(with_items(text, "pinned", (), pinned, behind=("name", "slug")), other.path, "pinned")
    elif pinned != items_in(text, "pinned"):
        files.left_out += [f"pinned: {', '.join(pinned)}"] if pinned else []
    parent = value_of(gone, "parent")
    if parent and shelf.meaning(parent) not in (other.slug, shelf.told.branches.parent.get(other.slug)):
        files.left_out.append(f"parent: {parent}")
    body = _body(gone)
    if body and not _body(text):
        text = with_body(text, body)
    elif body != _body(text):
        files.left_out += ["", body] if body else []
    files.after = {other.path: text, one.path: None}
    return files


def _with_parent(shelf: Shelf, topic: Topic, slug: str, label: str) -> dict[str, str | None]:
    """The files of the topics right below one, with its new name as theirs was written: as a slug or as it reads."""
    found: dict[str, str | None] = {}
    for path, text in shelf.topics.items():
        parent = value_of(text, "parent")
        if parent and path != topic.path and shelf.told.means.get(slugify(parent)) == topic.slug:
            name = slug if SLUG.fullmatch(parent) else label
            found[path] = _sure(with_value(text, "parent", name), path, "parent")
    return found


def _former(topic: Topic, slug: str, known: Iterable[str]) -> list[str]:
    """The names of a topic that are to be aliases of the one at ``slug``, so that its old address leads there."""
    addresses = {"", slug, *map(_address, known)}
    names = []
    for name in (topic.label, topic.slug):
        if len(name) <= LONGEST and _address(name) not in addresses:
            names.append(name)
            addresses.add(_address(name))
    return names


def _address(name: str) -> str:
    return cut_slug(slugify(name))


def _with_aliases(text: str, path: str, aliases: Sequence[str], added: Sequence[str], gone: str = "") -> str:
    """A topic's file with more aliases, and without those whose address is ``gone``: a new one takes their place."""
    new = list(added)
    become = [alias if not gone or _address(alias) != gone else new.pop(0) if new else None for alias in aliases]
    if sum(alias is not None for alias in become) + len(new) > MOST_ALIASES:
        raise _Stuck(f"{path} would have more than {MOST_ALIASES} aliases; remove some first")
    return _sure(with_items(text, "aliases", become, new, behind=("name", "slug")), path, "aliases")


def _body(text: str) -> str:
    front = front_matter(text)
    return front.body if front is not None else ""


def _sure(text: str | None, path: str, name: str) -> str:
    if text is None:
        raise _Stuck(f"{path}: the field '{name}' cannot be changed without changing more; write it as a list first")
    return text
