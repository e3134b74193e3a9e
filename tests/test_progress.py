"""The bar shows itself to a person who waits, and to nobody else."""

import io

import pytest

from alsoread.cli import progress
from alsoread.cli.progress import shown


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _work(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, seconds: float) -> str:
    clock = iter([0.0, *(seconds * step / 10 for step in range(1, 11))])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr("sys.stderr", stream)
    with shown() as bar:
        for step in range(10):
            bar("Reading stories", step + 1, 10)
    return stream.getvalue()


def test_long_work_on_a_terminal_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Reading stories" in _work(monkeypatch, _Terminal(), 5.0)


def test_short_work_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _work(monkeypatch, _Terminal(), 0.9) == ""


def test_a_log_file_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _work(monkeypatch, io.StringIO(), 5.0) == ""
