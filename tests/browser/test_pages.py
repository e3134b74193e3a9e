"""The sample digest in a browser: readable, narrow and wide, light and dark, and asking nobody else for anything."""

import base64
import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from sites import ROOT

PAGES = {
    # template: a page that it makes, with as much on it as there is
    "index": "index.html",
    "index-older": "page/2.html",
    "article": "stories/dart-strikes-dimorphos.html",
    "article-with-picture": "stories/hera-leaves-earth.html",
    "article-from-topic": "stories/leopard-spots.html#in-mars",
    "article-in-arabic": "stories/hope-reaches-mars.ar.html",
    "tag": "topics/planets.html",
    "tags": "topics.html",
    "combination": "topics/asteroids-and-comets+planetary-defence.html",
    "thread": "threads/asteroid-2024-yr4.html",
    "threads": "threads.html",
    "source": "sources/nasa.html",
    "sources": "sources.html",
    "author": "authors/science-desk.html",
    "authors": "authors.html",
    "category": "categories/misc.html",
    "categories": "categories.html",
    "archives": "archive.html",
    "period_archives": "archive/2025.html",
    "period_archives-month": "archive/2025/03.html",
    "page": "about.html",
    "404": "404.html",
    "withdrawn": "stories/a-rehearsal-taken-for-a-landing.html",
}
SHOTS = ROOT / "test-artifacts" / "screenshots"


TEXTS = """
const ground = node => {
  for (let up = node; up; up = up.parentElement) {
    const colour = getComputedStyle(up).backgroundColor;
    if (colour !== 'rgba(0, 0, 0, 0)' && colour !== 'transparent') return colour;
  }
};
return [...document.querySelectorAll('body *')]
  .filter(node => [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim()))
  .filter(node => node.checkVisibility() && node.getBoundingClientRect().width > 2)
  .map(node => [node.textContent.trim().slice(0, 40), getComputedStyle(node).color, ground(node), getComputedStyle(node).fontSize]);
"""


def click(browser: Chrome, element: WebElement) -> None:
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
    element.click()


def show(browser: Chrome, address: str, width: int = 1280, scheme: str = "light") -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    )
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    browser.get(address)


def luminance(colour: str) -> float:
    """Relative luminance of a CSS rgb() colour (WCAG 2.2)."""
    parts = [int(part) / 255 for part in colour[colour.index("(") + 1 :].rstrip(")").split(",")[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 768, 1280])
