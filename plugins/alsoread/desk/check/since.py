"""What was wrong before a change, so that only what the change adds is told?

The content folder as it was at a commit of git's is laid out in a folder of its own and judged with today's settings.
"""

import os
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from alsoread.desk.check.run import Site
from alsoread.desk.check.subject import Archive
from alsoread.diagnostics import Diagnostic, Refusal
from alsoread.news.ledger import Ledger
from alsoread.news.places import placed
from alsoread.outputs.redirects import file_of_alias
from alsoread.story import Story

__all__ = ["Before", "added", "at", "content_at", "gone"]

# a number that counts: what it counts stands behind it, and it is in no quotation marks, where somebody's own words are
_COUNTED: Final = re.compile(
    r"\b\d+(?= (?:stories|characters|words|bytes|tags|others|times|more|have|has|entries|paragraphs)\b)"
    r"(?=[^']*(?:'[^']*'[^']*)*$)"
)
_APART: Final = frozenset(
    "GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_PREFIX GIT_OBJECT_DIRECTORY GIT_COMMON_DIR GIT_NAMESPACE".split()
)
_LINK: Final = b"120000"
_FILES: Final = (b"100644", b"100755", _LINK)

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Before:
    """The content as it was: the folder that it is laid out in, and the new names of files that were given one.

    ``beside`` are the bytes that a file outside of it had; None if there was none.
    """

    folder: str
    renamed: Mapping[str, str]
    beside: bytes | None = None


@contextmanager
def content_at(reference: str, root: str, beside: str = "") -> Iterator[Before]:
    """The content as it was where ``reference`` and the present commit part, and a file ``beside`` it.

    The files are those that git has, byte for byte: no attribute or filter of the repository's has a say.

    :raises Refusal: if this is no working tree of git's, or it knows no such commit.
    """
    base = _git(root, "merge-base", "--", reference, "HEAD").strip().decode()
    prefix = _git(root, "rev-parse", "--show-prefix").rstrip(b"\n")
    # the folder may not have been there yet, and git says little from within one that it does not know
    top = os.fsdecode(_git(root, "rev-parse", "--show-toplevel").rstrip(b"\n"))
    with tempfile.TemporaryDirectory(prefix="alsoread-since-") as folder:
        _lay_out(top, base, prefix, os.fsencode(folder))
        yield Before(folder, _renamed(top, base, prefix), _file(top, base, beside) if beside else None)


def _file(top: str, base: str, path: str) -> bytes | None:
    """The bytes that a regular file of the repository had."""
    folder, name = os.path.split(path)
    below = os.path.relpath(os.path.join(os.path.realpath(folder), name), top)
    if below.startswith(os.pardir):
        return None
    listed = _git(top, "ls-tree", "-z", "--full-tree", base, "--", below).partition(b"\t")[0].split()
    return next(_contents(top, [listed[2]])) if listed and listed[0] in _FILES and listed[0] != _LINK else None


def _lay_out(top: str, base: str, prefix: bytes, folder: bytes) -> None:
    listed = _git(top, "ls-tree", "-r", "-z", "--full-tree", base, "--", os.fsdecode(prefix.rstrip(b"/")) or ".")
    entries = [entry.partition(b"\t") for entry in listed.split(b"\0") if entry]
    files = [(*head.split(), name) for head, _, name in entries if head.split()[0] in _FILES]
    contents = _contents(top, [sha for _, _, sha, _ in files])
    for (mode, _, _, name), content in zip(files, contents, strict=True):
        path = os.path.join(folder, name.removeprefix(prefix))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if mode == _LINK:
            os.symlink(content, path)  # nothing follows it: the reader of files refuses links
            continue
        with open(path, "wb") as file:
            file.write(content)


def _contents(top: str, names: Sequence[bytes]) -> Iterator[bytes]:
    """The bytes of objects, as ``git cat-file --batch`` gives them."""
    given = _git(top, "cat-file", "--batch", data=b"".join(name + b"\n" for name in names))
    at = 0
    for _ in names:
        head, _, _ = given[at : at + 200].partition(b"\n")
        size = int(head.split()[2])
        begin = at + len(head) + 1
        yield given[begin : begin + size]
        at = begin + size + 1


