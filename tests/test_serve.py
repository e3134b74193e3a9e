"""`alsoread serve`, as a writer uses it: in a process of its own, with a browser's side of its events."""

import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from serving import Server, serving, until
from sites import Site, tree

SECRET = "Zanzibarquux"
PREVIEW = ".output.alsoread/preview"
AS_PUBLISHED = ".output.alsoread/preview-as-published"


@pytest.fixture
def digest(site: Site) -> Site:
    """Two stories, one with a picture, a page, and a theme's template of the site's own."""
    site.conf(THEME_TEMPLATES_OVERRIDES=["overrides"], STATIC_PATHS=["images"])
    site.write("overrides/.keep", "").write("content/images/crane.png", b"one")
    site.story("one", "The first headline", slug="one")
    site.story("two", "The other headline", slug="two", body="Text.\n\n![A crane]({static}/images/crane.png)\n")
    return site.write("content/pages/about.md", "---\ntitle: About\n---\n\nWho we are.\n")


@pytest.fixture
def served(digest: Site) -> Iterator[tuple[Site, Server]]:
    with serving(digest) as server:
        yield digest, server


# -- a page is loaded again when it has changed, and only then


def test_a_port_that_is_taken_is_told_in_a_line(site: Site) -> None:
    site.story("one")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = site.run("serve", "content", "-p", str(taken.getsockname()[1]))
    assert result.exit_code == 2
    assert "choose another port with -p" in result.err
    assert "Traceback" not in result.err


def test_serve_shows_the_site_and_every_change(site: Site) -> None:
    site.story("one", "The first headline", slug="one")
    with serving(site, "content") as server:
        assert "The first headline" in server.get("/")[1]
        status, page = server.get("/no/such/page.html")
        assert status == 404
        assert "<h1" in page
        site.story("one", "The second headline", slug="one")
        server.shows("/stories/one.html", "The second headline")
        site.write("content/bad.md", "---\ntitle: [\n---\n")
        site.story("two", "Another story", slug="two")
        server.shows("/index.html", "Another story")
        assert server.process.poll() is None
    assert server.process.returncode == 0
    assert not (site.root / "output").exists()


def test_the_files_are_those_of_a_build_and_only_what_is_delivered_has_the_script(digest: Site) -> None:
    with serving(digest, "--no-drafts") as server:
        for path in ("/", "/index.html", "/stories/one.html", "/no/such/page.html"):
            assert server.get(path)[1].count('src="/.alsoread/preview.js"') == 1, path
        assert "preview.js" not in server.get("/robots.txt")[1]
        assert server.get("/images/crane.png")[1] == "one"
        assert "EventSource" in server.get("/.alsoread/preview.js")[1]
    assert digest.build().exit_code == 0
    mark = ".alsoread-preview"
    made = {name: data for name, data in tree(digest.root / AS_PUBLISHED).items() if name != mark}
    assert made == tree(digest.root / "output")


def test_a_page_is_loaded_again_when_it_has_changed_and_others_are_not(served: tuple[Site, Server]) -> None:
    site, server = served
    with server.listening("/stories/one.html") as one, server.listening("/about.html") as about:
        assert one.next()[0] == about.next()[0] == "state"
        site.story("one", "The first headline", slug="one", body="Other words.\n")
        assert one.next() == ("reload", "now")
        assert about.next(within=1.5) == ("", None)
    assert "Other words" in server.get("/stories/one.html")[1]


def test_a_page_is_loaded_again_when_a_file_that_it_uses_has_changed(served: tuple[Site, Server]) -> None:
    site, server = served
    with server.listening("/stories/two.html") as two, server.listening("/stories/one.html") as one:
        assert two.next()[0] == one.next()[0] == "state"
        site.write("content/images/crane.png", b"two")
        assert two.next()[0] == "reload"
        assert one.next(within=1.5) == ("", None)
        # the same bytes are no change
        site.write("content/images/crane.png", b"two")
    with server.listening("/stories/two.html") as two:
        assert two.next()[0] == "state"
        assert two.next(within=1.5) == ("", None)


