"""`alsoread publish` and `alsoread withdraw`: a published address never dies unnoticed."""

import json
import os
import re
import shutil
import stat
import sys
from pathlib import Path

import html5lib
import pytest

from sites import PLUGINS, ROOT, Result, Site, tree
from test_check import committed, git

NOW = "2026-03-02T12:00:00+00:00"
WHY = "The source has taken back its report."
# what is derived, and comes and goes with counts: see docs/decisions/0030
DERIVED = re.compile(
    r"(?:.*/)?page/\d+\.html|topics/.*\+.*|archive/.*|404\.html|theme/.*|images/.*|sitemap\.xml|robots\.txt|_redirects|\.alsoread-output"
)


def ledger(site: Site) -> dict[str, str]:
    """The lines of the ledger, by address."""
    lines = (site.root / "published.txt").read_text("utf-8").splitlines()
    return {line.split()[0]: line for line in lines if not line.startswith("#")}


def publish(site: Site, *args: str) -> Result:
    return site.run("publish", "--now", NOW, *args)


def lost(result: Result) -> list[str]:
    """The addresses that are told to die."""
    return re.findall(r"AR506 the \w+ at (\S+) was", result.out + result.err)


@pytest.fixture
def published(site: Site) -> Site:
    """A digest of three stories, published."""
    site.conf(ALSOREAD_SOURCES_PAGE="").write("content/topics/ports.md", "---\nname: Ports\n---\n")
    site.story("storm", "Storm closes the port", date="2026-01-01", author="Desk", slug="storm")
    site.story("quay", "The quay is dry again", date="2026-01-02", author="Desk", slug="quay")
    site.story(
        "crane", "A crane turns", date="2026-01-03", author="Desk", slug="crane", body="READ: The quay is dry again\n"
    )
    result = publish(site)
    assert result.exit_code == 0, result.err
    return site


# -- the ledger


def test_the_first_publication_lists_what_others_link_to(published: Site) -> None:
    assert list(ledger(published)) == ["/", "/archive.html", "/authors.html", "/authors/desk.html", "/feeds/all.atom.xml", "/feeds/topics/ports.atom.xml", "/stories/crane.html", "/stories/quay.html", "/stories/storm.html", "/topics.html", "/topics/ports.html"]  # fmt: skip
    assert ledger(published)["/stories/storm.html"] == "/stories/storm.html story 2026-03-02"


def test_a_second_one_leaves_the_file_alone_and_later_ones_add(published: Site) -> None:
    path = published.root / "published.txt"
    before = path.stat()
    assert publish(published).exit_code == 0
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    published.story("new", "Something new", slug="new", author="Desk")
    result = published.run("publish", "--now", "2026-03-03T00:00:00+00:00")
    assert "new        story    /stories/new.html" in result.out
    assert ledger(published)["/stories/new.html"] == "/stories/new.html story 2026-03-03"
    assert ledger(published)["/stories/storm.html"] == "/stories/storm.html story 2026-03-02"


def test_neither_drafts_nor_embargoed_nor_future_stories_come_into_it_and_hidden_ones_do(site: Site) -> None:
    site.conf(WITH_FUTURE_DATES=False)
    site.story("a", slug="a").story("hidden", slug="secretive", status="hidden")
    for name, fields in {
        "d": {"status": "draft"},
        "e": {"embargo_until": "2026-03-03"},
        "f": {"date": "2026-03-04"},
    }.items():
        site.story(
            name,
            slug=f"zanzibar-{name}",
            tags=["Zanzibar"],
            thread="zanzibar",
            author="Zanzibar",
            aliases=["/zanzibar/"],
            **fields,
        )
    assert publish(site).exit_code == 0
    assert "zanzibar" not in (site.root / "published.txt").read_text().lower()
    assert "/stories/secretive.html" in ledger(site)


