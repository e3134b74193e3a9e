"""`alsoread check`, as a contributor and an editor run it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from alsoread.desk.check.rules import title_too_long
from alsoread.diagnostics import CODES
from judging import judged, of
from sites import PLUGINS, ROOT, Site

SOURCE = {"source": "Harbour Post"}


def git(site: Site, *arguments: str) -> str:
    who = ["-c", "user.name=A", "-c", "user.email=a@digest.example", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *who, *arguments], cwd=site.root, capture_output=True, text=True, check=True)
    return done.stdout


def committed(site: Site) -> Site:
    git(site, "init", "-q", "-b", "main")
    git(site, "add", "-A")
    git(site, "commit", "-q", "-m", "before")
    return site


def digest(site: Site) -> Site:
    """A digest that nothing is wrong with."""
    site.conf().write("content/topics/ports.md", "---\nname: Ports\naliases: [Harbours]\n---\n")
    site.story("storm", "Storm closes the northern port", source="Post", source_url="https://post.example/1")
    site.story("quay", "The quay is dry again", source="Post", source_url="https://post.example/2")
    return site


def test_the_sample_digest_has_no_errors_and_no_warnings() -> None:
    result = Site(ROOT).run("check", "--strict", "--now", "2026-11-23T00:00:00+00:00")
    assert result.exit_code == 0, result.out
    assert "files checked in" in result.out.splitlines()[-1]


def test_findings_have_place_code_message_and_hint(site: Site) -> None:
    digest(site).story("new", "The port opens", body="READ: Storm shuts the northern port\n", tags=["Ports"], **SOURCE)
    result = site.run("check")
    assert result.exit_code == 0
    lines = result.out.splitlines()
    assert lines[0] == (
        "content/new.md:8:1 AR401 no story is called 'Storm shuts the northern port'; it is shown as plain text"
    )
    assert lines[1] == "    hint: READ: Storm closes the northern port"
    assert lines[2].startswith("4 files checked in ")
    assert lines[2].endswith(": 1 warning")
    assert result.err == ""
    assert site.run("check", "--strict").exit_code == 1


def test_an_error_makes_the_exit_code_1_and_nothing_is_written(site: Site) -> None:
    digest(site).write("content/bad.md", "---\ntitle: Bad\n---\n\nText.\n")
    before = sorted(path.as_posix() for path in site.root.rglob("*"))
    result = site.run("check")
    assert (result.exit_code, "AR112" in result.out) == (1, True)
    assert sorted(path.as_posix() for path in site.root.rglob("*")) == before


def test_everything_that_a_build_tells_is_told(site: Site) -> None:
    site.conf(ALSOREAD_LABLES=["X"], ALSOREAD_NAVIGATION=["nope"])
    site.story("a", "One", tags=["Ports"], body="READ: Nobody\n", **SOURCE).story("b", "Two", slug="one", **SOURCE)
    site.write("content/topics/x.md", "---\nname: X\nparent: nowhere\n---\n").write("content/c.rst", "C\n=\n")
    built = {(finding["path"], finding["code"]) for finding in site.build("--format", "json").json["findings"]}
    checked = {(finding["path"], finding["code"]) for finding in site.run("check", "--format", "json").json["findings"]}
    assert built
    assert built <= checked


def test_paths_choose_what_is_told_but_all_is_read(site: Site) -> None:
    digest(site).story("2025/a", "One", body="READ: Storm closes the northern port\n\nREAD: Nobody\n", **SOURCE)
    site.story("2024/b", "Two", body="READ: Nobody\n", **SOURCE)
    for given in ("content/2025", "content/2025/a.md", "./content/2025/"):
        told = site.run("check", given, "--format", "json").json["findings"]
        assert [(each["path"], each["code"]) for each in told] == [("content/2025/a.md", "AR401")]
    assert len(site.run("check", "content", "--format", "json").json["findings"]) == 2
    for given, words in (("nothing.md", "no file nothing.md"), ("pelicanconf.py", "not below the content folder")):
        result = site.run("check", given)
        assert result.exit_code == 2
        assert words in result.err


def test_paths_count_from_where_one_stands(site: Site) -> None:
    digest(site).story("a", "One", body="READ: Nobody\n", **SOURCE)
    there = Site(site.root / "content")
    result = there.run("check", "a.md", "-s", "../pelicanconf.py")
    assert result.out.startswith("a.md:8:1 AR401"), result.out + result.err


def test_a_rule_that_fails_is_told_and_the_others_are_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(subject: object) -> None:
        raise ZeroDivisionError("by\nnothing")

    monkeypatch.setattr(title_too_long, "check", fail)
    verdict = judged(tmp_path, {"a.md": "---\ntitle: A\ndate: 2026-01-01\n---\n\nText.\n"})
    assert of(verdict, "AR902")[0].message == "the rule of AR120 cannot judge this file: ZeroDivisionError: by nothing"
    assert of(verdict, "AR118")


# -- mending


def test_fix_puts_right_what_is_safe_and_a_second_run_changes_nothing(site: Site) -> None:
    digest(site)
    text = (
        "\ufeff---\r\ntitle: The port opens # a comment\r\ndate: 2025-01-02\r\ntags:   [Ports]\r\n"
        "source: Post\r\nsource_url: https://post.example/3\r\n---\r\n\r\nREAD: Strom closes the northren port\r\n\r\n"
        "**Also read:** Storm closes the northren port\r\n\r\nEnd.\r\n"
    )
    site.write("content/new.md", text)
    command = [sys.executable, "-m", "alsoread", "check", "--fix", "--dry-run"]
    # as bytes: the patch has the line ends of the file
    shown = subprocess.run(
        command, cwd=site.root, env={**os.environ, "PYTHONPATH": str(PLUGINS)}, capture_output=True, check=True
    )
    assert (site.root / "content/new.md").read_bytes().decode() == text
    result = site.run("check", "--fix")
    assert result.out.splitlines()[-1] == "1 file was mended"
    mended = (site.root / "content/new.md").read_bytes().decode()
    # "Strom" is too short to be a slip of the pen for certain
    assert mended == text.removeprefix("\ufeff").replace(
        "**Also read:** Storm closes the northren port",
        "**Also read:** [[storm-closes-the-northern-port|Storm closes the northren port]]",
    )
    (site.root / "content/new.md").write_bytes(text.encode())
    patch = subprocess.run(["git", "apply", "-"], input=shown.stdout, cwd=site.root, capture_output=True, check=False)
    assert patch.returncode == 0, patch.stderr
    assert (site.root / "content/new.md").read_bytes().decode() == mended
    again = site.run("check", "--fix", "--dry-run")
    assert (again.exit_code, again.out) == (0, "")
    assert "0 files were mended" in site.run("check", "--fix").out


def test_fix_leaves_files_alone_that_were_not_named(site: Site) -> None:
    digest(site)
    for name in ("a", "b"):
        site.write(
            f"content/{name}.md",
            f"\ufeff---\ntitle: Title {name}\ndate: 2025-01-02\ntags: [Ports]\nsource: Post {name}\n---\n\nText.\n",
        )
    site.run("check", "--fix", "content/a.md")
    assert not (site.root / "content/a.md").read_text("utf-8").startswith("\ufeff")
    assert (site.root / "content/b.md").read_text("utf-8").startswith("\ufeff")


def test_dry_run_goes_with_fix(site: Site) -> None:
    assert digest(site).run("check", "--dry-run").exit_code == 2


# -- a change


def test_since_tells_only_what_a_change_adds(site: Site) -> None:
    digest(site).story("old", "An old one", body="READ: Nobody\n\nREAD: The quay is dry again\n", **SOURCE)
    committed(site)
    git(site, "checkout", "-q", "-b", "mine")
    assert site.run("check", "--since", "main").out.splitlines()[-1].endswith("nothing is wrong")
    # an old finding moves down, a new story has one, and a new headline breaks the link of an old story
    site.story("old", "An old one", body="First.\n\nREAD: Nobody\n\nREAD: The quay is dry again\n", **SOURCE)
    site.story("new", "A new one", body="READ: Nobody\n", **SOURCE)
    site.story(
        "quay",
        "Water leaves the harbour",
        slug="the-quay-is-dry-again",
        source="Post",
        source_url="https://post.example/2",
    )
    told = site.run("check", "--since", "main", "--format", "json").json["findings"]
    assert [(each["path"], each["line"], each["code"]) for each in told] == [
        ("content/new.md", 8, "AR401"),
        ("content/old.md", 12, "AR401"),
    ]
    git(site, "add", "-A")
    git(site, "commit", "-q", "-m", "mine")
    assert site.run("check", "--since", "main", "--format", "json").json["findings"] == told


def test_since_counts_from_where_the_branches_part(site: Site) -> None:
    committed(digest(site))
    git(site, "checkout", "-q", "-b", "mine")
    site.story("new", "A new one", body="READ: Nobody\n", **SOURCE)
    git(site, "add", "-A")
    git(site, "commit", "-q", "-m", "mine")
    git(site, "checkout", "-q", "main")
    site.story("theirs", "Theirs", body="READ: Nobody else\n", **SOURCE)
    git(site, "add", "-A")
    git(site, "commit", "-q", "-m", "theirs")
    git(site, "checkout", "-q", "mine")
    told = site.run("check", "--since", "main", "--format", "json").json["findings"]
    assert [each["path"] for each in told] == ["content/new.md"]


def test_since_tells_of_an_address_that_is_gone(site: Site) -> None:
    committed(digest(site).story("gone", "Soon gone", **SOURCE).story("kept", "Kept", slug="kept", **SOURCE))
    site.story(
        "storm", "Storm closes the northern port", slug="storm", source="Post", source_url="https://post.example/1"
    )
    site.story("kept", "Kept", slug="moved", aliases=["/stories/kept.html"], **SOURCE)
    (site.root / "content/gone.md").unlink()
    told = site.run("check", "--since", "HEAD", "--format", "json").json["findings"]
    assert [(each["path"], each["line"], each["code"], each["hint"]) for each in told] == [
        ("content/gone.md", 0, "AR505", "in the story that takes its place, aliases: [/stories/soon-gone.html]"),
        ("content/storm.md", 5, "AR505", "aliases: [/stories/storm-closes-the-northern-port.html]"),
    ]


def test_since_works_on_a_content_folder_that_is_the_repository(site: Site) -> None:
    digest(site)
    there = Site(site.root / "content")
    git(there, "init", "-q", "-b", "main")
    git(there, "add", "-A")
    git(there, "commit", "-q", "-m", "before")
    site.story("new", "A new one", body="READ: Nobody\n", **SOURCE)
    result = site.run("check", "--since", "main")
    assert "content/new.md:8:1 AR401" in result.out
    assert result.out.count("AR4") == 1


def test_since_takes_a_content_folder_that_is_new_for_all_new(site: Site) -> None:
    site.write("README", "none yet\n")
    committed(site)
    digest(site).story("new", "A new one", body="READ: Nobody\n", **SOURCE)
    assert site.run("check", "--since", "main").out.count("AR4") == 1


def test_since_says_what_git_says(site: Site) -> None:
    digest(site)
    result = site.run("check", "--since", "main")
    assert result.exit_code == 2
    assert "git" in result.err
    committed(site)
    result = site.run("check", "--since", "nowhere")
    assert result.exit_code == 2
    assert "nowhere" in result.err
    assert "Traceback" not in result.err


def clone_of(site: Site, tmp_path: Path, *options: str) -> Site:
    """A clone with only the last commits of a branch, as a forge's build makes it."""
    git(site, "clone", "-q", *options, f"file://{site.root}", str(tmp_path / "clone"))
    return Site(tmp_path / "clone")


