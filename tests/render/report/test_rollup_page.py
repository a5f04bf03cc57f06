"""The page of a roll-up in a real browser: no violation found by axe-core, no request, nothing wider than a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver

from tests.conftest import World
from tests.render.report.test_browser import axe, browser, pytestmark  # noqa: F401 - fixtures, and when to skip


@pytest.fixture
def page(world: World, tmp_path: Path) -> str:
    other = tmp_path / "另一本"
    assert world("init", str(other)).code == 0
    world.write("data/ledger.yaml", "city: 湖州\n" + world.read("data/ledger.yaml"))
    world.commit_all("写明市")
    assert world("log", "金融办", "listed", "2家", "--on", "2023-03-31").code == 0
    file = tmp_path / "全省.html"
    done = world("rollup", str(world.root), f"嘉兴={other}", "--format", "html", "-o", str(file))
    assert done.code == 0, done.err
    return file.as_uri()


@pytest.mark.parametrize("columns", [390, 768, 1400])
def test_the_page_is_sound_at_every_width(page: str, browser: WebDriver, axe: str, columns: int) -> None:  # noqa: F811
    size = {"width": columns, "height": 900, "deviceScaleFactor": 1, "mobile": columns < 600}
    browser.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        browser.get(page)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= columns
        browser.execute_script(axe)
        browser.set_script_timeout(120)
        result = browser.execute_async_script("axe.run(document).then(arguments[0])")
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.execute_cdp_cmd("Page.setBypassCSP", {"enabled": False})
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in result["violations"]] == []


def test_the_page_asks_for_nothing_and_the_console_stays_silent(page: str, browser: WebDriver) -> None:  # noqa: F811
    browser.get_log("browser")
    browser.get(page)
    assert browser.get_log("browser") == []
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0
