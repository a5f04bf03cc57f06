"""The report in a real Chromium without a screen: filter, search, links, keyboard, silence of console and network, print.

Skipped only on a machine without Chromium or its driver; the reason names what is missing.
"""

from __future__ import annotations

import base64
import itertools
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.conftest import World

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRIVER = shutil.which("chromedriver")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,1000",
)
AXE = "4.14.1"
MISSING = "、".join(name for name, path in (("chromium", BROWSER), ("chromedriver", DRIVER)) if path is None)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"the page's browser tests need {MISSING}, not on this machine"),
    # selenium leaves its pipes to the driver for the collector to close
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER or ""
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def page(world: World, browser: WebDriver) -> WebDriver:
    for report in (
        ("金融办", "listed", "2家", "--on", "2023-03-31", "--note", "<b>过会</b> 1 家"),
        ("金融办", "green", "3%", "--on", "2023-06-30"),
        ("商务局", "overseas", "3亿美元", "--on", "2023-06-30"),
    ):
        assert world("log", *report).code == 0
    assert world("report", "-o", "报告.html").code == 0
    browser.get("about:blank")
    browser.get_log("browser")
    browser.get_log("performance")
    browser.get((world.root / "报告.html").as_uri())
    return browser


def shown(page: WebDriver, selector: str) -> list[str]:
    return [
        element.get_attribute("id") or ""
        for element in page.find_elements(By.CSS_SELECTOR, selector)
        if element.is_displayed()
    ]


def light(page: WebDriver, word: str) -> None:
    page.find_element(By.CSS_SELECTOR, f'button[data-light="{word}"]').click()


def test_nothing_is_asked_of_the_network_and_the_console_stays_silent(page: WebDriver) -> None:
    light(page, "滞后")
    page.find_element(By.ID, "q").send_keys("上市")
    page.find_element(By.ID, "clear").click()
    events = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]
    asked = [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]
    assert len(asked) == 1
    assert asked[0].startswith("file:///")
    assert page.get_log("browser") == []


def test_the_policy_stops_whatever_is_put_in(page: WebDriver) -> None:
    page.execute_script(
        "const i = new Image(); i.src = 'http://127.0.0.1:9/x.png'; document.body.append(i);"
        "const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s);"
    )
    assert page.execute_script("return window.ran") is None
    messages: list[str] = []

    def both_refused(_: WebDriver) -> bool:
        messages.extend(entry["message"] for entry in page.get_log("browser"))
        return len(messages) >= 2

    WebDriverWait(page, 10).until(both_refused)
    assert all("Content Security Policy" in message for message in messages)


def test_lights_filter_targets_and_the_count_is_said(page: WebDriver) -> None:
    assert len(shown(page, ".target")) == 10
    light(page, "已达标")
    assert shown(page, ".target") == ["t-商务局-01/overseas"]
    assert shown(page, "article") == ["c-商务局-01"]
    assert shown(page, "div.department") == ["d-商务局"]
    assert page.find_element(By.ID, "found").text == "显示 1 项承诺事项、1 项目标"
    light(page, "严重滞后")
    assert set(shown(page, ".target")) == {"t-商务局-01/overseas", "t-金融办-01/green"}
    light(page, "已达标")
    assert (
        page.find_element(By.CSS_SELECTOR, '[data-light="已达标"]').get_attribute("aria-pressed") == "false"
    )
    assert shown(page, ".target") == ["t-金融办-01/green"]


def test_departments_and_search_work_together(page: WebDriver) -> None:
    Select(page.find_element(By.ID, "dept")).select_by_value("金融办")
    assert shown(page, "article") == ["c-金融办-01"]
    query = page.find_element(By.ID, "q")
    query.send_keys("双向投资")
    assert shown(page, "article") == []
    assert page.find_element(By.ID, "nothing").is_displayed()
    page.find_element(By.ID, "clear").click()
    query.send_keys("双向　投资")
    assert shown(page, "article") == ["c-商务局-01"], "each word alone, whatever the space"
    query.clear()
    query.send_keys("过会")
    assert shown(page, "article") == ["c-金融办-01"], "notes are found too"


def test_a_link_to_something_hidden_shows_it(page: WebDriver) -> None:
    light(page, "已达标")
    assert shown(page, "#c-金融办-01") == []
    page.execute_script("location.hash = '#t-金融办-01/listed'")
    WebDriverWait(page, 10).until(lambda _: shown(page, "#c-金融办-01"))
    focused = page.switch_to.active_element.get_attribute("id")
    assert focused == "t-金融办-01/listed"
    top = page.execute_script("return document.activeElement.getBoundingClientRect().top")
    bar = page.execute_script("return document.querySelector('.tools').getBoundingClientRect().bottom")
    assert top >= bar, "not behind the bar"


