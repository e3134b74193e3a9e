"""Where does an address that a text names lead, if it stays inside the site?"""

import html
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal
from urllib.parse import quote, unquote, urlsplit

from alsoread.desk.check.subject import Archive, Target, is_below
from alsoread.outputs.redirects import file_of_alias
from alsoread.story import Story

__all__ = ["Inside", "Lead", "inside_of", "leads"]

State = Literal["there", "missing", "other case", "not published"]

_INTRASITE: Final = re.compile(r"[{|](filename|static|attach)[|}](.*)", re.DOTALL)
_OTHER_INTRASITE: Final = re.compile(r"[{|][a-z]*[|}]")
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
# where pages of lists, archives and feeds live, whose names only the build knows
_LISTS: Final = frozenset(
    "archive archives author authors categories category feed feeds page source sources tag tags theme thread threads "
    "topic topics".split()
)
_FRONT: Final = re.compile(r"index\d*\.html?")
_UNKNOWABLE: Final = frozenset("{}<>*")


@dataclass(frozen=True, slots=True)
class Lead:
    """Where an address leads: ``name`` is the file below the site's root or the content folder.

    ``better`` is the address that would lead to what was meant, if that can be told; ``alike`` are the files, where
    several differ from ``name`` in case only; ``story`` is the one that readers do not see.
    """

    state: State
    name: str
    better: str = ""
    story: Story | None = None
    alike: tuple[str, ...] = ()


class Inside:
    """All that addresses inside a site can lead to."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        public = {story.path for story in (*archive.digest.stories, *archive.digest.pages)}
        self._save_as = {path: archive.address_of(story).save_as for path, story in archive.stories.items()}
        self._save_as |= {path: archive.page_address_of(page).save_as for path, page in archive.pages.items()}
        self._sources = {**archive.stories, **archive.pages}
        self._public = public
        self._hidden = {self._save_as[path]: story for path, story in self._sources.items() if path not in public}
        self._published = {self._save_as[path]: path for path in public if path in self._save_as}
        for story in (*archive.digest.stories, *archive.digest.pages):
            for name in filter(None, map(file_of_alias, story.aliases)):
                self._published.setdefault(name, story.path)
        self._static = {path for path in archive.files if is_below(path, archive.static)}
        self._files = {path for path in archive.files if _is_text(path)}
        self._by_case = _by_case(filter(_is_text, {*self._published, *self._static}))
        self._files_by_case = _by_case(self._files)
        self._by_basename = _by_basename(self._files)
        parts = _split(archive.site)
        self._site = archive.site.rstrip("/").casefold() if parts and parts[0] else ""
        self._leads: list[tuple[str, Target, Lead]] | None = None
        self._below = parts[1].strip("/") if parts and self._site else ""

    def leads(self) -> Sequence[tuple[str, Target, Lead]]:
        """Where all addresses of all files lead that stay inside the site; sought once."""
        if self._leads is None:
            self._leads = [
                (path, target, lead)
                for path, card in self._archive.cards.items()
                for target in card.targets
                if (lead := self.lead(path, target)) is not None
            ]
        return self._leads

    def lead(self, path: str, target: Target) -> Lead | None:
        """Where an address in a file leads; None where it leads out of the site, or that cannot be told."""
        address = html.unescape(_ESCAPED.sub(r"\1", target.address)).strip()
        intrasite = _INTRASITE.fullmatch(address)
        if intrasite:
            parts = _split(intrasite[2])
            return self._of_file(path, target, intrasite[1], parts[1]) if parts and parts[1] else None
        parts = _split(address)
        if parts is None or _OTHER_INTRASITE.match(address) or _UNKNOWABLE.intersection(parts[1]):
            return None
        if parts[0]:
            is_ours = self._site and (address.casefold() + "/").startswith(self._site + "/")
            return self._of_address(path, target, "/" + parts[1].lstrip("/")) if is_ours else None
        return self._of_address(path, target, parts[1]) if parts[1] else None

    def _of_file(self, path: str, target: Target, kind: str, typed: str) -> Lead:
        folder = "" if typed.startswith("/") else posixpath.dirname(path)
        names = [posixpath.normpath(posixpath.join(folder, each.lstrip("/"))) for each in (typed, unquote(typed))]
        for name in names:
            if kind == "filename" and name in self._sources:
                is_public = name in self._public
                return Lead("there" if is_public else "not published", name, story=self._sources[name])
            if name in self._archive.files and (kind != "filename" or not name.endswith(".md")):
                return Lead("there", name)
        others = self._files_by_case.get(names[1].casefold())
        if others:
            return _in_other_case(target.address, typed, names[1], others)
        elsewhere = self._by_basename.get(posixpath.basename(names[1]).casefold(), "")
        return Lead("missing", names[1], f"{{{kind}}}/{quote(elsewhere)}" if elsewhere else "")

    def _of_address(self, path: str, target: Target, typed: str) -> Lead | None:
        name = self._name(path, target, typed)
        if not name or _FRONT.fullmatch(name) or self._is_there(name):
            return Lead("there", name)
        page = next((each for each in (name, f"{name}/index.html", f"{name}.html") if each in self._hidden), "")
        if page:
            return Lead("not published", name, story=self._hidden[page])
        others = self._by_case.get(name.casefold())
        if others:
            return _in_other_case(target.address, typed, name, others)
        first, _, rest = name.partition("/")
        is_page = name.lower().endswith((".html", ".htm")) or "." not in posixpath.basename(name)
        is_list = first.casefold() in _LISTS or first.casefold() in self._archive.list_folders
        if is_list or first.isdigit() or (not rest and not is_page):
            return None
        return Lead("missing", name, self._instead(path, typed))

    def _name(self, path: str, target: Target, typed: str) -> str:
        """The file that a browser asks for; the picture of a story's card is asked for from the site's root."""
        typed_path = unquote(typed)
        story = self._sources[path]
        is_card = target.is_picture and story.image is not None and story.image.src == target.address
        folder = "" if is_card or typed.startswith("/") else posixpath.dirname(self._save_as[path])
        name = posixpath.normpath(posixpath.join("/", folder, typed_path.lstrip("/"))).lstrip("/")
        if typed.startswith("/") and self._below and (name + "/").startswith(self._below + "/"):
            name = name[len(self._below) :].lstrip("/")
        return f"{name}/index.html" if name and typed_path.endswith("/") else name

    def _is_there(self, name: str) -> bool:
        names = (name, f"{name}/index.html", f"{name}.html")
        return name in self._static or any(each in self._published or self._is_made(each.casefold()) for each in names)

    def _is_made(self, name: str) -> bool:
        return name in self._archive.elsewhere or self._archive.is_reserved(name)

    def _instead(self, path: str, typed: str) -> str:
        """What Pelican makes an address of, where the file is in the content folder."""
        typed_path = unquote(typed).lstrip("/")
        for folder in ("", posixpath.dirname(path)):
            name = posixpath.normpath(posixpath.join(folder, typed_path))
            if name in self._files:
                return f"{{{'filename' if name in self._sources else 'static'}}}/{quote(name)}"
            if name in self._published and _is_text(self._published[name]):
                return f"{{filename}}/{quote(self._published[name])}"
        return ""


@lru_cache(maxsize=2)
def inside_of(archive: Archive) -> Inside:
    """All that addresses inside a site can lead to; several rules ask for the same archive."""
    return Inside(archive)


def leads(archive: Archive, *, pictures: bool | None = None) -> Iterator[tuple[str, Target, Lead]]:
    """Where all addresses lead that stay inside the site: those of pictures, of links, or of both.

    What stands on the line of a cross-link that leads nowhere has been told.
    """
    told = {(each.path, each.line) for each in archive.digest.findings if each.code.startswith("AR40")}
    for path, target, lead in inside_of(archive).leads():
        if pictures in (None, target.is_picture) and (path, target.line) not in told:
            yield path, target, lead


def _split(address: str) -> tuple[str, str] | None:
    """Scheme and host in one, and the path; None for what is no address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts.scheme + parts.netloc, parts.path


