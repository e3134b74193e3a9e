"""How does a reader get from one story to others? Threads, sources, combinations, authors, archives, topics, redirects."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from sites import Site, tree

PORTS = """---
name: Ports
parent: Transport
aliases: [Harbors, Harbours]
description: Where ships go.
pinned: [s5, none]
media_topic: medtop:20000337
---

What ports *are*.
"""
STRIKE = "---\nname: The great strike\ndescription: Who stopped and why.\n---\n\nIt *began* in May.\n"


def fill(site: Site) -> Site:
    """Twelve stories, one a month: all about ports, the even ones about ferries, some about weather."""
    site.write("content/topics/ports.md", PORTS)
    site.write("content/topics/transport.md", "---\nname: Transport\n---\n")
    site.write("content/topics/ferries.md", "---\nname: Ferries\nparent: Transport\n---\n")
    site.write("content/topics/weather.md", "---\nname: Weather\npinned: [s1]\n---\n")
    site.write("content/threads/strike.md", STRIKE)
    site.write("content/threads/unused.md", "---\nname: Never heard of\n---\n")
    site.write("content/threads/ended.md", "---\nname: All over\nstatus: closed\n---\n")
    site.write("content/pages/about.md", "---\ntitle: About\n---\n\nThis is it.\n")
    for number in range(12):
        site.story(
            f"{2024 + number // 6}/s{number}",
            f"Story number {number}",
            slug=f"s{number}",
            date=f"{2024 + number // 6}-{1 + number % 6:02}-15",
            tags=["Ports", *(["Ferries"] if number % 2 else []), *(["Weather"] if number in (1, 2, 3) else [])],
            thread="strike"
            if number in (2, 5, 9)
            else "storm"
            if number == 11
            else "ended"
            if number in (0, 1)
            else None,
            sources=[
                {"name": "The Harbour Post", "url": "https://post.example/a?b=1&c=2", "title": "“Original” & more"}
            ]
            + ([{"name": "Zee & Co"}] if number in (3, 4) else []),
            author="Ana Sánchez" if number % 3 else "Bo, Ana Sánchez",
            body=f"Words about number {number}.\n\nSee [[s{(number + 1) % 12}]].\n\nREAD: Story number {(number + 5) % 12}\n",
            aliases=["/old/s7.html", "/old/seven/"] if number == 7 else None,
        )
    site.write(
        "content/de.md", "---\ntitle: Nummer drei\ndate: 2024-04-15\nslug: s3\nlang: de\ntags: [Ports, Häfen]\n"
        "thread: strike\nauthor: Otto\nsource: Hafenblatt\n---\n\nWorte.\n"
    )  # fmt: skip
    return site


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = fill(Site(tmp_path_factory.mktemp("browsing")))
    site.conf(
        DEFAULT_PAGINATION=3,
        ALSOREAD_EDIT_URL="https://forge.example/edit/{path}",
        PAGINATED_TEMPLATES={"index": None, "tag": None, "author": None, "period_archives": None},
    )
    result = site.build("--now", "2026-01-01T00:00:00Z")
    assert result.exit_code == 0, result.err
    assert result.codes == ["AR303", "AR305"], result.err
    assert "content/de.md:6:1 AR303 no file knows the topic 'Häfen'" in result.err
    assert "content/topics/ports.md:6:1 AR305 the pinned story 'none'" in result.err
    return site


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value is not None:
                self.links.append(value)
            if name == "id" and value:
                self.ids.append(value)


def lost_links(site: Site, root: str = "https://digest.example/") -> list[str]:
    """Internal links of all pages that lead to no file, or to a place that is not in it."""
    made = {
        name: data.decode() for name, data in tree(site.root / "output").items() if name.endswith((".html", ".xml"))
    }
    pages = {name: _Page(text) for name, text in made.items() if name.endswith(".html")}
    lost = []
    for name, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), name
        for link in page.links:
            base = root if name == "404.html" else root + name
            address = urlsplit(urljoin(base, link))
            if not address.geturl().startswith(root):
                continue
            target = unquote(address.path.removeprefix(urlsplit(root).path)) or "index.html"
            target += "index.html" if target.endswith("/") else ""
            if not site.has(target) or (
                address.fragment and target in pages and address.fragment not in pages[target].ids
            ):
                lost.append(f"{name}: {link}")
    return lost


def order(page: str, names: list[str]) -> list[str]:
    return sorted((name for name in names if name in page), key=page.index)


def main(site: Site, path: str) -> str:
    return site.page(path).partition("<main")[2].partition("</main>")[0]


def headlines(text: str) -> list[int]:
    """The numbers of the stories that a list links to, in its order."""
    return [int(number) for number in re.findall(r'card-headline"[^>]*><a href="[^"]*/s(\d+)\.html', text)]


def test_every_link_of_every_page_leads_somewhere(built: Site) -> None:
    assert lost_links(built) == []


def test_a_thread_has_a_page_with_its_stories_in_the_order_in_which_they_happened(built: Site) -> None:
    page = main(built, "threads/strike.html")
    assert headlines(page) == [2, 5, 9]
    assert "The great strike" in page
    assert "Who stopped and why." in page
    assert "It <em>began</em> in May." in page
    assert page.index("Latest") < page.index("s9.html") < page.index("s2.html")


def test_threads_are_listed_with_the_newest_story_first_and_those_that_have_ended_last(built: Site) -> None:
    page = main(built, "threads.html")
    assert order(page, ["Storm", "The great strike", "All over"]) == ["Storm", "The great strike", "All over"]
    assert "Story that has ended" in page
    assert "Never heard of" not in page
    assert not built.has("threads/unused.html")


def test_a_thread_has_a_feed_newest_first(built: Site) -> None:
    feed = built.page("feeds/threads/strike.atom.xml")
    assert re.findall(r"<title>(Story number \d+)</title>", feed) == [f"Story number {n}" for n in (9, 5, 2)]
    assert "The great strike" in feed
    assert 'href="../feeds/threads/strike.atom.xml"' in built.page("threads/strike.html")


def test_a_story_shows_the_thread_and_the_ones_before_and_after(built: Site) -> None:
    box = built.page("stories/s5.html").partition('class="box thread-box"')[2].partition("</section>")[0]
    assert "../threads/strike.html" in box
    assert re.findall(r'rel="(\w+)" href="[^"]*/(s\d)', box) == [("prev", "s2"), ("next", "s9")]
    assert 'class="box thread-box"' not in built.page("stories/s11.html")  # the only one of its thread
    assert 'class="box thread-box"' not in built.page("stories/s3.de.html")  # the original has its place


def test_a_source_has_pages_with_its_stories_newest_first(built: Site) -> None:
    numbers = []
    for name in ("sources/the-harbour-post.html", *(f"sources/the-harbour-post/page/{n}.html" for n in (2, 3, 4))):
        page = main(built, name)
        assert "The Harbour Post" in page
        numbers += headlines(page)
    assert numbers == list(range(11, -1, -1))
    assert not built.has("sources/the-harbour-post/page/5.html")
    assert headlines(main(built, "sources/zee-and-co.html")) == [4, 3]


def test_pages_of_a_source_lead_to_one_another(built: Site) -> None:
    second = main(built, "sources/the-harbour-post/page/2.html")
    assert 'rel="prev" href="../../../sources/the-harbour-post.html"' in second
    assert 'rel="next" href="../../../sources/the-harbour-post/page/3.html"' in second
    assert 'rel="next"' not in main(built, "sources/the-harbour-post/page/4.html")


def test_sources_are_listed_from_a_to_z_with_the_number_of_their_stories(built: Site) -> None:
    page = main(built, "sources.html")
    names = re.findall(r'<a href="[^"]*sources/[^"]*">([^<]*)</a>&nbsp;<span class="count">(\d+)', page)
    assert names == [("The Harbour Post", "12"), ("Zee &amp; Co", "2")]


def test_a_story_names_its_sources_with_the_original_headline(built: Site) -> None:
    box = built.page("stories/s3.html").partition('class="sources"')[2].partition("</section>")[0]
    assert 'href="../sources/the-harbour-post.html"' in box
    assert 'href="https://post.example/a?b=1&amp;c=2"' in box
    assert "“Original” &amp; more" in box
    assert "Zee &amp; Co" in box


def test_two_topics_that_share_enough_stories_have_a_page_together(built: Site) -> None:
    assert sorted(name for name in tree(built.root / "output") if "+" in name) == [
        "topics/ferries+ports.html",
        "topics/ferries+ports/page/2.html",
    ]
    assert headlines(main(built, "topics/ferries+ports.html")) == [11, 9, 7]
    assert headlines(main(built, "topics/ferries+ports/page/2.html")) == [5, 3, 1]
    assert "Ferries + Ports" in main(built, "topics/ferries+ports.html")
    assert "topics/ferries+ports.html" in main(built, "stories/s3.html")
    assert "topics/ferries+ports.html" not in main(built, "stories/s4.html")


def test_authors_have_pages_and_are_listed(built: Site) -> None:
    assert headlines(main(built, "authors/bo.html")) == [9, 6, 3]
    assert headlines(main(built, "authors/ana-sanchez.html")) == [11, 10, 9]
    assert headlines(main(built, "authors/ana-sanchez/page/4.html")) == [2, 1, 0]
    names = re.findall(r'authors/[^"]*">([^<]*)</a>&nbsp;<span class="count">(\d+)', main(built, "authors.html"))
    assert names == [("Ana Sánchez", "12"), ("Bo", "4"), ("Otto", "1")]


def test_years_and_months_have_pages(built: Site) -> None:
    assert headlines(main(built, "archive/2025.html")) == [11, 10, 9]
    assert headlines(main(built, "archive/2025/page/2.html")) == [8, 7, 6]
    assert headlines(main(built, "archive/2024/03.html")) == [2]
    assert "March 2024" in main(built, "archive/2024/03.html")
    archive = main(built, "archive.html")
    assert 'href="./archive/2024.html"' in archive
    assert 'href="./archive/2025/06.html"' in archive


@pytest.mark.parametrize("is_newest_first", [True, False])
def test_a_period_has_one_page_though_days_of_other_zones_lie_between(tmp_path: Path, is_newest_first: bool) -> None:
    site = Site(tmp_path)
    dates = ("2025-01-31T10:00:00+00:00", "2025-02-01T01:00:00+05:30", "2025-01-31T23:00:00+00:00", "2025-02-02")
    for number, date in enumerate(dates):
        site.story(f"s{number}", f"Story number {number}", slug=f"s{number}", date=date)
    site.conf(NEWEST_FIRST_ARCHIVES=is_newest_first, DAY_ARCHIVE_SAVE_AS="archive/{date:%Y/%m/%d}.html")
    result = site.build()
    assert result.exit_code == 0, result.err
    pages = {"archive/2025.html": [3, 2, 1, 0], "archive/2025/01.html": [2, 0], "archive/2025/02.html": [3, 1]}
    pages |= {"archive/2025/01/31.html": [2, 0], "archive/2025/02/01.html": [1]}
    for name, numbers in pages.items():
        assert headlines(main(site, name)) == numbers, name


def test_a_topic_has_its_words_its_facts_and_the_stories_of_its_sub_topics(built: Site) -> None:
    page = main(built, "topics/ports.html")
    assert "Where ships go." in page
    assert "What ports <em>are</em>." in page
    assert 'class="breadcrumbs"' in page
    assert "topics/transport.html" in page.partition("<h1")[0]
    assert "medtop:20000337" in page
    facts = page.partition('class="box facts-box"')[2]
    assert '<time datetime="2024-01-15T00:00:00+00:00">' in facts
    assert '<time datetime="2025-06-15T00:00:00+00:00">' in facts
    assert "topics/ferries+ports.html" in facts  # a neighbour, by the page of the two
    assert re.findall(r'topics/weather[^>]*>Weather</a>&nbsp;<span class="count">(\d+)', facts) == ["3"]
    assert re.findall(r'sources/([^"]*)">[^<]*</a>&nbsp;<span class="count">(\d+)', facts) == [
        ("the-harbour-post.html", "12"),
        ("zee-and-co.html", "2"),
    ]


def test_a_topic_shows_a_chart_that_a_screen_reader_can_read(built: Site) -> None:
    page = main(built, "topics/ports.html")
    chart = page.partition("<svg")[2].partition("</svg>")[0]
    assert 'role="img"' in chart
    assert chart.count("<rect") == 18  # from January 2024 to June 2025
    assert chart.count('class="none"') == 6
    title = re.search(r'<title id="chart-title">([^<]*)', chart)
    assert title
    assert title[1] == "Stories a month, from January 2024 to June 2025; most in January 2024: 1"
    assert ">2024</text>" in chart
    assert ">2025</text>" in chart
    assert "<svg" in main(built, "topics/weather.html")


def test_sub_topics_are_counted_once_in_the_topic_above(built: Site) -> None:
    page = main(built, "topics/transport.html")
    counts = re.findall(r'topics/(\w+)\.html">\w+</a>&nbsp;<span class="count">(\d+)', page.partition("</header>")[0])
    assert counts == [("ferries", "6"), ("ports", "12")]
    shown = headlines(page) + [
        number for n in (2, 3, 4) for number in headlines(main(built, f"topics/transport/page/{n}.html"))
    ]
    assert shown == list(range(11, -1, -1))


def test_pinned_stories_stand_on_the_first_page_only(built: Site) -> None:
    first = main(built, "topics/ports.html").partition('class="pinned"')[2].partition("</section>")[0]
    assert re.findall(r"Story number \d+", first) == ["Story number 5"]
    assert 'class="pinned"' not in main(built, "topics/ports/page/2.html")
    assert 'class="box facts-box"' not in main(built, "topics/ports/page/2.html")


def test_a_story_leads_on_within_each_of_its_topics(built: Site) -> None:
    page = main(built, "stories/s3.html")
    steps = {
        slug: re.findall(r'rel="(\w+)" href="[^"]*/(s\d+)\.html', box)
        for slug, box in re.findall(r'id="in-([\w-]+)"(.*?)</nav>', page, re.DOTALL)
    }
    assert steps == {
        "ports": [("prev", "s2"), ("next", "s4")],
        "ferries": [("prev", "s1"), ("next", "s5")],
        "weather": [("prev", "s2")],
        "transport": [("prev", "s2"), ("next", "s4")],
    }
    assert '/s3.html#in-ferries"' in main(built, "topics/ferries/page/2.html")


def test_a_translation_has_its_own_page_and_is_in_no_list_twice(built: Site) -> None:
    page = main(built, "stories/s3.de.html")
    assert 'href="../stories/s3.html"' in page
    assert "s3.de.html" in main(built, "stories/s3.html")
    for name in tree(built.root / "output"):
        if name.endswith(".html") and name not in (
            "stories/s3.html", "stories/s3.de.html", "topics/hafen.html", "authors/otto.html",
        ):  # fmt: skip
            assert "Nummer drei" not in main(built, name), name
    assert not built.has("sources/hafenblatt.html")
    sitemap = built.page("sitemap.xml")
    assert sitemap.count("/stories/s3.html<") == sitemap.count("/stories/s3.de.html<") == 1


def test_what_only_a_translation_has_still_has_a_page(built: Site) -> None:
    for name in ("topics/hafen.html", "authors/otto.html"):
        assert "Nummer drei" in main(built, name)
        assert "Story number" not in main(built, name)


REDIRECTS = {
    "old/s7.html": "stories/s7.html",
    "old/seven/index.html": "stories/s7.html",
    "topics/harbors.html": "topics/ports.html",
    "topics/harbours.html": "topics/ports.html",
}


def test_former_addresses_lead_to_what_is_there_now(built: Site) -> None:
    found = {
        name: re.search(r'url=([^"]*)"', data.decode())
        for name, data in tree(built.root / "output").items()
        if b'http-equiv="refresh"' in data
    }
    assert {name: urljoin(f"/{name}", match[1])[1:] for name, match in found.items() if match} == REDIRECTS


def test_the_sitemap_names_pages_by_the_address_they_give_themselves(built: Site) -> None:
    locations = set(re.findall(r"<loc>([^<]*)</loc>", built.page("sitemap.xml")))
    for name in ("topics/ferries+ports.html", "threads/strike.html", "sources/zee-and-co.html", "topics/hafen.html"):
        assert f"https://digest.example/{name}" in locations
    assert not any("/old/" in each or "harbors" in each or "/page/" in each for each in locations)


def test_a_reader_can_suggest_an_edit_to_the_storys_file(built: Site) -> None:
    assert 'href="https://forge.example/edit/2024/s3.md"' in main(built, "stories/s3.html")


def test_an_edit_address_names_a_file_with_any_name(site: Site) -> None:
    site.conf(ALSOREAD_EDIT_URL="https://forge.example/edit/{path}?a=b&c=d").story('an ümlaut & "more"', "x", slug="x")
    assert site.build().exit_code == 0
    assert "https://forge.example/edit/an%20%C3%BCmlaut%20%26%20%22more%22.md?a=b&amp;c=d" in site.page(
        "stories/x.html"
    )


def test_topics_are_listed_by_branch_size_and_name(built: Site) -> None:
    page = main(built, "topics.html")
    branch = page.partition('id="by-branch"')[2].partition("</section>")[0]
    assert re.findall(r"topics/([\w-]+)\.html", branch) == ["transport", "ferries", "ports", "weather"]
    sizes = page.partition('id="by-size"')[2].partition("</section>")[0]
    assert re.findall(r"<dt>(\d+)</dt>", sizes) == ["12", "6", "3", "1"]


@pytest.mark.parametrize(
    ("settings", "root"),
    [
        ({"RELATIVE_URLS": True, "SITEURL": ""}, "file:///site/"),
        ({"RELATIVE_URLS": False, "SITEURL": "https://digest.example/base"}, "https://digest.example/base/"),
        ({"RELATIVE_URLS": True, "SITEURL": "https://digest.example/base"}, "https://digest.example/base/"),
    ],
)
def test_links_lead_somewhere_at_any_depth_and_any_base(site: Site, settings: dict[str, object], root: str) -> None:
    fill(site).conf(
        DEFAULT_PAGINATION=2,
        ALSOREAD_THREAD_PAGE="a/b/c/{slug}/index.html",
        ALSOREAD_SOURCE_PAGE="x/{slug}/index.html",
        ALSOREAD_COMBINATION_PAGE="topics/{first}/{second}/index.html",
        ALSOREAD_THREADS_PAGE="a/index.html",
        ALSOREAD_SOURCES_PAGE="x/all/list.html",
        TAG_URL="topics/{slug}/",
        TAG_SAVE_AS="topics/{slug}/index.html",
        PAGINATION_PATTERNS=[(1, "{url}", "{save_as}"), (2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html")],
        **settings,
    )  # fmt: skip
    result = site.build()
    assert result.exit_code == 0, result.err
    assert site.has("a/b/c/strike/index.html")
    assert site.has("topics/ferries/ports/page/2/index.html")
    assert site.has("x/the-harbour-post/page/6/index.html")
    assert 'url=../ports/"' in site.page("topics/harbors/index.html")
    assert lost_links(site, root) == []


OFF: list[tuple[dict[str, object], Callable[[str], bool]]] = [
    ({"ALSOREAD_THREADS_PAGE": ""}, lambda name: name == "threads.html"),
    ({"ALSOREAD_THREAD_PAGE": ""}, lambda name: name.startswith("threads/")),
    ({"ALSOREAD_THREAD_FEED": ""}, lambda name: name.startswith("feeds/threads/")),
    ({"ALSOREAD_SOURCES_PAGE": ""}, lambda name: name == "sources.html"),
    ({"ALSOREAD_SOURCE_PAGE": ""}, lambda name: name.startswith("sources/")),
    ({"ALSOREAD_COMBINATION_PAGE": ""}, lambda name: "+" in name),
    ({"ALSOREAD_COMBINATION_STORIES": 0}, lambda name: "+" in name),
    ({"ALSOREAD_COMBINATION_STORIES": 7}, lambda name: "+" in name),
    ({"AUTHOR_SAVE_AS": "", "DIRECT_TEMPLATES": ["index", "tags", "archives"]}, lambda name: name.startswith("author")),
    ({"YEAR_ARCHIVE_SAVE_AS": "", "MONTH_ARCHIVE_SAVE_AS": ""}, lambda name: name.startswith("archive/")),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "gone"), OFF, ids=[" ".join(each) for each, _ in OFF])
def test_a_setting_turns_pages_off_and_no_link_to_them_stays(
    site: Site, built: Site, settings: dict[str, object], gone: Callable[[str], bool]
) -> None:
    fill(site).conf(**settings)
    result = site.build()
    assert result.exit_code == 0, result.err
    there = [name for name in tree(built.root / "output") if gone(name)]
    assert there
    assert [name for name in tree(site.root / "output") if gone(name)] == []
    assert lost_links(site) == []


def test_all_of_them_off_leave_stories_and_topics(site: Site) -> None:
    fill(site).conf(**{name: value for each, _ in OFF for name, value in each.items()}, TAG_SAVE_AS="", TAG_URL="")
    result = site.build()
    assert result.exit_code == 0, result.err
    made = [name for name in tree(site.root / "output") if name.endswith(".html") and not name.startswith("stories/")]
    assert made == [
        "404.html",
        "about.html",
        "archive.html",
        "index.html",
        "old/s7.html",
        "old/seven/index.html",
        "topics.html",
    ]


def test_a_page_of_the_publishers_may_have_the_address_of_a_list_that_is_off(site: Site) -> None:
    site.conf(ALSOREAD_SOURCES_PAGE="").story("a", source="BBC").write(
        "content/pages/sources.md", "---\ntitle: Our sources\nslug: sources\n---\n\nWho we read.\n"
    )
    result = site.build()
    assert (result.exit_code, result.codes) == (0, []), result.err
    assert "Who we read." in site.page("sources.html")


@pytest.mark.parametrize("address", ["/threads.html", "../x.html", "a/{slug}.html", "a/", 5])
def test_an_address_that_cannot_be_is_told_and_the_default_is_used(site: Site, address: object) -> None:
    site.conf(ALSOREAD_THREADS_PAGE=address).story("a", thread="strike").story("b", thread="strike")
    result = site.build()
    assert "AR602" in result.codes
    assert site.has("threads.html")


def test_a_theme_without_templates_for_them_has_no_such_pages(site: Site) -> None:
    fill(site).conf(THEME="simple")
    result = site.build("-t", "simple")
    assert result.exit_code == 0, result.err
    made = [name for name in tree(site.root / "output") if name.endswith(".html")]
    assert not any(name.startswith(("threads", "sources")) or "+" in name or name == "404.html" for name in made)
    assert "topics/ports.html" in made
    assert "old/s7.html" in made
    assert "Nummer drei" not in site.page("index.html")


def test_the_curated_topics_at_the_top_are_the_navigation_unless_the_settings_say_which(site: Site) -> None:
    def navigation() -> list[str]:
        nav = site.page("index.html").partition('class="topic-nav"')[2].partition("</nav>")[0]
        return re.findall(r"topics/([\w-]+)\.html", nav)

    fill(site).conf().build()
    assert navigation() == ["transport", "weather"]
    site.conf(ALSOREAD_NAVIGATION=["ports", "hafen", "none", "transport"])
    result = site.build()
    assert (result.exit_code, result.codes) == (0, ["AR303", "AR603", "AR305"]), result.err
    assert "pelicanconf.py:5:42 AR603 ALSOREAD_NAVIGATION names 'none'" in result.err
    assert navigation() == ["ports", "hafen", "transport"]


@pytest.mark.parametrize(
    "alias",
    ["/index.html", "/stories/other.html", "/topics/ports.html", "/feeds/all.atom.xml", "/robots.txt", "/sitemap.xml",
     "/images/map.png", "/theme/css/broadsheet.css", "/stories/other.html/more", "/.alsoread-output", "/../x", "/" + "x" * 290],
)  # fmt: skip
def test_an_alias_takes_nothing_from_the_site_and_is_told_at_its_line(site: Site, alias: str) -> None:
    site.conf().write("content/images/map.png", b"a map")
    site.story("other", "Other").story("moved", "Moved", aliases=["/fine/", alias])
    before = site.build("-o", "without")
    site.story("moved", "Moved")
    assert before.exit_code == 0, before.err
    assert re.findall(r"moved\.md:5:1 (AR\d+)", before.err) == ["AR503"]
    assert site.build("-o", "output").exit_code == 0
    ours = tree(site.root / "without")
    assert b"refresh" in ours.pop("fine/index.html")
    assert ours.pop("_redirects") == b"/fine/ /stories/moved.html 301\n"
    assert ours == tree(site.root / "output")


def test_of_two_stories_that_want_one_former_address_the_first_by_file_has_it(site: Site) -> None:
    site.conf().story("b", "B", aliases=["/old/", "/old"]).story("a", "A", aliases=["/old/index.html"])
    result = site.build()
    assert result.exit_code == 0
    assert 'url=../stories/a.html"' in site.page("old/index.html")
    assert result.codes == ["AR503", "AR503"]


def test_an_alias_that_two_topics_claim_leads_to_the_one_that_has_it(site: Site) -> None:
    site.write("content/topics/1.md", "---\nname: Zinc\naliases: [Metal]\n---\n")
    site.write("content/topics/2.md", "---\nname: Brass\naliases: [Metal]\n---\n")
    site.conf().story("a", "A", tags=["Zinc"]).story("b", "B", tags=["Brass"]).story("c", "C", tags=["Metal"])
    result = site.build()
    assert result.codes == ["AR301"]
    assert 'url=zinc.html"' in site.page("topics/metal.html")
    assert "stories/c.html" in site.page("topics/zinc.html")


def test_an_alias_of_a_topic_that_has_no_stories_leads_nowhere(site: Site) -> None:
    site.write("content/topics/ports.md", "---\nname: Ports\naliases: [Harbors]\n---\n").story("a", tags=["Sea"])
    site.conf()
    assert site.build().exit_code == 0
    assert not any("harbors" in name or "ports" in name for name in tree(site.root / "output"))


def test_files_of_threads_and_topics_are_told_of_at_their_lines(site: Site) -> None:
    site.write("content/threads/a.md", "---\nname: A\nslug: strike\n---\n")
    site.write("content/threads/b.md", "---\nname: B\nslug: strike\n---\n")
    site.write("content/topics/a.md", "---\nname: A\nparent: Nowhere\npinned: [no-story]\n---\n")
    site.conf().story(
        "one", "One", tags=["A", "B"], thread="strike", body="x\n\nREAD: Storm closes the norhtern port\n"
    )
    site.story("two", "Storm closes the northern port", tags=["A"])
    result = site.build()
    told = re.findall(r"content/(\S+) (AR\d+) ", result.err)
    assert told == [
        ("one.md:4:1", "AR303"),
        ("one.md:10:1", "AR405"),
        ("threads/b.md:3:1", "AR306"),
        ("topics/a.md:3:1", "AR304"),
        ("topics/a.md:4:1", "AR305"),
    ]
    assert result.exit_code == 1  # AR306: the second file is left out
    assert "threads/strike.html" in tree(site.root / "output")


LANGUAGES: list[dict[str, object]] = [
    {},
    {"ARTICLE_TRANSLATION_ID": None},
    {"ALSOREAD_EXTRA_FIELDS": ["translation"]},
]


@pytest.mark.parametrize("settings", LANGUAGES)
def test_translations_of_which_none_is_in_the_language_of_the_site_build(
    site: Site, settings: dict[str, object]
) -> None:
    extra = {"translation": "true"} if "ALSOREAD_EXTRA_FIELDS" in settings else {}
    site.conf(**settings).story("a", "Der Hafen", slug="port", lang="de", **extra)
    site.story("b", "Le port", slug="port", lang="fr", tags=["Ports", "Quais"], thread="strike", author="Zoé")
    result = site.build()
    assert result.exit_code == 0, result.err
    assert "Le port" in site.page("topics/quais.html")
    assert lost_links(site) == []
    lists = main(site, "topics/ports.html") + main(site, "index.html")
    assert ("Le port" in lists) == (settings == LANGUAGES[1])


def test_a_digest_without_threads_and_sources_has_no_pages_of_them(site: Site) -> None:
    site.conf().story("a")
    assert site.build().exit_code == 0
    assert not any(name.startswith(("threads", "sources")) for name in tree(site.root / "output"))
    assert lost_links(site) == []


@pytest.mark.parametrize("from_oldest", [False, True])
def test_browsing_pages_are_the_same_after_an_edit_as_after_a_clean_build(site: Site, from_oldest: bool) -> None:
    fill(site).conf(DEFAULT_PAGINATION=3, ALSOREAD_NUMBER_FROM_OLDEST=from_oldest)
    assert site.build().exit_code == 0
    assert lost_links(site) == []
    for change in edits(site):
        change()
        assert site.build().exit_code in (0, 1)
        assert site.build("-o", "clean").exit_code in (0, 1)
        assert tree(site.root / "output") == tree(site.root / "clean")


def edits(site: Site) -> Iterator[Callable[[], object]]:
    yield lambda: site.write("content/threads/strike.md", STRIKE.replace("great", "small"))
    yield lambda: site.write(
        "content/topics/ports.md", PORTS.replace("parent: Transport\n", "").replace("Harbors", "Docks")
    )
    yield lambda: site.story(
        "new", "A newer story", date="2025-07-01", thread="strike", source="Zee & Co", tags=["Ferries"]
    )
    yield lambda: Path(site.root / "content/2024/s3.md").unlink()


def test_the_former_address_of_a_hidden_story_does_not_say_its_headline(site: Site) -> None:
    site.story("one", "Nobody is to read this", status="hidden", aliases=["/old.html"]).story("two")
    assert site.build().exit_code == 0
    page = site.page("old.html")
    assert 'url=stories/nobody-is-to-read-this.html"' in page
    assert "Nobody is" not in page


def test_the_words_of_a_topic_and_a_thread_link_to_stories_pictures_and_pages(site: Site) -> None:
    words = (
        "About [[first-story|the first]] and [[Second story]], [[later|no]] and [[lost]].\n\nALSO READ: Second story\n\n"
        "![A picture]({static}/images/port.png) [by file]({filename}/b.md) [beside]({attach}../images/port.png)\n"
    )
    site.conf(SITEURL="https://digest.example/news", RELATIVE_URLS=False).write(
        "content/images/port.png", b"\x89PNG\r\n\x1a\n"
    )
    site.write("content/topics/ports.md", "---\nname: Ports\n---\n\n" + words)
    site.write("content/threads/strike.md", "---\nname: Strike\n---\n\n" + words)
    site.story("a", "First story", thread="strike").story("b", "Second story").story("later", status="draft")
    result = site.build()
    assert (result.exit_code, sorted(result.codes)) == (0, ["AR401", "AR401", "AR404", "AR404"]), result.err
    assert "content/topics/ports.md:5:72 AR401 no story is called '[[lost]]'" in result.err
    root = "https://digest.example/news"
    for page in ("topics/ports.html", "threads/strike.html"):
        html = site.page(page)
        for part in (
            f'About <a href="{root}/stories/first-story.html">the first</a>',
            f'<a href="{root}/stories/second-story.html">Second story</a>, no and ',
            f'Also read</span> <a href="{root}/stories/second-story.html">Second story</a></p></aside>',
            f'<img alt="A picture" src="{root}/images/port.png"',
            f'<a href="{root}/stories/second-story.html">by file</a>',
            f'<a href="{root}/images/port.png">beside</a>',
        ):
            assert part in html, part
    assert "Linked from" not in site.page("stories/second-story.html")
    site.conf(SITEURL="", RELATIVE_URLS=True).build()
    assert '<a href="../stories/first-story.html">the first</a>' in site.page("topics/ports.html")


def test_a_new_headline_or_address_is_told_on_the_pages_whose_words_link_to_it(site: Site) -> None:
    site.conf().write("content/topics/ports.md", "---\nname: Ports\n---\n\nSee [[first]] and [[first|this]].\n")
    site.story("a", "First story", tags=["Weather"], slug="first").story("b", tags=["Ports"]).build()
    assert '<a href="../stories/first.html">First story</a>' in site.page("topics/ports.html")
    site.story("a", "Another headline", tags=["Weather"], slug="moved", id="first").build()
    assert '<a href="../stories/moved.html">Another headline</a>' in site.page("topics/ports.html")


def test_retitling_or_moving_a_story_breaks_nothing(site: Site) -> None:
    site.conf().write("content/topics/ports.md", "---\nname: Ports\npinned: [storm]\n---\n\nSee [[storm]].\n")
    site.story("storm", "Storm closes the port", slug="storm", headline_aliases=[])
    site.story("a", "One", body="See [[storm|it]] and [[storm]].\n\nREAD: storm-1\n", links=[{"ref": "storm"}])
    site.story("b", "Two", body="READ: Storm closes the port\n").story("storm-1", "Another", slug="storm-1")
    assert site.build().codes == []
    # a new headline, a new place for the file, and a new slug, each as the guide says
    assert site.run("retitle", "storm", "The port is closed").exit_code == 0
    text = (site.root / "content/storm.md").read_text("utf-8").replace('storm"', 'gale"')
    (site.root / "content/storm.md").unlink()
    moved = text.replace("headline_aliases", "aliases: [/stories/storm.html]\nheadline_aliases")
    site.write("content/elsewhere/gale.md", moved)
    result = site.build()
    assert (result.exit_code, result.codes) == (0, []), result.err
    assert site.page("stories/one.html").count('href="../stories/gale.html"') >= 3
    assert "gale.html" in site.page("stories/two.html")
    assert site.page("topics/ports.html").count("stories/gale.html") >= 3
    # a story that has the name now goes before the one that had it
    site.story("new", "New", slug="storm")
    site.build()
    assert 'href="../stories/storm.html">it</a>' in site.page("stories/one.html")
