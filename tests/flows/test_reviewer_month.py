"""A reviewer's month as it is lived: sixteen sheets come in, figures are verified and returned, causes asked, the month sealed, the paper printed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from ledger.render.width import width
from tests.commands.sheet.test_whole_plan import FIGURES, fill
from tests.conftest import Ran, World
from tests.render.report.test_bulletin import pages_of

AS_OF = ("--as-of", "2023-06-30")
RETURNED = (
    ("金融办", "名单与佐证不符"),
    ("教育局", "没有验收材料"),
    ("国资委", "与统计口径不一致"),
)
SETTINGS = "bulletin:\n  issuer: 模拟市人民政府督查室\n  copies: 模拟市委办公室\n"


@pytest.fixture
def city(cli: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The real plan of sixteen departments, in a ledger of its own, in July."""
    monkeypatch.setenv("LEDGER_TODAY", "2023-07-03")
    root = tmp_path / "账本"
    assert cli("init", str(root)).code == 0
    monkeypatch.chdir(root)
    world = World(root, cli)
    world.write("data/ledger.yaml", world.read("data/ledger.yaml") + SETTINGS)
    world.commit_all("通报的版头")
    return world


def completions(world: World) -> dict[str, object]:
    answer = json.loads(world("status", *AS_OF, "--known", "今天", "--format", "json").out)
    return {
        f"{commitment['id']}/{target['key']}": (target["actual"], target["completion"], target["light"])
        for commitment in answer["commitments"]
        for target in commitment["targets"]
    }


def returned_refs(world: World) -> list[str]:
    answer = json.loads(world("due", "--month", "2023-06", "--format", "json").out)
    return [row["ref"] for department in answer["departments"] for row in department["returned"]]


def entry_of(world: World, ref: str) -> str:
    """The id of the figure of a target that counts."""
    answer = json.loads(world("history", ref, "--format", "json").out)
    return str(next(row["id"] for row in answer if row["counts"] and row["kind"] in {"report", "correction"}))


