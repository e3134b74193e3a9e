"""To which story does a cross-link lead?"""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alsoread.news.crosslinks import CrossLinkIndex, Resolution, Target
from alsoread.news.headlines import normalised

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


def test_a_file_is_named_from_where_the_other_stands_or_from_the_top() -> None:
    here, below = target("here", "Here"), Target("stories/below/it.md", "it", "it", "It", "stories/it.html")
    other = Target("it.md", "top", "top", "At the top", "stories/top.html")
    index = CrossLinkIndex.of([here, below, other])
    for href, own, found in (
        ("{filename}it.md", below.path, None),
        ("{filename}it.md", "stories/below/x.md", below),
        ("{filename}./it.md", "stories/below/x.md", below),
        ("{filename}../here.md", below.path, here),
        ("{filename}../../it.md", below.path, other),
        ("{filename}/it.md", below.path, other),
        ("{filename}it.md", "stories/x.md", other),
        ("|filename|below/it.md", "stories/x.md", below),
    ):
        resolution = index.resolve("words", href=href, own=own)
        assert resolution.path == (own if found is None else found.path), href
        assert resolution.outcome == ("itself" if found is None else "resolved")


def test_a_story_is_found_by_a_former_address_that_no_other_story_has() -> None:
    moved = Target("a.md", "a", "a", "One headline", "stories/a.html", former=("/old/a/", "stories/b.html"))
    other = Target("b.md", "b", "b", "Another headline", "stories/b.html")
    index = CrossLinkIndex.of([moved, other])
    assert index.resolve("/old/a/") == Resolution("resolved", "a.md")
    assert index.resolve("/stories/b.html") == Resolution("resolved", "b.md")


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
    assert index.resolve("The lander touches down again").path == "stories/b.md"


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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C# is out", "C++ is out"),
        ("Wait of 3-5 years", "Wait of 3.5 years"),
        ("A fee of €5", "A fee of $5"),
        ("Rates rise 5%", "Rates rise 5"),
        ("It was -5 at noon", "It was 5 at noon"),
        ("Lost by 1:0", "Lost by 10"),
        ("Over-18s welcome", "18+ welcome"),
    ],
)
def test_headlines_that_differ_in_a_sign_that_makes_another_number_or_name_are_different(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)
    index = CrossLinkIndex.of([target("one", one)])
    assert index.resolve(other).outcome == "unresolved"


