"""Which HTML of a contributor's may a reader's browser see? Promise 7: no script of a contributor's runs there."""

import json
import re
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import Markup
from pelican.settings import DEFAULT_CONFIG

import pace
from alsoread.news import sanitize
from alsoread.news.compose import compose
from alsoread.news.crosslinks import CrossLinkIndex, Target
from alsoread.news.sanitize import (
    ForbiddenCharacter,
    clean,
    cleaned,
    escaped,
    removed_elements,
    text_of,
    trusted,
    unescaped,
)
from alsoread.news.tags import NestingTooDeep, Tag, is_tame, read_tags
from alsoread.plugin.contents import Article, make_metadata
from alsoread.plugin.state import State
from alsoread.story import Story, Topic
from reading import GOOD, read, settings, story
from script_payloads import PAYLOADS

SITE = {**DEFAULT_CONFIG, "PLUGINS": []}
ELEMENTS = set(
    "a abbr aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure"
    " h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub summary sup table tbody"
    " td tfoot th thead time tr u ul var wbr".split()
)
ATTRIBUTES = set(
    "alt cite class colspan datetime dir headers height href id lang loading open reversed rowspan scope span src start"
    " title type value width".split()
)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")


def elements(html: str) -> list[Element]:
    """What a browser would make of the HTML inside a page's body."""
    root: Element = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    return list(root.iter())[1:]


def assert_harmless(html: str) -> None:
    for element in elements(html):
        assert element.tag in ELEMENTS, (element.tag, html)
        assert set(element.attrib) <= ATTRIBUTES, (element.attrib, html)
        for name in {"href", "src", "cite"} & set(element.attrib):
            # as the URL Standard reads an address: C0 controls and spaces around it, tabs and line ends in it are dropped
            address = re.sub(r"[\t\n\r]", "", element.attrib[name].strip("".join(map(chr, range(33))))).lower()
            scheme = SCHEME.match(address)
            assert scheme is None or scheme[0] in ("http:", "https:", "mailto:", "tel:"), html
        if "id" in element.attrib:
            assert element.attrib["id"].startswith("fn"), html
        assert "crosslink" not in element.attrib.get("class", "") or element.tag in ("aside", "span"), html


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_script_of_a_body_reaches_the_page(payload: str) -> None:
    """By way of Markdown, the sanitiser, cross-links, and Pelican's own replacing of addresses."""
    body = f"{payload}\n\nBetween.\n\n{payload} {payload}\n\nREAD: {payload}"
    file = read(story(GOOD + "\nsummary: |\n" + "\n".join(f"  {line}" for line in payload.split("\n")), body))
    assert file.story is not None or any(finding.is_error for finding in file.findings)
    if file.story is None:
        return
    target = Target("stories/a&b.md", "x", "x", "x", "stories/x.html")
    index = CrossLinkIndex.of([target], site="https://digest.example")
    found = [index.resolve(link.text, href=link.href, exactly=not link.certain) for link in file.body.crosslinks]
    html = compose(file.body, found, [], {target.path: '"><script>alert(1)</script>'})
    assert_harmless(html)
    assert_harmless(file.body.summary_html)
    for relative in (True, False):
        for content in published(html, file.body.summary_html, relative):
            assert_harmless(content)


def published(html: str, summary: str, relative: bool) -> tuple[str, str]:
    """Body and summary as a theme gets them from Pelican, in a digest with a story whose file name holds a `&`."""
    article = make_article(html, {"summary": Markup(summary)}, relative)
    article.refresh_metadata_intersite_links()
    siteurl = ".." if relative else "https://digest.example"
    return str(article.get_content(siteurl)), str(article.get_summary(siteurl))


def make_article(html: str, metadata: dict[str, Any], relative: bool = False) -> Article:
    config = {
        **DEFAULT_CONFIG,
        "PATH": "/content",
        "RELATIVE_URLS": relative,
        "SITEURL": "https://digest.example",
        "ARTICLE_URL": "stories/{slug}.html",
        "ARTICLE_SAVE_AS": "stories/{slug}.html",
        "DEFAULT_DATE_FORMAT": "%d %B %Y",
        "LOCALE": ["C"],
        "PLUGINS": [],
    }
    context: dict[str, Any] = {"generated_content": {}, "static_content": {}}
    article = Article(
        content=html,
        metadata={"title": "a", "slug": "a", "story": Story("stories/a.md", "a", "a", None), **metadata},
        settings=config,
        source_path="/content/stories/a.md",
        context=context,
    )
    context["generated_content"]["stories/a&b.md"] = article
    return article


