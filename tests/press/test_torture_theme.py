"""The theme that reads everything in every way: what is asked of it, before it is asked anything of the press."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from builds import PRESS, ROOT, STOCK, Project, assert_same, sample

HERE = Path(__file__).resolve().parent


def probes(project: Project) -> list[str]:
    return sorted(f"probes/{path.name}" for path in (project.theme_folder / "templates/probes").iterdir())


def test_pelican_renders_every_template_the_same_each_time(tmp_path: Path) -> None:
    project = sample(tmp_path, "torture", STOCK)
    found = project.build()
    assert project.messages == []
    assert set(probes(project)) <= found.keys()
    assert not [name for name in probes(project) if not found[name].strip()]
    assert_same(found, project.clean())


@pytest.mark.parametrize("plugins", [STOCK, PRESS], ids=["stock", "press"])
def test_the_order_of_sets_does_not_show(tmp_path: Path, plugins: tuple[str, ...]) -> None:
    project = sample(tmp_path, "torture", plugins)
    wanted = project.build()
    script = (
        "import sys, builds; builds.sample(builds.Path(sys.argv[1]), 'torture', tuple(sys.argv[2:])).build('again')"
    )
    path = os.pathsep.join([str(HERE), str(HERE.parent), str(ROOT / "plugins")])
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
        subprocess.run([sys.executable, "-c", script, str(tmp_path), *plugins], env=environment, check=True)
        again = {
            path.relative_to(tmp_path / "again").as_posix(): path.read_bytes()
            for path in (tmp_path / "again").rglob("*")
            if path.is_file() and path.name != ".alsoread-output"
        }
        assert_same(again, wanted, f"hash seed {seed}")


def test_a_site_of_one_bare_article_can_be_rendered(tmp_path: Path) -> None:
    project = Project(tmp_path, "torture", STOCK)
    project.article("only", title="Only", date="2024-01-01")
    assert set(probes(project)) <= project.build().keys()


def test_every_probe_shows_something_that_an_edit_changes(tmp_path: Path) -> None:
    """A page that nothing changes would find no fault with the press."""
    project = sample(tmp_path, "torture", STOCK)
    before = project.build()
    project.settings.update(SITENAME="elsewhere", SITEURL="https://other.example", DEFAULT_LANG="fr", MENUITEMS=[])
    project.settings["ARTICLE_ORDER_BY"] = "title"
    project.write("overrides/bits/absent.html", "here")
    for path in sorted((tmp_path / "content").glob("*.md"))[2:]:
        path.unlink()
    project.article(
        "new",
        "A new body.\n",
        title="A Zebra in the Vineyard",
        date="2025-10-31",
        tags="Zoo, Ports",
        category="Zoo",
        mood="wild",
        summary="new",
        author="Zed",
        modified="2025-11-30",
    )
    project.article(
        "new-fr", title="Zèbre", slug="a-zebra-in-the-vineyard", lang="de", date="2025-10-31", category="Zoo"
    )
    project.article("more", title="More", date="2025-10-30 07:00", category="Ports", status="hidden")
    project.write("content/images/more.png", b"more")
    after = project.clean(plugins=STOCK)
    assert [name for name in probes(project) if before[name] == after[name]] == ["probes/absent_period.html"]
