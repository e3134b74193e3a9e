"""What did the author write between the fences, and where?

``python-frontmatter`` finds the fences and hands the YAML between them to our handler, which keeps every scalar as it
was typed (``no`` stays "no", ``1.10`` stays "1.10") with its place, and reports what the library and YAML swallow:
an unclosed fence, a key given twice, front matter that is no mapping. Hostile YAML is met by walking the parser's
events before anything is composed: libyaml composes recursively, and 30 kB of ``[`` would end the process.
"""

import json
import re
import tomllib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

from alsoread.diagnostics import Diagnostic
from alsoread.news.characters import bad_character
from alsoread.news.typing_slips import line_meant

__all__ = ["FrontMatter", "Mapping", "Node", "Scalar", "Sequence", "read_front_matter"]

MAX_BYTES: Final = 65_536
MAX_DEPTH: Final = 6
MAX_NODES: Final = 4_000

_Loader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FENCE: Final = re.compile(r"-{3,}[ \t]*\n")
# YAML 1.1 ends a line at these too; no editor does, and places would be off
_OTHER_LINE_ENDS: Final = str.maketrans(dict.fromkeys("\x85\u2028\u2029", " "))
_MOST_TO_TURN: Final = 8_192
_FIELD_NAME: Final = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
_HEADER: Final = re.compile(r"(?P<key>[A-Za-z][A-Za-z0-9_-]*):(?:[ \t]+(?P<value>.*))?$")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value as typed; ``plain`` where it stood without quotes. Places count from 1.

    ``end`` is the line and column behind its last character, or of whatever follows a block of text (``|``, ``>``).
    """

    text: str
    line: int
    column: int
    plain: bool = True
    end: tuple[int, int] = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list; ``flow`` where it stood in brackets, which end before ``end``."""

    items: tuple["Node", ...]
    line: int
    column: int
    flow: bool = field(default=False, compare=False)
    end: tuple[int, int] = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Fields in the order of the file; no name stands twice."""

    entries: tuple[tuple[Scalar, "Node"], ...]
    line: int
    column: int


Node = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields of a file, its body, and the line (from 1) on which the body begins.

    ``fenced`` tells YAML between fences from ``Title: ...`` headers. ``source`` is what stands between the fences, with
    its comments, and ``source_line`` the line on which it begins.
    """

    fields: Mapping
    body: str
    body_line: int
    fenced: bool = True
    source: str = ""
    source_line: int = 1


class _Refused(Exception):
    def __init__(self, finding: Diagnostic) -> None:
        super().__init__(finding.message)
        self.finding = finding


def read_front_matter(
    text: str, path: str, known: Collection[str] = ()
) -> tuple[FrontMatter | None, tuple[Diagnostic, ...]]:
    """The front matter of a text: YAML between fences, or Pelican's ``Title: ...`` headers.

    None, with an error among the findings, where there is none that can be read. ``known`` are the names of fields, for
    hints.
    """
    last = _read_last.get((text, path))
    if last is not None:
        return last, ()
    front, findings = _read(text, path, known)
    _read_last.clear()
    if front is not None:
        _read_last[text, path] = front
    return front, findings


# who judges a file asks for it again
_read_last: "dict[tuple[str, str], FrontMatter]" = {}


def _read(text: str, path: str, known: Collection[str]) -> tuple[FrontMatter | None, tuple[Diagnostic, ...]]:
    start = len(text) - len(text.lstrip("\n \t"))
    first = text.count("\n", 0, start) + 1
    rest = text[start:] + "\n"
    try:
        if _FENCE.match(rest):
            return _fenced(rest, first, path, known), ()
        return _headed(rest, first, path), ()
    except _Refused as refused:
        return None, (refused.finding,)


