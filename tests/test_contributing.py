"""Contributing by pull request: what a new digest gets for its forge, and the whole way of a story with plain git.

A contributor does what CONTRIBUTING.md says, to the letter; the commands of the workflows are run as the forge would.
"""

import os
import re
import shlex
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from alsoread.desk.forge import WAYS, Forge, forge_files
from alsoread.desk.starter import Start, starter_files, topics_in
from sites import PLUGINS, Result, Site, run

TODAY = date(2026, 1, 31)
SHIM = f"""#!/bin/sh
PYTHONPATH={shlex.quote(str(PLUGINS))} exec {shlex.quote(sys.executable)} -m alsoread "$@"
"""


def program(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    (folder / name).chmod(stat.S_IRWXU)


class Person:
    """Somebody with a clone, git and a shell, in which Alsoread is what this checkout holds."""

    def __init__(self, root: Path, tools: Path) -> None:
        self.root = root
        for name in ("alsoread", "python", "pip"):
            program(tools, name, SHIM if name == "alsoread" else "#!/bin/sh\nexit 0\n")
        self.env = {
            **os.environ,
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@digest.example",
            "GIT_COMMITTER_NAME": "A",
            "GIT_COMMITTER_EMAIL": "a@digest.example",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "COLUMNS": "200",
        }

    def shell(self, script: str, **env: str) -> Result:
        command = ["bash", "-e", "-o", "pipefail", "-c", script]
        done = subprocess.run(
            command, cwd=self.root, env=self.env | env, capture_output=True, text=True, check=False, timeout=120
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def done(self, script: str, **env: str) -> str:
        result = self.shell(script, **env)
        assert result.exit_code == 0, f"{script}\n{result.out}{result.err}"
        return result.out

    def typed(self) -> list[str]:
        """The commands of CONTRIBUTING.md, in their order."""
        text = (self.root / "CONTRIBUTING.md").read_text("utf-8")
        blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
        return [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]

    def step(self, workflow: str, name: str, **env: str) -> Result:
        """The commands of a workflow's step, with what the forge would fill in."""
        text = (self.root / f".github/workflows/{workflow}.yml").read_text("utf-8")
        steps = [step for job in yaml.safe_load(text)["jobs"].values() for step in job["steps"]]
        (step,) = [step for step in steps if step.get("name") == name]
        assert set(step.get("env", {})) <= set(env), "the test fills in what the workflow takes from the forge"
        assert "${{" not in step["run"], "an expression in a script can be made to run"
        return self.shell(step["run"], **env)


@pytest.fixture
def publisher(tmp_path: Path) -> Person:
    """A new digest in a repository of its own, and the forge's copy beside it."""
    result = run([sys.executable, "-m", "alsoread", "init", "town-news", "--url", "https://town.example"], tmp_path, {})
    assert result.exit_code == 0, result.err
    person = Person(tmp_path / "town-news", tmp_path / "tools")
    person.done("git init -q -b main && git add -A && git commit -q -m 'Town News'")
    person.done("git clone -q --bare . ../forge.git && git remote add origin ../forge.git && git fetch -q")
    return person


def clone(publisher: Person, name: str, branch: str = "main") -> Person:
    publisher.done(f"git clone -q -b {branch} ../forge.git ../{name}")
    return Person(publisher.root.parent / name, publisher.root.parent / "tools")


def test_a_story_goes_from_a_clone_to_the_published_site(publisher: Person) -> None:
    contributor = clone(publisher, "contributor")
    commands = contributor.typed()
    program(contributor.root / ".venv/bin", "alsoread", SHIM)
    assert commands[:2] == ["python3 -m venv .venv", ".venv/bin/pip install -r requirements.txt"]
    switch, new, check, fix, serve, add, commit, push = commands[2:]
    contributor.done(switch)
    path = contributor.root / contributor.done(new).splitlines()[0]
    draft = path.read_text("utf-8")
    assert "status: draft" in draft
    # what the page says: the story, sources, no draft; and what happens to people
    front = draft.partition("---\n")[2].partition("---\n")[0]
    kept = [line for line in front.splitlines() if line[:1] != "#" and not line.startswith("status:")]
    bad = (
        "\n".join(
            [
                "---",
                *kept,
                "source: The Town Post",
                "source_url: https://post.example/library?utm_source=feed&id=7",
                "---",
            ]
        )
        + "\n\nThe libary opens.\n\nALSO READ The old brigde closes for repairs\n\nMore soon: TODO.\n"
    )
    path.write_text(re.sub(r"^tags: .*$", "tags: [town life]", bad, flags=re.MULTILINE), "utf-8")
    said = contributor.done(check)
    shown = path.relative_to(contributor.root).as_posix()
    codes = re.findall(rf"^{re.escape(shown)}:\d+:\d+ (AR\d+) ", said, re.MULTILINE)
    assert sorted(codes) == ["AR209", "AR308", "AR405", "AR703"], said

    # the forge says the same, on the lines that were changed
    contributor.done("git add content && git commit -q -m Try && git push -q -u origin my-story")
    checker = clone(publisher, "checker", "my-story")
    base = checker.done("git rev-parse origin/main").strip()
    verdict = checker.step("check", "Say what the pull request adds", BASE=base, NUMBER="7")
    assert verdict.exit_code == 0, verdict.err  # warnings and notes alone
    annotated = re.findall(r"^::(\w+) file=([^,]+),line=(\d+),col=\d+,title=(AR\d+)", verdict.out, re.MULTILINE)
    assert sorted(code for _, _, _, code in annotated) == sorted(codes)
    assert {file for _, file, _, _ in annotated} == {shown}
    assert (checker.root / "verdict/number").read_text() == "7\n"
    assert '"findings"' in (checker.root / "verdict/findings.json").read_text("utf-8")

    # what can be mended is, and the rest by hand
    assert "1 file was mended" in contributor.done(fix)
    assert serve == ".venv/bin/alsoread serve"
    path.write_text(path.read_text("utf-8").replace(" TODO", " on Sunday"), "utf-8")
    text = path.read_text("utf-8")
    assert "tags: [Town life]" in text
    assert "library?id=7\n" in text
    assert "ALSO READ [[" in text
    assert contributor.done(check).splitlines()[-1].endswith("nothing is wrong")
    contributor.done(f"{add} && {commit} -q && {push} -q")

    # the preview has the story, and so has the site, once it is merged
    checker.done("git pull -q")
    checker.done("rm -r verdict")
    assert checker.step("check", "Say what the pull request adds", BASE=base, NUMBER="7").out == ""
    assert checker.step("check", "Build the site as it would be").exit_code == 0
    page = "stories/the-library-opens-on-sundays.html"
    assert "The library opens on Sundays" in (checker.root / "preview" / page).read_text("utf-8")
    assert checker.step("check", "List what changes in it", BASE=base).exit_code == 0
    listed = (checker.root / "preview/changes.html").read_text("utf-8")
    assert "<h2>New</h2>\n<article>\n<h3>The library opens on Sundays</h3>" in listed
    assert f'<a href="{page}">' in listed
    assert "What follows on other pages" in listed
    publisher.done("git pull -q origin main && git merge -q --no-edit $(git ls-remote origin my-story | cut -f1) || "
                   "(git fetch -q origin my-story && git merge -q --no-edit FETCH_HEAD)")  # fmt: skip
    built = publisher.step("publish", "Build the site", SITEURL="")
    assert built.exit_code == 0, built.err
    published = (publisher.root / "output" / page).read_text("utf-8")
    assert 'href="https://town.example/stories/' in published
    assert "old-bridge-closes" in published
    again = publisher.step("publish", "Build the site", SITEURL="")
    assert "(0 rendered" in again.out


def recorded(person: Person) -> Result:
    """What the last job of the workflow does with the ledger that the first one kept."""
    person.done(
        "mkdir ledger && cp published.txt ledger/ && git checkout -q HEAD -- . && git clean -fdq -e ledger -e output"
    )
    return person.step("publish", "Commit the ledger", BRANCH="main", SERVER="https://forge.example", TOKEN="t")


def test_a_published_story_cannot_die_in_a_pull_request(publisher: Person) -> None:
    """The workflow publishes and notes the addresses; a branch that deletes a story hears of it, with what to do."""
    runner = clone(publisher, "runner")
    assert runner.step("publish", "Build the site", SITEURL="").exit_code == 0
    # a story is merged while the site is on its way
    publisher.done("echo >> README.md && git commit -qam More && git push -q origin main")
    noted = recorded(runner)
    assert noted.exit_code == 0, noted.err
    publisher.done("git pull -q --rebase origin main")
    lines = (publisher.root / "published.txt").read_text("utf-8")
    assert "\n/stories/old-bridge-closes.html story 20" in lines
    assert publisher.done("git log -1 --format=%an%s").startswith("github-actions[bot]Note the addresses")
    # nothing is new, so nothing is committed
    second = clone(publisher, "second")
    assert second.step("publish", "Build the site", SITEURL="").exit_code == 0
    before = publisher.done("git rev-parse origin/main")
    assert recorded(second).exit_code == 0
    assert publisher.done("git fetch -q && git rev-parse origin/main") == before

    contributor = clone(publisher, "contributor")
    contributor.done("git switch -q -c gone && git rm -q content/stories/*/*/earlier-story.md && git commit -qm Gone")
    contributor.done("git push -q -u origin gone")
    checker = clone(publisher, "checker", "gone")
    base = checker.done("git rev-parse origin/main").strip()
    verdict = checker.step("check", "Say what the pull request adds", BASE=base, NUMBER="9")
    assert verdict.exit_code == 1
    (error,) = [line for line in verdict.out.splitlines() if "story at" in line and "title=AR506" in line]
    assert error.startswith("::error file=published.txt,line=")
    assert "alsoread withdraw /stories/old-bridge-closes.html" in error
    # every address that it takes with it is withdrawn at once, and the check is content
    contributor.done("alsoread withdraw --gone --why 'The bridge never closed.'")
    contributor.done("git commit -qam Withdraw && git push -q")
    checker.done("git pull -q && rm -r verdict")
    again = checker.step("check", "Say what the pull request adds", BASE=base, NUMBER="9")
    assert "AR506" not in again.out
    assert "::error" not in again.out, again.out
    publisher.done("git fetch -q && git merge -q --no-edit origin/gone")
    assert publisher.step("publish", "Build the site", SITEURL="").exit_code == 0
    page = publisher.root / "output/stories/old-bridge-closes.html"
    assert "The bridge never closed." in page.read_text("utf-8")


def test_an_error_fails_the_check_and_is_not_in_the_preview(publisher: Person) -> None:
    contributor = clone(publisher, "contributor")
    (contributor.root / "content/stories/bad.md").write_text("---\ntitle: Bad\n---\n\nText.\n", "utf-8")
    contributor.done("git switch -q -c bad && git add -A && git commit -q -m Bad && git push -q -u origin bad")
    checker = clone(publisher, "checker", "bad")
    base = checker.done("git rev-parse origin/main").strip()
    verdict = checker.step("check", "Say what the pull request adds", BASE=base, NUMBER="8")
    assert verdict.exit_code == 1
    assert "::error file=content/stories/bad.md,line=2" in verdict.out
    assert (checker.root / "verdict/findings.json").stat().st_size > 50, "the comment has something to say"
    preview = checker.step("check", "Build the site as it would be")
    assert preview.exit_code == 0
    assert "::notice::" in preview.out
    assert (checker.root / "preview/index.html").is_file()
    assert not (checker.root / "preview/stories/bad.html").exists()
    publisher.done("git fetch -q && git merge -q --no-edit origin/bad")
    assert publisher.step("publish", "Build the site", SITEURL="").exit_code == 1
    assert not (publisher.root / "output/index.html").exists(), "nothing is published"


def workflows(way: Any = "pages") -> dict[str, Any]:
    files = forge_files(Forge("Town News", "alsoread==1.0", [("Town life", ""), ("Süd: Nord", "Two # parts")], way))
    return {path: text for path, text in files.items() if path.startswith(".github/workflows")}


@pytest.mark.parametrize("way", WAYS)
def test_zizmor_finds_nothing_in_the_workflows(tmp_path: Path, way: str) -> None:
    for path, text in workflows(way).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    command = [str(Path(sys.executable).parent / "zizmor"), "--offline", "--no-progress", "--persona=pedantic", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout
    assert "No findings to report" in done.stdout + done.stderr


@pytest.mark.parametrize("way", WAYS)
def test_the_workflows_give_no_more_rights_than_they_need(way: str) -> None:
    for path, text in workflows(way).items():
        workflow = yaml.safe_load(text)
        triggers = workflow[True]  # YAML's "on"
        assert "pull_request_target" not in text
        assert workflow["permissions"] == {}
        if path.endswith("check.yml"):
            assert triggers == "pull_request"
            assert "secrets." not in text
            assert [job["permissions"] for job in workflow["jobs"].values()] == [{"contents": "read"}]
        if path.endswith("comment.yml"):
            assert "checkout" not in text.replace("checked out", "")
            assert "run" not in [key for job in workflow["jobs"].values() for step in job["steps"] for key in step]
        if path.endswith("publish.yml"):
            writers = {name for name, job in workflow["jobs"].items() if job["permissions"].get("contents") == "write"}
            assert writers == {"record"}
            assert workflow["jobs"]["record"]["needs"] == ["build", "deploy"]
            commands = " ".join(step.get("run", "") for step in workflow["jobs"]["record"]["steps"])
            assert not re.search(r"\b(alsoread|pip|python|make)\b", commands), "what may write runs nothing but git"
        for job in workflow["jobs"].values():
            assert job["timeout-minutes"] <= 30
            for step in job["steps"]:
                assert "uses" not in step or re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", step["uses"])
                assert "${{" not in step.get("run", "")


def test_what_is_said_of_topics_is_text_and_not_markdown() -> None:
    text = forge_files(Forge("A *b*", "r", [("<i>", "[x](y)\n# Head")]))["CONTRIBUTING.md"]
    assert "# Contributing to A \\*b\\*\n" in text
    assert "\n- **&lt;i>**: \\[x](y) # Head\n" in text


def test_a_new_digest_tells_its_own_topics() -> None:
    files = starter_files(Start("Town News", TODAY, "alsoread==1.0"))
    assert topics_in(files) == [
        ("Streets and bridges", "Getting from one side of the town to the other."),
        ("Town life", "What happens in the town, and who makes it happen."),
    ]


def test_files_for_the_forge_are_added_to_a_digest_that_is_there(site: Site) -> None:
    site.conf(SITENAME="Far Orbit").story("a").write(
        "content/topics/moon.md", "---\nname: Moon\ndescription: Ours\n---\n"
    )
    site.write("CONTRIBUTING.md", "Ours.\n")
    result = site.run("init", ".", "--only-forge", "--publish", "s3")
    assert result.exit_code == 0, result.err
    assert "CONTRIBUTING.md is there already and stays as it is" in result.err
    assert (site.root / "CONTRIBUTING.md").read_text() == "Ours.\n"
    assert "    - Moon\n" in (site.root / ".github/ISSUE_TEMPLATE/story.yml").read_text("utf-8")
    assert "aws s3 sync" in (site.root / ".github/workflows/publish.yml").read_text("utf-8")
    assert not (site.root / "Makefile").exists()
    assert "requirements.txt" in result.err
    assert site.run("init", "nowhere", "--only-forge").exit_code == 2
    assert site.run("init", ".", "--only-forge", "--no-forge").exit_code == 2


def test_a_digest_can_be_made_without_them(site: Site) -> None:
    assert site.run("init", "plain", "--no-forge").exit_code == 0
    assert not (site.root / "plain/.github").exists()
    assert not (site.root / "plain/CONTRIBUTING.md").exists()
