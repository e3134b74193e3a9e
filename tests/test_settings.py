"""Which settings does Alsoread add to Pelican's, and what do they hold?"""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alsoread.diagnostics import Diagnostic, Refusal
from alsoread.settings import SETTINGS, DigestSettings, read_settings
from alsoread.settings_file import SettingPlaces
from reading import MARKDOWN, NOW, places


def typed(**given: object) -> DigestSettings:
    settings, findings = read_settings(given, clock=NOW)
    assert findings == ()
    return settings


def refused(**given: object) -> Diagnostic:
    (finding,) = read_settings(given, clock=NOW, places=SettingPlaces("conf.py"))[1]
    assert finding.path == "conf.py"
    return finding


def test_the_defaults_are_what_the_table_says() -> None:
    defaults = typed()
    assert defaults == read_settings({row.name: row.default for row in SETTINGS}, clock=NOW)[0]
    assert defaults.labels["*"] == ("ALSO READ", "READ", "RELATED", "BACKGROUND")
    assert defaults.labels_for("de")[0] == "LESEN SIE AUCH"
    assert (defaults.now, defaults.timezone, defaults.lang) == (NOW, ZoneInfo("UTC"), "en")


def test_every_setting_of_the_table_is_read() -> None:
    """A row that nothing reads would be a setting without effect."""
    other = {
        "text": "2027-01-01",
        "address": "",
        "whole": 77,
        "number": 7.5,
        "switch": True,
        "engine": "commonmark",
        "texts": ["x"],
        "labels": ["SEE"],
        "codes": {"*": ["AR701"]},
    }
    before = typed()
    for row in SETTINGS:
        assert typed(**{row.name: other[row.kind]}) != before, row.name
        assert row.help.endswith((".", ";"))


