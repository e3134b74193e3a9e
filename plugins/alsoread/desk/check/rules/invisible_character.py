"""Does a text hold characters that nobody sees?"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.repair import Repair
from alsoread.desk.check.subject import Place, Subject
from alsoread.desk.check.typed import address_in
from alsoread.desk.rewrite import front_matter, offset_of
from alsoread.diagnostics import Diagnostic
from alsoread.news.characters import place
from alsoread.news.frontmatter import FrontMatter, Node, Scalar, Sequence

__all__ = ["CODE", "check", "fix"]

CODE: Final = "AR011"
_BOM: Final = "\ufeff"
_JOINERS: Final = frozenset("\u200c\u200d")
_SPACE: Final = "\u200b"
_MONGOLIAN: Final = "\u180e"
_HIDDEN: Final = re.compile("[\u00ad\u180e\u200b-\u200d\u2060-\u2064\ufeff\U000e0000-\U000e007f]+")
# the flags of England, Scotland and Wales are spelt in tags behind a black flag
_FLAG: Final = re.compile("[\U000e0020-\U000e007e]{1,32}\U000e007f")
_BLACK_FLAG: Final = "\U0001f3f4"
# scripts that put no space between words and may mark with U+200B where a line may end
_WITHOUT_SPACES: Final = re.compile(
    "[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aad\u19e0-\u19ff\ua9e0-\ua9ff"
    "\uaa60-\uaadf\u3040-\u30ff\u3400-\u9fff]"
)
_MONGOLIAN_LETTER: Final = re.compile("[\u1820-\u18aa]")
# Latin, Greek and Cyrillic letters, digits, signs of ASCII and spaces are written alike with a joiner and without
_UNMOVED: Final = re.compile("[\\s\x21-\x7e\u00c0-\u024f\u0370-\u052f\u1e00-\u1fff]?")
_LINE: Final = re.compile(r"[^\r\n]+")
_WORD: Final = re.compile(r"\S+")
_BETWEEN: Final = re.compile(r"(?:[^\W_]|\s)?")
_ENDS: Final = re.compile(r"\s*$")
_OPEN: Final = re.compile(r"[<\[]")
_CLOSE: Final = re.compile(r"[>\]]")
# what makes addresses, tags, links, entities and tables of the letters beside it
_JOINED: Final = re.compile(r"[<>&\\\[\]{}=/|]")
_LONGEST_LINE: Final = 120
_AROUND: Final = 25


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The first character that nobody sees and that does nothing, with the number of them."""
    found = [(text, begun, offsets) for text, begun in _texts(subject) if (offsets := list(_offsets(text)))]
    if not found:
        return
    text, begun, offsets = found[0]
    count = sum(len(each) for _, _, each in found)
    others = f"; the file holds {count} such characters" if count > 1 else ""
    message = f"{_name(text[offsets[0]])} stands in the text, where nobody sees it{others}"
    yield subject.found(CODE, _behind(begun, place(text, offsets[0])), message, _hint(text, offsets[0]))


def fix(repair: Repair) -> str | None:
    """The text without those of these characters that can go.

    None where the front matter would say something else then. In the body those stay that keep signs apart, and so do
    those of the field that the address is made of, if it would be another one.
    """
    old = front_matter(repair.text)
    if old is None:
        return None
    after = _cleared(repair.text, old)
    name, address = address_in(repair.text)
    if address_in(after) != (name, address):
        after = _cleared(repair.text, old, name)
    new = front_matter(after)
    if new is None or after == repair.text or address_in(after) != (name, address):
        return None
    same = [_cleaned(old, blank) == _cleaned(new, blank) for blank in (True, False)]
    return after if all(same) and _loosened(old.body) == new.body else None


def _cleared(text: str, front: FrontMatter, kept: str = "") -> str:
    """A file without these characters; all of one field stays as it is."""
    begin = len(_BOM) if text.startswith(_BOM) else 0
    body = offset_of(text, front.body_line, 1) if front.body else len(text)
    node = next((node for key, node in front.fields.entries if key.text == kept), None)
    if not isinstance(node, Scalar):
        return text[:begin] + _without(text[begin:body]) + _loosened(text[body:])
    start, end = offset_of(text, node.line, node.column), offset_of(text, *node.end)
    return (
        text[:begin] + _without(text[begin:start]) + text[start:end] + _without(text[end:body]) + _loosened(text[body:])
    )


def _loosened(text: str) -> str:
    """A text of Markdown that is read as before, without those of these characters that it can do without."""
    return text if text.isascii() else _LINE.sub(lambda line: _loosened_line(line[0]), text)


