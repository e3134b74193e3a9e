"""Fixtures that more than one test file uses."""

import locale
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from sites import Site

# a machine under load is slow, and that is no defect
settings.register_profile("alsoread", deadline=None)
settings.load_profile("alsoread")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """An empty digest in a folder of its own, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    return Site(tmp_path)


@pytest.fixture(autouse=True)
def same_locale() -> Iterator[None]:
    """Pelican sets the locale of its process, and with it the encoding of files that are opened without naming one."""
    before = locale.setlocale(locale.LC_ALL)
    yield
    locale.setlocale(locale.LC_ALL, before)
