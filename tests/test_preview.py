"""What a page uses, what lies over it, and what counts as a change: the parts of the preview, without a process."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jinja2
import pytest

from alsoread.desk.compiled import CompiledTemplates
from alsoread.desk.errorpage import Outcome, Said, banner, message_page
from alsoread.desk.preview import Preview
from alsoread.desk.reload import used_by, version, with_script
from alsoread.desk.watch import turns
from alsoread.diagnostics import Severity
from alsoread.press.templates import make_traced

# -- what a page uses


@pytest.mark.parametrize(
    ("html", "used"),
    [
        ('<link rel="stylesheet" href="../theme/a.css?v=1#x">', {"/theme/a.css"}),
        ('<link rel="alternate" href="/feed.xml"><a href="/b.html">b</a>', set()),
        ('<link rel="shortcut icon" href="/icon.png">', {"/icon.png"}),
        ('<img src="a%20b.png" alt="">', {"/stories/a%20b.png"}),
        ('<img srcset="/s.png 1x, /l.png 2x">', {"/s.png", "/l.png"}),
        ('<picture><source srcset="/a.avif"><img src=/b.png></picture>', {"/a.avif", "/b.png"}),
        ('<video poster=/p.png><source src="/v.mp4"></video>', {"/p.png", "/v.mp4"}),
        ('<script src="/a.js"></script><script>url(1)</script>', {"/a.js", "/stories/1"}),
        ("<p style=\"background: url('/bg.png')\">", {"/bg.png"}),
        ('<style>@import "/b.css"; p { background: URL(c.png) }</style>', {"/b.css", "/stories/c.png"}),
        ('<img src="https://elsewhere.example/a.png"><img src="//cdn.example/a.png">', set()),
        ('<img src="data:image/png;base64,AA=="><img src=""><img>', set()),
        ('<img src="http://[::1"><![foo[<p>', set()),
    ],
)
def test_a_page_uses_what_it_takes_in_from_this_server(html: str, used: set[str]) -> None:
    assert used_by(html, "/stories/one.html") == used


def test_the_version_tells_the_page_and_all_that_it_uses_however_far(tmp_path: Path) -> None:
    def now(page: bytes = b'<link rel="stylesheet" href="/a.css"><img src="/a.png">') -> str:
        return version(page, "/index.html", lambda address: str(tmp_path / address.lstrip("/")))

    (tmp_path / "a.css").write_text("@import 'css/b.css';")
    (tmp_path / "css").mkdir()
    (tmp_path / "css/b.css").write_text("@import '../a.css'; p { background: url(c.png) }")
    versions = [now()]
    assert now() == versions[0]
    for name in ("a.png", "css/c.png", "css/b.css", "a.css"):
        file = tmp_path / name
        file.write_text(file.read_text() + " " if file.exists() else "new")
        versions.append(now())
    (tmp_path / "other.png").write_text("not used")
    assert now() == versions[-1]
    versions.append(now(b"Other words"))
    assert len(set(versions)) == len(versions)


def test_the_script_stands_at_the_end_of_the_body_and_nothing_can_get_out_of_it() -> None:
    page = with_script(b"<p></body></p></BODY></html>", '/"><script>alert(1)</script>.html', "1")
    assert page.startswith(b"<p></body></p><script src=")
    assert page.endswith(b"</script></BODY></html>")
    assert b"<script>alert" not in page
    assert with_script(b"<p>A piece", "/", "1").startswith(b"<p>A piece<script ")


# -- what is shown meanwhile


def test_a_page_looks_as_after_the_newest_change_until_a_build_knows_that(tmp_path: Path) -> None:
    preview = Preview("run")
    preview.built(str(tmp_path), Outcome(), 0)
    preview.look({"a.html": b"1", "b/c.html": b"1"}, 1)
    preview.look({"a.html": b"2"}, 2)
    assert {name: data for name, (_, data) in preview.now.looks.items()} == {"a.html": b"2", "b/c.html": b"1"}
    preview.failed("why")
    assert len(preview.now.looks) == 2
    preview.built(str(tmp_path), Outcome(), 1)
    assert set(preview.now.looks) == {"a.html"}
    preview.built(str(tmp_path), Outcome(), 2)
    assert not preview.now.looks
    assert os.listdir(tmp_path) == []


# -- templates


def test_templates_are_compiled_once_for_each_way_to_compile_them(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled, sources = CompiledTemplates(), {"a.html": "{{ x }}{{ y|shout }}"}
    made: list[str] = []
    stock = jinja2.Environment.compile
    monkeypatch.setattr(
        jinja2.Environment, "compile", lambda self, *args, **kwargs: made.append("") or stock(self, *args, **kwargs)
    )

    def shown(shout: Callable[..., str] = str.upper, *, traced: bool = False, **options: Any) -> str:
        loader = jinja2.DictLoader(sources)
        environment = jinja2.Environment(loader=loader, bytecode_cache=compiled, **options)
        environment.filters["shout"] = shout
        if traced:
            make_traced(environment, frozenset())
        template = environment.get_template("a.html")
        assert bool({"shown", "escaped"} & {*template.root_render_func.__code__.co_names}) == traced
        return template.render(x="<", y="z")

    @jinja2.pass_environment
    def with_environment(environment: jinja2.Environment, text: str) -> str:
        return f"{environment.autoescape}{text}"

    for _ in range(2):
        assert shown() == "<Z"
        assert shown(traced=True) == "<Z"
        assert shown(autoescape=True) == "&lt;Z"
        assert shown(autoescape=lambda name: name == "a.html") == "&lt;Z"
        assert shown(variable_start_string="{{ x }}{{", finalize=lambda value: value) == "Z"
        assert shown(with_environment) == "<Falsez"
    # both ways to say autoescape make the same code, and a finalizer is asked each time
    assert len(made) == 4 + 2
    sources["a.html"] = "{{ x }}Other words"
    assert shown() == "<Other words"


# -- what lies over it


ERROR = Said(Severity.ERROR, "content/a.md:1:2 AR115 <b>no date</b>", "date: 2026-01-31 & so on")
WARNING = Said(Severity.WARNING, "content/b.md:3:4 AR401 nothing is called so")
NOTE = Said(Severity.NOTE, "content/c.md:5:6 AR404 later")


def test_nothing_lies_over_a_page_when_all_is_well() -> None:
    assert banner(Outcome()) == ""


def test_errors_are_an_alert_with_a_button_and_all_is_escaped() -> None:
    html = banner(Outcome((ERROR, ERROR, WARNING, NOTE)))
    assert html.count('role="alert"') == html.count('<button type="button">') == 1
    assert "<h2>2 errors</h2>" in html
    assert "content/a.md:1:2 AR115 &lt;b&gt;no date&lt;/b&gt;" in html
    assert "hint: date: 2026-01-31 &amp; so on" in html
    assert "<summary>1 warning, 1 note</summary>" in html


def test_warnings_alone_are_no_alert() -> None:
    html = banner(Outcome((WARNING,)))
    assert "alert" not in html.partition("</style>")[2]
    assert "<summary>1 warning</summary>" in html


def test_a_failure_is_told_as_it_was_in_the_terminal() -> None:
    html = banner(Outcome(failure="a.html:1: template error: <x>\n    from b.html:2"))
    assert "<pre>a.html:1: template error: &lt;x&gt;\n    from b.html:2</pre>" in html
    page = message_page("No <site>", "Wait & see", Outcome(failure="<y>"))
    assert "<h1>No &lt;site&gt;</h1>" in page
    assert '<div role="alert"><pre>&lt;y&gt;</pre></div>' in page
    assert "<p>Wait &amp; see</p>" in page


# -- what counts as a change


@contextmanager
def watching(*places: Path, apart: tuple[Path, ...] = ()) -> Iterator[Callable[[], set[str]]]:
    """The names of what changes in some places, from when nothing is missed any more."""
    told = turns([*map(str, places)], [*map(str, apart)])
    changes = (changed for changed in told if changed is not None)
    assert next(changes) == frozenset()
    yield lambda: {os.path.basename(path) for path in next(changes)}


@pytest.fixture
def content(tmp_path: Path) -> Path:
    (tmp_path / "content/below").mkdir(parents=True)
    return tmp_path / "content"


def test_what_editors_and_version_control_leave_is_no_change(content: Path) -> None:
    (content / ".git").mkdir()
    (content / "output").mkdir()
    with watching(content, apart=(content / "output",)) as changed:
        for name in (".a.md.swp", "a.md~", "#a.md#", ".#a.md", "4913", "a.tmp", ".git/index", "output/index.html"):
            (content / name).write_text("x")
        time.sleep(0.3)
        (content / "below/a.md").write_text("x")
        assert changed() == {"a.md"}


def test_a_place_below_a_hidden_folder_is_watched_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / ".venv/themes"
    folder.mkdir(parents=True)
    with watching(folder) as changed:
        (folder / "base.html").write_text("x")
        assert changed() == {"base.html"}


def test_a_file_that_is_replaced_goes_and_comes_is_seen_each_time(content: Path) -> None:
    config = content.parent / "conf.py"
    with watching(config, content) as changed:
        config.write_text("1")
        assert changed() == {"conf.py"}
        (content.parent / "new").write_text("2")
        os.replace(content.parent / "new", config)
        assert changed() == {"conf.py"}
        config.unlink()
        assert changed() == {"conf.py"}


def test_another_folder_of_the_same_name_is_watched(content: Path) -> None:
    with watching(content) as changed:
        shutil.rmtree(content)
        assert changed() >= {"content"}
        (content / "below").mkdir(parents=True)
        assert changed() >= {"content"}
        (content / "below/a.md").write_text("x")
        seen: set[str] = set()
        while "a.md" not in seen:
            seen |= changed()


def test_nothing_is_missed_while_nobody_asks(content: Path) -> None:
    with watching(content) as changed:
        for number in range(3):
            (content / f"{number}x.md").write_text("x")
            time.sleep(0.1)
        seen: set[str] = set()
        while len(seen) < 3:
            seen |= changed()
        assert seen == {"0x.md", "1x.md", "2x.md"}


def test_a_change_is_told_soon(content: Path) -> None:
    with watching(content) as changed:
        begun = time.monotonic()
        (content / "a.md").write_text("x")
        assert changed() == {"a.md"}
        assert time.monotonic() - begun < 1