def test_a_page_that_is_not_there_yet_shows_itself_when_it_is(served: tuple[Site, Server]) -> None:
    site, server = served
    with server.listening("/stories/three.html") as three:
        assert three.next()[0] == "state"
        site.story("three", "A third", slug="three")
        assert three.next()[0] == "reload"
    status, page = server.get("/stories/three.html")
    assert (status, "A third" in page) == (200, True)


def test_a_tombstone_shows_itself_when_an_address_is_withdrawn(served: tuple[Site, Server]) -> None:
    site, server = served
    with server.listening("/stories/gone.html") as gone:
        assert gone.next()[0] == "state"
        site.write("published.txt", "/stories/gone.html story 2026-01-01 withdrawn 2026-01-02 It was untrue.\n")
        assert gone.next()[0] == "reload"
    assert "It was untrue." in server.get("/stories/gone.html")[1]


def test_a_page_that_changed_before_the_browser_could_ask_is_loaded_again(served: tuple[Site, Server]) -> None:
    site, server = served
    seen = server.seen("/stories/one.html")
    site.story("one", "The second headline", slug="one")
    server.shows("/stories/one.html", "The second headline")
    with server.listening("/stories/one.html", seen) as late:
        assert late.next()[0] == "reload"


def test_another_start_of_the_server_loads_every_page_again_and_builds_what_changed(digest: Site) -> None:
    with serving(digest) as server:
        seen = server.seen("/stories/one.html")
        port = int(server.address.rpartition(":")[2])
    with serving(digest, port=port) as server:
        assert "(0 rendered" in "".join(server.printed)
        with server.listening("/stories/one.html", seen) as browser:
            assert browser.next()[0] == "reload"


@pytest.mark.parametrize("options", [(), ("--no-drafts",)])
def test_a_first_preview_begins_with_what_builds_remember_and_is_that_of_one_without(
    digest: Site, options: tuple[str, ...]
) -> None:
    folder = digest.root / (AS_PUBLISHED if options else PREVIEW)
    secrets(digest).build()
    with serving(digest, *options) as server:
        # in such a small digest every page shows the drafts
        assert bool(options) == (" 0 reused" not in "".join(server.printed))
        begun_with = tree(folder)
    assert digest.build("--format", "json").json["rendered"] == 0
    shutil.rmtree(digest.root / ".output.alsoread")
    with serving(digest, *options) as server:
        assert " 0 reused" in "".join(server.printed)
        assert tree(folder) == begun_with


def test_many_browsers_are_told_and_none_leaves_a_thread(served: tuple[Site, Server]) -> None:
    site, server = served
    before = server.threads()
    with ExitStack() as tabs:
        browsers = [tabs.enter_context(server.listening("/stories/one.html")) for _ in range(20)]
        assert {browser.next()[0] for browser in browsers} == {"state"}
        # the thread of a page that was asked for may end a moment later, also the one that was counted before
        until(lambda: before + 19 <= server.threads() <= before + 20, "there are threads of nobody")
        site.story("one", "The second headline", slug="one")
        assert {browser.next()[0] for browser in browsers} == {"reload"}
    until(lambda: server.threads() <= before, "threads of closed tabs go on")


def test_ctrl_c_ends_at_once_though_browsers_listen(digest: Site) -> None:
    with serving(digest) as server, ExitStack() as tabs:
        for _ in range(5):
            tabs.enter_context(server.listening("/")).next()
        begun = time.monotonic()
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(timeout=10) == 0
        assert time.monotonic() - begun < 3
    assert "".join(server.printed).endswith("stopped\n")
    assert "Traceback" not in "".join(server.printed)


# -- what is wrong is shown


def test_errors_lie_over_the_page_until_they_are_mended(served: tuple[Site, Server]) -> None:
    site, server = served
    with server.listening("/about.html") as about:
        assert about.next()[1]["html"] == ""
        site.write("content/bad.md", '---\ntitle: <b>&"\ndate: 2025-02-30\n---\n\nText.\n')
        html = about.html('role="alert"')
        assert "content/bad.md:3:7 AR115 " in html
        assert '<span class="hint">hint: date: ' in html
        assert "1 error<" in html
        os.remove(site.root / "content/bad.md")
        about.html("")


