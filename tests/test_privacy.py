"""Not a word of a draft, embargoed or expired story is in any output; a hidden one is on its own page only."""

import re

import pytest

from sites import Site, tree

SECRET = "Zanzibarquux"


def occurrences(site: Site, word: str = SECRET) -> list[str]:
    return [
        name
        for name, data in tree(site.root / "output").items()
        if word.lower().encode() in data.lower() or word.lower() in name.lower()
    ]


def secret(site: Site, **fields: object) -> Site:
    """A story whose every word is the secret, and public ones that point to it in every way there is."""
    site.conf(ALSOREAD_EXTRA_FIELDS=["mood"])
    body = f"The {SECRET} text.\n\n[link]({{static}}/images/{SECRET}.png)\n\nREAD: A public story\n"
    site.story(
        "hush",
        f"{SECRET} opens",
        slug=SECRET.lower(),
        body=body,
        tags=["Ports", SECRET],
        summary=f"{SECRET}.",
        author=SECRET,
        source=SECRET,
        thread=SECRET.lower(),
        category=SECRET,
        disclosure=SECRET,
        mood=SECRET,
        headline_aliases=[f"{SECRET} again"],
        **fields,
    )
    site.story("public", "A public story", body="Words about ports.\n")
    site.story(
        "pointing",
        "Another story",
        body=(
            f"Words.\n\nREAD: {SECRET} opens\n\nALSO READ [[{SECRET.lower()}]]\n\nAlso read {SECRET} again\n\nREAD: /stories/{SECRET.lower()}.html\n\n"
            f"READ: {SECRET.upper()} OPENS. in Malta\n"
        ),
        links=[{"ref": SECRET.lower(), "kind": "background"}],
    )
    return site


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "draft"},
        {"embargo_until": "2025-06-02"},
        {"embargo_until": "2025-06-01T12:00:01+00:00"},
        {"expires": "2025-06-01T12:00:00+00:00"},
        {"expires": "2025-01-02", "status": "hidden"},
    ],
)
def test_not_a_word_of_it_is_published(site: Site, fields: dict[str, object]) -> None:
    secret(site, **fields)
    result = site.build("--now", "2025-06-01T12:00:00+00:00", "--format", "json")
    assert result.exit_code == 0, result.err
    assert result.codes.count("AR404") == 6
    assert occurrences(site) == []
    assert site.has("stories/a-public-story.html")


@pytest.mark.parametrize(
    "fields", [{"embargo_until": "2025-06-01T12:00:00+00:00"}, {"expires": "2025-06-01T12:00:01+00:00"}, {}]
)
def test_within_its_time_it_is_published(site: Site, fields: dict[str, object]) -> None:
    secret(site, **fields)
    assert site.build("--now", "2025-06-01T12:00:00+00:00").exit_code == 0
    assert f"stories/{SECRET.lower()}.html" in occurrences(site)
    assert "index.html" in occurrences(site)
    assert site.page("stories/another-story.html").count(f"{SECRET} opens") >= 5


def test_a_hidden_story_is_on_its_own_page_only(site: Site) -> None:
    secret(site, status="hidden")
    assert site.build().exit_code == 0
    assert occurrences(site) == [f"stories/{SECRET.lower()}.html"]
    page = site.page(f"stories/{SECRET.lower()}.html")
    assert 'name="robots" content="noindex' in page
    assert "A public story" in page


def test_the_instant_has_the_zone_of_the_settings(site: Site) -> None:
    secret(site, embargo_until="2025-06-01 12:00")
    settings = (site.root / "pelicanconf.py").read_text() + "TIMEZONE = 'America/New_York'\n"
    site.write("pelicanconf.py", settings)
    assert site.build("--now", "2025-06-01T15:59:59+00:00").exit_code == 0
    assert occurrences(site) == []
    assert site.build("--now", "2025-06-01T16:00:00+00:00").exit_code == 0
    assert occurrences(site) != []


def test_a_draft_does_not_take_an_address_or_a_headline(site: Site) -> None:
    site.story("one", "Cranes arrive at last", slug="cranes", status="draft").story(
        "two", "Cranes arrive at last", slug="cranes"
    )
    result = site.build()
    assert result.exit_code == 0, result.err
    assert site.has("stories/cranes.html")


