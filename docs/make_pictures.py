"""Makes the pictures in `docs/pictures` from a demonstration ledger, every one marked 模拟数据.

    python docs/make_pictures.py

Needs Chromium with its driver, LibreOffice, pdftoppm, and the packages of `.[dev]`. No test needs the pictures.
"""

from __future__ import annotations

import fcntl
import os
import pty
import shutil
import struct
import subprocess
import sys
import termios
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pexpect
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.webdriver import WebDriver

PICTURES = Path(__file__).parent / "pictures"
AS_OF = "2023-09-30"
MONTH, TODAY = "2023-09", "2024-01-15"
WIDTHS = (80, 100, 160)
WALK = ("2", "+模拟佐证", "", "?", "q")
"""What is typed into the walk."""
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
SHEET = """<!DOCTYPE html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 14px 18px; background: #fff; display: inline-block; }}
pre {{ margin: 0; font: 14px/1.45 "Noto Sans Mono CJK SC", monospace; }}
</style><pre>{code}</pre>"""
THEME = TerminalTheme(
    (255, 255, 255),
    (29, 35, 41),
    [(29, 35, 41), (160, 27, 27), (11, 93, 51), (140, 90, 0), (23, 74, 134), (91, 43, 134), (0, 105, 115), (90, 90, 90)],
)  # fmt: skip


def main() -> None:
    """Make all pictures."""
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="pictures-") as name:
        work = Path(name)
        ledger(["demo", str(work / "demo")], work)
        browser = chromium(work)
        try:
            screen(browser, work, in_terminal(["status", "--as-of", AS_OF], work / "demo", 100), "overview")
            for columns in WIDTHS:
                shown = in_terminal(["status", "--dept", "国资委", "--as-of", AS_OF], work / "demo", columns)
                screen(browser, work, shown, f"status-{columns}")
            screen(browser, work, walked(work / "demo"), "walk")
            review(work / "demo")
            screen(
                browser,
                work,
                in_terminal(["status", "--dept", "金融办", "--as-of", AS_OF], work / "demo", 120),
                "reviewed",
            )
            report(browser, work)
        finally:
            browser.quit()
        bulletin(work)
        sheet(work)


def review(demo: Path) -> None:
    """Verify a department's month, return two figures, and state two causes, one of them overdue."""
    for name, value in (("user.name", "模拟督查"), ("user.email", "simulated@example.invalid")):
        subprocess.run(["git", "config", name, value], cwd=demo, check=True)
    for target in ("新增股份制公司", "为企业降本减负"):
        ledger(["return", "金融办", target, "--month", MONTH, "--reason", "模拟：名单与佐证不符"], demo)
    ledger(["verify", "金融办", "--month", MONTH], demo)
    for department, target, until in (
        ("金融办", "防范非法集资宣传覆盖", "2023-09-15"),
        ("文旅局", "文旅投诉降幅", "2023-11-30"),
    ):
        words = [
            "--cause",
            "模拟：活动推迟到下半年",
            "--measure",
            "模拟：按月调度",
            "--owner",
            "模拟责任人",
            "--until",
            until,
        ]
        ledger(["remark", department, target, *words, "--month", "2023-08"], demo)


def ledger(arguments: Sequence[str], folder: Path) -> None:
    """Run the program; what it says goes to the terminal."""
    subprocess.run(
        [sys.executable, "-m", "ledger", *arguments],
        cwd=folder,
        check=True,
        env=os.environ | {"LEDGER_TODAY": TODAY},
    )


