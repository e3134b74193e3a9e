"""Do the documents say what the program does?

Every command, option, setting, field and code has its place in the documents, and nothing stands there that is not in the
program. Examples are run: a bad one gives its code and no other, a good one gives no finding at all.
"""

import inspect
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest

from alsoread import archive
from alsoread.archive import read_archive
from alsoread.cli import group
from alsoread.cli.building import build
from alsoread.cli.built import say
from alsoread.cli.desk import open_desk
from alsoread.cli.site import read_site
from alsoread.desk.check.mend import FIXES
from alsoread.desk.check.rules import ARCHIVE_RULES, FILE_RULES
from alsoread.desk.check.run import Site as CheckedSite
from alsoread.desk.check.run import check
from alsoread.desk.reports import FORMS
from alsoread.diagnostics import CODES, Diagnostic, as_text
from alsoread.kinds import LABEL_KINDS, kind_of_label
from alsoread.ledger_beside import read_ledger_beside
from alsoread.news.fields import load_schema
from alsoread.news.labels import begins
from alsoread.outputs.chart import Bar, Chart
from alsoread.plugin.addresses import addresses_of
from alsoread.plugin.contents import BackLinks, RelatedStory
from alsoread.plugin.published import live_addresses
from alsoread.plugin.standing import InThread, InTopic
from alsoread.plugin.state import folders_of
from alsoread.plugin.views import (
    CitedSource,
    CombinationView,
    OutletView,
    SourceCount,
    ThreadView,
    TopicCount,
    TopicView,
)
from alsoread.press import files as press_files
from alsoread.settings import SETTINGS, read_settings
from alsoread.story import Contributor, Correction, Image, Source, Story
from field_tables import filled, table
from sites import Site

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
README = ROOT / "README.md"
DIAGNOSTICS = DOCS / "diagnostics"
PAGES = sorted(path for path in [README, *DOCS.rglob("*.md")] if DOCS / "decisions" not in path.parents)
CODE_PAGES = sorted(DIAGNOSTICS.glob("AR*.md"))
CLOCK = datetime(2026, 6, 1, tzinfo=UTC)
COMMANDS = {name: group.get_command(click.Context(group), name) for name in group.list_commands(click.Context(group))}
NO_EXAMPLE = {"AR203", "AR505", "AR509", "AR901", "AR902"}  # no text of one moment is known that gives these
# these are told by `check` only; an example is about its own code, whether it names a source or not
RULES = {rule.CODE for rule in (*FILE_RULES, *ARCHIVE_RULES)} | {"AR801", "AR802"}
# these want the ledger of published addresses, which the reading of the content folder knows nothing of
LEDGER = {"AR506", "AR507", "AR508"}


# -- reading a document


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, what else its info string says, the file name before it, and its text."""

    language: str
    mark: str
    path: str
    text: str


def blocks(text: str) -> Iterator[Block]:
    fence = re.compile(r"^(`{3,})(\w*) ?([^\n`]*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
    for match in fence.finditer(text):
        before = text[: match.start()].rstrip().rpartition("\n")[2]
        named = re.fullmatch(r".*`([\w./-]+)`.*:", before)
        yield Block(match[2], match[3].strip(), named[1] if named else "", match[4])


def prose(text: str) -> str:
    """A document without its fenced blocks."""
    return re.sub(r"^(`{3,}).*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)


def section(path: Path, heading: str) -> str:
    """What stands under a heading, up to the next of its rank or above."""
    rank, _, _ = heading.partition(" ")
    text = path.read_text("utf-8")
    fenced = [match.span() for match in re.finditer(r"^(`{3,}).*?^\1$", text, re.MULTILINE | re.DOTALL)]
    start = text.index(f"\n{heading}\n") + 1
    for match in re.finditer(rf"^#{{1,{len(rank)}}} ", text[start + len(rank) :], re.MULTILINE):
        at = start + len(rank) + match.start()
        if not any(begin <= at < end for begin, end in fenced):
            return text[start:at]
    return text[start:]


def rows(text: str) -> list[list[str]]:
    """The cells of the tables in a text, without their heads."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    rules = [number for number, row in enumerate(cells) if all(re.fullmatch(r":?-+:?", cell) for cell in row)]
    heads = {number - 1 for number in rules}
    return [row for number, row in enumerate(cells) if number not in rules and number not in heads]


