"""Which stories stand in lists, and which are translations of them?

Pelican looks for translations among all contents, and takes the square of their number for it. A digest knows which of
its stories have an original in common: only those Pelican is asked about.
"""

from collections.abc import Container, Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from typing import Any

from pelican import generators, utils

__all__ = ["only_groups_asked"]


@contextmanager
def only_groups_asked(translations: Container[str]) -> Iterator[None]:
    """For the time of the block Pelican looks for translations only among stories of the same ``original``; those of
    ``translations`` are told apart by their paths.
    """
    stock = generators.process_translations
    if stock is not utils.process_translations:
        # a plugin has put its own there
        yield
        return

    def process(contents: list[Any], translation_id: Any = None) -> tuple[list[Any], list[Any]]:
        if translation_id != "original":
            found: tuple[list[Any], list[Any]] = stock(contents, translation_id)
            return found
        return _processed(contents, translations)

    generators.process_translations = process
    try:
        yield
    finally:
        generators.process_translations = stock


def _processed(contents: list[Any], translations: Container[str]) -> tuple[list[Any], list[Any]]:
    """As Pelican's, in its order, with its warnings."""
    original = attrgetter("original")
    contents.sort(key=original)
    leading: list[Any] = []
    for _, group in groupby(contents, original):
        stories = list(group)
        if len(stories) == 1 and stories[0].story.path not in translations:
            stories[0].translations = []
        else:
            stories, _ = utils.process_translations(stories, "original")
        leading += stories
    known = set(map(id, leading))
    return leading, [each for each in contents if id(each) not in known]