REFUSED = [
    # settings, code, the setting that is named, hint
    ({"ALSOREAD_RELATDE": 3}, "AR601", "ALSOREAD_RELATDE", "did you mean ALSOREAD_RELATED?"),
    (
        {"ALSOREAD_ZZZZZZZZZZZZZZZZ": 3},
        "AR601",
        "ALSOREAD_ZZZZZZZZZZZZZZZZ",
        "the settings are listed in docs/settings.md",
    ),
    ({"ALSOREAD_IGNORE": ["AR701"]}, "AR602", "a dictionary from text to list of texts", "ALSOREAD_IGNORE = {}"),
    ({"ALSOREAD_IGNORE": {"*": "AR701"}}, "AR602", "ALSOREAD_IGNORE", "ALSOREAD_IGNORE = {}"),
    ({"ALSOREAD_BODY_ENGINE": "rust"}, "AR602", "'markdown' or 'commonmark'", "ALSOREAD_BODY_ENGINE = 'markdown'"),
    ({"ALSOREAD_RELATED": -1}, "AR602", "-1", "ALSOREAD_RELATED = 5"),
    ({"ALSOREAD_RELATED": True}, "AR602", "True", "ALSOREAD_RELATED = 5"),
    ({"ALSOREAD_RELATED": 2.0}, "AR602", "2.0", "ALSOREAD_RELATED = 5"),
    ({"ALSOREAD_RELATED": None}, "AR602", "None", "ALSOREAD_RELATED = 5"),
    ({"ALSOREAD_JOBS": "2"}, "AR602", "'2'", "ALSOREAD_JOBS = 1"),
    ({"ALSOREAD_TIME_LIMIT": 0}, "AR602", "0", "ALSOREAD_TIME_LIMIT = 2.0"),
    ({"ALSOREAD_TIME_LIMIT": float("inf")}, "AR602", "inf", "ALSOREAD_TIME_LIMIT = 2.0"),
    ({"ALSOREAD_TIME_LIMIT": float("nan")}, "AR602", "nan", "ALSOREAD_TIME_LIMIT = 2.0"),
    ({"ALSOREAD_TIME_LIMIT": 10**400}, "AR602", "100", "ALSOREAD_TIME_LIMIT = 2.0"),
    ({"ALSOREAD_EXTRA_FIELDS": "podcast"}, "AR602", "'podcast'", "ALSOREAD_EXTRA_FIELDS = []"),
    ({"ALSOREAD_TOPIC_PATHS": [1]}, "AR602", "[1]", "ALSOREAD_TOPIC_PATHS = ['topics']"),
    (
        {"ALSOREAD_LABELS": "READ"},
        "AR602",
        "'READ'",
        "ALSOREAD_LABELS = ['ALSO READ', 'READ', 'RELATED', 'BACKGROUND']",
    ),
    (
        {"ALSOREAD_LABELS": {"fr": "LIRE"}},
        "AR602",
        "LIRE",
        "ALSOREAD_LABELS = ['ALSO READ', 'READ', 'RELATED', 'BACKGROUND']",
    ),
    (
        {"ALSOREAD_LABELS": {1: ["LIRE"]}},
        "AR602",
        "LIRE",
        "ALSOREAD_LABELS = ['ALSO READ', 'READ', 'RELATED', 'BACKGROUND']",
    ),
    (
        {"ALSOREAD_LABELS": {"SEE": "hearsay"}},
        "AR602",
        "hearsay",
        "ALSOREAD_LABELS = ['ALSO READ', 'READ', 'RELATED', 'BACKGROUND']",
    ),
    (
        {"ALSOREAD_THREAD_PAGE": "threads.html"},
        "AR602",
        "with {slug} in it",
        "ALSOREAD_THREAD_PAGE = 'threads/{slug}.html'",
    ),
    ({"ALSOREAD_SOURCE_PAGE": "{name}/{slug}.html"}, "AR602", "{name}", "ALSOREAD_SOURCE_PAGE = 'sources/{slug}.html'"),
    ({"ALSOREAD_SOURCES_PAGE": "../x.html"}, "AR602", "../x", "ALSOREAD_SOURCES_PAGE = 'sources.html'"),
    ({"ALSOREAD_THREADS_PAGE": "/x.html"}, "AR602", "/x", "ALSOREAD_THREADS_PAGE = 'threads.html'"),
    (
        {"ALSOREAD_COMBINATION_PAGE": "{first}.html"},
        "AR602",
        "{second}",
        "ALSOREAD_COMBINATION_PAGE = 'topics/{first}+{second}.html'",
    ),
    ({"ALSOREAD_NOW": "tomorrow"}, "AR602", "tomorrow", 'ALSOREAD_NOW = "2026-01-31T12:00:00+00:00"'),
    ({"ALSOREAD_NOW": NOW}, "AR602", "datetime", "ALSOREAD_NOW = ''"),
    ({"ALSOREAD_NOW": "0001-01-01T00:00:00+23:59"}, "AR602", "0001", 'ALSOREAD_NOW = "2026-01-31T12:00:00+00:00"'),
]


@pytest.mark.parametrize(("given", "code", "named", "hint"), REFUSED)
def test_a_setting_that_cannot_be_used_is_reported_and_has_its_default(
    given: dict[str, object], code: str, named: str, hint: str
) -> None:
    finding = refused(**given)
    assert places([finding]) == [(code, 0, 0)]
    assert named in finding.message
    assert finding.hint == hint
    assert read_settings(given, clock=NOW)[0] == typed()


@pytest.mark.parametrize(
    ("markdown", "missing"),
    [
        ({"extensions": ["markdown.extensions.toc", "tables"]}, ["toc"]),
        ({"extension_configs": {"extra": {}, "wikilinks": {}, "site.own": {}}}, ["wikilinks", "site.own"]),
        (MARKDOWN, []),
        ({}, []),
    ],
)
def test_an_extension_that_the_engine_does_not_have_is_reported(markdown: dict[str, Any], missing: list[str]) -> None:
    given = {"ALSOREAD_BODY_ENGINE": "commonmark", "MARKDOWN": markdown}
    findings = read_settings(given, clock=NOW)[1]
    assert [(finding.code, finding.hint) for finding in findings] == [
        ("AR604", 'ALSOREAD_BODY_ENGINE = "markdown"') for _ in missing
    ]
    assert all(f"'{name}'" in finding.message for name, finding in zip(missing, findings, strict=True))
    assert read_settings({"MARKDOWN": markdown}, clock=NOW)[1] == ()


