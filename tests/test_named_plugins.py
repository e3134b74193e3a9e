"""Of the plugins that are installed those are imported that a site names."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pelican.plugins
import pytest
from pelican.plugins import _utils
from pelican.settings import DEFAULT_CONFIG, configure_settings

from alsoread.cli.named_plugins import only_named
from alsoread.cli.site import make_pelican

NAMES = ("first_installed", "second_installed")


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two plugins that anybody may have installed."""
    for name in NAMES:
        folder = tmp_path / "installed" / name
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("def register():\n    pass\n")
    monkeypatch.setattr(pelican.plugins, "__path__", [*pelican.plugins.__path__, str(tmp_path / "installed")])
    yield
    for name in NAMES:
        sys.modules.pop(f"pelican.plugins.{name}", None)


def imported() -> list[str]:
    return [name for name in NAMES if f"pelican.plugins.{name}" in sys.modules]


@pytest.mark.parametrize(
    ("plugins", "wanted"),
    [
        ([], []),
        (["alsoread"], []),
        (["first_installed"], ["first_installed"]),
        (["pelican.plugins.second_installed", "alsoread"], ["second_installed"]),
        (["installed", "irst_installed", sys], []),
        (None, [*NAMES]),
    ],
)
def test_named_plugins_are_imported_and_no_others(plugins: list[object] | None, wanted: list[str]) -> None:
    stock = _utils.get_namespace_plugins
    with only_named(plugins):
        found = _utils.get_namespace_plugins()
    assert imported() == wanted
    assert [name for name in NAMES if f"pelican.plugins.{name}" in found] == wanted
    assert _utils.get_namespace_plugins is stock


def test_a_site_is_made_with_the_plugins_that_it_names(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    given = {"PATH": str(tmp_path / "content"), "OUTPUT_PATH": str(tmp_path / "output")}
    made = make_pelican(configure_settings({**DEFAULT_CONFIG, **given, "PLUGINS": ["second_installed"]}))
    assert imported() == ["second_installed"]
    assert [plugin.__name__ for plugin in made.plugins] == ["pelican.plugins.second_installed"]