def _fenced(text: str, first: int, path: str, known: Collection[str]) -> FrontMatter:
    lines = text.split("\n")
    end = next((number for number, line in enumerate(lines[1:], 1) if re.fullmatch(r"-{3,}[ \t]*", line)), None)
    if end is None:
        message = "the front matter is never closed"
        raise _Refused(Diagnostic(path, first, 1, "AR102", message, "put a line '---' after the last field"))
    handler = _Handler(path, first + 1, known)
    frontmatter.parse(text, handler=handler)
    if handler.fields is None:
        raise _Refused(Diagnostic(path, first, 1, "AR101", "no front matter was found", _EXAMPLE))
    body, body_line = _body("\n".join(lines[end + 1 :]), first + end + 1)
    return FrontMatter(handler.fields, body, body_line, source="\n".join(lines[1:end]), source_line=first + 1)


def _body(text: str, line: int) -> tuple[str, int]:
    """A body without the empty lines around it, and the line it begins on. An indent stays: it may mean code.

    An empty one is said to stand on the line before, which there always is.
    """
    if not text.strip():
        return "", line - 1
    blank = text.rfind("\n", 0, len(text) - len(text.lstrip())) + 1
    return text[blank:].rstrip(), line + text.count("\n", 0, blank)


_EXAMPLE: Final = "begin the file with\n---\ntitle: The headline\ndate: 2026-01-31\ntags: [A topic]\n---"


class _Handler(YAMLHandler):
    """``python-frontmatter``'s YAML handler with our composer in place of ``yaml.load``."""

    # the library's own pattern takes empty lines after the fence with it, and places would be off
    FM_BOUNDARY = re.compile(r"^-{3,}[ \t]*$", re.MULTILINE)

    def __init__(self, path: str, line: int, known: Collection[str]) -> None:
        super().__init__()
        self.path = path
        self.known = known
        self.line = line
        self.fields: Mapping | None = None

    def load(self, fm: str, **_: object) -> dict[str, object]:
        # the fence's own line end stands before the first field
        self.fields = _compose(fm.removeprefix("\n").translate(_OTHER_LINE_ENDS), self.path, self.line, self.known)
        return {}


def _compose(source: str, path: str, line: int, known: Collection[str]) -> Mapping:
    if len(source.encode()) > MAX_BYTES:
        message = f"the front matter is larger than {MAX_BYTES:,} bytes"
        raise _Refused(Diagnostic(path, line, 1, "AR106", message, "move text to the body of the story"))
    try:
        events, documents = _checked(source, path, line)
        if documents > 1:
            yaml.compose(source, Loader=_Loader)  # which says where the second begins
    except yaml.YAMLError as error:
        raise _Refused(_syntax(error, source, path, line, known)) from error
    if not events:
        return Mapping((), line, 1)
    # most have none that needs to be looked for in every value
    escapes = "\\" in source or bad_character(source) is not None
    node = _node(events[0], iter(events[1:]), path, line, escapes=escapes)
    if not isinstance(node, Mapping):
        kind = "a list" if isinstance(node, Sequence) else "a single value"
        message = f"the front matter is {kind}, not fields with values"
        raise _Refused(Diagnostic(path, node.line, node.column, "AR104", message, "title: The headline"))
    return node


def _checked(source: str, path: str, line: int) -> tuple[list[Any], int]:
    """The parser's events that make nodes, and how many documents there are.

    Refused is what is too deep, too much, or of YAML what front matter has no use for.
    """
    depth = nodes = documents = 0
    event: Any
    events: list[Any] = []
    for event in yaml.parse(source, Loader=_Loader):
        kind = type(event)
        if kind in _ENDS:
            depth -= 1
            events.append(event)
        elif kind in _NODES:
            nodes += 1
            depth += kind is not yaml.ScalarEvent
            events.append(event)
            if event.anchor or getattr(event, "tag", None):
                raise _Refused(_about_mark(event, source, path, line))
            if depth > MAX_DEPTH or nodes > MAX_NODES:
                message = f"the front matter nests deeper than {MAX_DEPTH} or has more than {MAX_NODES:,} values"
                hint = "put a value that begins with [ or { in quotes"
                raise _Refused(Diagnostic(path, *_begin(event, line), "AR106", message, hint))
        elif kind is yaml.DocumentStartEvent:
            documents += 1
    return events, documents


