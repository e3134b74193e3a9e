"""What does an editor do between two builds? Edits the newest story, the one on most pages, adds one, edits a theme."""

import re
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

SENTENCE = "This paragraph was added to the story after it had been published."
COMMENT = "<!-- this comment was added to the template -->"
# fields that no two stories may share
SINGULAR = ("id", "aliases", "url", "save_as")


class NothingToEdit(Exception):
    """A site that the edits do not fit."""


def newest(content: Path, folders: Collection[str], exclude: Collection[str]) -> Path:
    """The published Markdown story with the latest date that is past; the last by name of several."""
    left_out = [content / folder for folder in exclude]
    today = datetime.now(UTC).date().isoformat()
    dated = []
    for folder in folders:
        for path in (content / folder).rglob("*.md"):
            if any(path.is_relative_to(other) for other in left_out):
                continue
            head, _ = halves(path)
            date = field(head, "date")
            published = field(head, "status").lower() in ("", "published")
            if published and re.match("[^>|]", field(head, "title")) and re.match(r"\d{4}-\d\d-\d\d", date):
                dated.append((date.replace("T", " "), path))
    past = [story for story in dated if story[0][:10] < today]
    if not past:
        raise NothingToEdit(f"{content} has no Markdown story with a title and a past date (such as 2025-01-31) in it")
    return max(past)[1]


def halves(path: Path) -> tuple[str, str]:
    """What stands before the text of a story, and the text."""
    text = path.read_text("utf-8-sig", errors="surrogateescape")
    end = text.find("\n---", 3) + 4 if text.startswith("---\n") else text.find("\n\n") + 1
    return text[:end], text[end:]


def field(head: str, name: str) -> str:
    found = re.search(rf"^{name}[ \t]*:[ \t]*(\S.*)$", head, re.IGNORECASE | re.MULTILINE)
    return found[1].strip().strip("\"'") if found else ""


def with_field(head: str, name: str, pattern: str, value: str) -> str:
    """A head with the pattern replaced that the value of a field begins with."""
    return re.sub(
        rf"^({name}[ \t]*:[ \t]*){pattern}", rf"\g<1>{value}", head, count=1, flags=re.IGNORECASE | re.MULTILINE
    )


def write(path: Path, head: str, body: str) -> None:
    path.write_text(head + body, "utf-8", errors="surrogateescape")


def edit_body(story: Path) -> None:
    head, body = halves(story)
    write(story, head, f"{body.rstrip()}\n\n{SENTENCE}\n")


def edit_title(story: Path) -> None:
    head, body = halves(story)
    write(story, with_field(head, "title", "([\"']?)", r"\g<2>Revised "), body)


def add_story(story: Path) -> None:
    """A copy of a story under another title and address, and newer by some hours."""
    head, body = halves(story)
    head = re.sub(rf"^({'|'.join(SINGULAR)})[ \t]*:.*\n", "", head, flags=re.IGNORECASE | re.MULTILINE)
    head = with_field(head, "title", "([\"']?)", r"\g<2>Another ")
    head = with_field(head, "slug", ".*", "the-story-that-was-added")
    head = with_field(head, "date", ".*", f"{field(head, 'date')[:10]} 23:59")
    write(story.with_stem(f"{story.stem}-another"), head, body)


def edit_template(theme: Path) -> None:
    """A comment in `article.html` of a theme, where it reaches the page: in its last block if it has blocks."""
    template = theme / "templates/article.html"
    if not template.is_file():
        raise NothingToEdit(f"the theme {theme} has no template article.html")
    text = template.read_text("utf-8")
    ends = [found.start() for found in re.finditer(r"{%-?\s*endblock", text)]
    at = ends[-1] if ends else len(text)
    template.write_text(f"{text[:at]}{COMMENT}\n{text[at:]}", "utf-8")
