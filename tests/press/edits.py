"""Sequences of edits to a small site, invented by Hypothesis; after each, the next build is held against a clean one."""

import os
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from builds import SITE_THEMES, Files, Project, assert_same, edited, files_of, templates_of
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

__all__ = ["Edits"]

ANCHOR: Final = "anchor"
"""The article that is always there and always published: a feed without entries carries the time of the build."""

_WORDS: Final = ("Ferry", "Crane & quay", "A <b>tide</b>", "Lämp", 'The "rope"', "Ports")
_TAGS: Final = ("", "Ports", "ports, Steel", "Steel, Ports, Night", "Night", "Größe, Ports")
_CATEGORIES: Final = ("Ports", "ports", "Sea", "Night")
_AUTHORS: Final = (None, "Ada Quill", "ada quill, Bo Reed", "Bo Reed")
_DATES: Final = ("2024-01-01", "2024-01-01 12:00", "2023-06-06", "2022-12-31 23:59", "2999-01-01", "never")
_STATUSES: Final = (None, "published", "draft", "hidden", "Draft")
_TEMPLATES: Final = (None, "article", "article_terse", "article_kin")
_SUMMARIES: Final = (None, "Short.", "Short, with [a link]({filename}anchor.md).")
_BODIES: Final = (
    "Text.\n",
    "Other *text*, and more of it.\n\nA second paragraph.\n",
    "See [that]({{filename}}{other}.md#part).\n",
    "A picture ![dot]({{static}}/images/dot.png) and [a tag]({{tag}}ports).\n",
    "A [plan]({{attach}}plan.txt), [home]({{index}}), [nobody]({{filename}}nobody.md).\n",
    "",
    "{{{{ no template }}}} {{% here %}} &amp; < >\n",
)
_STORIES: Final = (
    "Text.\n",
    "Late again.\n\nREAD: {title}\n",
    "The ferry and the crane of the old harbour.\n\nALSO READ {title}\n\nMore.\n",
    "READ: nobody wrote this\n",
    "See [that]({{filename}}{other}.md).\n\n![dot]({{static}}images/dot.png)\n",
    "READ: [[{slug}]]\n\n<b onclick='x()'>raw</b>\n",
    "As [[{slug}]] said, and [[{slug}|that]] too.\n\nBACKGROUND: {title}\n",
    "The ferry of the old harbour waits for the crane, and the crane for the tide.\n",
)
_SETTINGS: Final[tuple[dict[str, Any], ...]] = (
    {"SITENAME": "Quayside"},
    {"SITENAME": "Another name"},
    {"SITEURL": ""},
    {"SITEURL": "https://other.example/sub"},
    {"SITESUBTITLE": "Ships & such"},
    {"DEFAULT_PAGINATION": 2},
    {"DEFAULT_PAGINATION": 3, "DEFAULT_ORPHANS": 1},
    {"DEFAULT_PAGINATION": False},
    {"PAGINATED_TEMPLATES": {"index": 1, "tag": 2}},
    {"TAG_URL": "t/{slug}/", "TAG_SAVE_AS": "t/{slug}/index.html"},
    {"TAG_URL": "tag/{slug}.html", "TAG_SAVE_AS": ""},
    {"CATEGORY_SAVE_AS": "", "AUTHOR_SAVE_AS": ""},
    {"RELATIVE_URLS": True},
    {"RELATIVE_URLS": False},
    {"ARTICLE_URL": "{date:%Y}/{slug}/", "ARTICLE_SAVE_AS": "{date:%Y}/{slug}/index.html"},
    {"ARTICLE_URL": "{category}/{slug}.html", "ARTICLE_SAVE_AS": "{category}/{slug}.html"},
    {"ARTICLE_ORDER_BY": "title"},
    {"NEWEST_FIRST_ARCHIVES": False, "REVERSE_CATEGORY_ORDER": True},
    {"FEED_MAX_ITEMS": 2, "TAG_FEED_ATOM": "feeds/tag-{slug}.xml"},
    {"FEED_ALL_ATOM": None, "CATEGORY_FEED_ATOM": None},
    {"MONTH_ARCHIVE_SAVE_AS": "{date:%Y}/{date:%m}.html", "MONTH_ARCHIVE_URL": "{date:%Y}/{date:%m}.html"},
    {"SUMMARY_MAX_LENGTH": 3},
    {"DEFAULT_DATE_FORMAT": "%d.%m.%Y"},
    {"TIMEZONE": "Europe/Lisbon"},
    {"DEFAULT_LANG": "de"},
    {"AUTHOR": "The desk"},
    {"LINKS": (("Weather", "https://weather.example"),)},
    {"INCLUDED": "tail"},
    {"OUTPUT_SOURCES": True},
    {"STATIC_PATHS": ["images", "more"]},
    {"THEME_STATIC_DIR": "assets"},
    {"DISPLAY_PAGES_ON_MENU": False},
    {"JINJA_GLOBALS": {"LAYOUT_BASE": "bare.html", "SITESUBTITLE": "a global"}},
    {"JINJA_ENVIRONMENT": {"trim_blocks": False, "lstrip_blocks": True, "extensions": []}},
)
_DIGEST_SETTINGS: Final[tuple[dict[str, Any], ...]] = (
    {"SITENAME": "Far Quay"},
    {"SITEURL": "https://other.example/sub"},
    {"SITEURL": ""},
    {"DEFAULT_PAGINATION": 2},
    {"DEFAULT_PAGINATION": 3},
    {"RELATIVE_URLS": False},
    {"RELATIVE_URLS": True},
    {"TAG_URL": "t/{slug}.html", "TAG_SAVE_AS": "t/{slug}.html"},
    {"ARTICLE_URL": "{date:%Y}/{slug}.html", "ARTICLE_SAVE_AS": "{date:%Y}/{slug}.html"},
    {"ALSOREAD_RELATED": 0},
    {"ALSOREAD_RELATED": 2},
    {"ALSOREAD_NOW": "2000-01-01T00:00:00+00:00"},
    {"ALSOREAD_NOW": "2030-01-01T00:00:00+00:00"},
    {"ALSOREAD_LABELS": {"": ["SEE"]}},
    {"FEED_MAX_ITEMS": 2},
    {"TIMEZONE": "Europe/Lisbon"},
    {"CATEGORY_SAVE_AS": "kind/{slug}.html", "CATEGORY_URL": "kind/{slug}.html"},
    {"DEFAULT_DATE_FORMAT": "%d.%m.%Y"},
    {"ALSOREAD_LABELS": {"READ": "denies", "ALSO READ": "reaction"}},
    {"ALSOREAD_THREAD_PAGE": "", "ALSOREAD_SOURCES_PAGE": ""},
    {"ALSOREAD_SOURCE_PAGE": "by/{slug}/index.html", "ALSOREAD_THREADS_PAGE": "running.html"},
    {"ALSOREAD_COMBINATION_STORIES": 1},
    {"ALSOREAD_COMBINATION_PAGE": ""},
    {"ALSOREAD_NAVIGATION": ["night", "ports"]},
    {"ALSOREAD_EDIT_URL": "https://forge.example/edit/{path}"},
    {"ALSOREAD_NUMBER_FROM_OLDEST": True, "DEFAULT_PAGINATION": 2},
)
_SOURCES: Final = (None, "Quay Gazette", "quay gazette", "The Tide")
_KEPT: Final = (None, "the-long-strike", "tides")
_SIGNALS: Final = (
    "content_written",
    "feed_written",
    "content_object_init",
    "article_generator_finalized",
    "all_generators_finalized",
    "article_writer_finalized",
    "finalized",
)
_ABSENT: Final = ("bits/absent.html", "bits/perhaps.html", "page_extra.html", "translations.html", "analytics.html")

