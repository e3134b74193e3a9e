"""Which HTML of a contributor's may a reader's browser see?

``nh3`` (the Rust library ammonia) keeps an allow-list of our own; everything else is unwrapped or dropped. This is the
only module that makes ``Markup``: what it returns is either cleaned here or escaped here.
"""

import html
import re
from typing import Final
from urllib.parse import urlsplit

import nh3
from markupsafe import Markup

from alsoread.news.characters import BadCharacter, bad_character
from alsoread.news.tags import MAX_GROWTH, OPAQUE, Nesting, NestingTooDeep, Tag, is_tame, read_tags
from alsoread.press.limits import called_back

__all__ = ["ForbiddenCharacter", "clean", "cleaned", "escaped", "is_published_address", "removed_elements"]
__all__ += ["text_of", "trusted", "without_removed"]

_TAGS: Final = frozenset(
    "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure"
    " h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub summary sup table"
    " tbody td tfoot th thead time tr u ul var wbr".split()
)
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "*": {"lang", "dir", "title"},
    "a": {"href", "id", "class"},
    "abbr": {"title"},
    "blockquote": {"cite"},
    "code": {"class"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "div": {"class"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ins": {"cite", "datetime"},
    "li": {"id", "value"},
    "ol": {"start", "reversed", "type"},
    "pre": {"class"},
    "q": {"cite"},
    "span": {"class"},
    "sup": {"id"},
    "table": {"class"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "scope", "id"},
    "time": {"datetime"},
}
_ANCHOR: Final = re.compile(r"fn(?:ref)?\d*[:-][A-Za-z0-9_.:-]{1,80}")
_CLASS: Final = re.compile(
    r"highlight|codehilite|footnote|footnote-ref|footnote-backref|language-[\w+-]{1,30}|linenos|[a-z][a-z0-9]?"
)
_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
# as browsers read an address (URL Standard): what stands before it, and what it is cleared of
_LEADING: Final = "".join(map(chr, range(0x21)))
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_INTRASITE: Final = re.compile(r"[{|](?P<what>[a-z]+)[|}](?P<value>.*)", re.DOTALL)
_INTRASITE_KINDS: Final = frozenset({"filename", "static", "attach", "tag", "category", "author", "index"})
_BLOCK: Final = re.compile(
    r"</?(?:blockquote|br|caption|d[dlt]|details|div|fig\w+|h[1-6]|hr|img|li|[ou]l|p|pre|summary|table|t[bdfhr]\w*)\b[^>]*>"
)
_TAG: Final = re.compile(r"<[^>]*>")
# an attribute of a tag that `read_tags` found: its name, and its value as typed
_TYPED: Final = re.compile(
    r"[ \t\n\f\r/]++([^ \t\n\f\r\"'<>/=]++)(?:[ \t\n\f\r]*+=[ \t\n\f\r]*+(\"[^\"]*+\"|'[^']*+'|[^ \t\n\f\r\"'<>]++))?+"
)
# what Pelican takes for an address in whichever attribute it stands, because it does not parse HTML
_DECOY: Final = re.compile(r"=\s*['\"][{|]")


class ForbiddenCharacter(Exception):
    """The HTML holds, as a character reference, what may not be published; ``character`` says which."""

    def __init__(self, bad: BadCharacter) -> None:
        super().__init__(bad.message)
        self.character = bad


def clean(source: str) -> str:
    """The HTML with only what the allow-list has, repaired to a well-formed fragment. Headings begin at ``h2``.

    :raises NestingTooDeep: before the parser is run, if elements nest deeper than 64 or its repairs would make the
        text several times longer.
    :raises ForbiddenCharacter: if it holds a character that a story's file may not hold.
    """
    return cleaned(source)[0]


def cleaned(source: str) -> tuple[str, tuple[str, ...]]:
    """What :func:`clean` and :func:`removed_elements` say of a text, which is read once."""
    allowed, removed = (source, ()) if is_tame(source, _TAGS) else _allowed(source)
    html = _CLEANER.clean(allowed)
    if len(html) > MAX_GROWTH * len(source) + 10_000:
        raise NestingTooDeep("unclosed elements repeat")
    bad = bad_character(html)
    if bad:
        raise ForbiddenCharacter(bad)
    # the page's own headline is its h1
    if "h1" in html:
        html = html.replace("<h1>", "<h2>").replace("<h1 ", "<h2 ").replace("</h1>", "</h2>")
    return html, removed


def removed_elements(source: str) -> tuple[str, ...]:
    """The names of the elements that :func:`clean` takes out of a text, sorted."""
    return tuple(sorted({token.name for token in read_tags(source) if isinstance(token, Tag)} - _TAGS))


def without_removed(tag: Tag) -> tuple[str, tuple[str, ...]]:
    """A start tag with what :func:`clean` leaves of it, and the names of the attributes that it takes out or cuts.

    Of an element that is taken out whole nothing is told.
    """
    if tag.name not in _TAGS or tag.closing:
        return tag.source, ()
    kept: list[str] = []
    removed: dict[str, None] = {}
    for match in _TYPED.finditer(tag.source, len(tag.name) + 1):
        name, value = match[1].lower(), html.unescape(match[2].strip("\"'") if match[2] else "")
        allowed = name in _ATTRIBUTES["*"] or name in _ATTRIBUTES.get(tag.name, ())
        left = _attribute(tag.name, name, value) if allowed else None
        # Markdown itself takes this one away
        if name != "markdown" and (left is None or left.split() != value.split()):
            removed[name] = None
        if left is not None:
            kept.append(f' {name}="{html.escape(left)}"' if match[2] else f" {name}")
    return f"<{tag.name}{''.join(kept)}>", tuple(removed)


def is_published_address(address: str) -> bool:
    """Whether a link or a picture may lead there."""
    return _is_safe_address(address)


def _allowed(source: str) -> tuple[str, tuple[str, ...]]:
    """The text with the tags of the allow-list only, all that the parser gets to see; and the names of the others."""
    kept: list[str] = []
    removed: set[str] = set()
    nesting = Nesting(len(source))
    for token in read_tags(source):
        if isinstance(token, str):
            kept.append(token)
        elif token.name in _TAGS:
            nesting.add(token)
            kept.append(token.source)
        else:
            removed.add(token.name)
    return "".join(kept), tuple(sorted(removed))


def text_of(cleaned: str) -> str:
    """What a reader reads of cleaned HTML, white space folded."""
    spaced = _BLOCK.sub(" ", cleaned)
    return " ".join(html.unescape(_TAG.sub("", spaced)).split())


def escaped(text: str) -> Markup:
    """Plain text as HTML that shows it."""
    return Markup.escape(text)


def unescaped(text: object) -> str:
    """The plain text of something that :func:`escaped` made."""
    return Markup(str(text)).unescape()  # noqa: S704 - the reverse of marking


def trusted(cleaned: str) -> Markup:
    """Cleaned HTML, marked so that an autoescaping template shows it as it is."""
    return Markup(cleaned)  # noqa: S704 - the one place; every caller hands in what `clean` returned


@called_back
def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "id":
        return value if _ANCHOR.fullmatch(value) else None
    if name == "class":
        kept = [word for word in value.split() if _CLASS.fullmatch(word)]
        return " ".join(kept) or None
    if name in ("href", "src", "cite"):
        return value if _is_safe_address(value) else None
    return None if _DECOY.search(value) else value


def _is_safe_address(value: str) -> bool:
    """Pelican puts ``{index}`` and the like in place later and keeps what follows: no scheme, and no quotes.

    Where a file's name holds a ``&`` it undoes the escaping of all that follows, quotes among it.
    """
    value = re.sub(r"[\t\n\r]", "", value.strip(_LEADING))
    scheme = _SCHEME.match(value)
    if scheme:
        # the library looks at most attributes that hold addresses, and not at `cite`
        return scheme[1].lower() in _SCHEMES
    if not value.startswith(("{", "|")):
        return True
    match = _INTRASITE.fullmatch(value)
    if match is None or match["what"] not in _INTRASITE_KINDS:
        return False
    try:
        parts = urlsplit(match["value"])
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc and not re.search(r"[\x00-\x1f\"'<>]", match["value"])


_CLEANER: Final = nh3.Cleaner(
    tags=set(_TAGS),
    clean_content_tags=set(OPAQUE),
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    link_rel=None,
    url_schemes=set(_SCHEMES),
)
