"""A plugin may run another Pelican in the middle of a build, and write its site into the main one's folder."""

from pathlib import Path

from builds import Project, assert_same, digest, sample

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


def test_a_site_within_the_site_is_not_held_to_the_ledger_of_the_outer_one(tmp_path: Path) -> None:
    project = digest(tmp_path)
    project.plugins = ("alsoread", "subsites")
    project.settings["PLUGIN_PATHS"] = [EXTENSIONS]
    project.write("published.txt", "/a.html story 2024-01-31\n/b.html story 2024-01-31 withdrawn 2024-02-01 Untrue.\n")
    files = project.build()
    assert len([message for message in project.messages if "AR506" in message]) == 1
    assert any(name.startswith("de/stories/") for name in files)
    assert [name for name in files if name.endswith("b.html") and b"Untrue." in files[name]] == ["b.html"]
