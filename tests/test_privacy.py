"""Not a word of a draft, embargoed or expired story is in any output; a hidden one is on its own page only."""

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
