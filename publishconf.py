"""Settings to publish the sample digest with: the same, with absolute addresses. Set SITEURL to your own."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from pelicanconf import *  # noqa: F403

SITEURL = os.environ.get("SITEURL", "https://digest.example").rstrip("/")
RELATIVE_URLS = False
