"""What would a reader see that is not there now?

Two digests, one before a change and one after, are compared by address: which a change adds, which it removes, and what
is different at those that stay. Only what a page says counts, not how the theme shows it.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Final, Literal

from alsoread.news.addresses import Addresses
from alsoread.news.digest import Digest
from alsoread.news.ledger import EMPTY, Ledger
from alsoread.outputs.redirects import file_of_alias
from alsoread.story import Story

__all__ = ["Change", "Detail", "Seen", "compare", "seen_in", "words_between"]

Kind = Literal["story", "page", "topic", "thread", "redirect", "withdrawn"]
What = Literal["added", "altered", "removed"]

_LONG: Final = 100_000
_LONG_PART: Final = 10_000
_SENTENCE: Final = re.compile(r"(?<=[.!?…。？！])\s+")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader sees at an address. Of a redirect that is the address it leads to, its ``title``, and in the place
    of what was withdrawn the reason.

    ``stories`` are the headlines that a topic or a thread lists, ``background`` and ``later`` the related stories.
    """

    kind: Kind
    title: str
    date: str = ""
    summary: str = ""
    topics: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    background: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    linked_from: tuple[str, ...] = ()
    stories: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that is different: what it was and what it is; of a list what went and what came."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to an address; ``to`` is where readers of one that goes are led, ``why`` why it was withdrawn."""

    what: What
    address: str
    kind: Kind
    title: str
    details: tuple[Detail, ...] = ()
    to: str = ""
    why: str = ""

    @property
    def is_consequence(self) -> bool:
        """Is it altered in nothing but what follows from changes elsewhere: lists, and what links to it?"""
        names = {detail.name.removeprefix("order of ") for detail in self.details}
        return self.what == "altered" and names <= _CONSEQUENCES


def seen_in(
    digest: Digest,
    addresses: Addresses,
    topic_file: Callable[[str], str],
    thread_file: Callable[[str], str],
    ledger: Ledger = EMPTY,
) -> dict[str, Seen]:
    """By file below the site's root, what a digest shows there; ``*_file`` give that of a slug, or nothing.

    The ``ledger`` says what was withdrawn.
    """
    titles = {story.path: story.title for story in digest.listed}
    seen = {addresses.of_page(page).save_as: _page(page, digest) for page in digest.pages}
    seen |= {addresses.of_story(story).save_as: _story(story, digest, titles) for story in digest.stories}
    for slug, paths in digest.stories_of.items():
        topic = digest.vocabulary.topics[slug]
        seen[topic_file(slug)] = Seen("topic", topic.label, summary=topic.description, stories=_named(paths, titles))
    for slug, found in digest.threads.items():
        thread = found.thread
        listed = _named(found.stories, titles)
        seen[thread_file(slug)] = Seen("thread", thread.name, summary=thread.description, stories=listed)
    moved = [(each, addresses.of_story(each).save_as) for each in digest.stories]
    moved += [(each, addresses.of_page(each).save_as) for each in digest.pages]
    for each, save_as in moved:
        for file in filter(None, map(file_of_alias, each.aliases)):
            seen.setdefault(file, Seen("redirect", save_as))
    for file, entry in ledger.withdrawn.items():
        if entry.kind != "feed":
            seen.setdefault(file, Seen("withdrawn", entry.why))
    seen.pop("", None)
    return seen


def _page(page: Story, digest: Digest) -> Seen:
    return Seen("page", page.title, summary=page.summary, text=digest.bodies[page.path].text)


def _story(story: Story, digest: Digest, titles: dict[str, str]) -> Seen:
    related = digest.offered.get(story.path, ())
    return Seen(
        kind="story",
        title=story.title,
        date=story.date.isoformat(" ", "minutes") if story.date else "",
        summary=story.summary,
        topics=tuple(topic.label for topic in digest.vocabulary.topics_of(story.path)),
        sources=tuple(f"{source.name} {source.url}".strip() for source in story.sources),
        corrections=tuple(f"{each.date:%Y-%m-%d} {each.kind}: {each.text}" for each in story.corrections),
        background=_named((each.key for each in related if each.kind == "background"), titles),
        later=_named((each.key for each in related if each.kind != "background"), titles),
        linked_from=_named((link.path for link in digest.backlinks.get(story.path, ())), titles),
        text=digest.bodies[story.path].text,
    )


def _named(paths: Iterable[str], titles: dict[str, str]) -> tuple[str, ...]:
    return tuple(titles[path] for path in paths if path in titles)


def compare(before: dict[str, Seen], after: dict[str, Seen]) -> tuple[Change, ...]:
    """The changes between two digests: stories first, and last what follows from other changes; then by address."""
    changes = []
    for address in {*before, *after}:
        old, new = before.get(address), after.get(address)
        if old is None and new is not None:
            changes.append(Change("added", address, new.kind, new.title, _details(Seen(new.kind, ""), new)))
        elif old is not None and (new is None or (new.kind in _INSTEAD and old.kind not in _INSTEAD)):
            to, why = (new.title if new is not None and new.kind == kind else "" for kind in _INSTEAD)
            changes.append(Change("removed", address, old.kind, old.title, to=to, why=why))
        elif old is not None and new is not None and old != new:
            changes.append(Change("altered", address, new.kind, new.title, _details(old, new)))
    return tuple(sorted(changes, key=_place))


def _place(change: Change) -> tuple[bool, int, str, str]:
    return change.is_consequence, _ORDER.index(change.kind), change.what, change.address


_ORDER: Final[tuple[Kind, ...]] = ("story", "page", "redirect", "withdrawn", "topic", "thread")
_INSTEAD: Final[tuple[Kind, ...]] = ("redirect", "withdrawn")
_CONSEQUENCES: Final = frozenset({"background", "later coverage", "linked from", "stories"})
_WORDS: Final = {"title": "headline", "linked_from": "linked from", "later": "later coverage"}


def _details(old: Seen, new: Seen) -> tuple[Detail, ...]:
    details = []
    for each in fields(Seen):
        was, now = getattr(old, each.name), getattr(new, each.name)
        if each.name == "kind" or was == now:
            continue
        name = _WORDS.get(each.name, each.name)
        if isinstance(now, str):
            details.append(Detail(name, (was,) if was else (), (now,) if now else ()))
        else:
            gone = tuple(item for item in was if item not in now)
            come = tuple(item for item in now if item not in was)
            details.append(Detail(name, gone, come) if gone or come else Detail(f"order of {name}", was, now))
    return tuple(details)


def words_between(before: str, after: str) -> list[tuple[str, str]]:
    """A text as pieces that stayed (``=``), went (``-``) and came (``+``): sentences, or words where some were mended.

    Of texts so long that comparing them would take a while each is one piece.
    """
    pieces: list[tuple[str, str]] = []
    sentences = [_SENTENCE.split(text) if len(text) <= _LONG else [text] for text in (before, after)]
    for sign, old, new in _opcodes(*sentences):
        if sign == "equal":
            pieces.append(("=", " ".join(old)))
        elif sign == "replace" and sum(map(len, (*old, *new))) <= _LONG_PART:
            for inner, gone, come in _opcodes(" ".join(old).split(), " ".join(new).split()):
                pieces += [("=", " ".join(gone))] if inner == "equal" else _both(gone, come)
        else:
            pieces += _both(old, new)
    return [(sign, text) for sign, text in pieces if text]


def _both(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, str]]:
    return [("-", " ".join(old)), ("+", " ".join(new))]


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Iterable[tuple[str, Sequence[str], Sequence[str]]]:
    for sign, begin, end, new_begin, new_end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield sign, old[begin:end], new[new_begin:new_end]
