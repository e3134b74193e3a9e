"""Where in its file does a setting get its value?"""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from alsoread.settings_file import SettingPlaces, assignments, read_places
from sites import Site

FILES = {
    "base": "ALSOREAD_RELATED = 3\nALSOREAD_NAVIGATION = ['a']\n",
    "middle": "from base import *\n",
    "endless": "from endless import *\nALSOREAD_RELATED = 4\n",
}


def places(text: str, **given: object) -> SettingPlaces:
    def taken(module: str) -> tuple[str, str] | None:
        return (FILES[module], f"{module}.py") if module in FILES else None

    return SettingPlaces.of("conf.py", assignments(text, "conf.py", taken), given)


NOWHERE = ("conf.py", 0, 0)
RELATED = [
    # the settings, the value that they gave, where it stands
    ("ALSOREAD_RELATED = -1\n", -1, ("conf.py", 1, 1)),
    ("\n\nX = ALSOREAD_RELATED = -1\n", -1, ("conf.py", 3, 5)),
    ("é = 'é'; ALSOREAD_RELATED = -1\n", -1, ("conf.py", 1, 10)),
    ("ALSOREAD_RELATED: int = -1\n", -1, ("conf.py", 1, 1)),
    ("A, ALSOREAD_RELATED = 1, -1\n", -1, ("conf.py", 1, 4)),
    ("ALSOREAD_RELATED = 5\nALSOREAD_RELATED = -1\n", -1, ("conf.py", 2, 1)),
    ("ALSOREAD_RELATED = int('-1')\n", -1, ("conf.py", 1, 1)),
    ("if True:\n    ALSOREAD_RELATED = -1\n", -1, ("conf.py", 2, 5)),
    ("with open('x'):\n    ALSOREAD_RELATED = 2\n    ALSOREAD_RELATED = -1\n", -1, ("conf.py", 3, 5)),
    ("from other import ALSOREAD_RELATED\n", -1, ("conf.py", 1, 1)),
    ("from base import *\n", 3, ("base.py", 1, 1)),
    ("from middle import *\n", 3, ("base.py", 1, 1)),
    ("from middle import *\nALSOREAD_RELATED = -1\n", -1, ("conf.py", 2, 1)),
    ("ALSOREAD_RELATED = -1\nfrom base import *\n", 3, ("base.py", 1, 1)),
    ("from endless import *\n", 4, ("endless.py", 2, 1)),
    ("def f():\n    ALSOREAD_RELATED = 7\n", 5, NOWHERE),
    ("globals()['ALSOREAD_RELATED'] = -1\n", -1, NOWHERE),
    ("from nowhere import *\n", -1, NOWHERE),
    ("from . import *\n", -1, NOWHERE),
    # more than one line has a say
    ("ALSOREAD_RELATED = 5\nif X:\n    ALSOREAD_RELATED = -1\n", -1, NOWHERE),
    ("if X:\n    ALSOREAD_RELATED = 5\nelse:\n    ALSOREAD_RELATED = -1\n", -1, NOWHERE),
    ("try:\n    ALSOREAD_RELATED = 5\nexcept ValueError:\n    ALSOREAD_RELATED = -1\n", -1, NOWHERE),
    ("if X:\n    from base import *\nelse:\n    ALSOREAD_RELATED = 3\n", 3, NOWHERE),
    ("match X:\n    case 1:\n        ALSOREAD_RELATED = 1\n    case _:\n        ALSOREAD_RELATED = -1\n", -1, NOWHERE),
    ("ALSOREAD_RELATED = 5\nALSOREAD_RELATED -= 6\n", -1, NOWHERE),
    # it is not the value that stands there: something else was given
    ("ALSOREAD_RELATED = 5\n", -1, NOWHERE),
    ("ALSOREAD_RELATED = (\n", -1, NOWHERE),
    ("", -1, NOWHERE),
]


@pytest.mark.parametrize(("text", "given", "place"), RELATED)
def test_the_place_of_a_setting(text: str, given: object, place: tuple[str, int, int]) -> None:
    assert places(text, ALSOREAD_RELATED=given).at("ALSOREAD_RELATED") == place


