"""What is known of settings is what Pelican would make of them, and commands that read do without Pelican."""

import json
import sys
from pathlib import Path

import pytest

from sites import Site, run

FILE = ".output.alsoread/settings.json"


@pytest.fixture
def known(site: Site) -> Site:
    """A site that was built, and checked once."""
    site.conf().story("a", source="Harbour Post").build()
    assert site.run("check").exit_code == 0
    assert (site.root / FILE).is_file()
    return site


def codes(site: Site, *args: str, **env: str) -> list[str]:
    without_note(site)
    return site.run("check", "--format", "json", *args, **env).codes


def without_note(site: Site) -> None:
    """Let the next check judge the site, for which it wants the settings."""
    (site.root / ".output.alsoread/checked.json").unlink(missing_ok=True)


def imported(site: Site) -> str:
    without_note(site)
    code = (
        "import sys; from alsoread.cli import group; "
        "group.main(['check'], standalone_mode=False); "
        "print(sorted({'pelican', 'jinja2', 'docutils', 'rich'} & set(sys.modules)))"
    )
    done = run([sys.executable, "-c", code], site.root, {})
    return done.out.splitlines()[-1] if done.out else done.err


def test_pelican_is_not_imported_for_what_is_known(known: Site) -> None:
    assert imported(known) == "[]"


def test_an_edit_of_the_settings_is_seen(known: Site) -> None:
    assert codes(known) == []
    known.conf(ALSOREAD_NOSUCH=1)
    assert codes(known) == codes(known) == ["AR601"]
    known.conf(ARTICLE_PATHS=["nowhere"])
    assert known.run("check").out.startswith("0 files")
    assert known.run("check").out.startswith("0 files")


def test_settings_that_depend_on_the_environment_are_asked_each_time(known: Site) -> None:
    with (known.root / "pelicanconf.py").open("a", encoding="utf-8") as file:
        file.write("import os\nif os.environ.get('ODD'): ALSOREAD_NOSUCH = 1\n")
    assert codes(known) == []
    assert codes(known, ODD="1") == ["AR601"]
    assert codes(known) == []


def test_what_is_asked_for_is_part_of_it(known: Site) -> None:
    known.write("other/b.md", "---\ntitle: B\ndate: 2025-01-01\ntags: [x]\n---\n\nText.\n")
    assert codes(known) == []
    assert codes(known, "-c", "other") == ["AR701"]
    assert codes(known) == []


def test_settings_that_are_no_plain_data_are_not_kept(known: Site) -> None:
    before = (known.root / FILE).read_bytes()
    with (known.root / "pelicanconf.py").open("a", encoding="utf-8") as file:
        file.write("JINJA_FILTERS = {'twice': lambda text: text * 2}\n")
    assert codes(known) == []
    assert (known.root / FILE).read_bytes() == before
    assert "pelican" in imported(known)


def test_what_pelican_says_of_settings_is_said_again(known: Site) -> None:
    known.conf(WRITE_SELECTED=["x"])
    first, second = known.run("check"), known.run("check")
    assert "WRITE_SELECTED" in first.err
    assert first.err == second.err


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"key": 1}', "settings", "key"])
def test_a_file_that_is_damaged_is_not_believed(known: Site, damage: str) -> None:
    file = known.root / FILE
    if damage in ("settings", "key"):
        written = json.loads(file.read_text("utf-8"))
        written[damage] = written[damage].replace("digest.example", "other.example").replace("a", "b")
        file.write_text(json.dumps(written), "utf-8")
    else:
        file.write_text(damage, "utf-8")
    assert codes(known) == []


def test_a_folder_that_is_gone_is_told_as_ever(known: Site) -> None:
    first = known.run("check")
    assert first.exit_code == 0
    Path(known.root / "content").rename(known.root / "elsewhere")
    result = known.run("check")
    assert result.exit_code == 2
    assert "specify a path containing the content" in result.err


def test_what_commands_are_given_is_known_of_a_few(site: Site) -> None:
    site.conf().story("cranes-arrive")
    site.build()
    for hour in range(10):
        assert site.build("--now", f"2025-02-01T{hour:02}:00:00+00:00").exit_code == 0
    known = [path.name for path in (site.root / ".output.alsoread").glob("settings*.json")]
    assert 1 <= len(known) <= 9
