"""What do the files of stories, topics and threads have in common?

From bytes to typed fields with their places, a checked name and a body; what is wrong becomes findings. Nothing here
raises for what an author wrote.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, TypeVar, cast

from alsoread.diagnostics import Diagnostic
from alsoread.news.body import BodyEngine
from alsoread.news.characters import decode, place
from alsoread.news.fields import Typed, load_schema, type_fields
from alsoread.news.frontmatter import FrontMatter, read_front_matter
from alsoread.news.names import SLUG, SLUG_LENGTH, cut_slug, slugify
from alsoread.news.sanitize import ForbiddenCharacter
from alsoread.news.tags import NestingTooDeep
from alsoread.press.limits import TimeLimitExceeded, cpu_limit
from alsoread.settings import DigestSettings
from alsoread.story import Body, Story

__all__ = [
    "EMPTY",
    "body_of",
    "has_error",
    "records",
    "stem",
    "text",
    "texts",
    "typed_front",
    "with_slug",
    "within_limit",
]

T = TypeVar("T")

EMPTY: Final = Body((), "", "")
"""The body of a file that has none."""

_BARE_CODE: Final = re.compile(r"[\s*_#>-]*")
_REFERENCE: Final = re.compile(r"&#(?:0*([0-9]{1,7})(?![0-9])|[xX]0*([0-9A-Fa-f]{1,6})(?![0-9A-Fa-f]))")


def within_limit(read: Callable[[], T], path: str, settings: DigestSettings, otherwise: Callable[[Diagnostic], T]) -> T:
    """What ``read`` gives within the digest's time limit, else what is made of the finding that it took too long."""
    try:
        with cpu_limit(settings.time_limit):
            return read()
    except TimeLimitExceeded:
        message = f"reading the story takes longer than {settings.time_limit:g} processor seconds"
        hint = "look for very many '[', '![', '*' or '<' in a row"
        return otherwise(Diagnostic(path, 0, 0, "AR201", message, hint))


def typed_front(
    data: bytes, path: str, settings: DigestSettings, schema: str
) -> tuple[FrontMatter | None, Typed | None, list[Diagnostic]]:
    """The front matter of a file and its fields by a schema; None where they cannot be read."""
    text, findings = decode(data, path)
    if has_error(findings):
        return None, None, list(findings)
    front, about_front = read_front_matter(text, path, load_schema(schema)["properties"])
    if front is None:
        return None, None, [*findings, *about_front]
    extra = settings.extra_fields if schema == "story" else ()
    typed = type_fields(front.fields, load_schema(schema), path, zone=settings.timezone, extra=extra)
    return front, typed, [*findings, *typed.findings]


def body_of(
    front: FrontMatter, story: Story, settings: DigestSettings, engine: BodyEngine, findings: list[Diagnostic]
) -> Body:
    """The body of a file; what is wrong with it is added to ``findings``."""
    if _BARE_CODE.fullmatch(front.body):
        findings.append(Diagnostic(story.path, front.body_line, 1, "AR205", "the body is empty", "write a paragraph"))
    labels = settings.labels_for(story.lang)
    try:
        rendered = engine.render(front.body, labels=labels, summary=story.summary, first_line=front.body_line)
    except NestingTooDeep as error:
        hint = "close every element that you open, and nest less"
        findings.append(Diagnostic(story.path, front.body_line, 1, "AR202", f"the body: {error}", hint))
        return EMPTY
    except ForbiddenCharacter as error:
        line, column = _find_reference(front, error.character.char)
        bad = error.character
        findings.append(Diagnostic(story.path, line, column, bad.code, bad.message, bad.hint))
        return EMPTY
    except Exception as error:  # noqa: BLE001 - whatever a Markdown extension makes of a hostile text is that text's fault
        message = f"the body cannot be read: {type(error).__name__}: {' '.join(str(error).split())[:200]}"
        findings.append(Diagnostic(story.path, front.body_line, 1, "AR203", message, "look for unusual nesting"))
        return EMPTY
    for name in rendered.removed:
        line, column = _find_element(front, name)
        message = f"the element <{name}> is not published"
        findings.append(
            Diagnostic(story.path, line, column, "AR204", message, f"use Markdown instead, or `<{name}>` as code")
        )
    return rendered.body


def _find_element(front: FrontMatter, name: str) -> tuple[int, int]:
    match = re.search(rf"<{re.escape(name)}\b", front.body, re.IGNORECASE)
    if match is None:
        return front.body_line, 1
    return _in_file(front, match.start())


def _find_reference(front: FrontMatter, char: str) -> tuple[int, int]:
    """Where the body names a character by its number; where it does not, the summary did."""
    for match in _REFERENCE.finditer(front.body):
        if int(match[1] or match[2], 10 if match[1] else 16) == ord(char):
            return _in_file(front, match.start())
    return next(((key.line, key.column) for key, _ in front.fields.entries if key.text == "summary"), (1, 1))


def _in_file(front: FrontMatter, offset: int) -> tuple[int, int]:
    line, column = place(front.body, offset)
    return front.body_line + line - 1, column


def with_slug(story: Story, places: dict[str, tuple[int, int]], of: str = "title") -> tuple[Story, list[Diagnostic]]:
    """The story under a checked name, made from its headline where it chose none."""
    if story.slug and SLUG.fullmatch(story.slug) and len(story.slug) <= SLUG_LENGTH:
        return replace(story, id=story.id or story.slug), []
    chosen = slugify(story.slug or story.title) or slugify(stem(story.path))
    slug = cut_slug(chosen, apart=bool(story.slug))
    line, column = places.get("slug" if story.slug else of, (0, 0))
    if not slug:
        message = f"no address can be made of {'the slug' if story.slug else 'the ' + of}"
        return story, [Diagnostic(story.path, line, column, "AR117", message, "slug: a-few-words")]
    findings = []
    if story.slug:
        message = (
            f"the slug '{story.slug[:60]}' is not made of a-z, 0-9 and '-' (at most {SLUG_LENGTH}); read as '{slug}'"
        )
        findings.append(Diagnostic(story.path, line, column, "AR116", message, f"slug: {slug}"))
    elif slug != chosen:
        message = f"the address made of the {of} is longer than {SLUG_LENGTH}; cut to '{slug}'"
        findings.append(Diagnostic(story.path, line, column, "AR116", message, f"slug: {slug}"))
    return replace(story, slug=slug, id=story.id or slug), findings


def stem(path: str) -> str:
    """The name of a file without folder and ending."""
    return path.rpartition("/")[2].rpartition(".")[0]


def text(typed: Typed, name: str) -> str:
    """The text of a field, empty where there is none."""
    return cast("str", typed.values.get(name, ""))


def texts(typed: Typed, name: str) -> tuple[str, ...]:
    """The texts of a field that is a list."""
    return cast("tuple[str, ...]", typed.values.get(name, ()))


def records(typed: Typed, name: str) -> Iterable[dict[str, object]]:
    """The entries of a field that is a list of mappings."""
    return cast("Iterable[dict[str, object]]", typed.values.get(name, ()))


def has_error(findings: Iterable[Diagnostic]) -> bool:
    """Does one of the findings leave its file out?"""
    return any(finding.is_error for finding in findings)
