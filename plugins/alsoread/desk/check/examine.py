"""What is to be said of one file, whatever the others hold?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from alsoread.desk.check.rule import FileRule
from alsoread.desk.check.rules import FILE_RULES
from alsoread.desk.check.subject import Card, Subject, card_of
from alsoread.diagnostics import Diagnostic
from alsoread.news.body import BodyEngine
from alsoread.news.characters import decode
from alsoread.news.frontmatter import read_front_matter
from alsoread.news.places import placed
from alsoread.news.reading import EMPTY, within_limit
from alsoread.news.storyfile import Kind, StoryFile, read_story
from alsoread.settings import DigestSettings
from alsoread.story import Body

__all__ = ["Examined", "day_of", "examine", "lost", "own_findings", "read_subject"]


@dataclass(frozen=True, slots=True)
class Examined:
    """A file as the digest reads it, what rules found in it, and its card; none where the digest cannot use it."""

    file: StoryFile
    findings: tuple[Diagnostic, ...] = ()
    card: Card | None = None


def examine(data: bytes, path: str, settings: DigestSettings, engine: BodyEngine, kind: Kind) -> Examined:
    """Read a story or page and ask every rule over files, within the digest's time limit."""
    file = read_story(data, path, settings, engine, kind)
    if file.story is None:
        return Examined(file)
    return within_limit(
        lambda: _judged(data, file, settings, kind),
        path,
        settings,
        lambda finding: Examined(replace(file, findings=(*file.findings, finding))),
    )


def own_findings(examined: Examined) -> tuple[Diagnostic, ...]:
    """What is to be said of a file, whatever the others hold; each at its place."""
    file = examined.file
    return (*placed(file.findings, {file.path: file.places}), *examined.findings)


def day_of(now: datetime) -> datetime:
    """The instant that rules over files judge at: the beginning of the day, so that what they say holds for a day."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def lost(path: str, finding: Diagnostic) -> Examined:
    """What is left of a file that cannot be read."""
    return Examined(StoryFile(path, None, EMPTY, (finding,)))


def read_subject(data: bytes, file: StoryFile, settings: DigestSettings, kind: Kind) -> Subject | None:
    """A file as rules see it; None where the digest cannot use it."""
    front, _ = read_front_matter(decode(data, file.path)[0], file.path)
    if front is None or file.story is None:
        return None
    return Subject(front, file.story, file.body, settings, is_page=kind == "page")


def _judged(data: bytes, file: StoryFile, settings: DigestSettings, kind: Kind) -> Examined:
    subject = read_subject(data, file, replace(settings, now=day_of(settings.now)), kind)
    if subject is None:
        return Examined(file)
    findings = tuple(finding for rule in FILE_RULES for finding in _asked(rule, subject))
    # the words have been judged; what is left is looked at together with the other files
    crosslinks = Body(file.body.crosslinks, "", "")
    return Examined(replace(file, body=crosslinks), findings, card_of(subject))


def _asked(rule: FileRule, subject: Subject) -> Iterator[Diagnostic]:
    """What a rule finds. One that fails must not make the verdict milder, nor take those of the others with it."""
    try:
        found: Iterable[Diagnostic] = tuple(rule.check(subject))
    except Exception as error:  # noqa: BLE001 - whatever a rule makes of a hostile text
        said = " ".join(str(error).split())[:200]
        message = f"the rule of {rule.CODE} cannot judge this file: {type(error).__name__}: {said}"
        found = (Diagnostic(subject.path, 0, 0, "AR902", message, "report it with the file"),)
    yield from found