def test_every_page_and_feed_that_is_not_derived_is_listed_and_nothing_else(site: Site) -> None:
    """What the settings and stories give by calculation is what a build makes, with everything turned on."""
    shutil.copytree(ROOT / "content", site.root / "content")
    conf = (ROOT / "pelicanconf.py").read_text("utf-8").replace("themes/broadsheet", str(ROOT / "themes/broadsheet"))
    more = "AUTHOR = 'Nobody Else'\nAUTHOR_FEED_ATOM = 'feeds/authors/{slug}.atom.xml'\nTAG_FEED_RSS = 'feeds/topics/{slug}.rss.xml'\nFEED_RSS = 'feeds/rss.xml'\nFEED_DOMAIN = SITEURL\n"
    site.write("pelicanconf.py", conf.replace('["plugins"]', repr([str(PLUGINS)])) + more)
    site.story("stories/new", "No author", slug="no-author", status="published", aliases=["/old/one/"])
    site.story(
        "stories/hid", "Hidden author", slug="hidden-author", author="Hidden One", tags=["Only Hidden"], status="hidden"
    )
    assert publish(site).exit_code == 0
    files = {address.removeprefix("/") for address in ledger(site)}
    listed = {f"{name}index.html" if name.endswith("/") or not name else name for name in files}
    made = {name: data for name, data in tree(site.root / "output").items() if not DERIVED.fullmatch(name)}
    redirects = {name for name, data in made.items() if b'http-equiv="refresh"' in data} - {"old/one/index.html"}
    assert all(name.startswith("topics/") for name in redirects)
    assert listed == made.keys() - redirects
    assert "authors/nobody-else.html" in listed
    assert lost(site.run("check", "-s", "pelicanconf.py")) == []


def test_the_ledger_of_the_sample_digest_is_true(tmp_path: Path) -> None:
    before = (ROOT / "published.txt").read_bytes()
    result = Site(ROOT).run(
        "publish", "--dry-run", "--format", "json", "-o", str(tmp_path / "site"), SITEURL="https://www.example.org"
    )
    assert result.exit_code == 0, result.err + result.out
    addresses = result.json["addresses"]
    assert (addresses["new"], addresses["back"], addresses["redirected"]) == ([], [], [])
    assert [each["address"] for each in addresses["withdrawn"]] == ["/stories/a-rehearsal-taken-for-a-landing.html"]
    assert (ROOT / "published.txt").read_bytes() == before
    assert not (tmp_path / "site").exists()


def test_without_a_ledger_nothing_is_judged(site: Site) -> None:
    site.conf().story("a", slug="a")
    assert site.build().exit_code == 0
    (site.root / "content/a.md").unlink()
    site.story("b", slug="b")
    assert site.build("--strict").exit_code == 0
    assert site.run("check").exit_code == 0
    assert not (site.root / "published.txt").exists()


def test_it_can_have_another_name_and_none(site: Site) -> None:
    site.conf(ALSOREAD_LEDGER="records/addresses.txt").story("a", slug="a")
    assert publish(site).exit_code == 0
    assert (site.root / "records/addresses.txt").is_file()
    site.conf(ALSOREAD_LEDGER="")
    assert "no address was noted" in publish(site).out
    assert not (site.root / "published.txt").exists()
    assert site.run("withdraw", "/stories/a.html", "--why", WHY).exit_code == 2


def test_a_folder_that_is_its_own_content_looks_at_nothing_beside_it(site: Site) -> None:
    site.write("published.txt", "/gone.html story 2026-01-01\n").write(
        "notes/a.md", "---\ntitle: A\ndate: 2026-01-01\ntags: [X]\n---\n\nText.\n"
    )
    notes = Site(site.root / "notes")
    for command in ("build", "check", "publish"):
        result = notes.run(command)
        assert (result.exit_code, lost(result)) == (0, []), result.err
    assert (site.root / "published.txt").read_text() == "/gone.html story 2026-01-01\n"


def test_a_site_that_is_no_digest_is_published_without_one(site: Site) -> None:
    site.write("content/a.md", "Title: A\nDate: 2026-01-01\n\nText.\n")
    site.write(
        "pelicanconf.py",
        "PATH = 'content'\nOUTPUT_PATH = 'output'\nPLUGINS = ['alsoread.press']\nTIMEZONE = 'UTC'\nTHEME = 'simple'\n",
    )
    result = publish(site)
    assert (result.exit_code, "no address was noted" in result.out) == (0, True), result.err
    assert not (site.root / "published.txt").exists()


@pytest.mark.parametrize("target", ["link", "folder", "fifo"])
def test_only_a_regular_file_is_read(published: Site, target: str) -> None:
    path = published.root / "published.txt"
    path.rename(published.root / "elsewhere.txt")
    if target == "link":
        path.symlink_to("elsewhere.txt")
    elif target == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    result = publish(published)
    assert result.exit_code == 1
    assert "published.txt:1:1 AR0" in result.err
    assert published.run("check").exit_code == 1


