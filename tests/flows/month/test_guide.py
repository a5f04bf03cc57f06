"""The secretary's page on the walk is played at a real terminal, and the keys that it says a month takes are counted there."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from tests.commands.sheet.test_guide import PAGE as SHEET_PAGE
from tests.commands.sheet.test_guide import rows_of_the_page
from tests.conftest import Ran, World
from tests.docs.runner import BLOCK, steps
from tests.paths import REPOSITORY
from tests.render.terminal.conftest import STYLE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")

PAGE = REPOSITORY / "docs" / "guide" / "secretary.md"
PROMPT = " > "
FIGURE, EFFECT = "暂停） > ", "不记 > "


@pytest.fixture
def city(cli: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The real plan, nothing reported, on 3 July."""
    monkeypatch.setenv("LEDGER_TODAY", "2023-01-05")
    root = tmp_path / "账本"
    assert cli("init", str(root)).code == 0
    monkeypatch.chdir(root)
    monkeypatch.setenv("LEDGER_TODAY", "2023-07-03")
    monkeypatch.setenv("TERM", "xterm")
    return World(root, cli)


def start(line: str) -> pexpect.spawn[str]:
    words = ["-m", *line.split()]
    return pexpect.spawn(
        sys.executable, words, encoding="utf-8", timeout=30, dimensions=(60, 100), env=dict(os.environ)
    )


def test_the_page_is_played(city: World, scrub: Callable[[str], str], pytestconfig: pytest.Config) -> None:
    """What the page shows behind each prompt is typed; `pytest --snapshot-update` puts what came out into the page."""
    (step,) = steps(PAGE, "walk")
    typed = [item.strip() for item in re.findall(r"(?:） >|不记 >)(.*)$", step.shown or "", re.MULTILINE)]
    running = start(step.line)
    said = ""
    for item in typed:
        running.expect_exact(PROMPT)
        said += running.before + PROMPT
        running.sendline(item)
    running.expect(pexpect.EOF)
    said = STYLE.sub("", said + running.before).replace("\r\n", "\n")
    answer = "".join(f"{line.rstrip()}\n" for line in said.splitlines()).strip("\n")
    if scrub(answer) != scrub(step.shown or "").strip("\n"):
        assert pytestconfig.getoption("update_snapshots"), answer
        text = PAGE.read_text("utf-8")
        PAGE.write_text(text.replace(step.shown or "", answer + "\n"), "utf-8", newline="\n")
    running.close()
    assert running.exitstatus == 0
    assert (
        len(city.git("log", "--format=%s", "--", "data/progress").splitlines()) == 3
    )  # one founded the ledger


def by_walk(city: World) -> int:
    """Report the month of the sheet's page by the walk, and return how many keys it took."""
    rows = {row["目标"]: row for row in rows_of_the_page()}
    words = "ledger log 金融办"
    keys = len(words) + 1
    running = start(words)

    def answer(text: str) -> None:
        nonlocal keys
        running.sendline(text)
        keys += len(text) + 1

    while running.expect_exact([FIGURE, pexpect.EOF]) == 0:
        name = re.findall(r"\[\d+/\d+\] \S+  (.+?)（(?:应报|选报)）", STYLE.sub("", running.before))[-1]
        row = rows.pop(name, None)
        if row is None:
            answer("")
            continue
        basis = {"本期新增": "增 ", "年初累计": "累计 "}.get(row["口径"], "")
        answer(
            basis
            + {"72.5亿": "72.5亿元"}.get(row["数量"], row["数量"])
            + ("/11" if row["对照数"] == "11" else "")
        )
        if name == "绿色贷款增速":
            running.expect_exact(PROMPT)
            answer("12.1%")
        running.expect_exact(EFFECT)
        if row["佐证"]:
            answer("+" + row["佐证"])
            running.expect_exact(EFFECT)
        answer("")
    assert rows == {}
    return keys


def by_sheet() -> int:
    """Count the keys of the same month on the sheet's page: what stands in its cells, each ended by one, and two commands."""
    cells = [cell for row in rows_of_the_page() for head, cell in row.items() if head != "目标" and cell]
    lines = [next(steps(SHEET_PAGE, "sheet-export")).line, "ledger sheet import 金融办-2023-06.xlsx"]
    mended = ["72.5亿元", "12.1%"]  # the page shows how two are first written wrongly
    cells = [cell for cell in cells if cell != "72.5亿"] + mended
    return sum(len(item) + 1 for item in (*cells, *lines))


def by_lines() -> int:
    """Count the keys of the lines of the page that report the same figures."""
    lines = [
        step.line for step in steps(PAGE, "month") if step.line.startswith("ledger log") and not step.code
    ]
    last = {line.split()[3]: line for line in lines if "--dry-run" not in line}
    assert {row["目标"] for row in rows_of_the_page()} == set(last)
    return sum(len(line) + 1 for line in last.values())


def test_the_keys_of_a_month_are_those_the_page_says(city: World, pytestconfig: pytest.Config) -> None:
    """And what the walk wrote is what the sheet's page reports."""
    counted = [by_walk(city), by_sheet(), by_lines()]
    assert len(city.git("log", "--format=%s", "--", "data/progress").splitlines()) == 8
    text = PAGE.read_text("utf-8")
    rows = re.findall(r"^\| (?:让程序|\[用 Excel|自己一条).* \| (\d+) \|$", text, re.MULTILINE)
    if list(map(int, rows)) != counted:
        assert pytestconfig.getoption("update_snapshots"), counted
        table = re.compile(r"(^\| (?:让程序|\[用 Excel|自己一条).* \| )\d+( \|$)", re.MULTILINE)
        figures = iter(counted)
        PAGE.write_text(
            table.sub(lambda row: f"{row[1]}{next(figures)}{row[2]}", text), "utf-8", newline="\n"
        )
    assert counted[0] < counted[2]


def test_the_page_has_one_walk() -> None:
    assert [block["name"] for block in BLOCK.finditer(PAGE.read_text("utf-8"))].count("walk") == 1
