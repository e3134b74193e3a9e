"""What was wrong before a change, so that only what the change adds is told?

The content folder as it was at a commit of git's is laid out in a folder of its own, and judged.
"""

import os
import re
import shlex
import subprocess
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from alsoread.desk.check.past import Published, published_in
from alsoread.desk.check.run import Site
from alsoread.desk.check.subject import Archive
from alsoread.diagnostics import Diagnostic, Refusal
from alsoread.news.ledger import Ledger
from alsoread.news.places import placed
from alsoread.outputs.redirects import file_of_alias
from alsoread.story import Story

__all__ = ["Before", "added", "at", "content_before", "gone"]

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
_SUBMODULE: Final = b"160000 "

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Before:
    """The content as a commit of git's has it.

    ``tree`` is git's name of the folder with all that is in it, and the submodules that there are; empty where the
    commit has no such folder. ``renamed`` are the new names of files that were given one since, and ``beside`` are the
    bytes that a file outside of the folder had; None if there was none.
    """

    commit: str
    tree: str
    top: str
    prefix: bytes
    renamed: Mapping[str, str]
    beside: bytes | None = None

    def read(self, path: str) -> str | None:
        """The text that a file of the repository had then; None where there was none."""
        name = os.path.relpath(os.path.realpath(path), os.path.realpath(self.top)).replace(os.sep, "/")
        try:
            return _git(self.top, "cat-file", "blob", f"{self.commit}:{name}").decode()
        except (Refusal, UnicodeDecodeError):
            return None

    @contextmanager
    def laid_out(self) -> Iterator[str]:
        """A folder with the files that git has, byte for byte: no attribute or filter of the repository's has a say."""
        with tempfile.TemporaryDirectory(prefix="alsoread-since-") as folder:
            _lay_out(self.top, self.commit, self.prefix, os.fsencode(folder))
            yield folder


def content_before(reference: str, root: str, beside: str = "") -> Before:
    """The content as it was where ``reference`` and the present commit part, and a file ``beside`` it.

    :raises Refusal: if this is no working tree of git's, or it knows no such commit.
    """
    base = _base(root, reference)
    prefix = _git(root, "rev-parse", "--show-prefix").rstrip(b"\n")
    # the folder may not have been there yet, and git says little from within one that it does not know
    top = os.fsdecode(_git(root, "rev-parse", "--show-toplevel").rstrip(b"\n"))
    folder = os.fsdecode(prefix.rstrip(b"/"))
    tree = _git(top, "ls-tree", "-d", base, "--", folder) if folder else _git(top, "rev-parse", f"{base}^{{tree}}")
    name = tree.split(b"\t")[0].decode().strip() + _checked_out(top, base)
    return Before(base, name, top, prefix, _renamed(top, base, prefix), _file(top, base, beside) if beside else None)


def _checked_out(top: str, base: str) -> str:
    """The submodules that are checked out: only these are laid out with the rest."""
    if not os.path.exists(os.path.join(top, ".gitmodules")):
        return ""
    listed = _git(top, "ls-tree", "-r", "-z", "--full-tree", base).split(b"\0")
    names = [os.fsdecode(entry.partition(b"\t")[2]) for entry in listed if entry.startswith(_SUBMODULE)]
    return "".join(f" {name}" for name in names if os.path.exists(os.path.join(top, name, ".git")))


def _base(root: str, reference: str) -> str:
    """The commit where a reference and the present one part.

    :raises Refusal: if there is none; in a shallow clone it tells how to get what is missing.
    """
    try:
        return _git(root, "merge-base", "--", reference, "HEAD").strip().decode()
    except Refusal:
        # outside of a repository the first message is the one to show
        try:
            is_shallow = _git(root, "rev-parse", "--is-shallow-repository").strip() == b"true"
        except Refusal:
            is_shallow = False
        if not is_shallow:
            raise
        remote = _git(root, "remote").split()
        name = remote[0].decode() if remote else "origin"
        raise Refusal(
            f"this clone is shallow, and has not the commit where {reference} and the present one part; fetch what is "
            f"missing: git fetch --unshallow {name} '+refs/heads/*:refs/remotes/{name}/*'"
        ) from None


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
    for head, _, name in entries:
        if head.startswith(_SUBMODULE):
            _lay_out_submodule(top, name, head.split()[2].decode(), os.path.join(folder, name.removeprefix(prefix)))
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


def _lay_out_submodule(top: str, name: bytes, commit: str, folder: bytes) -> None:
    """A submodule as it was, if it is checked out; if it is not, there is nothing of it on either side."""
    there = os.path.join(top, os.fsdecode(name))
    if not os.path.exists(os.path.join(there, ".git")):
        return
    try:
        _git(there, "cat-file", "-e", f"{commit}^{{commit}}")
    except Refusal:
        where = shlex.quote(os.path.relpath(there))
        raise Refusal(
            f"the submodule {where} has not the commit that it stood at; fetch it: git -C {where} fetch origin {commit}"
        ) from None
    _lay_out(there, commit, b"", folder)


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
            said = f"{arguments[2]} and the present commit have nothing in common"
        raise Refusal(f"git {arguments[0]}: {said}")
    return done.stdout


def at(site: Site, folder: str, ledger: Ledger) -> Site:
    """The same site with its content elsewhere, and the ledger that it had."""
    addresses = replace(site.addresses, withdrawn={file.casefold(): each for file, each in ledger.withdrawn.items()})
    return replace(site, folders=replace(site.folders, root=folder), addresses=addresses, ledger=ledger)


def added(
    now: Sequence[Diagnostic], before: Sequence[Diagnostic], renamed: Mapping[str, str], settings: AbstractSet[str]
) -> tuple[Diagnostic, ...]:
    """The findings that were not there before, wherever in their file they stood, and whatever they counted.

    One that says the very same is known first; what is left is compared without the numbers that count something. An
    error in a file of the ``settings`` is always told: both sides are judged with the same ones.
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
    of_settings = [each for each in now if each.path in settings and each.is_error]
    return tuple({*told, *of_settings})


def _taken(known: Counter[Key], key: Key) -> bool:
    """Whether something is known once more, and then one less."""
    known[key] -= 1
    return known[key] >= 0


def gone(
    now: Archive, before: Sequence[Published], renamed: Mapping[str, str], recorded: Collection[str] = ()
) -> tuple[Diagnostic, ...]:
    """A finding for every address that a story or page had and that leads nowhere now.

    About those that are ``recorded`` in the ledger of published addresses more is known, and said.
    """
    published = published_in(now)
    live = {save_as for _, save_as in published}
    live |= {file for story, _ in published for file in _files(story)}
    by_id = {story.id: story for story, _ in published}
    findings = []
    for each in before:
        save_as = each.save_as
        if save_as not in live and save_as not in recorded:
            path = renamed.get(each.path, each.path)
            here = now.stories.get(path) or now.pages.get(path) or by_id.get(each.id)
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


def _files(story: Story) -> list[str]:
    return [file for alias in story.aliases if (file := file_of_alias(alias)) is not None]