def test_what_a_story_says_is_text_in_the_banner(served: tuple[Site, Server]) -> None:
    site, server = served
    with server.listening("/about.html") as about:
        about.next()
        site.story("bad", "Bad", **{"<img src=x onerror=alert(1)>": "x", "date": "2025-02-30"})
        html = about.html("AR115")
        assert "<img" not in html
        assert "&lt;img src=x onerror=alert(1)&gt;" in html


def test_warnings_are_counted_and_can_be_opened(served: tuple[Site, Server]) -> None:
    site, server = served
    with server.listening("/about.html") as about:
        about.next()
        site.story("odd", "Odd", tags=None, body="READ: Nothing that anybody has written\n")
        html = about.html("<details>")
        assert "<summary>2 warnings</summary>" in html
        assert "role=" not in html
        assert "content/odd.md:6:1 AR401" in html


def test_a_broken_template_lies_over_the_old_page(served: tuple[Site, Server]) -> None:
    site, server = served
    with server.listening("/stories/one.html") as one:
        one.next()
        site.write("overrides/article.html", "{% extends '!theme/article.html' %}\n{% block content %}\n{{ 1 / 0 }}")
        html = one.html("The build failed")
        assert "overrides/article.html:3: template error: " in html
        assert server.get("/stories/one.html")[0] == 200
        assert "The first headline" in server.get("/stories/one.html")[1]
        site.write(
            "overrides/article.html",
            "{% extends '!theme/article.html' %}\n{% block content %}{{ 1 / 0 }}{% endblock %}",
        )
        html = one.html("ZeroDivisionError")
        assert "overrides/article.html:2: template error: ZeroDivisionError: division by zero" in html
        assert "while rendering stories/" in html
        os.remove(site.root / "overrides/article.html")
        one.html("")
    assert "Traceback" not in "".join(server.printed)


def test_broken_settings_wait_for_the_mend(digest: Site) -> None:
    good = (digest.root / "pelicanconf.py").read_text()
    line = good.count("\n") + 1
    digest.write("pelicanconf.py", good + "X = <\n")
    with serving(digest) as server:
        for path in ("/", "/stories/one.html", "/theme/css/broadsheet.css"):
            status, page = server.get(path)
            assert status == 503
            assert f"pelicanconf.py:{line}:5: the settings cannot be read" in page
            assert 'role="alert"' in page
        with server.listening("/") as browser:
            assert browser.next()[0] == "state"
            digest.write("pelicanconf.py", good + "X = missing\n")
            assert browser.next()[0] == "reload"
        assert f"pelicanconf.py:{line}: the settings cannot be read: NameError" in server.get("/")[1]
        with server.listening("/") as browser:
            assert browser.next()[0] == "state"
            digest.write("pelicanconf.py", good)
            assert browser.next()[0] == "reload"
        assert "The first headline" in server.get("/")[1]
        # and from now on the content is watched
        digest.story("one", "The second headline", slug="one")
        server.shows("/stories/one.html", "The second headline")


def test_a_first_build_that_fails_waits_for_the_mend(digest: Site) -> None:
    digest.write("overrides/article.html", "{{ nothing.at_all }}")
    with serving(digest) as server:
        status, page = server.get("/stories/one.html")
        assert status == 503
        assert "overrides/article.html:1: template error: &#x27;nothing&#x27; is undefined" in page
        os.remove(digest.root / "overrides/article.html")
        server.shows("/stories/one.html", "The first headline")


