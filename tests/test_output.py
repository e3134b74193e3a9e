"""The site changes over whole: `press.output` alone, on folders of files."""

import os
from pathlib import Path

import pytest

from alsoread.press import output
from alsoread.press.exchange import exchange, exchange_in_two_steps
from alsoread.press.output import MARKER, OutputRefused, staged
from sites import tree


def publish(folder: Path, files: dict[str, str], kept: tuple[str, ...] = ()) -> None:
    with staged(str(folder), kept=kept) as stage:
        for name, text in files.items():
            path = Path(stage.path, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        stage.commit()


def files(folder: Path) -> dict[str, str]:
    return {name: data.decode() for name, data in tree(folder).items() if name != MARKER}


def test_a_new_site_replaces_the_old_one_whole(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(site, {"a.html": "1", "deep/b.html": "1"})
    publish(site, {"a.html": "2"})
    assert files(site) == {"a.html": "2"}
    assert sorted(os.listdir(tmp_path)) == [".site.alsoread", "site"]
    assert sorted(os.listdir(tmp_path / ".site.alsoread")) == ["lock", "other"]


def test_a_build_that_fails_leaves_the_old_site(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(site, {"a.html": "1"})

    def fail() -> None:
        with staged(str(site)) as stage:
            Path(stage.path, "a.html").write_text("2")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert files(site) == {"a.html": "1"}
    assert not (tmp_path / ".site.alsoread/stage").exists()


def test_a_stage_without_a_commit_changes_nothing(tmp_path: Path) -> None:
    with staged(str(tmp_path / "site")) as stage:
        Path(stage.path, "a.html").write_text("1")
    assert not (tmp_path / "site").exists()


def test_what_is_kept_outlives_every_build(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(site, {"a.html": "1"})
    (site / ".git").mkdir()
    (site / ".git/HEAD").write_text("ref")
    (site / "mine").write_text("mine")
    publish(site, {"a.html": "2"}, kept=("mine",))
    assert files(site) == {"a.html": "2", ".git/HEAD": "ref", "mine": "mine"}


def test_what_the_site_itself_makes_wins_over_what_is_kept(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(site, {"CNAME": "old"})
    publish(site, {"CNAME": "new"})
    assert files(site) == {"CNAME": "new"}


def test_a_folder_of_somebody_elses_is_added_to_and_never_emptied(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "thesis.tex").write_text("years of work")
    publish(site, {"a.html": "1"})
    publish(site, {"b.html": "1"})
    assert files(site) == {"thesis.tex": "years of work", "a.html": "1", "b.html": "1"}


@pytest.mark.parametrize("change", [exchange, exchange_in_two_steps])
def test_two_folders_change_names(tmp_path: Path, change: object) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    change(str(tmp_path / "one"), str(tmp_path / "two"))  # type: ignore[operator]
    assert os.listdir(tmp_path / "one") == ["two"]
    assert os.listdir(tmp_path / "two") == ["one"]


def test_after_a_kill_between_exchange_and_keeping_the_next_build_brings_back_what_is_kept(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(site, {"a.html": "1"})
    (site / ".git").mkdir()
    (site / ".git/HEAD").write_text("ref")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(output, "_bring_back", lambda *_: os._exit(9))
        if os.fork() == 0:
            publish(site, {"a.html": "2"})
        assert os.waitstatus_to_exitcode(os.wait()[1]) == 9
    assert files(site) == {"a.html": "2"}
    publish(site, {"a.html": "3"})
    assert files(site) == {"a.html": "3", ".git/HEAD": "ref"}


def test_after_a_kill_between_two_renames_the_next_build_brings_back_the_old_site(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(site, {"a.html": "1"})
    os.makedirs(tmp_path / ".site.alsoread/stage")
    os.rename(site, tmp_path / ".site.alsoread/stage.old")
    with staged(str(site)):
        assert files(site) == {"a.html": "1"}


def test_a_killed_build_leaves_a_stage_that_the_next_one_clears(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(site, {"a.html": "1"})
    (tmp_path / ".site.alsoread/stage/half").mkdir(parents=True)
    (tmp_path / ".site.alsoread/stage/half/made.html").write_text("x")
    publish(site, {"a.html": "2"})
    assert files(site) == {"a.html": "2"}


@pytest.mark.parametrize("path", ["/", "file"])
def test_a_place_that_is_no_folder_is_refused(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputRefused, match="choose another"), staged(str(tmp_path / path)):
        pass


def test_a_second_build_of_the_same_folder_waits_its_turn_outside(tmp_path: Path) -> None:
    with (
        staged(str(tmp_path / "site")),
        pytest.raises(OutputRefused, match="another build"),
        staged(str(tmp_path / "site")),
    ):
        pass
    with staged(str(tmp_path / "site")), staged(str(tmp_path / "other")):
        pass


def test_a_link_to_the_output_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    os.symlink("real", tmp_path / "site")
    publish(tmp_path / "site", {"a.html": "1"})
    assert (tmp_path / "site").is_symlink()
    assert files(tmp_path / "real") == {"a.html": "1"}
