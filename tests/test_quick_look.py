"""A quick look: what `alsoread serve` shows of a saved story before the site has been built again.

Whole builds are held up by the settings file, which each of them reads, so that what is seen meanwhile can be nothing
else.
"""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from serving import Server, is_running, serving, until
from sites import PLUGINS, Site, tree

PREVIEW = ".output.alsoread/preview"
WAITING = """
import os, time
while os.path.exists({hold!r}):
    time.sleep(0.02)
with open({passed!r}, "a") as file:
    file.write("x")
"""


@pytest.fixture
def digest(site: Site) -> Site:
    """A digest whose builds can be held up."""
    site.conf(THEME_TEMPLATES_OVERRIDES=["overrides"], STATIC_PATHS=["images"], WITH_FUTURE_DATES=False)
    return furnished(site)


def furnished(site: Site) -> Site:
    settings = (site.root / "pelicanconf.py").read_text()
    site.write(
        "pelicanconf.py", settings + WAITING.format(hold=str(site.root / "hold"), passed=str(site.root / "passed"))
    )
    site.write("overrides/.keep", "").write("content/images/crane.png", b"one")
    for number, name in enumerate(("one", "two", "three", "four")):
        other = "two" if name != "two" else "one"
        link = f"ALSO READ: The headline of {other}"
        body = f"The cranes of {name} stand still.\n\n{link}\n\n![A crane]({{static}}/images/crane.png)\n"
        date = f"2025-01-0{number + 1}"
        site.story(name, f"The headline of {name}", slug=name, body=body, date=date, tags=["Ports", "Cranes"])
    return site.write("content/pages/about.md", "---\ntitle: About\n---\n\nWho we are.\n")


@contextmanager
def held(site: Site) -> Iterator[None]:
    """No build comes to its end for the time of the block."""
    hold = site.root / "hold"
    hold.write_text("")
    try:
        yield
    finally:
        hold.unlink()


def let_one_build_go_on(site: Site) -> None:
    """The one that is held up, but not the next."""
    passed = site.root / "passed"
    before = passed.stat().st_size
    (site.root / "hold").unlink()
    until(lambda: passed.stat().st_size > before, "the build does not go on")
    (site.root / "hold").write_text("")


def add(site: Site, path: str, words: str) -> None:
    """Write on at the end of a file."""
    file = site.root / "content" / path
    file.write_text(f"{file.read_text()}\n{words}\n")


def replace(site: Site, path: str, old: str, new: str) -> None:
    file = site.root / "content" / path
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def builds(server: Server) -> int:
    return "".join(server.printed).count(" stories, ")


def changed(server: Server) -> int:
    return "".join(server.printed).count(" changed\n")


def family(server: Server) -> list[int]:
    """The processes that the server has started, and those that they have: the nursery first, then the workers."""
    above: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                state, parent = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if state != "Z":
                above.setdefault(int(parent), []).append(int(entry))
    nurseries = above.get(server.process.pid, [])
    return [*nurseries, *sorted(pid for nursery in nurseries for pid in above.get(nursery, []))]


def worker(server: Server) -> int:
    """The one that did the last build, and holds the site."""
    until(lambda: len(family(server)) == 2, "there is not one worker")
    return family(server)[1]


# -- what is shown


EDITS = {
    "one.md": ("stand still", "move & turn", "move &amp; turn"),
    "two.md": ("of one\n", "of three\n", "of three</a></p></aside>"),
    "three.md": ("ALSO READ: The headline of two", "See [[four|the fourth]].", ">the fourth</a>"),
    "four.md": ('slug: "four"', 'slug: "four"\nsummary: "Brief *words*"', "Brief"),
    "pages/about.md": ("Who we are", "Who we were", "Who we were"),
    "draft.md": ("A paragraph", "A clause", "A clause"),
    "hidden.md": ("A paragraph", "A clause", "A clause"),
}


