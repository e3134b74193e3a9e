"""Is a headline set with slips of the typewriter?"""

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from alsoread.desk.check.repair import Repair, replaced
from alsoread.desk.check.saying import as_field, shown
from alsoread.desk.check.subject import Subject
from alsoread.desk.check.typed import address_in
from alsoread.desk.rewrite import front_matter, value_of, with_value
from alsoread.diagnostics import Diagnostic
from alsoread.news.frontmatter import FrontMatter, Node, Scalar

__all__ = ["CODE", "check", "fix"]

CODE: Final = "AR131"
_SPACES: Final = re.compile(r"(?<=[^ \n]) {2,}(?=[^ \n])")
# not before an ellipsis, nor where the sign begins something (.gov, :-), 3 : 2)
_SPACE_BEFORE: Final = re.compile(
    r"(?<=[^\s\d]) +(?=(?!\.\.)[,.;:!?]{1,3}(?:\s|$))|(?<=\d) +(?=(?!\.\.)[,.;!?]{1,3}(?:\s|$))"
)
_IN_A_ROW: Final = re.compile(r"[,;:][,.;:!?]")
_APOSTROPHE: Final = re.compile(r"(?<=[^\W\d_])[`´](?=[^\W\d_])")
# the other signs of this kind between letters may be those of Arabic or of Hawaii
_SURE_APOSTROPHE: Final = re.compile(
    r"(?<=[^\W\d_])[`´](?=(?:s|t|re|ve|ll|d|m)\b)|(?i:(?<=\b[ldcjmnst])|(?<=\bqu))[`´](?=[aeéèêiïîoôuyœh])"
)
_DOUBLED: Final = re.compile(r"(?<![\w'`´])(?:``|''|´´)(?=\w)([^'`´\n]{1,200}?)(?<=[\w.,!?])(?:''|´´|``)(?![\w'`´])")
_ACCENTED: Final = re.compile(r"(?<![\w`´])[`´](?=\w)([^'`´\n]{1,200}?)(?<=[\w.,!?])[´'](?![\w`´'])")
_LETTER: Final = r"[^\W\d_]"
_STRAIGHT_APOSTROPHE: Final = re.compile(rf"(?<={_LETTER})'(?={_LETTER})")
# behind a digit it is feet or minutes, between letters of Hebrew an abbreviation
_STRAIGHT: Final = re.compile(rf"(?<!\d)(?<!\d')(?!(?<={_LETTER})\"(?={_LETTER}))['\"]")
_PAIR: Final = re.compile(r"(?<![^\s(])\"(?=\w)([^\"“”„‟\n]{1,200}?)(?<=[\w.,!?])\"(?![\w\"])")
# between letters U+2018 is one of Hawaii's
_CURLY: Final = re.compile(rf"[’“”„‟‚]|(?<!{_LETTER})‘|‘(?!{_LETTER})")
_LAST_WORD: Final = re.compile(r"(?<![\w.])([^\W\d_]+)\.$")
_SENTENCE_END: Final = re.compile(r"[.!?…](?=\s)|。|！|？")
_SHORTEST_WORD: Final = 3
_SHORTEST_FOREIGN_WORD: Final = 7
_LONGEST_ABBREVIATION: Final = 5
_ABBREVIATIONS: Final = frozenset(
    """etc est vol vols dept approx govt assn inc ltd corp bros misc incl excl ext max min avg tel no nos fig figs
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun vs art ave blvd
    capt col gen gov hon lieut maj messrs prof rep sen sgt supt univ intl natl mfg cont ed eds trans""".split()
)


