"""Of which story is each one a translation?

Stories with the same slug are translations of one another, and so is a story of the one that its ``translation_of``
names. What all of them have in common is the slug of the original.
"""

import difflib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import Final

from alsoread.diagnostics import Diagnostic
from alsoread.story import Story

__all__ = ["originals_of"]

_ALIKE: Final = 0.6
# each guess looks at all stories
_MOST_GUESSES: Final = 20


def originals_of(stories: Sequence[Story], public: AbstractSet[str]) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """For the path of every story the slug of its original, which may be its own; and what is wrong with the fields.

    ``public`` are the paths of those that readers may see: only these are offered.
    """
    originals = {story.path: story.slug for story in stories}
    if not any(story.translation_of for story in stories):
        return originals, ()
    known = _Known(stories)
    spoken = {(story.slug, story.lang): story for story in stories if not story.translation_of}
    findings: list[Diagnostic] = []
    for story in sorted((story for story in stories if story.translation_of), key=lambda story: story.path):
        named = known.named(story)
        root = known.root(named) if named is not None else None
        if named is None:
            message = f"no story has the id, slug or path '{story.translation_of}' that this one is to translate"
            near = (
                _near(story, (each for each in stories if each.path in public)) if len(findings) < _MOST_GUESSES else ""
            )
            findings.append(Diagnostic(story.path, 0, 0, "AR406", message, near))
            continue
        problem, hint = _refusal(story, root)
        if root is not None and not problem:
            first = spoken.setdefault((root.slug, story.lang), story)
            if first is not story:
                problem = f"{first.path} is the translation of {root.path} into '{story.lang}' already"
                hint = "remove translation_of"
        if root is not None and not problem:
            originals[story.path] = root.slug
            if root.slug != named.slug:
                problem = f"{named.path} is a translation itself; {root.path} is the original"
                hint = f"translation_of: {root.id}"
        if problem:
            findings.append(Diagnostic(story.path, 0, 0, "AR407", problem, hint))
    return originals, tuple(findings)


class _Known:
    """The stories by all that ``translation_of`` can name them by."""

    def __init__(self, stories: Iterable[Story]) -> None:
        self._roots: dict[str, Story | None] = {}
        self._by: tuple[dict[str, list[Story]], ...] = (defaultdict(list), defaultdict(list), defaultdict(list))
        # of several with one slug the original comes first
        for story in sorted(stories, key=lambda story: (bool(story.translation_of), story.path)):
            for names, name in zip(self._by, (story.path, story.id, story.slug), strict=True):
                names[name].append(story)

    def named(self, story: Story) -> Story | None:
        """The story that a translation names: another one, if there is one of that name."""
        name, itself = story.translation_of.lstrip("/"), None
        for each in chain.from_iterable(names.get(name, ()) for names in self._by):
            if each is not story:
                return each
            itself = each
        return itself

    def root(self, story: Story) -> Story | None:
        """The original that a story leads to, over others that are translations; None where they go in a circle."""
        passed: dict[str, None] = {}
        at: Story | None = story
        while at is not None and at.path not in self._roots:
            above = self.named(at) if at.translation_of else None
            if at.path in passed:
                at = None
            elif above is None:
                self._roots[at.path] = at
            else:
                passed[at.path] = None
                at = above
        found = self._roots[at.path] if at is not None else None
        self._roots |= dict.fromkeys(passed, found)
        return found


def _refusal(story: Story, root: Story | None) -> tuple[str, str]:
    """Why a story cannot be a translation of another, and what to do; nothing where it can."""
    if root is None:
        return "what translation_of names leads round in a circle", "remove translation_of"
    if root is story:
        return "the story is to translate itself", "remove translation_of"
    if root.lang == story.lang:
        both = f"{root.path}, which the story is to translate, and the story itself are both in '{story.lang}'"
        return both, f"lang: {'de' if story.lang != 'de' else 'en'}"
    return "", ""


def _near(story: Story, others: Iterable[Story]) -> str:
    """What was likely meant, as a line to paste."""
    names = sorted({name for each in others if each is not story for name in (each.slug, each.id)})
    near = difflib.get_close_matches(story.translation_of, names, n=1, cutoff=_ALIKE)
    return f"translation_of: {near[0]}" if near else "remove translation_of, or put the slug of a story there"