_AT: Final = st.integers(0, 7)
_MANY: Final = st.integers(0, 60)


def _either(values: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


class Edits(RuleBasedStateMachine):
    """A site, edited at random; `theme` is the one it begins with, and `broadsheet` makes it a digest."""

    def __init__(self, theme: str) -> None:
        super().__init__()
        is_digest = theme == "broadsheet"
        self.project = Project(
            Path(tempfile.mkdtemp(prefix="edits-")), theme, ("alsoread",) if is_digest else ("alsoread.press",)
        )
        self.is_digest = is_digest
        self.articles: dict[str, dict[str, object]] = {}
        self.bodies: dict[str, str] = {}
        self.count = 0
        self.unbuilt = 0
        self.built = 0
        self.before: Files = {}

    def teardown(self) -> None:
        shutil.rmtree(self.project.root, ignore_errors=True)

    # what there is at first

    @initialize()
    def begin(self) -> None:
        project = self.project
        project.write("content/images/dot.png", b"\x89PNG dot").write("content/more/line.png", b"\x89PNG line")
        project.write("content/plan.txt", "a plan\n")
        self._save_page("About us.\n")
        self._add(ANCHOR, "Text.\n", tags="Ports", category="Ports", date="2024-01-01")
        self._add("ferry", "Late.\n", tags="Ports, Steel", category="Sea", date="2023-06-06", author="Ada Quill")
        self._add("crane", self._body(1, 0), tags="Night", category="ports", date="2024-01-01")
        self._add("tide", "High.\n", category="Sea", date="2022-12-31", slug="tide", summary="High.")

    # articles

    @rule(
        word=_either(_WORDS),
        tags=_either(_TAGS),
        category=_either(_CATEGORIES),
        date=_either(_DATES),
        body=_AT,
        at=_AT,
        author=_either(_AUTHORS),
        summary=_either(_SUMMARIES),
    )
    @precondition(lambda self: len(self.articles) < 8)
    def add(
        self,
        word: str,
        tags: str,
        category: str,
        date: str,
        body: int,
        at: int,
        author: str | None,
        summary: str | None,
    ) -> None:
        self._add(
            f"added{self.count}",
            self._body(body, at),
            word,
            tags=tags or None,
            category=category,
            date=date,
            author=author,
            summary=summary,
        )

    @rule(at=_AT, lang=_either(("de", "fr")))
    @precondition(lambda self: len(self.articles) < 8)
    def translate(self, at: int, lang: str) -> None:
        name = self._name(at)
        slug = self.articles[name].setdefault("slug", f"slug-{self.count}")
        if "lang" in self.articles[name] or any(
            each.get("slug") == slug and other != name for other, each in self.articles.items()
        ):
            return
        self._save(name)
        self._add(
            f"{name}-{lang}", "Übersetzt.\n", "Übersetzung", slug=slug, lang=lang, date="2023-01-01", category="Sea"
        )

    @rule(at=_AT, body=_AT, other=_AT)
    def edit_body(self, at: int, body: int, other: int) -> None:
        name = self._name(at)
        self.bodies[name] = self._body(body, other)
        self._save(name)

    @rule(at=_AT, word=_either(_WORDS))
    def edit_title(self, at: int, word: str) -> None:
        self.count += 1
        self._set(at, title=f"{word} {self.count}")

    @rule(at=_AT, tags=_either(_TAGS))
    def retag(self, at: int, tags: str) -> None:
        self._set(at, tags=tags or None)

    @rule(at=_AT, category=_either(_CATEGORIES), author=_either(_AUTHORS))
    def resort(self, at: int, category: str, author: str | None) -> None:
        self._set(at, category=category, author=author)

    @rule(at=_AT, summary=_either(_SUMMARIES), modified=_either((None, "2024-02-02")), mood=_either((None, "calm")))
    def edit_fields(self, at: int, summary: str | None, modified: str | None, mood: str | None) -> None:
        self._set(at, summary=summary, modified=modified, mood=mood)

    @rule(at=_AT, date=_either(_DATES))
    def redate(self, at: int, date: str) -> None:
        if self._name(at) != ANCHOR:
            self._set(at, date=date)

    @rule(at=_AT, status=_either(_STATUSES))
    def restatus(self, at: int, status: str | None) -> None:
        if self._name(at) != ANCHOR:
            self._set(at, status=status)

    @rule(at=_AT, template=_either(_TEMPLATES))
    @precondition(lambda self: self.project.theme == "torture")
    def choose_template(self, at: int, template: str | None) -> None:
        self._set(at, template=template)

    @rule(
        at=_AT, until=_either((None, "2001-01-01", "2020-01-01", "2999-01-01")), expires=_either((None, "2025-01-01"))
    )
    @precondition(lambda self: self.is_digest)
    def hold_back(self, at: int, until: str | None, expires: str | None) -> None:
        if self._name(at) != ANCHOR:
            self._set(at, embargo_until=until, expires=expires)

    @rule(at=_AT, source=_either(_SOURCES), thread=_either(_KEPT), alias=_either((None, "[/old.html]", "[old/]")))
    @precondition(lambda self: self.is_digest)
    def file_under(self, at: int, source: str | None, thread: str | None, alias: str | None) -> None:
        self._set(at, source=source, thread=thread, aliases=alias)

    @rule(at=_AT, folder=_either(("", "deep/", "deep/er/")))
    def rename(self, at: int, folder: str) -> None:
        name = self._name(at)
        if name == ANCHOR:
            return
        self.count += 1
        new = f"{folder}renamed{self.count}"
        self.articles[new], self.bodies[new] = self.articles.pop(name), self.bodies.pop(name)
        (self.project.root / f"content/{folder}").mkdir(parents=True, exist_ok=True)
        os.rename(self._file(name), self._file(new))

    @rule(at=_AT)
    def delete(self, at: int) -> None:
        name = self._name(at)
        if name != ANCHOR:
            self._file(name).unlink()
            del self.articles[name], self.bodies[name]

    @rule(at=_AT)
    def edit_with_an_old_stamp(self, at: int) -> None:
        """As some editors, version control and synchronising do: another text, the same size, the same time."""
        name = self._name(at)
        path = self._file(name)
        stamp = path.stat()
        body = self.bodies[name]
        self.bodies[name] = re.sub(r"[a-z](?=[.,!]|$)", lambda found: "z" if found[0] != "z" else "y", body, count=1)
        self._save(name)
        os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        assert path.stat().st_size == stamp.st_size

    @rule(at=_AT, seconds=st.integers(-10, 10))
    def touch_article(self, at: int, seconds: int) -> None:
        path = self._file(self._name(at))
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime + seconds))

    @rule(text=_either(("About us.\n", "About them.\n", "See [that]({filename}/anchor.md).\n", None)))
    def edit_page(self, text: str | None) -> None:
        if text is None:
            (self.project.root / "content/pages/about.md").unlink(missing_ok=True)
        else:
            self._save_page(text)

    @rule(data=_either((b"\x89PNG one", b"\x89PNG two", b"")))
    def edit_picture(self, data: bytes) -> None:
        self.project.write("content/images/dot.png", data)

    @rule(at=_AT, name=_either(("Ports", "PORTS & docks")))
    @precondition(lambda self: self.is_digest)
    def edit_topic(self, at: int, name: str) -> None:
        path = self.project.root / "content/topics/ports.md"
        if path.exists() and at % 3 == 0:
            path.unlink()
        else:
            fields = f"name: {name}\nslug: ports\naliases: [Steel]\n"
            self.project.write("content/topics/ports.md", f"---\n{fields}---\n\n{self._body(at, at + 1)}")

    @rule(at=_AT, parent=_either(("", "ports", "night", "Steel")), pinned=_either(("", "tide", "nobody")))
    @precondition(lambda self: self.is_digest)
    def edit_branch(self, at: int, parent: str, pinned: str) -> None:
        name = ("Night", "Steel", "Sea")[at % 3]
        fields = f"name: {name}\nparent: {parent}\npinned: [{pinned}]\n"
        self.project.write(f"content/topics/{name.lower()}.md", f"---\n{fields}---\n")

    @rule(at=_AT, closed=_either(("developing", "closed")))
    @precondition(lambda self: self.is_digest)
    def edit_thread(self, at: int, closed: str) -> None:
        path = self.project.root / "content/threads/tides.md"
        if path.exists() and at % 3 == 0:
            path.unlink()
        else:
            fields = f"name: Tides {at}\nstatus: {closed}\n"
            self.project.write("content/threads/tides.md", f"---\n{fields}---\n\n{self._body(at, at + 2)}")

    # the theme

    @rule(at=_MANY)
    def edit_template(self, at: int) -> None:
        path = self._template(at)
        self.count += 1
        path.write_text(edited(path.read_text("utf-8"), f"v{self.count} "), "utf-8")

    @rule(at=_MANY, seconds=st.integers(-10, 10))
    def touch_template(self, at: int, seconds: int) -> None:
        path = self._template(at)
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime + seconds))

    @rule(at=_MANY)
    def add_override(self, at: int) -> None:
        names = templates_of(self.project)
        self.count += 1
        text = edited(
            (self.project.theme_folder / "templates" / names[at % len(names)]).read_text("utf-8"), f"o{self.count} "
        )
        self.project.write(f"overrides/{names[at % len(names)]}", text)

    @rule(at=_AT)
    def add_what_was_absent(self, at: int) -> None:
        self.count += 1
        self.project.write(f"overrides/{_ABSENT[at % len(_ABSENT)]}", f"here {self.count} {{{{ SITENAME }}}}\n")

    @rule(at=_AT)
    def remove_override(self, at: int) -> None:
        found = sorted(path for path in (self.project.root / "overrides").rglob("*") if path.is_file())
        if found:
            found[at % len(found)].unlink()

    @rule(name=_either(("archives.html", "tags.html", "authors.html", "period_archives.html")))
    @precondition(lambda self: not self.is_digest)
    def delete_template(self, name: str) -> None:
        """Pelican has one of its own for each of these."""
        (self.project.theme_folder / "templates" / name).unlink(missing_ok=True)

    @rule(at=_MANY)
    def break_template(self, at: int) -> None:
        path = self._template(at)
        text = path.read_text("utf-8")
        path.write_text(text + "{% endnothing %}", "utf-8")
        self._build_and_compare()
        path.write_text(text, "utf-8")

    @rule(at=_AT)
    def edit_theme_static(self, at: int) -> None:
        folder = self.project.theme_folder / "static"
        files = sorted(path for path in folder.rglob("*.css") if path.is_file()) or [folder / "more.css"]
        files[0].parent.mkdir(parents=True, exist_ok=True)
        files[at % len(files)].write_text(f"body {{ margin: {at}px }}\n")

    @rule(theme=_either(SITE_THEMES))
    @precondition(lambda self: not self.is_digest)
    def swap_theme(self, theme: str) -> None:
        self.project.theme = theme
        if theme != "torture":
            for name in [name for name, fields in self.articles.items() if fields.pop("template", None)]:
                self._save(name)

    # settings

    @rule(at=_MANY)
    def change_settings(self, at: int) -> None:
        choices = _DIGEST_SETTINGS if self.is_digest else _SETTINGS
        self.project.settings.update(choices[at % len(choices)])

    @rule(at=_MANY)
    def reset_setting(self, at: int) -> None:
        names = sorted(self.project.settings)
        if names:
            del self.project.settings[names[at % len(names)]]

    # builds

    @rule(steps=st.integers(1, 3))
    def edit_more_before_the_next_build(self, steps: int) -> None:
        self.unbuilt = steps + 1

    @rule(signal=_either(_SIGNALS), after=st.integers(0, 20))
    def interrupt(self, signal: str, after: int) -> None:
        """As somebody does who presses Ctrl-C in the middle: the old site stays."""
        left = [after]

        def stop(*_: object, **__: object) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt

        try:
            self.project.build(receivers={signal: stop})
        except KeyboardInterrupt:
            assert_same(files_of(self.project.root / "output"), self.before, "after an interrupted build")
        except Exception:  # noqa: BLE001 - whatever a template raises
            # the site cannot be built as it is: what follows sees to that
            assert_same(files_of(self.project.root / "output"), self.before, "after a build that failed")
        else:
            self.before = files_of(self.project.root / "output")

    @invariant()
    def a_build_is_as_good_as_a_clean_one(self) -> None:
        if not self.articles:
            return
        if self.unbuilt:
            self.unbuilt -= 1
        else:
            self._build_and_compare()

    def _build_and_compare(self) -> None:
        """Both builds give the same site, or the same failure; then the old site stays."""
        project = self.project
        found = _tried(project.build)
        said = project.messages
        self.built += 1
        by_pelican = not self.is_digest and self.built % 3 != 0
        wanted = _tried(project.stock if by_pelican else project.clean)
        what = f"build {self.built} against {'Pelican' if by_pelican else 'a clean one'}"
        if isinstance(wanted, Exception) or isinstance(found, Exception):
            assert type(found) is type(wanted), f"{what}: {found!r:.300} where {wanted!r:.300} was to come"
            assert_same(files_of(project.root / "output"), self.before, f"{what}, which failed")
            return
        assert_same(found, wanted, what)
        assert not [line for line in said if "Traceback" in line], said
        self.before = found

    # files

    def _name(self, at: int) -> str:
        names = sorted(self.articles)
        return names[at % len(names)]

    def _file(self, name: str) -> Path:
        return self.project.root / f"content/{name}.md"

    def _template(self, at: int) -> Path:
        names = templates_of(self.project)
        return self.project.theme_folder / "templates" / names[at % len(names)]

    def _body(self, kind: int, other: int) -> str:
        bodies = _STORIES if self.is_digest else _BODIES
        name = self._name(other)
        fields = self.articles[name]
        return bodies[kind % len(bodies)].format(other=name, title=fields["title"], slug=fields.get("slug", name))

    def _add(self, name: str, body: str, word: str = "", **fields: object) -> None:
        self.count += 1
        self.articles[name] = {"title": f"{word or name.capitalize()} {self.count}", **fields}
        self.bodies[name] = body
        self._save(name)

    def _set(self, at: int, **fields: object) -> None:
        name = self._name(at)
        self.articles[name].update(fields)
        self._save(name)

    def _save(self, name: str) -> None:
        if not self.is_digest:
            self.project.article(name, self.bodies[name], **self.articles[name])
            return
        lines = [
            f"{key}: {_quoted(key, value)}" for key, value in self.articles[name].items() if value and key != "mood"
        ]
        self.project.write(f"content/{name}.md", "\n".join(["---", *lines, "---", "", self.bodies[name]]))

    def _save_page(self, text: str) -> None:
        head = "---\ntitle: About\n---\n\n" if self.is_digest else "Title: About\n\n"
        self.project.write("content/pages/about.md", head + text)


def _quoted(key: str, value: object) -> object:
    if key == "tags":
        return f"[{value}]"
    return (
        value
        if key in {"date", "modified", "embargo_until", "expires", "aliases"}
        else "'" + str(value).replace("'", "''") + "'"
    )


def _tried(build: Callable[[], Files]) -> Files | Exception:
    try:
        return build()
    except Exception as error:  # noqa: BLE001 - whatever a template raises
        return error
