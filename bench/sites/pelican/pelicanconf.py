"""The digest for stock Pelican."""

import json
from pathlib import Path

SITENAME = "The made-up digest"
SITEURL = "https://digest.example"
PATH = "content"
ARTICLE_PATHS = ["stories"]
STATIC_PATHS = []
OUTPUT_PATH = "output"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
LOCALE = "C"
USE_FOLDER_AS_CATEGORY = False
PLUGINS = []

THEME = "theme"
THEME_TEMPLATES_OVERRIDES = ["templates"]
NAVIGATION = json.loads(Path("navigation.json").read_text("utf-8"))

ARTICLE_URL = ARTICLE_SAVE_AS = "stories/{slug}.html"
TAG_URL = TAG_SAVE_AS = "topics/{slug}.html"
TAGS_URL = TAGS_SAVE_AS = "topics.html"
SITEMAP_SAVE_AS = "sitemap.xml"
CATEGORY_SAVE_AS = AUTHOR_SAVE_AS = ARCHIVES_SAVE_AS = ""

DIRECT_TEMPLATES = ["index", "tags", "sitemap"]
DEFAULT_PAGINATION = 20
PAGINATED_TEMPLATES = {"index": None, "tag": None}
PAGINATION_PATTERNS = [
    (1, "{url}", "{save_as}"),
    (2, "{base_name}/page/{number}.html", "{base_name}/page/{number}.html"),
]

FEED_ALL_ATOM = "feeds/all.atom.xml"
TAG_FEED_ATOM = "feeds/topics/{slug}.atom.xml"
CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None
FEED_MAX_ITEMS = 20