def coded(cell: str) -> str:
    """What stands between backticks at the beginning of a cell."""
    match = re.match(r"`([^`]+)`", cell)
    return match[1] if match else ""


# -- commands


def test_every_command_has_a_section_and_no_other_has() -> None:
    headings = re.findall(r"^## alsoread (\w+)$", (DOCS / "commands.md").read_text("utf-8"), re.MULTILINE)
    assert headings == sorted(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_and_argument_of_a_command_is_in_its_table(name: str) -> None:
    command = COMMANDS[name]
    assert command is not None
    documented = {coded(row[0]) or row[0]: row[1] for row in rows(section(DOCS / "commands.md", f"## alsoread {name}"))}
    spelt = {
        cell
        for first in rows(section(DOCS / "commands.md", f"## alsoread {name}"))
        for cell in re.findall(r"`([^`]+)`", first[0])
    }
    assert {cell.partition(" ")[0] for cell in spelt} == {"-h", "--help", *_spellings(command)}
    assert all(meaning for meaning in documented.values())


def _spellings(command: click.Command) -> set[str]:
    """The options and arguments of a command, and of those in it."""
    names: set[str] = set()
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            names.add(parameter.make_metavar(click.Context(command)).strip("[]").removesuffix("...").strip("[]"))
        else:
            names |= set(parameter.opts)
    for each in command.commands.values() if isinstance(command, click.Group) else ():
        names |= _spellings(each)
    return names


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_examples_call_only_what_there_is(path: Path) -> None:
    for call in re.findall(
        r"(?:^|`|\$ |&& )alsoread ([a-z]\w*)((?: [^\n`#|]*)?)", path.read_text("utf-8"), re.MULTILINE
    ):
        assert call[0] in COMMANDS, call
        command = COMMANDS[call[0]]
        assert command is not None
        options = set(re.findall(r"(?<=\s)--?[a-z][a-z-]*", call[1]))
        assert options <= _spellings(command) | {"--help", "-h"}, call


def test_the_readme_names_every_command() -> None:
    text = README.read_text("utf-8")
    assert all(f"`alsoread {name}" in text for name in COMMANDS)


def test_exit_codes_are_documented() -> None:
    found = {row[0] for row in rows(section(DOCS / "commands.md", "## Exit codes"))}
    assert found >= {"0", "1", "2", "130"}


# -- JSON


COMMANDS_SITE = {
    "storm": ("Storm closes the northern port", "2026-01-28", "A storm has closed the northern port."),
    "port": (
        "The port opens again",
        "2026-01-31",
        "The northern port has opened.\n\nALSO READ Storm shuts the northern port",
    ),
    "quay": ("A new quay for the port", "2026-02-30", "The port gets a new quay."),
}


@pytest.fixture
def commands_site(folder: Path) -> Path:
    """The site that docs/commands.md shows the findings of."""
    (folder / "content/stories").mkdir(parents=True)
    for name, (title, date, body) in COMMANDS_SITE.items():
        text = f"---\ntitle: {title}\ndate: {date}\ntags: [Ports]\n---\n\n{body}\n"
        (folder / f"content/stories/{name}.md").write_text(text, "utf-8")
    return folder


def _examples_of_commands(language: str) -> list[str]:
    return [block.text for block in blocks((DOCS / "commands.md").read_text("utf-8")) if block.language == language]


def test_the_json_of_a_build_is_as_documented(commands_site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    documented = json.loads(_examples_of_commands("json")[0])
    built = build(read_site("content", output="output"))
    say(built, "json")
    real = json.loads(capsys.readouterr().out)
    assert documented.keys() == real.keys()
    assert documented["findings"]
    told = ("stories", "published", "output", "counts", "findings")
    assert [documented[key] for key in told] == [real[key] for key in told]


def test_the_text_of_a_build_is_as_documented(commands_site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    say(build(read_site("content", output="output")), "text")
    real = capsys.readouterr()
    documented = _examples_of_commands("text")[0]
    how_much = re.compile(r"\d+ (?=pages|files)|[\d.]+ s ")
    assert how_much.sub("", documented) == how_much.sub("", real.err + real.out)


def test_the_json_of_related_stories_is_as_documented(commands_site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = COMMANDS["related"]
    assert command is not None
    command.main(["the-port-opens-again", "--format", "json", "-c", "content"], standalone_mode=False)
    documented, real = json.loads(_examples_of_commands("json")[1]), json.loads(capsys.readouterr().out)
    assert documented.keys() == real.keys()
    for shown, given in zip(*documented.values(), *real.values(), strict=True):
        assert shown.keys() == given.keys()
        told = ("slug", "kind", "reason")
        assert [shown[key] for key in told] == [given[key] for key in told]
        assert 0 < given["score"] <= 1


# -- settings

_KINDS = {
    "text": "text",
    "address": "address",
    "whole": "whole number",
    "number": "number",
    "texts": "list of texts",
    "labels": "list of texts, or dictionary",
    "switch": "True or False",
    "engine": "`markdown` or `commonmark`",
    "codes": "dictionary from text to list of texts",
}


def test_the_table_of_settings_is_the_one_in_the_program() -> None:
    table = rows(section(DOCS / "settings.md", "## Alsoread's settings"))
    documented = {coded(row[0]): (row[1], coded(row[2])) for row in table}
    in_program = {setting.name: (_KINDS[setting.kind], _default(setting.default)) for setting in SETTINGS}
    assert documented == in_program
    assert all(row[3] for row in table)


def _default(value: object) -> str:
    if isinstance(value, Mapping):
        return "{}" if not value else ""  # shown elsewhere, in a table of its own
    return repr(list(value) if isinstance(value, tuple) else value)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_page_names_a_setting_that_is_not_there(path: Path) -> None:
    examples_of_mistakes = {"ALSOREAD_LABLES"}
    named = set(re.findall(r"ALSOREAD_[A-Z]\w*", path.read_text("utf-8"))) - examples_of_mistakes
    assert named <= {setting.name for setting in SETTINGS}


# -- fields


PLACES_OF_TABLES = {
    "writing-a-story.md": {
        "## Fields of a story": "story",
        "## Fields of a page": "page",
        **{f"### `{name}`": f"story.{name}" for name in ("sources", "links", "corrections", "image", "contributors")},
    },
    "topics.md": {"## Fields of a topic": "topic"},
    "threads.md": {"## A file for a thread": "thread"},
}


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda path: path.name)
def test_tables_of_fields_are_made_from_the_schemas(page: Path) -> None:
    text = page.read_text("utf-8")
    assert filled(text) == text, "`make tables` writes them anew"
    marked = re.findall(r"^<!-- fields of ([\w.]+) -->$", text, re.MULTILINE)
    places = PLACES_OF_TABLES.get(page.name, {})
    assert sorted(marked) == sorted(places.values())
    for heading, name in places.items():
        assert f"<!-- fields of {name} -->" in section(page, heading).partition("\n### ")[0]


def test_a_table_says_type_and_meaning_of_each_field_of_its_schema() -> None:
    said = {coded(row[0]): (row[1], row[2]) for row in rows(table(load_schema("story")))}
    assert set(said) == set(load_schema("story")["properties"])
    assert said["title"] == ("text, up to 300 characters, required", "The headline, as plain text.")
    assert said["sources"][0] == "list, below"
    assert said["image"][0] == "fields, below"
    assert said["modified"][0] == "date, with a time if you like"
    assert "[topics](topics.md)" in said["tags"][1]
    changed = {"required": [], "properties": {"role": {"type": "string", "enum": ["a", "b"], "description": "x | y"}}}
    assert rows(table(changed)) == [["`role`", "one of `a`, `b`", "x | y"]]
    stale = "<!-- fields of thread -->\n| old |\n<!-- end of fields -->\n"
    assert rows(filled(stale)) == rows(table(load_schema("thread")))


def test_every_definition_of_the_schema_is_documented() -> None:
    headings = set(re.findall(r"^### `(\w+)`$", (DOCS / "writing-a-story.md").read_text("utf-8"), re.MULTILINE))
    in_schema = {
        name
        for name, each in load_schema("story")["properties"].items()
        if "$ref" in each or "$ref" in each.get("items", {})
    }
    assert headings == in_schema


# -- findings


def test_every_code_has_a_page_and_a_row_and_no_other_has() -> None:
    assert [path.stem for path in CODE_PAGES] == sorted(CODES)
    table = rows((DIAGNOSTICS / "index.md").read_text("utf-8"))
    listed = {row[0]: (row[1], row[2]) for row in table}
    assert listed == {f"[{code.name}]({code.name}.md)": (code.slug, str(code.severity)) for code in CODES.values()}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_page_names_a_code_that_is_not_there(path: Path) -> None:
    assert set(re.findall(r"\bAR\d{3}\b", path.read_text("utf-8"))) <= set(CODES)


@pytest.mark.parametrize("path", CODE_PAGES, ids=lambda path: path.stem)
def test_a_code_page_has_its_shape(path: Path) -> None:
    code = CODES[path.stem]
    text = prose(path.read_text("utf-8"))
    assert text.startswith(f"# {code.name} {code.slug}\n\nSeverity: **{code.severity}**. ")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [
        *("What it means", "Why", "Bad", "Good"),
        *(["Repair"] if code.name in FIXES else []),
    ]
    marks = [block.mark for block in blocks(path.read_text("utf-8"))]
    assert set(marks) == ({"good"} if code.name in NO_EXAMPLE else {"bad", "good"})


def _examples(mark: str) -> list[Any]:
    found = []
    for path in CODE_PAGES:
        examples = tuple(block for block in blocks(path.read_text("utf-8")) if block.mark == mark)
        if examples:
            found.append(pytest.param(examples, path.stem, id=path.stem))
    return found


def _findings(examples: tuple[Block, ...], folder: Path) -> list[Diagnostic]:
    """What Alsoread finds in a site that consists of the examples."""
    (folder / "content").mkdir(exist_ok=True)
    settings_given: dict[str, Any] = {}
    for block in examples:
        if block.language == "sh":
            subprocess.run(["sh", "-euc", block.text], cwd=folder, check=True, timeout=60)
        elif block.language == "python":
            exec(block.text, {"__file__": str(folder / "pelicanconf.py")}, settings_given)
        else:
            target = folder / (block.path or "content/stories/example.md")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.text, "utf-8")
    site = read_site("content", overrides=settings_given)
    settings, findings = read_settings(site, clock=CLOCK)
    digest = read_archive(folders_of(site, settings), settings, site["MARKDOWN"], addresses_of(site))
    return [*findings, *digest.findings]


def _judged(examples: tuple[Block, ...], folder: Path) -> list[Diagnostic]:
    """What `check` finds in it; not that it names no source, unless that is what it is about."""
    _findings(examples, folder)
    given = "".join(block.text for block in examples if block.language == "python")
    (folder / "settings.py").write_text(f"from alsoread.pelicanconf import *\nPATH = 'content'\n{given}", "utf-8")
    desk = open_desk(None, "settings.py", "2026-06-01T00:00:00+00:00")
    settings, about = read_settings(desk.site, clock=CLOCK)
    ledger = read_ledger_beside(settings, desk.root)
    site = CheckedSite(
        desk.folders,
        settings,
        desk.site["MARKDOWN"],
        addresses_of(desk.site, ledger),
        ("images",),
        ledger=ledger,
        live=lambda digest: live_addresses(digest, desk.site, settings),
    )
    return list(check(site, about_settings=about).findings)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rights of an ordinary user, also where the tests run as root, who may read everything."""
    stock = os.open

    def opened(path: Any, flags: int, *args: Any, dir_fd: int | None = None, **kwargs: Any) -> int:
        descriptor = stock(path, flags, *args, dir_fd=dir_fd, **kwargs)
        if not os.fstat(descriptor).st_mode & 0o400:
            os.close(descriptor)
            raise PermissionError(13, "Permission denied", path)
        return descriptor

    monkeypatch.setattr(press_files.os, "open", opened)


@pytest.mark.usefixtures("nobody")
@pytest.mark.parametrize(("examples", "code"), _examples("bad"))
def test_a_bad_example_gives_its_code_and_no_other(examples: tuple[Block, ...], code: str, folder: Path) -> None:
    found = _judged(examples, folder) if code in RULES | LEDGER else _findings(examples, folder)
    if code in ("AR008", "AR503"):  # known only when the site is written
        found = list(build(read_site("content", output="output")).findings)
    assert {finding.code for finding in found} == {code}


@pytest.mark.usefixtures("nobody")
@pytest.mark.parametrize(("examples", "code"), _examples("good"))
def test_a_good_example_gives_no_finding(examples: tuple[Block, ...], code: str, folder: Path) -> None:
    assert [finding for finding in _judged(examples, folder) if code in RULES or finding.code not in RULES] == []
    if code in ("AR008", "AR503"):
        assert build(read_site("content", output="output")).findings == ()


def test_a_body_that_the_reader_fails_on_gives_its_code(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise ValueError("no")

    monkeypatch.setattr(archive.BodyEngine, "render", fail)
    good = tuple(block for block in blocks((DIAGNOSTICS / "AR203.md").read_text("utf-8")) if block.mark == "good")
    assert [finding.code for finding in _findings(good, folder)] == ["AR203"]


def test_a_story_that_ends_its_process_gives_its_code(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stock = archive.read_story

    def fatal(data: bytes, path: str, *args: Any) -> Any:
        if path.endswith("example.md"):
            os._exit(1)
        return stock(data, path, *args)

    monkeypatch.setattr(archive, "read_story", fatal)
    good = [block for block in blocks((DIAGNOSTICS / "AR901.md").read_text("utf-8")) if block.mark == "good"]
    others = [
        Block(
            "markdown",
            "good",
            f"content/stories/{number}.md",
            good[0].text.replace("title: ", f"slug: s{number}\ntitle: {number} "),
        )
        for number in range(40)
    ]
    site_settings = Block("python", "good", "", "ALSOREAD_JOBS = 2\nALSOREAD_RELATED = 0\n")
    assert [finding.code for finding in _findings((site_settings, *good, *others), folder)] == ["AR901"]


# -- examples elsewhere


@pytest.mark.parametrize("page", ["writing-a-story.md", "topics.md", "threads.md"])
def test_an_example_of_a_guide_gives_no_finding(page: str, folder: Path) -> None:
    examples = tuple(block for block in blocks((DOCS / page).read_text("utf-8")) if block.mark == "good")
    assert examples
    assert _findings(examples, folder) == []


MISTAKES = (
    {"date: 2025-11-13": "date: 2025-11-31", "tags:": "tgas:"},
    {"over Mars end after almost three": "on Mars end after three"},
)


def _contribution() -> Block:
    return next(block for block in blocks(README.read_text("utf-8")) if block.mark == "good")


def _with_sample(path: str, text: str, folder: Path) -> list[Diagnostic]:
    """What is found in a file that is added to the sample digest."""
    shutil.copytree(ROOT / "content", folder / "content")
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    site = read_site("content", settings=str(ROOT / "pelicanconf.py"))
    settings, _ = read_settings(site, clock=CLOCK)
    digest = read_archive(folders_of(site, settings), settings, site["MARKDOWN"], addresses_of(site))
    return [finding for finding in digest.findings if f"content/{finding.path}" == path]


def test_the_readmes_story_gives_no_finding(folder: Path) -> None:
    block = _contribution()
    assert block.path.startswith("content/stories/")
    assert _with_sample(block.path, block.text, folder) == []


@pytest.mark.parametrize("number", range(len(MISTAKES)))
def test_the_readmes_findings_are_real(number: int, folder: Path) -> None:
    block = _contribution()
    text = block.text
    for right, wrong in MISTAKES[number].items():
        assert right in text
        text = text.replace(right, wrong)
    shown = [each.text for each in blocks(README.read_text("utf-8")) if each.language == "text"][number]
    found = _with_sample(block.path, text, folder)
    assert shown == "".join(f"{as_text(finding, prefix='content/')}\n" for finding in found)


def test_the_finding_that_the_index_shows_is_real(folder: Path) -> None:
    shown = next(each.text for each in blocks((DIAGNOSTICS / "index.md").read_text("utf-8")) if each.language == "text")
    bad = tuple(each for each in blocks((DIAGNOSTICS / "AR115.md").read_text("utf-8")) if each.mark == "bad")
    assert shown == "".join(f"{as_text(finding, prefix='content/')}\n" for finding in _findings(bad, folder))


def test_the_page_on_cross_links_names_the_labels_of_the_program() -> None:
    text = (DOCS / "cross-links.md").read_text("utf-8")
    table, said = (
        rows(part) for part in section(DOCS / "cross-links.md", "## Labels").split("The setting [`ALSOREAD_LABELS`]")
    )
    documented = {
        (re.findall(r"`([^`]+)`", row[0]) or ["*"])[0]: [re.findall(r"`([^`]+)`", cell) for cell in row[1:]]
        for row in table
    }
    assert documented == {
        lang: [[label for label in labels if not labels[label]], [label for label in labels if labels[label]]]
        for lang, labels in LABEL_KINDS.items()
    }
    assert {kind for labels in LABEL_KINDS.values() for kind in labels.values()} == {"", "background"}
    for row in said[:-1]:
        assert {kind_of_label(label) for label in re.findall(r"`([^`]+)`", row[0])} == {coded(row[1])}
    labels = tuple(LABEL_KINDS["*"])
    for spelling in re.findall(
        r"`([^`]+)`", next(line for line in text.splitlines() if line.startswith("- In capitals"))
    ):
        begin = begins(spelling, labels)
        assert begin is not None
        assert begin.certain, spelling


def test_every_way_to_name_a_story_that_is_shown_finds_it(folder: Path) -> None:
    steps = [
        line for line in section(DOCS / "cross-links.md", "## What it leads to").splitlines() if line[:1].isdigit()
    ]
    shown = [line for step in steps for line in re.findall(r"`(READ: [^`]+)`", step)]
    assert len(shown) >= 5
    (folder / "content/stories").mkdir(parents=True)
    front = "---\ntitle: {}\ndate: 2025-06-12\ntags: [Ports]\nslug: {}\n---\n\n{}\n"
    target = front.format("Storm closes the northern port", "storm-in-june", "The port is closed.")
    (folder / "content/stories/storm.md").write_text(target, "utf-8")
    for number, line in enumerate(shown):
        story = front.format(f"Story {number}", f"story-{number}", f"The port has opened again.\n\n{line}")
        (folder / f"content/stories/{number}.md").write_text(story, "utf-8")
    site = read_site("content")
    settings, _ = read_settings(site, clock=CLOCK)
    digest = read_archive(folders_of(site, settings), settings, site["MARKDOWN"], addresses_of(site))
    for number, line in enumerate(shown):
        assert [each.path for each in digest.resolutions[f"stories/{number}.md"]] == ["stories/storm.md"], line
    assert [finding.code for finding in digest.findings] == ["AR405"]  # the last step


def test_the_slips_of_the_pen_that_are_shown_are_slips_and_the_others_are_none(folder: Path) -> None:
    text = section(DOCS / "cross-links.md", "## Misspelt headlines")
    headline = re.search(r"for the headline `([^`]+)`", text)
    assert headline
    front = "---\ntitle: {}\ndate: 2025-06-12\ntags: [Ports]\n---\n\n{}\n"
    (folder / "content").mkdir()
    (folder / "content/storm.md").write_text(front.format(headline[1], "The port is closed."), "utf-8")
    tables = [[coded(row[0]) for row in rows(part)] for part in text.split("So these are never slips")]
    for code, shown in zip(("AR405", "AR401"), tables, strict=True):
        assert len(shown) == 5
        body = "\n\n".join(f"READ: {line}" for line in shown)
        (folder / "content/example.md").write_text(front.format("The port opens again", body), "utf-8")
        assert [finding.code for finding in _findings((), folder)] == [code] * 5


def test_words_of_a_front_matter_link_are_as_documented() -> None:
    settings, _ = read_settings({}, clock=CLOCK)
    table = rows(section(DOCS / "cross-links.md", "## Cross-links in the front matter"))
    for row in table:
        label = settings.label_of(coded(row[0]), "en")
        assert not label or label.capitalize() == row[1]


# -- themes


def test_what_themes_are_told_of_is_there() -> None:
    text = (DOCS / "theming.md").read_text("utf-8")
    story = {field.name for field in fields(Story)}
    assert set(re.findall(r"article\.story\.(\w+)", text)) <= story
    table = {coded(row[0]): set(re.findall(r"`\.(\w+)`", row[1])) for row in rows(text)}
    for name, kind in {
        "sources": Source,
        "corrections": Correction,
        "image": Image,
        "contributors": Contributor,
    }.items():
        assert table[f"article.story.{name}"] == {field.name for field in fields(kind)}
    listed = {coded(row[1]): set(re.findall(r"`\.(\w+)`", row[2])) for row in rows(text) if len(row) == 3}
    for name, view in {
        "article.related": RelatedStory,
        "article.backlinks": BackLinks,
        "article.sources": CitedSource,
        "article.in_thread": InThread,
        "article.in_topics": InTopic,
        "tag.topic": TopicView,
        "tag.topic.below": TopicCount,
        "tag.topic.sources": SourceCount,
        "tag.topic.chart": Chart,
        "chart.bars": Bar,
        "thread": ThreadView,
        "source": OutletView,
        "combination": CombinationView,
    }.items():
        assert listed[name] == _attributes(view), name


def _attributes(view: type) -> set[str]:
    """What a template can ask a view for."""
    members = inspect.getmembers(view, lambda value: isinstance(value, property))
    names = {name for name, _ in members if not name.startswith("_")}
    if is_dataclass(view):
        return names | {field.name for field in fields(view)}
    for each in view.__mro__[:-1]:
        names |= set(re.findall(r"self\.([a-z]\w*)(?:: \w+)? = ", inspect.getsource(each)))
    return names


def test_every_template_of_the_theme_is_listed_with_its_blocks() -> None:
    templates = {path.name: path.read_text("utf-8") for path in (ROOT / "themes/broadsheet/templates").glob("*.html")}
    table = rows((DOCS / "theming.md").read_text("utf-8").partition("## The templates of broadsheet")[2])
    listed = {coded(row[0]): row for row in table if len(row) == 4}
    assert set(listed) == set(templates)
    for name, text in templates.items():
        blocks_given, base = set(re.findall(r"{%-? block (\w+)", text)), text
        while parent := re.search(r"{% extends '(\w+\.html)' %}", base):
            base = templates[parent[1]]
            blocks_given -= set(re.findall(r"{%-? block (\w+)", base))
        assert set(re.findall(r"`(\w+)`", listed[name][2])) == blocks_given, name
        assert all(re.search(rf"\b{each}\b", text) for each in re.findall(r"`(\w+)`", listed[name][3])), name
    macros = templates["macros.html"]
    named = re.findall(r"^\| `(\w+\(.*?)` \|", (DOCS / "theming.md").read_text("utf-8"), re.MULTILINE)
    for signature in (each for cell in named for each in re.split(r"`, `", cell)):
        assert re.sub(r"=[^,)]*", "", macros).count(f"macro {signature}"), signature


def test_the_override_that_themes_are_shown_works(folder: Path) -> None:
    template = next(block for block in blocks((DOCS / "theming.md").read_text("utf-8")) if "extends" in block.text)
    (folder / "overrides").mkdir()
    (folder / "overrides" / "article.html").write_text(template.text, "utf-8")
    examples = tuple(block for block in blocks((DIAGNOSTICS / "AR118.md").read_text("utf-8")) if block.mark == "good")
    assert _findings(examples, folder) == []
    site = read_site("content", output="output", overrides={"THEME_TEMPLATES_OVERRIDES": ["overrides"]})
    assert build(site).exit_code == 0
    assert "You may copy this story" in (folder / "output/stories/the-port-opens-again.html").read_text("utf-8")


def test_the_colours_and_words_that_themes_are_shown_work(folder: Path) -> None:
    shown = list(blocks((DOCS / "theming.md").read_text("utf-8")))
    settings_given: dict[str, Any] = {}
    (folder / "overrides/static").mkdir(parents=True)
    settings_file = {"__file__": str(folder / "pelicanconf.py")}
    exec(next(each.text for each in shown if "THEME_STATIC_PATHS" in each.text), settings_file, settings_given)
    settings_given = {name: value for name, value in settings_given.items() if name.startswith("THEME")}
    colours = next(each.text for each in shown if each.language == "css")
    (folder / "overrides/static/colours.css").write_text(colours, "utf-8")
    base = next(each.text for each in shown if "colours.css" in each.text and each.language == "html")
    (folder / "overrides/base.html").write_text(base, "utf-8")
    words = next(each.text for each in shown if "languages" in each.text)
    (folder / "overrides/words.html").write_text(words, "utf-8")
    examples = tuple(block for block in blocks((DIAGNOSTICS / "AR401.md").read_text("utf-8")) if block.mark == "good")
    assert _findings(examples, folder) == []
    assert build(read_site("content", output="output", overrides=settings_given)).exit_code == 0
    story = (folder / "output/stories/the-port-opens-again.html").read_text("utf-8")
    assert 'href="../theme/colours.css"' in story
    assert (folder / "output/theme/colours.css").read_text("utf-8") == colours
    assert (folder / "output/theme/css/broadsheet.css").exists()
    dutch = build(read_site("content", output="dutch", overrides={**settings_given, "DEFAULT_LANG": "nl"}))
    assert dutch.exit_code == 0
    assert "Onderwerpen" in (folder / "dutch/index.html").read_text("utf-8")
    stylesheet = (folder / "output/theme/css/broadsheet.css").read_text("utf-8")
    properties = set(re.findall(r"`(--\w[\w-]*)`", (DOCS / "theming.md").read_text("utf-8")))
    assert all(f"  {name}: " in stylesheet for name in properties - {"--explain"})


# -- the whole


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_documents_resolve(path: Path) -> None:
    without_code = re.sub(r"`[^`\n]*`", "", prose(path.read_text("utf-8")))
    for target in re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", without_code):
        address, _, anchor = target.partition("#")
        if "://" in address or address.startswith("{"):
            continue
        file = (path.parent / address).resolve() if address else path
        assert file.exists(), target
        if anchor:
            assert anchor in _anchors(file), target


def _anchors(path: Path) -> set[str]:
    """Anchors as forges make them of headings."""
    headings = re.findall(r"^#+ (.*)$", prose(path.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, todo = set(), [README]
    while todo:
        page = todo.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        links = re.findall(r"\]\(([^)\s#]+)", prose(page.read_text("utf-8")))
        todo.extend((page.parent / link).resolve() for link in links if (page.parent / link).is_file())
    assert set(PAGES) <= reached


def test_targets_of_make_that_documents_name_are_there_and_all_are_named() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)) - {"help"}
    named = {path: set(re.findall(r"(?:`|\$ |\$ \w+=\S+ )make ([a-z]+)", path.read_text("utf-8"))) for path in PAGES}
    assert set().union(*named.values()) <= targets
    assert named[README] == targets


def test_no_page_holds_what_belongs_to_one_machine() -> None:
    for path in PAGES:
        text = path.read_text("utf-8")
        assert not re.search(r"/(?:home|root|tmp|work|Users)/", text), path
        assert "\t" not in text, path
        assert "TODO" not in text or path.stem == "AR209", path


# -- checking


def test_the_guide_lists_what_can_be_mended_and_the_forms() -> None:
    tables = rows((DOCS / "check.md").read_text("utf-8"))
    codes = {match[1] for row in tables if (match := re.match(r"\[(AR\d{3})\]", row[0]))}
    assert codes == set(FIXES)
    assert {row[0].strip("`") for row in tables} - {row[0] for row in tables if "AR" in row[0]} == set(FORMS)


@pytest.mark.parametrize("code", sorted(FIXES))
def test_the_bad_example_of_what_can_be_mended_is_mended(code: str, folder: Path) -> None:
    examples = tuple(block for block in blocks((DIAGNOSTICS / f"{code}.md").read_text("utf-8")) if block.mark == "bad")
    assert code in {finding.code for finding in _judged(examples, folder)}
    result = Site(folder).run("check", "-s", "settings.py", "--fix", "--now", "2026-06-01T00:00:00+00:00")
    assert result.exit_code in (0, 1), result.err
    assert code not in {finding.code for finding in _judged((), folder)}
    again = Site(folder).run("check", "-s", "settings.py", "--fix", "--dry-run", "--now", "2026-06-01T00:00:00+00:00")
    assert (again.exit_code, again.out) == (0, "")
