"""The preview in a browser: it follows what is written, and says what is wrong where the writer looks."""

import os
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from test_pages import luminance, show

from serving import Server, serving
from sites import ROOT, Site

SHOTS = ROOT / "test-artifacts" / "screenshots"
LONG = "".join(f"Paragraph {number} of a long story about the port.\n\n" for number in range(120))
BANNER = "return document.querySelector('alsoread-preview')?.shadowRoot.querySelector('[role=alert]')?.innerText || ''"
INSIDE = """
const root = document.querySelector('alsoread-preview').shadowRoot;
const ground = node => {
  for (let up = node; up; up = up.parentElement) {
    const colour = getComputedStyle(up).backgroundColor;
    if (colour !== 'rgba(0, 0, 0, 0)') return colour;
  }
};
return [...root.querySelectorAll('.panel *')]
  .filter(node => [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim()))
  .map(node => [node.textContent.trim().slice(0, 40), getComputedStyle(node).color, ground(node), getComputedStyle(node).fontSize]);
"""


@pytest.fixture
def served(site: Site) -> Iterator[tuple[Site, Server]]:
    site.conf(THEME_TEMPLATES_OVERRIDES=["overrides"], STATIC_PATHS=["images"])
    site.write("overrides/.keep", "").story("one", "The first headline", slug="one", body=LONG)
    with serving(site) as server:
        yield site, server


def wait(browser: Chrome, found: Any) -> Any:
    return WebDriverWait(browser, 60, poll_frequency=0.05).until(found)


def banner(browser: Chrome, words: str) -> str:
    """What the banner says, when it holds the words."""
    return wait(browser, lambda _: words in (said := browser.execute_script(BANNER)) and said)


def gone(browser: Chrome) -> None:
    wait(browser, lambda _: not browser.execute_script(BANNER))


def inside(browser: Chrome, selector: str) -> Any:
    return browser.find_element(By.CSS_SELECTOR, "alsoread-preview").shadow_root.find_element(By.CSS_SELECTOR, selector)


def words(browser: Chrome) -> str:
    return browser.execute_script("return document.body ? document.body.innerText : ''")


@pytest.mark.parametrize("fragment", ["", "#page-content"])
def test_a_saved_story_shows_itself_where_the_reader_was(
    browser: Chrome, served: tuple[Site, Server], fragment: str
) -> None:
    site, server = served
    show(browser, f"{server.address}/stories/one.html{fragment}")
    browser.execute_script("window.scrollTo({top: 1500, behavior: 'instant'}); window.mark = 1")
    time.sleep(0.5)
    place = browser.execute_script("return scrollY")
    assert place > 1400
    site.story("one", "The second headline", slug="one", body=LONG)
    wait(browser, lambda _: "The second headline" in words(browser))
    assert browser.execute_script("return window.mark || 0") == 0
    wait(browser, lambda _: browser.execute_script("return document.readyState") == "complete")
    # soon, and but for what the browser adds to keep the same words in their place
    WebDriverWait(browser, 5).until(lambda _: abs(browser.execute_script("return scrollY") - place) < 10)
    time.sleep(0.5)
    assert abs(browser.execute_script("return scrollY") - place) < 10
    assert browser.execute_script("return location.hash") == fragment
    # another page begins at its top
    browser.get(f"{server.address}/index.html")
    assert browser.execute_script("return scrollY") == 0