NAVIGATION = [
    ("ALSOREAD_NAVIGATION = [\n    'ports',\n    'port',\n]\n", ("port",), ("conf.py", 3, 5)),
    ("ALSOREAD_NAVIGATION = ['ports']\nALSOREAD_NAVIGATION += ['port']\n", ("port",), ("conf.py", 2, 25)),
    ("ALSOREAD_NAVIGATION = ['ports']\nALSOREAD_NAVIGATION.append('port')\n", ("port",), ("conf.py", 2, 28)),
    ("ALSOREAD_NAVIGATION = TOPICS\n", ("port",), ("conf.py", 1, 1)),
    ("ALSOREAD_NAVIGATION = ['port', *['port']]\n", ("port",), ("conf.py", 1, 1)),
    ("ALSOREAD_NAVIGATION = {'a': ['x'], 'b': ['x']}\n", ("b", "x"), ("conf.py", 1, 42)),
    ("ALSOREAD_NAVIGATION = {'a': ['x'], **{'b': ['x']}}\n", ("b", "x"), ("conf.py", 1, 45)),
    ("ALSOREAD_NAVIGATION = {'a': ['x'], 'b': X}\n", ("b", "x"), ("conf.py", 1, 36)),
]


@pytest.mark.parametrize(("text", "inside", "place"), NAVIGATION)
def test_the_place_of_a_text_inside_a_setting(text: str, inside: tuple[str, ...], place: tuple[str, int, int]) -> None:
    import ast

    value = ast.parse(text).body[0].value  # type: ignore[attr-defined]
    try:
        given = ast.literal_eval(value)
    except ValueError:
        given = None
    assert places(text, ALSOREAD_NAVIGATION=given).at("ALSOREAD_NAVIGATION", *inside) == place


def test_a_module_is_named_as_it_is_seen_from_the_settings_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "base.py").write_text("ALSOREAD_RELATED = 3\n", "utf-8")
    (tmp_path / "conf.py").write_text("from base import *\n", "utf-8")
    module = ModuleType("base")
    module.__file__ = str(tmp_path / "base.py")
    monkeypatch.setitem(sys.modules, "base", module)
    monkeypatch.chdir(tmp_path)
    given = {"ALSOREAD_RELATED": 3}
    assert read_places("conf.py", given).at("ALSOREAD_RELATED") == ("base.py", 1, 1)
    absolute = str(tmp_path / "conf.py")
    assert read_places(absolute, given).at("ALSOREAD_RELATED") == (str(tmp_path / "base.py"), 1, 1)
    assert read_places("conf.py", given).files == {"conf.py", "base.py"}
    assert read_places("none.py", given).at("ALSOREAD_RELATED") == ("none.py", 0, 0)
    (tmp_path / "conf.py").write_bytes(b"ALSOREAD_RELATED = 3 # \xff\n")
    assert read_places("conf.py", given).at("ALSOREAD_RELATED") == ("conf.py", 0, 0)


CONF = """import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from pelicanconf import *

print("run", file=sys.stderr)
ALSOREAD_IGNORE = {
    "stories/*": ["AR701", "AR999"],
}
"""


def test_findings_about_settings_stand_at_their_line_and_the_settings_run_once(site: Site) -> None:
    site.conf(ALSOREAD_NAVIGATION=["port"], ALSOREAD_RELATED="5", ALSOREAD_LABLES=["SEE"]).story(
        "a", "A", tags=["Ports"]
    )
    lines = (site.root / "pelicanconf.py").read_text("utf-8").splitlines()
    at = {name: next(n for n, line in enumerate(lines, 1) if line.startswith(name)) for name in given()}
    site.write("publishconf.py", CONF)
    shown = site.run("check", "-s", "publishconf.py").out
    assert f"pelicanconf.py:{at['ALSOREAD_LABLES']}:1 AR601" in shown
    assert f"pelicanconf.py:{at['ALSOREAD_RELATED']}:1 AR602" in shown
    assert f"pelicanconf.py:{at['ALSOREAD_NAVIGATION']}:24 AR603" in shown
    assert "publishconf.py:9:28 AR802" in shown
    result = site.run("check", "-s", "publishconf.py", "--format", "json")
    assert result.err.count("run") == 1
    (found,) = [finding for finding in result.json["findings"] if finding["code"] == "AR603"]
    assert (found["path"], found["line"]) == ("pelicanconf.py", at["ALSOREAD_NAVIGATION"])
    built = site.run("build", "-s", "publishconf.py")
    assert f"pelicanconf.py:{at['ALSOREAD_NAVIGATION']}:24 AR603" in built.err
    assert built.err.count("run\n") == 1


def given() -> tuple[str, ...]:
    return "ALSOREAD_NAVIGATION", "ALSOREAD_RELATED", "ALSOREAD_LABLES"
