"""The sample digest as a whole: valid pages and feeds, every link resolves, nothing from elsewhere."""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import html5lib
import pytest

from sites import ROOT, Result, Site, tree

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="session", params=["pelicanconf.py", "publishconf.py"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("sample") / "site"
    result = Site(ROOT).build(
        "-s", request.param, "-o", str(folder), "--format", "json", SITEURL="https://digest.example/base"
    )
    assert result.exit_code == 0, result.err + result.out
    return folder, result


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value is not None:
                self.links.append((tag, value))
            if name == "id" and value:
                self.ids.add(value)


def links(page: str) -> _Links:
    parser = _Links()
    parser.feed(page)
    return parser


def pages(folder: Path) -> dict[str, str]:
    return {name: data.decode() for name, data in tree(folder).items() if name.endswith(".html")}


def test_it_is_large_enough_to_show_what_a_digest_is(built: tuple[Path, Result]) -> None:
    folder, result = built
    assert result.json["stories"] >= 15
    assert result.json["findings"] == []
    made = pages(folder)
    assert len([name for name in made if re.fullmatch(r"topics/[a-z-]+\.html", name)]) >= 6
    assert sum(page.count('<aside class="crosslink">') for page in made.values()) >= 20
    assert not any("crosslink-unresolved" in page for page in made.values())


def test_every_page_is_valid_html(built: tuple[Path, Result]) -> None:
    for name, page in pages(built[0]).items():
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(page)
        assert parser.errors == [], name
        assert page.startswith("<!DOCTYPE html>"), name


def test_every_internal_link_leads_somewhere(built: tuple[Path, Result]) -> None:
    folder, _ = built
    made = pages(folder)
    site = "https://digest.example/base/"
    checked = 0
    for name, page in made.items():
        for _, link in links(page).links:
            address = urlsplit(urljoin(site + name, link))
            if name == "404.html" and link.startswith("/") and "/base/" not in link:
                address = urlsplit(urljoin(site, link.lstrip("/")))
            if address.netloc != "digest.example" or not address.path.startswith("/base"):
                continue
            target = unquote(address.path.removeprefix("/base").lstrip("/")) or "index.html"
            assert (folder / target).is_file(), f"{name}: {link}"
            if address.fragment and target.endswith(".html"):
                assert address.fragment in links(made[target]).ids, f"{name}: {link}"
            checked += 1
    assert checked > 500


def test_no_page_loads_anything_from_another_host_or_any_script(built: tuple[Path, Result]) -> None:
    for name, page in pages(built[0]).items():
        assert "<script" not in page, name
        assert " style=" not in page, name
        assert "<style" not in page, name
        for tag, link in links(page).links:
            if tag in ("img", "script", "iframe", "source"):
                assert urlsplit(link).netloc in ("", "digest.example"), name
        for sheet in re.findall(r'<link[^>]+rel="stylesheet"[^>]*>', page):
            assert urlsplit(re.search(r'href="([^"]+)"', sheet)[1]).netloc in ("", "digest.example"), name


def test_the_stylesheet_is_small(built: tuple[Path, Result]) -> None:
    sheets = [data for name, data in tree(built[0]).items() if name.endswith(".css")]
    assert len(sheets) == 1
    assert len(sheets[0]) < 20_000
    assert not re.search(rb"url\(|@import", sheets[0])


def test_every_feed_is_valid_atom(built: tuple[Path, Result]) -> None:
    """What RFC 4287 asks for: ids, titles and dates everywhere, each feed its own id, each entry an author."""
    feeds = {
        name: ET.fromstring(data)
        for name, data in tree(built[0]).items()
        if name.endswith(".xml") and name.startswith("feeds/")
    }
    assert len(feeds) >= 7
    ids = [feed.findtext(f"{ATOM}id") for feed in feeds.values()]
    assert len(set(ids)) == len(ids)
    for name, feed in feeds.items():
        assert feed.findtext(f"{ATOM}title"), name
        assert re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", feed.findtext(f"{ATOM}updated") or ""
        ), name
        self_link = [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
        assert self_link == [
            f"{'https://digest.example/base' if 'base' in self_link[0] else 'https://digest.example'}/{name}"
        ]
        entries = feed.findall(f"{ATOM}entry")
        assert entries, name
        assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
        for entry in entries:
            assert entry.findtext(f"{ATOM}author/{ATOM}name"), name
            assert urlsplit(entry.find(f"{ATOM}link").get("href")).scheme == "https"
            content = entry.findtext(f"{ATOM}content") or ""
            assert "{filename}" not in content
            assert not re.search(r'href="(?!https?://|mailto:|#)', content), name


def test_the_sitemap_names_every_page_a_reader_may_find(built: tuple[Path, Result]) -> None:
    folder, _ = built
    root = ET.fromstring((folder / "sitemap.xml").read_bytes())
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    locations = [entry.findtext(f"{space}loc") or "" for entry in root]
    assert len(set(locations)) == len(locations)
    prefix = locations[0].rstrip("/")
    named = {unquote(location.removeprefix(prefix)).lstrip("/") for location in locations}
    kinds = ("stories/", "topics/", "threads/", "sources/")
    wanted = {
        name
        for name, page in pages(folder).items()
        if name.startswith(kinds) and "/page/" not in name and 'content="noindex"' not in page
    }
    assert {name.partition("/")[0] + "/" for name in wanted} == set(kinds)
    assert wanted <= named
    assert all((folder / (name or "index.html")).is_file() for name in named)
    assert f"Sitemap: {prefix}/sitemap.xml" in (folder / "robots.txt").read_text()


def test_our_templates_never_switch_escaping_off() -> None:
    for path in (ROOT / "themes/broadsheet/templates").glob("*.html"):
        text = path.read_text()
        assert "|safe" not in text.replace(" ", ""), path.name
        assert "autoescape false" not in text, path.name


def test_a_target_lists_what_links_to_it(built: tuple[Path, Result]) -> None:
    page = pages(built[0])["stories/slim-lands-on-the-moon.html"]
    assert "change-6-returns.html" in page.partition("</article>")[0].rpartition("crosslink")[2] + page
    back = page[page.lower().index("linked from") :]
    assert "change-6-returns.html" in back
