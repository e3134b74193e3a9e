"""A headless Chromium, and the sample digest served to it."""

import importlib.metadata
import os
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from sites import ROOT, Site

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --hide-scrollbars"
).split()
POLICY = "default-src 'none'; img-src 'self'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'"


WITH_CATEGORIES = """
import sys
sys.path.insert(0, {root!r})
from pelicanconf import *
PATH, THEME = {root!r} + "/content", {root!r} + "/themes/broadsheet"
CATEGORY_SAVE_AS = CATEGORY_URL = "categories/{{slug}}.html"
DIRECT_TEMPLATES = [*DIRECT_TEMPLATES, "categories"]
CATEGORIES_SAVE_AS = "categories.html"
"""


def _program(*names: str) -> str:
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"{names[0]} is not installed, and in CI nothing is skipped")
        pytest.skip(f"{names[0]} is not installed: apt-get install chromium chromium-driver")
    return found


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = Options()
    options.binary_location = _program("chromium", "google-chrome", "chromium-browser")
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(_program("chromedriver")))
    yield driver
    driver.quit()


class _Quiet(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, which is in the folder of a package whose own code is not used."""
    files = importlib.metadata.files("axe-playwright-python") or []
    return next(file for file in files if file.name == "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address and the folder of the sample digest, served under a strict content security policy.

    It has pages of categories too, which the sample leaves out, so that every template of the theme is used.
    """
    folder = tmp_path_factory.mktemp("sample")
    (folder / "settings.py").write_text(WITH_CATEGORIES.format(root=str(ROOT)), "utf-8")
    result = Site(ROOT).build("-s", str(folder / "settings.py"), "-o", str(folder / "site"), "--format", "json")
    assert result.exit_code == 0, result.err + result.out
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder / "site")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", folder / "site"
    server.shutdown()
    server.server_close()
