"""Settings to publish the sample digest with: the same, with absolute addresses."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from pelicanconf import *  # noqa: F403

SITEURL = os.environ.get("SITEURL", "").rstrip("/")
if not SITEURL.startswith(("https://", "http://")):
    raise ValueError("SITEURL is not set; for example: SITEURL=https://www.example.org make publish")
RELATIVE_URLS = False
