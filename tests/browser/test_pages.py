"""The sample digest in a browser: readable, narrow and wide, light and dark, and asking nobody else for anything."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from sites import ROOT

PAGES = [
    "index.html",
    "topics.html",
    "archive.html",
    "404.html",
    "about.html",
    "topics/moon.html",
    "stories/dart-strikes-dimorphos.html",
]
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
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_and_is_readable(
    browser: Chrome, sample: tuple[str, Path], page: str, width: int, scheme: str
) -> None:
    show(browser, f"{sample[0]}/{page}", width, scheme)
    SHOTS.mkdir(parents=True, exist_ok=True)
    browser.save_screenshot(str(SHOTS / f"{page.replace('/', '-').removesuffix('.html')}-{width}-{scheme}.png"))
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


@pytest.mark.parametrize("page", PAGES)
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


def test_a_reader_gets_from_the_front_page_to_a_topic_a_story_a_cross_link_and_back(
    browser: Chrome, sample: tuple[str, Path]
) -> None:
    show(browser, f"{sample[0]}/index.html")
    click(browser, browser.find_element(By.CSS_SELECTOR, "nav a[href$='topics/moon.html']"))
    assert browser.find_element(By.TAG_NAME, "h1").text == "Moon"
    click(browser, browser.find_element(By.CSS_SELECTOR, "main a[href$='stories/change-6-returns.html']"))
    origin = browser.find_element(By.TAG_NAME, "h1").text
    link = browser.find_element(By.CSS_SELECTOR, "aside.crosslink a")
    wanted = link.text
    click(browser, link)
    assert browser.find_element(By.TAG_NAME, "h1").text == wanted
    back = browser.find_elements(By.LINK_TEXT, origin)
    assert back, "the target does not say what links to it"
    click(browser, back[-1])
    assert browser.find_element(By.TAG_NAME, "h1").text == origin


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