# every place of a digest where a story can show: each has a word of its own, so that a leak says where it came from
WORDS = {
    "slug": "Slugquux",
    "title": "Titlequux",
    "body": "Bodyquux",
    "summary": "Summaryquux",
    "tag": "Tagquux",
    "thread": "Threadquux",
    "source": "Sourcequux",
    "original": "Originalquux",
    "author": "Authorquux",
    "alias": "Aliasquux",
    "headline": "Headlinequux",
    "image": "Imagequux",
    "correction": "Correctionquux",
    "contributor": "Contributorquux",
}


def in_every_place(site: Site, name: str, title: str, words: dict[str, str], **fields: object) -> Site:
    """A story about two topics of the digest that shows in every list there is, with these words."""
    return site.story(
        name,
        f"{words['title']} {title}",
        slug=words["slug"].lower() + ("" if words is WORDS else name),
        body=f"The {words['body']} text about a gantry crane from Rotterdam.\n\nREAD: Public 1\n\nSee [[public-2]].\n",
        tags=["Ports", "Ferries", words["tag"]],
        summary=f"{words['summary']}.",
        author=words["author"],
        sources=[{"name": words["source"], "title": words["original"], "url": f"https://{words['source']}.example/".lower()}],
        thread=words["thread"].lower(),
        headline_aliases=[words["headline"]],
        aliases=[f"/{words['alias'].lower()}/"],
        image={"src": "images/a.png", "alt": words["image"]},
        corrections=[{"date": "2025-01-02", "kind": "correction", "text": words["correction"]}],
        contributors=[{"name": words["contributor"]}],
        **fields,
    )  # fmt: skip


def everywhere(site: Site, **fields: object) -> Site:
    """A digest with every kind of page, in which one story is secret and everything else points to it."""
    site.conf(ALSOREAD_EDIT_URL="https://forge.example/{path}", DEFAULT_PAGINATION=2)
    # what files of the publisher's say is theirs to say: here they name the secret as little as they must
    site.write(
        "content/topics/ports.md",
        f"---\nname: Ports\nparent: Transport\npinned: [{WORDS['slug'].lower()}, public-1]\n---\n",
    )
    site.write("content/topics/transport.md", "---\nname: Transport\n---\n")
    site.write(
        "content/topics/tag.md",
        f"---\nname: {WORDS['tag']}\nparent: Transport\naliases: [Other{WORDS['tag']}]\n---\n\n{WORDS['tag']} it is.\n",
    )
    site.write(
        "content/threads/thread.md",
        f"---\nname: {WORDS['thread']}\nslug: {WORDS['thread'].lower()}\ndescription: {WORDS['thread']}.\n---\n\n{WORDS['thread']}.\n",
    )
    site.write("content/images/a.png", b"x")
    for number in range(1, 7):
        site.story(
            f"public-{number}",
            f"Public {number}",
            slug=f"public-{number}",
            date=f"2025-0{number}-10",
            tags=["Ports", "Ferries"],
            thread="open",
            source="The Post",
            body=(
                f"A gantry crane from Rotterdam, number {number}.\n\nREAD: {WORDS['title']} opens\n\nREAD: {WORDS['headline']}\n\n"
                f"BACKGROUND: [[{WORDS['slug'].lower()}]]\n\nALSO READ: {WORDS['title']} opesn\n\nAlso read {WORDS['headline']}\n\n"
                f"- see [[{WORDS['slug'].lower()}]] and [[{WORDS['headline']}|this]]\n"
            ),
            links=[{"ref": WORDS["slug"].lower(), "kind": "denies"}, {"ref": f"{WORDS['title']} opens", "after_paragraph": 1}],
        )  # fmt: skip
    site.story("only", "Only a list", slug="only", body=f"- [[{WORDS['slug'].lower()}]]\n", date="2025-07-01")
    site.story("bare", "Only a link", slug="bare", body=f"READ: {WORDS['title']} opens\n", date="2025-07-02")
    return in_every_place(site, "hush", "opens", WORDS, date="2025-03-20", **fields)


def leaks(site: Site) -> dict[str, list[str]]:
    """The files that hold each of the words."""
    made = tree(site.root / "output")
    found = {
        place: [name for name, data in made.items() if word.lower().encode() in data.lower() + name.lower().encode()]
        for place, word in WORDS.items()
    }
    return {place: names for place, names in found.items() if names}