def test_the_payloads_would_be_found_if_nothing_were_cleaned() -> None:
    """The examiner of the test above is examined."""
    caught = 0
    for payload in PAYLOADS:
        try:
            assert_harmless(payload)
        except AssertionError:
            caught += 1
    assert caught > 150
    for html in (
        "<p onclick=x>",
        "<a href=' java\tscript:x'>",
        "<svg>",
        '<a id="location">',
        "<template><p></template>",
    ):
        with pytest.raises(AssertionError):
            assert_harmless(html)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_titles_tags_names_and_sources_reach_pelican_escaped(payload: str) -> None:
    text = json.dumps(payload.replace("\n", " "))
    front = (
        f"title: {text}\ndate: 2026-01-31\ntags: [{text}]\nauthors: [{text}]\ncategory: {json.dumps(payload[:90])}\n"
        f"podcast: [{text}]\nslug: a\nsources: [{{name: {text}}}]"
    )
    file = read(story(front), extra_fields=("podcast",))
    assert file.story is not None
    topics = tuple(Topic("a", tag) for tag in file.story.tags)
    metadata = make_metadata(file.story, file.body, topics, SITE, State.of(SITE))
    shown = [
        metadata["title"],
        metadata["podcast"],
        *metadata["tags"],
        *metadata["authors"],
        metadata.get("category", Markup()),
    ]
    for value in shown:
        # both what an escaping and what another template puts into the page
        for html in (str(Markup.escape(value)), f'<b title="{value}">', f"<b title='{Markup.escape(value)}'>"):
            assert not set(re.findall(r"<[^b]", html)), html
            assert [element.tag for element in elements(html)] in ([], ["b"])
    assert file.story.title == " ".join(unescaped(metadata["title"]).split())
    assert not isinstance(file.story.sources[0].name, Markup)


def test_metadata_holds_nothing_but_what_pelican_reads() -> None:
    """Pelican sets every key as an attribute of the content."""
    file = read(story(GOOD + "\nauthor: A\ncategory: B\nmodified: 2026-01-31\nsummary: s\nthread: t\nid: i"))
    assert file.story is not None
    metadata = make_metadata(file.story, file.body, (), SITE, State.of(SITE))
    assert set(metadata) == set("title slug lang status summary tags story date modified category authors".split())


KEPT = """\
<h2>a</h2>
<p lang="fr" dir="ltr" title="t">b <a href="https://a.example/?b=c&amp;d#e">f</a> <strong>g</strong></p>
<p><code class="language-py">h</code><br><img src="images/i.png" alt="j" width="1" height="2" loading="lazy"></p>
<table><thead><tr><th scope="col">k</th></tr></thead><tbody><tr><td colspan="2">l</td></tr></tbody></table>
<ol start="3"><li value="4">m</li></ol>
<details open=""><summary>n</summary>o</details>
<p><sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup> <time datetime="2026-01-31">p</time></p>
<p><a href="mailto:a@b.example">q</a> <a href="tel:+441">r</a> <a href="{filename}/a.md?b#c">s</a> <a href="/t">u</a></p>
<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby> &lt;&amp;" \u0915\U0001f680\u200f {index} ="{x}"</p>
<blockquote cite="https://a.example/"><p>v <q cite="/w">x</q> <del datetime="2026-01-31">y</del></p></blockquote>"""


@pytest.mark.parametrize("html", KEPT.split("\n"))
def test_what_an_author_needs_is_kept_letter_by_letter(html: str) -> None:
    assert clean(html) == html


CLEANED = [
    ("<h1>a</h1><h1 lang='de'>b</h1>", '<h2>a</h2><h2 lang="de">b</h2>'),
    ("<form>a <b>b</b></form>", "a <b>b</b>"),
    ("a<script>b</script>c<style>d</style>e", "ace"),
    ("a<svg><b>c</b></svg>d", "ad"),
    ("a<!-- b -->c<!d>e<?f?>g", "aceg"),
    ("a <b", "a &lt;b"),
    ("1 < 2 <3", "1 &lt; 2 &lt;3"),
    ("<b", "&lt;b"),
    ("<b>a", "<b>a</b>"),
    ("</b>a", "a"),
    ("<img src=a.png>", '<img src="a.png">'),
    ("<a href=x/y?z=1>a</a>", '<a href="x/y?z=1">a</a>'),
    ("<IMG SRC='a.png'/>", '<img src="a.png">'),
    ("<a id=x class='a highlight crosslink zz-x'>b</a>", '<a class="a highlight">b</a>'),
    ("<a href='{index}x'>a</a>", '<a href="{index}x">a</a>'),
    ("<a href='{nothing}x'>a</a>", "<a>a</a>"),
    ("<a href='{filename}a.md?\"x'>a</a>", "<a>a</a>"),
    ("<a title=\"href='{filename}a.md'\">a</a>", "<a>a</a>"),
    ("<a href='{index}//evil.example/'>a</a>", "<a>a</a>"),
    ("<a href='//a.example/b'>a</a>", '<a href="//a.example/b">a</a>'),
    ("<q cite=' data:x'>a</q>", "<q>a</q>"),
    ("<a title='a = b | c {d}'>a</a>", '<a title="a = b | c {d}">a</a>'),
]


