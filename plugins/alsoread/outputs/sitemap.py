"""What do search engines read first? sitemap.xml (sitemaps.org protocol 0.9) and robots.txt (RFC 9309)."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple
from urllib.parse import quote
from xml.sax.saxutils import escape

__all__ = ["SitemapEntry", "robots", "sitemap"]

_PLAIN: Final = re.compile(r"[A-Za-z0-9_.~/%+-]*")


class SitemapEntry(NamedTuple):
    """An address below the root of the site, and when what is there last changed."""

    url: str
    modified: datetime | None = None


def sitemap(entries: Iterable[SitemapEntry], site: str) -> str:
    """The sitemap of the site at the address ``site``, its entries sorted by address."""
    root = site.rstrip("/")
    rows = sorted((f"{root}/{_quoted(url.lstrip('/'))}", modified) for url, modified in entries)
    urls = "".join([f"  <url><loc>{escape(url)}</loc>{_last_modified(modified)}</url>\n" for url, modified in rows])
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'
    )


def robots(site: str) -> str:
    """A robots.txt that welcomes every crawler; it names the sitemap where the site has an address."""
    welcome = "User-agent: *\nAllow: /\n"
    return (
        f"{welcome}\nSitemap: {site.rstrip('/')}/sitemap.xml\n" if site.startswith(("http://", "https://")) else welcome
    )


def _quoted(url: str) -> str:
    """An address with what has to be written otherwise in one; most have nothing such."""
    return url if _PLAIN.fullmatch(url) else quote(url, safe="/%+")


def _last_modified(modified: datetime | None) -> str:
    return f"<lastmod>{modified.isoformat(timespec='seconds')}</lastmod>" if modified else ""
