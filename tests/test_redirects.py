"""What stands at an address that something has moved from?"""

import html
import posixpath
import re
from pathlib import Path
from urllib.parse import unquote, urljoin

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsoread.outputs.redirects import file_of_alias, redirect_page
from sites import Site

FILES = [
    ("/old.html", "old.html"),
    ("/old.HTM", "old.HTM"),
    ("/old/", "old/index.html"),
    ("/old", "old/index.html"),
    ("/2024/05/old", "2024/05/old/index.html"),
    ("old/page.html", "old/page.html"),
    ("//double//old", "old/index.html"),
    ("/a//b.html", "a/b.html"),
    ("/old.html?page=2#top", "old.html"),
    ("/old.php", "old.php/index.html"),
    ("/%C3%A9t%C3%A9.html", "été.html"),
    ("https://digest.example/old/", "old/index.html"),
    ("/a/../b.html", "b.html"),
]


@pytest.mark.parametrize(("alias", "name"), FILES)
def test_a_former_address_asks_for_a_file(alias: str, name: str) -> None:
    assert file_of_alias(alias) == name


@pytest.mark.parametrize(
    "alias",
    ["", "/", "//", "/?p=12", "#top", ".", "..", "/..", "/../x", "/%2e%2e/x", "/a/../../x", "/a%00b", "/a\nb%0ac", "/a\\b",
     "/.output", "/.git/config", "/a/.htaccess", "/.alsoread-output", "/" + "x" * 300, "/" + "é" * 120, "http://[bad"],
)  # fmt: skip
def test_what_a_site_can_have_no_file_for_is_refused(alias: str) -> None:
    assert file_of_alias(alias) is None


@given(st.text(st.sampled_from("/.%2eE\\ab?#:\0\n é"), max_size=20))
def test_no_alias_leads_out_of_the_site_or_to_a_file_of_the_publishers(alias: str) -> None:
    name = file_of_alias(alias)
    if name is not None:
        assert name == posixpath.normpath(name)
        assert not name.startswith("/")
        assert not any(part.startswith(".") for part in name.split("/"))
        assert name.lower().endswith((".html", ".htm"))


def href(page: str) -> str:
    refresh = re.search(r'content="0; url=([^"]*)"', page)
    link = re.search(r'<p><a href="([^"]*)"', page)
    assert refresh
    assert link
    assert refresh[1] == link[1]
    return html.unescape(link[1])


MOVED = [
    ("old.html", "stories/new.html"),
    ("stories/old.html", "stories/new.html"),
    ("2024/05/old/index.html", "stories/new.html"),
    ("topics/harbor.html", "topics/ports.html"),
    ("topics/harbor/index.html", "topics/ports/"),
    ("old.html", ""),
    ("a/b/index.html", "a/b/c/d.html"),
    ("a/b/index.html", "a/"),
    ("old.html", "topics/a+b.html"),
    ("old/index.html", "stories/%C3%A9t%C3%A9.html"),
    ("été/index.html", "stories/a b.html"),
]


@pytest.mark.parametrize(("name", "target"), MOVED)
def test_it_leads_there_from_where_it_stands_with_and_without_a_server(name: str, target: str) -> None:
    page = redirect_page(name, target, "New", "", "en")
    there = urljoin(f"file:///site/{name}", href(page))
    assert unquote(there) == f"file:///site/{unquote(target) or 'index.html'}"


@pytest.mark.parametrize("target", ["stories/new.html", "/stories/new.html", "../new.html", ""])
def test_where_the_program_runs_makes_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    pages = set()
    for folder in (tmp_path, tmp_path / "a/b/c"):
        folder.mkdir(parents=True, exist_ok=True)
        monkeypatch.chdir(folder)
        pages.add(redirect_page("a/old.html", target, "New", "https://digest.example", "en"))
    assert len(pages) == 1


def test_it_names_the_new_address_and_asks_not_to_be_found_itself() -> None:
    page = redirect_page("old.html", "stories/new.html", "New", "https://digest.example/base/", "pt-br")
    assert '<link rel="canonical" href="https://digest.example/base/stories/new.html">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert '<html lang="pt-br">' in page
    assert "canonical" not in redirect_page("old.html", "stories/new.html", "New", "", "en")
    assert "canonical" not in redirect_page("old.html", "stories/new.html", "New", ".", "en")


def test_a_headline_is_text_whatever_it_holds() -> None:
    page = redirect_page(
        "old.html", "stories/\"><b>'.html", "</title><script>alert(1)</script>", "https://d.example", "en"
    )
    assert "<script" not in page
    assert "<b>" not in page


@given(st.text(max_size=20), st.text(st.characters(blacklist_categories=["Cs"]), max_size=20))
def test_it_is_valid_html(title: str, target: str) -> None:
    clean = "".join(char for char in title if char.isprintable())
    path = "".join(char for char in target if char.isprintable() and char not in "?#")
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(redirect_page("a/old.html", path, clean or "x", "https://d.example", "en"))
    assert parser.errors == []


def test_servers_are_told_of_all_moves(site: Site) -> None:
    site.conf(SITEURL="https://digest.example/news", RELATIVE_URLS=False)
    site.write("content/topics/ports.md", "---\nname: Ports\naliases: [Docks]\n---\n")
    site.story("a", "Größe & more", slug="a", aliases=["/old/", "/stories/größe.html", "index.html"])
    assert site.build().exit_code == 0
    assert site.page("_redirects").splitlines() == [
        "/news/feeds/topics/docks.atom.xml /news/feeds/topics/ports.atom.xml 301",
        "/news/old/ /news/stories/a.html 301",
        "/news/stories/gr%C3%B6%C3%9Fe.html /news/stories/a.html 301",
        "/news/topics/docks.html /news/topics/ports.html 301",
    ]
    site.story("a", "Größe & more", slug="a").write("content/topics/ports.md", "---\nname: Ports\n---\n")
    site.build()
    assert not site.has("_redirects")


def test_a_file_of_the_publishers_stays(site: Site) -> None:
    site.conf(STATIC_PATHS=["extra"], EXTRA_PATH_METADATA={"extra/_redirects": {"path": "_redirects"}})
    site.write("content/extra/_redirects", "/x /y 301\n").story("a", slug="a", aliases=["/old/"])
    assert site.build().exit_code == 0
    assert site.page("_redirects") == "/x /y 301\n"
