"""How is one field of a file's front matter changed, and not a character more?

The text between the places that the parser gives is replaced, so comments, quotes, line ends, indents and the order of
the fields stay as somebody typed them. Every change is read again before it is handed out: the field must say what it
should, and all others, and the body, what they said before. Where that cannot be had the answer is None.
"""

import json
import re
from collections.abc import Iterable
from collections.abc import Sequence as AnySequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import yaml

from alsoread.news.characters import decode
from alsoread.news.frontmatter import FrontMatter, Node, Scalar, Sequence, read_front_matter

__all__ = ["encoded", "front_matter", "items_in", "offset_of", "value_of", "with_body", "with_items", "with_value"]

_BOM: Final = "\ufeff"
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_COMMENT: Final = re.compile(r"#[^\r\n]*")


@lru_cache(maxsize=16)
def front_matter(text: str) -> FrontMatter | None:
    """The front matter of a file's text (with its byte order mark and line ends), if it can be read."""
    decoded, findings = decode(text.encode("utf-8", "surrogatepass"), "")
    if any(finding.is_error for finding in findings):
        return None
    return read_front_matter(decoded, "")[0]


def value_of(text: str, name: str) -> str:
    """What a field of a file says; empty where it is a list, absent, or cannot be read."""
    node = _node(text, name)
    return "" if not isinstance(node, Scalar) or _is_empty(node) else node.text.strip()


def items_in(text: str, name: str) -> tuple[str, ...]:
    """The entries of a field that is a list, or a line with commas between, without empty ones."""
    node = _node(text, name)
    if isinstance(node, Scalar) and not _is_empty(node):
        return tuple(map(_squeezed, filter(str.strip, _split(node.text))))
    if isinstance(node, Sequence):
        return tuple(_squeezed(item.text) for item in _filled(node))
    return ()


def with_value(text: str, name: str, value: str, *, behind: AnySequence[str] = ()) -> str | None:
    """The text with another value in a field; a new field stands behind the last of ``behind`` that there is."""
    front, node = front_matter(text), _node(text, name)
    if front is None or isinstance(node, Sequence):
        return None
    if isinstance(node, Scalar):
        start, end = _span(text, node)
        style = "" if node.plain else text[start]
        after = _put(text, start, end, encoded(value, style) if front.fenced else value)
    else:
        after = _with_line(text, front, name, encoded(value) if front.fenced else value, behind)
    return after if _keeps_all_but(name, text, after) and value_of(after, name) == value.strip() else None


def with_items(
    text: str, name: str, become: AnySequence[str | None], added: Iterable[str] = (), *, behind: AnySequence[str] = ()
) -> str | None:
    """The text with other entries in a field that :func:`items_in` reads.

    ``become`` has what each entry is from now on, None where it goes; ``added`` come behind the last.
    """
    renamed = [_Change(place, wanted) for place, wanted in enumerate(become) if wanted is not None]
    removed = [_Change(place, None) for place, wanted in enumerate(become) if wanted is None]
    count = len(renamed)
    appended = [_Change(place, item) for place, item in enumerate(added, count)]
    result: str | None = text
    for change in (*renamed, *reversed(removed), *appended):
        if result is None:
            return None
        items = items_in(result, name)
        if change.of(items) != items:
            changed = _changed(result, name, change, behind)
            result = next((each for each in changed if _is_right(result, each, name, change.of(items))), None)
    return result


def with_body(text: str, body: str) -> str:
    """The text of a file without a body, with one."""
    ends = _LINE_END.findall(text)
    end = ends[-1] if ends else "\n"
    head = text if text.endswith(("\n", "\r")) else text + end
    return head + end + _LINE_END.sub(lambda _: end, body) + end


def encoded(value: str, style: str = "") -> str:
    """A text as YAML: in the quotes of ``style``, or without any if nobody can take it for something else then."""
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    return value if style != '"' and _is_plain(value) else json.dumps(value, ensure_ascii=False)


def _is_plain(value: str) -> bool:
    """Whether any YAML reader takes a text without quotes for the same text, within brackets and outside."""
    try:
        return all(yaml.safe_load(written) == [value] for written in (f"[{value}]", f"- {value}"))
    except (yaml.YAMLError, ValueError):
        return False


# -- where things stand


