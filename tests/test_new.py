"""`alsoread new`: from a headline to a story's file that a build reads as it was meant."""

import os
import re
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from alsoread.desk.draft import Draft, as_yaml, cleaned, draft_text, moment_of, read_moment, slugs_of
from alsoread.desk.intake.escape import literal
from alsoread.news.characters import is_forbidden
from alsoread.news.names import SLUG
from reading import read
from sites import Result, Site

NOON = moment_of(datetime(2026, 1, 31, 12, 30, tzinfo=UTC))
PORTS = "---\nname: Ports\nslug: ports\naliases: [Harbours]\n---\n"
PIECES = """' " : , # & - --- ... [ ] { } | > * ! % @ ` ? ~ \\ \\n : # &amp; &#58; &lt &copy <b> no null 1.10 2026-01-31 = << \
%s ${x} {slug} @title@ المدينة قَالَ שלום 港 🎉 👩‍🚀 é e\u0301 \u200f \u200d \ufeff \u00ad \xa0 \u2028 \x85 \t \x00 \u202e""".split(
    " "
)

headlines = st.one_of(st.text(), st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map(" ".join))


def draft(title: str, **fields: object) -> Draft:
    return Draft(title, NOON, next(slugs_of(title)), **fields)  # type: ignore[arg-type]


# -- the text of a file


@given(headlines)
@example('He said: "It\'s #1" & left')
@example("- [x]: {y}")
@example("&amp;amp; &#x26;amp;")
@example("الميناء يُفتح: أول سفينة")
@example("🎉")
@example("---")
@example("null")
@example("The disk C:\\new: \\x41 and \\")
def test_any_headline_is_read_back_as_it_was_typed(typed: str) -> None:
    kept = "".join(char for char in typed if not is_forbidden(char) and char != "\ufeff")
    title = cleaned(typed)
    assert title == " ".join(kept.split())
    assume(title)
    assume(len(literal(title)) <= 300)
    file = read(draft_text(draft(title, tags=("Ports",))))
    assert file.findings == ()
    assert file.story is not None
    assert file.story.title == title
    assert file.story.status == "draft"


@given(st.lists(headlines.map(cleaned).filter(lambda tag: 0 < len(tag) <= 200), max_size=5))
def test_any_tags_are_read_back_as_they_were_given(tags: list[str]) -> None:
    file = read(draft_text(draft("A headline", tags=tuple(tags))))
    assert file.story is not None
    assert file.story.tags == tuple(dict.fromkeys(tags))


def uncommented(text: str) -> str:
    front, fence, body = text.partition("\n---\n")
    return re.sub("^# ", "", front, flags=re.MULTILINE) + fence + body


@pytest.mark.parametrize("given_thread", ["", "the-port"])
def test_a_file_with_all_its_comments_taken_away_is_a_story_without_findings(given_thread: str) -> None:
    text = draft_text(draft("A headline", tags=("Ports",), thread=given_thread, lang="pt-BR"))
    assert "#" not in uncommented(text).replace("  # without this line it is published", "")
    for whole, thread in ((text, given_thread), (uncommented(text), given_thread or "a-developing-story")):
        file = read(whole)
        assert file.findings == ()
        assert file.story is not None
        assert (file.story.thread, file.story.lang) == (thread, "pt-br")
    assert file.story is not None
    assert file.story.image is not None
    assert all((file.story.summary, file.story.sources, file.story.image.alt, file.story.image.credit))


def test_the_comments_of_a_file_are_not_read() -> None:
    story = read(draft_text(draft("A headline"))).story
    assert story is not None
    assert (story.summary, story.thread, story.sources, story.image) == ("", "", (), None)


@pytest.mark.parametrize(
    ("text", "yaml"),
    [
        ("The port opens again", "The port opens again"),
        ("The port: open", '"The port: open"'),
        ("It's open: 'now'", "\"It's open: 'now'\""),
        ('"Open", she says: now', "'\"Open\", she says: now'"),
        ('It\'s "open": now', "'It''s \"open\": now'"),
        ("C:\\new: full", "'C:\\new: full'"),
        ("no", '"no"'),
    ],
)
def test_quotes_stand_only_where_yaml_needs_them(text: str, yaml: str) -> None:
    assert as_yaml(text) == yaml


@given(headlines.map(cleaned).filter(bool))
@example("a" * 200)
@example("a word " * 40)
def test_slugs_are_names_and_all_different(title: str) -> None:
    slugs = [slug for slug, _ in zip(slugs_of(title), range(12), strict=False)]
    assert len(set(slugs)) == 12
    assert all(SLUG.fullmatch(slug) and len(slug) <= 80 for slug in slugs)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("2026-01-31", "2026-01-31"),
        ("2026-01-31 14:30", "2026-01-31 14:30"),
        ("2026-01-31T14:30:59", "2026-01-31 14:30"),
        ("2026-01-31T14:30:00+01:00", "2026-01-31T14:30:00+01:00"),
        ("2026-01-31T14:30Z", "2026-01-31T14:30:00+00:00"),
    ],
)
def test_a_date_is_written_so_that_it_is_read_as_it_was_meant(typed: str, written: str) -> None:
    zone = ZoneInfo("Asia/Tokyo")
    moment = read_moment(typed, zone)
    assert moment.text == written
    story = read(draft_text(Draft("A headline", moment, "a")), timezone=zone).story
    assert story is not None
    assert story.date == moment.instant.replace(second=0)