def test_a_quoted_figure_leads_to_its_target_and_back(page: WebDriver) -> None:
    page.find_element(By.CSS_SELECTOR, 'blockquote a[href="#t-金融办-01/loans"]').click()
    WebDriverWait(page, 10).until(
        lambda _: page.switch_to.active_element.get_attribute("id") == "t-金融办-01/loans"
    )
    page.find_element(By.CSS_SELECTOR, '.target a[href="#q-t-金融办-01/loans"]').click()
    assert page.execute_script("return decodeURIComponent(location.hash)") == "#q-t-金融办-01/loans"


def test_keyboard_alone(page: WebDriver) -> None:
    body = page.find_element(By.TAG_NAME, "body")
    body.send_keys(Keys.TAB)
    assert page.switch_to.active_element.text == "跳到正文", "the first stop"
    page.switch_to.active_element.send_keys(Keys.ENTER)
    page.switch_to.active_element.send_keys("/")
    assert page.switch_to.active_element.get_attribute("id") == "q"
    page.switch_to.active_element.send_keys("双向", Keys.TAB, Keys.TAB)
    assert shown(page, "article") == ["c-商务局-01"]
    assert page.switch_to.active_element.get_attribute("data-light") == "已达标"
    page.switch_to.active_element.send_keys(Keys.SPACE)
    assert page.switch_to.active_element.get_attribute("aria-pressed") == "true"
    query = page.find_element(By.ID, "q")
    query.send_keys(Keys.ESCAPE)
    assert query.get_attribute("value") == ""
    summary = page.find_element(By.CSS_SELECTOR, "#c-商务局-01 .target:not([hidden]) summary")
    summary.send_keys(Keys.ENTER)
    assert summary.find_element(By.XPATH, "..").get_attribute("open")