@pytest.mark.parametrize("relative", [False, True])
def test_a_quick_look_is_the_page_that_the_build_then_makes(digest: Site, relative: bool) -> None:
    settings = (digest.root / "pelicanconf.py").read_text()
    # related stories are found anew by the build alone
    digest.write("pelicanconf.py", f"{settings}RELATIVE_URLS = {relative}\nALSOREAD_RELATED = 0\n")
    digest.story("draft", slug="draft", status="draft").story("hidden", slug="hidden", status="hidden")
    with serving(digest) as server:
        seen = {}
        for path, (old, new, words) in EDITS.items():
            page = f"/stories/{path}".replace("/stories/pages", "").replace(".md", ".html")
            number = builds(server)
            with held(digest):
                replace(digest, path, old, new)
                seen[page] = server.shows(page, words)
                assert builds(server) == number
            until(lambda: builds(server) == number + 1, "the change was not built")  # noqa: B023
            # its version too, so that no browser loads it again
            assert server.get(page)[1] == seen[page]
            script = seen[page][seen[page].index("<script src=") : seen[page].index("</body")]
            assert seen[page].replace(script, "") == (digest.root / PREVIEW / page.lstrip("/")).read_text()


def test_the_headline_is_seen_at_once_on_its_own_page_and_in_lists_after_the_build(digest: Site) -> None:
    with serving(digest) as server:
        with held(digest):
            replace(digest, "three.md", "The headline of three", "Quite another headline")
            replace(digest, "three.md", "2025-01-03", "2025-01-05")
            assert "2025-01-05" in server.shows("/stories/three.html", "Quite another headline")
            # that page nobody looks at
            assert "Quite another" not in server.get("/index.html")[1]
        server.shows("/index.html", "Quite another headline")


def test_pages_that_browsers_show_have_the_new_headline_at_once(digest: Site) -> None:
    shown = ("/index.html", "/topics/cranes.html", "/stories/four.html")
    with serving(digest) as server, ExitStack() as tabs:
        browsers = [tabs.enter_context(server.listening(page)) for page in (*shown, "/about.html")]
        assert {browser.next()[0] for browser in browsers} == {"state"}
        with held(digest):
            replace(digest, "three.md", "The headline of three", "Quite another headline")
            for browser, page in zip(browsers, shown, strict=False):
                assert browser.next() == ("reload", "now"), page
                assert "Quite another headline" in server.get(page)[1]
            # of the others nobody knows whether they have it, and nobody asked
            assert "Quite another headline" not in server.get("/archives.html")[1]
            assert "Quite another headline" not in server.get("/topics/ports.html")[1]
            assert browsers[-1].next(within=0.5)[0] != "reload"
            pages = [server.get(page)[1] for page in shown]
        until(lambda: builds(server) == 2, "the change was not built")
        assert [server.get(page)[1] for page in shown] == pages
        server.shows("/topics/ports.html", "Quite another headline")


def test_lists_wait_for_the_build_where_their_order_may_be_another(digest: Site) -> None:
    with serving(digest) as server, server.listening("/index.html") as browser:
        browser.next()
        with held(digest):
            replace(digest, "three.md", "The headline of three", "Quite another headline")
            replace(digest, "three.md", "2025-01-03", "2025-01-05")
            page = server.shows("/stories/three.html", "5 January 2025")
            assert "Quite another headline" in page
            assert "5 January 2025" not in server.get("/index.html")[1]
        server.shows("/index.html", "5 January 2025")


def test_a_topic_that_others_have_is_seen_at_once(digest: Site) -> None:
    digest.story("five", "The headline of five", tags=["Weather"])
    with serving(digest) as server, held(digest):
        replace(digest, "one.md", '"Cranes"', '"Weather"')
        server.shows("/stories/one.html", "weather.html")


def test_a_look_at_one_story_does_not_stand_in_the_way_of_another(digest: Site) -> None:
    with serving(digest) as server, held(digest):
        # its headline is on the page of the other one
        replace(digest, "two.md", "The headline of two", "Quite another headline")
        server.shows("/stories/two.html", "Quite another headline")
        assert "Quite another headline" not in server.get("/stories/one.html")[1]
        add(digest, "one.md", "More words.")
        server.shows("/stories/one.html", "More words.")


def test_several_stories_may_be_saved_at_once(digest: Site) -> None:
    with serving(digest) as server, held(digest):
        for name in ("one", "two", "three"):
            add(digest, f"{name}.md", "Saved together.")
        for name in ("one", "two", "three"):
            server.shows(f"/stories/{name}.html", "Saved together.")


