"""`alsoread topics`: what it lists, what it changes, and what it leaves alone."""

import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import click
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from alsoread.archive import Folders
from alsoread.cli.topics_ import command
from alsoread.desk.changes import as_diff, changes_between, write_changes
from alsoread.desk.rewrite import items_in, value_of, with_items, with_value
from alsoread.desk.shelf import Shelf, read_shelf
from alsoread.desk.vocabulary import MOST_ALIASES, Plan, Refused, merge, rename
from alsoread.diagnostics import Refusal
from reading import ENGINE, read, read_as_topic, settings
from sites import ROOT, Site, tree

BOM = "\ufeff"


def front(tags: str, *, before: str = "title: 'A ''headline''' # one\ndate: 2025-01-01", after: str = "") -> str:
    return f'---\n{before}\n{tags}\nsummary: "of it"  # two\n{after}---\n\nA paragraph.\n\n---\n\ntags: [not these]\n'


def shelf(root: Path, stories: dict[str, str] | None = None, topics: dict[str, str] | None = None) -> Shelf:
    """What is read from a folder with these files."""
    for folder, files in (("stories", stories or {}), ("topics", topics or {})):
        (root / folder).mkdir(exist_ok=True)
        for name, text in files.items():
            (root / folder / f"{name}.md").write_bytes(text.encode())
    return read_shelf(Folders(str(root), stories=("stories",)), settings(), ENGINE)


def done(found: Shelf, plan: Plan | Refused) -> dict[str, str]:
    """What the files say once the plan is carried out, the unchanged ones with them."""
    assert isinstance(plan, Plan), plan
    after = {**found.stories, **found.topics, **{path: text for path, (_, text) in plan.changes.items()}}
    assert all(before == {**found.stories, **found.topics}.get(path) for path, (before, _) in plan.changes.items())
    return {path: text for path, text in after.items() if text is not None}


def message(plan: Plan | Refused) -> str:
    assert isinstance(plan, Refused), plan
    return plan.message


# -- one field is changed and nothing else


CHANGED = [
    ("tags: [a, 'b', \"c\"]", ["A", "b", None], [], "tags: [A, 'b']"),
    ("tags: [a, 'b', \"c\"]", ["a", "it's", 'the "c"'], [], "tags: [a, 'it''s', \"the \\\"c\\\"\"]"),
    ("tags: [ a ,b ]  # why", [None, "b"], ["c"], "tags: [ b, c ]  # why"),
    ("tags: [a, b]", [None, None], [], "tags: []"),
    ("tags: [a, b]", ["Yes", "2025"], [], 'tags: ["Yes", "2025"]'),
    ("tags: [a]", ["R&D: a"], [], 'tags: ["R&D: a"]'),
    ("tags: [\n  a, # first, of all\n  b, # second\n  c # third\n]", ["A", None, "c"], [], None),
    ("tags: [\n  a, # first, of all\n  b\n]", ["a", None], [], "tags: [\n  a, # first, of all\n  \n]"),
    ("tags:\n  - a # one\n  # two\n  - 'b'", ["A", "b"], [], "tags:\n  - A # one\n  # two\n  - 'b'"),
    ("tags:\n  - a # one\n  # two\n  - 'b'", [None, "b"], ["c"], "tags:\n  # two\n  - 'b'\n  - c"),
    ("tags:\n- a\n-\n  b\n- >-\n  c\n  d", ["a", None, "D"], [], "tags:\n- a\n- D"),
    ("tags: a, b , c", ["a", "B", "c"], [], "tags: a, B , c"),
    ("tags: a, b , c", [None, "b", "c"], ["d"], "tags: b , c, d"),
    ("tags: a; b, c", ["a", "B"], [], "tags: a; B"),
    ("tags: a, b", ["A", "War, peace"], [], "tags: A; War, peace"),
    ("tags: a, b", [None, "War, peace"], [], "tags: War, peace;"),
    ("tags: a, b", ["A: b", "b"], [], 'tags: ["A: b", b]'),
    ("tags: 'a, b' # why", ["it's", "b"], [], "tags: 'it''s, b' # why"),
    ('tags: "a, b"', ["a", 'the "b"'], [], 'tags: "a, the \\"b\\""'),
    ('tags: "caf\\u00e9, b"', ["café", "B"], [], 'tags: "caf\\u00e9, B"'),
    ("tags: >\n  a, b,\n  c", ["a", None, "C"], [], "tags: >\n  a,\n  C"),
    ("tags:", [], ["a"], "tags: [a]"),
    ("tags: ~", [], ["a, b"], 'tags: ["a, b"]'),
    ("tags: []", [], ["a"], "tags: [a]"),
]