def branched(site: Site) -> Site:
    """A branch of two commits beside one on main."""
    committed(digest(site))
    git(site, "checkout", "-q", "-b", "mine")
    for name in ("new", "newer"):
        site.story(name, name.capitalize(), body="READ: Nobody\n", source=name)
        git(site, "add", "-A")
        git(site, "commit", "-q", "-m", name)
    git(site, "checkout", "-q", "main")
    site.story("theirs", "Theirs", body="READ: Nobody else\n", **SOURCE)
    git(site, "add", "-A")
    git(site, "commit", "-q", "-m", "theirs")
    return site


@pytest.mark.parametrize("reference", ["main", "origin/main", "HEAD~5"])
def test_since_in_a_shallow_clone_says_what_to_fetch_and_works_then(site: Site, tmp_path: Path, reference: str) -> None:
    shallow = clone_of(branched(site), tmp_path, "--depth", "1", "-b", "mine")
    result = shallow.run("check", "--since", reference)
    assert result.exit_code == 2
    assert result.err.startswith(f"alsoread: this clone is shallow, and has not the commit where {reference} and the ")
    command = result.err.strip().partition("what is missing: ")[2]
    subprocess.run(["sh", "-c", command], cwd=shallow.root, check=True, capture_output=True)
    told = shallow.run("check", "--since", "origin/main", "--format", "json").json["findings"]
    assert [each["path"] for each in told] == ["content/new.md", "content/newer.md"]