def test_saves_during_a_build_are_seen_at_once_and_stay_until_they_are_built(digest: Site) -> None:
    with serving(digest) as server, server.listening("/stories/one.html") as browser:
        assert browser.next()[0] == "state"
        with held(digest):
            for number in range(4):
                add(digest, "one.md", f"Save number {number}.")
                page = server.shows("/stories/one.html", f"Save number {number}.")
                add(digest, "two.md", f"Another save {number}.")
                server.shows("/stories/two.html", f"Another save {number}.")
            assert builds(server) == 1
            with server.listening("/stories/one.html") as late:
                assert late.next()[0] == "state"
                add(digest, "one.md", "The last save.")
                assert late.next() == ("reload", "now")
                # of this build it is sure that it knows the first save alone
                let_one_build_go_on(digest)
                until(lambda: builds(server) == 2, "the first save was not built")
                assert "The last save." in server.get("/stories/one.html")[1]
        assert browser.next() == ("reload", "now")
        until(lambda: builds(server) == 3, "what was saved meanwhile was not built")
        assert "The last save." in server.get("/stories/one.html")[1]
        assert "Save number 0." in page
        file = (digest.root / PREVIEW / "stories/one.html").read_text()
        assert all(f"Save number {number}." in file for number in range(4))


def test_browsers_load_a_page_once_and_others_not_at_all(digest: Site) -> None:
    with (
        serving(digest) as server,
        server.listening("/stories/one.html") as first,
        server.listening("/stories/one.html") as second,
        server.listening("/about.html") as other,
    ):
        assert {browser.next()[0] for browser in (first, second, other)} == {"state"}
        with held(digest):
            add(digest, "one.md", "More words.")
            assert first.next() == second.next() == ("reload", "now")
            seen = server.seen("/stories/one.html")
            with server.listening("/stories/one.html", seen) as again:
                assert again.next()[0] == "state"
                os.unlink(digest.root / "hold")
                until(lambda: builds(server) == 2, "the change was not built")
                assert again.next(within=0.5)[0] != "reload"
            (digest.root / "hold").write_text("")
        assert other.next(within=0.5)[0] != "reload"


def test_what_is_shown_is_never_written(digest: Site) -> None:
    with serving(digest) as server:
        before = tree(digest.root / ".output.alsoread")
        numbers = {name: os.stat(digest.root / ".output.alsoread" / name).st_mtime_ns for name in before}
        with held(digest):
            add(digest, "one.md", "More words.")
            server.shows("/stories/one.html", "More words.")
            assert tree(digest.root / ".output.alsoread") == before
            assert {name: os.stat(digest.root / ".output.alsoread" / name).st_mtime_ns for name in before} == numbers


def test_a_page_looks_as_the_new_build_has_it_when_one_has_ended(digest: Site) -> None:
    with serving(digest) as server:
        with held(digest):
            # not for a quick look: the links of another story know nothing of it before the build has ended
            digest.story("five", "A fifth headline", slug="five", date="2025-01-07")
            until(lambda: len(family(server)) == 3, "no build has begun")
            add(digest, "one.md", "READ: A fifth headline")
            page = server.shows("/stories/one.html", "A fifth headline")
            assert "five.html" not in page
            let_one_build_go_on(digest)
            server.shows("/stories/one.html", "five.html")
            assert builds(server) == 2
        until(lambda: builds(server) == 3, "what was saved meanwhile was not built")
        assert "five.html" in server.get("/stories/one.html")[1]


# -- what only a build can tell


OTHERS_WOULD_HAVE_TO_KNOW = {
    "an error": ("title: ", "title: [", 404),
    "another address": ('slug: "one"', 'slug: "first"', 404),
    "hidden": ('slug: "one"', 'slug: "one"\nstatus: "hidden"', 200),
    "an embargo": ('slug: "one"', 'slug: "one"\nembargo_until: 2090-01-01', 200),
    "expired": ('slug: "one"', 'slug: "one"\nexpires: 2025-02-01', 404),
    "another language": ('slug: "one"', 'slug: "one"\nlang: "nl"', 200),
    "a new topic": ('"Cranes"', '"A topic that is new"', 200),
    "a file that moves": ("![A crane]({static}", "![A crane]({attach}", 200),
}


