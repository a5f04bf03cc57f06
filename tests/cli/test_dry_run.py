"""`--dry-run` on everything that writes: it tells, ends as the real command would, and leaves every file as it was.

Every command stands in one of two lists here, so that a new one has to be thought about: those that write are run with
`--dry-run` and then without, those that only read are run as they are.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typer

from ledger.cli.app import program
from tests.conftest import World

WRITES = {
    "init": ["init", "{outside}/新账本"],
    "init, the folder in use": ["init", "{outside}"],
    "init --empty": ["init", "{outside}/空账本", "--empty"],
    "demo": ["demo", "{outside}/演示"],
    "log": ["log", "金融办", "listed", "2家"],
    "log, an unknown target": ["log", "金融办", "没有的", "2家"],
    "correct": ["correct", "{entry}", "3家", "--reason", "漏计一家"],
    "void": ["void", "{entry}", "--reason", "重复"],
    "amend": ["amend", "金融办-01/listed", "--goal", "≥5家", "--reason", "调整"],
    "rate": ["rate", "金融办-01", "一般", "--reason", "会议"],
    "close": ["close", "金融办-01/listed", "--evidence", "文件", "--reason", "合并办理"],
    "transfer": ["transfer", "金融办-01", "商务局", "--on", "2023-06-01", "--reason", "机构改革"],
    "dept rename": ["dept", "rename", "金融办", "金融局", "--on", "2023-06-01", "--reason", "机构改革"],
    "dept rename, in use": ["dept", "rename", "金融办", "商务局", "--on", "2023-06-01", "--reason", "机构改革"],
    "dept merge": ["dept", "merge", "金融办", "商务局", "--into", "经济局", "--on", "2023-06-01", "--reason", "机构改革"],
    "judge": ["judge", "金融办-01/front", "达到", "--evidence", "文件"],
    "verify": ["verify", "金融办"],
    "return": ["return", "{entry}", "--reason", "佐证不符"],
    "remark": ["remark", "金融办", "listed", "--cause", "退回补正", "--measure", "重新申报"],
    "sync": ["sync"],
    "redo": ["redo", "--drop", "{entry}"],
    "redo, an unknown entry": ["redo", "--drop", "ABCDEFGH"],
    "doctor": ["doctor", "--fix"],
    "draft": ["draft", "全年新增上市公司6家。", "--department", "金融办", "--title", "上市", "--write"],
    "seal": ["seal", "2023-05"],
    "seal, a month not over": ["seal", "2023-06"],
    "report": ["report", "-o", "{outside}/报告.html"],
    "report, no such folder": ["report", "-o", "{outside}/没有/报告.html"],
    "due, letters to a folder": ["due", "--month", "2023-06", "--letters-to", "{outside}/函"],
    "bulletin": ["bulletin", "-o", "{outside}/通报.docx"],
    "bulletin as Markdown": ["bulletin", "-o", "{outside}/通报.md"],
    "bulletin --save-template": ["bulletin", "--save-template", "{outside}/模板.docx"],
    "export": ["export", "-o", "{outside}/导出"],
    "export, a folder in use": ["export", "-o", "{outside}"],
    "export as a package": ["export", "-o", "{outside}/数据包", "--format", "datapackage"],
    "export as Parquet": ["export", "-o", "{outside}/全市", "--format", "parquet"],
    "export as Parquet, a folder in use": ["export", "-o", "{outside}", "--format", "parquet"],
    "sheet export": ["sheet", "export", "--dept", "金融办", "--month", "2023-06", "-o", "{outside}/表.xlsx"],
    "sheet export, the file there": ["sheet", "export", "--dept", "金融办", "-o", "{outside}/有了.xlsx"],
    "sheet import": ["sheet", "import", "{outside}/有了.xlsx"],
    "plan carry, no such year": ["plan", "carry", "2022", "2023", "--confirm"],
    "plan import": ["plan", "import", "{outside}/计划.csv", "--year", "2024"],
    "guard install": ["guard", "install", "{server}"],
    "guard install, not bare": ["guard", "install", "{outside}"],
}  # fmt: skip
"""By the command and what is special; `draft --review` and `log` without a target ask at a terminal and are tested where they are."""
READS = {
    "changes": ["changes", "--from", "2023-05"],
    "why": ["why", "金融办-01"],
    "status": ["status", "--no-cache"],
    "show": ["show", "金融办-01"],
    "plot": ["plot", "金融办-01"],
    "history": ["history", "金融办-01"],
    "targets": ["targets"],
    "check": ["check"],
    "doubts": ["doubts"],
    "quantity": ["quantity", "2家"],
    "rank": ["rank"],
    "lint": ["lint"],
    "audit": ["audit"],
    "rollup": ["rollup", "{outside}/../账本"],
    "help": ["help"],
    "plan diff": ["plan", "diff", "2023", "2023"],
    "guard receive": ["guard", "receive", "{server}"],
}


def commands(group: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    for name, one in group.commands.items():
        if hasattr(one, "commands"):
            yield from commands(one, f"{path}{name} ")
        else:
            yield f"{path}{name}", one


def command_of(case: str) -> str:
    words = case.partition(",")[0].split()
    return " ".join(words[:2] if words[0] in {"sheet", "guard", "plan", "dept"} else words[:1])


def test_every_command_stands_in_a_list_and_those_that_write_can_be_previewed() -> None:
    found = dict(commands(typer.main.get_command(program())))
    writing = {command_of(case) for case in WRITES}
    assert writing | set(READS) == set(found)
    assert not writing & set(READS)
    for name, command in found.items():
        options = {option for parameter in command.params for option in parameter.opts}
        assert ("--dry-run" in options) == (name in writing), name


@pytest.fixture
def places(world: World, tmp_path: Path) -> dict[str, str]:
    """A ledger with something for every command to do: a server behind it and ahead of it, an entry, a torn line, a filled sheet."""
    world.write("data/ledger.yaml", world.read("data/ledger.yaml") + "difficulty: {一般: 1}\n")
    world.commit_all("定下难度")
    server, outside, other = tmp_path / "服务器.git", tmp_path / "外面", tmp_path / "别人"
    outside.mkdir()
    assert world("log", "金融办", "listed", "1家").code == 0
    (outside / "计划.csv").write_text(
        "部门,承诺事项,年度目标\n金融办,上市,新增上市公司6家。\n", encoding="utf-8"
    )
    sheet = outside / "有了.xlsx"
    assert world("sheet", "export", "--dept", "金融办", "--month", "2023-06", "-o", str(sheet)).code == 0
    book = openpyxl.load_workbook(sheet)
    page = book.worksheets[0]
    head = next(row for row in page.iter_rows() if any(cell.value == "数量" for cell in row))
    column = next(cell.column for cell in head if cell.value == "数量")
    names = {
        page.cell(row, item.column).value: row
        for row in range(head[0].row, page.max_row + 1)
        for item in head
    }
    page.cell(names["贷款余额"], column).value = "3580亿元"
    book.save(sheet)
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", str(server)], check=True)
    world.git("remote", "add", "origin", str(server))
    world.git("push", "--quiet", "--set-upstream", "origin", "main")
    entry = world.git("log", "-1", "--format=%(trailers:key=Ledger-Entry,valueonly)").strip()
    return {"server": str(server), "outside": str(outside), "other": str(other), "entry": entry}


def snapshot(folder: Path) -> dict[str, str]:
    """Every file below, git's own included, by its content; what git and the audit only remember is left out."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in {"index", "audit.json"} and "home" not in path.parts
    }