_ENDS: Final = frozenset({yaml.SequenceEndEvent, yaml.MappingEndEvent})
_NODES: Final = frozenset({yaml.ScalarEvent, yaml.SequenceStartEvent, yaml.MappingStartEvent, yaml.AliasEvent})


def _about_mark(event: Any, source: str, path: str, line: int) -> Diagnostic:
    """An anchor, an alias or a tag."""
    message = "anchors and aliases (&, *) are not read" if event.anchor else f"the YAML tag {event.tag} is not read"
    typed = source.split("\n")[event.start_mark.line]
    return Diagnostic(path, *_begin(event, line), "AR107", message, _quoted(typed))


def _node(event: Any, rest: Iterator[Any], path: str, line: int, *, escapes: bool) -> Node:
    """The value that begins with an event; what belongs to it is taken from the ``rest``."""
    row, column = line + event.start_mark.line, event.start_mark.column + 1
    if type(event) is yaml.ScalarEvent:
        bad = bad_character(event.value) if escapes else None
        if bad:  # by an escape such as "\x00": as a character the file would have been refused
            raise _Refused(Diagnostic(path, row, column, bad.code, bad.message, bad.hint))
        return Scalar(event.value, row, column, not event.style, _end(event, line))
    if type(event) is yaml.SequenceStartEvent:
        items: list[Node] = []
        while type(inner := next(rest)) not in _ENDS:
            items.append(_node(inner, rest, path, line, escapes=escapes))
        return Sequence(tuple(items), row, column, bool(event.flow_style), _end(inner, line))
    entries: list[tuple[Scalar, Node]] = []
    first: dict[str, int] = {}
    while type(inner := next(rest)) not in _ENDS:
        key = _node(inner, rest, path, line, escapes=escapes)
        if not isinstance(key, Scalar):
            raise _Refused(
                Diagnostic(path, key.line, key.column, "AR107", "a field's name must be a word", "title: ...")
            )
        if key.text == "<<":
            message = "merge keys (<<) are not read"
            raise _Refused(Diagnostic(path, key.line, key.column, "AR107", message, "write the fields out"))
        if key.text in first:
            message = f"'{key.text}' is given twice, first on line {first[key.text]}"
            raise _Refused(Diagnostic(path, key.line, key.column, "AR105", message, "keep one of the two"))
        first[key.text] = key.line
        entries.append((key, _node(next(rest), rest, path, line, escapes=escapes)))
    return Mapping(tuple(entries), row, column)


def _begin(event: Any, line: int) -> tuple[int, int]:
    return line + event.start_mark.line, event.start_mark.column + 1


def _end(event: Any, line: int) -> tuple[int, int]:
    return line + event.end_mark.line, event.end_mark.column + 1


def _syntax(error: yaml.YAMLError, source: str, path: str, line: int, known: Collection[str]) -> Diagnostic:
    mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    begun: Any = getattr(error, "context_mark", None)
    context = str(getattr(error, "context", None) or "")
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    if mark is None:
        return Diagnostic(path, line, 1, "AR103", f"the YAML cannot be read: {problem}")
    lines = [*source.split("\n"), ""]
    opened = next((sign for kind, sign in _OPENED.items() if kind in context), "")
    if begun is not None and opened and begun.line < mark.line:
        typed = lines[begun.line].rstrip()
        closing = typed[begun.column : begun.column + 1] if opened == "quote" else opened
        message = f"the YAML cannot be read: what is opened here is never closed with {closing}"
        return Diagnostic(path, line + begun.line, begun.column + 1, "AR103", message, typed.strip() + closing)
    meant = line_meant(lines, min(mark.line, len(lines) - 1), known)
    if meant:
        number, column, why, hint = meant
        return Diagnostic(path, line + number, column + 1, "AR103", f"the YAML cannot be read: {why}", hint)
    typed = lines[min(mark.line, len(lines) - 1)]
    return Diagnostic(
        path, line + mark.line, mark.column + 1, "AR103", f"the YAML cannot be read: {problem}", _quoted(typed)
    )