def chromium(work: Path) -> WebDriver:
    """Start Chromium without a screen, on a profile of its own."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in (*FLAGS, f"--user-data-dir={work / 'profile'}"):
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))


def screen(browser: WebDriver, work: Path, shown: str, name: str) -> None:
    """Photograph what a terminal shows."""
    text = Text.from_ansi(shown)
    console = Console(file=StringIO(), record=True, width=200, force_terminal=True)
    console.print(text, soft_wrap=True)
    page = work / "screen.html"
    page.write_text(
        SHEET.format(code=console.export_html(theme=THEME, inline_styles=True, code_format="{code}")),
        encoding="utf-8",
    )
    browser.set_window_size(1500, 1100)
    browser.get(page.as_uri())
    browser.find_element("tag name", "body").screenshot(str(PICTURES / f"{name}.png"))


def walked(folder: Path) -> str:
    """Play a piece of the walk through a department's month, and return what stood on the screen."""
    who = {"GIT_AUTHOR_NAME": "模拟文书", "GIT_AUTHOR_EMAIL": "simulated@example.invalid"}
    environ = {**os.environ, **who, "LEDGER_TODAY": TODAY, "TERM": "xterm-256color", "PYTHONUTF8": "1"}
    environ.pop("NO_COLOR", None)
    words = ["-m", "ledger", "log", "金融办", "--month", MONTH, "--dry-run"]
    running = pexpect.spawn(
        sys.executable, words, cwd=str(folder), env=environ, encoding="utf-8", dimensions=(60, 80)
    )
    seen = running.logfile_read = StringIO()
    for typed in WALK:
        running.expect_exact(" > ")
        running.sendline(typed)
    running.expect(pexpect.EOF)
    return f"$ ledger log 金融办 --month {MONTH} --dry-run\n" + seen.getvalue().replace("\r\n", "\n")


def in_terminal(arguments: Sequence[str], folder: Path, columns: int) -> str:
    """Run the program on a terminal of its own and return what it wrote."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 60, columns, 0, 0))
    environ = {
        **os.environ,
        "LEDGER_TODAY": TODAY,
        "TERM": "xterm-256color",
        "PYTHONIOENCODING": "gbk",  # the fonts of the pictures, like those of such a console, draw ≥ two columns wide
        "PAGER": "cat",
    }
    for name in ("COLUMNS", "LINES", "NO_COLOR"):
        environ.pop(name, None)
    running = subprocess.Popen(
        [sys.executable, "-m", "ledger", *arguments],
        cwd=folder,
        env=environ,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    written = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not part:
            break
        written += part
    os.close(ours)
    if running.wait():
        raise SystemExit(f"ledger {' '.join(arguments)} failed")
    return written.decode("gbk").replace("\r\n", "\n")


def report(browser: WebDriver, work: Path) -> None:
    """Photograph the report: its first page, one commitment, and the overview on a phone."""
    ledger(["report", "-o", "report.html", "--as-of", AS_OF], work / "demo")
    address = (work / "demo" / "report.html").as_uri()
    browser.set_window_size(1280, 1150)
    browser.get(address)
    browser.save_screenshot(str(PICTURES / "report-overview.png"))
    browser.set_window_size(1280, 1900)
    browser.get(address)
    browser.save_screenshot(str(PICTURES / "report-meeting.png"))
    browser.set_window_size(1280, 1150)
    browser.get(f"{address}#c-商务局-01")
    browser.save_screenshot(str(PICTURES / "report-commitment.png"))
    phone = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    browser.get(f"{address}#overview")
    browser.save_screenshot(str(PICTURES / "report-phone.png"))
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def bulletin(work: Path) -> None:
    """Photograph the first page of the bulletin, as LibreOffice lays it out."""
    head = ["--issuer", "模拟市人民政府督查室", "--number", "模督〔2023〕9号", "--copies", "模拟市委办公室"]
    ledger(["bulletin", "--month", MONTH, "-o", "bulletin.docx", *head], work / "demo")
    on_paper(work / "demo" / "bulletin.docx", work, resolution=80)


def sheet(work: Path) -> None:
    """Photograph the sheet a department fills in, as LibreOffice prints it."""
    ledger(["sheet", "export", "--dept", "金融办", "--month", MONTH, "-o", "sheet.xlsx"], work / "demo")
    on_paper(work / "demo" / "sheet.xlsx", work, resolution=110)


def on_paper(document: Path, work: Path, *, resolution: int) -> None:
    """Photograph the first page of an office document."""
    home = (work / "office").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={home}", "--headless", "--convert-to", "pdf", "--outdir", str(work),
         str(document)],
        check=True,
        capture_output=True,
    )  # fmt: skip
    picture = ["pdftoppm", "-r", str(resolution), "-png", "-f", "1", "-l", "1", "-singlefile"]
    name = document.stem
    subprocess.run([*picture, str(work / f"{name}.pdf"), str(PICTURES / name)], check=True)


if __name__ == "__main__":
    main()