def _renamed(top: str, base: str, prefix: bytes) -> dict[str, str]:
    """What the files of the content folder are called now that had another name."""
    told = _git(top, "diff", "--name-status", "-z", "--find-renames", "--diff-filter=R", base, "--").split(b"\0")
    pairs = zip(told[1::3], told[2::3], strict=False)
    return {
        os.fsdecode(old.removeprefix(prefix)): os.fsdecode(new.removeprefix(prefix))
        for old, new in pairs
        if old.startswith(prefix) and new.startswith(prefix)
    }


def _git(root: str, *arguments: str, data: bytes = b"") -> bytes:
    # a hook of git's says where its repository is, which need not be the one of this folder
    env = {name: value for name, value in os.environ.items() if name not in _APART}
    try:
        done = subprocess.run(["git", "-C", root, *arguments], input=data, capture_output=True, check=False, env=env)
    except OSError as error:
        raise Refusal(f"git cannot be run: {error.strerror or error}") from error
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split()) or f"exit code {done.returncode}"
        if arguments[0] == "merge-base" and not done.stderr:
            said = f"{arguments[2]} and the present commit have nothing in common; a shallow clone needs its history"
        raise Refusal(f"git {arguments[0]}: {said}")
    return done.stdout


def at(site: Site, folder: str, ledger: Ledger) -> Site:
    """The same site with its content elsewhere, and the ledger that it had."""
    addresses = replace(site.addresses, withdrawn={file.casefold(): each for file, each in ledger.withdrawn.items()})
    return replace(site, folders=replace(site.folders, root=folder), addresses=addresses, ledger=ledger)


def added(
    now: Sequence[Diagnostic], before: Sequence[Diagnostic], renamed: Mapping[str, str], settings: str
) -> tuple[Diagnostic, ...]:
    """The findings that were not there before, wherever in their file they stood, and whatever they counted.

    One that says the very same is known first; what is left is compared without the numbers that count something. An
    error in the file of the ``settings`` is always told: both sides are judged with the same ones.
    """
    exactly = Counter((renamed.get(each.path, each.path), each.code, each.message) for each in before)
    unknown = [each for each in now if not _taken(exactly, (each.path, each.code, each.message))]
    loosely: Counter[Key] = Counter()
    for (path, code, message), count in exactly.items():
        loosely[path, code, _COUNTED.sub("0", message)] += max(count, 0)
    told = [
        each
        for each in unknown
        if each.is_error or not _taken(loosely, (each.path, each.code, _COUNTED.sub("0", each.message)))
    ]
    of_settings = [each for each in now if each.path == settings and each.is_error]
    return tuple({*told, *of_settings})


def _taken(known: Counter[Key], key: Key) -> bool:
    """Whether something is known once more, and then one less."""
    known[key] -= 1
    return known[key] >= 0


def gone(
    now: Archive, before: Archive, renamed: Mapping[str, str], recorded: Collection[str] = ()
) -> tuple[Diagnostic, ...]:
    """A finding for every address that a story or page had and that leads nowhere now.

    About those that are ``recorded`` in the ledger of published addresses more is known, and said.
    """
    live = {save_as for _, save_as in _published(now)}
    live |= {file for story, _ in _published(now) for file in _files(story)}
    by_id = {story.id: story for story, _ in _published(now)}
    findings = []
    for story, save_as in _published(before):
        if save_as not in live and save_as not in recorded:
            path = renamed.get(story.path, story.path)
            here = now.stories.get(path) or now.pages.get(path) or by_id.get(story.id)
            if here is not None and here.expires is not None and here.expires <= now.settings.now:
                continue
            message = f"the address {save_as} was published, and nothing stands there any more"
            hint = (
                f"aliases: [/{save_as}]"
                if here is not None
                else f"in the story that takes its place, aliases: [/{save_as}]"
            )
            findings.append(Diagnostic(here.path if here is not None else path, 0, 0, "AR505", message, hint))
    return tuple(placed(findings, now.digest.places))


def _published(archive: Archive) -> list[tuple[Story, str]]:
    """What readers may see, and its file below the site's root."""
    stories = [(story, archive.address_of(story).save_as) for story in archive.digest.stories]
    return stories + [(page, archive.page_address_of(page).save_as) for page in archive.digest.pages]


def _files(story: Story) -> list[str]:
    return [file for alias in story.aliases if (file := file_of_alias(alias)) is not None]