def test_since_works_in_a_shallow_clone_that_has_the_commit(site: Site, tmp_path: Path) -> None:
    """A forge checks out the merge of a branch into the other; two commits deep it has both sides."""
    branched(site)
    git(site, "checkout", "-q", "-b", "merged")
    base = git(site, "rev-parse", "HEAD").strip()
    git(site, "merge", "-q", "--no-edit", "mine")
    shallow = clone_of(site, tmp_path, "--depth", "2", "-b", "merged")
    assert (shallow.root / ".git/shallow").exists()
    told = shallow.run("check", "--since", base, "--format", "json").json["findings"]
    assert [each["path"] for each in told] == ["content/new.md", "content/newer.md"]


def test_since_tells_branches_that_have_nothing_in_common_from_a_shallow_clone(site: Site) -> None:
    committed(digest(site))
    git(site, "checkout", "-q", "--orphan", "other")
    git(site, "commit", "-q", "-m", "other")
    result = site.run("check", "--since", "main")
    assert result.exit_code == 2
    assert "nothing in common" in result.err


@pytest.mark.parametrize("is_new", [False, True])
def test_since_reads_a_submodule_as_it_was(site: Site, tmp_path: Path, is_new: bool) -> None:
    other = Site(tmp_path / "wire")
    other.story("wired", "A wire report", body="READ: Nobody\n", source="A")
    git(committed(Site(other.root / "content")), "status")
    digest(site)
    if is_new:
        committed(site)
    else:
        git(site, "init", "-q", "-b", "main")
    git(site, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other.root / "content"), "content/wire")
    if not is_new:
        committed(site)
    there = Site(site.root / "content/wire")
    more = "---\ntitle: More\ndate: 2025-01-01\ntags: [Ports]\nsource: B\n---\n\nREAD: Nobody else\n"
    there.write("more.md", more)
    git(there, "add", "-A")
    git(there, "commit", "-q", "-m", "more")
    told = site.run("check", "--since", "HEAD", "--format", "json").json["findings"]
    old = ["content/wire/wired.md"] if is_new else []
    assert [each["path"] for each in told] == ["content/wire/more.md", *old]