_OPENED: Final = {"quoted scalar": "quote", "flow sequence": "]", "flow mapping": "}"}


def _quoted(typed: str) -> str:
    """The line with its value in quotes: what mends most broken front matter."""
    key, colon, value = typed.strip().partition(":")
    value = value.strip()
    if value[:1] in ("'", '"'):  # quotes within quotes
        value = value[1:].removesuffix(value[0])
    if not colon or not value:
        return "put values that hold ':' or '#', or begin with a sign, in quotes"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{key.rstrip()}: "{escaped}"'


def _headed(text: str, first: int, path: str) -> FrontMatter:
    """Pelican's own form: ``Key: value`` lines, continued by lines indented by four spaces, up to an empty line."""
    entries: list[tuple[Scalar, Node]] = []
    known: dict[str, int] = {}
    lines = text.split("\n")
    number = 0
    for number, line in enumerate(lines):
        header = _HEADER.match(line)
        if header:
            key = Scalar(header["key"].lower(), first + number, 1)
            if key.text in known:
                message = f"'{key.text}' is given twice, first on line {known[key.text]}"
                raise _Refused(Diagnostic(path, key.line, 1, "AR105", message, "keep one of the two"))
            known[key.text] = key.line
            typed = (header["value"] or "").rstrip()
            column = max(header.start("value"), len(key.text) + 1) + 1
            entries.append((key, Scalar(typed.strip(), key.line, column, end=(key.line, column + len(typed)))))
        elif line.startswith("    ") and line.strip() and entries:
            key, last = entries[-1]
            joined = f"{last.text}\n{line.strip()}".strip() if isinstance(last, Scalar) else line.strip()
            entries[-1] = (key, Scalar(joined, last.line, last.column, end=(first + number, len(line.rstrip()) + 1)))
        else:
            break
    if not entries:
        raise _Refused(Diagnostic(path, first, 1, "AR101", *_missing(text)))
    body, body_line = _body("\n".join(lines[number:]), first + number)
    return FrontMatter(Mapping(tuple(entries), first, 1), body, body_line, fenced=False)


def _missing(text: str) -> tuple[str, str]:
    """What is wrong, and what should stand there: the same fields, where they are in a form that others read."""
    if text.startswith("+++"):
        fields = _as_yaml(tomllib.loads, text[3:].partition("\n+++")[0])
        return "front matter between +++ (TOML) is not read: write it as YAML between ---", fields or _EXAMPLE
    if text.startswith("{"):
        fields = _as_yaml(_first_object, text)
        return "front matter in braces (JSON) is not read: write it as YAML between ---", fields or _EXAMPLE
    return "the file does not begin with front matter", _EXAMPLE


def _first_object(text: str) -> object:
    found: object = json.JSONDecoder().raw_decode(text)[0]
    return found


def _as_yaml(loads: Callable[[str], object], text: str) -> str:
    """Fields of another form as front matter, if they are few and can be read."""
    if len(text) > _MOST_TO_TURN:
        return ""
    try:
        fields = loads(text)
        lines = [(name, _on_a_line(value)) for name, value in fields.items()] if isinstance(fields, dict) else []
    except (ValueError, RecursionError):
        return ""
    named = lines and all(_FIELD_NAME.fullmatch(name) for name, _ in lines)
    return "\n".join(["---", *(f"{name}: {value}" for name, value in lines), "---"]) if named else ""


def _on_a_line(value: object) -> str:
    """A value as YAML, of which JSON is a part; a date needs no quotes."""
    return str(value) if isinstance(value, date) else json.dumps(value, ensure_ascii=False, default=str)
