"""Which files let people contribute to a digest by pull request, on the forge where its repository is?

Workflows that check a pull request, comment on it and publish the site; a form for those without git; templates; and a
CONTRIBUTING.md with the digest's own topics. The texts are in ``alsoread/starter/forge``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from alsoread.desk.editors import issue_form
from alsoread.desk.intake.escape import escaped_text
from alsoread.desk.starter import filled, template

__all__ = ["WAYS", "Forge", "Way", "forge_files"]

Way = Literal["pages", "rsync", "s3"]
"""How the site is published: GitHub Pages, a server that takes rsync, or a bucket that speaks S3."""

WAYS: Final[tuple[str, ...]] = get_args(Way)

_WORKFLOWS: Final = ".github/workflows"
_FILES: Final = {
    f"{_WORKFLOWS}/check.yml": ("check.yml.in",),
    f"{_WORKFLOWS}/comment.yml": ("comment.yml.in",),
    ".github/pull_request_template.md": ("pull_request_template.md.in",),
    ".github/CODEOWNERS": ("CODEOWNERS.in",),
    ".pre-commit-config.yaml": ("pre-commit.yaml.in",),
    "CONTRIBUTING.md": ("CONTRIBUTING.md.in",),
}
_PUBLISH: Final[dict[Way, tuple[str, ...]]] = {
    "pages": ("publish-head.in", "publish-pages.in", "publish-tail.in"),
    "rsync": ("publish-head.in", "publish-fetch.in", "publish-rsync.in", "publish-tail.in"),
    "s3": ("publish-head.in", "publish-fetch.in", "publish-s3.in", "publish-tail.in"),
}


@dataclass(frozen=True, slots=True)
class Forge:
    """What is known of a digest whose repository is on a forge.

    ``topics`` are names with descriptions, which may be empty; ``requirement`` is what pip is to install.
    """

    name: str
    requirement: str
    topics: Sequence[tuple[str, str]] = ()
    way: Way = "pages"


def forge_files(forge: Forge) -> dict[str, str]:
    """The files, text by path below the root of the repository."""
    words = {
        "name": escaped_text(forge.name),
        "requirement": forge.requirement,
        "topics": "\n".join(f"- {_listed(*topic)}" for topic in forge.topics)
        or "There are none yet: use your own words.",
    }
    texts = {**_FILES, f"{_WORKFLOWS}/publish.yml": _PUBLISH[forge.way]}
    files = {path: "".join(filled(template(f"forge/{name}"), words) for name in names) for path, names in texts.items()}
    files[".github/ISSUE_TEMPLATE/story.yml"] = issue_form([name for name, _ in forge.topics])
    return dict(sorted(files.items()))


def _listed(name: str, description: str) -> str:
    told = f": {escaped_text(' '.join(description.split()))}" if description.strip() else ""
    return f"**{escaped_text(name)}**{told}"