def test_since_says_which_commit_of_a_submodule_to_fetch(site: Site, tmp_path: Path) -> None:
    other = Site(tmp_path / "wire").story("wired", "A wire report", source="A")
    committed(Site(other.root / "content"))
    committed(digest(site))
    git(site, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other.root / "content"), "content/wire")
    commit = "1" * 40
    git(site, "update-index", "--cacheinfo", f"160000,{commit},content/wire")
    git(site, "commit", "-q", "-m", "a commit that nobody has")
    result = site.run("check", "--since", "HEAD")
    assert result.exit_code == 2
    assert result.err.endswith(f"fetch it: git -C content/wire fetch origin {commit}\n")


def test_since_works_on_a_site_that_is_a_folder_of_its_repository(site: Site) -> None:
    below = Site(site.root / "sites/town")
    digest(below).conf(ALSOREAD_EXTRA_FIELDS=["podcast"]).story(
        "old", "Old", body="READ: Nobody\n", podcast="1", **SOURCE
    )
    committed(site.write("README", "sites\n"))
    below.story("new", "New", body="READ: Nobody\n", source="B")
    told = below.run("check", "--since", "main", "--format", "json").json["findings"]
    assert [each["path"] for each in told] == ["content/new.md"]
    below.conf()
    told = below.run("check", "--since", "main", "--format", "json").json["findings"]
    assert [(each["path"], each["code"]) for each in told] == [("content/new.md", "AR401"), ("content/old.md", "AR110")]


# -- settings that a branch changes