def test_settings_that_name_another_folder_are_followed_and_an_editors_new_file_is_seen(
    served: tuple[Site, Server],
) -> None:
    site, server = served
    shutil.copytree(site.root / "content", site.root / "elsewhere")
    settings = (site.root / "pelicanconf.py").read_text().replace("'content'", "'elsewhere'")
    site.write("new.py", settings)
    os.replace(site.root / "new.py", site.root / "pelicanconf.py")
    site.write(
        "elsewhere/three.md", "---\ntitle: From elsewhere\nslug: three\ndate: 2025-01-01\ntags: [X]\n---\n\nText.\n"
    )
    server.shows("/stories/three.html", "From elsewhere")
    site.write("elsewhere/three.md", "---\ntitle: And again\nslug: three\ndate: 2025-01-01\ntags: [X]\n---\n\nText.\n")
    server.shows("/stories/three.html", "And again")


def test_a_content_folder_that_goes_and_comes_back_is_watched_again(served: tuple[Site, Server]) -> None:
    site, server = served
    with server.listening("/about.html") as about:
        about.next()
        os.rename(site.root / "content", site.root / "away")
        about.html("The build failed")
        os.rename(site.root / "away", site.root / "content")
        about.html("")
    site.story("one", "The second headline", slug="one")
    server.shows("/stories/one.html", "The second headline")


def test_a_second_preview_of_a_site_wants_a_folder_of_its_own(served: tuple[Site, Server]) -> None:
    site, _ = served
    second = site.run("serve", "-p", "0")
    assert second.exit_code == 2
    assert "another preview is in" in second.err
    with serving(site, "--no-drafts") as readers, serving(site, "-o", "look") as other:
        site.story("one", "The second headline", slug="one")
        for server in (served[1], readers, other):
            server.shows("/stories/one.html", "The second headline")
            assert "alsoread: " not in "".join(server.printed)


def test_a_preview_whose_folder_was_deleted_is_made_again(served: tuple[Site, Server]) -> None:
    site, server = served
    shutil.rmtree(site.root / ".output.alsoread")
    assert server.get("/stories/one.html")[0] == 404
    site.story("one", "The second headline", slug="one")
    server.shows("/stories/one.html", "The second headline")
    assert (site.root / PREVIEW / ".alsoread-preview").is_file()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["-s", "nothing.py"], "there is no settings file nothing.py"),
        (["nowhere"], "there is no content folder"),
        (["-t", "baroque"], "there is no theme baroque"),
        (["-o", "output"], "is where the site is published from"),
        (["-o", "output/below"], "is where the site is published from"),
        (["-o", "."], "holds the content folder"),
        (["-o", "overrides"], "holds files that are no preview's"),
        (["-o", "pelicanconf.py"], "cannot be written to"),
    ],
)
def test_what_was_asked_for_wrongly_is_told_in_a_line(digest: Site, options: list[str], told: str) -> None:
    before = tree(digest.root)
    # Python's own files tell nothing
    result = digest.run("serve", "-p", "0", *options, PYTHONDONTWRITEBYTECODE="1")
    assert result.exit_code == 2
    assert told in result.err
    assert "Traceback" not in result.err
    assert tree(digest.root) == before


# -- drafts


def secrets(site: Site) -> Site:
    site.write(
        "overrides/article.html",
        "{% extends '!theme/article.html' %}{% block story_foot %}"
        "<p>MARK {{ article.status }} {{ article.mark or 'none' }}</p>{% endblock %}",
    )
    settings = (site.root / "pelicanconf.py").read_text()
    site.write("pelicanconf.py", settings + "WITH_FUTURE_DATES = False\n")
    body = f"{SECRET} words.\n\nREAD: The first headline\n"
    site.story("draft", f"{SECRET} drafted", slug="draft", status="draft", body=body)
    site.story("held", f"{SECRET} held back", slug="held", embargo_until="2090-01-01", body=body)
    site.story("come", f"{SECRET} to come", slug="come", date="2091-01-01", tags=["Later"], body=body)
    site.story("gone", f"{SECRET} gone", slug="gone", expires="2025-01-02", body=body)
    site.story("hidden", "A hidden one", slug="hidden", status="hidden")
    return site.write("content/pages/plan.md", f"---\ntitle: {SECRET} plan\nstatus: draft\nslug: plan\n---\n\nText.\n")


