"""A check that need not judge all files again says what one says that does."""

import json
import os
import re
import shutil
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest

from alsoread.cli.checked import Told
from alsoread.diagnostics import Diagnostic
from alsoread.press.store import Store
from sites import PLUGINS, Result, Site, run
from test_check import committed

WORK: Final = ".output.alsoread"
SOURCE: Final = {"source": "Harbour Post"}
# which way the command went, by what it had to import for it
RUN: Final = """
import sys
from alsoread.cli import group
try:
    code = group.main(sys.argv[1:], standalone_mode=False)
finally:
    names = [name.rpartition(".")[2] for name in sys.modules if name.startswith("alsoread.cli.check")]
    way = "judged" if "checking" in names else "again" if "checked_again" in names else "told"
    heavy = {"pelican", "jinja2", "markdown", "yaml", "sqlite3"} & set(sys.modules)
    print(way, *sorted(heavy), file=sys.stderr)
sys.exit(code)
"""


def checked(site: Site, *args: str) -> tuple[str, Result]:
    """Which way a check went, and what it gave."""
    done = run([sys.executable, "-c", RUN, "check", *args], site.root, site.env)
    *said, way = done.err.splitlines()
    return way.split(" ")[0], Result(done.exit_code, done.out, "\n".join(said))


def fresh(site: Site, *args: str) -> Result:
    """What a check says that knows nothing."""
    kept = [path for path in (site.root / WORK).iterdir() if path.name.startswith("checked")]
    aside = site.root / "aside"
    aside.mkdir()
    for path in kept:
        path.rename(aside / path.name)
    way, result = checked(site, *args)
    assert way == "judged"
    for path in (site.root / WORK).iterdir():
        if path.name.startswith("checked"):
            path.unlink()
    for path in kept:
        (aside / path.name).rename(path)
    aside.rmdir()
    return result


def agreed(site: Site, way: str, *args: str) -> Any:
    """The findings of a check that goes a ``way``, and says what one says that knows nothing."""
    expected = fresh(site, "--format", "json", *args)
    went, result = checked(site, "--format", "json", *args)
    assert (result.exit_code, result.out) == (expected.exit_code, expected.out)
    assert went == way
    return result.json["findings"]


def without_seconds(out: str) -> str:
    return re.sub(r" in \d+\.\d\d s: ", ": ", out)


@pytest.fixture
def site(site: Site) -> Site:
    """A digest with findings in files, between them and about its settings, that was checked."""
    site.conf(ALSOREAD_IGNORE={"crane*": ["AR401"], "quay*": ["AR207"]}, ALSOREAD_NUMBR=1)
    site.write("content/topics/ports.md", "---\nname: Ports\naliases: [Harbours]\n---\nWords.\n")
    site.story("cranes", "Cranes arrive", body="READ: Nobody\n\nhttps://bare.example/\n", tags=["Harbours"], **SOURCE)
    site.story(
        "ferry", "Ferry returns", body="One.\n\nREAD: Cranes arrive\n\nSee [it]({filename}/quay.md).\n", **SOURCE
    )
    site.story("quay", "The quay", body="Dry again: https://bare.example/\n", **SOURCE)
    site.story("lost", "Lost", body="READ: Nobody\n\n[gone]({filename}/no.md)\n", **SOURCE)
    site.story("broken", date="2025-02-30")
    site.write("content/pages/about.md", "---\ntitle: About\n---\nUs.\n")
    (site.root / WORK).mkdir()
    way, _ = checked(site)
    assert way == "judged"
    return site


def turn_into_folder(site: Site) -> None:
    (site.root / "content/quay.md").unlink()
    (site.root / "content/quay.md").mkdir()


def edit(path: str, old: str, new: str) -> Callable[[Site], None]:
    def change(site: Site) -> None:
        file = site.root / path
        stamp = file.stat()
        assert old in file.read_text("utf-8")
        file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
        # the time may be what it was: an editor or a copy can keep it
        os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))

    return change


def test_a_second_check_says_the_same_and_imports_nothing_that_judges(site: Site) -> None:
    codes = {finding["code"] for finding in agreed(site, "told")}
    assert codes >= {"AR115", "AR207", "AR308", "AR401", "AR411"}
    done = run([sys.executable, "-c", RUN, "check"], site.root, {})
    assert done.err.splitlines()[-1] == "told"
    assert done.exit_code == 1


