"""What stands at an address whose contents were withdrawn, where the theme has no page for that?

A page that any server can deliver: it says that something was withdrawn, when and why, and not a word of what it held.
"""

from datetime import date
from html import escape

__all__ = ["tombstone_page"]


def tombstone_page(day: date, why: str, site: str, lang: str) -> str:
    """The page; ``why`` and the name of the ``site`` are text. Its own words are English."""
    own = "" if lang.lower().partition("-")[0] == "en" else ' lang="en"'
    reason = escape(why)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(lang)}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>Withdrawn – {escape(site)}</title>\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="robots" content="noindex">\n</head>\n<body>\n'
        f"<main>\n<h1{own}>Withdrawn</h1>\n<p>{reason}</p>\n"
        f'<p><time datetime="{day.isoformat()}">{day.isoformat()}</time></p>\n</main>\n</body>\n</html>\n'
    )