def test_there_is_none_where_others_would_have_to_know(digest: Site) -> None:
    settings = (digest.root / "pelicanconf.py").read_text()
    digest.write("pelicanconf.py", settings + "ARTICLE_LANG_SAVE_AS = ARTICLE_LANG_URL = 'stories/{slug}.html'\n")
    good = (digest.root / "content/one.md").read_text()
    with serving(digest) as server:
        for number, (what, (old, new, status)) in enumerate(OTHERS_WOULD_HAVE_TO_KNOW.items()):
            before = server.get("/stories/one.html")[1]
            with held(digest):
                assert old in good, what
                digest.write("content/one.md", good.replace(old, new).replace("still.", "still. Changed."))
                until(lambda: len(family(server)) == 3, "no build has begun")
                # a look is taken before a build begins, so there is none to come
                assert server.get("/stories/one.html")[1] == before, what
            until(lambda: builds(server) == 2 * number + 2, "the change was not built")  # noqa: B023
            now, page = server.get("/stories/one.html")
            assert (now, "Changed." in page) == (status, status == 200), what
            digest.write("content/one.md", good)
            until(lambda: builds(server) == 2 * number + 3, "the change was not built")  # noqa: B023


def test_a_story_of_a_day_to_come_is_not_shown_before_its_day(digest: Site) -> None:
    with serving(digest, "--no-drafts") as server:
        with held(digest):
            file = digest.root / "content/one.md"
            file.write_text(file.read_text().replace("2025-01-01", "2090-01-01").replace("stand still", "Zanzibar"))
            until(lambda: len(family(server)) == 3, "no build has begun")
            assert "Zanzibar" not in server.get("/stories/one.html")[1]
        until(lambda: server.get("/stories/one.html")[0] == 404, "a story of a day to come is shown")


def test_a_story_that_is_saved_with_something_else_is_for_the_build(digest: Site) -> None:
    with serving(digest) as server:
        before = server.get("/stories/one.html")[1]
        with held(digest):
            # it sees them together when it goes on
            os.kill(server.process.pid, signal.SIGSTOP)
            digest.write("content/images/crane.png", b"two")
            add(digest, "one.md", "More words.")
            os.kill(server.process.pid, signal.SIGCONT)
            until(lambda: len(family(server)) == 3, "no build has begun")
            assert changed(server) == 1
            assert server.get("/stories/one.html")[1] == before
        server.shows("/stories/one.html", "More words.")


@pytest.mark.parametrize(
    "hand",
    ["signals.content_written.connect(look)", "signals.article_generator_context.connect(look)"],
)
def test_there_is_none_where_a_plugin_has_a_hand_in_it(digest: Site, hand: str) -> None:
    digest.write(
        "plugs/hand.py",
        f"from pelican import signals\n\ndef look(*args, **kwargs):\n    pass\n\ndef register():\n    {hand}\n",
    )
    settings = (digest.root / "pelicanconf.py").read_text()
    digest.write("pelicanconf.py", settings + "PLUGIN_PATHS = ['plugs']\nPLUGINS = ['alsoread', 'hand']\n")
    with serving(digest) as server:
        before = server.get("/stories/one.html")[1]
        with held(digest):
            add(digest, "one.md", "More words.")
            until(lambda: len(family(server)) == 3, "no build has begun")
            assert server.get("/stories/one.html")[1] == before
        server.shows("/stories/one.html", "More words.")


def test_there_is_none_of_a_page_that_somebody_else_wrote(digest: Site) -> None:
    settings = (digest.root / "pelicanconf.py").read_text()
    digest.write(
        "pelicanconf.py",
        settings + "EXTRA_PATH_METADATA = {'images/own.html': {'path': 'stories/one.html'}}\n",
    ).write("content/images/own.html", "<p>A page of its own.</p>")
    with serving(digest) as server:
        before = server.get("/stories/one.html")[1]
        assert "A page of its own" in before
        with held(digest):
            add(digest, "one.md", "More words.")
            until(lambda: len(family(server)) == 3, "no build has begun")
            assert server.get("/stories/one.html")[1] == before


