"""A build that has nothing to do says so without Pelican, and never says so where there is something to do."""

import fcntl
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sites import Result, Site, run, tree

NOTE = ".output.alsoread/nothing-to-do.json"


def built(site: Site, *args: str, **env: str) -> Any:
    return site.build("--format", "json", *args, **env).json


def is_at_once(report: Any) -> bool:
    """Whether a build did nothing: then it has no stages."""
    return list(report["seconds"]) == ["total"]


@pytest.fixture
def settled(site: Site) -> Site:
    """A site that was built twice, so that the second build found nothing to do."""
    site.conf(STATIC_PATHS=["images", "extra"], THEME_TEMPLATES_OVERRIDES=["templates"])
    site.write("content/topics/ports.md", "---\nname: Ports\n---\nWords.\n").write("content/images/a.png", b"png")
    site.write("content/pages/about.md", "---\ntitle: About\n---\nUs.\n").write("content/extra/CNAME.txt", "x")
    site.story("cranes-arrive").story("ferry-returns", body="READ: Cranes arrive\n\nMore.\n")
    first, second = built(site), built(site)
    assert not is_at_once(first)
    assert is_at_once(second)
    return site


def test_nothing_to_do_is_told_like_any_build(settled: Site) -> None:
    before = tree(settled.root / "output")
    report = built(settled)
    assert is_at_once(report)
    assert (report["stories"], report["rendered"], report["removed"], report["parsed"]) == (2, 0, 0, 0)
    assert report["reused"] == report["pages"] > 5
    assert tree(settled.root / "output") == before


def test_findings_and_the_exit_code_are_told_again(site: Site) -> None:
    site.conf().story("good-story").story("bad-story", date="2025-02-30")
    first, second = site.build(), site.build()
    assert first.exit_code == second.exit_code == 1
    assert "AR115" in first.err
    assert first.err == second.err
    assert is_at_once(built(site))


def test_neither_pelican_nor_jinja_nor_markdown_is_imported(settled: Site) -> None:
    code = (
        "import sys; from alsoread.cli import group; "
        "group.main(['build'], standalone_mode=False); "
        "print(sorted({'pelican', 'jinja2', 'markdown', 'rich', 'yaml', 'sqlite3'} & set(sys.modules)))"
    )
    done = run([sys.executable, "-c", code], settled.root, {})
    assert done.out.splitlines()[-1] == "[]", done.err


def edit(path: str, old: str, new: str) -> Callable[[Site], None]:
    def change(site: Site) -> None:
        file = site.root / path
        stamp = file.stat()
        file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
        # the time and the size may be what they were: an editor or a copy can keep them
        os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))

    return change


def delete(path: str) -> Callable[[Site], None]:
    return lambda site: os.remove(site.root / path)


def write(path: str, text: str) -> Callable[[Site], None]:
    return lambda site: (site.write(path, text), None)[1]


