"""What do search engines read first?"""

from datetime import UTC, datetime
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from alsoread.outputs.sitemap import SitemapEntry, sitemap

DAY = datetime(2026, 1, 31, 12, 30, tzinfo=UTC)


def test_an_address_stands_with_the_second_of_its_last_change() -> None:
    told = sitemap([SitemapEntry("b/", DAY), SitemapEntry("/a.html")], "https://digest.example/news/")
    assert told.splitlines()[2:-1] == [
        "  <url><loc>https://digest.example/news/a.html</loc></url>",
        "  <url><loc>https://digest.example/news/b/</loc><lastmod>2026-01-31T12:30:00+00:00</lastmod></url>",
    ]


@given(st.text(alphabet=st.sampled_from("aZ09_.-~/%+ &?'\"<é漢"), max_size=12))
def test_an_address_is_quoted_whatever_it_holds(url: str) -> None:
    quoted = quote(url.lstrip("/"), safe="/%+").replace("&", "&amp;")
    assert f"<loc>https://digest.example/{quoted}</loc>" in sitemap([SitemapEntry(url)], "https://digest.example")
