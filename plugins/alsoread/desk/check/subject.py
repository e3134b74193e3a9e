"""What does a rule see of a file, and of the archive that the file is part of?"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from alsoread.desk.check.markdown import Scan, scan
from alsoread.diagnostics import Diagnostic
from alsoread.news.addresses import Address
from alsoread.news.digest import Digest
from alsoread.news.frontmatter import FrontMatter, Node, Scalar
from alsoread.news.frontmatter import Mapping as Fields
from alsoread.news.frontmatter import Sequence as Items
from alsoread.settings import DigestSettings
from alsoread.story import Body, Story

__all__ = ["Archive", "Card", "Place", "Subject", "Target", "card_of", "is_below", "leads_out"]

Place = tuple[int, int]
"""Line and column of a file, both from 1."""


@dataclass(frozen=True)
class Subject:
    """A story or a page, as typed and as read. A rule over subjects sees one file and nothing else.

    ``is_page`` tells a page, which has no date, tags or sources, from a story.
    """

    front: FrontMatter
    story: Story
    body: Body
    settings: DigestSettings
    is_page: bool = False

    @property
    def path(self) -> str:
        """The file, below the content folder."""
        return self.story.path

    @cached_property
    def markdown(self) -> Scan:
        """The body as typed."""
        return scan(self.front.body)

    def node(self, name: str) -> Node | None:
        """A field as typed, if the file has it."""
        return next((node for key, node in self.front.fields.entries if key.text == name), None)

    def place(self, name: str) -> Place:
        """Where a field's value stands; where there is no such field, the front matter's begin."""
        node = self.node(name) or self.front.fields
        return node.line, node.column

    def items(self, name: str) -> tuple[Node, ...]:
        """The entries of a list as typed; of a single value that one."""
        node = self.node(name)
        return node.items if isinstance(node, Items) else (node,) if node is not None else ()

    def in_body(self, offset: int) -> Place:
        """Line and column in the file of an offset into the body."""
        line = bisect_right(self._lines, offset)
        return self.front.body_line + line - 1, offset - self._lines[line - 1] + 1

    @cached_property
    def _lines(self) -> list[int]:
        """Where the lines of the body begin: a hostile text has a hundred thousand findings."""
        return [0, *accumulate(len(line) + 1 for line in self.front.body.split("\n")[:-1])]

    def found(self, code: str, where: Place, message: str, hint: str = "") -> Diagnostic:
        """A finding in this file."""
        return Diagnostic(self.path, *where, code, message, hint)


@dataclass(frozen=True, slots=True)
class Target:
    """An address that a file names, where it stands, and whether it is that of a picture."""

    address: str
    line: int
    column: int
    is_picture: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """What rules over the archive need to know of a file besides its story: where tags and sources stand, and what the
    body links to that may be inside the site.
    """

    title: Place
    tags: tuple[tuple[str, int, int], ...] = ()
    sources: tuple[tuple[str, int, int], ...] = ()
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, eq=False)
class Archive:
    """All files together, as rules over the archive see them.

    ``digest`` is the digest that they make; ``stories`` are all stories, drafts among them, and ``cards`` what else is
    known of each file, by its path. ``files`` are all files below the content folder, ``address_of`` tells where a
    story or a page is published. ``list_folders`` are the folders, and ``elsewhere`` the files, of the site that only a
    build can fill (both as ``casefold`` has them).
    """

    digest: Digest
    stories: Mapping[str, Story]
    pages: Mapping[str, Story]
    cards: Mapping[str, Card]
    settings: DigestSettings
    files: Mapping[str, int] = field(default_factory=dict)
    address_of: Callable[[Story], Address] = lambda story: Address("", "")
    page_address_of: Callable[[Story], Address] = lambda story: Address("", "")
    is_reserved: Callable[[str], bool] = lambda save_as: False
    site: str = ""
    static: tuple[str, ...] = ("images",)
    list_folders: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()

    def is_static(self, path: str) -> bool:
        """Is it a file that is published as it is, at an address that is its path?"""
        return path in self.files and is_below(path, self.static)


def is_below(path: str, folders: Iterable[str]) -> bool:
    """Is a path in one of the folders, or the one that is named?"""
    return any(folder in ("", ".", path) or path.startswith(f"{folder}/") for folder in folders)


def card_of(subject: Subject) -> Card:
    """What rules over the archive need to know of a file."""
    targets = []
    for reference in subject.markdown.references:
        if leads_out(reference.target, subject.settings.site):
            continue
        line, column = subject.in_body(reference.at)
        targets.append(Target(reference.target, line, column, reference.kind == "picture"))
    image = subject.node("image")
    if subject.story.image is not None and isinstance(image, Fields):
        node = {key.text: value for key, value in image.entries}.get("src", image)
        targets.append(Target(subject.story.image.src, node.line, node.column, is_picture=True))
    return Card(
        subject.place("title"),
        tuple((item.text, item.line, item.column) for item in subject.items("tags") if isinstance(item, Scalar)),
        tuple(_addresses(subject)),
        tuple(targets),
    )


def leads_out(address: str, site: str) -> bool:
    """Whether an address is that of another site at first sight, as most are; ``site`` is the address of this one."""
    if not address.startswith(("https://", "http://")) or "&" in address or "\\" in address:
        return False
    own = site.rstrip("/").casefold()
    return not own or not address.casefold().startswith(own)


def _addresses(subject: Subject) -> list[tuple[str, int, int]]:
    """Where the addresses of the sources stand."""
    found = []
    short = subject.node("source_url")
    if isinstance(short, Scalar) and short.text.strip():
        found.append((short.text.strip(), short.line, short.column))
    for item in subject.items("sources"):
        url = {key.text: value for key, value in item.entries}.get("url") if isinstance(item, Fields) else None
        if isinstance(url, Scalar) and url.text.strip():
            found.append((url.text.strip(), url.line, url.column))
    return found
