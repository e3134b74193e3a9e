"""To which story does a cross-link lead?"""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alsoread.news.crosslinks import CrossLinkIndex, Resolution, Target, normalised

SITE = "https://digest.example/news"


def target(name: str, title: str, **given: object) -> Target:
    return Target(f"stories/{name}.md", name, name, title, f"stories/{name}.html", **given)  # type: ignore[arg-type]


SLIM = target("slim", "Japan’s SLIM lands on the Moon but struggles for power")
CHANDRAYAAN = target(
    "chandrayaan-3", "India’s Chandrayaan-3 lands near the Moon’s south pole", headline_aliases=("Vikram is down",)
)
CAPSTONE = target("capstone", "Capstone reaches the Moon")
CAPSTONE_AGAIN = target("capstone-2", "Capstone reaches the Moon!")
SECRET = target("secret", "What nobody may know yet", public=False)
INDEX = CrossLinkIndex.of([SLIM, CHANDRAYAAN, CAPSTONE, CAPSTONE_AGAIN, SECRET], site=SITE + "/")

RESOLVED = [
    # text, href, path
    ("Japan’s SLIM lands on the Moon but struggles for power", "", SLIM.path),
    ("JAPAN'S SLIM LANDS ON THE MOON BUT STRUGGLES FOR POWER", "", SLIM.path),
    ("“Japan's  SLIM lands on the Moon — but struggles for power.”", "", SLIM.path),
    ("Ｊａｐａｎ’s SLIM lands on the Moon but struggles for power", "", SLIM.path),
    ("Vikram is down", "", CHANDRAYAAN.path),
    ("India's Chandrayaan-3 lands", "", CHANDRAYAAN.path),
    ("Vikram is down. in Syria", "", CHANDRAYAAN.path),
    ("Japan’s SLIM lands on the Moon but struggles for power. and so on here", "", SLIM.path),
    ("[[slim]]", "", SLIM.path),
    ("[[SLIM]]", "", SLIM.path),
    ("see [[ slim | the lander ]] please", "", SLIM.path),
    ("[[Vikram is down]]", "", CHANDRAYAAN.path),
    ("slim", "", SLIM.path),
    ("chandrayaan-3", "", CHANDRAYAAN.path),
    ("Capstone reaches the Moon!", "", CAPSTONE_AGAIN.path),
    ("/stories/slim.html", "", SLIM.path),
    (f"{SITE}/stories/slim.html", "", SLIM.path),
    ("whatever", "stories/slim.html", SLIM.path),
    ("whatever", "/stories/slim", SLIM.path),
    ("whatever", "{filename}/stories/slim.md", SLIM.path),
    ("whatever", "|filename|/stories/slim.md", SLIM.path),
    ("whatever", f"{SITE}/stories/slim.html?a=b#c", SLIM.path),
    ("whatever", "/stories/%73lim.html", SLIM.path),
    ("Vikram is down", "/no/such/page.html", CHANDRAYAAN.path),
    ("Vikram is down", "https://elsewhere.example/", CHANDRAYAAN.path),
]


@pytest.mark.parametrize(("text", "href", "path"), RESOLVED)
def test_a_story_is_found_by_key_address_headline_or_its_beginning(text: str, href: str, path: str) -> None:
    assert INDEX.resolve(text, href=href) == Resolution("resolved", path)


@pytest.mark.parametrize(
    ("text", "href", "outcome"),
    [
        ("something", "https://elsewhere.example/stories/slim.html", "external"),
        ("https://elsewhere.example/", "", "external"),
        ("something", "//elsewhere.example/stories/slim.html", "external"),
        ("something", "mailto:a@b.example", "external"),
        ("something", "{static}/images/a.png", "external"),
        ("http://[oops", "", "external"),
        ("http://a℀b/", "", "external"),
        ("something", "http://[oops", "external"),
        ("https://digest.example.evil/news/stories/slim.html", "", "external"),
        ("https://digest.example/newsletter/stories/slim.html", "", "external"),
        ("No such headline in this digest", "", "unresolved"),
        ("/stories/none.html", "", "unresolved"),
        ("[[none]]", "", "unresolved"),
        ("[[]]", "", "unresolved"),
        ("Japan", "", "unresolved"),
        ("Japan’s SLIM", "", "unresolved"),
        ("—", "", "unresolved"),
        ("", "", "unresolved"),
        ("Capstone reaches the moon", "", "ambiguous"),
        ("capstone reaches the", "", "ambiguous"),
        ("What nobody may know yet", "", "withheld"),
        ("[[secret]]", "", "withheld"),
        ("What nobody may know", "", "withheld"),
        ("/stories/secret.html", "", "withheld"),
    ],
)
def test_in_doubt_there_is_no_link(text: str, href: str, outcome: str) -> None:
    found = INDEX.resolve(text, href=href)
    assert found.outcome == outcome
    assert found.path == (SECRET.path if outcome == "withheld" else "")


def test_an_ambiguous_headline_names_the_stories_it_could_mean() -> None:
    assert INDEX.resolve("Capstone reaches the moon").near == (CAPSTONE_AGAIN.path, CAPSTONE.path)