@pytest.mark.parametrize(
    ("one", "other"),
    [("1,000 ships", "1000 ships"), ("3–5 years", "3-5 years"), ("40 % more", "40% more"), ("AT&T #1", "At & T 1")],
)
def test_numbers_that_are_set_in_another_way_are_the_same(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@given(st.one_of(st.text(), st.text("019,.:/-–+#%$€ aB")))
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


@pytest.mark.parametrize(
    ("typed", "headline"),
    [
        ("The lander touches do", "The lander touches down today"),
        ("Storm closes the north", "Storm closes the northern port"),
        ("What is left of Part 1", "What is left of Part 10"),
        ("What is left of Part 1", "What is left of Part 1.5"),
        ("Crowds march in Rome: 10", "Crowds march in Rome: 10,000 people"),
    ],
)
def test_a_beginning_ends_with_a_whole_word_and_a_whole_number(typed: str, headline: str) -> None:
    assert CrossLinkIndex.of([target("a", headline)]).resolve(typed).outcome == "unresolved"


def test_a_beginning_that_ends_with_a_number_is_one_all_the_same() -> None:
    index = CrossLinkIndex.of([target("a", "What is left of Part 1 and of the rest")])
    assert index.resolve("What is left of Part 1") == Resolution("resolved", "stories/a.md")


def test_a_new_sentence_behind_a_headline_belongs_to_another_headline() -> None:
    assert INDEX.resolve("Vikram is down. Two are safe").outcome == "unresolved"
    assert INDEX.resolve("Vikram is down. two are safe").path == CHANDRAYAAN.path
    assert INDEX.resolve("VIKRAM IS DOWN. IN SYRIA").path == CHANDRAYAAN.path


def test_in_prose_brackets_count_alone_and_not_among_other_words() -> None:
    assert INDEX.resolve("[[slim]]", exactly=True).path == SLIM.path
    assert INDEX.resolve("[[slim]].", exactly=True).path == SLIM.path
    assert INDEX.resolve("[[slim]] for more of it", exactly=True).outcome == "unresolved"


def test_a_misspelt_headline_is_found_and_told() -> None:
    for typed in ("Capstone raeches the Moon", "Japan’s SLIM lands on the Moon but strugglse for power"):
        assert INDEX.resolve(typed, exactly=True).outcome == "unresolved"
    assert INDEX.resolve("Japan’s SLIM lands on the Moon but strugglse for power") == Resolution(
        "resolved", SLIM.path, misspelt=True
    )
    assert INDEX.resolve("Capstone raeches the Moon").outcome == "ambiguous"
    assert INDEX.resolve("What noboyd may know yet") == Resolution("withheld", SECRET.path, misspelt=True)


def test_a_misspelt_headline_of_the_story_itself_is_itself() -> None:
    typed = "Japan’s SLIM lands on the Moon but strugglse for power"
    assert INDEX.resolve(typed, own=SLIM.path) == Resolution("itself", SLIM.path)


def translation(lang: str, title: str, *, slug: str = "port", public: bool = True) -> Target:
    return Target(f"{slug}.{lang}.md", f"{slug}-{lang}", slug, title, f"{slug}.{lang}.html", (), public, lang)


EN, DE, FR = (translation(lang, title) for lang, title in (("en", "The port"), ("de", "Der Hafen"), ("fr", "Le port")))
TOLD_DE = translation("de", "Ein anderer", slug="other")
TOLD_IT = translation("it", "Un altro", slug="altro")
LANGUAGES = CrossLinkIndex.of([EN, DE, FR, TOLD_DE, TOLD_IT], lang="en")


def test_of_translations_the_one_in_the_language_of_the_story_is_meant_else_that_of_the_site() -> None:
    assert LANGUAGES.resolve("[[port]]", own=TOLD_DE.path).path == DE.path
    assert LANGUAGES.resolve("[[port]]", own=TOLD_IT.path).path == EN.path
    assert LANGUAGES.resolve("[[port]]").path == EN.path
    assert LANGUAGES.resolve("[[port-fr]]", own=TOLD_DE.path).path == FR.path


def test_a_headline_names_the_translation_that_has_it() -> None:
    assert LANGUAGES.resolve("Le port", own=TOLD_DE.path).path == FR.path


def test_translations_of_which_none_is_nearer_are_not_chosen_from() -> None:
    found = CrossLinkIndex.of([DE, FR, TOLD_IT], lang="en").resolve("[[port]]", own=TOLD_IT.path)
    assert (found.outcome, found.near) == ("ambiguous", (DE.path, FR.path))


def test_a_translation_may_link_to_its_original() -> None:
    assert LANGUAGES.resolve("The port", own=DE.path).path == EN.path
    assert LANGUAGES.resolve("Der Hafen", own=DE.path).outcome == "itself"


def test_a_draft_takes_no_link_from_the_story_that_has_its_name() -> None:
    draft = Target("draft.md", "port", "port", "The port, again", "port.html", (), False, "en")
    index = CrossLinkIndex.of([EN, draft, translation("de", "Der Hafen", public=False), TOLD_DE], lang="en")
    assert index.resolve("[[port]]").path == EN.path
    assert index.resolve("[[port]]", own=TOLD_DE.path).path == EN.path
    assert index.resolve("The port, again").outcome == "withheld"
    assert index.resolve("Der Hafen").outcome == "withheld"
    assert CrossLinkIndex.of([draft], lang="en").resolve("[[port]]").outcome == "withheld"


def test_of_several_stories_of_which_readers_may_see_none_nothing_is_told() -> None:
    drafts = [target(name, "Not yet", public=False, headline_aliases=("Soon",)) for name in ("b", "a")]
    index = CrossLinkIndex.of([SLIM, *drafts])
    for text in ("Not yet", "Soon", "[[Not yet]]"):
        assert index.resolve(text) == Resolution("withheld", "stories/a.md")
    # one that readers may see takes the link
    assert CrossLinkIndex.of([target("c", "Not yet"), *drafts]).resolve("Not yet").path == "stories/c.md"


def test_words_that_would_give_a_secret_headline_away_are_withheld_though_they_are_not_it() -> None:
    for text in ("What noboby at all may know yet", "[[What nobody may knwo]]", "[[What nobody may knwo yet|Words]]"):
        found = INDEX.resolve(text)
        assert (found.outcome, found.path, found.near) == ("withheld", SECRET.path, ())
        assert INDEX.resolve(text, guess=False).outcome == "withheld"
    assert INDEX.resolve("What anybody can tell you").outcome == "unresolved"
    assert INDEX.resolve("What noboby may knwo yet", exactly=True).outcome == "unresolved"


def test_words_that_are_nearer_to_a_headline_of_all_are_shown() -> None:
    secret, seen = target("s", "Storm closes the port again", public=False), target("p", "Storm closes a port again")
    found = CrossLinkIndex.of([secret, seen]).resolve("Storm clsoes a porrt again")
    assert (found.outcome, found.near) == ("unresolved", (seen.title,))


NAMES = st.sampled_from(["Not yet", "The port", "port", "a", "b"])
TARGETS = st.lists(
    st.builds(
        Target,
        path=st.sampled_from(["1.md", "2.md", "3.md", "4.md", "5.md"]),
        id=NAMES,
        slug=NAMES,
        title=NAMES,
        url=st.sampled_from(["x.html", "y.html", "1"]),
        headline_aliases=st.tuples(NAMES) | st.just(()),
        public=st.booleans(),
        lang=st.sampled_from(["en", "de"]),
        former=st.sampled_from([(), ("/x.html",), ("/old/port/",)]),
        original=st.sampled_from(["", "port", "a"]),
    ),
    max_size=5,
    unique_by=lambda target: target.path,
)


@given(TARGETS, NAMES, st.sampled_from(["{}", "[[{}]]", "/{}.html"]), st.booleans())
def test_whatever_the_stories_are_called_a_cross_link_leads_to_one_that_readers_may_see_or_says_why_not(
    targets: list[Target], name: str, form: str, exactly: bool
) -> None:
    public = {target.path: target.public for target in targets}
    found = CrossLinkIndex.of(targets, lang="en").resolve(form.format(name), own="1.md", exactly=exactly)
    assert found.outcome != "resolved" or public[found.path]
    assert found.outcome != "withheld" or not public[found.path]
    assert found.outcome != "ambiguous" or (len(found.near) > 1 and all(public[path] for path in found.near))
    assert len(found.keys) == len(found.near)
