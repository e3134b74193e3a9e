"""How is Python-Markdown's tree finished and written without looking for what it does not hold?

The steps between parsing and text, each with the library's result: line breaks between blocks, attribute lists,
characters behind a backslash, and HTML. See ``news.quick``.
"""

from typing import Any, Final
from xml.etree.ElementTree import HTML_EMPTY, Element

from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.serializers import BOOLEAN_ATTRIBUTES, RE_AMP, to_html_string  # type: ignore[attr-defined]
from markdown.treeprocessors import PrettifyTreeprocessor, UnescapeTreeprocessor
from markdown.util import STX

__all__ = ["QuickAttributes", "QuickPrettifier", "QuickUnescaper", "quick_html"]


class QuickPrettifier(PrettifyTreeprocessor):
    """Line breaks between blocks; what is a block is looked up in a set, made anew for each tree."""

    blocks: frozenset[str] = frozenset()

    def run(self, root: Element) -> None:
        self.blocks = frozenset(self.md.block_level_elements)
        super().run(root)

    def _is_block(self, tag: Any) -> bool:
        return isinstance(tag, str) and (tag in self.blocks or tag.lower().rstrip("/") in self.blocks)

    def _prettifyETree(self, elem: Element) -> None:  # noqa: N802 - the library's name
        if self._is_block(elem.tag) and elem.tag not in ("code", "pre"):
            if len(elem) and (not elem.text or not elem.text.strip()) and self._is_block(elem[0].tag):
                elem.text = "\n"
            for child in elem:
                if self._is_block(child.tag):
                    self._prettifyETree(child)
        if not elem.tail or not elem.tail.strip():
            elem.tail = "\n"


class QuickAttributes(AttrListTreeprocessor):
    """Attribute lists, looked for where there is a brace."""

    def run(self, doc: Element) -> None:
        if any("{" in (element.text or "") or "{" in (element.tail or "") for element in doc.iter()):
            super().run(doc)


class QuickUnescaper(UnescapeTreeprocessor):
    """Characters behind a backslash, put back where there are any."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.text and element.tag != "code":
                element.text = self._put_back(element.text)
            if element.tail:
                element.tail = self._put_back(element.tail)
            for name, value in element.items():
                if value is not None:
                    element.set(name, self._put_back(value))

    def _put_back(self, text: str) -> str:
        # a text that was set apart (`AtomicString`) is none any more
        return self.unescape(text) if STX in text else str(text)


def quick_html(root: Element) -> str:
    """A tree as the library writes it. Unusual parts (comments, qualified names) it writes itself."""
    written: list[str] = []
    write = written.append
    stack: list[Element | str] = [root]
    while stack:
        element: Any = stack.pop()
        if isinstance(element, str):
            write(element)
            continue
        tag, text, tail = element.tag, element.text, element.tail
        plain = _PLAIN.get(tag) if isinstance(tag, str) else None
        if plain is not None and not element.attrib:
            begin, end = plain
        elif isinstance(tag, str) and _is_plain(element):
            begin, end = f"<{tag}{_attributes(element)}>", "" if tag.lower() in HTML_EMPTY else f"</{tag}>"
        else:
            return to_html_string(root)
        write(begin)
        if text:
            write(text if tag.lower() in ("script", "style") else _escaped(text))
        if tail:
            stack.append(_escaped(tail))
        if not len(element):
            write(end)
            continue
        stack.append(end)
        stack.extend(reversed(element))
    return "".join(written)


# how the elements of most texts begin and end where they have no attributes
_PLAIN: Final = {
    tag: (f"<{tag}>", f"</{tag}>")
    for tag in "a blockquote code dd div dl dt em h1 h2 h3 h4 h5 h6 li ol p pre strong sup table td th tr ul".split()
}


def _is_plain(element: Element) -> bool:
    return all(isinstance(part, str | None) for pair in element.items() for part in pair)


def _attributes(element: Element) -> str:
    return "".join(_attribute(name, value) for name, value in sorted(element.items()))


def _attribute(name: str, value: Any) -> str:
    if value is None:
        return f" {name}"
    text = _escaped(value).replace('"', "&quot;")
    return f" {text}" if name == text and name in BOOLEAN_ATTRIBUTES["html"] else f' {name}="{text}"'


def _escaped(text: str) -> str:
    if "&" in text:
        text = RE_AMP.sub("&amp;", text)
    return text.replace("<", "&lt;").replace(">", "&gt;") if "<" in text or ">" in text else text