def test_forms_paths_and_strictness_are_those_of_the_second_check(site: Site) -> None:
    for args in (["--format", "sarif"], ["content/cranes.md"], ["content/pages", "--strict"], ["--format", "github"]):
        way, result = checked(site, *args)
        expected = fresh(site, *args)
        assert (way, result.exit_code) == ("told", expected.exit_code)
        assert without_seconds(result.out) == without_seconds(expected.out)
    assert checked(site, "content/quay.md", "--strict")[1].exit_code == 0
    assert checked(site, "content/ferry.md", "content/cranes.md", "--strict")[1].exit_code == 1
    assert site.run("check", "content/none.md").exit_code == 2


def test_what_can_be_mended_is_told_again(site: Site) -> None:
    _, expected = checked(site)
    assert "can be mended" in expected.out
    assert without_seconds(checked(site)[1].out) == without_seconds(expected.out) == without_seconds(fresh(site).out)


def test_repairs_are_tried_where_nobody_has_tried_them(site: Site) -> None:
    os.remove(site.root / WORK / "checked.json")
    assert checked(site, "content/ferry.md")[0] == "judged"
    # findings in a form for machines do not ask for it
    assert checked(site, "--format", "json")[0] == "told"
    assert checked(site)[0] == "judged"
    assert checked(site)[0] == "told"


AGAIN = {
    "a body": edit("content/ferry.md", "One.", "One word more."),
    "a body with a finding that has gone": edit("content/quay.md", "https://bare.example/", "it is."),
    "a body with a finding that has come": edit("content/ferry.md", "One.", "One: https://bare.example/"),
    "lines before a link of which nothing is told": edit("content/ferry.md", "One.", "One.\n\nTwo."),
    "words behind a link of which something is told": edit("content/lost.md", "no.md)", "no.md) more"),
    "a page": edit("content/pages/about.md", "Us.", "Us and https://bare.example/"),
    "a file that has an error": edit("content/broken.md", "A paragraph", "Two words"),
    "a mistake in the front matter that was there": edit("content/broken.md", "02-30", "02-31"),
}


@pytest.mark.parametrize("change", AGAIN.values(), ids=AGAIN.keys())
def test_of_a_few_edited_stories_they_alone_are_judged(site: Site, change: Callable[[Site], None]) -> None:
    change(site)
    agreed(site, "again")
    agreed(site, "told")


JUDGED = {
    "a title": edit("content/ferry.md", "Ferry returns", "Ferries return"),
    "a tag": edit("content/quay.md", "Ports", "Docks"),
    "a link": edit("content/ferry.md", "quay.md", "quays.md"),
    "a cross-link": edit("content/ferry.md", "READ: Cranes arrive", "READ: The quay"),
    "a link that has come": edit("content/ferry.md", "One.", "One [link]({filename}/no.md)."),
    "lines before a link of which something is told": edit("content/lost.md", "READ", "Words.\n\nREAD"),
    "a comment about findings": edit("content/quay.md", "---\n", "---\n# alsoread: ignore=AR207 it is so\n"),
    "an error that has gone": edit("content/broken.md", "02-30", "02-20"),
    "an error that has come": edit("content/ferry.md", "2025-01-01", "2025-02-31"),
    "a topic": edit("content/topics/ports.md", "Harbours", "Docks"),
    "a story more": lambda site: site.story("new", "Nobody", **SOURCE),
    "a story less": lambda site: os.remove(site.root / "content/cranes.md"),
    "a picture": lambda site: site.write("content/images/a.png", b"png"),
    "the settings": lambda site: site.conf(ALSOREAD_IGNORE={}),
    "a line in the settings": edit("pelicanconf.py", "PATH", "\nPATH"),
    "the ledger": lambda site: site.write("published.txt", "2025-01-01 gone.html story gone\n"),
    "the Python that runs": lambda site: site.env.update(PYTHONUTF8="1"),
    "a file that turned into a folder": turn_into_folder,
}


@pytest.mark.parametrize("change", JUDGED.values(), ids=JUDGED.keys())
def test_where_something_else_was_changed_all_is_judged(site: Site, change: Callable[[Site], Any]) -> None:
    change(site)
    agreed(site, "judged")
    agreed(site, "told")


