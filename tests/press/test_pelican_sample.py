"""Stock Pelican and the press give the same bytes: the sample site of Pelican's own functional tests.

Only Pelican's source distribution has it. `make test` puts that into `.venv/samples`; ALSOREAD_PELICAN_SDIST names
another folder where it is unpacked. The three configurations are those of `pelican/tests/test_pelican.py`, but for
the locale, where the tests there take what may be missing: en_US is C here, which names months alike.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from trial import Trial

from sites import ROOT

OF_THE_TEST = """
PATH = "content"
OUTPUT_PATH = "output"
PLUGINS = ["alsoread.press"]
LOCALE = {locale!r}
"""


@pytest.fixture
def samples() -> Path:
    """The folder `samples` of Pelican's source distribution."""
    named = os.environ.get("ALSOREAD_PELICAN_SDIST")
    places = [Path(named)] if named else sorted((ROOT / ".venv/samples").glob("pelican-*/"))
    for place in places:
        if (place / "samples/content").is_dir():
            return place / "samples"
    said = (
        "Pelican's source distribution is not there: `make test` puts it into .venv/samples, "
        "or let ALSOREAD_PELICAN_SDIST name the folder where it is unpacked"
    )
    if os.environ.get("CI") == "true":
        pytest.fail(said, pytrace=False)
    pytest.skip(said)


def make_site(trial: Trial, samples: Path, settings: str, locale: str) -> None:
    trial.have_errors = True  # a page without a title, where templates are taken for content
    shutil.copytree(samples / "content", trial.site / "content")
    text = (samples / settings).read_text("utf-8") if settings else ""
    trial.write("pelicanconf.py", text + OF_THE_TEST.format(locale=locale))


def try_edits(trial: Trial) -> None:
    """What a publisher does to the sample site in a week."""
    trial.edit("content/super_article.rst", "utf8 hell", "UTF-8 heaven")
    trial.edit("content/cat1/markdown-article.md", "Title: A markdown", "Title: A Markdown")
    trial.agrees("a body and a title are edited")
    trial.write("content/cat1/tide.md", "Title: High tide\nDate: 2012-02-29 12:00\nTags: baz, sea\nLang: en\n\nWet.\n")
    trial.edit("content/pages/test_page.rst", "Just an image", "An image")
    trial.agrees("an article comes and a page is edited")
    trial.remove("content/cat1/article2.rst")
    trial.edit("content/draft_article.rst", ":status: draft", ":status: published")
    trial.edit("content/article2-fr.rst", ":lang: fr", ":lang: fr\n:status: hidden")
    trial.agrees("an article goes, a draft is published and a translation is hidden")
    picture = trial.site / "content/pictures/Fat_Cat.jpg"
    trial.write("content/pictures/Fat_Cat.jpg", picture.read_bytes() + b"\0")
    trial.edit("content/pages/jinja2_template.html", "Some text", "{{ articles|length }} articles")
    trial.agrees("a picture changes", changed="TEMPLATE_PAGES" in (trial.site / "pelicanconf.py").read_text("utf-8"))


def french_locale(folder: Path) -> tuple[str, dict[str, str]]:
    """The name of a French locale, and the environment in which it is known.

    Where the system has none, one is made, if the system has what that takes. If not, it is not French: then months
    in addresses have English names, and nothing shows that names beyond ASCII are handled alike.
    """
    name = "fr_FR.UTF-8"
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True).stdout.lower().replace("-", "").split()
    if name.lower().replace("-", "") in known:
        return name, {}
    if shutil.which("localedef"):
        subprocess.run(["localedef", "-i", "fr_FR", "-f", "UTF-8", str(folder / name)], capture_output=True)
        if (folder / name).is_dir():
            return name, {"LOCPATH": str(folder)}
    return "C.UTF-8", {}


def test_the_sample_site_without_settings_is_as_stock(trial: Trial, samples: Path) -> None:
    make_site(trial, samples, "", "C")
    pages = trial.agrees("at first")
    assert "this-is-a-super-article.html" in pages
    try_edits(trial)


def test_the_sample_site_with_its_settings_is_as_stock(trial: Trial, samples: Path) -> None:
    make_site(trial, samples, "pelican.conf.py", "C")
    pages = trial.agrees("at first")
    assert {"index3.html", "robots.txt", "tag/baz.html", "jinja2_template.html"} < pages.keys()
    try_edits(trial)


def test_the_sample_site_in_french_is_as_stock(trial: Trial, samples: Path, tmp_path: Path) -> None:
    locale, trial.environment = french_locale(tmp_path)
    make_site(trial, samples, "pelican.conf_FR.py", locale)
    pages = trial.agrees("at first")
    assert f"posts/2012/{'février' if locale != 'C.UTF-8' else 'February'}/29/second-article/index.html" in pages
    try_edits(trial)