# -- the command


def new(site: Site, *args: str, **env: str) -> Result:
    result = site.run("new", *args, **env)
    assert "Traceback" not in result.err
    return result


def test_a_headline_becomes_a_draft_with_topics_and_reasons(site: Site) -> None:
    site.conf(TIMEZONE="Pacific/Kiritimati").write("content/topics/ports.md", PORTS).story("storm")
    before = datetime.now(ZoneInfo("Pacific/Kiritimati"))
    result = new(site, "The harbours open: first ships")
    assert result.exit_code == 0, result.err
    path = result.out.strip()
    assert path == f"content/{before:%Y/%m}/the-harbours-open-first-ships.md"
    assert re.search(r"^  tag Ports: named in the headline", result.err, re.MULTILINE)
    story = read((site.root / path).read_text(), timezone=ZoneInfo("Pacific/Kiritimati")).story
    assert story is not None
    assert (story.title, story.tags, story.status) == ("The harbours open: first ships", ("Ports",), "draft")
    assert story.date is not None
    assert timedelta(minutes=-1) < story.date - before < timedelta(minutes=2)
    text = (site.root / path).read_text()
    built = site.build("--format", "json")
    assert (built.exit_code, built.codes) == (0, [])
    assert not site.has("stories/the-harbours-open-first-ships.html")
    (site.root / path).write_text(re.sub("status: draft.*\n", "", text))
    assert site.build("--format", "json").codes == []
    assert "The harbours open: first ships" in site.page("stories/the-harbours-open-first-ships.html")


def test_the_folder_is_that_of_the_settings_and_words_need_no_quotes(site: Site) -> None:
    site.conf(ARTICLE_PATHS=["stories"]).write("content/topics/ports.md", PORTS)
    result = new(site, "Ports", "reopen", "--date", "2025-03-04", "--published", "--lang", "fr", "--thread", "the-port")
    assert result.out == "content/stories/2025/03/ports-reopen.md\n"
    story = read((site.root / result.out.strip()).read_text()).story
    assert story is not None
    assert (story.status, story.lang, story.thread) == ("published", "fr", "the-port")


def test_without_a_topic_that_fits_the_tags_are_left_to_the_editor(site: Site) -> None:
    result = new(site, "Cats", "--to", "content")
    assert result.exit_code == 0
    assert "no topic of the digest fits" in result.err
    assert "tags: []\n" in (site.root / result.out.strip()).read_text()


def test_given_tags_are_used_and_unknown_ones_named(site: Site) -> None:
    site.write("content/topics/ports.md", PORTS).story("storm", tags=["Weather"])
    result = new(site, "Ports reopen", "--tags", " harbours,WEATHER, Prts ,Zzyzx,", "--to", "content")
    assert "tags: [Ports, Weather, Prts, Zzyzx]\n" in (site.root / result.out.strip()).read_text()
    assert "no topic is called 'Prts'; did you mean Ports?" in result.err
    assert "no topic is called 'Zzyzx'; it becomes one" in result.err
    assert "arbours" not in result.err
    assert "tag Ports" not in result.err


def test_nothing_is_overwritten_and_no_address_is_taken_twice(site: Site) -> None:
    given_date = ("--to", "content", "--date", "2025-03-04")
    site.write("content/2025/03/cats.md", "mine\n").story("elsewhere", "Dogs")
    third, file = new(site, "Cats", *given_date), new(site, "Dogs", *given_date)
    assert third.out == "content/2025/03/cats-2.md\n"
    assert "content/2025/03/cats.md is there already" in third.err
    assert "this one is 'cats-2'" in third.err
    assert (site.root / "content/2025/03/cats.md").read_text() == "mine\n"
    assert file.out == "content/2025/03/dogs-2.md\n"
    assert "the address stories/dogs.html is that of content/elsewhere.md" in file.err
    # the draft of a moment ago counts, in whatever month it is
    again = new(site, "Dogs", "--to", "content", "--date", "2025-04-04")
    assert again.out == "content/2025/04/dogs-3.md\n"
    slugs = [
        re.findall("^slug: (.*)$", (site.root / each.out.strip()).read_text(), re.MULTILINE)
        for each in (third, file, again)
    ]
    assert slugs == [["cats-2"], ["dogs-2"], ["dogs-3"]]


def test_an_address_of_the_site_itself_or_of_a_page_is_not_taken(site: Site) -> None:
    site.conf(ARTICLE_URL="{slug}.html", ARTICLE_SAVE_AS="{slug}.html")
    site.write("content/pages/about.md", "---\ntitle: About\n---\n\nUs.\n")
    page, reserved = new(site, "About"), new(site, "Archive")
    assert page.out.endswith("/about-2.md\n")
    assert "the address about.html is that of content/pages/about.md" in page.err
    assert reserved.out.endswith("/archive-2.md\n")
    assert "one that the site needs for itself" in reserved.err