@pytest.mark.parametrize(("tags", "become", "added", "wanted"), CHANGED)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", BOM])
def test_a_list_is_changed_where_it_stands(
    tags: str, become: list[str | None], added: list[str], wanted: str | None, end: str, mark: str
) -> None:
    text = mark + front(tags).replace("\n", end)
    changed = with_items(text, "tags", become, added)
    assert changed is not None
    assert items_in(changed, "tags") == (*(item for item in become if item is not None), *added)
    if wanted is not None:
        assert changed == mark + front(wanted).replace("\n", end)


def test_comments_between_the_entries_of_a_list_stay() -> None:
    text = front("tags: [\n  a, # first, of all\n  b, # second\n  c # third\n]")
    changed = with_items(text, "tags", [None, "b", None])
    assert changed is not None
    assert items_in(changed, "tags") == ("b",)
    for comment in ("# first, of all", "# second", "# third", "# one", "# two"):
        assert comment in changed


HEADED = "Title: A headline\nTags: a, b,\n    c\nDate: 2025-01-01\n\nTags: not these\n"


@pytest.mark.parametrize(
    ("become", "added", "wanted"),
    [
        (["A", None, "c"], [], "Tags: A,\n    c"),
        (["a", "b", "c, d"], [], "Tags: a; b;\n    c, d"),
        (["a", "b", None], ["e"], "Tags: a, b, e"),
    ],
)
def test_headers_as_pelican_reads_them_are_changed_too(become: list[str | None], added: list[str], wanted: str) -> None:
    assert with_items(HEADED, "tags", become, added) == HEADED.replace("Tags: a, b,\n    c", wanted)


def test_headers_are_changed_on_the_first_line_and_behind_a_byte_order_mark() -> None:
    for mark in ("", BOM):
        text = f"{mark}Tags: a, b\r\nTitle: A headline\r\n\r\nText\r\n"
        assert with_items(text, "tags", ["a", "new"]) == text.replace("a, b", "a, new")


def test_what_a_line_cannot_hold_is_not_written() -> None:
    assert with_items(HEADED, "tags", ["a; b", "b", "c"]) is None
    assert with_items("no front matter", "tags", []) == "no front matter"
    assert with_items("---\ntags: [a, {b: c}]\n---\n", "tags", ["x"]) is None
    assert with_value("---\nname: [a]\n---\n", "name", "b") is None
    assert with_value("---\n{name: a}\n---\n", "slug", "b", behind=("name",)) is None


@pytest.mark.parametrize(
    ("line", "value", "wanted"),
    [
        ("name: Old # why", "New", "name: New # why"),
        ("name: 'Old'", "It's", "name: 'It''s'"),
        ('name: "Old"', "New", 'name: "New"'),
        ("name: Old", "Yes", 'name: "Yes"'),
        ("name: >-\n  Old\n  name", "New", "name: New"),
        ("name:", "New", "name: New"),
    ],
)
def test_a_value_is_changed_where_it_stands(line: str, value: str, wanted: str) -> None:
    text = front(line)
    assert with_value(text, "name", value) == text.replace(line, wanted)
    assert with_value(BOM + text.replace("\n", "\r\n"), "name", value) == BOM + text.replace(line, wanted).replace(
        "\n", "\r\n"
    )


NAMES = st.sampled_from(
    ["Ports", "open data", "Yes", "2024-01-01", "it's", 'a "b"', "a, b", "c: d", "#e", "ü 😀", "- f"]
)
PLAIN_NAMES = st.sampled_from(["Ports", "open data", "Weather", "ü 😀", "R&D"])
STYLES = {
    "flow": lambda tags: f"tags: [{', '.join(tags)}] # of it",
    "lines": lambda tags: "tags: [\n" + "".join(f"    {tag}, # {tag}\n" for tag in tags) + "  ]",
    "block": lambda tags: "tags: # all\n" + "\n".join(f"  -   {tag}  # {tag}" for tag in tags),
    "flush": lambda tags: "tags:\n" + "\n".join(f"- '{tag}'" for tag in tags),
    "commas": lambda tags: f"tags: {' , '.join(tags)}  # of it",
    "quoted": lambda tags: f'tags: "{",".join(tags)}"',
    "folded": lambda tags: "tags: >\n" + ",\n".join(f"    {tag}" for tag in tags),
}