def told_since(site: Site, *arguments: str) -> list[tuple[str, str]]:
    result = site.run("check", "--since", "HEAD", "--format", "json", *arguments)
    assert result.exit_code in (0, 1), result.err
    return [(each["path"], each["code"]) for each in result.json["findings"]]


def test_since_tells_what_other_settings_make_of_old_stories(site: Site) -> None:
    digest(site).conf(ALSOREAD_IGNORE={"*": ["AR701"]}, ALSOREAD_LABELS=["SEE"])
    committed(site.story("a", "One").story("b", "Two", body="READ: Nobody\n", source="A"))
    assert told_since(site) == []
    site.conf(ALSOREAD_LABELS=["SEE"])
    assert told_since(site) == [("content/a.md", "AR701")]
    site.conf(ALSOREAD_IGNORE={"*": ["AR701"]}, ALSOREAD_LABELS=["SEE", "READ"])
    assert told_since(site) == [("content/b.md", "AR401")]
    site.conf(ALSOREAD_IGNORE={"*": ["AR701"]}, ALSOREAD_LABELS=["SEE"], ALSOREAD_NAVIGATION=["none"])
    assert told_since(site) == [("pelicanconf.py", "AR603")]
    site.conf(ALSOREAD_IGNORE={"*": ["AR701"]}, ALSOREAD_LABELS=["SEE"], ALSOREAD_TOPIC_PATHS=["subjects"])
    assert ("content/topics/ports.md", "AR112") in told_since(site)


def test_since_tells_addresses_that_other_settings_take_away(site: Site) -> None:
    committed(digest(site))
    site.conf(ARTICLE_SAVE_AS="news/{slug}.html", ARTICLE_URL="news/{slug}.html")
    assert told_since(site) == [("content/quay.md", "AR505"), ("content/storm.md", "AR505")]
    assert "stories/the-quay-is-dry-again.html" in site.run("diff", "HEAD").out


def test_since_reads_the_settings_that_others_take_everything_of(site: Site) -> None:
    digest(site).write("more.py", "from base import *\nSITEURL = 'https://digest.example'\n")
    os.rename(site.root / "pelicanconf.py", site.root / "base.py")
    head = "import sys\n\nsys.path.insert(0, '.')\nfrom more import *\n"
    committed(site.write("pelicanconf.py", head))
    assert told_since(site) == []
    with open(site.root / "base.py", "a", encoding="utf-8") as file:
        file.write("ALSOREAD_NAVIGATION = ['none']\n")
    assert told_since(site) == [("base.py", "AR603")]
    committed(site)
    assert told_since(site) == []


def test_the_old_settings_are_not_run(site: Site) -> None:
    digest(site)
    conf = (site.root / "pelicanconf.py").read_text("utf-8")
    committed(site.write("pelicanconf.py", f"{conf}open('ran', 'w').close()\nALSOREAD_NAVIGATION = ['port']\n"))
    site.write("pelicanconf.py", f"{conf}ALSOREAD_NAVIGATION = [name for name in ('none',)]\n")
    assert told_since(site) == [("pelicanconf.py", "AR603")]
    assert not (site.root / "ran").exists()
    git(site, "commit", "-q", "-a", "-m", "computed")
    site.write("pelicanconf.py", f"{conf}ALSOREAD_NAVIGATION = ['other']\n")
    result = site.run("check", "--since", "HEAD")
    assert "what ALSOREAD_NAVIGATION was before cannot be told without running the settings of then" in result.err


@pytest.mark.parametrize("old", ["", "x = (", "from nowhere_at_all import *\n"])
def test_settings_that_were_not_there_or_cannot_be_read_are_as_they_are(site: Site, old: str) -> None:
    digest(site).story("b", "Two", body="SEE: Nobody\n", **SOURCE)
    if old:
        committed(site.write("pelicanconf.py", old))
    else:
        (site.root / "pelicanconf.py").unlink()
        committed(site)
    site.conf(ALSOREAD_LABELS=["SEE"])
    assert told_since(site) == []


