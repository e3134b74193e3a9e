"""Fixtures of the tests that hold the press against Pelican."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from build_client import Builders
from trial import Trial

from alsoread.press.pages import Memory


@pytest.fixture(scope="session")
def builders() -> Iterator[Builders]:
    """Processes that build sites for all tests of a session."""
    builders = Builders()
    yield builders
    builders.close()


@pytest.fixture
def trial(tmp_path: Path, builders: Builders) -> Trial:
    """A site that has nothing yet."""
    return Trial(tmp_path, builders)


@pytest.fixture
def not_looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages of the last build that were asked for as they were."""
    found: list[str] = []
    stock = Memory._take

    def noting(self: Memory, *args: Any) -> Any:
        taken = stock(self, *args)
        found.extend(taken)
        return taken

    monkeypatch.setattr(Memory, "_take", noting)
    return found
