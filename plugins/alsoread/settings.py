"""Which settings does Alsoread add to Pelican's, and what do they hold?

One table: name, type, default, help. The documentation page and the did-you-mean come from it; Pelican's own settings
stay Pelican's.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, cast
from zoneinfo import ZoneInfo

from alsoread.diagnostics import Diagnostic, Refusal
from alsoread.kinds import LABELS
from alsoread.setting_kinds import SETTING_KINDS, is_address, typed_value
from alsoread.settings_file import Place, SettingPlaces

__all__ = ["SETTINGS", "DigestSettings", "Setting", "read_settings"]

_NOWHERE: Final = SettingPlaces()
_MEDIA = "avif gif ico jpeg jpg m4a mp3 mp4 oga ogg ogv opus pdf png txt vtt webm webp woff2"


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of the table. ``kind`` is one of text, address, whole, number, switch, engine, texts, labels, codes.

    An address is a file below the site's root, with the fields that it ``holds`` in braces.
    """

    name: str
    kind: str
    default: object
    help: str
    holds: tuple[str, ...] = ()


SETTINGS: Final[tuple[Setting, ...]] = (
    Setting(
        "ALSOREAD_LABELS",
        "labels",
        LABELS,
        "Words that begin a cross-link paragraph: a list, a dictionary from label to kind, or a dictionary from "
        "language code to one of these.",
    ),
    Setting("ALSOREAD_RELATED", "whole", 5, "How many related stories a story lists at the most."),
    Setting(
        "ALSOREAD_TOPIC_PATHS", "texts", ("topics",), "Folders below the content folder that hold the topics' files."
    ),
    Setting(
        "ALSOREAD_THREAD_PATHS", "texts", ("threads",), "Folders below the content folder that hold the threads' files."
    ),
    Setting(
        "ALSOREAD_NAVIGATION",
        "texts",
        (),
        "Slugs of the topics in the navigation of every page, in this order; empty means the top of each branch.",
    ),
    Setting("ALSOREAD_THREADS_PAGE", "address", "threads.html", "Address of the list of threads; empty for none."),
    Setting(
        "ALSOREAD_THREAD_PAGE",
        "address",
        "threads/{slug}.html",
        "Address of a thread's page; empty for none.",
        holds=("slug",),
    ),
    Setting(
        "ALSOREAD_THREAD_FEED",
        "address",
        "feeds/threads/{slug}.atom.xml",
        "Address of a thread's feed; empty for none.",
        holds=("slug",),
    ),
    Setting("ALSOREAD_SOURCES_PAGE", "address", "sources.html", "Address of the list of sources; empty for none."),
    Setting(
        "ALSOREAD_SOURCE_PAGE",
        "address",
        "sources/{slug}.html",
        "Address of a source's page; empty for none.",
        holds=("slug",),
    ),
    Setting(
        "ALSOREAD_COMBINATION_PAGE",
        "address",
        "topics/{first}+{second}.html",
        "Address of the page of two topics together; empty for none.",
        holds=("first", "second"),
    ),
    Setting(
        "ALSOREAD_COMBINATION_STORIES", "whole", 5, "How many stories two topics must share to have a page together."
    ),
    Setting(
        "ALSOREAD_EDIT_URL",
        "text",
        "",
        "Address to suggest an edit at, with {path} for the story's file below the content folder; empty for none.",
    ),
    Setting(
        "ALSOREAD_EXTRA_FIELDS",
        "texts",
        (),
        "Further front-matter fields that a theme or plugin of yours wants; they are handed on as text.",
    ),
    Setting(
        "ALSOREAD_STATIC_TYPES",
        "texts",
        tuple(_MEDIA.split()),
        "Endings of the static files that are published; files named in EXTRA_PATH_METADATA always are.",
    ),
    Setting("ALSOREAD_MAX_BYTES", "whole", 524_288, "Size of a story's file at the most, in bytes."),
    Setting(
        "ALSOREAD_BODY_ENGINE",
        "engine",
        "markdown",
        "What makes HTML of bodies: Python-Markdown with all its extensions, or a CommonMark engine that is many times "
        "as fast.",
    ),
    Setting("ALSOREAD_TIME_LIMIT", "number", 2.0, "Processor seconds that one story's body may take."),
    Setting(
        "ALSOREAD_NOW",
        "text",
        "",
        "The instant that embargo and expiry are judged at (ISO 8601); empty means the clock. `--now` sets it.",
    ),
    Setting(
        "ALSOREAD_PURE",
        "texts",
        (),
        "Filters, tests and functions whose result depends on their arguments alone, by their names in templates or as "
        "package.module.function. Pages that use any other are rendered by each build.",
    ),
    Setting(
        "ALSOREAD_NUMBER_FROM_OLDEST",
        "switch",
        default=False,
        help="Number the pages of lists from the oldest story, so that a new one leaves all but the first as they are.",
    ),
    Setting(
        "ALSOREAD_IGNORE",
        "codes",
        {},
        "Findings not to report: a dictionary from a pattern of paths below the content folder to a list of codes. "
        "Errors cannot be ignored.",
    ),
    Setting(
        "ALSOREAD_LEDGER",
        "text",
        "published.txt",
        "File that lists the published addresses, seen from the folder that holds the content folder; empty for none.",
    ),
    Setting(
        "ALSOREAD_UPLOAD",
        "texts",
        (),
        "Command by which `alsoread publish` delivers the site, word by word; {output} stands for the output folder.",
    ),
    Setting(
        "ALSOREAD_JOBS",
        "whole",
        1,
        "Processes that read stories and render pages. `--jobs` sets it; 0 means one a processor.",
    ),
)


