"""What was wrong before a change, so that only what the change adds is told?

The content folder as it was at a commit of git's is laid out in a folder of its own and judged with today's settings.
"""

import os
import re
import subprocess
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from typing import Final

from alsoread.desk.check.run import Site
from alsoread.desk.check.subject import Archive
from alsoread.diagnostics import Diagnostic, Refusal
from alsoread.news.places import placed
from alsoread.outputs.redirects import file_of_alias
from alsoread.story import Story

__all__ = ["added", "at", "content_at", "gone"]

_NUMBER: Final = re.compile(r"\d+")


@contextmanager
def content_at(reference: str, root: str) -> Iterator[str]:
    """A folder with the content as it was where ``reference`` and the present commit part.

    :raises Refusal: if this is no working tree of git's, or it knows no such commit.
    """
    base = _git(root, "merge-base", "--", reference, "HEAD").strip().decode()
    prefix = os.fsdecode(_git(root, "rev-parse", "--show-prefix")).rstrip("\n")
    # the folder may not have been there yet, and git archives nothing from within one that it does not know
    top = os.fsdecode(_git(root, "rev-parse", "--show-toplevel")).rstrip("\n")
    with tempfile.TemporaryDirectory(prefix="alsoread-since-") as folder:
        if not prefix or _git(top, "ls-tree", "--name-only", base, "--", prefix.rstrip("/")):
            archive = _git(top, "archive", "--format=tar", f"{base}:{prefix}")
            with tarfile.open(fileobj=BytesIO(archive)) as packed:
                packed.extractall(folder, members=_regular(packed), filter="data")
        yield folder


def _regular(packed: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    return (member for member in packed if member.isfile() or member.isdir())


def _git(root: str, *arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", "-C", root, *arguments], capture_output=True, check=False)
    except OSError as error:
        raise Refusal(f"git cannot be run: {error.strerror or error}") from error
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split()) or f"exit code {done.returncode}"
        raise Refusal(f"git {arguments[0]}: {said}")
    return done.stdout


def at(site: Site, folder: str) -> Site:
    """The same site with its content elsewhere."""
    return replace(site, folders=replace(site.folders, root=folder))


def added(now: Sequence[Diagnostic], before: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings that were not there before, wherever in their file they stood, and whatever they counted."""
    left = Counter(map(_key, before))
    found = []
    for finding in now:
        key = _key(finding)
        left[key] -= 1
        if left[key] < 0:
            found.append(finding)
    return tuple(found)


def gone(now: Archive, before: Archive) -> tuple[Diagnostic, ...]:
    """A finding for every address that a story or page had and that leads nowhere now."""
    live = {save_as for _, save_as in _published(now)}
    live |= {file for story, _ in _published(now) for file in _files(story)}
    by_id = {story.id: story for story, _ in _published(now)}
    findings = []
    for story, save_as in _published(before):
        if save_as not in live:
            here = now.stories.get(story.path) or now.pages.get(story.path) or by_id.get(story.id)
            if here is not None and here.expires is not None and here.expires <= now.settings.now:
                continue
            path = here.path if here is not None else story.path
            message = f"the address {save_as} was published, and nothing stands there any more"
            findings.append(Diagnostic(path, 0, 0, "AR505", message, f"aliases: [/{save_as}]"))
    return tuple(placed(findings, now.digest.places))


def _published(archive: Archive) -> list[tuple[Story, str]]:
    """What readers may see, and its file below the site's root."""
    stories = [(story, archive.address_of(story).save_as) for story in archive.digest.stories]
    return stories + [(page, archive.page_address_of(page).save_as) for page in archive.digest.pages]


def _files(story: Story) -> list[str]:
    return [file for alias in story.aliases if (file := file_of_alias(alias)) is not None]


def _key(finding: Diagnostic) -> tuple[str, str, str]:
    return finding.path, finding.code, _NUMBER.sub("0", finding.message)