CHANGES = {
    "a body of the same length": edit("content/cranes-arrive.md", "paragraph", "pxrxgrxph"),
    "a story more": write("content/new.md", "---\ntitle: New\ndate: 2025-02-02\ntags: [Ports]\n---\nText.\n"),
    "a story less": delete("content/ferry-returns.md"),
    "a story elsewhere": lambda site: os.rename(site.root / "content/ferry-returns.md", site.root / "content/x.md"),
    "the words of a topic": edit("content/topics/ports.md", "Words", "Wirds"),
    "a page": edit("content/pages/about.md", "Us.", "We."),
    "a picture": edit("content/images/a.png", "png", "gnp"),
    "a hidden static file": write("content/extra/.htaccess", "Deny"),
    "a template in front of the theme's": write("templates/404.html", "gone"),
    "a setting": edit("pelicanconf.py", "SITEURL = 'https://digest.example'", "SITEURL = 'https://digest.invalid'"),
    "a page of the site": edit("output/index.html", "Cranes", "Crimes"),
    "a page of the site that is gone": delete("output/stories/cranes-arrive.html"),
    "a file in the output": write("output/mine.html", "mine"),
    "a damaged note": edit(NOTE, '"note"', '"nite"'),
    "a cut note": write(NOTE, '{"format": 1, "sum": 0, "no'),
    "a note of another kind": write(NOTE, "[]"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_changes_is_built(settled: Site, name: str) -> None:
    CHANGES[name](settled)
    assert not is_at_once(built(settled))
    incremental = tree(settled.root / "output")
    settled.build("--clean", "-o", "clean")
    incremental.pop("mine.html", None)
    assert incremental == tree(settled.root / "clean")


BESIDE = """\
from alsoread.cli import group
from alsoread.press import beside, unchanged

unchanged._MANY, beside._has_room = 0, lambda: True
group.main(["build", "--format", "json"], standalone_mode=False)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing can be forked here")
@pytest.mark.parametrize("name", ["", *(name for name in CHANGES if "site" in name or "output" in name)])
def test_the_files_of_a_large_site_are_looked_at_by_a_process_of_their_own(settled: Site, name: str) -> None:
    CHANGES.get(name, lambda site: None)(settled)
    done = run([sys.executable, "-c", BESIDE], settled.root, {})
    assert is_at_once(json.loads(done.out)) is not bool(name), done.err


def test_nobody_looks_again_into_files_that_have_come_to_rest(site: Site) -> None:
    site.story("cranes-arrive")
    built(site)
    note = site.root / NOTE
    assert json.loads(json.loads(note.read_text())["note"])["racy"]
    # they can change once more and keep their stamps for as long
    time.sleep(2.1)
    before = note.read_bytes()
    with (site.root / ".output.alsoread/lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert is_at_once(built(site))
    assert note.read_bytes() == before, "written while another build was at work"
    for _ in range(2):
        assert is_at_once(built(site))
        assert not json.loads(json.loads(note.read_text())["note"])["racy"]
    site.story("cranes-arrive", body="Other words.\n")
    assert not is_at_once(built(site))
    (site.root / "output/index.html").write_text("damaged")
    assert not is_at_once(built(site))
    assert built(site)["pages"] > 5


LEAVING = """
import sys
from alsoread.cli import building, group
from alsoread.press.lock import is_held

building.leave_note = lambda *args, **options: print("held:", is_held(".output.alsoread"), file=sys.stderr)
group.main(["build"], standalone_mode=False)
"""


def test_a_note_is_left_before_another_build_can_begin(site: Site) -> None:
    """One that came later would tell of an older site, or of a memory that a build has left in the middle."""
    done = run([sys.executable, "-c", LEAVING], site.story("cranes-arrive").root, {})
    assert "held: True" in done.err


def test_a_touched_file_costs_no_page(settled: Site) -> None:
    os.utime(settled.root / "content/cranes-arrive.md")
    report = built(settled)
    assert (report["rendered"], report["parsed"]) == (0, 0)
    assert is_at_once(built(settled))


@pytest.mark.parametrize(
    ("args", "env"),
    [
        (["--clean"], {}),
        (["--verify"], {}),
        (["--strict"], {}),
        (["--now", "2025-06-01T00:00:00+00:00"], {}),
        (["-t", "simple"], {}),
        ([], {"TZ": "Asia/Kolkata"}),
        ([], {"LC_ALL": "C.UTF-8"}),
    ],
)
def test_what_is_asked_for_in_another_way_is_built(settled: Site, args: list[str], env: dict[str, str]) -> None:
    assert not is_at_once(built(settled, *args, **env))


def test_settings_that_look_at_the_environment_are_asked_each_time(site: Site) -> None:
    site.conf().story("cranes-arrive")
    with (site.root / "pelicanconf.py").open("a", encoding="utf-8") as file:
        file.write("import os\nSITENAME = os.environ.get('NAME', 'A')\n")
    built(site)
    assert is_at_once(built(site))
    assert not is_at_once(built(site, NAME="B"))
    assert ">B<" in site.page("index.html")


def test_settings_are_not_taken_from_byte_code_that_is_older(site: Site) -> None:
    """Python believes it of a file that has its old size, and its old time to the second."""
    site.conf(SITENAME="Aaa").story("cranes-arrive")
    settings, env = site.root / "pelicanconf.py", {"PYTHONDONTWRITEBYTECODE": ""}
    old = os.stat(settings)
    assert site.pelican("content", **env).exit_code == 0
    assert ">Aaa<" in site.page("index.html")
    settings.write_text(settings.read_text().replace("Aaa", "Bbb"))
    os.utime(settings, ns=(old.st_atime_ns, old.st_mtime_ns))
    assert site.build(**env).exit_code == 0
    assert ">Bbb<" in site.page("index.html")


def test_settings_are_run_once(site: Site) -> None:
    site.conf().story("cranes-arrive")
    with (site.root / "pelicanconf.py").open("a", encoding="utf-8") as file:
        file.write("open('runs', 'a').write('x')\n")
    site.build()
    assert (site.root / "runs").read_text() == "x"
    site.build()
    assert (site.root / "runs").read_text() == "xx"
    with (site.root / "content/cranes-arrive.md").open("a", encoding="utf-8") as file:
        file.write("Other words.\n")
    site.build()
    assert (site.root / "runs").read_text() == "xxx"


def test_an_embargo_that_ends_is_something_to_do(site: Site) -> None:
    until = datetime.now(UTC) + timedelta(seconds=8)
    site.conf().story("cranes-arrive").story("secret", embargo_until=until.isoformat())
    built(site)
    assert is_at_once(built(site))
    assert not site.has("stories/secret.html")
    time.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds()))
    assert not is_at_once(built(site))
    assert site.has("stories/secret.html")


def test_what_pelican_warns_of_is_told_each_time(site: Site) -> None:
    site.conf(PELICAN="x").story("cranes-arrive", body="[a]({filename}/nobody.md)\n")
    first, second = site.build(), site.build()
    assert "nobody.md" in first.err
    assert first.err == second.err


@pytest.mark.parametrize("link", ["{filename}/gone.md", "{static}/gone.png", "{filename}/images/a.png"])
def test_what_pelican_warns_of_is_told_though_another_story_changed(site: Site, link: str) -> None:
    site.conf(STATIC_PATHS=["images"], FEED_ALL_ATOM=None, TAG_FEED_ATOM=None).write("content/images/a.png", b"PNG")
    site.story("cranes-arrive", body=f"[a]({link})\n").story("ferry", date="2025-01-02")
    site.write("content/topics/ports.md", f"---\nname: Ports\n---\n\nSee [a]({link}).\n")
    first = site.build()
    site.story("ferry", body="Other words.\n", date="2025-01-02")
    second = site.build()
    assert "warning: " in first.err
    assert sorted(set(first.err.splitlines())) == sorted(set(second.err.splitlines()))


PLUGIN = """\
from pelican import signals
def register():
    signals.{signal}.connect(lambda *args, **named: None, weak=False)
"""


@pytest.mark.parametrize("signal", ["article_generator_init", "finalized", "content_written", "initialized"])
def test_where_other_code_listens_nothing_is_taken_for_granted(site: Site, signal: str) -> None:
    site.conf(PLUGINS=["alsoread", "listener"], PLUGIN_PATHS=["extensions"])
    site.write("extensions/listener.py", PLUGIN.format(signal=signal)).story("cranes-arrive")
    built(site)
    assert not is_at_once(built(site))


def test_a_function_that_nobody_knows_is_asked_each_time(site: Site) -> None:
    site.conf().story("cranes-arrive").write("templates/404.html", "{{ fortune() }}")
    with (site.root / "pelicanconf.py").open("a", encoding="utf-8") as file:
        file.write("import random\nTHEME_TEMPLATES_OVERRIDES = ['templates']\n")
        file.write("JINJA_GLOBALS = {'fortune': random.random}\n")
    built(site)
    report = built(site)
    assert not is_at_once(report)
    assert report["rendered"] == 1


def test_a_build_by_pelican_in_between_changes_nothing(settled: Site) -> None:
    assert settled.pelican("content").exit_code == 0
    report = built(settled)
    assert report["rendered"] == 0
    assert is_at_once(built(settled))


def test_a_plain_site_with_the_press_knows_too(site: Site) -> None:
    site.write(
        "pelicanconf.py",
        "PATH = 'content'\nPLUGINS = ['alsoread.press']\nTIMEZONE = 'UTC'\nSITEURL = 'https://a.example'\n",
    )
    site.write("content/a.md", "Title: A\nDate: 2001-02-03\n\nText.\n")
    first, second = site.build(), site.build()
    assert first.exit_code == second.exit_code == 0, second.err
    assert is_at_once(built(site))
    site.write("content/a.md", "Title: A\nDate: 2001-02-03\n\nTaxt.\n")
    assert not is_at_once(built(site))
    assert "Taxt" in site.page("a.html")


def test_a_note_does_not_travel(settled: Site, tmp_path: Path) -> None:
    """In a copy of the folder all stamps are others, and so is the folder."""
    moved = tmp_path / "moved"
    run(["cp", "-a", str(settled.root), str(moved)], tmp_path, {})
    report = json.loads(_build_in(moved).out)
    assert not is_at_once(report)
    assert report["rendered"] == 0


def _build_in(folder: Path) -> Result:
    return Site(folder).build("--format", "json")


LATE = """\
import pathlib, sys, time
from alsoread.cli import group
from alsoread.press import session

save = session.Session.save

def edit_and_save(desk):
    path = pathlib.Path({path!r})
    path.write_text(path.read_text("utf-8").replace({old!r}, {new!r}), "utf-8")
    save(desk)

session.Session.save = edit_and_save
group.main(["build"], standalone_mode=False)
"""


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("content/cranes-arrive.md", "paragraph", "pxrxgrxph"),
        ("content/topics/ports.md", "Words", "Other words"),
        ("templates/404.html", "gone", "away"),
    ],
)
@pytest.mark.parametrize("had_a_note", [True, False])
def test_what_is_edited_while_the_site_is_built_is_built_the_next_time(
    settled: Site, path: str, old: str, new: str, had_a_note: bool
) -> None:
    settled.write("templates/404.html", "gone").story("another-story")
    if had_a_note:
        built(settled)
        settled.story("one-more")
    else:
        os.remove(settled.root / NOTE)
    done = run([sys.executable, "-c", LATE.format(path=path, old=old, new=new)], settled.root, {})
    assert done.exit_code == 0, done.err
    assert not is_at_once(built(settled))
    incremental = tree(settled.root / "output")
    assert any(new in text.decode("utf-8", "replace") for text in incremental.values())
    settled.build("--clean", "-o", "clean")
    assert incremental == tree(settled.root / "clean")
    assert is_at_once(built(settled))


def test_a_page_of_the_site_that_is_edited_while_it_is_built_is_put_right_the_next_time(settled: Site) -> None:
    """A page that is not rendered: what it was is known from before."""
    page = next((settled.root / "output").rglob("about.html"))
    for words in ("One word.", "Two words.", "More words."):
        built(settled)
        settled.write("content/topics/ports.md", f"---\nname: Ports\n---\n{words}\n")
    late = LATE.format(path=str(page), old="Us.", new="We.")
    assert run([sys.executable, "-c", late], settled.root, {}).exit_code == 0
    assert "We." in page.read_text("utf-8")
    assert not is_at_once(built(settled))
    assert "We." not in page.read_text("utf-8")
    assert is_at_once(built(settled))


def test_code_that_is_edited_while_the_site_is_built_leaves_no_note(site: Site) -> None:
    site.conf(PLUGINS=["alsoread", "quiet"], PLUGIN_PATHS=["extensions"]).story("cranes-arrive")
    site.write("extensions/quiet.py", "NAME = 'Before'\n\ndef register():\n    pass\n")
    late = LATE.format(path="extensions/quiet.py", old="Before", new="After.")
    assert run([sys.executable, "-c", late], site.root, {}).exit_code == 0
    assert not is_at_once(built(site))
    assert is_at_once(built(site))


def test_a_pipe_among_the_stories_is_told_and_not_waited_for(settled: Site) -> None:
    os.mkfifo(settled.root / "content/pipe.md")
    first, second = settled.build(), settled.build()
    assert first.codes == second.codes == ["AR001"]
    os.symlink("pipe.md", settled.root / "content/link.md")
    assert settled.build().codes == ["AR001", "AR001"]


def test_a_story_in_a_folder_of_python_s_is_looked_at(settled: Site) -> None:
    settled.write("content/__pycache__/late.md", "---\ntitle: Late\ndate: 2025-01-01\ntags: [Ports]\n---\nText.\n")
    assert settled.build("--format", "json").json["stories"] == 3
    settled.write("content/__pycache__/late.md", "---\ntitle: Later\ndate: 2025-01-01\ntags: [Ports]\n---\nText.\n")
    assert not is_at_once(settled.build("--format", "json").json)


def test_a_folder_called_none_is_not_no_folder(settled: Site) -> None:
    settled.write("None/b.md", "---\ntitle: B\ndate: 2025-01-01\ntags: [Ports]\n---\nText.\n")
    assert settled.build("None", "--format", "json").json["stories"] == 1