def test_a_damaged_line_stops_the_publication_and_is_never_lost(published: Site) -> None:
    path = published.root / "published.txt"
    path.write_text(path.read_text() + "<<<<<<< HEAD\n/x story\n", "utf-8")
    before = path.read_bytes()
    published.story("new", slug="new")
    result = publish(published)
    assert result.exit_code == 1
    assert re.findall(r"^published\.txt:(\d+):\d+ AR507", result.err, re.MULTILINE) == ["14", "15"]
    assert path.read_bytes() == before
    assert not published.has("stories/new.html"), "the old site stays"
    assert "mend it first" in published.run("withdraw", "/stories/storm.html", "--why", WHY).err
    assert path.read_bytes() == before


# -- dying


def test_a_deleted_story_is_an_error_until_it_redirects(published: Site) -> None:
    (published.root / "content/storm.md").unlink()
    for command in (("build",), ("build", "--strict"), ("check",), ("publish",)):
        result = published.run(*command)
        assert (result.exit_code, lost(result)) == (1, ["/stories/storm.html"]), command
    assert published.has("stories/storm.html") is False, "plain build goes on without it"
    published.story("quay", "The quay is dry again", slug="quay", author="Desk", aliases=["/stories/storm.html"])
    for command in (("build", "--strict"), ("check",), ("publish", "--now", NOW)):
        result = published.run(*command)
        assert (result.exit_code, lost(result)) == (0, []), result.err
    assert "redirected story    /stories/storm.html" in result.out
    assert 'http-equiv="refresh"' in published.page("stories/storm.html")
    assert ledger(published)["/stories/storm.html"] == "/stories/storm.html story 2026-03-02"


def test_strict_keeps_the_old_site(published: Site) -> None:
    before = tree(published.root / "output")
    (published.root / "content/storm.md").unlink()
    assert published.build("--strict").exit_code == 1
    assert tree(published.root / "output") == before


def test_pelican_tells_it_too(published: Site) -> None:
    (published.root / "content/storm.md").unlink()
    conf = (published.root / "pelicanconf.py").read_text() + f"PLUGIN_PATHS = [{str(PLUGINS)!r}]\n"
    published.write("pelicanconf.py", conf)
    result = published.pelican("content", "-s", "pelicanconf.py", "--log-handler", "plain")
    assert "published.txt:11:1 AR506" in result.err
    assert published.pelican("content", "-s", "pelicanconf.py", "--fatal", "errors").exit_code == 1


CHANGES: dict[str, dict[str, object]] = {
    "is a draft now": {"status": "draft"},
    "is under embargo now": {"embargo_until": "2099-01-01"},
    "storm.md may have taken its place": {"slug": "storm-in-june"},
}


@pytest.mark.parametrize("said", CHANGES)
def test_a_story_that_is_kept_back_or_moved_is_named(published: Site, said: str) -> None:
    published.story("storm", "Storm closes the port", author="Desk", **{"slug": "storm", **CHANGES[said]})
    built, checked = published.build(), published.run("check")
    assert lost(built) == lost(checked) == ["/stories/storm.html"]
    assert said in built.err
    assert said in checked.out


def test_the_hint_for_a_moved_story_can_be_pasted(published: Site) -> None:
    published.story("storm", "Storm closes the port", author="Desk", slug="storm-in-june")
    alias = re.search(r"in storm\.md, (aliases: \[[^\]]+\])", published.build().err)
    assert alias
    text = (published.root / "content/storm.md").read_text()
    published.write("content/storm.md", text.replace("slug:", f"{alias[1]}\nslug:"))
    assert lost(published.build("--strict")) == []


def test_pages_lead_on_too(site: Site) -> None:
    site.conf().story("a").write("content/pages/about.md", "---\ntitle: About\n---\n\nUs.\n")
    assert publish(site).exit_code == 0
    site.write("content/pages/about.md", "---\ntitle: About us\n---\n\nUs.\n")
    assert lost(site.run("check")) == ["/about.html"]
    site.write("content/pages/about.md", "---\ntitle: About us\naliases: [/about.html]\n---\n\nUs.\n")
    assert publish(site).exit_code == 0
    assert 'url=about-us.html"' in site.page("about.html")
    assert "/about.html /about-us.html 301" in site.page("_redirects")


