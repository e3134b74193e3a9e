"""Does Python-Markdown say the same, byte for byte, when the parts that have nothing to do are passed over?"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown, __version__
from markdown.blockprocessors import BlockProcessor, HashHeaderProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor, Pattern
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from alsoread.news.python_markdown import COMPARED, PythonMarkdown
from alsoread.news.quick import quickened
from reading import MARKDOWN

ROOT = Path(__file__).parent.parent

OWN = "abbr admonition attr_list codehilite def_list extra fenced_code footnotes legacy_attrs legacy_em md_in_html meta nl2br sane_lists smarty tables toc wikilinks"
TOGETHER = [
    [],
    ["extra"],
    ["extra", "codehilite", "smarty", "toc", "sane_lists"],
    ["nl2br", "wikilinks", "admonition", "legacy_em", "legacy_attrs", "meta"],
    *([name] for name in OWN.split()),
]
FORMS: list[dict[str, Any]] = [{"output_format": "html"}, {}, {"tab_length": 2}]


def pair(extensions: list[Any], **given: Any) -> tuple[Markdown, Markdown]:
    """A stock converter and a quick one."""
    configs = {"codehilite": {"guess_lang": False}}  # guessing takes Pygments long, and is none of ours
    stock, quick = (Markdown(extensions=[*extensions], extension_configs=configs, **given) for _ in range(2))
    return stock, quickened(quick)


def said(converter: Markdown, text: str) -> str:
    """What a converter makes of a text, or why it makes nothing of it."""
    converter.reset()
    try:
        return converter.convert(text)
    except Exception as error:  # noqa: BLE001 - what it raises is part of what is compared
        return f"{type(error).__name__}: {error}"


@pytest.fixture(scope="module")
def material() -> list[str]:
    """All texts of the library's own tests, as Markdown; its HTML too, which is hard to read as such."""
    named = os.environ.get("ALSOREAD_MARKDOWN_SDIST")
    places = [Path(named)] if named else sorted((ROOT / ".venv/samples").glob("markdown-*/"))
    for place in places:
        found = [*(place / "tests").rglob("*.txt"), *(place / "tests").rglob("*.html")]
        cases = [text for path in (place / "tests").rglob("test_*.py") for text in strings_in(path)]
        if len(found) > 100:
            return [path.read_text("utf-8") for path in sorted(found)] + cases
    said = (
        "Python-Markdown's source distribution is not there: `make test` puts it into .venv/samples, "
        "or let ALSOREAD_MARKDOWN_SDIST name the folder where it is unpacked"
    )
    if os.environ.get("CI") == "true":
        pytest.fail(said, pytrace=False)
    pytest.skip(said)


def strings_in(path: Path) -> list[str]:
    """The texts in triple quotes of a module of tests, most of which are Markdown."""
    return [
        re.sub(r"\n +", "\n", text) for text in re.findall(r"\"{3}\n?(.*?)\"{3}", path.read_text("utf-8"), re.DOTALL)
    ]


def test_the_version_that_is_installed_was_compared() -> None:
    """Another one works as it comes; with this test failing, compare it and name it."""
    assert __version__ in COMPARED


@pytest.mark.parametrize("extensions", TOGETHER, ids="+".join)
def test_the_librarys_own_test_material_reads_the_same(extensions: list[str], material: list[str]) -> None:
    for options in FORMS[: None if len(extensions) > 1 else 1]:
        stock, quick = pair(extensions, **options)
        for text in material:
            assert said(quick, text) == said(stock, text), text


def test_the_sample_digest_reads_the_same() -> None:
    stock, quick = pair(["extra", "codehilite", "meta"], output_format="html5")
    paths = sorted((ROOT / "content").rglob("*.md"))
    assert len(paths) > 60
    for path in paths:
        assert said(quick, path.read_text("utf-8")) == said(stock, path.read_text("utf-8")), path


SIGNS = st.sampled_from([
    *"ab1 *_`[]()<>!#&;:|-+=~^\\\"'{}@/.\n\t\r", "\n\n", "    ", "  \n", "> ", "- ", "1. ", "[^1]", "[a]: b", "](", "![",
    "```", "~~~", "<div>", "</div>", "<!--", "-->", "<b>", "&amp;", "{: .x }", "*[a]: b", ": a", "---", "===",
    "| a | b |\n|--|--|\n", "[[a]]", "!!! a", "\x02", "\x03", "é",
])  # fmt: skip
PAIRS = [
    pair([]),
    pair(["extra"], output_format="html"),
    pair(["extra", "codehilite", "smarty", "toc", "nl2br", "sane_lists", "wikilinks", "admonition"]),
]


@given(st.lists(SIGNS, max_size=40).map("".join), st.sampled_from(PAIRS))
def test_any_text_reads_the_same(text: str, converters: tuple[Markdown, Markdown]) -> None:
    stock, quick = converters
    assert said(quick, text) == said(stock, text)


# -- what others bring along