def test_a_page_that_did_not_change_stays_as_it_is(browser: Chrome, served: tuple[Site, Server]) -> None:
    site, server = served
    site.write("content/pages/about.md", "---\ntitle: About\n---\n\nWho we are.\n")
    server.shows("/about.html", "Who we are")
    show(browser, f"{server.address}/about.html")
    browser.execute_script("window.mark = 1")
    site.story("one", "The first headline", slug="one", body="Other words.\n")
    server.shows("/stories/one.html", "Other words")
    time.sleep(1.5)
    assert browser.execute_script("return window.mark") == 1


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_a_broken_story_is_told_with_its_place_and_no_more_when_it_is_mended(
    browser: Chrome, served: tuple[Site, Server], width: int, scheme: str
) -> None:
    site, server = served
    show(browser, f"{server.address}/stories/one.html", width, scheme)
    site.write("content/bad.md", f"---\ntitle: {'Long' * 40}\ndate: 2025-02-30\ntags: [x]\n---\n\nText.\n")
    site.story("odd", "Odd", body="READ: Nothing that anybody has written\n")
    said = banner(browser, "AR115")
    assert re.search(r"^content/bad\.md:3:7 AR115 ", said, re.MULTILINE)
    assert "2025-02-28" in said
    assert inside(browser, "summary").text == "1 warning"
    SHOTS.mkdir(parents=True, exist_ok=True)
    browser.save_screenshot(str(SHOTS / f"serve-error-{width}-{scheme}.png"))
    panel = inside(browser, ".panel")
    assert panel.rect["x"] >= 0
    assert panel.rect["x"] + panel.rect["width"] <= width
    assert panel.rect["height"] <= 450
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    for text, ink, ground, size in browser.execute_script(INSIDE):
        lighter, darker = sorted((luminance(ink), luminance(ground)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, text
        assert float(size.removesuffix("px")) >= 12, text
    os.remove(site.root / "content/bad.md")
    gone(browser)
    # what is left is quiet, and can be opened
    summary = wait(browser, lambda _: inside(browser, ".panel.quiet summary"))
    assert not inside(browser, "code").is_displayed()
    summary.send_keys(Keys.ENTER)
    assert "content/odd.md:7:1 AR401" in inside(browser, "code").text
    browser.save_screenshot(str(SHOTS / f"serve-warning-{width}-{scheme}.png"))


def test_the_banner_can_be_closed_by_keyboard_and_comes_back_when_something_else_is_wrong(
    browser: Chrome, served: tuple[Site, Server]
) -> None:
    site, server = served
    site.write("content/bad.md", "---\ntitle: Bad\ndate: 2025-02-30\ntags: [x]\n---\n\nText.\n")
    show(browser, f"{server.address}/stories/one.html")
    banner(browser, "AR115")
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.ESCAPE)
    gone(browser)
    site.story("one", "The second headline", slug="one", body=LONG)
    wait(browser, lambda _: "The second headline" in words(browser))
    time.sleep(1)
    assert browser.execute_script(BANNER) == ""
    site.write("content/worse.md", "no front matter")
    banner(browser, "content/worse.md")
    button = inside(browser, "button")
    assert button.accessible_name == "Close"
    button.send_keys(Keys.ENTER)
    gone(browser)


def test_a_broken_template_lies_over_the_old_page_until_it_is_mended(
    browser: Chrome, served: tuple[Site, Server]
) -> None:
    site, server = served
    show(browser, f"{server.address}/stories/one.html", 390)
    site.write(
        "overrides/article.html", "{% extends '!theme/article.html' %}\n{% block story_foot %}{{ 1 / 0 }}{% endblock %}"
    )
    said = banner(browser, "ZeroDivisionError")
    assert "overrides/article.html:2: template error" in said
    assert "while rendering stories/one.html of content/one.md" in said
    assert "The first headline" in words(browser)
    browser.save_screenshot(str(SHOTS / "serve-failure-390-light.png"))
    site.write(
        "overrides/article.html", "{% extends '!theme/article.html' %}\n{% block story_foot %}Mended.{% endblock %}"
    )
    wait(browser, lambda _: "Mended." in words(browser))
    gone(browser)


def test_the_browser_finds_a_server_that_was_started_again(browser: Chrome, site: Site) -> None:
    site.story("one", "The first headline", slug="one", body=LONG)
    with serving(site, "content") as server:
        port = int(server.address.rpartition(":")[2])
        show(browser, f"{server.address}/stories/one.html")
        wait(browser, lambda _: "The first headline" in words(browser))
        browser.execute_script("window.mark = 1")
    site.story("one", "The second headline", slug="one", body=LONG)
    with serving(site, "content", port=port):
        wait(browser, lambda _: "The second headline" in words(browser))


def test_a_site_that_cannot_be_built_yet_shows_itself_when_it_can(browser: Chrome, site: Site) -> None:
    site.story("one", "The first headline", slug="one").write("pelicanconf.py", "PATH = <\n")
    with serving(site) as server:
        show(browser, f"{server.address}/", 390, "dark")
        assert "pelicanconf.py:1:8" in browser.find_element(By.CSS_SELECTOR, "[role=alert]").text
        SHOTS.mkdir(parents=True, exist_ok=True)
        browser.save_screenshot(str(SHOTS / "serve-nothing-390-dark.png"))
        site.conf()
        wait(browser, lambda _: "The first headline" in words(browser))


def test_more_tabs_than_a_browser_has_connections_all_follow(browser: Chrome, served: tuple[Site, Server]) -> None:
    site, server = served
    first = browser.current_window_handle
    show(browser, f"{server.address}/stories/one.html")
    for _ in range(8):
        browser.switch_to.new_window("tab")
        show(browser, f"{server.address}/stories/one.html")
        assert "The first headline" in words(browser)
    site.story("one", "The second headline", slug="one", body=LONG)
    wait(browser, lambda _: "The second headline" in words(browser))
    for handle in browser.window_handles:
        browser.switch_to.window(handle)
        wait(browser, lambda _: "The second headline" in words(browser))
        if handle != first:
            browser.get("about:blank")
            browser.close()
    browser.switch_to.window(first)
