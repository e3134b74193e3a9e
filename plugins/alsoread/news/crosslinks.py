"""To which story does a cross-link lead?

By key, address, headline, the beginning of one headline only, or one headline but for slips of the pen; never a wrong
link when in doubt. Stories that readers may not see are in the index too, so that a cross-link to one is withheld and
does not give its headline away.
"""

import bisect
import posixpath
import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import urlsplit

from rapidfuzz import fuzz, process

from alsoread.news.headlines import normalised
from alsoread.news.names import bare_address, former_slug
from alsoread.news.slips import MOST_SLIPS, slips

__all__ = ["CrossLinkIndex", "Outcome", "Resolution", "Target"]

Outcome = Literal["resolved", "external", "unresolved", "ambiguous", "itself", "withheld"]

_KEY: Final = re.compile(r"\[\[([^\[\]]+)\]\]")
_ADDRESS: Final = re.compile(r"(?:https?://|/)\S+", re.IGNORECASE)
_GLUED: Final = re.compile(r"^(?P<headline>.+?[\w)'\"’”])[.!?…]\s+(?P<tail>\S+(?:\s+\S+){0,3})$", re.DOTALL)
_SHORTEST_BEGINNING: Final = 12
_FEWEST_WORDS: Final = 3
_ALIKE: Final = 65
_TELLING: Final = 80
_LONGEST_GUESS: Final = 300
_MARGIN: Final = 1
_SHORTEST_MISSPELT: Final = 6


@dataclass(frozen=True, slots=True)
class Target:
    """What a cross-link may lead to. ``path`` is the story's file; ``url`` its address below the site's root.

    ``former`` are addresses that it had before, and ``original`` is the slug that it has in common with its
    translations; its own where it is empty.
    """

    path: str
    id: str
    slug: str
    title: str
    url: str
    headline_aliases: tuple[str, ...] = ()
    public: bool = True
    lang: str = ""
    former: tuple[str, ...] = ()
    original: str = ""


@dataclass(frozen=True, slots=True)
class Resolution:
    """Where a cross-link leads: the target's path where it is ``resolved``, else why not, and what is near.

    ``near`` are headlines, or the files of which one must be chosen where it is ``ambiguous``; ``keys`` are what to
    name each of them by, in brackets. ``misspelt`` tells that the words are the target's headline but for slips of the
    pen.
    """

    outcome: Outcome
    path: str = ""
    near: tuple[str, ...] = ()
    misspelt: bool = False
    keys: tuple[str, ...] = ()


_NOBODY: Final[AbstractSet[str]] = frozenset()