NOW = "2025-08-01T12:00:00+00:00"


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "draft"},
        {"embargo_until": "2025-08-01T12:00:01+00:00"},
        {"expires": "2025-08-01T12:00:00+00:00"},
        {"status": "hidden", "expires": "2025-07-01"},
        {"status": "draft", "lang": "de"},
    ],
    ids=["draft", "embargoed", "expired", "hidden and expired", "draft translation"],
)
def test_no_list_chart_redirect_or_neighbour_tells_of_a_secret_story(site: Site, fields: dict[str, object]) -> None:
    everywhere(site, **fields)
    result = site.build("--now", NOW)
    assert result.exit_code == 0, result.err
    assert leaks(site) == {}
    made = tree(site.root / "output")
    assert "topics/ferries+ports.html" in made
    page = site.page("topics/ports.html")
    assert 'class="pinned"' in page
    assert page.count("<rect") == 7  # January to July: no more of March than of any other month
    assert len(set(re.findall(r'<rect[^>]* height="(\d+)"[^>]*><title>(?:January|March|April)', page))) == 1
    assert 'href="../stories/public-2.html"' in site.page("stories/public-3.html")
    assert {"AR404", "AR305"} <= set(result.codes)


def test_a_hidden_story_is_at_its_own_addresses_only(site: Site) -> None:
    everywhere(site, status="hidden")
    result = site.build("--now", NOW)
    assert result.exit_code == 0, result.err
    own = f"stories/{WORDS['slug'].lower()}.html"
    found = leaks(site)
    assert {name for names in found.values() for name in names} == {own, "aliasquux/index.html"}
    # its former address, which nothing links to, leads to it and asks not to be found
    assert 'content="noindex"' in site.page("aliasquux/index.html")
    page = site.page(own)
    assert WORDS["body"] in page
    assert "threads/" not in page.partition("<main")[2].partition("</main>")[0]
    for name in (
        "topics/tagquux.html",
        "threads/threadquux.html",
        "sources/sourcequux.html",
        "authors/authorquux.html",
    ):
        assert not site.has(name)


def test_when_it_is_out_it_is_in_all_of_these_places(site: Site) -> None:
    """The test that the tests above could fail."""
    everywhere(site)
    result = site.build("--now", NOW)
    assert result.exit_code == 0, result.err
    found = leaks(site)
    assert set(found) >= set(WORDS) - {"headline"}
    title = {name for name in found["title"] if name.endswith(".html")}
    assert {
        "index.html", "archive.html", "archive/2025/03.html", "threads/threadquux.html", "sources/sourcequux.html",
        "topics/tagquux.html", "authors/authorquux.html", "aliasquux/index.html", "stories/public-3.html",
    } <= title  # fmt: skip
    assert "topics/othertagquux.html" in found["tag"]
    assert "feeds/threads/threadquux.atom.xml" in found["title"]
    assert "sitemap.xml" in found["slug"]
    assert {"topics/ferries+ports.html", "topics/ferries+ports/page/2.html", "topics/ferries+ports/page/3.html"} & title


def test_an_expired_translation_is_nowhere_and_the_story_stays(site: Site) -> None:
    site.conf().story("a", "The port", slug="port", body="x\n")
    in_every_place(site, "hush", "öffnet", {**WORDS, "slug": "port", "tag": "Ports"}, lang="de", expires="2025-01-02")
    site.story("hush2", "Titlequux", slug="port", lang="de", status="draft", thread="threadquux")
    site.story("b", "B", body="See [[port]].\n\nREAD: The port\n", lang="de")
    result = site.build("--now", NOW)
    assert result.exit_code == 0, result.err
    assert leaks(site) == {}
    assert site.page("stories/b.de.html").count('href="../stories/port.html"') >= 2


def test_what_two_public_stories_say_of_a_secret_one_is_no_reason_to_relate_them(site: Site) -> None:
    site.conf().story("hush", "Zanzibarquux opens", status="draft")
    for number in range(1, 5):
        site.story(
            f"s{number}",
            f"Crane {number}",
            body=f"Words about number {number}.\n\nREAD: Zanzibarquux opens\n\n> See [[Zanzibarquux opens]]\n",
            date=f"2025-01-0{number}",
        )
    assert site.build().exit_code == 0
    assert occurrences(site) == []
    assert "Related stories" in site.page("stories/crane-1.html")
