"""What is built when: the parts that no test of a whole process can wait for."""

import time
from typing import Any

import pytest

from alsoread.cli import rounds
from alsoread.cli.preview_build import Options
from alsoread.cli.rounds import Rounds
from alsoread.desk.claims import Claims
from alsoread.desk.nursery import Nursery
from alsoread.desk.preview import Preview


def hang(line: Any) -> None:
    line.recv()
    time.sleep(60)


def test_a_build_without_end_is_stopped_and_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rounds, "_BUILD", 0.2)
    options = Options(None, None, None, None, drafts=True)
    preview, nursery = Preview("run"), Nursery(hang)
    try:
        going = Rounds(options, preview, Claims(), nursery, ("pelicanconf.py",), "ready", wanted=True)
        going.turn()
        # the first may take as long as it likes
        time.sleep(0.3)
        going.turn()
        assert going.building is not None
        going.longest = 0.01
        going.turn()
        assert going.building is None
    finally:
        nursery.close()
    assert preview.now.outcome is not None
    assert "the build had not ended after" in preview.now.outcome.failure
    assert "ready" in capsys.readouterr().out


def test_a_nursery_that_is_no_more_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    nursery = Nursery(hang)
    nursery.close()
    going = Rounds(
        Options(None, None, None, None, drafts=True), Preview("run"), Claims(), nursery, ("x",), "", wanted=True
    )
    going.turn()
    assert "start serve again" in capsys.readouterr().err
