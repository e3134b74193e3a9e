"""What stands at an address that something has moved from?

A page that any server can deliver: it takes a reader on at once, names the new address for search engines, and works
without a server too, because it leads there from where it stands (HTML Standard, ``http-equiv=refresh``).
"""

import posixpath
from collections.abc import Iterable
from html import escape
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from alsoread.news.ledger import is_site_file

__all__ = ["file_of_alias", "redirect_page", "redirects_file"]

_PAGES: Final = (".html", ".htm")


def file_of_alias(alias: str) -> str | None:
    """The file below the site's root that a former address asks for; None where a site can have no such file.

    ``/old/`` and ``/old`` are ``old/index.html``. Names that begin with a full stop are the publisher's, not a page's.
    """
    try:
        path = unquote(urlsplit(alias).path)
    except ValueError:
        return None
    name = posixpath.normpath(path.lstrip("/")) if path.strip("/") else ""
    if not is_site_file(name):
        return None
    return name if name.lower().endswith(_PAGES) else f"{name}/index.html"


def redirect_page(name: str, target: str, title: str, site: str, lang: str) -> str:
    """The page in the file ``name`` that leads to ``target``, an address below the site's root; ``title`` is text."""
    folder = posixpath.dirname(name)
    # from a root, so that nobody asks where the program runs
    here = posixpath.relpath(f"/{unquote(target) or 'index.html'}", f"/{folder}")
    href = escape(quote(here + ("/" if target.endswith("/") else ""), safe="/+~.-_"))
    canonical = f"{site.rstrip('/')}/{target}" if site.startswith(("http://", "https://")) else ""
    link = f'<link rel="canonical" href="{escape(canonical)}">\n' if canonical else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(lang)}">\n<head>\n<meta charset="utf-8">\n'
        f'<title>{escape(title)}</title>\n<meta http-equiv="refresh" content="0; url={href}">\n'
        f'{link}<meta name="robots" content="noindex">\n</head>\n<body>\n'
        f'<p><a href="{href}">{escape(title)}</a></p>\n</body>\n</html>\n'
    )


def redirects_file(moves: Iterable[tuple[str, str]], gone: Iterable[str], root: str) -> str:
    """The file ``_redirects``, by which servers that know it (Netlify's, Cloudflare's) answer with status 301.

    ``moves`` has pairs of a file that was and an address that is, both below the site's root; ``root`` is the path of
    that on the server, empty for the server's own. The files that are ``gone`` are tombstones: Netlify's servers show
    them with status 410, others pass such lines over and show them with 200.
    """
    lines = {f"{root}/{_quoted(_shown(name))} {root}/{_quoted(unquote(target))} 301\n" for name, target in moves}
    # the sign at the end makes the line count although there is a file
    lines |= {f"{root}/{_quoted(_shown(name))} {root}/{_quoted(_shown(name))} 410!\n" for name in gone}
    return "".join(sorted(lines))


def _shown(name: str) -> str:
    """As servers show a folder: without the name of its index."""
    return name.removesuffix("index.html") if name.endswith("/index.html") else name


def _quoted(path: str) -> str:
    return quote(path, safe="/+~.-_")