@dataclass(slots=True)
class CrossLinkIndex:
    """The stories of a digest by everything that can name one."""

    site: str = ""
    lang: str = ""
    _targets: dict[str, Target] = field(default_factory=dict)
    _by_key: dict[str, AbstractSet[str]] = field(default_factory=dict)
    _by_address: dict[str, AbstractSet[str]] = field(default_factory=dict)
    _by_former: dict[str, AbstractSet[str]] = field(default_factory=dict)
    _by_former_key: dict[str, AbstractSet[str]] = field(default_factory=dict)
    _by_title: dict[str, AbstractSet[str]] = field(default_factory=dict)
    _by_headline: dict[str, AbstractSet[str]] = field(default_factory=dict)
    _normal: dict[str, str] = field(default_factory=dict)
    _secret: dict[str, str] = field(default_factory=dict)
    _sorted: tuple[list[str], frozenset[str]] | None = None
    _misspelt: dict[tuple[str, frozenset[str]], AbstractSet[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, targets: Iterable[Target], *, site: str = "", lang: str = "") -> "CrossLinkIndex":
        """An index of all targets; ``site`` is the site's address, if it has one yet, ``lang`` its language."""
        index = cls(site.rstrip("/"), lang)
        index._add(sorted(targets, key=lambda target: target.path))
        return index

    @property
    def _headlines(self) -> list[str]:
        return self._in_order()[0]

    @property
    def _words(self) -> AbstractSet[str]:
        return self._in_order()[1]

    def _in_order(self) -> tuple[list[str], frozenset[str]]:
        """All headlines in order, and all words in them: looked at only where a headline is not found as it is."""
        if self._sorted is None:
            headlines = sorted(self._by_headline)
            self._sorted = headlines, frozenset(word for headline in headlines for word in headline.split())
        return self._sorted

    def resolve(
        self, text: str, *, href: str = "", own: str = "", exactly: bool = False, guess: bool = True
    ) -> Resolution:
        """The story that a cross-link means.

        ``text`` is what was typed after the label, ``href`` what it already links to, ``own`` the path of the story
        that holds it. With ``exactly`` neither the beginning of a headline nor one with something glued to it will do,
        nor a misspelt one. Without ``guess`` nothing is looked for that may have been meant or is misspelt, which takes
        longer than all the rest.
        """
        found = self._find(text, href, exactly, own)
        if found is None:
            return Resolution("external")
        misspelt = not found and guess and not exactly
        if misspelt:
            found = self._misspelling(text)
        others = self._settled(found - {own}, own)
        if found and not others:
            return Resolution("itself", own)
        if len(others) == 1:
            path = next(iter(others))
            return Resolution("resolved" if self._targets[path].public else "withheld", path, misspelt=misspelt)
        if others:
            paths = tuple(sorted(path for path in others if self._targets[path].public))
            if not paths:
                # several, of which readers may see none: not even that there are several
                return Resolution("withheld", min(others), misspelt=misspelt)
            return Resolution("ambiguous", near=paths, keys=tuple(map(self._key_of, paths)))
        secret = "" if exactly else self._secret_like(text)
        if secret:
            return Resolution("withheld", secret, misspelt=True)
        near = () if exactly or not guess else self._near(text, own)
        titles = tuple(self._targets[path].title for path in near)
        return Resolution("unresolved", near=titles, keys=tuple(map(self._key_of, near)))

    def _settled(self, found: AbstractSet[str], own: str) -> AbstractSet[str]:
        """Without the stories that give way: those that readers may not see to those that they may, and of translations
        of one story those in other languages than the story that links, else than the site.
        """
        targets = [self._targets[path] for path in found]
        targets = [target for target in targets if target.public] or targets
        if len({target.original or target.slug for target in targets}) == 1:
            own_lang = self._targets[own].lang if own in self._targets else self.lang
            for lang in (own_lang, self.lang):
                targets = [target for target in targets if target.lang == lang] or targets
        return frozenset(target.path for target in targets)

    def _add(self, targets: Sequence[Target]) -> None:
        paths = [target.path for target in targets]
        self._targets = dict(zip(paths, targets, strict=True))
        # one set for all that names a story, as long as nothing of it names another one
        own = [frozenset((path,)) for path in paths]
        titles = [normalised(target.title) for target in targets]
        _enter_each(self._by_key, [target.slug.casefold() for target in targets], own)
        _enter_each(self._by_address, [bare_address(target.url) for target in targets], own)
        _enter_each(self._by_address, map(bare_address, paths), own)
        _enter_each(self._by_title, [target.title for target in targets], own)
        _enter_each(self._by_headline, titles, own)
        self._by_headline.pop("", None)
        self._normal = {path: title for path, title in zip(paths, titles, strict=True) if title}
        for target, itself, title in zip(targets, own, titles, strict=True):
            if target.id != target.slug or target.original not in ("", target.slug):
                for key in (target.id, target.original or target.slug):
                    _enter(self._by_key, key.casefold(), itself)
            for address in target.former:
                _enter(self._by_former, bare_address(address), itself)
                _enter(self._by_former_key, former_slug(address), itself)
            others = [headline for each in target.headline_aliases if (headline := normalised(each))]
            for headline in others:
                _enter(self._by_headline, headline, itself)
            if not target.public:
                self._normal.pop(target.path, None)
                named = (headline for headline in (title, *others) if headline)
                self._secret |= {f"{target.path}\n{headline}": headline for headline in named}

    def _find(self, text: str, href: str, exactly: bool, own: str) -> AbstractSet[str] | None:
        """The paths that the words can mean; None where they lead out of the site on purpose."""
        key = _KEY.fullmatch(text.rstrip(".!? ")) if exactly else _KEY.search(text)
        if key:
            return self._keyed(key[1])
        address = href or (text if _ADDRESS.fullmatch(text) else "")
        if address:
            inside = self._inside(address)
            found = self._beside(address, own)
            if not found and inside is not None:
                found = self._at(bare_address(inside))
            if found:
                return found
            if inside is None and not self._headed(text, exactly):
                return None
        return self._headed(text, exactly)

    def _beside(self, address: str, own: str) -> AbstractSet[str]:
        """The story whose file ``{filename}`` names from where the file stands that links to it."""
        if not address.startswith(("{filename}", "|filename|")) or address[10:].startswith("/"):
            return _NOBODY
        path = posixpath.normpath(posixpath.join(posixpath.dirname(own), address[10:]))
        return self._by_address.get(bare_address(path), _NOBODY)

    def _at(self, address: str) -> AbstractSet[str]:
        """The story that has an address, else those that had it."""
        return self._by_address.get(address) or self._by_former.get(address) or _NOBODY

    def _keyed(self, key: str) -> AbstractSet[str]:
        name = key.partition("|")[0].strip()
        found = self._by_key.get(name.casefold()) or self._by_headline.get(normalised(name))
        return found or self._by_former_key.get(name.casefold()) or _NOBODY

    def _headed(self, text: str, exactly: bool) -> AbstractSet[str]:
        headline = normalised(text)
        found = self._by_title.get(text) or self._by_headline.get(headline) or _NOBODY
        # one word of prose ("Read more") may be a slug too; with a hyphen it was meant as one
        if not found and " " not in text and ("-" in text or not exactly):
            found = self._by_key.get(text.casefold()) or self._by_former_key.get(text.casefold()) or _NOBODY
        if found or exactly or not headline:
            return found
        return self._unglued(text) or self._begun(headline)

    def _unglued(self, text: str) -> AbstractSet[str]:
        """A headline that ends, and after its full stop a few words that strayed there; a new sentence is no stray."""
        match = _GLUED.match(text)
        if match and match["tail"][0].isupper() and not text.isupper():
            return _NOBODY
        return self._by_headline.get(normalised(match["headline"]), _NOBODY) if match else _NOBODY

    def _begun(self, headline: str) -> AbstractSet[str]:
        """The one headline that begins with these words, and does not go on with the last of their numbers."""
        if len(headline) < _SHORTEST_BEGINNING or headline.count(" ") < _FEWEST_WORDS - 1:
            return _NOBODY
        at = bisect.bisect_left(self._headlines, f"{headline} ")
        begun = [known for known in self._headlines[at : at + 2] if known.startswith(f"{headline} ")]
        if len(begun) != 1 or (headline[-1].isdigit() and not begun[0][len(headline) + 1].isalpha()):
            return _NOBODY
        return self._by_headline[begun[0]]

    def _misspelling(self, text: str) -> AbstractSet[str]:
        """The one headline that the words are but for slips of the pen; several where they are about as near."""
        headline = normalised(text)
        if len(headline) < _SHORTEST_MISSPELT or len(headline) > _LONGEST_GUESS or _KEY.search(text):
            return _NOBODY
        # where no word has a capital, the lack of one says nothing
        has_capitals = any(word[:1].isupper() for word in text.split())
        small = frozenset(normalised(word) for word in text.split() if has_capitals and word[:1].islower())
        if (headline, small) not in self._misspelt:
            typed = headline.split()
            alike = process.extract(headline, self._headlines, scorer=fuzz.ratio, limit=12, score_cutoff=_ALIKE)
            counted = [(slips(typed, known.split(), self._words, small), known) for known, _, _ in alike]
            near = [(count, known) for count, known in counted if count is not None]
            least = min((count for count, _ in near), default=MOST_SLIPS)
            self._misspelt[headline, small] = frozenset(
                path for count, known in near if count <= least + _MARGIN for path in self._by_headline[known]
            )
        return self._misspelt[headline, small]

    def _secret_like(self, text: str) -> str:
        """The story that readers may not see whose headline is so near that the words would give it away."""
        key = _KEY.search(text)
        headline = normalised(key[1].partition("|")[0] if key else text)
        if not self._secret or len(headline) > _LONGEST_GUESS:
            return ""
        found = process.extractOne(headline, self._secret, scorer=fuzz.ratio, score_cutoff=_TELLING)
        if found is None or process.extractOne(headline, self._normal, scorer=fuzz.ratio, score_cutoff=found[1]):
            return ""
        return found[2].partition("\n")[0]

    def _inside(self, address: str) -> str | None:
        """An address below the site's root, or None where it leads elsewhere."""
        if address.startswith(("{filename}", "|filename|")):
            return posixpath.normpath(address[10:])
        if self.site and address.startswith(self.site + "/"):
            return address[len(self.site) :]
        try:
            parts = urlsplit(address)
        except ValueError:
            return None
        return None if address.startswith("{") or parts.scheme or parts.netloc else parts.path

    def _near(self, text: str, own: str) -> tuple[str, ...]:
        """Up to three stories that an editor may have meant.

        Those whose key is spelt much like what stands in the brackets; whose headlines begin so, or are spelt like it.
        """
        key = _KEY.search(text)
        name = key[1].partition("|")[0].strip() if key else ""
        headline = normalised(name or text)
        if len(headline) > _LONGEST_GUESS:
            return ()
        known = {path: normal for path, normal in self._normal.items() if path != own}
        begun = sorted(path for path, normal in known.items() if headline and normal.startswith(headline))
        alike = process.extract(headline, known, scorer=fuzz.ratio, limit=3, score_cutoff=_ALIKE)
        spelt = [path for _, score, path in sorted(alike, key=lambda match: (-match[1], match[2]))]
        return tuple(dict.fromkeys((*self._keys_like(name, own), *begun, *spelt)))[:3]

    def _keys_like(self, name: str, own: str) -> list[str]:
        """The stories that readers may see whose id or slug is spelt much like a name."""
        if not name or len(name) > _LONGEST_GUESS:
            return []
        alike = process.extract(name.casefold(), sorted(self._by_key), scorer=fuzz.ratio, limit=3, score_cutoff=_ALIKE)
        paths = [path for key, _, _ in alike for path in sorted(self._by_key[key])]
        return [path for path in paths if path != own and self._targets[path].public]

    def _key_of(self, path: str) -> str:
        """What means a story and no other: its id, slug or address."""
        target = self._targets[path]
        known = (key for key in (target.id, target.slug) if len(self._by_key[key.casefold()]) == 1)
        return next(known, f"/{target.url}")


def _enter_each(table: dict[str, AbstractSet[str]], names: Iterable[str], own: Sequence[frozenset[str]]) -> None:
    """Enter stories in a table, each under a name of its own. Mostly no two names are the same."""
    names = [*names]
    entered = dict(zip(names, own, strict=True))
    if len(entered) == len(names) and table.keys().isdisjoint(entered):
        table |= entered
    else:
        for name, itself in zip(names, own, strict=True):
            _enter(table, name, itself)


def _enter(table: dict[str, AbstractSet[str]], name: str, own: frozenset[str]) -> None:
    known = table.get(name)
    if isinstance(known, set):
        known |= own
    else:
        table[name] = own if known is None or known == own else {*known, *own}