def line(words: Sequence[str], places: dict[str, str]) -> list[str]:
    return [word.format(**places) for word in words]


@pytest.mark.parametrize("case", WRITES)
def test_a_preview_ends_as_the_real_command_and_changes_nothing(
    case: str, world: World, places: dict[str, str], tmp_path: Path
) -> None:
    words = line(WRITES[case], places)
    if case == "doctor":
        world.write(
            "data/progress/2023/金融办/01.yaml", world.read("data/progress/2023/金融办/01.yaml") + "- {"
        )
    if command_of(case) == "redo":
        world.git("push", "--quiet", "--force", "origin", "HEAD~1:main")
        world.git("update-ref", "refs/remotes/origin/main", "HEAD~1")
    if case == "sync":
        subprocess.run(["git", "clone", "--quiet", places["server"], places["other"]], check=True)
        subprocess.run(
            ["git", "-C", places["other"], "commit", "--quiet", "--allow-empty", "-m", "别人的"], check=True
        )
        subprocess.run(["git", "-C", places["other"], "push", "--quiet"], check=True)
        world("log", "金融办", "loans", "3亿元")
    before = snapshot(tmp_path)
    told = world(*words, "--dry-run")
    assert snapshot(tmp_path) == before
    done = world(*words)
    assert told.code == done.code, (told, done)
    if done.code:
        assert told.err == done.err
    else:
        assert "只是预览，没有写入" in told.out
        assert snapshot(tmp_path) != before
        assert "只是预览" not in done.out
    if case == "sync":
        assert "收到 1 次提交，送出 1 次" in told.out
        assert "收到 1 次提交，送出 1 次" in done.out


@pytest.mark.parametrize("name", READS)
def test_what_has_no_preview_writes_nothing(
    name: str, world: World, places: dict[str, str], tmp_path: Path
) -> None:
    before = snapshot(tmp_path)
    world(*line(READS[name], places))
    assert snapshot(tmp_path) == before