@dataclass(frozen=True, slots=True)
class DigestSettings:
    """Alsoread's settings and the few of Pelican's that the reading of stories depends on, typed.

    ``places`` says where they stand, for findings; ``site`` is the address of the site, if it has one yet.
    ``drafts`` is no setting of anybody's: the live preview puts it there, to see what readers do not see yet.
    """

    labels: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, str]
    related: int
    topic_paths: tuple[str, ...]
    thread_paths: tuple[str, ...]
    extra_fields: tuple[str, ...]
    static_types: frozenset[str]
    max_bytes: int
    time_limit: float
    body_engine: str
    now: datetime
    jobs: int
    timezone: ZoneInfo
    lang: str
    future_dates: bool = True
    translations: bool = True
    pure: tuple[str, ...] = ()
    number_from_oldest: bool = False
    navigation: tuple[str, ...] = ()
    threads_page: str = ""
    thread_page: str = ""
    thread_feed: str = ""
    sources_page: str = ""
    source_page: str = ""
    combination_page: str = ""
    combination_stories: int = 5
    edit_url: str = ""
    ignore: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: SettingPlaces = field(default_factory=SettingPlaces)
    site: str = ""
    ledger: str = ""
    upload: tuple[str, ...] = ()
    drafts: bool = False

    def labels_for(self, lang: str) -> tuple[str, ...]:
        """The cross-link labels of a language: its own, then those for every language, longest first.

        A language without labels has those of the language it is a variety of (``pt`` for ``pt-br``).
        """
        own = self.labels.get(lang) or self.labels.get(lang.partition("-")[0], ())
        own += self.labels.get("*", ())
        return tuple(sorted(dict.fromkeys(own), key=lambda label: (-len(label), label)))

    def label_of(self, kind: str, lang: str) -> str:
        """The label that a language has for a kind of cross-link, the first where there are several, or nothing."""
        own = self.labels.get(lang) or self.labels.get(lang.partition("-")[0], ())
        labels = own if any(self.kinds.get(label) == kind for label in own) else self.labels.get("*", ())
        return next((label for label in labels if self.kinds.get(label) == kind), "")