def test_landmarks_headings_and_names_as_a_screen_reader_gets_them(page: WebDriver) -> None:
    tree = page.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    named = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in tree
        if not node.get("ignored")
    ]
    roles = [role for role, _ in named]
    for role in ("banner", "navigation", "main", "search", "contentinfo", "article", "status"):
        assert role in roles, role
    assert [
        name for role, name in named if role in {"button", "link", "searchbox", "combobox"} and not name
    ] == []
    assert any(name.startswith("新增上市公司：进度与序时进度") for _, name in named)
    landmarks = [pair for pair in named if pair[0] in {"region", "navigation", "search"}]
    assert len(landmarks) == len(set(landmarks))
    levels = page.execute_script(
        "return Array.from(document.querySelectorAll('h1,h2,h3,h4,h5')).map(h => +h.tagName[1])"
    )
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), "none skipped"


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """axe-core as npm has it: fetched here, for its licence (MPL-2.0) is not ours."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm, which fetches axe-core, is not installed on this machine")
    folder = tmp_path_factory.mktemp("axe")
    install = [
        npm,
        "install",
        "--silent",
        "--no-audit",
        "--no-fund",
        "--prefix",
        str(folder),
        f"axe-core@{AXE}",
    ]
    done = subprocess.run(install, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        pytest.skip(f"axe-core cannot be fetched from npm: {done.stderr.strip()[-200:]}")
    return (folder / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def judged_by_axe(browser: WebDriver, axe: str) -> dict[str, list[dict[str, Any]]]:
    """Let axe judge the page with its folded parts open: what is folded it passes over in silence."""
    browser.execute_script("for (const fold of document.querySelectorAll('details')) fold.open = true")
    browser.execute_script(axe)
    browser.set_script_timeout(120)
    result: dict[str, list[dict[str, Any]]] = browser.execute_async_script(
        "axe.run(document).then(arguments[0])"
    )
    return result


@pytest.mark.parametrize("columns", [390, 1400])
def test_axe_finds_no_violation(world: World, browser: WebDriver, axe: str, columns: int) -> None:
    world.write("data/ledger.yaml", world.read("data/ledger.yaml") + "simulated: true\n")
    assert world("log", "金融办", "listed", "2家", "--on", "2023-03-31").code == 0
    assert world("report", "-o", "报告.html").code == 0
    size = {"width": columns, "height": 900, "deviceScaleFactor": 1, "mobile": columns < 600}
    browser.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        browser.get((world.root / "报告.html").as_uri())
        result = judged_by_axe(browser, axe)
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.execute_cdp_cmd("Page.setBypassCSP", {"enabled": False})
    assert [
        (violation["id"], [node["html"] for node in violation["nodes"]]) for violation in result["violations"]
    ] == []


def test_without_a_script_all_is_readable(page: WebDriver) -> None:
    page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page.refresh()
        assert not page.find_element(By.CSS_SELECTOR, ".tools").is_displayed()
        assert len(shown(page, ".target")) == 10
    finally:
        page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def printed(page: WebDriver) -> bytes:
    result = page.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    return base64.b64decode(result["data"])


def test_prints_the_first_pages_on_a4_and_what_a_filter_shows(page: WebDriver) -> None:
    first = printed(page)
    boxes = {
        tuple(round(float(side)) for side in box.split())
        for box in re.findall(rb"/MediaBox ?\[([^\]]+)\]", first)
    }
    assert boxes == {(0, 0, 595, 842)}, "A4 in points"
    assert first.count(b"/Type /Page\n") <= 4
    assert not visible_in_print(page, "article")
    light(page, "已达标")
    assert visible_in_print(page, "article") == ["c-商务局-01"]


def visible_in_print(page: WebDriver, selector: str) -> list[str]:
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        return shown(page, selector)
    finally:
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_everything_is_printed_when_asked_with_folded_records(world: World, browser: WebDriver) -> None:
    assert world("log", "金融办", "listed", "2家", "--on", "2023-03-31").code == 0
    assert world("report", "-o", "报告.html", "--pages", "all").code == 0
    browser.get((world.root / "报告.html").as_uri())
    assert sorted(visible_in_print(browser, "article")) == ["c-商务局-01", "c-金融办-01"]
    browser.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert browser.execute_script("return document.querySelectorAll('details:not([open])').length") == 0
    browser.execute_script("dispatchEvent(new Event('afterprint'))")
    assert browser.execute_script("return document.querySelectorAll('details[open]').length") == 0


def test_a_filter_changes_the_counts_and_says_what_it_hides(page: WebDriver) -> None:
    count = page.find_element(By.CSS_SELECTOR, "#behind .count")
    rows = shown_rows(page, "#behind")
    assert count.text == str(rows) != "0"
    Select(page.find_element(By.ID, "dept")).select_by_value("商务局")
    assert count.text == str(shown_rows(page, "#behind"))
    assert shown_rows(page, ".overview tbody") == 1
    assert not page.find_element(By.CSS_SELECTOR, ".overview tfoot tr").is_displayed()
    assert page.find_element(By.ID, "filtered").text.startswith("已筛选：商务局")


def shown_rows(page: WebDriver, selector: str) -> int:
    rows = page.find_elements(By.CSS_SELECTOR, f"{selector} tr[data-dept]")
    return sum(row.is_displayed() for row in rows)


def test_search_knows_initials_and_no_axis_labels_and_jumps_to_its_hits(page: WebDriver) -> None:
    query = page.find_element(By.ID, "q")
    query.send_keys("xzssgs")
    assert shown(page, "article") == ["c-金融办-01"], "新增上市公司"
    query.clear()
    query.send_keys("9月底")
    assert shown(page, "article") == []
    query.clear()
    query.send_keys("双向投资", Keys.ENTER)
    assert page.find_element(By.CSS_SELECTOR, ".hit").is_displayed()
    assert page.find_element(By.ID, "found").text == "第 1/1 处"
    assert page.execute_script("return CSS.highlights.get('hit').size") > 0


@pytest.mark.parametrize("columns", [390, 645, 768, 1400])
def test_no_width_scrolls_sideways_or_cuts_a_chart(page: WebDriver, columns: int) -> None:
    size = {"width": columns, "height": 900, "deviceScaleFactor": 1, "mobile": columns < 600}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        page.refresh()
        assert page.execute_script("return document.documentElement.scrollWidth") <= columns
        cut = page.execute_script(
            "return Array.from(document.querySelectorAll('.chart text')).filter(text => {"
            "  const own = text.getBoundingClientRect(), box = text.closest('svg').getBoundingClientRect();"
            "  return own.left < box.left - 1 || own.right > box.right + 1; }).map(text => text.textContent)"
        )
        assert cut == []
        broken = page.execute_script(
            "return Array.from(document.querySelectorAll('.list td.n')).filter(cell => /^[\\d.]+%$/.test(cell.textContent.trim())"
            "  && cell.getClientRects().length && (range => { range.selectNodeContents(cell); return new Set("
            "  Array.from(range.getClientRects()).map(box => Math.round(box.top))).size > 1; })(new Range()))"
            ".map(cell => cell.textContent)"
        )
        assert broken == [], "a share stands on one line"
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_simulated_data_is_marked_wherever_one_has_scrolled(world: World, browser: WebDriver) -> None:
    world.write("data/ledger.yaml", world.read("data/ledger.yaml") + "simulated: true\n")
    assert world("report", "-o", "报告.html").code == 0
    browser.get((world.root / "报告.html").as_uri())
    browser.execute_script("location.hash = '#t-金融办-01/front'")
    WebDriverWait(browser, 10).until(
        lambda _: browser.switch_to.active_element.get_attribute("id") == "t-金融办-01/front"
    )
    box = "return document.querySelector('.banner').getBoundingClientRect()"
    assert browser.execute_script("return window.scrollY") > 0
    assert browser.execute_script(f"{box}.top") == 0
    top = browser.execute_script("return document.activeElement.getBoundingClientRect().top")
    assert top >= browser.execute_script(
        "return document.querySelector('.tools').getBoundingClientRect().bottom"
    )


@pytest.mark.parametrize("columns", [390, 768])
def test_causes_and_returned_figures_wrap_and_break_no_rule(
    world: World, browser: WebDriver, axe: str, columns: int
) -> None:
    assert world("log", "金融办", "loans", "1亿元", "--on", "2023-05-31").code == 0
    assert (
        world(
            "return", "金融办", "loans", "--reason", "名单与佐证不符，请逐项核对后重新报送并附上验收材料"
        ).code
        == 0
    )
    words = (
        "--cause",
        "两家企业申报材料退回补正，" * 4 + "进度推迟",
        "--measure",
        "每周调度，" * 6 + "月底前重新申报",
    )
    assert world("remark", "金融办", "loans", *words, "--until", "2023-05-20", "--month", "2023-04").code == 0
    assert world("report", "--as-of", "2023-05-31", "-o", "报告.html").code == 0
    size = {"width": columns, "height": 900, "deviceScaleFactor": 1, "mobile": columns < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        browser.get((world.root / "报告.html").as_uri())
        assert "已逾期" in browser.find_element("css selector", ".causes .overdue").text
        assert "退回" in browser.find_element("css selector", ".doubts .overdue").text
        assert browser.execute_script("return document.documentElement.scrollWidth") <= columns
        assert [violation["id"] for violation in judged_by_axe(browser, axe)["violations"]] == []
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


COUNTING = """
window.reads = 0; window.characters = 0; window.writes = 0;
const plain = Object.getOwnPropertyDescriptor(Node.prototype, 'textContent');
Object.defineProperty(Node.prototype, 'textContent', {...plain, get() {
  const text = plain.get.call(this);
  if (this.nodeType === 1 && this.closest('main [data-dept]')) { window.reads += 1; window.characters += text.length; }
  return text;
}});
document.addEventListener('DOMContentLoaded', () => new MutationObserver((records) => { window.writes += records.length; }).observe(
  document.querySelector('main'), {subtree: true, attributes: true, childList: true, characterData: true}));