@pytest.mark.parametrize("hint", sorted({hint for _, _, _, hint in REFUSED if " = " in hint}))
def test_a_hint_pasted_into_the_settings_file_is_accepted(hint: str) -> None:
    pasted: dict[str, object] = {}
    exec(hint, pasted)  # a line of Python, as a settings file is
    typed(**{name: value for name, value in pasted.items() if name.startswith("ALSOREAD_")})


def test_other_settings_are_pelicans() -> None:
    assert read_settings({"ALSO": 1, "alsoread_x": 1, "RELATED": "x"}, clock=NOW)[1] == ()


@pytest.mark.parametrize("zone", ["Mars/Phobos", "../../etc/passwd", "/etc/localtime", "\x00", "UTC "])
def test_a_time_zone_that_does_not_exist_is_refused_with_an_example(zone: str) -> None:
    with pytest.raises(Refusal, match="Europe/Paris"):
        read_settings({"TIMEZONE": zone}, clock=NOW)


def test_the_instant_is_that_of_the_setting_or_else_of_the_clock() -> None:
    assert typed(ALSOREAD_NOW="").now == NOW
    assert typed(ALSOREAD_NOW="2026-03-01T10:00:00+02:00").now == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert typed(ALSOREAD_NOW="2026-03-01 10:00", TIMEZONE="Asia/Kolkata").now == datetime(
        2026, 3, 1, 4, 30, tzinfo=UTC
    )


def test_labels_of_a_language_come_before_those_of_all_and_the_longest_first() -> None:
    settings = typed(ALSOREAD_LABELS={"FR": ["LIRE", "LIRE  AUSSI", " "], "*": ["READ", "LIRE"], "pt-br": ["LEIA"]})
    assert settings.labels_for("fr") == ("LIRE AUSSI", "LIRE", "READ")
    assert settings.labels_for("fr-ca") == ("LIRE AUSSI", "LIRE", "READ")
    assert settings.labels_for("pt-br") == ("LEIA", "LIRE", "READ")
    assert settings.labels_for("pt") == ("LIRE", "READ")
    assert typed(ALSOREAD_LABELS=[]).labels_for("en") == ()


def test_a_label_says_a_kind_that_is_given_or_well_known() -> None:
    settings = typed(ALSOREAD_LABELS={"SEE": "promo", "BACKGROUND": "opinion"})
    assert settings.labels == {"*": ("SEE", "BACKGROUND")}
    assert settings.kinds == {"SEE": "promo", "BACKGROUND": "opinion"}
    assert typed(ALSOREAD_LABELS=["DENIED", "SEE"]).kinds == {"DENIED": "denies", "SEE": ""}
    by_language = typed(ALSOREAD_LABELS={"fr": {"VOIR": "promo"}, "*": ["UPDATE"]})
    assert by_language.kinds == {"VOIR": "promo", "UPDATE": "update"}
    assert (by_language.label_of("promo", "fr-ca"), by_language.label_of("update", "fr")) == ("VOIR", "UPDATE")
    assert by_language.label_of("denies", "fr") == ""


def test_a_set_is_read_in_an_order_that_does_not_change() -> None:
    assert typed(ALSOREAD_EXTRA_FIELDS={"c", "a", "b"}).extra_fields == ("a", "b", "c")


def test_endings_are_read_with_and_without_a_dot() -> None:
    assert typed(ALSOREAD_STATIC_TYPES=[".PDF", "jpg"]).static_types == {"pdf", "jpg"}


def test_the_language_is_pelicans() -> None:
    assert typed(DEFAULT_LANG="pt-BR").lang == "pt-br"