def test_two_edits_at_once_and_one_after_the_other(site: Site) -> None:
    AGAIN["a body"](site)
    AGAIN["a page"](site)
    agreed(site, "again")
    AGAIN["a body with a finding that has gone"](site)
    agreed(site, "again")
    # what was ignored of the quay was used there alone
    assert any(finding["code"] == "AR801" and "quay" in finding["message"] for finding in agreed(site, "told"))
    edit("content/ferry.md", "One word more.", "One.")(site)
    agreed(site, "again")


def test_an_edit_after_another_that_had_all_judged(site: Site) -> None:
    JUDGED["a title"](site)
    agreed(site, "judged")
    AGAIN["a body"](site)
    agreed(site, "again")


@pytest.mark.parametrize("name", ["checked.json", "checked-inputs", "checked.sqlite"])
@pytest.mark.parametrize(
    "damage", [lambda data: b"", lambda data: data[: len(data) // 2], lambda data: data[:-9] + b"x" * 9]
)
def test_what_is_damaged_is_as_if_it_were_not_there(site: Site, name: str, damage: Callable[[bytes], bytes]) -> None:
    AGAIN["a body"](site)
    file = site.root / WORK / name
    file.write_bytes(damage(file.read_bytes()))
    expected = fresh(site, "--format", "json")
    assert checked(site, "--format", "json")[1].out == expected.out
    agreed(site, "told")


def test_a_note_of_another_check_says_nothing_of_the_files(site: Site) -> None:
    """The note and what was found in the files are written one after the other."""
    AGAIN["a body with a finding that has gone"](site)
    older = (site.root / WORK / "checked.json").read_bytes(), (site.root / WORK / "checked-inputs").read_bytes()
    agreed(site, "again")
    (site.root / WORK / "checked.json").write_bytes(older[0])
    (site.root / WORK / "checked-inputs").write_bytes(older[1])
    agreed(site, "judged")


def test_an_instant_at_which_a_story_comes_out_ends_it(site: Site) -> None:
    begun = time.time()
    site.story("soon", "Nobody", embargo_until="2999-01-01T00:00:00+00:00", **SOURCE)
    agreed(site, "judged")
    agreed(site, "told")
    # later than the same takes once more, on a machine that is three times as slow by then
    at = int(time.time() + 3 * (time.time() - begun) + 2)
    soon = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(at))
    site.story("soon", "Nobody", embargo_until=soon, **SOURCE)
    before = agreed(site, "judged")
    assert agreed(site, "told") == before
    time.sleep(max(0.0, at - time.time()) + 0.1)
    assert agreed(site, "judged") != before
    agreed(site, "told")


def test_another_day_is_another_verdict(site: Site) -> None:
    note = site.root / WORK / "checked.json"
    written = json.loads(note.read_text("utf-8"))
    text = json.dumps({**json.loads(written["note"]), "day": "2025-01-01"})
    note.write_text(json.dumps({**written, "sum": zlib.crc32(text.encode()), "note": text}), "utf-8")
    agreed(site, "judged")
    agreed(site, "told")


def test_an_instant_that_is_given_is_one_of_its_own(site: Site) -> None:
    early = ("--now", "2024-12-01T00:00:00+00:00")
    assert any(finding["code"] == "AR123" for finding in agreed(site, "judged", *early))
    agreed(site, "told", *early)
    agreed(site, "judged")
    assert site.run("check", "--now", "never").exit_code == 2


def test_mending_and_comparing_with_a_commit_go_the_long_way(site: Site) -> None:
    assert checked(site, "--fix", "--dry-run")[0] == "judged"
    agreed(site, "told")
    assert checked(site, "--fix")[0] == "judged"
    agreed(site, "judged")


def test_a_link_and_what_it_leads_to_are_looked_at(site: Site) -> None:
    os.symlink("quay.md", site.root / "content/link.md")
    agreed(site, "judged")
    agreed(site, "told")
    (site.root / "content/link.md").unlink()
    os.symlink("lost.md", site.root / "content/link.md")
    agreed(site, "judged")
    (site.root / "more").mkdir()
    os.symlink("../more", site.root / "content/folder")
    agreed(site, "judged")
    # what is behind it may change and show nothing
    agreed(site, "judged")


def test_what_waits_for_somebody_to_write_is_not_opened(site: Site) -> None:
    os.mkfifo(site.root / "content/pipe.md")
    assert any(finding["code"] == "AR001" for finding in agreed(site, "judged"))


def test_a_theme_that_has_gone_is_told(site: Site) -> None:
    theme = site.root / "mine"
    theme.mkdir()
    site.conf(THEME=str(theme))
    checked(site)
    assert checked(site)[0] == "told"
    theme.rmdir()
    result = site.run("check")
    assert result.exit_code == 2
    assert "theme" in result.err


def test_who_remembers_the_files_and_leaves_no_note_is_noticed(site: Site) -> None:
    """What is remembered of a file is then of another time than what was found between the files."""
    site.story("other", "Alpha story headline", body="Words.\n\nAlso read: Cranes arrive\n", **SOURCE)
    checked(site)
    edit("content/cranes.md", "Cranes arrive", "Gamma other words")(site)
    checked(site, "--fix", "--dry-run", "content/other.md")
    assert any(finding["path"] == "content/other.md" for finding in agreed(site, "judged"))


def test_two_checks_at_once_do_not_tell_of_one_another(site: Site) -> None:
    older = {name: (site.root / WORK / name).read_bytes() for name in ("checked.json", "checked-inputs")}
    store = Store(str(site.root / WORK / "checked.sqlite"))
    found, generation = store.get("verdict", "found"), store.get("verdict", "generation")
    edit("content/cranes.md", "Cranes arrive", "Gamma other words")(site)
    assert checked(site)[0] == "judged"
    # the first one, which had read the older title, leaves its note last
    for name, data in older.items():
        (site.root / WORK / name).write_bytes(data)
    store = Store(str(site.root / WORK / "checked.sqlite"))
    assert store.get("verdict", "generation") != generation
    store.put("verdict", "found", found)
    store.save()
    agreed(site, "judged")


OUTSIDE = {
    "a static file": ({"STATIC_PATHS": ["images", "../shared"]}, "shared/x.exe", "x", "AR008"),
    "a topic": ({"ALSOREAD_TOPIC_PATHS": ["../more"]}, "more/x.md", "x", "AR009"),
    "a story in a folder of Python's": ({}, "content/__pycache__/x.md", "---\ntitle: X\n---\n", "AR112"),
}


@pytest.mark.parametrize(("settings", "path", "text", "code"), OUTSIDE.values(), ids=OUTSIDE.keys())
def test_what_lies_elsewhere_is_looked_at(site: Site, settings: Any, path: str, text: str, code: str) -> None:
    site.conf(**settings)
    (site.root / path).parent.mkdir(parents=True, exist_ok=True)
    checked(site)
    assert checked(site)[0] == "told"
    site.write(path, text)
    assert any(finding["code"] == code for finding in agreed(site, "judged"))
    agreed(site, "told")


def test_what_settings_are_taken_from_is_looked_at(site: Site) -> None:
    line = 'ALSOREAD_IGNORE = {"a.md": ["AR204"]}\n'
    site.write("pelicanconf.py", (site.root / "pelicanconf.py").read_text("utf-8") + line + "from more import *\n")
    site.write("more.py", "X = 2\n")
    checked(site)
    assert checked(site)[0] == "told"
    site.write("more.py", "X = 2\n\n" + line)
    assert any(finding["path"] == "more.py" for finding in agreed(site, "judged"))


EXTENSION = """
from markdown import Extension
from markdown.preprocessors import Preprocessor
class Adding(Preprocessor):
    def run(self, lines):
        return [*lines, "", {text!r}]
class Added(Extension):
    def extendMarkdown(self, md):
        md.preprocessors.register(Adding(md), "adding", 100)
def makeExtension(**options):
    return Added(**options)
"""


def test_extensions_of_markdown_are_looked_at(site: Site) -> None:
    site.conf(MARKDOWN={"extensions": ["adding"], "extension_configs": {}, "output_format": "html5"})
    path = "elsewhere/site-packages"
    site.env["PYTHONPATH"] = os.pathsep.join([str(PLUGINS), str(site.root / path)])
    site.write(f"{path}/adding.py", EXTENSION.format(text="More."))
    checked(site)
    assert checked(site)[0] == "told"
    site.write(f"{path}/adding.py", EXTENSION.format(text="<script>1</script>"))
    assert any(finding["code"] == "AR204" for finding in agreed(site, "judged"))
    agreed(site, "told")
    # one of the site's own comes before it, and nobody knows what that imports
    site.write("adding.py", EXTENSION.format(text="Less."))
    assert not any(finding["code"] == "AR204" for finding in agreed(site, "judged"))
    agreed(site, "judged")


def test_with_an_extension_of_the_site_s_own_nothing_is_noted(site: Site) -> None:
    site.conf(MARKDOWN={"extensions": ["adding"], "extension_configs": {}, "output_format": "html5"})
    site.write("adding.py", EXTENSION.format(text="More."))
    for path in ("cranes", "ferry", "quay", "lost", "broken", "pages/about"):
        (site.root / f"content/{path}.md").unlink()
    assert checked(site)[0] == checked(site)[0] == "judged"


def test_another_copy_that_has_come_is_asked(site: Site) -> None:
    site.conf(PLUGIN_PATHS=["plugs"])
    site.build()
    for command in ("check", "build"):
        assert "using the copy" not in site.run(command).err
    shutil.copytree(PLUGINS / "alsoread", site.root / "plugs/alsoread", ignore=shutil.ignore_patterns("__pycache__"))
    for command in ("check", "build"):
        assert "using the copy in plugs/alsoread" in site.run(command).err


def test_a_folder_called_none_is_not_no_folder(site: Site) -> None:
    site.write("None/b.md", "---\ntitle: B\ndate: 2025-01-01\ntags: [Ports]\n---\nWords.\n")
    agreed(site, "judged", "-c", "None")


def test_of_very_many_repairs_none_is_tried() -> None:
    many = tuple(Diagnostic("a.md", line, 1, "AR207", "said") for line in range(1, 302))
    told = Told(1, "content", findings=many, mendable=dict.fromkeys(many))
    assert told.mendable_among(many) == 301
    assert told.mendable_among(many[:300]) is None
    assert replace(told, mendable={many[0]: True, many[1]: False}).mendable_among(many) == 1


def test_a_clock_that_was_put_back_ends_it(site: Site) -> None:
    note = site.root / WORK / "checked.json"
    written = json.loads(note.read_text("utf-8"))
    text = json.dumps({**json.loads(written["note"]), "since": time.time_ns() + 10**12})
    note.write_text(json.dumps({**written, "sum": zlib.crc32(text.encode()), "note": text}), "utf-8")
    agreed(site, "judged")
    agreed(site, "told")


def test_what_takes_too_long_is_tried_each_time(site: Site) -> None:
    slow = "](" + "[" * 200_000
    site.conf(ALSOREAD_TIME_LIMIT=0.3)
    site.story("broken", "", date="2025-02-30", body="Words.\n")
    checked(site)
    site.story("broken", "", body=slow)
    assert "AR201" in {finding["code"] for finding in checked(site, "--format", "json")[1].json["findings"]}
    assert checked(site)[0] == "judged"
    (site.root / "content/broken.md").unlink()
    site.write("content/topics/ports.md", "---\nname: Ports\n---\n" + slow)
    assert "AR201" in {finding["code"] for finding in checked(site, "--format", "json")[1].json["findings"]}
    assert checked(site)[0] == "judged"


def test_files_are_read_to_know_them_again_only_as_long_as_they_are_new(site: Site) -> None:
    def racy() -> Any:
        return json.loads(json.loads((site.root / WORK / "checked.json").read_text("utf-8"))["note"])["racy"]

    assert racy()
    time.sleep(2.1)
    agreed(site, "told")
    assert racy() == {}
    agreed(site, "told")
    edit("content/quay.md", "Dry", "Wet")(site)
    agreed(site, "again")


def test_a_note_without_end_is_no_note(site: Site) -> None:
    (site.root / WORK / "checked.json").write_text("[" * 100_000, "utf-8")
    agreed(site, "judged")


def test_older_states_that_were_read_meanwhile_are_not_what_was_judged(site: Site) -> None:
    site.story("other", "Other", body="Words.\n\nAlso read: Cranes arrive\n", **SOURCE)
    checked(site)
    committed(site)
    edit("content/cranes.md", "Cranes arrive", "Gamma other words")(site)
    time.sleep(2.1)
    assert checked(site, "--format", "json")[0] == "judged"
    # this reads and remembers the older cranes
    assert checked(site, "--since", "main")[0] == "judged"
    edit("content/cranes.md", "Gamma other words", "Cranes arrive")(site)
    agreed(site, "judged")


def test_a_story_that_was_edited_just_before_is_judged_alone(site: Site) -> None:
    edit("content/ferry.md", "Ferry returns", "Ferries return")(site)
    agreed(site, "judged")
    edit("content/ferry.md", "One.", "One more.")(site)
    agreed(site, "again")
    edit("content/ferry.md", "One more.", "Two.")(site)
    agreed(site, "again")
