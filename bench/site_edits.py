"""What does an editor do between two builds? Edits the newest story, the one on most pages, adds one, edits a theme."""

import re
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path

SENTENCE = "This paragraph was added to the story after it had been published."
NOTE = "<p>This line was added to the template.</p>"
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


def add_story(story: Path, number: int = 1) -> None:
    """A copy of a story under another title and address, and newer by some hours; the next one is newer by a minute."""
    head, body = halves(story)
    head = re.sub(rf"^({'|'.join(SINGULAR)})[ \t]*:.*\n", "", head, flags=re.IGNORECASE | re.MULTILINE)
    head = with_field(head, "title", "([\"']?)", rf"\g<2>Another {number} ")
    head = with_field(head, "slug", ".*", f"the-story-that-was-added-{number}")
    head = with_field(head, "date", ".*", later(field(head, "date"), f"23:{29 + number}"))
    write(story.with_stem(f"{story.stem}-another-{number}"), head, body)


def later(date: str, time: str) -> str:
    """A date with another time of the day, in the form that it has."""
    return re.sub(r"^(\S{10}[T ])\d\d:\d\d", rf"\g<1>{time}", date) if len(date) > 10 else f"{date} {time}"


def edit_template(template: Path) -> None:
    """A line in the template of a story, where it reaches the page: in the article, or in the last block of Jinja's."""
    if not template.is_file():
        raise NothingToEdit(f"there is no template {template}")
    text = template.read_text("utf-8")
    ends = [found.start() for end in (r"{%-?\s*endblock", "</article>") for found in re.finditer(end, text)]
    at = ends[-1] if ends else len(text)
    template.write_text(f"{text[:at]}{NOTE}\n{text[at:]}", "utf-8")


# What is done before each build: to the newest story or to the template of stories. The number says how often it has
# been done, this time with it.
Edit = Callable[[Path, Path, int], None]
EDITS: dict[str, Edit] = {
    "cold": lambda story, template, number: None,
    "nothing changed": lambda story, template, number: None,
    "one body edited": lambda story, template, number: edit_body(story),
    "one title edited": lambda story, template, number: edit_title(story),
    "one story added": lambda story, template, number: add_story(story, number),
    "one template edited": lambda story, template, number: edit_template(template),
}