def test_since_reads_no_link_and_leaves_nothing_behind(site: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.md").write_text("---\ntitle: Secret\ndate: 2025-01-01\n---\n\nText.\n", "utf-8")
    digest(site)
    os.symlink(outside / "secret.md", site.root / "content/link.md")
    committed(site)
    place = tmp_path_factory.mktemp("tmp")
    result = site.run("check", "--since", "HEAD", TMPDIR=str(place))
    assert result.exit_code in (0, 1), result.err
    assert "Secret" not in result.out
    assert list(place.iterdir()) == []


# -- explain


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained_by_name_and_slug(code: str, site: Site) -> None:
    from click.testing import CliRunner

    from alsoread.cli.explain_ import command

    page = (ROOT / "docs/diagnostics" / f"{code}.md").read_text("utf-8")
    for name in (code, code.lower(), CODES[code].slug):
        assert CliRunner().invoke(command, [name]).output == page


def test_explain_lists_all_codes_and_knows_what_was_meant(site: Site) -> None:
    listed = site.run("explain").out.splitlines()
    assert [line.split()[0] for line in listed] == list(CODES)
    result = site.run("explain", "cross-link-unresolvd")
    assert result.exit_code == 2
    assert "Did you mean 'cross-link-unresolved'?" in result.err


def test_json_says_what_text_says(site: Site) -> None:
    digest(site).story("a", "One", body="READ: Nobody\n", **SOURCE)
    told = json.loads(site.run("check", "--format", "json").out)
    assert told["counts"] == {"error": 0, "warning": 1, "note": 0}
    (finding,) = told["findings"]
    assert f"{finding['path']}:{finding['line']}:{finding['column']} {finding['code']} {finding['message']}" in (
        site.run("check").out
    )


# -- what a review found


def test_a_number_that_is_not_a_count_makes_another_finding(site: Site) -> None:
    digest(site).story("a", "One", body="READ: The port in 2024\n\nREAD: The bridge\n", **SOURCE)
    site.write("content/bad.md", "---\ntitle: Bad\ndate: 2026-02-30\n---\n\nText.\n")
    committed(site)
    site.story("a", "One", body="READ: The port in 2025\n\nREAD: The bridge\n", **SOURCE)
    site.write("content/bad.md", "---\ntitle: Bad\ndate: 2026-02-31\n---\n\nText.\n")
    result = site.run("check", "--since", "HEAD", "--format", "json")
    assert [(each["path"], each["code"]) for each in result.json["findings"]] == [
        ("content/a.md", "AR401"),
        ("content/bad.md", "AR115"),
    ]
    assert result.exit_code == 1


def test_a_count_that_is_another_number_makes_none(site: Site) -> None:
    site.conf().write("content/topics/ports.md", "---\nname: Ports\n---\n").story("a", tags=["Unknown"], **SOURCE)
    committed(site.story("b", "Two", date="2025-02-01", tags=["Unknown"], **SOURCE))
    site.story("c", "Three", date="2025-03-01", tags=["Unknown"], **SOURCE)
    assert site.run("check", "--since", "HEAD").out.splitlines()[-1].endswith("nothing is wrong")


def test_an_error_in_the_settings_is_always_told(site: Site) -> None:
    committed(digest(site))
    site.conf(ALSOREAD_RELATED="many", ALSOREAD_NO_SUCH=3)
    result = site.run("check", "--since", "HEAD")
    assert result.exit_code == 1
    assert "AR602" in result.out


def test_a_file_that_was_renamed_keeps_what_was_known_of_it(site: Site) -> None:
    digest(site).story("old", "An old one", body="READ: Nobody\n\n" + "Many words. " * 40, **SOURCE)
    committed(site)
    git(site, "mv", "content/old.md", "content/moved.md")
    assert site.run("check", "--since", "HEAD").out.splitlines()[-1].endswith("nothing is wrong")


def test_neither_attributes_nor_a_hooks_environment_have_a_say(site: Site) -> None:
    digest(site).story("old", "An old one", body="READ: Nobody\n", **SOURCE)
    site.write("content/.gitattributes", "*.md export-ignore\n")
    committed(site)
    for env in ({}, {"GIT_DIR": str(site.root / ".git")}, {"GIT_DIR": ".git"}):
        result = site.run("check", "--since", "HEAD", **env)
        assert result.exit_code == 0, result.err
        assert result.out.splitlines()[-1].endswith("nothing is wrong"), env


def test_an_address_that_is_gone_can_be_ignored(site: Site) -> None:
    committed(digest(site).story("gone", "Soon gone", **SOURCE))
    (site.root / "content/gone.md").unlink()
    assert "AR505" in site.run("check", "--since", "HEAD").out
    site.conf(ALSOREAD_IGNORE={"gone.md": ["AR505"]})
    for args in (("--since", "HEAD"), ()):
        assert site.run("check", *args).out.splitlines()[-1].endswith("nothing is wrong")


def test_a_repair_that_would_make_an_error_is_not_made(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from alsoread.desk.check import mend as mending

    folder = site.root / "content"
    good = "---\ntitle: Good one\ndate: 2025-01-01\ntags: [Ports]\nsource: A\n---\n\nText.\n"
    files: dict[str, str | bytes] = {"a.md": "\ufeff" + good, "b.md": "\ufeff" + good.replace("Good", "Other")}
    verdict = judged(folder, files)

    def spoil(repair: object) -> str:
        return "no story" if "Good" in repair.text else good.replace("Good", "Other")  # type: ignore[attr-defined]

    monkeypatch.setattr(mending, "FIXES", {"AR006": spoil})
    texts = {path: str(text) for path, text in files.items()}
    changes, then = mending.mend(verdict, texts.__getitem__, lambda overlay: judged(folder, {**files, **overlay}))
    assert list(changes) == ["b.md"]
    assert not any(finding.is_error for finding in then.findings)


def test_what_cannot_be_mended_is_not_counted(site: Site) -> None:
    digest(site).story("a", "One", body="See www.bare.example here.\n", **SOURCE)
    said = site.run("check").out
    assert "AR207" in said
    assert "can be mended" not in said


def test_very_many_repairs_are_made_at_once(site: Site) -> None:
    digest(site).story("a", "One", body="See http://bare.example/abc now. " * 1500, **SOURCE)
    result = site.run("check", "--fix")
    assert "1 file was mended" in result.out
    assert (site.root / "content/a.md").read_text("utf-8").count("<http://bare.example/abc>") == 1500


def test_a_link_to_a_device_is_not_read_for_a_report(site: Site) -> None:
    digest(site)
    os.symlink("/dev/zero", site.root / "content/l.md")
    told = site.run("check", "--format", "rdjson").json["diagnostics"]
    assert [each["code"]["value"] for each in told] == ["AR001"]


def test_a_file_name_that_is_not_utf_8_stops_nothing(site: Site) -> None:
    digest(site).story("a", "One", body="![x]({static}/images/port.png)\n\nREAD: Nobody\n", **SOURCE)
    folder = os.fsencode(site.root / "content") + b"/b\xff"
    os.mkdir(folder)
    with open(folder + b"/port.png", "wb") as file:
        file.write(b"x")
    result = site.run("check")
    assert "Traceback" not in result.err
    assert "AR401" in result.out


def test_static_files_are_judged_as_a_build_judges_them(site: Site) -> None:
    digest(site).write("content/images/x.exe", "x").write("content/images/ok.png", "x")
    os.symlink("ok.png", site.root / "content/images/link.png")
    told = {(each["path"], each["code"]) for each in site.run("check", "--format", "json").json["findings"]}
    built = {(each["path"], each["code"]) for each in site.build("--format", "json").json["findings"]}
    assert told == built == {("content/images/x.exe", "AR008"), ("content/images/link.png", "AR001")}
    site.conf(ALSOREAD_IGNORE={"images/*": ["AR008"]})
    assert "AR008" not in site.run("check").out
    assert "AR801" not in site.run("check").out


def test_addresses_of_lists_are_where_the_settings_put_them(site: Site) -> None:
    digest(site).conf(
        TAG_SAVE_AS="thema/{slug}.html",
        TAG_URL="thema/{slug}.html",
        EXTRA_PATH_METADATA={"extra/sec.txt": {"path": "well-known/sec.txt"}},
        STATIC_PATHS=["images", "extra"],
    )
    site.write("content/extra/sec.txt", "x")
    links = " ".join(f"[a]({link})" for link in ("/thema/ports.html", "/well-known/sec.txt", "/nothing/here.html"))
    site.story("a", "One", body=links + "\n", **SOURCE)
    said = site.run("check").out
    assert said.count("AR411") == 1
    assert "nothing/here.html" in said
