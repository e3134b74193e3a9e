"""A plugin may run another Pelican in the middle of a build, and write its site into the main one's folder."""

from pathlib import Path

from builds import Project, assert_same, sample

EXTENSIONS = str(Path(__file__).parent / "extensions")


def with_subsite(tmp_path: Path) -> Project:
    project = sample(tmp_path, "simple")
    project.plugins = ("alsoread.press", "subsites")
    project.settings["PLUGIN_PATHS"] = [EXTENSIONS]
    return project


def test_a_site_within_the_site_is_part_of_it(tmp_path: Path) -> None:
    project = with_subsite(tmp_path)
    wanted = project.clean(plugins=("subsites",))
    assert any(name.startswith("de/") for name in wanted)
    assert_same(project.build(), wanted)
    assert_same(project.build(), wanted)


def test_nothing_of_the_press_is_left_in_the_site(tmp_path: Path) -> None:
    project = with_subsite(tmp_path)
    project.build()
    assert not [path for path in (tmp_path / "output").rglob("*") if ".alsoread/" in str(path.relative_to(tmp_path))]


def test_an_edit_reaches_both_sites(tmp_path: Path) -> None:
    project = with_subsite(tmp_path)
    project.build()
    article = min((project.root / "content").rglob("*.md"))
    article.write_text(article.read_text() + "\nA sentence more.\n")
    found = project.build()
    assert len([name for name, data in found.items() if b"A sentence more." in data and name.startswith("de/")])
    assert_same(found, project.clean(plugins=("subsites",)))