@given(
    st.lists(PLAIN_NAMES, min_size=1, max_size=4, unique=True),
    st.sampled_from(sorted(STYLES)),
    NAMES.filter(lambda name: name != "Ports"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", BOM]),
)
def test_renaming_there_and_back_keeps_every_other_byte_of_a_story(
    tags: list[str], style: str, new: str, end: str, mark: str
) -> None:
    assume(new not in tags)
    line = STYLES[style](tags)
    text = mark + front(line).replace("\n", end)
    head, tail = text.split(line.replace("\n", end))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        before = shelf(root, {"a": text, "b": front("tags: [Ports]")})
        assert items_in(text, "tags") == tuple(tags)
        there = done(before, rename(before, "Ports", new))
        assert there["stories/a.md"].startswith(head)
        assert there["stories/a.md"].endswith(tail)
        renamed = tuple(new if tag == "Ports" else tag for tag in tags)
        assert read(there["stories/a.md"]).story.tags == renamed
        write_changes(str(root), changes_between({**before.stories, **before.topics}, there))
        between = read_shelf(Folders(str(root), stories=("stories",)), settings(), ENGINE)
        back = done(between, rename(between, new, "Ports"))
        assert read(back["stories/a.md"]).story.tags == tuple(tags)
        assert back["stories/a.md"].startswith(head)
        assert back["stories/a.md"].endswith(tail)
        if new in ("Weather", "ü 😀", "R&D", "open data"):
            assert back["stories/a.md"] == text
            assert back["stories/b.md"] == front("tags: [Ports]")


# -- what a name means


def test_every_spelling_of_a_topic_becomes_its_new_name_and_stands_once(tmp_path: Path) -> None:
    topics = {"ports": "---\nname: Ports\naliases: [Harbours, Docks]\n---\n"}
    stories = {
        "a": front("tags: [Other, harbours, PORTS, Docks]"),
        "b": front("tags: [Other]"),
        "c": front("tags: [Pórts]"),
    }
    found = shelf(tmp_path, stories, topics)
    after = done(found, rename(found, "docks", "Quays"))
    assert after["stories/a.md"] == front("tags: [Other, Quays]")
    assert after["stories/b.md"] == stories["b"]
    assert after["stories/c.md"] == front("tags: [Quays]")
    assert after["topics/quays.md"] == "---\nname: Quays\naliases: [Harbours, Docks, Ports]\n---\n"
    assert "topics/ports.md" not in after


def test_the_file_of_a_topic_follows_its_name_and_those_below_it_too(tmp_path: Path) -> None:
    topics = {
        "ports": "---\r\nname: 'Ports' # who\r\nslug: ports\r\nparent: world\r\n---\r\n\r\nText.\r\n",
        "quays": "---\nname: Quays\nparent: ports # below\n---\n",
        "piers": "---\nname: Piers\nparent: Ports\n---\n",
        "world": "---\nname: World\n---\n",
    }
    found = shelf(tmp_path, {}, topics)
    after = done(found, rename(found, "Ports", "Sea ports"))
    assert after["topics/sea-ports.md"] == (
        "---\r\nname: 'Sea ports' # who\r\nslug: sea-ports\r\naliases: [Ports]\r\nparent: world\r\n---\r\n\r\nText.\r\n"
    )
    assert after["topics/quays.md"] == topics["quays"].replace("ports", "sea-ports")
    assert after["topics/piers.md"] == topics["piers"].replace("Ports", "Sea ports")
    assert set(after) == {f"topics/{name}.md" for name in ("sea-ports", "quays", "piers", "world")}


def test_a_file_of_another_name_keeps_it_and_a_slug_of_its_own_becomes_an_alias(tmp_path: Path) -> None:
    found = shelf(tmp_path, {}, {"harbour": "---\nname: Ports\nslug: sea\naliases:\n  - Docks\n---\n"})
    after = done(found, rename(found, "sea", "Quays"))
    assert after == {
        "topics/harbour.md": "---\nname: Quays\nslug: quays\naliases:\n  - Docks\n  - Ports\n  - sea\n---\n"
    }
    topic = read_as_topic(after["topics/harbour.md"]).topic
    assert topic is not None
    assert (topic.slug, topic.label) == ("quays", "Quays")


def test_a_new_spelling_of_the_same_address_needs_no_alias_and_no_file(tmp_path: Path) -> None:
    found = shelf(tmp_path, {"a": front("tags: [open data, b]"), "b": front("tags: Open Data")})
    after = done(found, rename(found, "Open data", "Open data"))
    assert after == {"stories/a.md": front("tags: [Open data, b]"), "stories/b.md": front("tags: Open data")}


def test_an_alias_that_becomes_the_name_is_an_alias_no_longer(tmp_path: Path) -> None:
    found = shelf(tmp_path, {}, {"moon": "---\nname: Moon\naliases: ['Luna', Selene]\n---\n"})
    after = done(found, rename(found, "Moon", "Luna"))
    assert after == {"topics/luna.md": "---\nname: Luna\naliases: ['Moon', Selene]\n---\n"}


def test_a_file_in_the_way_of_a_topics_file_stays(tmp_path: Path) -> None:
    other = "---\nname: Something else\nslug: else\n---\n"
    found = shelf(tmp_path, {"a": front("tags: [Ports]")}, {"quays": other})
    after = done(found, rename(found, "Ports", "Quays"))
    assert after["topics/quays.md"] == other
    assert after["topics/quays-2.md"] == "---\nname: Quays\naliases: [Ports]\n---\n"
    found = shelf(tmp_path, {}, {"ports": "---\nname: Ports\n---\n"})
    plan = rename(found, "Ports", "Quays")
    assert done(found, plan)["topics/ports.md"] == "---\nname: Quays\naliases: [Ports]\n---\n"
    assert isinstance(plan, Plan)
    assert "topics/quays.md" in plan.remarks[0]


def test_a_story_with_errors_is_renamed_too_and_one_that_cannot_be_read_is_told_of(tmp_path: Path) -> None:
    stories = {
        "bad-date": front("tags: [Ports]").replace("2025-01-01", "2025-02-30"),
        "draft": front("tags: [Ports]", after="status: draft\n"),
        "broken": "---\ntags: [Ports\n---\n",
    }
    found = shelf(tmp_path, stories)
    after = done(found, rename(found, "Ports", "Quays"))
    assert "tags: [Quays]" in after["stories/bad-date.md"]
    assert "tags: [Quays]" in after["stories/draft.md"]
    assert after["stories/broken.md"] == stories["broken"]
    assert [(finding.path, finding.code) for finding in found.unread] == [("stories/broken.md", "AR103")]


def test_aliases_have_an_end(tmp_path: Path) -> None:
    many = ", ".join(f"a{number}" for number in range(MOST_ALIASES))
    found = shelf(tmp_path, {}, {"ports": f"---\nname: Ports\naliases: [{many}]\n---\n"})
    assert "more than 200 aliases" in message(rename(found, "Ports", "Quays"))


# -- merging

ONE = "---\nname: Docks\naliases: [Wharves]\ndescription: Where ships lie.\npinned: [one]\n---\n\nOn docks.\n"


def test_two_free_topics_become_one_with_a_file(tmp_path: Path) -> None:
    found = shelf(tmp_path, {"a": front("tags: [Docks, x, ports]"), "b": front("tags:\n  - Ports\n  - docks")})
    after = done(found, merge(found, "docks", "PORTS"))
    assert after == {
        "stories/a.md": front("tags: [ports, x]"),
        "stories/b.md": front("tags:\n  - Ports"),
        "topics/ports.md": "---\nname: ports\naliases: [Docks]\n---\n",
    }


def test_the_only_file_becomes_that_of_the_topic_that_stays(tmp_path: Path) -> None:
    topics = {"docks": ONE, "piers": "---\nname: Piers\nparent: docks\n---\n"}
    found = shelf(tmp_path, {"a": front("tags: [Ports]"), "b": front("tags: [Wharves]")}, topics)
    after = done(found, merge(found, "Docks", "Ports"))
    assert after == {
        "stories/a.md": front("tags: [Ports]"),
        "stories/b.md": front("tags: [Ports]"),
        "topics/ports.md": ONE.replace("Docks", "Ports").replace("[Wharves]", "[Wharves, Docks]"),
        "topics/piers.md": "---\nname: Piers\nparent: ports\n---\n",
    }


def test_names_go_to_the_file_of_the_topic_that_has_one(tmp_path: Path) -> None:
    ports = "---\nname: Ports\naliases: Harbours\n---\n"
    found = shelf(tmp_path, {"a": front("tags: [docks, Harbours]")}, {"ports": ports})
    after = done(found, merge(found, "Docks", "Harbours"))
    assert after == {
        "stories/a.md": front("tags: [Ports]"),
        "topics/ports.md": "---\nname: Ports\naliases: Harbours, docks\n---\n",
    }


def test_of_two_files_the_one_that_stays_gets_what_it_lacks(tmp_path: Path) -> None:
    topics = {
        "docks": ONE,
        "ports": "---\r\nname: Ports # ours\r\n---",
        "piers": "---\nname: Piers\nparent: Docks\n---\n",
    }
    found = shelf(tmp_path, {"a": front("tags: [Wharves]")}, topics)
    plan = merge(found, "Docks", "Ports")
    after = done(found, plan)
    assert set(after) == {"stories/a.md", "topics/ports.md", "topics/piers.md"}
    ports = after["topics/ports.md"]
    assert ports.startswith("---\r\nname: Ports # ours\r\n")
    assert "\n" not in ports.replace("\r\n", "")
    assert items_in(ports, "aliases") == ("Wharves", "Docks")
    assert value_of(ports, "description") == "Where ships lie."
    assert items_in(ports, "pinned") == ("one",)
    assert ports.endswith("---\r\n\r\nOn docks.\r\n")
    assert value_of(after["topics/piers.md"], "parent") == "Ports"
    assert isinstance(plan, Plan)
    assert plan.left_out == ""


def test_what_both_files_say_stays_as_it_is_and_the_rest_is_told(tmp_path: Path) -> None:
    ports = "---\nname: Ports\naliases: [Harbours]\ndescription: Where ships go.\npinned: [two]\n---\n\nOn ports.\n"
    found = shelf(tmp_path, {}, {"docks": ONE.replace("pinned", "parent: sea\npinned"), "ports": ports})
    plan = merge(found, "Docks", "Ports")
    assert done(found, plan) == {"topics/ports.md": ports.replace("[Harbours]", "[Harbours, Wharves, Docks]")}
    assert isinstance(plan, Plan)
    assert plan.left_out == "description: Where ships lie.\npinned: one\nparent: sea\n\nOn docks."


def test_a_topic_does_not_come_to_stand_below_itself(tmp_path: Path) -> None:
    topics = {
        "a": "---\nname: A\n---\n",
        "b": "---\nname: B\nparent: a\n---\n",
        "c": "---\nname: C\nparent: b\n---\n",
        "d": "---\nname: D\nparent: free\n---\n",
    }
    found = shelf(tmp_path, {"x": front("tags: [Free]")}, topics)
    assert "take the line 'parent' out of topics/c.md" in message(merge(found, "A", "C"))
    assert "take the line 'parent' out of topics/d.md" in message(merge(found, "D", "Free"))
    after = done(found, merge(found, "B", "A"))
    assert value_of(after["topics/c.md"], "parent") == "a"
    assert value_of(after["topics/a.md"], "parent") == ""


REFUSED = [
    (rename, "Prots", "Quays", "no topic is called 'Prots'. Did you mean Ports?"),
    (rename, "Ports", "Docks", "alsoread topics merge Ports Docks"),
    (rename, "Ports", "wharves", "'wharves' means the topic 'Docks' already"),
    (rename, "Ports", "Open  Data", "alsoread topics merge Ports 'Open data'"),
    (rename, "Ports", "—", "no address can be made of '—'"),
    (rename, "Ports", "x" * 101, "has 101 characters"),
    (rename, "Ports", "a\u202eb", "bidirectional"),
    (merge, "Ports", "Prots", "no topic is called 'Prots'"),
    (merge, "Prots", "Ports", "no topic is called 'Prots'"),
    (merge, "Ports", "PORTS", "are one topic already"),
    (merge, "Docks", "Wharves", "are one topic already"),
]


@pytest.mark.parametrize(("change", "one", "other", "told"), REFUSED)
def test_what_cannot_be_is_refused_with_what_to_do(
    change: type[object], one: str, other: str, told: str, tmp_path: Path
) -> None:
    found = shelf(tmp_path, {"a": front("tags: [Ports, Open data]")}, {"docks": ONE})
    assert told in message(change(found, one, other))  # type: ignore[arg-type, call-arg]


def test_nothing_is_left_to_do_the_second_time(tmp_path: Path) -> None:
    stories = {"a": front("tags: [Docks, wharves]"), "b": front("tags: [Ports]")}
    for change, one, other in ((rename, "Docks", "Quays"), (merge, "Docks", "Ports"), (merge, "Quays", "Ports")):
        found = shelf(tmp_path, stories, {"docks": ONE})
        first = change(found, "Docks", other)
        assert isinstance(first, Plan)
        write_changes(str(tmp_path), first.changes)
        again = read_shelf(Folders(str(tmp_path), stories=("stories",)), settings(), ENGINE)
        second = change(again, "Docks", other)
        assert isinstance(second, Plan)
        assert second.changes == {}, one
        shutil.rmtree(tmp_path / "topics")


def test_a_tag_of_a_topic_that_is_gone_is_mended_by_saying_so_again(tmp_path: Path) -> None:
    ports = "---\nname: Ports\naliases: [Docks, Harbours]\n---\n"
    found = shelf(tmp_path, {"a": front("tags: [docks, Harbours]")}, {"ports": ports})
    after = done(found, merge(found, "Docks", "Ports"))
    assert after == {"stories/a.md": front("tags: [Ports]"), "topics/ports.md": ports}


# -- all or nothing


def test_no_file_is_written_if_one_cannot_be(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text("old")
    before = tree(tmp_path)
    changes = dict.fromkeys(("a.md", "b.md"), ("old", "new"))
    with pytest.raises(Refusal, match=r"b\.md was changed in the meantime"):
        write_changes(str(tmp_path), {**changes, "b.md": ("older", "new")})
    with pytest.raises(Refusal, match=r"b\.md is there already"):
        write_changes(str(tmp_path), {**changes, "b.md": (None, "new")})
    (tmp_path / ".b.md.alsoread-new").mkdir()
    with pytest.raises(Refusal, match=r"b\.md cannot be written"):
        write_changes(str(tmp_path), changes)
    assert tree(tmp_path) == before


def test_rights_of_a_file_stay_and_nothing_else_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("old")
    (tmp_path / "gone.md").write_text("old")
    (tmp_path / "a.md").chmod(0o640)
    write_changes(str(tmp_path), {"a.md": ("old", "new"), "x/y/n.md": (None, "new"), "gone.md": ("old", None)})
    assert tree(tmp_path) == {"a.md": b"new", "x/y/n.md": b"new"}
    assert (tmp_path / "a.md").stat().st_mode & 0o777 == 0o640


def test_no_link_leads_out_of_the_content_folder(tmp_path: Path) -> None:
    outside, content = tmp_path / "outside", tmp_path / "content"
    outside.mkdir()
    content.mkdir()
    (outside / "a.md").write_text(front("tags: [Ports]"))
    before = tree(outside)
    (content / "topics").symlink_to(outside)
    (content / "stories").mkdir()
    (content / "stories" / "link.md").symlink_to(outside / "a.md")
    (content / "stories" / "own.md").write_text(front("tags: [Ports]"))
    found = read_shelf(Folders(str(content), stories=("stories",)), settings(), ENGINE)
    plan = rename(found, "Ports", "Quays")
    assert isinstance(plan, Plan)
    assert set(plan.changes) == {"topics/quays.md", "stories/own.md"}
    with pytest.raises(Refusal, match=r"topics/quays\.md cannot be written"):
        write_changes(str(content), plan.changes)
    assert tree(outside) == before
    assert "Ports" in (content / "stories" / "own.md").read_text()


PATCHED = {
    "a.md": ("one\ntwo\n", "one\n2\n"),
    "no end.md": ("one\ntwo", "one\n2"),
    "crlf.md": ("one\r\ntwo\r\n\rx\u2028y\r\n", "one\r\n2\r\n\rx\u2028y\r\n"),
    "bom é.md": (BOM + "one\n" * 30, BOM + "one\n" * 29 + "two\n"),
    "new/b.md": (None, "one\n"),
    "gone.md": ("one\ntwo\n", None),
}


@pytest.mark.parametrize("tool", [["git", "apply"], ["patch", "-p1", "-s"]])
def test_the_patch_that_is_shown_does_what_would_be_done(tool: list[str], tmp_path: Path) -> None:
    if shutil.which(tool[0]) is None:
        pytest.skip(f"no {tool[0]} here")
    for side in ("tool", "own"):
        (tmp_path / side / "content").mkdir(parents=True)
        for name, (before, _) in PATCHED.items():
            if before is not None:
                (tmp_path / side / "content" / name).write_bytes(before.encode())
    shown = as_diff(PATCHED, "content")
    subprocess.run(tool, cwd=tmp_path / "tool", input=shown.encode(), check=True)
    write_changes(str(tmp_path / "own" / "content"), PATCHED)
    assert tree(tmp_path / "tool") == tree(tmp_path / "own")


# -- the command


@pytest.fixture
def ports(site: Site) -> Site:
    site.write("content/topics/sea.md", "---\nname: Sea\n---\n")
    site.write("content/topics/ports.md", "---\nname: Ports\nparent: sea\naliases: [Harbours]\n---\n\nOn ports.\n")
    site.story("one", tags=["Harbours", "Sea"], slug="one").story("two", tags=["Weather"], slug="two")
    site.story("three", tags=["ports", "Weather"], slug="three")
    site.story("draft", tags=["Ports"], status="draft").story("hidden", tags=["Ports"], status="hidden")
    return site.story("later", tags=["Ports"], embargo_until="2999-01-01")


def test_the_list_counts_what_a_reader_may_see_once(ports: Site) -> None:
    result = ports.run("topics", "list", "--format", "json")
    assert result.exit_code == 0, result.err
    assert [(row["slug"], row["stories"], row["curated"], row["parent"]) for row in result.json] == [
        ("ports", 2, True, "sea"),
        ("sea", 2, True, ""),
        ("weather", 2, False, ""),
    ]
    assert result.json[0] == {
        "slug": "ports",
        "label": "Ports",
        "stories": 2,
        "curated": True,
        "aliases": ["Harbours"],
        "parent": "sea",
        "file": "topics/ports.md",
    }
    later = ports.run("topics", "list", "--by", "size", "--now", "2999-06-01", "--format", "json")
    assert [(row["slug"], row["stories"]) for row in later.json] == [("ports", 3), ("sea", 3), ("weather", 2)]


def test_the_list_can_be_read_by_branch(ports: Site) -> None:
    lines = ports.run("topics", "list", "--by", "branch").out.splitlines()
    assert lines == [
        "    2  Sea      curated",
        "    2    Ports  curated; also Harbours",
        "    2  Weather",
    ]
    assert ports.run("topics", "list").out.splitlines()[0] == "    2  Ports    curated; under Sea; also Harbours"


def test_a_rename_keeps_the_old_address_alive(ports: Site) -> None:
    before = tree(ports.root)
    shown = ports.run("topics", "rename", "harbours", "Sea ports", "--dry-run")
    assert shown.exit_code == 0, shown.err
    assert tree(ports.root) == before
    result = ports.run("topics", "rename", "harbours", "Sea ports")
    assert result.exit_code == 0, result.err
    changed = [f"changed  content/{name}.md" for name in ("draft", "hidden", "later", "one", "three")]
    assert result.out.splitlines() == [
        *changed,
        "removed  content/topics/ports.md",
        "new      content/topics/sea-ports.md",
        "'Ports' is now 'Sea ports': 5 stories, 2 files of topics",
    ]
    after = tree(ports.root)
    assert after["content/two.md"] == before["content/two.md"]
    assert after["content/one.md"] == before["content/one.md"].replace(b"Harbours", b"Sea ports")
    if shutil.which("git"):
        ports.write("back/.keep", "")
        shutil.copytree(ports.root / "content", ports.root / "back/content")
        subprocess.run(["git", "apply", "-R"], cwd=ports.root / "back", input=shown.out.encode(), check=True)
        undone = tree(ports.root / "back" / "content")
        assert {f"content/{path}": data for path, data in undone.items()} == before
        shutil.rmtree(ports.root / "back")
    assert ports.build().exit_code == 0
    for old in ("ports", "harbours"):
        assert 'url=sea-ports.html"' in ports.page(f"topics/{old}.html")
    assert "On ports." in ports.page("topics/sea-ports.html")
    again = ports.run("topics", "rename", "Ports", "Sea ports")
    assert (again.exit_code, again.out) == (0, "nothing to change: 'Sea ports' is 'Sea ports' everywhere\n")
    assert tree(ports.root / "content") == {
        path.removeprefix("content/"): data for path, data in after.items() if path.startswith("content/")
    }


def test_a_refusal_changes_nothing_and_exits_1(ports: Site) -> None:
    before = tree(ports.root)
    for args in (("rename", "Prots", "x"), ("rename", "Ports", "Weather"), ("merge", "Sea", "Ports")):
        result = ports.run("topics", *args)
        assert (result.exit_code, result.out) == (1, "")
        assert result.err.startswith("alsoread: ")
        assert len(result.err.splitlines()) == 1
    assert tree(ports.root) == before


def test_a_merge_tells_what_no_file_says_any_more_and_what_the_settings_name(ports: Site) -> None:
    ports.conf(ALSOREAD_NAVIGATION=["ports"])
    ports.write("content/topics/sea.md", "---\nname: Sea\n---\n\nOn the sea.\n")
    ports.write("content/broken.md", "---\ntags: [Ports\n---\n")
    for args in (("--dry-run",), ()):
        result = ports.run("topics", "merge", "Ports", "Sea", *args)
        assert result.exit_code == 0
        assert "    On ports." in result.err.splitlines()
        assert "ALSOREAD_NAVIGATION of the settings names 'ports'; write 'sea' there" in result.err
        assert "left as it is: content/broken.md:2:7 AR103" in result.err
    assert not (ports.root / "content/topics/ports.md").exists()
    assert json.dumps(["Sea"]) in (ports.root / "content/one.md").read_text()
    assert ports.run("topics", "list", "--format", "json").json[0]["aliases"] == ["Harbours", "Ports"]


def test_topics_are_suggested_for_a_story_that_readers_do_not_see_yet(ports: Site) -> None:
    ports.story("new", "Weather at sea", "The harbours are closed.\n", tags=["Weather"], status="draft", slug="new")
    for name in ("new", "content/new.md"):
        result = ports.run("topics", "suggest", name, "--format", "json")
        assert result.exit_code == 0, result.err
        rows = {row["label"]: row for row in result.json["new"]}
        assert rows["Weather"]["given"]
        assert not rows["Ports"]["given"]
        assert rows["Ports"]["slug"] == "ports"
        assert 0 < rows["Ports"]["score"] < 1
        assert rows["Weather"]["reason"].startswith("named in the headline")
    text = ports.run("topics", "suggest", "new").out.splitlines()
    assert text[0] == "Weather at sea"
    assert any(line.endswith("Weather  (the story has it)") for line in text)
    unknown = ports.run("topics", "suggest", "nwe")
    assert unknown.exit_code == 2
    assert "no story is called 'nwe'" in unknown.err
    assert "Traceback" not in unknown.err


# -- the documents

EXAMPLE = {
    "topics/sea.md": "---\nname: Sea\n---\n",
    "topics/ports.md": "---\nname: Ports\nparent: sea\naliases: [Harbours]\n---\n\nWhat happens in the ports of the region.\n",
    "stories/storm.md": "---\ntitle: Storm closes the northern port\ndate: 2026-01-28\ntags: [Harbours, Weather]\n---\n\n"
    "A storm has closed the northern port.\n",
    "stories/port.md": "---\ntitle: The port opens again\ndate: 2026-01-31\ntags: [Ports]\n---\n\n"
    "The northern port has opened. The storm is over.\n",
    "stories/ferry.md": "---\ntitle: The ferry goes again\ndate: 2026-02-02\ntags:\n  - Ferries   # our own\n  - Docks\n---\n\n"
    "The ferry goes from the northern port again.\n",
}
SHOWN = [
    "list --by branch",
    "rename Ferries Boats",
    "merge Docks Ports --dry-run",
    "suggest the-port-opens-again",
    "suggest the-port-opens-again --format json",
]


def documented() -> str:
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    return text.partition("\n## alsoread topics\n")[2].partition("\n## ")[0]


def test_what_the_documents_show_is_what_the_command_says(site: Site) -> None:
    blocks = re.findall(r"^```\w+\n(.*?)^```$", documented(), re.MULTILINE | re.DOTALL)
    assert len(blocks) == len(SHOWN)
    for args, block in zip(SHOWN, blocks, strict=True):
        for path, text in EXAMPLE.items():
            site.write(f"content/{path}", text)
        assert site.run("topics", *args.split()).out == block, args
        assert f"alsoread topics {args.partition(' the-')[0]}" in documented()
        shutil.rmtree(site.root / "content")


def test_each_option_and_argument_is_in_the_table_of_its_command() -> None:
    sections = re.split(r"^### alsoread topics ", documented(), flags=re.MULTILINE)[1:]
    assert {section.partition("\n")[0] for section in sections} == set(command.commands)
    for section in sections:
        parts = command.commands[section.partition("\n")[0]].params
        spelt = {part.metavar or part.human_readable_name for part in parts if isinstance(part, click.Argument)}
        spelt |= {name for part in parts if isinstance(part, click.Option) for name in part.opts}
        cells = re.findall(r"^\| (.*?) \|", section, re.MULTILINE)
        assert {word.partition(" ")[0] for cell in cells for word in re.findall(r"`([^`]+)`", cell)} == {
            "-h",
            "--help",
            *spelt,
        }
