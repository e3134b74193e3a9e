"""Which names does a kind of entries have?

To know it from the entries is to look at all of them, so their names stand in lists: entries themselves. A list is
written when a build ends. Where little has changed it stays, and what it does not say stands beside it; where more is
to come it is taken out until the end. Where one is missing or damaged, the entries are looked at.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Final

from alsoread.press.entries import Changes, EntryFile

__all__ = ["LISTS", "Listing", "names_after"]

# the kind of the entries that tell which names each other kind has
_NAMES: Final = "names"
# and that of those which tell by what names these lists are others since: names that came, names that went
_NAMED: Final = "named since"
# so many names that changed are written beside a list, until these are so many
_FEW: Final = 64
_MOST: Final = 1024
LISTS: Final = frozenset({_NAMES, _NAMED})
"""The kinds of the entries that are lists of names."""


class Listing:
    """The lists in a ``file``."""

    def __init__(self, file: EntryFile) -> None:
        self._file = file
        # the names of each kind in the file, where somebody has asked
        self._known: dict[str, set[str]] = {}
        # the kinds whose list has been taken out of the file, and is to be written in the end
        self._taken_out: set[str] = set()

    def names(self, kind: str) -> set[str] | None:
        """The names of all entries of a kind in the file, those that are damaged among them; None where nobody knows,
        as where another process has locked it.
        """
        known = self._known.get(kind)
        if known is None:
            known = self._in_list(kind)
            if known is None:
                known = self._file.names(kind)
            if known is not None:
                self._known[kind] = known
        return known

    def _in_list(self, kind: str) -> set[str] | None:
        """The same by its list, and what has changed since that was written; None where that does not tell it."""
        names = _names_in(self._file.look(_NAMES, kind).value)
        since = self._since(kind)
        return None if names is None or since is None else (names | since[0]) - since[1]

    def _since(self, kind: str) -> tuple[set[str], set[str]] | None:
        """The names that came to a kind since its list was written, and those that went; None where nobody knows."""
        text, is_sure = self._file.look(_NAMED, kind)
        if text is None:
            return (set(), set()) if is_sure else None
        try:
            came, went = json.loads(text)
            return set(came), set(went)
        except (ValueError, TypeError):
            return None

    def after(self, changes: Changes) -> dict[tuple[str, str], str | None]:
        """The lists as they have to be when changes are written, but for those that stay as they are; and none where
        nobody knows.
        """
        lists: dict[tuple[str, str], str | None] = {}
        for kind in self._taken_out.union(kind for kind, _ in changes):
            few = self._few(kind, changes)
            if few is not None:
                lists |= few
                continue
            before, since = self.names(kind), self._file.look(_NAMED, kind)
            if before is None:
                lists |= _no_list(kind)
                continue
            after = names_after(before, kind, changes)
            has_since = since.value is not None or not since.is_sure
            if after != before or has_since or self._file.look(_NAMES, kind).value is None:
                lists[_NAMES, kind] = _list_of(after)
                self._known[kind] = after
            if has_since:
                lists[_NAMED, kind] = None
        return lists

    def beside(self, changes: Changes) -> dict[tuple[str, str], str | None]:
        """By what names lists are others when changes are written, without a look at the lists."""
        beside: dict[tuple[str, str], str | None] = {}
        for kind in dict.fromkeys(kind for kind, _ in changes):
            since = self._since(kind)
            if since is None:
                beside |= _no_list(kind)
                continue
            came, went = since
            for (of_kind, name), text in changes.items():
                if of_kind == kind:
                    (went if text is None else came).add(name)
                    (came if text is None else went).discard(name)
            beside[_NAMED, kind] = json.dumps([sorted(came), sorted(went)], ensure_ascii=False, separators=(",", ":"))
        return beside

    def _few(self, kind: str, changes: Changes) -> dict[tuple[str, str], str | None] | None:
        """What is to be written beside the list of a kind where little has changed; None where the list is to be."""
        changed = {name: text for (of_kind, name), text in changes.items() if of_kind == kind}
        if len(changed) > _FEW or kind in self._taken_out:
            return None
        since, known = self._since(kind), self._known.get(kind)
        if since is None or len(since[0]) + len(since[1]) > _MOST or self._file.look(_NAMES, kind).value is None:
            return None
        came, went = (
            {name for name, text in changed.items() if (text is None) == is_gone} for is_gone in (False, True)
        )
        if known is not None:
            came, went = came - known, went & known
            known |= came
            known -= went
        if not came and not went:
            return {}
        after = (since[0] | came) - went, (since[1] | went) - came
        return {(_NAMED, kind): json.dumps([*map(sorted, after)], ensure_ascii=False, separators=(",", ":"))}

    def without(self, kind: str, changes: Changes) -> dict[tuple[str, str], str | None]:
        """That a kind has no list, where changes in it make it another one: it is not written each time."""
        few = self._few(kind, changes)
        if few is not None:
            return few
        names = self.names(kind)
        if names is not None:
            came = {name for (_, name), text in changes.items() if text is not None} - names
            went = {name for (_, name), text in changes.items() if text is None} & names
            if not came and not went:
                return {}
            names |= came
            names -= went
        self._taken_out.add(kind)
        return {(_NAMES, kind): None}

    def written(self, lists: Changes) -> None:
        """Some lists stand in the file now."""
        self._taken_out.difference_update(kind for (_, kind), text in lists.items() if text is not None)

    def forget(self) -> None:
        """The file may have other names in it now."""
        self._known.clear()

    @staticmethod
    def of(entries: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], str | None]:
        """The lists of kinds whose names are given."""
        return {(_NAMES, kind): _list_of(names) for kind, names in entries.items()}


def names_after(names: Iterable[str], kind: str, changes: Changes) -> set[str]:
    """The names of a kind after changes."""
    changed = {name: text for (of_kind, name), text in changes.items() if of_kind == kind}
    return {*names, *changed} - {name for name, text in changed.items() if text is None}


def _no_list(kind: str) -> dict[tuple[str, str], str | None]:
    """Then whoever wants to know looks at the entries."""
    return {(_NAMES, kind): None, (_NAMED, kind): None}


def _names_in(text: str | None) -> set[str] | None:
    """The names in a list, if it is one."""
    try:
        names = json.loads(text or "")
    except ValueError:
        return None
    return set(names) if isinstance(names, list) and all(type(name) is str for name in names) else None


def _list_of(names: Iterable[str]) -> str:
    return json.dumps(sorted(names), ensure_ascii=False, separators=(",", ":"))