@pytest.mark.parametrize(("html", "expected"), CLEANED)
def test_the_rest_is_unwrapped_or_dropped(html: str, expected: str) -> None:
    assert clean(html) == expected


@given(
    st.lists(
        st.sampled_from(
            [
                *"<>/=\"'&;! -\n",
                "a",
                "b",
                "p",
                "table",
                "td",
                "svg",
                "style",
                "script",
                "title",
                "<!--",
                "-->",
                "<a href=",
                "{index}",
                "java",
                "script:",
                "onx=",
                "&#106;",
                "li",
                "dd",
                "select",
                "math",
                "mtext",
            ]
        ),
        max_size=40,
    ).map("".join)
)
@example("<a title='</p>' href=x>")
def test_no_mixture_of_markup_gets_through(html: str) -> None:
    try:
        cleaned = clean(html)
    except (NestingTooDeep, ForbiddenCharacter):
        return
    assert_harmless(cleaned)
    # no `<`, `>` or quote in an attribute: other code finds paragraphs and addresses by simple patterns
    assert re.sub(r'<[a-z0-9/]+(?: [a-z]+="[^"<>]*")*>', "", cleaned).count("<") == 0
    assert clean(cleaned) == cleaned


@given(st.text(st.sampled_from("<>/abp=\"' \n!-?x")))
def test_reading_tags_loses_no_letter_of_the_text_between(html: str) -> None:
    pieces = [token.source if isinstance(token, Tag) else token for token in read_tags(html)]
    if "<!" not in html and "<?" not in html:
        assert "".join(pieces).replace("&lt;", "<") == html
    assert not any("<" in piece for piece in pieces if not piece.startswith("<"))


BAD_REFERENCES = ["&#1;", "&#x0b;", "&#x7F;", "&#xFFFE;", "&#x1FFFF;", "&#x202e;", "&#8294;", "<b title='&#2;'>x</b>"]


@pytest.mark.parametrize("html", BAD_REFERENCES)
def test_a_character_that_no_file_may_hold_is_not_let_in_by_its_number(html: str) -> None:
    """Control characters are no XML: one of them in a feed, and the whole build ends."""
    with pytest.raises(ForbiddenCharacter):
        clean(f"<p>{html}</p>")


def test_the_elements_taken_out_are_named_but_not_those_that_are_only_spoken_of() -> None:
    assert removed_elements("<FORM><b>x</b><x-y></form> <!-- <object> --> <b title='<embed>'> &lt;video> <audio") == (
        "form",
        "x-y",
    )
    assert removed_elements("<script><canvas></script>") == ("script",)


def test_plain_text_is_what_a_reader_reads() -> None:
    assert text_of("<p>a<br>b</p><p>c &lt;d&gt; <b>e</b>f</p><ul><li>g</li></ul>") == "a b c <d> ef g"


def test_escaping_and_unescaping_are_inverse() -> None:
    text = "<a href=\"x\">'&amp;'</a>"
    assert unescaped(escaped(text)) == text
    assert "<" not in escaped(text)
    assert trusted("<b>") == "<b>"


# what HTML's parser makes of hostile text is bounded before it gets the text: nothing can interrupt it

OPENERS = [
    "<div>", "<div></b>", "<div><!--</div>-->", "<div><b title='</div>'>", "<div><style></div></style>", "<b></x>", "<b></p>", "<rp>", "<rt>",
    "<ruby><rt></b>", "<li><dd>", "<li><b></li>", "<ul><li></b>", "<table><tr><td>", "<div><table><tr><td></div></table>", "<b><div></b></div>",
    "<table><b>x<tr>y", "<i><li></i>", "<span>", "<h1></b>", "<details>", "<blockquote><p>", "<dl><dd>", "<q>", "<DIV>", "<div/>",
]  # fmt: skip


