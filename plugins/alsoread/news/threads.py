"""Which developing stories does a digest follow?

A thread is the stories that name it; a file in ``content/threads`` says what it is called and what it is about.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from alsoread.diagnostics import Diagnostic
from alsoread.story import Story, Thread

__all__ = ["ThreadStories", "threads_of"]

_ALIKE: Final = 0.8


@dataclass(frozen=True, slots=True)
class ThreadStories:
    """A thread and its stories, oldest first."""

    thread: Thread
    stories: tuple[str, ...]


def threads_of(
    files: Iterable[Thread], listed: Sequence[Story]
) -> tuple[dict[str, ThreadStories], tuple[Diagnostic, ...]]:
    """The threads that stories belong to, that with the newest story first; ``listed`` is newest first."""
    stories: dict[str, list[str]] = defaultdict(list)
    for story in listed:
        if story.thread:
            stories[story.thread].append(story.path)
    known: dict[str, Thread] = {}
    findings = []
    for thread in sorted(files, key=lambda thread: thread.path):
        owner = known.setdefault(thread.slug, thread)
        if owner is not thread:
            message = f"the thread '{thread.slug}' has a file already ({owner.path})"
            findings.append(Diagnostic(thread.path, 0, 0, "AR306", message, f"slug: {thread.slug}-2"))
    found = {
        slug: ThreadStories(known.get(slug) or Thread(slug, _name_of(slug)), tuple(reversed(paths)))
        for slug, paths in stories.items()
    }
    findings += [_alone(slug, stories, near) for slug in stories if (near := _misspelt(slug, stories, known))]
    return found, tuple(findings)


def _misspelt(slug: str, stories: Mapping[str, Sequence[str]], known: Iterable[str]) -> str:
    """The thread that was probably meant by the one story of a thread without a file; its numbers are the same."""
    if len(stories[slug]) > 1 or slug in known:
        return ""
    others = {*known, *(each for each in stories if len(stories[each]) > 1)}
    same = [each for each in others if re.findall(r"\d+", each) == re.findall(r"\d+", slug)]
    found = process.extractOne(slug, sorted(same), scorer=OSA.normalized_similarity, score_cutoff=_ALIKE)
    return found[0] if found else ""


def _alone(slug: str, stories: Mapping[str, Sequence[str]], near: str) -> Diagnostic:
    message = f"no other story belongs to the thread '{slug}', and it has no file; '{near}' is spelt much like it"
    return Diagnostic(stories[slug][0], 0, 0, "AR307", message, f"thread: {near}")


def _name_of(slug: str) -> str:
    words = slug.replace("-", " ")
    return words[:1].upper() + words[1:]