"""
IDLE = "return new Promise((done) => requestIdleCallback(() => setTimeout(() => requestIdleCallback(done), 300)))"


def type_text(page: WebDriver, text: str) -> tuple[int, int]:
    """Put a text into the search field and return how often texts of the page were read, and what was written to it."""
    page.execute_script("window.reads = window.writes = 0")
    page.execute_script(
        "const q = document.getElementById('q'); q.value = arguments[0]; q.dispatchEvent(new Event('input'))",
        text,
    )
    page.execute_script("return new Promise((done) => setTimeout(done, 250))")
    reads, writes = page.execute_script("return [window.reads, window.writes]")
    return reads, writes


def test_a_key_reads_no_text_again_and_writes_only_what_changes(world: World, browser: WebDriver) -> None:
    """Counts instead of times: the work of a key does not grow with what it leaves as it is."""
    assert world("report", "-o", "报告.html").code == 0
    hook = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": COUNTING})
    try:
        browser.get((world.root / "报告.html").as_uri())
        browser.execute_script(IDLE)
        size = browser.execute_script("return window.characters")
        assert 0 < size < (world.root / "报告.html").stat().st_size / 8
        hidden = "return document.querySelectorAll('main [hidden]').length"
        reads, writes = type_text(browser, "上市")
        assert reads == 0
        assert writes < browser.execute_script(hidden) + 40
        _, again = type_text(browser, "上市 ")
        assert again == 0
        before = browser.execute_script(hidden)
        reads, writes = type_text(browser, "")
        assert reads == 0
        assert writes < before + 40
    finally:
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", hook)


def test_a_page_of_many_targets_lays_out_what_is_seen(world: World, browser: WebDriver) -> None:
    assert world("report", "-o", "报告.html").code == 0
    page = world.root / "报告.html"
    text = page.read_text(encoding="utf-8")
    departments = text[text.index('<div class="department"') : text.index("</section>\n</main>")]
    text = text.replace(departments, departments * 40)
    seen = (
        "return [...document.querySelectorAll('.target')]"
        ".filter((element) => element.checkVisibility({contentVisibilityAuto: true})).length"
    )
    laid_out = []
    for shown in (text, text.replace('<body class="', '<body class="large ', 1)):
        page.write_text(shown, encoding="utf-8")
        browser.get("about:blank")
        browser.get(page.as_uri())
        browser.execute_script(IDLE)
        laid_out.append(browser.execute_script(seen))
    assert laid_out[0] >= 400
    assert laid_out[1] <= laid_out[0] / 10