class _Slip(NamedTuple):
    """What is said of a headline, and the headline without it; empty where that is in doubt."""

    said: str
    better: str


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Headlines with spaces, quotes or a full stop that do not belong there."""
    node = subject.node("title")
    if not isinstance(node, Scalar):
        return
    slips, better = _slips(node.text.strip(), subject.story.lang)
    if slips:
        message = f"the headline has {' and '.join(slips)}: '{_around(node.text.strip())}'"
        hint = (
            as_field("title", better, fenced=subject.front.fenced)
            if better
            else "put it right by hand; ’ and “ ” are what print has"
        )
        yield subject.found(CODE, (node.line, node.column), message, hint)


def fix(repair: Repair) -> str | None:
    """The text with the headline set right.

    None where it stands on several lines, something is not sure, or the story would get another address.
    """
    front = front_matter(repair.text)
    node = next((node for key, node in front.fields.entries if key.text == "title"), None) if front else None
    story = repair.archive.stories.get(repair.finding.path) or repair.archive.pages.get(repair.finding.path)
    if not isinstance(node, Scalar) or story is None or node.end[0] != node.line:
        return None
    _, better = _slips(node.text.strip(), story.lang)
    if not better:
        return None
    after = replaced(repair, node.text, better) if node.plain else None
    if after is None or not _says(after, better, front):
        after = with_value(repair.text, "title", better)
    return after if after is not None and address_in(after) == address_in(repair.text) else None


def _says(text: str, title: str, before: FrontMatter | None) -> bool:
    """Whether a text says a headline, and all else that it said before."""
    after = front_matter(text)
    if after is None or before is None or after.body != before.body or value_of(text, "title") != title:
        return False
    return _others(after) == _others(before)


def _others(front: FrontMatter) -> list[tuple[Scalar, Node]]:
    return [(key, node) for key, node in front.fields.entries if key.text != "title"]


def _slips(title: str, lang: str) -> tuple[list[str], str]:
    """What is untidy in a headline, and the headline without all of it; empty where some of it is in doubt."""
    said: list[str] = []
    better, is_sure = title, True
    for look in _LOOKS:
        slip = look(better if is_sure else title, lang)
        if slip is not None:
            said.append(slip.said)
            better, is_sure = slip.better or better, is_sure and bool(slip.better)
    return said, better if is_sure else ""


def _around(title: str) -> str:
    """The headline, with its spaces as they are where it is short."""
    return title if len(title) <= 60 and "\n" not in title else shown(title)


def _spaces(title: str, lang: str) -> _Slip | None:
    better = _SPACES.sub(" ", title)
    return _Slip("several spaces in a row", better) if better != title else None


def _space_before(title: str, lang: str) -> _Slip | None:
    found = None if _is_french(lang) else _SPACE_BEFORE.search(title)
    if found is None:
        return None
    better = _SPACE_BEFORE.sub("", title)
    # what stood between two signs in a row is missing
    return _Slip(f"a space before '{title[found.end()]}'", "" if _IN_A_ROW.search(better) else better)


def _is_french(lang: str) -> bool:
    return lang.partition("-")[0] == "fr"


def _typewriter(title: str, lang: str) -> _Slip | None:
    if not (_APOSTROPHE.search(title) or _DOUBLED.search(title) or _has_accents(title)):
        return None
    single, double = ("'", '"') if _STRAIGHT.search(title.replace("''", "")) else ("’", "")
    better = _SURE_APOSTROPHE.sub(single, title)
    if lang.partition("-")[0] == "en" or double:
        better = _DOUBLED.sub(rf"{double}\1{double}" if double else r"“\1”", better)
        better = _ACCENTED.sub(r"'\1'" if double else r"‘\1’", better) if _has_accents(better) else better
    is_done = not (_APOSTROPHE.search(better) or _DOUBLED.search(better) or _has_accents(better))
    return _Slip("typewriter quotes (`, ´ or '')", better if is_done else "")


def _has_accents(title: str) -> bool:
    """Whether something stands in ´ ´, ´ ' or ` '; what stands in two ` is code."""
    return any("´" in found[0] or "'" in found[0] for found in _ACCENTED.finditer(title))


def _mixed(title: str, lang: str) -> _Slip | None:
    if not (_STRAIGHT.search(title) and _CURLY.search(title)):
        return None
    better = _STRAIGHT_APOSTROPHE.sub("’", title)
    if lang.partition("-")[0] == "en":
        better = _PAIR.sub(r"“\1”", better)
    return _Slip("straight and curly quotes", "" if _STRAIGHT.search(better) else better)


def _full_stop(title: str, lang: str) -> _Slip | None:
    found = _LAST_WORD.search(title)
    if found is None or _SENTENCE_END.search(title):
        return None
    word = found[1]
    is_short = len(word) < (_SHORTEST_WORD if lang.partition("-")[0] == "en" else _SHORTEST_FOREIGN_WORD)
    if is_short or word.lower() in _ABBREVIATIONS or (word[0].isupper() and len(word) <= _LONGEST_ABBREVIATION):
        return None
    # one word is a name (Fun.), and a headline of few words may be one
    return _Slip("a full stop at its end", title[:-1]) if len(title.split()) > _SHORTEST_WORD else None


_LOOKS: Final[tuple[Callable[[str, str], _Slip | None], ...]] = (
    _spaces,
    _space_before,
    _typewriter,
    _mixed,
    _full_stop,
)