def test_a_template_that_fails_with_a_story_is_told_by_the_build(digest: Site) -> None:
    digest.write(
        "overrides/article.html",
        "{% extends '!theme/article.html' %}{% block story_foot %}{{ 1 / (0 if 'Zero' in article.content else 1) }}"
        "{% endblock %}",
    )
    with serving(digest) as server, server.listening("/stories/one.html") as browser:
        browser.next()
        add(digest, "one.md", "Zero.")
        assert "ZeroDivisionError" in browser.html("The build failed")
        assert "Zero." not in server.get("/stories/one.html")[1]
        replace(digest, "one.md", "Zero.", "Nought.")
        assert browser.next()[0] == "reload"
        server.shows("/stories/one.html", "Nought.")


# -- processes


def test_a_worker_that_is_killed_costs_its_quick_look(digest: Site) -> None:
    with serving(digest) as server:
        os.kill(worker(server), signal.SIGKILL)
        add(digest, "one.md", "After the first.")
        server.shows("/stories/one.html", "After the first.")
        worker(server)
        with held(digest):
            add(digest, "one.md", "And looks again.")
            server.shows("/stories/one.html", "And looks again.")


def test_a_worker_that_hangs_costs_its_quick_look(digest: Site) -> None:
    with serving(digest) as server:
        stopped = worker(server)
        os.kill(stopped, signal.SIGSTOP)
        add(digest, "one.md", "After a while.")
        server.shows("/stories/one.html", "After a while.")
        until(lambda: not is_running(stopped), "the worker that hung is still there")


def test_a_build_that_is_killed_is_told_and_the_server_goes_on(digest: Site) -> None:
    with serving(digest) as server, server.listening("/about.html") as about:
        about.next()
        with held(digest):
            add(digest, "one.md", "More words.")
            server.shows("/stories/one.html", "More words.")
            until(lambda: len(family(server)) == 3, "no build has begun")
            os.kill(family(server)[2], signal.SIGKILL)
            about.html("the process that builds the site was ended")
            # what was seen is still seen, and the older worker looks on
            add(digest, "one.md", "Even more.")
            assert "More words." in server.shows("/stories/one.html", "Even more.")
        about.html("")
        assert "Even more." in server.get("/stories/one.html")[1]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("busy", [False, True])
def test_no_process_outlives_the_server(digest: Site, ending: signal.Signals, busy: bool) -> None:
    with serving(digest) as server:
        worker(server)
        with held(digest):
            if busy:
                add(digest, "one.md", "More words.")
                until(lambda: len(family(server)) == 3, "no build has begun")
            pids = family(server)
            assert len(pids) == 2 + busy
            server.process.send_signal(ending)
            server.process.wait(timeout=10)
            if ending is signal.SIGINT:
                assert not any(map(is_running, pids))
            until(lambda: not any(map(is_running, pids)), f"{pids} outlive the server")
    with serving(digest) as server:
        assert "The headline of one" in server.get("/stories/one.html")[1]


def test_a_workers_place_is_taken_by_the_next(digest: Site) -> None:
    with serving(digest) as server:
        before = worker(server)
        for number in range(3):
            add(digest, "one.md", f"More words {number}.")
            until(lambda: builds(server) == number + 2, "the change was not built")  # noqa: B023
        until(lambda: len(family(server)) == 2, "workers are left over")
        assert worker(server) != before


def test_without_processes_of_its_own_it_builds_by_itself(digest: Site) -> None:
    digest.write("without/sitecustomize.py", "import os\ndel os.fork\n")
    paths = os.pathsep.join([str(digest.root / "without"), str(PLUGINS)])
    with serving(digest, PYTHONPATH=paths) as server:
        assert family(server) == []
        add(digest, "one.md", "More words.")
        server.shows("/stories/one.html", "More words.")


def test_a_preview_that_was_deleted_is_no_stage_for_a_look(digest: Site) -> None:
    with serving(digest) as server:
        shutil.rmtree(digest.root / ".output.alsoread")
        add(digest, "one.md", "More words.")
        server.shows("/stories/one.html", "More words.")
        assert (digest.root / PREVIEW / ".alsoread-preview").is_file()