def _loosened_line(line: str) -> str:
    shown = _without(line).strip()
    if shown == line.strip() or not shown:
        return line
    kept, end, depth, is_first = [], 0, 0, True
    for word in _WORD.finditer(line):
        visible = _without(word[0])
        depth += len(_OPEN.findall(visible)) - len(_CLOSE.findall(visible))
        # a list may begin with a number, and what stands in brackets may be a name
        is_text = shown[0].isalpha() or visible[:1].isalpha()
        if is_text and depth <= 0 and not _JOINED.search(visible) and (visible or not is_first):
            for at in _loose(line, word):
                kept.append(line[end:at])
                end = at + 1
        is_first = is_first and not visible
    return "".join((*kept, line[end:]))


def _loose(line: str, word: "re.Match[str]") -> Iterator[int]:
    """Those of a word that stand between letters, digits and spaces, but for spaces that end the line."""
    for run in _HIDDEN.finditer(line, word.start(), word.end()):
        before, after = line[max(run.start() - 1, 0) : run.start()], line[run.end() : run.end() + 1]
        is_alone = not before.strip() and not after.strip()
        if _BETWEEN.fullmatch(before) and _BETWEEN.fullmatch(after) and not (is_alone and _ENDS.match(line, run.end())):
            yield from _idle(line, run)


def _behind(begun: Place, where: Place) -> Place:
    """A place in a text as a place in the file that the text begins at ``begun``."""
    return begun[0] + where[0] - 1, where[1] + (begun[1] - 1 if where[0] == 1 else 0)


def _hint(text: str, offset: int) -> str:
    """The line as it should be, or where it is a long one the words around the place."""
    end = text.find("\n", offset)
    begin, end = text.rfind("\n", 0, offset) + 1, end if end >= 0 else len(text)
    if end - begin <= _LONGEST_LINE:
        return _without(text[begin:end]).strip() or "remove it"
    around = text[max(begin, offset - _AROUND) : min(end, offset + _AROUND)]
    return f"remove it: {_without(around).strip()}"


def _texts(subject: Subject) -> Iterator[tuple[str, Place]]:
    """The pieces of the file with the place at which each begins."""
    front = subject.front
    if front.fenced:
        yield front.source, (front.source_line, 1)
    else:
        for _, node in front.fields.entries:
            if isinstance(node, Scalar):
                yield from _lines_of(node)
    yield front.body, (front.body_line, 1)


def _lines_of(node: Scalar) -> Iterator[tuple[str, Place]]:
    """The lines of a header; those that continue it are indented by four spaces."""
    for number, line in enumerate(node.text.split("\n")):
        yield line, (node.line + number, node.column if number == 0 else 5)


def _offsets(text: str) -> Iterator[int]:
    """Where the characters that do nothing stand."""
    if not text.isascii():
        for run in _HIDDEN.finditer(text):
            yield from _idle(text, run)


def _idle(text: str, run: "re.Match[str]") -> Iterator[int]:
    """Those of a run that do nothing beside the characters around it."""
    before, after = text[max(run.start() - 1, 0) : run.start()], text[run.end() : run.end() + 1]
    start = run.start()
    if before == _BLACK_FLAG:
        flag = _FLAG.match(text, start)
        start = flag.end() if flag else start
    for offset in range(start, run.end()):
        if not _does_something(text[offset], before, after):
            yield offset


def _does_something(char: str, before: str, after: str) -> bool:
    if char in _JOINERS:
        return not (_UNMOVED.fullmatch(before) and _UNMOVED.fullmatch(after))
    if char == _SPACE:
        return bool(_WITHOUT_SPACES.match(before) or _WITHOUT_SPACES.match(after))
    return char == _MONGOLIAN and bool(_MONGOLIAN_LETTER.match(before))


def _without(text: str) -> str:
    kept, end = [], 0
    for offset in _offsets(text):
        kept.append(text[end:offset])
        end = offset + 1
    return "".join((*kept, text[end:]))


def _name(char: str) -> str:
    name = unicodedata.name(char, "tag character").lower()
    return f"U+{ord(char):04X} ({name})"


def _cleaned(front: FrontMatter, blank: bool) -> object:
    """What the fields say without such characters, or which of them say nothing."""
    return [(_without(key.text), _said(node, blank)) for key, node in front.fields.entries]


def _said(node: Node, blank: bool) -> object:
    if isinstance(node, Scalar):
        is_empty = not node.text.strip() or (node.plain and node.text == "~")
        return is_empty if blank else _without(node.text).strip()
    if isinstance(node, Sequence):
        return [_said(item, blank) for item in node.items]
    return [(_without(key.text), _said(value, blank)) for key, value in node.entries]