@pytest.mark.parametrize("template", PAGES)
def test_a_page_fits_and_is_readable(
    browser: Chrome, sample: tuple[str, Path], template: str, width: int, scheme: str
) -> None:
    show(browser, f"{sample[0]}/{PAGES[template]}", width, scheme)
    SHOTS.mkdir(parents=True, exist_ok=True)
    shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "format": "png"})
    (SHOTS / f"{template}-{width}-{scheme}.png").write_bytes(base64.b64decode(shot["data"]))
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert len(browser.find_elements(By.TAG_NAME, "h1")) == 1
    paper = browser.find_element(By.TAG_NAME, "body").value_of_css_property("background-color")
    assert (luminance(paper) < 0.2) == (scheme == "dark")
    texts = browser.execute_script(TEXTS)
    assert len(texts) > 3
    for words, ink, ground, size in texts:
        lighter, darker = sorted((luminance(ink), luminance(ground)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, words
        assert float(size.removesuffix("px")) >= 12, words


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("template", PAGES)
def test_axe_finds_nothing(browser: Chrome, sample: tuple[str, Path], axe: str, template: str, scheme: str) -> None:
    show(browser, f"{sample[0]}/{PAGES[template]}", scheme=scheme)
    browser.execute_script(axe)
    found = browser.execute_async_script("axe.run(document).then(arguments[arguments.length - 1])")
    assert len(found["passes"]) > 10
    assert [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in found["violations"]] == []


@pytest.mark.parametrize("page", PAGES.values())
def test_a_page_asks_no_other_host_and_breaks_no_policy(browser: Chrome, sample: tuple[str, Path], page: str) -> None:
    browser.get_log("performance")
    browser.get_log("browser")
    show(browser, f"{sample[0]}/{page}")
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [each["params"]["request"]["url"] for each in messages if each["method"] == "Network.requestWillBeSent"]
    assert asked
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(sample[0]).netloc}
    assert not [url for url in asked if url.endswith(".js")]
    assert [entry["message"] for entry in browser.get_log("browser") if "favicon" not in entry["message"]] == []


def test_every_template_that_makes_a_page_is_looked_at() -> None:
    templates = {path.stem for path in (ROOT / "themes/broadsheet/templates").glob("*.html")}
    frames_and_words = {"base", "list", "macros", "article_macros", "pagination", "words"}
    assert templates - frames_and_words <= set(PAGES)


def follow(browser: Chrome, selector: str) -> str:
    """Click a link; the heading of the page that it leads to."""
    click(browser, browser.find_element(By.CSS_SELECTOR, selector))
    return browser.find_element(By.TAG_NAME, "h1").text


def test_a_reader_gets_from_the_front_page_to_a_topic_a_story_a_cross_link_and_back(
    browser: Chrome, sample: tuple[str, Path]
) -> None:
    show(browser, f"{sample[0]}/index.html")
    assert follow(browser, "nav a[href$='topics/moon.html']") == "Moon"
    origin = follow(browser, "main a[href*='stories/change-6-returns.html']")
    link = browser.find_element(By.CSS_SELECTOR, "aside.crosslink a")
    wanted = link.text
    assert follow(browser, "aside.crosslink a") == wanted
    back = browser.find_elements(By.LINK_TEXT, origin)
    assert back, "the target does not say what links to it"
    click(browser, back[-1])
    assert browser.find_element(By.TAG_NAME, "h1").text == origin


def test_a_reader_gets_from_the_front_page_by_every_way_there_is(browser: Chrome, sample: tuple[str, Path]) -> None:
    show(browser, f"{sample[0]}/index.html")
    assert follow(browser, ".subjects a[href$='topics/small-bodies.html']") == "Small bodies"
    assert follow(browser, ".sub-topics a[href$='asteroids-and-comets.html']") == "Asteroids and comets"
    assert browser.find_element(By.CSS_SELECTOR, ".breadcrumbs a").text == "Small bodies"
    assert browser.find_element(By.CSS_SELECTOR, "svg.chart title").get_attribute("textContent").startswith("Stories")
    together = follow(browser, ".facts-box a[href*='+']")
    assert "Asteroids and comets" in together
    assert "+" in together
    follow(browser, "main a[href*='stories/hera-leaves-earth.html']")
    assert follow(browser, ".thread-box h2 a") == "DART and Hera"
    follow(browser, "main a[href*='stories/hera-leaves-earth.html']")
    assert follow(browser, ".sources a.outlet") == "ESA"
    follow(browser, "main .card a")
    assert "desk" in follow(browser, ".byline a")
    assert follow(browser, "nav a[href$='archive.html']") == "Archive"
    assert follow(browser, ".year h2 a") == "2025"
    feed = browser.find_element(By.CSS_SELECTOR, ".colophon a[href$='.xml']").get_attribute("href")
    browser.get(feed)
    assert "http://www.w3.org/2005/Atom" in browser.page_source


def test_a_reader_walks_on_within_the_topic_that_they_came_from(browser: Chrome, sample: tuple[str, Path]) -> None:
    show(browser, f"{sample[0]}/topics/mars.html")
    story = follow(browser, ".ledger > li:nth-child(2) a")
    walks = [walk for walk in browser.find_elements(By.CSS_SELECTOR, ".within") if walk.is_displayed()]
    assert [walk.get_attribute("id") for walk in walks] == ["in-mars"]
    assert browser.execute_script("return window.scrollY") == 0
    earlier = walks[0].find_element(By.CSS_SELECTOR, "[rel=prev]")
    wanted = earlier.text.partition("\n")[2]
    assert follow(browser, "#in-mars [rel=prev]") == wanted
    assert follow(browser, "#in-mars [rel=next]") == story
    show(browser, f"{sample[0]}/stories/leopard-spots.html")
    assert not [walk for walk in browser.find_elements(By.CSS_SELECTOR, ".within") if walk.is_displayed()]


def test_an_arabic_page_runs_from_right_to_left_within_an_english_site(
    browser: Chrome, sample: tuple[str, Path]
) -> None:
    show(browser, f"{sample[0]}/stories/hope-reaches-mars.ar.html", 390)
    assert browser.find_element(By.TAG_NAME, "html").value_of_css_property("direction") == "rtl"
    assert browser.find_element(By.CSS_SELECTOR, ".masthead").value_of_css_property("direction") == "ltr"
    assert browser.find_element(By.CSS_SELECTOR, ".sources h2").text == "المصادر"
    assert browser.find_element(By.CSS_SELECTOR, "aside.crosslink .crosslink-label").text.startswith("اقرأ")


def test_the_site_can_be_read_from_the_disk(browser: Chrome, sample: tuple[str, Path]) -> None:
    show(browser, (sample[1] / "index.html").as_uri())
    browser.find_element(By.CSS_SELECTOR, "main h2 a, main h3 a, main h1 a").click()
    assert browser.current_url.startswith("file://")
    assert browser.find_elements(By.CSS_SELECTOR, "article")
    assert browser.find_element(By.TAG_NAME, "body").value_of_css_property("background-color") != "rgba(0, 0, 0, 0)"


def test_the_keyboard_reaches_the_content_first(browser: Chrome, sample: tuple[str, Path]) -> None:
    show(browser, f"{sample[0]}/index.html")
    browser.execute_cdp_cmd(
        "Input.dispatchKeyEvent", {"type": "keyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
    )
    focused = browser.switch_to.active_element
    assert focused.get_attribute("href").endswith("#" + browser.find_element(By.TAG_NAME, "main").get_attribute("id"))
    assert focused.is_displayed()