@pytest.mark.parametrize("opener", OPENERS)
def test_elements_that_are_never_closed_are_refused_in_time(opener: str) -> None:
    def refused() -> None:
        with pytest.raises(NestingTooDeep):
            clean(opener * (500_000 // len(opener)))

    pace.within(1, refused)


FLAT = ["<p>", "<a><p></a>", "<li>", "<td>", "<dt>", "<br>", "</p>", "</b>", "<x>", "<script>", "<svg>", "<!--", "<!-- -->", "<", "<a ", '<a b="', "<a b='", "<a x=", "</", "<?", "<p/x", "<b>x</b>", "<option>", "<select>", "<title>"]  # fmt: skip


@pytest.mark.parametrize("piece", FLAT)
def test_half_a_megabyte_of_any_tag_takes_no_time(piece: str) -> None:
    pace.within(2, lambda: clean(piece * (500_000 // len(piece))))


REPEATED = [
    "<p>" + "".join(f'<b title="{"x" * 1000}{n}">' for n in range(60)) + "<p>x" * 20_000,
    "<table><b title='" + "x" * 3000 + "'>" + "<tr>y" * 5_000,
    "<p>" + "<i title='" + "x" * 3000 + "'>" + "</b>" * 5_000 + "<p></i>" * 2000,
]


@pytest.mark.parametrize("html", REPEATED)
def test_formatting_that_would_be_repeated_in_every_paragraph_is_refused(html: str) -> None:
    """220 kilobytes of it made the parser ask for four gigabytes, which ended the process."""
    with pytest.raises(NestingTooDeep):
        clean(html)


def test_a_tag_with_attributes_without_end_is_refused() -> None:
    with pytest.raises(NestingTooDeep, match="longer"):
        clean("<p " + " ".join(f"a{n}" for n in range(100_000)) + ">")


def test_an_ordinary_page_is_not_taken_for_a_hostile_one() -> None:
    page = (
        "<h2>a</h2><p>b <a href='https://www.example.org/a-long-address/that-goes-on'>c</a> <b>d <i>e</i></b></p>"
        "<ul><li>f<ul><li>g<li>h</ul></li><li>i</ul><dl><dt>j<dd>k<dt>l<dd>m</dl><blockquote><p>n<p>o</blockquote>"
        "<table><tr><th>p<th>q<tr><td>r<td>s</table><pre><code><span class='k'>t</span> <span class='n'>u</span></code></pre>"
        "<p><ruby>v<rt>w</ruby><a href='x.html'><img src='y.png' alt=''></a><details><summary>z</summary><p>0</details>"
    )
    assert len(clean(page * 300)) > 300 * 500
    assert settings().max_bytes > len(page * 300)


TAGS = st.sampled_from(
    "<p>|</p>|<em>|</em>|<a href=\"x\">|</a>|<br>|<br />|<img src='x'>|<ul>|<li>|</li>|</ul>|<script>|<b|<|>|a|<!-- -->"
    '|<P>|<td>|</td>|<a b="<i>">|"|<i/>|<x-y>'.split("|")
)


@given(st.lists(TAGS, max_size=12).map("".join))
def test_of_a_tame_text_everything_is_kept_and_nothing_is_deep(text: str) -> None:
    if is_tame(text, sanitize._TAGS):
        assert sanitize._allowed(text) == (text, ())


def test_most_html_is_tame_and_what_a_parser_repairs_is_not() -> None:
    names = sanitize._TAGS
    for text in ("", "a &lt; b", '<p>a <em>b</em><br /> <a href="x" title="y">c</a></p>', "<ul><li>a</li></ul><hr>"):
        assert is_tame(text, names)
    for text in (
        "<p>",
        "</p>",
        "<b><i></b></i>",
        "<em><p></p></em>",
        "<script></script>",
        "a < b",
        "<P></P>",
        "<p" + "<b>" * 9,
    ):
        assert not is_tame(text, names)
    assert not is_tame("<div>" * 30 + "</div>" * 30, names)
    assert not is_tame(f'<p title="{"x" * 5000}"></p>', names)


def test_a_text_is_cleaned_the_same_whether_it_is_tame_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["<p>a <em>b</em></p>", '<a href="javascript:x">a</a>', '<h1 id="a" onclick="b">c</h1>', "<p>a</p>" * 9]
    quick = [cleaned(text) for text in texts]
    monkeypatch.setattr(sanitize, "is_tame", lambda source, names: False)
    assert [cleaned(text) for text in texts] == quick