def _is_text(name: str) -> bool:
    """Whether a name can be written in a file: a disk may have names that are not UTF-8."""
    return name.isascii() or not any("\ud800" <= char <= "\udfff" for char in name)


def _by_case(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted(names):
        key = name.casefold()
        found[key] = (*found[key], name) if key in found else (name,)
    return found


def _in_other_case(address: str, typed: str, name: str, others: tuple[str, ...]) -> Lead:
    """The lead to the one that differs in case only; nobody can tell which of several is meant."""
    if len(others) > 1:
        return Lead("other case", name, alike=others)
    return Lead("other case", name, _in_case_of(address, typed, others[0]))


def _by_basename(names: Iterable[str]) -> dict[str, str]:
    """The one file of each name; nothing where several have it."""
    found: dict[str, str] = {}
    for name in names:
        base = posixpath.basename(name).casefold()
        found[base] = "" if base in found else name
    return found


def _in_case_of(address: str, typed: str, name: str) -> str:
    """An address with the steps of its path written as in the name of a file; nothing where they are not the same."""
    steps, right = typed.split("/"), name.split("/")
    for back in range(1, min(len(steps), len(right)) + 1):
        plain = unquote(steps[-back])
        if plain.casefold() != right[-back].casefold():
            break
        steps[-back] = steps[-back] if plain == right[-back] else _spelt(steps[-back], right[-back])
    better = "/".join(steps)
    return address.replace(typed, better, 1) if better != typed and address.count(typed) == 1 else ""


def _spelt(typed: str, right: str) -> str:
    return quote(right) if "%" in typed else right
