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
        ("content/gone.md", 0, "AR505", "aliases: [/stories/soon-gone.html]"),
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