def read_settings(
    pelican: Mapping[str, object], *, clock: datetime, places: SettingPlaces = _NOWHERE
) -> tuple[DigestSettings, tuple[Diagnostic, ...]]:
    """Type the ``ALSOREAD_*`` settings; those that cannot be read keep their default and become findings.

    ``clock`` is the instant to use where ``ALSOREAD_NOW`` is empty; ``places`` says where settings stand.

    :raises Refusal: if ``TIMEZONE`` is no time zone.
    """
    findings = [
        _unknown(name, places) for name in sorted(pelican) if name.startswith("ALSOREAD_") and _row(name) is None
    ]
    values: dict[str, object] = {}
    for row in SETTINGS:
        given = pelican.get(row.name, row.default)
        typed = typed_value(row.kind, given)
        if typed is None or (row.kind == "address" and not is_address(str(given), row.holds)):
            message = f"{row.name} is {given!r}, which is not {SETTING_KINDS[row.kind]}{_holding(row)}"
            findings.append(Diagnostic(*places.at(row.name), "AR602", message, f"{row.name} = {_example(row.default)}"))
            typed = typed_value(row.kind, row.default)
        values[row.name] = typed
    zone = _zone(str(pelican.get("TIMEZONE") or "UTC"))
    now = _instant(str(values["ALSOREAD_NOW"]), zone) if values["ALSOREAD_NOW"] else clock
    if now is None:
        message = f"ALSOREAD_NOW is {values['ALSOREAD_NOW']!r}, which is not an instant"
        findings.append(
            Diagnostic(*places.at("ALSOREAD_NOW"), "AR602", message, 'ALSOREAD_NOW = "2026-01-31T12:00:00+00:00"')
        )
        now = clock
    if values["ALSOREAD_BODY_ENGINE"] == "commonmark":
        lacking = (name for name in _extensions(pelican) if name not in _IN_COMMONMARK)
        findings += [_about_extension(name, places.at("ALSOREAD_BODY_ENGINE")) for name in lacking]
    labels = cast("Mapping[str, Mapping[str, str]]", values["ALSOREAD_LABELS"])
    settings = DigestSettings(
        labels={lang: tuple(said) for lang, said in labels.items()},
        kinds={label: kind for said in labels.values() for label, kind in said.items()},
        related=cast("int", values["ALSOREAD_RELATED"]),
        topic_paths=cast("tuple[str, ...]", values["ALSOREAD_TOPIC_PATHS"]),
        extra_fields=cast("tuple[str, ...]", values["ALSOREAD_EXTRA_FIELDS"]),
        static_types=frozenset(
            ending.lower().lstrip(".") for ending in cast("tuple[str, ...]", values["ALSOREAD_STATIC_TYPES"])
        ),
        max_bytes=cast("int", values["ALSOREAD_MAX_BYTES"]),
        time_limit=cast("float", values["ALSOREAD_TIME_LIMIT"]),
        body_engine=cast("str", values["ALSOREAD_BODY_ENGINE"]),
        now=now,
        jobs=cast("int", values["ALSOREAD_JOBS"]),
        timezone=zone,
        lang=str(pelican.get("DEFAULT_LANG") or "en").lower(),
        pure=cast("tuple[str, ...]", values["ALSOREAD_PURE"]),
        number_from_oldest=cast("bool", values["ALSOREAD_NUMBER_FROM_OLDEST"]),
        thread_paths=cast("tuple[str, ...]", values["ALSOREAD_THREAD_PATHS"]),
        navigation=cast("tuple[str, ...]", values["ALSOREAD_NAVIGATION"]),
        threads_page=cast("str", values["ALSOREAD_THREADS_PAGE"]),
        thread_page=cast("str", values["ALSOREAD_THREAD_PAGE"]),
        thread_feed=cast("str", values["ALSOREAD_THREAD_FEED"]),
        sources_page=cast("str", values["ALSOREAD_SOURCES_PAGE"]),
        source_page=cast("str", values["ALSOREAD_SOURCE_PAGE"]),
        combination_page=cast("str", values["ALSOREAD_COMBINATION_PAGE"]),
        combination_stories=cast("int", values["ALSOREAD_COMBINATION_STORIES"]),
        edit_url=cast("str", values["ALSOREAD_EDIT_URL"]),
        ignore=cast("Mapping[str, tuple[str, ...]]", values["ALSOREAD_IGNORE"]),
        places=places,
        site=str(pelican.get("SITEURL") or ""),
        ledger=cast("str", values["ALSOREAD_LEDGER"]),
        upload=cast("tuple[str, ...]", values["ALSOREAD_UPLOAD"]),
        future_dates=bool(pelican.get("WITH_FUTURE_DATES", True)),
        translations=bool(pelican.get("ARTICLE_TRANSLATION_ID", "slug")),
    )
    return settings, tuple(findings)


# the extensions of Python-Markdown of which the CommonMark engine has some part, and that which nobody needs
_IN_COMMONMARK: Final = frozenset(
    "attr_list codehilite def_list extra fenced_code footnotes meta sane_lists smarty tables".split()
)


def _extensions(pelican: Mapping[str, object]) -> list[str]:
    """The extensions that ``MARKDOWN`` names, by their short names; one given as an object by that of its class."""
    markdown = cast("Mapping[str, Iterable[object]]", pelican.get("MARKDOWN") or {})
    named = dict.fromkeys([*markdown.get("extensions", ()), *markdown.get("extension_configs", ())])
    return [
        each.removeprefix("markdown.extensions.") if isinstance(each, str) else type(each).__name__ for each in named
    ]


def _about_extension(name: str, place: Place) -> Diagnostic:
    message = f"the extension '{name}' of MARKDOWN is not in the body engine 'commonmark', and has no effect"
    return Diagnostic(*place, "AR604", message, 'ALSOREAD_BODY_ENGINE = "markdown"')


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise Refusal(f"TIMEZONE is {name!r}, which is no time zone; name one such as 'Europe/Paris'") from error


def _row(name: str) -> Setting | None:
    return next((row for row in SETTINGS if row.name == name), None)


def _unknown(name: str, places: SettingPlaces) -> Diagnostic:
    near = difflib.get_close_matches(name, [row.name for row in SETTINGS], n=1, cutoff=0.6)
    hint = f"did you mean {near[0]}?" if near else "the settings are listed in docs/settings.md"
    return Diagnostic(*places.at(name), "AR601", f"{name} is no setting of Alsoread's and has no effect", hint)


def _holding(row: Setting) -> str:
    return " with " + " and ".join(f"{{{field}}}" for field in row.holds) + " in it" if row.holds else ""


def _instant(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
        return (instant if instant.tzinfo else instant.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _example(default: object) -> str:
    if isinstance(default, Mapping):
        default = default.get("*", default)
    return repr(list(default)) if isinstance(default, tuple) else repr(default)