def test_a_topic_that_is_renamed_lives_on_under_its_alias_and_so_does_its_feed(published: Site) -> None:
    published.write("content/topics/ports.md", "---\nname: Harbours\n---\n")
    for name in ("storm", "quay", "crane"):
        path = published.root / f"content/{name}.md"
        path.write_text(path.read_text().replace('["Ports"]', '["Harbours"]'))
    dead = ["/feeds/topics/ports.atom.xml", "/topics/ports.html"]
    assert lost(published.run("check")) == lost(published.build()) == dead
    published.write("content/topics/ports.md", "---\nname: Harbours\naliases: [ports]\n---\n")
    assert lost(published.run("check")) == lost(published.build("--strict")) == []


def test_a_story_with_an_error_is_told_once(published: Site) -> None:
    published.write("content/storm.md", "---\ntitle: Storm\n---\n\nText.\n")
    for result in (published.build(), published.run("check")):
        assert lost(result) == []
        assert "AR112" in result.out + result.err


def test_an_expired_story_may_go_and_later_its_file(published: Site) -> None:
    published.story("storm", "Storm closes the port", author="Desk", slug="storm", expires="2026-02-01")
    assert publish(published).exit_code == 0
    assert not published.has("stories/storm.html")
    assert "Storm closes" not in "".join(
        data.decode("utf-8", "replace") for data in tree(published.root / "output").values()
    )
    assert ledger(published)["/stories/storm.html"] == "/stories/storm.html story 2026-03-02 expired 2026-02-01"
    (published.root / "content/storm.md").unlink()
    assert publish(published).exit_code == 0
    published.story("storm", "Storm closes the port", author="Desk", slug="storm")
    assert publish(published).exit_code == 0
    assert ledger(published)["/stories/storm.html"] == "/stories/storm.html story 2026-03-02"


def test_what_goes_with_an_expired_story_needs_no_word_either(published: Site) -> None:
    """A build by the clock must not stop because the last story of a topic has expired in the night."""
    night = {"slug": "lamp", "tags": ["Night"], "author": "Night Desk", "source": "Lamp Post", "thread": "lamps"}
    published.conf().story("lamp", "A lamp is lit", expires="2026-03-03", **night)
    assert publish(published).exit_code == 0
    gone = [address for address in ledger(published) if re.search("night|lamp|threads|sources", address)]
    assert len(gone) == 9
    later = ("--now", "2026-03-04T00:00:00+00:00")
    assert published.run("check", *later).exit_code == published.build("--strict", *later).exit_code == 0
    assert published.run("publish", *later).exit_code == 0
    assert all(ledger(published)[address].endswith(" expired 2026-03-03") for address in gone)
    (published.root / "content/lamp.md").unlink()
    assert lost(published.run("check", *later)) == []
    # what another story has is held to the ledger all the same
    published.story("storm", "Storm closes the port", author="Desk", slug="storm", expires="2026-02-01")
    for name in ("quay", "crane"):
        (published.root / f"content/{name}.md").unlink()
    assert lost(published.run("check", *later)) == ["/stories/crane.html", "/stories/quay.html"]


def test_where_the_site_lies_and_how_its_links_are_written_do_not_matter(published: Site) -> None:
    for settings in ({"SITEURL": "https://www.example.org/news"}, {"RELATIVE_URLS": False}):
        published.conf(ALSOREAD_SOURCES_PAGE="", **settings)
        assert lost(published.build("--strict")) == lost(published.run("check")) == []
    published.conf(ALSOREAD_SOURCES_PAGE="", ARTICLE_SAVE_AS="stories/{slug}/index.html", ARTICLE_URL="stories/{slug}/")
    assert len(lost(published.run("check"))) == len(lost(published.build())) == 3


def test_a_site_in_a_folder_for_each_address_is_listed_by_folders(site: Site) -> None:
    site.conf(ARTICLE_SAVE_AS="stories/{slug}/index.html", ARTICLE_URL="stories/{slug}/").story("a", slug="a")
    assert publish(site).exit_code == 0
    assert "/stories/a/" in ledger(site)
    (site.root / "content/a.md").unlink()
    site.story("b", slug="b", aliases=["/stories/a"])
    assert "/stories/a/" not in lost(site.run("check"))


# -- delivering


