"""Fixtures of the tests that hold the press against Pelican."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from build_client import Builders
from trial import Trial


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
