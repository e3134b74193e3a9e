"""Which developing stories does a digest follow?

A thread is the stories that name it; a file in ``content/threads`` says what it is called and what it is about.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alsoread.diagnostics import Diagnostic
from alsoread.story import Story, Thread

__all__ = ["ThreadStories", "threads_of"]


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
    return found, tuple(findings)


def _name_of(slug: str) -> str:
    words = slug.replace("-", " ")
    return words[:1].upper() + words[1:]
