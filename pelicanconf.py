"""Settings of the sample digest, for `alsoread build` and `pelican` alike. Production: publishconf.py."""

SITENAME = "Far Orbit"
SITESUBTITLE = "A digest of robotic space exploration"
SITEURL = "https://digest.example"
RELATIVE_URLS = True

PATH = "content"
OUTPUT_PATH = "output"
THEME = "themes/broadsheet"
PLUGIN_PATHS = ["plugins"]
PLUGINS = ["alsoread"]

TIMEZONE = "UTC"
DEFAULT_LANG = "en"
LOCALE = "C"
DEFAULT_DATE_FORMAT = "%d %B %Y"
OUTPUT_RETENTION = [".gitkeep"]

# content
ARTICLE_PATHS = ["stories"]
PAGE_PATHS = ["pages"]
STATIC_PATHS = ["images"]
USE_FOLDER_AS_CATEGORY = False
FILENAME_METADATA = ""

# addresses: they say what a page is about, and not what made it
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

# pages of lists
DIRECT_TEMPLATES = ["index", "tags", "archives", "authors"]
DEFAULT_PAGINATION = 8
PAGINATED_TEMPLATES = {"index": None, "tag": None, "category": None, "author": None, "period_archives": None}
ALSOREAD_NUMBER_FROM_OLDEST = True
PAGINATION_PATTERNS = [
    (1, "{url}", "{save_as}"),
    (2, "{base_name}/page/{number}.html", "{base_name}/page/{number}.html"),
]

# feeds
FEED_ALL_ATOM = "feeds/all.atom.xml"
TAG_FEED_ATOM = "feeds/topics/{slug}.atom.xml"
CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None
FEED_MAX_ITEMS = 30

# cross-links
ALSOREAD_EDIT_URL = "https://forge.example/far-orbit/edit/main/content/{path}"
ALSOREAD_LABELS = {
    "*": ["ALSO READ", "READ", "BACKGROUND", "UPDATE", "REACTION", "DENIED"],
    "ar": ["اقرأ أيضاً"],
}
