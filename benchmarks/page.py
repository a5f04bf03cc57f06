"""Measures the page of a report with 2,000 targets in Chromium: how long it loads, and what a keystroke in its search costs.

    python -m benchmarks.page /path/to/bin/ledger /path/to/other/bin/ledger [--targets 2000] [--runs 5]

Each program makes a page of the same made-up ledger. The pages are opened in turns. Of each the least of all runs is printed, and the
ratio to the first. Milliseconds are processor time of the page's main thread, as Chromium counts it: script, style, layout and paint.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.webdriver import WebDriver

from benchmarks.generate import Size, write

WORD = "指标12"
ROWS = (
    "load", "load, by the clock", "all work until idle", "first key at once", "first key", "next key", "no hit", "erase", "light",
    "nodes", "MB",
)  # fmt: skip
SETTLED = "return new Promise(done => setTimeout(() => requestAnimationFrame(() => setTimeout(done)), 400))"


def make_page(ledger: str, root: Path, file: Path) -> None:
    """Write the page of a ledger as one of the programs makes it."""
    environment = {**os.environ, "LEDGER_CACHE": str(file.parent / "cache")}
    command = [ledger, "report", "-o", str(file), "--root", str(root), "--as-of", "2023-12-31"]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def open_browser() -> Iterator[WebDriver]:
    """Start a Chromium without a window."""
    options = webdriver.ChromeOptions()
    options.binary_location = next(filter(None, map(shutil.which, ("chromium", "google-chrome")))) or ""
    for flag in ("--headless", "--no-sandbox", "--disable-gpu", "--window-size=1280,1000"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.execute_cdp_cmd("Performance.enable", {})
    try:
        yield driver
    finally:
        driver.quit()


def measure(browser: WebDriver, page: Path) -> dict[str, float]:
    """Open a page and return milliseconds by what was done, and how many nodes and megabytes it has."""

    def metric(name: str) -> float:
        metrics = browser.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
        return float(next(item["value"] for item in metrics if item["name"] == name))

    def work() -> float:
        return 1000 * metric("ThreadTime")

    def spent(act: str) -> float:
        before = work()
        browser.execute_script(act)
        browser.execute_script(SETTLED)
        return work() - before

    def type_word(text: str) -> float:
        return spent(
            f"const q = document.getElementById('q'); q.focus(); q.value = {text!r}; q.dispatchEvent(new Event('input'))"
        )

    browser.switch_to.new_window("tab")  # a process of its own, whose time begins with the page
    browser.execute_cdp_cmd("Performance.enable", {})
    browser.get(page.as_uri())
    found = {"load": work()}
    timing = "const t = performance.getEntriesByType('navigation')[0]; return t.loadEventEnd - t.startTime"
    found["load, by the clock"] = float(browser.execute_script(timing))
    browser.execute_script(SETTLED)
    found["first key at once"] = type_word("目")
    sleep(3)
    browser.execute_script(SETTLED)
    found["all work until idle"] = work()
    type_word("")
    found["first key"] = type_word(WORD[:1])
    found["next key"] = min(type_word(WORD[:2]), type_word(WORD[:3]), type_word(WORD))
    found["no hit"] = type_word("没有这个词")
    found["erase"] = type_word("")
    found["light"] = spent("document.querySelector('.tools button[data-light]').click()")
    found["nodes"] = browser.execute_script("return document.getElementsByTagName('*').length")
    found["MB"] = page.stat().st_size / 1e6
    browser.close()
    browser.switch_to.window(browser.window_handles[0])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ledger", nargs="+", help="the programs to compare; ratios are to the first")
    parser.add_argument("--targets", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with TemporaryDirectory() as aside:
        folder = Path(aside)
        size = Size(12 * options.targets, options.targets)
        write(folder / "made", size)
        root = next(folder.glob("made/**/data")).parent
        pages = []
        for number, program in enumerate(options.ledger):
            pages.append(folder / f"{number}.html")
            make_page(program, root, pages[-1])
        best: list[dict[str, float]] = [{} for _ in pages]
        with open_browser() as browser:
            for _ in range(options.runs):
                for least, page in zip(best, pages, strict=True):
                    for name, value in measure(browser, page).items():
                        least[name] = min(value, least.get(name, value))
        for name in ROWS:
            first = best[0][name]
            values = "  ".join(f"{least[name]:10.1f} ({least[name] / first:4.2f})" for least in best)
            print(f"{name:20} {values}")


if __name__ == "__main__":
    main()
