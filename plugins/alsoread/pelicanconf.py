"""The settings of a digest that has none of its own: any folder of Markdown files with front matter.

A site's own ``pelicanconf.py`` is used instead where there is one; nothing here is added to it.
"""

import logging

from alsoread.bundled import bundled_theme

SITENAME = "A digest"
SITEURL = ""
RELATIVE_URLS = True

THEME = bundled_theme()
PLUGINS = ["alsoread"]

TIMEZONE = "UTC"
DEFAULT_LANG = "en"
LOCALE = "C"
DEFAULT_DATE_FORMAT = "%d %B %Y"

ARTICLE_PATHS = [""]
PAGE_PATHS = ["pages"]
STATIC_PATHS = ["images"]
USE_FOLDER_AS_CATEGORY = False
FILENAME_METADATA = ""

ARTICLE_URL = ARTICLE_SAVE_AS = "stories/{slug}.html"
ARTICLE_LANG_URL = ARTICLE_LANG_SAVE_AS = "stories/{slug}.{lang}.html"
PAGE_URL = PAGE_SAVE_AS = "{slug}.html"
PAGE_LANG_URL = PAGE_LANG_SAVE_AS = "{slug}.{lang}.html"
TAG_URL = TAG_SAVE_AS = "topics/{slug}.html"
TAGS_URL = TAGS_SAVE_AS = "topics.html"
ARCHIVES_URL = ARCHIVES_SAVE_AS = "archive.html"
YEAR_ARCHIVE_URL = YEAR_ARCHIVE_SAVE_AS = "archive/{date:%Y}.html"
MONTH_ARCHIVE_URL = MONTH_ARCHIVE_SAVE_AS = "archive/{date:%Y}/{date:%m}.html"
AUTHOR_URL = AUTHOR_SAVE_AS = "authors/{slug}.html"
AUTHORS_URL = AUTHORS_SAVE_AS = "authors.html"
CATEGORY_SAVE_AS = ""

DIRECT_TEMPLATES = ["index", "tags", "archives", "authors"]
DEFAULT_PAGINATION = 20
PAGINATED_TEMPLATES = {"index": None, "tag": None, "category": None, "author": None, "period_archives": None}
PAGINATION_PATTERNS = [
    (1, "{url}", "{save_as}"),
    (2, "{base_name}/page/{number}.html", "{base_name}/page/{number}.html"),
]

FEED_ALL_ATOM = "feeds/all.atom.xml"
TAG_FEED_ATOM = "feeds/topics/{slug}.atom.xml"
CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None
FEED_MAX_ITEMS = 30

# without an address of its own a site is looked at, not published: Pelican's reminder can wait
LOG_FILTER = [(logging.WARNING, "Feeds generated without SITEURL or FEED_DOMAIN set properly may not be valid")]