def script(site: Site, text: str) -> list[str]:
    path = site.root / "deliver"
    path.write_text(f"#!{sys.executable}\n{text}", "utf-8")
    path.chmod(stat.S_IRWXU)
    return [str(path), "{output}/", "to; echo $HOME", "{brace}"]


def test_the_site_is_handed_to_a_command_that_no_shell_reads(site: Site) -> None:
    words = script(
        site,
        "import json, os, sys\nprint('hello')\njson.dump([sys.argv[1:], os.listdir(sys.argv[1])], open('told', 'w'))\n",
    )
    site.conf(ALSOREAD_UPLOAD=words).story("a")
    result = publish(site, "--format", "json")
    assert (result.exit_code, result.json["delivered"]) == (0, True), result.err
    assert result.err == "hello\n", "what it prints is not for the machine"
    given, files = json.loads((site.root / "told").read_text())
    assert given == [f"{site.root}/output/", "to; echo $HOME", "{brace}"]
    assert "index.html" in files


def test_the_ledger_is_written_only_when_the_site_was_delivered(site: Site) -> None:
    site.conf(
        ALSOREAD_UPLOAD=script(site, "import os\nassert not os.path.exists('published.txt')\nraise SystemExit(3)\n")
    ).story("a")
    result = publish(site)
    assert result.exit_code == 2
    assert "failed with exit code 3" in result.err
    assert not (site.root / "published.txt").exists()
    site.conf(ALSOREAD_UPLOAD=["no-such-command-anywhere"])
    assert "cannot be run" in publish(site).err
    assert not (site.root / "published.txt").exists()


def test_nothing_is_delivered_where_anything_is_wrong(site: Site) -> None:
    site.conf(ALSOREAD_UPLOAD=script(site, "open('told', 'w')\n")).story("a").story("b", date="never")
    assert publish(site).exit_code == 1
    assert not (site.root / "told").exists()
    assert not (site.root / "output").exists()


def test_what_somebody_withdrew_meanwhile_stays_withdrawn(published: Site) -> None:
    line = f"/stories/old.html story 2025-01-01 withdrawn 2025-02-01 {WHY}"
    published.conf(
        ALSOREAD_SOURCES_PAGE="",
        ALSOREAD_UPLOAD=script(published, f"open('published.txt', 'a').write({line + chr(10)!r})\n"),
    )
    published.story("new", slug="new")
    assert publish(published).exit_code == 0
    assert ledger(published)["/stories/old.html"] == line
    assert "/stories/new.html" in ledger(published)


def test_a_dry_run_tells_all_and_changes_nothing(published: Site) -> None:
    published.story("quay", "The quay is dry again", slug="quay-two", author="Desk", aliases=["/stories/quay.html"])
    (published.root / "content/storm.md").unlink()
    assert published.run("withdraw", "/stories/storm.html", "--why", WHY).exit_code == 0
    published.conf(ALSOREAD_SOURCES_PAGE="", ALSOREAD_UPLOAD=script(published, "open('told', 'w')\n"))
    before = tree(published.root / "output"), (published.root / "published.txt").read_bytes()
    result = publish(published, "--dry-run")
    assert result.exit_code == 0
    assert result.out.splitlines()[:3] == [
        "new        story    /stories/quay-two.html",
        f"withdrawn  story    /stories/storm.html  {WHY}",
        "redirected story    /stories/quay.html",
    ]
    assert (tree(published.root / "output"), (published.root / "published.txt").read_bytes()) == before
    assert not (published.root / "told").exists()
    told = publish(published, "--dry-run", "--format", "json").json
    assert (told["published"], told["delivered"]) == (False, False)
    assert [len(told["addresses"][name]) for name in ("new", "back", "withdrawn", "expired", "redirected")] == [
        1,
        0,
        1,
        0,
        1,
    ]


def test_publishconf_is_what_it_takes_by_itself(site: Site) -> None:
    site.conf().story("a")
    site.write(
        "publishconf.py",
        "import sys\nsys.path.insert(0, '.')\nfrom pelicanconf import *\nSITEURL = 'https://www.example.org'\nRELATIVE_URLS = False\n",
    )
    assert publish(site).exit_code == 0
    assert "https://www.example.org/" in site.page("sitemap.xml")


# -- withdrawing