def test_a_beginning_that_two_headlines_share_is_no_answer() -> None:
    index = CrossLinkIndex.of(
        [target("a", "The lander touches down today"), target("b", "The lander touches down again")]
    )
    assert index.resolve("The lander touches down").outcome == "unresolved"
    assert index.resolve("The lander touches down a").path == "stories/b.md"


def test_prose_is_a_cross_link_only_where_it_names_a_story_exactly() -> None:
    assert INDEX.resolve("Vikram is down", exactly=True).outcome == "resolved"
    assert INDEX.resolve("chandrayaan-3", exactly=True).outcome == "resolved"
    for text in ("slim", "India's Chandrayaan-3 lands", "Vikram is down. in Syria"):
        assert INDEX.resolve(text, exactly=True) == Resolution("unresolved")


def test_a_story_does_not_link_to_itself() -> None:
    assert INDEX.resolve("[[slim]]", own=SLIM.path) == Resolution("itself", SLIM.path)
    assert INDEX.resolve("Capstone reaches the moon", own=CAPSTONE.path) == Resolution("resolved", CAPSTONE_AGAIN.path)


def test_what_an_editor_may_have_meant_is_near_and_nothing_secret_is() -> None:
    assert INDEX.resolve("Japan SLIM land on Moon but struggles for power").near == (SLIM.title,)
    assert INDEX.resolve("Japan’s SLIM").near == (SLIM.title,)
    assert INDEX.resolve("Japan’s SLIM", own=SLIM.path).near == ()
    assert INDEX.resolve("What nobody can know yet").near == ()
    assert INDEX.resolve("Japan’s SLIM", guess=False).near == ()
    assert INDEX.resolve("Capstone reached the Moon").near == (CAPSTONE_AGAIN.title, CAPSTONE.title)


def test_a_headline_without_end_is_not_sought_among_the_others() -> None:
    assert INDEX.resolve(SLIM.title + " x" * 300).near == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Japan’s", "JAPANS"),
        ("rock 'n' roll", "Rock ʼnʼ Roll"),
        ("Ⅳ ﬁnd", "IV FIND"),
        ("Straße", "STRASSE"),
        ("a—b", "a b"),
        ("cafe\u0301", "café"),
        ("x'’y", "xy"),
    ],
)
def test_headlines_that_differ_in_spelling_only_are_the_same(one: str, other: str) -> None:
    assert normalised(one) == normalised(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("की जीत", "का जीत"), ("กิน", "กัน"), ("כֹּל", "כָּל"), ("C++", "D++"), ("Mars 3", "Mars 2"), ("É", "E"), ("x̌", "x̂")],
)
def test_headlines_that_differ_in_a_vowel_sign_or_an_accent_are_different(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


@given(st.text())
@example("xʼ'y")
@example("aŉb")
@example("İ ǰ ΐ ᾴ ﬃ ẖ")
@example("a\u0345\u0301b")
def test_putting_spelling_aside_twice_changes_nothing(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


TITLES = st.text(st.sampled_from("abAB '’.-!?日\u0301"), min_size=1, max_size=12)
TARGETS = st.lists(
    st.builds(
        lambda name, title, alias, public: Target(f"{name}.md", name, name, title, f"{name}.html", (alias,), public),
        st.text("abc", min_size=1, max_size=3),
        TITLES,
        TITLES,
        st.booleans(),
    ),
    max_size=8,
    unique_by=lambda target: target.path,
)


@given(
    TARGETS,
    st.one_of(TITLES, st.text("abc", max_size=3), TITLES.map("[[{}]]".format)),
    st.randoms(use_true_random=False),
    st.booleans(),
)
def test_the_order_of_the_stories_does_not_matter(
    targets: list[Target], text: str, random: object, exactly: bool
) -> None:
    before = CrossLinkIndex.of(targets).resolve(text, own="a.md", exactly=exactly)
    random.shuffle(targets)  # type: ignore[attr-defined]
    assert CrossLinkIndex.of(targets).resolve(text, own="a.md", exactly=exactly) == before


def test_suggestions_of_equal_worth_do_not_depend_on_the_order_of_the_stories() -> None:
    titles = [f"The lander number {number} is down" for number in range(10)]
    targets = [target(f"s{number}", title) for number, title in enumerate(titles)]
    found = CrossLinkIndex.of(targets).resolve("The lander number x is down").near
    assert (
        CrossLinkIndex.of(reversed(targets)).resolve("The lander number x is down").near == found == tuple(titles[:3])
    )


@given(st.text(), st.text(st.sampled_from("ahtp:/[]@%#?.{}|finlem ℀\\\n")), st.booleans())
def test_no_words_and_no_address_make_it_raise(text: str, address: str, exactly: bool) -> None:
    for href in ("", address):
        assert INDEX.resolve(text, href=href, exactly=exactly).outcome in (
            "resolved",
            "external",
            "unresolved",
            "ambiguous",
            "withheld",
        )
    INDEX.resolve(address, exactly=exactly)