def occurrences(folder: Path) -> set[str]:
    return {name for name, data in tree(folder).items() if SECRET.lower().encode() in data.lower()}


def test_drafts_and_stories_that_wait_are_shown_where_they_will_be_and_marked(digest: Site) -> None:
    with serving(secrets(digest)) as server:
        for name, mark in (
            ("draft", "draft draft"),
            ("held", "published embargoed"),
            ("come", "published future"),
            ("one", "published none"),
            ("hidden", "hidden none"),
        ):
            status, page = server.get(f"/stories/{name}.html")
            assert status == 200
            assert f"<p>MARK {mark}</p>" in page, name
        assert 'name="robots" content="noindex' in server.get("/stories/draft.html")[1]
        assert server.get("/stories/gone.html")[0] == 404
        assert server.get("/drafts/draft.html")[0] == 404
        front = server.get("/index.html")[1]
        for title in ("drafted", "held back", "to come"):
            assert f"{SECRET} {title}" in front
        assert "A hidden one" not in front
        assert f"{SECRET} plan" in server.get("/plan.html")[1]
        # what is published links back to them, as it will
        assert "held.html" in server.get("/stories/one.html")[1]
    assert not (digest.root / "output").exists()
    assert "stories/draft.html" in occurrences(digest.root / PREVIEW)


def test_without_drafts_the_site_is_as_readers_will_see_it(digest: Site) -> None:
    with serving(secrets(digest), "--no-drafts") as server:
        assert server.get("/stories/draft.html")[0] == 404
        assert "<p>MARK published none</p>" in server.get("/stories/one.html")[1]
    assert occurrences(digest.root / AS_PUBLISHED) == set()
    assert not (digest.root / PREVIEW).exists()


def test_no_build_shows_what_a_preview_showed_and_no_setting_makes_it(digest: Site) -> None:
    with serving(secrets(digest), "-o", "look") as server:
        assert SECRET in server.get("/")[1]
    assert occurrences(digest.root / "look")
    settings = (digest.root / "pelicanconf.py").read_text()
    wishes = [f"{name} = True" for name in ("ALSOREAD_DRAFTS", "ALSOREAD_PREVIEW", "DRAFTS", "drafts", "PREVIEW")]
    digest.write("pelicanconf.py", settings + "\n".join(wishes) + "\n")
    built = digest.build("--format", "json", ALSOREAD_DRAFTS="1", ALSOREAD_PREVIEW="1")
    assert built.codes.count("AR601") == 2
    assert occurrences(digest.root / "output") == set()
    shutil.rmtree(digest.root / "output")
    assert digest.pelican("content").exit_code == 0
    assert digest.has("stories/one.html")
    assert occurrences(digest.root / "output") == set()
    assert digest.run("build", "--drafts").exit_code == 2


def test_a_draft_takes_no_address_from_what_is_published(digest: Site) -> None:
    digest.story("rival", f"{SECRET} rival", slug="one", date="2020-01-01", status="draft")
    digest.write("content/pages/rival.md", f"---\ntitle: {SECRET}\nstatus: draft\nslug: about\n---\n\nText.\n")
    with serving(digest) as server:
        assert "The first headline" in server.get("/stories/one.html")[1]
        assert "Who we are" in server.get("/about.html")[1]
        with server.listening("/about.html") as about:
            html = about.html("AR501")
            assert "content/rival.md" in html
            assert "content/pages/rival.md" in html


def test_another_site_cannot_read_drafts_by_a_name_of_its_own(served: tuple[Site, Server]) -> None:
    _, server = served
    port = server.address.rpartition(":")[2]
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example", "[::1", ""):
        assert server.get("/", Host=host)[0] == 421, host
    for host in (f"localhost:{port}", "127.0.0.1", f"[::1]:{port}", "digest.localhost"):
        assert server.get("/", Host=host)[0] == 200, host
    assert server.get("/..%2f..%2f..%2fpelicanconf.py")[0] == 404
