"""The digest for Alsoread: the settings of stock Pelican, and what makes a digest of them."""

from stock import *

PLUGINS = ["alsoread"]
THEME_TEMPLATES_OVERRIDES = []
# the sitemap is one of the plugin's own pages
DIRECT_TEMPLATES = ["index", "tags"]
ALSOREAD_NUMBER_FROM_OLDEST = True
ALSOREAD_NAVIGATION = [topic["slug"] for topic in NAVIGATION]
# the peers have no pages for two topics together
ALSOREAD_COMBINATION_STORIES = 0
# made-up stories have no sources
ALSOREAD_IGNORE = {"*": ["AR701"]}
