"""What is shipped works: the wheel in a fresh environment, the editable install, and a fork that installs nothing."""

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from sites import PLUGINS, ROOT, Site, run, tree


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """The folder of programs of a new environment that holds the locked dependencies and the wheel."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=True)
    install = [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "--require-hashes", "-r", str(ROOT / "requirements/run.lock")], check=True)
    subprocess.run([*install, "--no-deps", "--no-index", str(wheel)], check=True)
    return folder / "bin"


def copy_of_the_sample(folder: Path) -> None:
    for name in ("content", "themes", "plugins"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pelicanconf.py", "publishconf.py"):
        shutil.copy(ROOT / name, folder)


def test_the_wheel_holds_the_plugin_the_theme_the_schemas_and_the_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(next(name for name in names if name.endswith(".dist-info/METADATA"))).decode()
    for name in (
        "alsoread/__init__.py",
        "alsoread/py.typed",
        "alsoread/pelicanconf.py",
        "alsoread/schema/story.json",
        "alsoread/themes/broadsheet/theme.toml",
        "alsoread/themes/broadsheet/templates/article.html",
    ):
        assert name in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert "License-Expression: AGPL-3.0-or-later" in metadata
    assert {name.split("/")[0].split("-")[0] for name in names} == {"alsoread"}


def test_the_installed_wheel_builds_the_sample_digest_with_both_commands(site: Site, fresh: Path) -> None:
    shutil.copytree(ROOT / "content", site.root / "content")
    settings = (
        (ROOT / "pelicanconf.py")
        .read_text()
        .replace('THEME = "themes/broadsheet"', "from alsoread.pelicanconf import THEME")
    )
    site.write("pelicanconf.py", settings.replace('PLUGIN_PATHS = ["plugins"]\n', ""))
    environment = {"PYTHONPATH": "", "PATH": os.environ["PATH"]}
    ours = run([str(fresh / "alsoread"), "build", "-o", "ours"], site.root, environment)
    theirs = run([str(fresh / "pelican"), "content", "-o", "theirs"], site.root, environment)
    assert (ours.exit_code, theirs.exit_code) == (0, 0), ours.err + theirs.err
    assert tree(site.root / "ours") == tree(site.root / "theirs")
    copy_of_the_sample(site.root / "fork")
    assert run([sys.executable, "-m", "alsoread", "build", "-o", "../checkout"], site.root / "fork", {}).exit_code == 0
    assert tree(site.root / "ours") == tree(site.root / "checkout")


def test_the_installed_wheel_builds_any_folder(site: Site, fresh: Path) -> None:
    site.story("good-story")
    result = run([str(fresh / "alsoread"), "build", "content", "-o", "out"], site.root, {"PYTHONPATH": ""})
    assert result.exit_code == 0, result.err
    assert "theme/css/broadsheet.css" in tree(site.root / "out")


def test_a_fork_works_without_installing(site: Site, fresh: Path) -> None:
    """Only the dependencies are there; `pelican` finds the plugin through PLUGIN_PATHS."""
    copy_of_the_sample(site.root)
    python = str(fresh / "python")
    run([python, "-m", "pip", "--version"], site.root, {})
    code = "import sys, importlib.util; sys.exit(importlib.util.find_spec('alsoread') is None)"
    assert run([python, "-c", code], site.root, {"PYTHONPATH": ""}).exit_code == 0
    blocked = site.root / "blocked"
    blocked.mkdir()
    # the wheel is in this environment too: hide it, so that only the fork's copy can be found
    (blocked / "sitecustomize.py").write_text(
        "import sys, importlib.machinery as m\n"
        "class Hide:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'alsoread': raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Hide())\n"
    )
    result = run([python, "-m", "pelican", "content"], site.root, {"PYTHONPATH": str(blocked)})
    assert result.exit_code == 0, result.err
    assert site.has("stories/dart-strikes-dimorphos.html")
    assert site.has(".alsoread-output")


def test_an_installed_alsoread_runs_the_copy_that_pelican_would_run(site: Site, fresh: Path) -> None:
    copy_of_the_sample(site.root)
    own = site.root / "plugins/alsoread/outputs/sitemap.py"
    own.write_text(own.read_text().replace("User-agent: *", "# the fork's own\\nUser-agent: *"))
    result = run([str(fresh / "alsoread"), "build"], site.root, {"PYTHONPATH": ""})
    assert result.exit_code == 0, result.err
    assert "using the copy in plugins/alsoread, as pelican does" in result.err
    assert site.page("robots.txt").startswith("# the fork's own")
    ours = tree(site.root / "output")
    run([str(fresh / "pelican"), "content"], site.root, {"PYTHONPATH": ""})
    assert tree(site.root / "output") == ours


def test_the_editable_install_is_this_checkout() -> None:
    code = "import alsoread, alsoread.bundled as t; print(alsoread.__file__); print(t.bundled_theme())"
    result = run([sys.executable, "-c", code], Path("/"), {"PYTHONPATH": ""})
    assert result.out.splitlines() == [str(PLUGINS / "alsoread/__init__.py"), str(ROOT / "themes/broadsheet")]
    assert (
        run([str(Path(sys.executable).parent / "alsoread"), "--version"], Path("/"), {"PYTHONPATH": ""}).exit_code == 0
    )


def test_the_locks_have_hashes_and_name_no_index() -> None:
    for name in ("run", "dev"):
        text = (ROOT / f"requirements/{name}.lock").read_text()
        assert "http" not in text
        assert "index" not in text
        pins = [line for line in text.splitlines() if "==" in line]
        assert len(pins) > 15
        assert all(line.rstrip().endswith("\\") for line in pins)
    rules = (ROOT / "requirements/axe.lock").read_text()
    assert "http" not in rules
    assert rules.count("==") == rules.count(" --hash=sha256:") == 1


def test_the_pages_of_all_codes_are_in_the_wheel() -> None:
    from hatchling.builders.wheel import WheelBuilder

    from alsoread.diagnostics import CODES

    shipped = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    assert {f"alsoread/explained/{code}.md" for code in CODES} <= shipped