def test_addresses_without_a_name_in_them_do_not_go_on_for_ever(site: Site) -> None:
    pattern = "{date:%Y}.html"
    site.conf(ARTICLE_URL=pattern, ARTICLE_SAVE_AS=pattern).story("one", date="2025-01-01")
    result = new(site, "Two", "--date", "2025-02-02")
    assert result.exit_code == 2
    assert "no address is free: the address 2025.html is that of content/one.md" in result.err
    assert not (site.root / "content/2025").exists()


def test_headlines_that_are_near_or_the_same_are_told(site: Site) -> None:
    site.story("storm", "Storm closes the northern port", slug="storm", status="draft")
    near = new(site, "Storm closes the nothern port", "--to", "content", "--dry-run")
    same = new(site, "Storm closes the ‘northern’ port", "--to", "content", "--dry-run")
    other = new(site, "Cranes from Rotterdam", "--to", "content", "--dry-run")
    assert "content/storm.md has a headline much like it: 'Storm closes the northern port'" in near.err
    assert "content/storm.md has this headline; a cross-link to it says [[storm]]" in same.err
    assert "headline much like" not in other.err + same.err
    assert "this headline" not in other.err + near.err


def test_a_thread_that_nobody_follows_yet_is_told(site: Site) -> None:
    site.story("storm", thread="northern-port")
    told, untold = (
        new(site, "Cats", "--thread", thread, "--to", "content", "--dry-run")
        for thread in ("nothern-port", "northern-port")
    )
    assert "first story of the thread 'nothern-port'; did you mean northern-port?" in told.err
    assert "thread" not in untold.err


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("",), "the headline is empty"),
        ((" \t\x01 ",), "the headline is empty"),
        (("a" * 301,), "AR114 'title' has 301 characters; at most 300 are read"),
        (("Cats", "--date", "tomorrow"), "'tomorrow' is not a date such as 2026-01-31"),
        (("Cats", "--date", "0999-01-01"), "AR115"),
        (("Cats", "--lang", "not a language"), "AR114 'lang'"),
        (("Cats", "--thread", "Not a slug"), "AR114 'thread'"),
        (("Cats", "--tags", "t" * 201), "AR114 'tags[]'"),
        (("Cats", "--edit", "--dry-run"), "writes nothing that --edit could open"),
        (("Cats", "--edit"), "set VISUAL or EDITOR"),
    ],
)
def test_what_would_be_left_out_of_a_build_is_not_written(site: Site, args: tuple[str, ...], words: str) -> None:
    site.story("storm")
    result = new(site, *args, "--to", "content", VISUAL="", EDITOR="")
    assert result.exit_code == 2
    assert words in result.err
    assert result.out == ""
    assert [path.name for path in (site.root / "content").rglob("*")] == ["storm.md"]


def test_without_a_content_folder_one_is_asked_for(site: Site) -> None:
    result = new(site, "Cats")
    assert result.exit_code == 2
    assert "name one (--to content), or begin with alsoread init" in result.err


def test_a_dry_run_shows_and_writes_nothing(site: Site) -> None:
    site.write("content/topics/ports.md", PORTS)
    result = new(site, "Ports reopen", "--date", "2025-03-04", "--to", "content", "--dry-run")
    assert result.exit_code == 0
    assert result.out.startswith("---\ntitle: Ports reopen\ndate: 2025-03-04\ntags: [Ports]\nslug: ports-reopen\n")
    assert "tag Ports: " in result.err
    assert [path.name for path in (site.root / "content").rglob("*.md")] == ["ports.md"]
    assert new(site, "Cats", "--to", "nowhere", "--dry-run").exit_code == 2
    assert not (site.root / "nowhere").exists()


def test_the_editor_is_opened_with_the_file_and_its_failure_told(site: Site) -> None:
    script = "import sys; open('opened.txt', 'a').write('|'.join(sys.argv[1:])); sys.exit(len(sys.argv) - 3)"
    site.write("my editor.py", script).write("content/.keep", "")
    visual = f"{sys.executable} 'my editor.py' --wait"
    good = new(site, "Cats", "--date", "2025-03-04", "--edit", VISUAL=visual, EDITOR="nothing")
    assert good.exit_code == 0, good.err
    assert (site.root / "opened.txt").read_text() == f"--wait|{os.path.join(str(site.root), 'content/2025/03/cats.md')}"
    for editor, words in (
        (f"{visual} --more", "ended with 1; the story is in"),
        ("no-such-editor", "cannot be started"),
    ):
        result = new(site, "Dogs", "--edit", VISUAL="", EDITOR=editor)
        assert result.exit_code == 2
        assert words in result.err
    assert new(site, "Dogs", "--edit", VISUAL="vi 'x").exit_code == 2