@pytest.fixture
def withdrawn(published: Site) -> Site:
    """The same digest without the quay, which a story links to, and says why."""
    (published.root / "content/quay.md").unlink()
    result = published.run("withdraw", "/stories/quay.html", "--why", WHY, "--now", NOW)
    assert result.exit_code == 0, result.err
    assert result.out == f"/stories/quay.html story 2026-03-02 withdrawn 2026-03-02 {WHY}\n"
    return published


def test_a_page_says_so_and_not_a_word_of_what_was_there(withdrawn: Site) -> None:
    result = withdrawn.build("--strict")
    assert (result.exit_code, lost(result)) == (0, []), result.err
    page = withdrawn.page("stories/quay.html")
    assert WHY in page
    assert '<time datetime="2026-03-02">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert "The quay is dry" not in page
    assert "canonical" not in page
    others = {
        name: data.decode("utf-8", "replace")
        for name, data in tree(withdrawn.root / "output").items()
        if name != "stories/quay.html"
    }
    assert [name for name, text in others.items() if "quay.html" in text] == ["_redirects"]
    assert "/stories/quay.html /stories/quay.html 410!" in others["_redirects"]


def test_cross_links_to_it_are_told_as_for_a_missing_story(withdrawn: Site) -> None:
    result = withdrawn.run("check")
    assert "crane.md:9:1 AR401 no story is called 'The quay is dry again'" in result.out
    withdrawn.story("crane", "A crane turns", slug="crane", body="[The quay](/stories/quay.html)\n")
    assert "AR411" in withdrawn.run("check").out


@pytest.mark.parametrize("theme", ["simple", "bare"])
def test_a_theme_without_a_template_has_a_plain_page(withdrawn: Site, theme: str) -> None:
    folder = theme
    if theme == "bare":
        shutil.copytree(ROOT / "themes/broadsheet", withdrawn.root / "bare")
        (withdrawn.root / "bare/templates/withdrawn.html").unlink()
    path = withdrawn.root / "published.txt"
    path.write_text(path.read_text().replace(WHY, 'A <b>lie</b> & "worse".'), "utf-8")
    result = withdrawn.build("-t", folder)
    page = withdrawn.page("stories/quay.html")
    assert "A &lt;b&gt;lie&lt;/b&gt; &amp; &quot;worse&quot;." in page, result.err
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(page)
    assert parser.errors == []
    assert 'content="noindex"' in page


def test_a_reason_is_text_in_the_theme_too(withdrawn: Site) -> None:
    path = withdrawn.root / "published.txt"
    path.write_text(path.read_text().replace(WHY, "<script>alert(1)</script> {{ SITENAME }}"), "utf-8")
    assert withdrawn.build().exit_code == 0
    page = withdrawn.page("stories/quay.html")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ SITENAME }}" in page
    assert "<script>alert" not in page


def test_a_story_that_comes_back_is_left_out(withdrawn: Site) -> None:
    withdrawn.story("quay", "The quay is dry again", slug="quay", author="Desk")
    withdrawn.story("crane", "A crane turns", slug="crane", author="Desk")
    for result in (withdrawn.build(), withdrawn.run("check")):
        assert result.exit_code == 1
        assert f"content/quay.md:5:1 AR508 the address /stories/quay.html was withdrawn on 2026-03-02: {WHY}" in (
            result.err + result.out
        )
    assert WHY in withdrawn.page("stories/quay.html")
    assert [name for name, data in tree(withdrawn.root / "output").items() if b"The quay is dry" in data] == []
    assert withdrawn.run("withdraw", "--undo", "/stories/quay.html").out == "/stories/quay.html story 2026-03-02\n"
    assert withdrawn.build("--strict").exit_code == 0
    assert "The quay is dry" in withdrawn.page("stories/quay.html")


def test_new_stories_do_not_get_its_address(withdrawn: Site) -> None:
    result = withdrawn.run("new", "Quay")
    assert "was withdrawn" in result.err
    assert result.out.splitlines()[0].endswith("/quay-2.md")