def _node(text: str, name: str) -> Node | None:
    front = front_matter(text)
    entries = front.fields.entries if front is not None else ()
    return next((node for key, node in entries if key.text == name), None)


def _is_empty(node: Scalar) -> bool:
    return not node.text.strip() or (node.plain and node.text == "~")


def _filled(node: Sequence) -> list[Scalar]:
    return [item for item in node.items if isinstance(item, Scalar) and not _is_empty(item)]


def _split(text: str) -> list[str]:
    """The entries of a line, by the same rule as in ``news.fields``."""
    return text.split(";" if ";" in text else ",")


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def offset_of(text: str, line: int, column: int) -> int:
    """Where a line and column are in a text; the byte order mark is in no column."""
    begin = len(_BOM) if line == 1 and text.startswith(_BOM) else 0
    for number, match in enumerate(_LINE_END.finditer(text), 2):
        if number == line:
            begin = match.end()
            break
    return begin + column - 1


def _span(text: str, node: Scalar) -> tuple[int, int]:
    """Where a value begins and ends. A block of text ends with its last character, not with what follows it."""
    start, end = offset_of(text, node.line, node.column), offset_of(text, *node.end)
    if not node.plain and text[start] in "|>":
        end = start + len(text[start:end].rstrip())
    return start, end


def _next_line(text: str, offset: int) -> int:
    match = _LINE_END.search(text, offset)
    return match.end() if match else len(text)


def _put(text: str, start: int, end: int, new: str) -> str:
    """A text with another piece in it; a value where there was none stands apart from the colon."""
    apart = " " if start == end and text[start - 1 : start] == ":" else ""
    return text[:start] + apart + new + text[end:]


def _with_line(text: str, front: FrontMatter, name: str, value: str, behind: AnySequence[str]) -> str:
    """A text with a field more, on a line of its own behind one of the others, and written as that one is."""
    known = {key.text: (key, node) for key, node in front.fields.entries if isinstance(node, Scalar)}
    found = next((known[each] for each in reversed(behind) if each in known), None)
    if found is None:
        return text
    key, node = found
    begin, typed = offset_of(text, key.line, 1), offset_of(text, key.line, key.column)
    at = _next_line(text, _span(text, node)[1])
    end = next((each for each in ("\r\n", "\n", "\r") if text[:at].endswith(each)), "\n")
    shown = name if text.startswith(key.text, typed) else name.capitalize()
    return text[:at] + text[begin:typed] + f"{shown}: {value}{end}" + text[at:]


# -- lists


@dataclass(frozen=True, slots=True)
class _Change:
    """The entry at a place becomes a text, or goes (None); the place behind the last is that of a new entry."""

    place: int
    to: str | None

    def of(self, items: tuple[str, ...]) -> tuple[str, ...]:
        new = () if self.to is None else (self.to,)
        return (*items[: self.place], *new, *items[self.place + 1 :])


def _changed(text: str, name: str, change: _Change, behind: AnySequence[str]) -> Iterable[str]:
    """The ways to write a change, the one that changes least first."""
    front, node = front_matter(text), _node(text, name)
    items = change.of(items_in(text, name))
    if front is None:
        return
    if node is None:
        yield _with_line(text, front, name, _alone(items[0], front), behind)
    elif isinstance(node, Sequence) and not node.items and node.flow:
        yield _put(text, offset_of(text, node.line, node.column), offset_of(text, *node.end), _alone(items[0], front))
    elif isinstance(node, Sequence) and node.items and len(_filled(node)) == len(node.items):
        yield _with_entry(text, node, change)
    elif isinstance(node, Scalar) and _is_empty(node):
        yield _put(text, *_span(text, node), _alone(items[0], front))
    elif isinstance(node, Scalar):
        yield _with_word(text, node, change)
        yield _put(text, *_span(text, node), f"[{', '.join(map(encoded, items))}]")


def _alone(item: str, front: FrontMatter) -> str:
    """A list of one entry."""
    if front.fenced:
        return f"[{encoded(item)}]"
    return f"{item};" if "," in item else item