@pytest.mark.slow
def test_from_import_to_the_signed_paper(
    city: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FIGURES["水平"], "数量", 3)  # a half of a shop is doubtful
    folder = tmp_path / "表"
    folder.mkdir()
    assert city("sheet", "export", "--all", "--month", "2023-06", "-o", str(folder)).code == 0
    sheets = sorted(folder.glob("*.xlsx"))
    assert len(sheets) == 16
    rows = sum(map(fill, sheets))
    doubtful = _make_doubtful(folder)
    refused = city("sheet", "import", str(folder))
    assert refused.code == 1
    assert "请核对" in refused.err
    assert doubtful.partition("-")[0] in refused.err
    taken = city("sheet", "import", str(folder), "--confirm", "--by", "文书")
    assert taken.code == 0, taken.err
    assert f"已记录 {rows} 笔" in taken.out
    as_reported = completions(city)

    monkeypatch.setenv("LEDGER_TODAY", "2023-07-10")
    picked = _return_three(city)
    verified = 0
    for department in {ref.partition("-")[0] for ref in as_reported}:
        ran = city("verify", department, "--month", "2023-06", "--format", "json")
        assert ran.code == 0, ran.err
        answer = json.loads(ran.out)
        verified += len(answer["reviewed"])
    assert verified == rows - 3 - 1, "three were returned, one is doubtful"
    assert completions(city) == as_reported, "reviews change no figure that was reported"
    assert sorted(returned_refs(city)) == sorted(picked)
    assert city("due", "--month", "2023-06").code == 1
    assert "名单与佐证不符" in city("due", "--month", "2023-06", "--dept", "金融办").out
    doubts = json.loads(city("doubts", "--month", "2023-06", "--format", "json").out)
    assert [row["ref"] for row in doubts] == [doubtful]

    for ref, cause in ((picked[1], "项目延期"), (picked[2], "人才引进偏慢")):
        department = ref.partition("-")[0]
        words = ("--cause", cause, "--measure", "按月调度", "--owner", "分管领导", "--until", "2023-09-30")
        assert city("remark", department, ref, *words).code == 0
    department = picked[0].partition("-")[0]
    assert (
        city(
            "correct",
            department,
            picked[0],
            "1" + _unit(city, picked[0]),
            "--month",
            "2023-06",
            "--reason",
            "按名单核减",
            "--confirm",
        ).code
        == 0
    )
    assert city("verify", entry_of(city, picked[0])).code == 0
    assert sorted(returned_refs(city)) == sorted(picked[1:])

    assert city("report", *AS_OF, "-o", str(tmp_path / "报告.html")).code == 0
    page = (tmp_path / "报告.html").read_text(encoding="utf-8")
    assert page.count('class="overdue">退回') == 2
    assert page.count("<li data-dept") > 0
    assert "存疑" in page
    assert len(page.encode()) < 1_200_000

    assert city("seal", "2023-06", "--local").code == 0
    paper = tmp_path / "通报.docx"
    signed = ("--number", "模督〔2023〕6号", "--signer", "王五")
    made = city("bulletin", "--month", "2023-06", *signed, "-o", str(paper))
    assert made.code == 0, made.err
    text = re.sub(r"<[^>]+>", "", ZipFile(paper).read("word/document.xml").decode())
    for words in (
        "签发人：王五",
        "模督〔2023〕6号",
        "核验码：",
        "以上为2023-06封账数",
        "退回上报数据2项",
        "按月调度，由分管领导负责",
    ):
        assert words in text, words
    assert not re.search(r"ledger |\.yaml|[0-9]{4}-[0-9]{2}-[0-9]{2}", text)

    refused = city("verify", entry_of(city, picked[2]))
    assert (refused.code, "--late" in refused.err) == (1, True), (
        "what is sealed is verified late, with a reason"
    )
    assert city("audit").code == 0
    assert city("check").code == 0
    _count_lines(paper, tmp_path)


def _make_doubtful(folder: Path) -> str:
    """Write one figure far beyond its goal, and return its target."""
    path = folder / next(file.name for file in folder.iterdir() if file.name.startswith("商务局"))
    book = load_workbook(path)
    sheet = book["填报"]
    heads = {cell.value: cell.column for cell in sheet[4]}
    row = next(row for row in range(5, sheet.max_row + 1) if sheet.cell(row, heads["类型"]).value == "累计")
    sheet.cell(row, heads["数量"]).value = 999999
    book.save(path)
    return str(sheet.cell(row, heads["目标代号"]).value)


def _return_three(city: World) -> list[str]:
    """Return one accumulated figure of each of three departments, and return their targets."""
    picked = []
    for department, reason in RETURNED:
        answer = json.loads(city("status", "--dept", department, *AS_OF, "--format", "json").out)
        ref = next(
            f"{commitment['id']}/{target['key']}"
            for commitment in answer["commitments"]
            for target in commitment["targets"]
            if target["kind"] == "accumulate" and target["actual"]
        )
        ran = city("return", department, ref, "--month", "2023-06", "--reason", reason)
        assert ran.code == 0, ran.err
        picked.append(ref)
    return picked


def _unit(city: World, ref: str) -> str:
    answer = json.loads(city("show", ref, *AS_OF, "--format", "json").out)
    return re.sub(r"^[0-9.]+", "", answer["targets"][0]["actual"])


def _count_lines(paper: Path, folder: Path) -> None:
    """Where LibreOffice is installed: no page of the text has more than 22 lines of 28 characters."""
    pages = pages_of(paper.read_bytes(), folder)
    text = [page for page in pages if not any("附件" in line for line in page[:1])][1:4]
    for page in text:
        assert len(page) <= 23, "22 lines and the number of the page"
        wide = [width("".join(line.split())) / 2 for line in page]
        assert max(wide) <= 28.5, page[wide.index(max(wide))]