def test_what_comes_and_goes_with_stories_comes_back_by_itself(published: Site) -> None:
    published.story("lamp", "A lamp is lit", slug="lamp", tags=["Night"], author="Night Desk", source="Lamp Post")
    assert publish(published).exit_code == 0
    (published.root / "content/lamp.md").unlink()
    dead = [
        "/authors/night-desk.html",
        "/feeds/topics/night.atom.xml",
        "/sources/lamp-post.html",
        "/stories/lamp.html",
        "/topics/night.html",
    ]
    assert lost(published.run("check")) == dead
    result = published.run("withdraw", "--gone", "--why", WHY)
    assert [line.split()[0] for line in result.out.splitlines()] == dead
    assert publish(published).exit_code == 0
    assert all(
        WHY in published.page(name)
        for name in ("topics/night.html", "sources/lamp-post.html", "authors/night-desk.html")
    )
    assert not published.has("feeds/topics/night.atom.xml")
    assert WHY not in published.page("sitemap.xml") + published.page("topics.html")
    published.story("moth", "A moth flies", slug="moth", tags=["Night"], author="Desk")
    result = publish(published)
    assert (result.exit_code, "back       topic    /topics/night.html" in result.out) == (0, True)
    assert "A moth flies" in published.page("topics/night.html")
    assert "withdrawn" not in ledger(published)["/topics/night.html"]
    assert "withdrawn" in ledger(published)["/authors/night-desk.html"]


def test_a_preview_judges_nothing_and_shows_the_tombstone(withdrawn: Site) -> None:
    from alsoread.cli.building import build
    from alsoread.cli.site import read_site

    (withdrawn.root / "content/storm.md").unlink()
    built = build(read_site(output="preview"), drafts=True)
    assert [finding.code for finding in built.findings] == ["AR401"]
    assert WHY in (withdrawn.root / "preview/stories/quay.html").read_text("utf-8")


REFUSED = [
    (("/stories/storm.html", "--why", WHY), "is still there. First take its file away: git rm content/storm.md"),
    (("/topics/ports.html", "--why", WHY), "is still there: stories have this topic"),
    (("/topics.html", "--why", WHY), "is still there: other files make it"),
    (("/stories/strom.html", "--why", WHY), "was never published. Did you mean /stories/storm.html?"),
    (("https://other.example/stories/storm.html", "--why", WHY), "was never published"),
    (("/stories/storm.html",), "say why"),
    (("/stories/storm.html", "--why", " \n "), "say why"),
    (("/stories/storm.html", "--why", "x" * 1001), "longer than 1000"),
    (("/stories/storm.html", "--why", "a\u202eb"), "U+202E"),
    (("/stories/storm.html", "--why", "a\u2028b\x07"), "U+0007"),
    ((), "name an address"),
    (("/stories/storm.html", "--gone", "--why", WHY), "name an address"),
    (("/stories/storm.html", "--undo"), "was not withdrawn"),
    (("/stories/storm.html", "--undo", "--why", WHY), "--undo goes with addresses alone"),
]  # fmt: skip


def test_what_cannot_be_withdrawn_is_told_and_nothing_is_written(published: Site) -> None:
    before = (published.root / "published.txt").read_bytes()
    for arguments, words in REFUSED:
        result = published.run("withdraw", *arguments, COLUMNS="300")
        assert result.exit_code == 2, arguments
        assert words in result.err, (arguments, result.err)
        assert (published.root / "published.txt").read_bytes() == before


@pytest.mark.parametrize(
    "typed",
    [
        "/stories/quay.html",
        "stories/quay.html",
        "https://www.example.org/news/stories/quay.html",
        "/news/stories/quay.html",
        "/stories/%71uay.html?x=1#y",
    ],
)
def test_an_address_can_be_named_as_it_is_seen(published: Site, typed: str) -> None:
    published.conf(ALSOREAD_SOURCES_PAGE="", SITEURL="https://www.example.org/news")
    (published.root / "content/quay.md").unlink()
    result = published.run("withdraw", typed, "--why", WHY, "--dry-run")
    assert result.out.startswith("/stories/quay.html story 2026-03-02 withdrawn "), result.err
    assert "withdrawn" not in (published.root / "published.txt").read_text("utf-8").split("\n", 2)[2]


def test_without_a_ledger_there_is_nothing_to_withdraw(site: Site) -> None:
    site.conf().story("a")
    result = site.run("withdraw", "/stories/a.html", "--why", WHY)
    assert (result.exit_code, "nothing was published yet" in result.err) == (2, True)


# -- the same site