def _with_entry(text: str, node: Sequence, change: _Change) -> str:
    """A list in brackets, or with a dash a line."""
    entries = _filled(node)
    if change.place == len(entries):
        last = entries[-1]
        if not node.flow:
            return _with_line_behind(text, *_lines(text, node, last), encoded(change.to or ""))
        at = _span(text, last)[1]
        return _put(text, at, at, f", {encoded(change.to or '')}")
    entry = entries[change.place]
    start, end = _span(text, entry)
    if change.to is not None:
        return _put(text, start, end, encoded(change.to, "" if entry.plain else text[start]))
    if not node.flow:
        return _put(text, *_lines(text, node, entry), "")
    return _without_entry(text, [_span(text, each) for each in entries], change.place)


def _without_entry(text: str, spans: AnySequence[tuple[int, int]], place: int) -> str:
    """Brackets without an entry and a comma; comments stay, and where one is in the way the comma may too."""
    start, end = spans[place]
    if place + 1 < len(spans):
        between = _COMMENT.sub(lambda comment: "#" * len(comment[0]), text[end : spans[place + 1][0]])
        return _put(text, start, end + (between.index(",") + 1 if "#" in between else len(between)), "")
    before = spans[place - 1][1] if place else start
    return _put(text, start if "#" in text[before:start] else before, end, "")


def _lines(text: str, node: Sequence, entry: Scalar) -> tuple[int, int]:
    """The whole lines of an entry, from that of its dash on."""
    line = entry.line
    while line > node.line and not re.fullmatch(r"[ ]*-", text[offset_of(text, line, 1) :][: node.column]):
        line -= 1
    return offset_of(text, line, 1), _next_line(text, _span(text, entry)[1])


def _with_line_behind(text: str, begin: int, end: int, new: str) -> str:
    indent, line_end = text[begin : text.index("-", begin)], _LINE_END.findall(text[begin:end])[-1]
    return _put(text, end, end, f"{indent}- {new}{line_end}")


def _with_word(text: str, node: Scalar, change: _Change) -> str:
    """A line with commas or semicolons between the entries, in the quotes that are there."""
    start, end = _span(text, node)
    quote = "" if node.plain else text[start]
    if quote:
        start, end = (start + 1, end - 1) if quote in "'\"" else (_next_line(text, start), end)
    words = _split(text[start:end])
    places = [place for place, word in enumerate(words) if word.strip()]
    if change.to is None:
        _take_out(words, places[change.place])
    elif change.place == len(places):
        last = words[places[-1]]
        words[places[-1]] = last.rstrip()
        words.insert(places[-1] + 1, f" {_within(quote, change.to)}{last[len(last.rstrip()) :]}")
    else:
        word = words[places[change.place]]
        words[places[change.place]] = word.replace(word.strip(), _within(quote, change.to))
    return text[:start] + _joined(words, node.text) + text[end:]


def _within(quote: str, text: str) -> str:
    """A text as it stands in quotes that are there already."""
    if quote == '"':
        return json.dumps(text, ensure_ascii=False)[1:-1]
    return text.replace("'", "''") if quote == "'" else text


def _take_out(words: list[str], place: int) -> None:
    """Remove a word; what stands around the whole stays where it is."""
    gone = words.pop(place)
    if words and place == 0:
        words[0] = gone[: len(gone) - len(gone.lstrip())] + words[0].lstrip()
    elif words and place == len(words):
        words[-1] = words[-1].rstrip() + gone[len(gone.rstrip()) :]


def _joined(words: AnySequence[str], before: str) -> str:
    """Words with what parted them before, or semicolons if one of them holds a comma."""
    has_comma = any("," in word for word in words)
    joined = (";" if has_comma or ";" in before else ",").join(words)
    return f"{joined.rstrip()};{joined[len(joined.rstrip()) :]}" if has_comma and ";" not in joined else joined


# -- checking


def _is_right(before: str, after: str, name: str, items: tuple[str, ...]) -> bool:
    return items_in(after, name) == items and _keeps_all_but(name, before, after)


def _keeps_all_but(name: str, before: str, after: str) -> bool:
    """Whether all other fields, and the body, say what they said before."""
    old, new = front_matter(before), front_matter(after)
    if old is None or new is None or old.body != new.body or old.fenced != new.fenced:
        return False
    return _others(old, name) == _others(new, name)


def _others(front: FrontMatter, name: str) -> list[tuple[str, object]]:
    return [(key.text, _said(node)) for key, node in front.fields.entries if key.text != name]


def _said(node: Node) -> object:
    """What a node says, without where and how."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [_said(item) for item in node.items]
    return [(key.text, _said(value)) for key, value in node.entries]