class Shout(InlineProcessor):
    """Matches what no pattern of the library's does, and puts a word aside as a text."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Any, int | None, int | None]:  # noqa: N802 - the library's name
        if m[1] == "no":
            return None, None, None
        element = Element("em")
        element.text = AtomicString(m[1].upper())
        return element, m.start(0), m.end(0)


class Old(Pattern):
    def handleMatch(self, m: re.Match[str]) -> Any:  # noqa: N802 - the library's name
        return m[2].upper()


class Heading(HashHeaderProcessor):
    """A subclass, which finds headings where its parent finds none."""

    def test(self, parent: Element, block: str) -> bool:
        return block.startswith("§")

    def run(self, parent: Element, blocks: list[str]) -> None:
        element = Element("h1")
        element.text = blocks.pop(0)
        parent.append(element)


class Late(BlockProcessor):
    """Registers a pattern and another processor while a text is parsed, once."""

    def test(self, parent: Element, block: str) -> bool:
        return block == "late"

    def run(self, parent: Element, blocks: list[str]) -> bool:
        self.parser.md.inlinePatterns.register(Shout(r"%(\w+)%"), "late", 185)
        self.parser.blockprocessors.register(Heading(self.parser), "late heading", 95)
        self.parser.blockprocessors.deregister("hashheader")
        return False


class Atomic(Treeprocessor):
    """Sees, after all others, which texts are still set apart."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            element.set("atomic", str(isinstance(element.text, AtomicString)))


class Lines(Preprocessor):
    """Hands on lines that hold line ends."""

    def run(self, lines: list[str]) -> list[str]:
        return ["\n".join(lines), "```", "x", "```"]


class Theirs(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        md.inlinePatterns.register(Shout(r"§(\w+)§"), "shout", 65)
        md.inlinePatterns.register(Old(r"%(\w+)%", md), "old", 62)
        md.parser.blockprocessors.register(Heading(md.parser), "hashheader", 70)
        md.treeprocessors.register(Atomic(md), "atomic", -200)
        md.preprocessors.register(Lines(md), "lines", 28)


class Latecomer(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        md.parser.blockprocessors.register(Late(md.parser), "late one", 72)


THEIRS = [
    "§a§ and %b%",
    "§ Heading",
    "# none",
    "§no§ `§c§` *§d§*",
    "[§e§](f) [§g§]",
    "a & b <c> %d%",
    "late\n\n%x% *y*\n\n# z\n\n§ w",
]


@pytest.mark.parametrize("text", THEIRS)
def test_patterns_and_processors_of_others_are_asked_as_ever(text: str) -> None:
    for extensions in ([Theirs()], ["extra", Theirs()], [Latecomer()], ["extra", Latecomer(), Theirs()]):
        stock, quick = pair(extensions)
        for _ in range(2):
            assert said(quick, text) == said(stock, text)
    assert "<em" in said(pair([Theirs()])[1], "§a§")


def test_other_converters_are_left_as_they_are() -> None:
    before = said(Markdown(extensions=["extra"]), "*a* [b](c)")
    quick = quickened(Markdown(extensions=["extra"]))
    stock = Markdown(extensions=["extra"])
    assert type(stock.parser) is not type(quick.parser)
    assert type(stock.treeprocessors["inline"]) is not type(quick.treeprocessors["inline"])
    assert said(stock, "*a* [b](c)") == before == said(quick, "*a* [b](c)")


def test_a_plain_paragraph_is_tried_by_no_pattern_of_the_librarys(monkeypatch: pytest.MonkeyPatch) -> None:
    """That it is quick is the point; the time it takes is in bench/README.md."""
    asked: list[str] = []
    stock = InlineProcessor.getCompiledRegExp

    def noted(self: InlineProcessor) -> re.Pattern[str]:
        asked.append(type(self).__name__)
        return stock(self)

    monkeypatch.setattr(InlineProcessor, "getCompiledRegExp", noted, raising=False)
    engine = PythonMarkdown(MARKDOWN)
    assert engine.convert("Prose without a sign.", (), linking=True).html == "<p>Prose without a sign.</p>"
    assert asked == []
    engine.convert("Prose with *one*.", (), linking=True)
    assert set(asked) == {"DelimiterProcessor"}


def test_a_version_that_was_not_compared_works_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alsoread.news.python_markdown.COMPARED", frozenset())
    engine = PythonMarkdown(MARKDOWN)
    assert engine._markdown is not None
    assert type(engine._markdown.parser) is type(Markdown().parser)
    text = "# A\n\nREAD: *b*\n\n[[c]] d[^1]\n\n[^1]: e"
    stock = engine.convert(text, ("READ",), linking=True)
    monkeypatch.undo()
    assert PythonMarkdown(MARKDOWN).convert(text, ("READ",), linking=True) == stock


def test_what_is_offered_upstream_can_be_applied(material: list[str], tmp_path: Path) -> None:
    if shutil.which("patch") is None:
        pytest.skip("there is no `patch` here")
    patch = (ROOT / "docs/upstream/python-markdown-needed-texts.patch").read_text("utf-8")
    shutil.copytree(Path(markdown.__file__).parent, tmp_path / "markdown")
    done = subprocess.run(["patch", "-p1"], cwd=tmp_path, input=patch, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    code = "import json, sys, markdown; m = markdown.Markdown(extensions=['extra']); print(json.dumps([m.reset().convert(t) for t in json.load(sys.stdin)]))"
    texts = [text for text in material if "\x00" not in text][:150]
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    stock = Markdown(extensions=["extra"])
    assert json.loads(told.stdout) == [stock.reset().convert(text) for text in texts]