def test_pelican_and_alsoread_give_the_same_bytes_with_tombstones_and_redirects(withdrawn: Site) -> None:
    conf = (withdrawn.root / "pelicanconf.py").read_text() + f"PLUGIN_PATHS = [{str(PLUGINS)!r}]\n"
    withdrawn.write("pelicanconf.py", conf)
    withdrawn.story("storm", "Storm closes the port", slug="storm-two", author="Desk", aliases=["/stories/storm.html"])
    assert withdrawn.build("-o", "ours").exit_code == 0
    assert withdrawn.pelican("content", "-o", "theirs", "-s", "pelicanconf.py").exit_code == 0
    assert (withdrawn.root / "ours/stories/quay.html").is_file()
    assert tree(withdrawn.root / "ours") == tree(withdrawn.root / "theirs")


# -- pull requests


def test_a_branch_that_deletes_a_story_or_its_line_hears_of_it(published: Site) -> None:
    committed(published)
    (published.root / "content/storm.md").unlink()
    told = published.run("check", "--since", "HEAD")
    assert told.exit_code == 1
    assert lost(told) == ["/stories/storm.html"]
    assert "AR505" not in told.out, "it is told once"
    path = published.root / "published.txt"
    whole = path.read_text("utf-8")
    path.write_text("".join(line for line in whole.splitlines(True) if "storm" not in line), "utf-8")
    told = published.run("check", "--since", "HEAD")
    assert told.exit_code == 1
    assert "published.txt:1:1 AR509 the line of /stories/storm.html, which was published, is gone" in told.out
    assert "hint: /stories/storm.html story 2026-03-02\n" in told.out
    path.unlink()
    assert "AR509 the ledger of published addresses is gone" in published.run("check", "--since", "HEAD").out
    path.write_text(whole, "utf-8")
    assert published.run("withdraw", "/stories/storm.html", "--why", WHY).exit_code == 0
    assert published.run("check", "--since", "HEAD").exit_code == 0
    git(published, "add", "-A")
    git(published, "commit", "-q", "-m", "withdrawn")
    listed = published.run("diff", "HEAD~1")
    assert f"removed  stories/storm.html  Storm closes the port\n         withdrawn: {WHY}\n" in listed.out
    assert json.loads(published.run("diff", "HEAD~1", "--format", "json").out)[0]["why"] == WHY
    assert f"<p>Withdrawn: {WHY}</p>" in published.run("diff", "HEAD~1", "--format", "html").out
    assert published.run("diff", "HEAD").out == "nothing that a reader sees changes\n"


def test_a_branch_that_brings_a_withdrawn_story_back_hears_of_it(withdrawn: Site) -> None:
    committed(withdrawn)
    withdrawn.story("quay", "The quay is dry again", slug="quay", author="Desk")
    told = withdrawn.run("check", "--since", "HEAD")
    assert (told.exit_code, "AR508" in told.out) == (1, True)


def test_what_was_dead_before_is_no_fault_of_a_branch(published: Site) -> None:
    (published.root / "content/storm.md").unlink()
    committed(published)
    published.story("new", slug="new", author="Desk", source="Post", source_url="https://post.example/1")
    told = published.run("check", "--since", "HEAD")
    assert (told.exit_code, lost(told)) == (0, [])


@pytest.mark.parametrize("order", [("one", "two"), ("two", "one")])
def test_what_two_machines_publish_is_merged_by_git(published: Site, order: tuple[str, str]) -> None:
    """A story each, and one of them withdraws what stands beside: the lines of both sides are kept."""
    published.write(".gitattributes", "published.txt merge=union\n").write(
        ".gitignore", "/output/\n/.output.alsoread/\n"
    )
    committed(published)
    for name in ("one", "two"):
        git(published, "switch", "-q", "-c", name, "main")
        published.story(f"stormy-{name}", slug=f"stormy-{name}", author="Desk")
        if name == "two":
            (published.root / "content/storm.md").unlink()
            assert published.run("withdraw", "/stories/storm.html", "--why", WHY).exit_code == 0
        assert publish(published).exit_code == 0
        git(published, "add", "-A")
        git(published, "commit", "-q", "-m", name)
    git(published, "switch", "-q", "main")
    for name in order:
        git(published, "merge", "-q", "--no-edit", name)
    result = publish(published)
    assert result.exit_code == 0, result.err
    lines = (published.root / "published.txt").read_text("utf-8").splitlines()[2:]
    assert lines == sorted(set(lines)), "publishing tidies it"
    assert ledger(published).keys() >= {"/stories/stormy-one.html", "/stories/stormy-two.html"}
    assert WHY in ledger(published)["/stories/storm.html"]
