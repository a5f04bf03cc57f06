"""`correct` and `void`: another line, never a changed one; every wrong request refused with what to type instead."""

from __future__ import annotations

import json
from datetime import date
from types import SimpleNamespace

import pytest

from ledger.files.entry_lookup import NothingReportedError
from tests.conftest import World

FILE = "data/progress/2023/金融办/01.yaml"


def entries(world: World, path: str = FILE) -> list[dict[str, object]]:
    return [json.loads(line[2:]) for line in world.read(path).splitlines()]


def ident(world: World, number: int = -1) -> str:
    return str(entries(world)[number]["id"])


def actual(world: World, key: str) -> object:
    shown = json.loads(world("show", f"金融办-01/{key}", "--format", "json").out)
    return shown["targets"][0]["actual"]


@pytest.fixture
def logged(world: World) -> World:
    assert world("log", "金融办", "listed", "2家", "--on", "2023-03-31", "--note", "一季度").code == 0
    return world


def test_a_correction_is_another_line_and_one_commit(logged: World) -> None:
    before = logged.read(FILE)
    first = ident(logged)
    done = logged("correct", first, "3家", "--reason", "漏了一家")
    assert done.code == 0, done.err
    assert logged.read(FILE).startswith(before)
    assert entries(logged)[1] == {
        "id": ident(logged), "on": "2023-03-31", "target": "listed", "add": "3家", "by": "张三", "note": "一季度",
        "corrects": first, "reason": "漏了一家",
    }  # fmt: skip
    assert "2家（目标 ≥6家，完成率 33.3%）" in done.out
    assert "3家（目标 ≥6家，完成率 50.0%）" in done.out
    message = logged.git("log", "-1", "--format=%B")
    assert message.splitlines()[0] == "correct(金融办): 新增上市公司 +2家 改为 +3家 → 3家/≥6家 (50.0%)"
    assert "理由：漏了一家" in message
    assert f"Ledger-Entry: {ident(logged)}\nLedger-Target: 金融办-01/listed" in message
    assert logged.git("show", "--format=", "--name-only", "HEAD").split() == [FILE]
    assert actual(logged, "listed") == "3家"
    assert logged("check").code == 0


@pytest.mark.parametrize("length", [6, 10, 26])
def test_the_end_of_an_id_is_enough_in_any_case(logged: World, length: int) -> None:
    done = logged("correct", ident(logged)[-length:].lower(), "3家", "--reason", "漏了一家")
    assert done.code == 0, done.err


@pytest.mark.parametrize(
    ("report", "change", "figures"),
    [
        (("listed", "2家"), ("--total",), {"total": "2家"}),
        (("listed", "2家", "--total"), ("4家",), {"total": "4家"}),
        (("listed", "2家", "--total"), ("4家", "--add"), {"add": "4家"}),
        (("green", "8%"), ("9%",), {"value": "9%"}),
        (("green", "--current", "9亿元", "--base", "8亿元"), ("--base", "7亿元"), {"current": "9亿元", "base": "7亿元"}),
        (("green", "--current", "9亿元", "--base", "8亿元"), ("9%",), {"value": "9%"}),
        (("quality", "第4位", "--of", "11"), ("第3位",), {"rank": 3, "of": 11}),
        (("quality", "第4位", "--of", "11"), ("--of", "12"), {"rank": 4, "of": 12}),
        (("faster", "9%", "--benchmark", "8%"), ("--benchmark", "8.5%"), {"value": "9%", "benchmark": "8.5%"}),
        (("opinion", "完成"), ("--on", "2023-05-31"), {"step": "done"}),
        (("balance", "3500亿元"), ("--note", "快报数"), {"value": "3500亿元"}),
    ],
)  # fmt: skip
def test_what_is_not_said_stays_as_it_was(
    world: World, report: tuple[str, ...], change: tuple[str, ...], figures: dict[str, object]
) -> None:
    assert world("log", "金融办", *report).code == 0
    done = world("correct", ident(world), *change, "--reason", "核实")
    assert done.code == 0, done.err
    kept = {"id", "on", "target", "by", "note", "corrects", "reason"}
    assert {key: value for key, value in entries(world)[-1].items() if key not in kept} == figures


def test_a_withdrawn_entry_no_longer_counts_and_can_come_back(logged: World) -> None:
    first = ident(logged)
    done = logged("void", first, "--reason", "重复上报")
    assert done.code == 0, done.err
    assert actual(logged, "listed") is None
    assert logged.git("log", "-1", "--format=%s").startswith("void(金融办): 新增上市公司 作废 +2家 → ")
    again = logged("void", ident(logged), "--reason", "查明没有重复")
    assert again.code == 0, again.err
    assert f"编号 {first}" in again.out.partition("恢复：")[2]
    assert actual(logged, "listed") == "2家"
    assert logged("check").code == 0


def test_withdrawing_a_correction_brings_back_what_it_replaced(logged: World) -> None:
    first = ident(logged)
    logged("correct", first, "3家", "--reason", "漏了一家")
    refused = logged("void", first, "--reason", "重复")
    assert refused.code == 1
    assert f"ledger void {ident(logged)}" in refused.err
    assert logged("void", ident(logged), "--reason", "没有漏").code == 0
    assert actual(logged, "listed") == "2家"
    assert logged("void", first, "--reason", "重复").code == 0
    assert actual(logged, "listed") is None


def test_a_preview_writes_nothing(logged: World) -> None:
    head = logged.git("rev-parse", "HEAD")
    for command in (("correct", ident(logged), "3家"), ("void", ident(logged))):
        done = logged(*command, "--reason", "试试", "--dry-run")
        assert done.code == 0
        assert "没有写入" in done.out
    assert logged.git("rev-parse", "HEAD") == head
    assert logged.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("correct", "{id}", "3家"), 2, "更正要写理由"),
        (("void", "{id}", "--reason", "  "), 2, "作废要写理由"),
        (("correct", "{id}", "--reason", "核实"), 2, "更正前后一样"),
        (("correct", "{id}", "2家", "--reason", "核实"), 2, "更正前后一样"),
        (("correct", "ZZZZZZ", "3家", "--reason", "核实"), 1, "没有编号为“ZZZZZZ”的"),
        (("correct", "ABC", "3家", "--reason", "核实"), 1, "太短"),
        (("correct", "{id}", "3亿元", "--reason", "核实"), 1, "元"),
        (("correct", "{id}", "3万5家", "--reason", "核实"), 1, "3万5"),
        (("correct", "{id}", "3家", "--base", "1家", "--reason", "核实"), 1, "用不上 --base"),
        (("correct", "{id}", "--on", "2023-07-01", "--reason", "核实"), 1, "还没有到"),
        (("correct", "{id}", "3家", "--year", "2020", "--reason", "核实"), 2, "没有 2020 年"),
    ],
)
def test_a_wrong_request_changes_nothing(
    logged: World, arguments: tuple[str, ...], code: int, said: str
) -> None:
    head = logged.git("rev-parse", "HEAD")
    done = logged(*(argument.format(id=ident(logged)) for argument in arguments))
    assert (done.code, done.out) == (code, ""), done.err
    assert said in done.err
    assert "下一步：" in done.err
    assert logged.git("rev-parse", "HEAD") == head
    assert logged.git("status", "--porcelain") == ""


def test_an_entry_that_fell_already_is_named_with_what_stands(logged: World) -> None:
    first = ident(logged)
    logged("void", first, "--reason", "重复上报")
    for command in ("correct", "void"):
        again = logged(command, first, "--reason", "核实")
        assert again.code == 1
        assert "已被作废（2023-03-31，张三，理由：重复上报）" in again.err
        assert f"ledger void {ident(logged)}" in again.err
    on_void = logged("correct", ident(logged), "3家", "--reason", "核实")
    assert "是一条作废记录" in on_void.err


def test_an_ambiguous_end_of_an_id_lists_the_candidates(logged: World) -> None:
    line = entries(logged)[0] | {"id": "00000000000000000000000000"[:20] + ident(logged)[-6:]}
    logged.write(FILE, logged.read(FILE) + f"- {json.dumps(line, ensure_ascii=False)}\n")
    logged.commit_all("另一条")
    done = logged("void", ident(logged, 0)[-6:], "--reason", "重复")
    assert done.code == 1
    assert "可以指 2 条记录" in done.err
    assert ident(logged, 0)[-7:] in done.err
    assert logged("void", ident(logged, 0), "--reason", "重复").code == 0


def test_two_corrections_at_once_second_is_refused_under_the_lock(logged: World) -> None:
    from datetime import date

    from ledger.commands import correct as action
    from ledger.commands.log import Batch
    from ledger.files.entry_lookup import find_entry
    from ledger.files.ledger import Ledger
    from ledger.git import Repo
    from ledger.rules.gate import EntryReplacedError

    ledger, repo = Ledger.open(logged.root), Repo.open(logged.root)
    day = date(2023, 6, 30)
    changes = action.CorrectionRequest(amount="3家")
    batch = Batch.open(ledger, day, repo.identity(), repo)
    correction = action.correct(batch, find_entry(ledger, (2023,), ident(logged)), changes, "甲")
    logged("void", ident(logged), "--reason", "乙先作废")
    with pytest.raises(EntryReplacedError):
        action.write_correction(ledger, correction, today=day, repo=repo)
    assert len(entries(logged)) == 2
    assert logged.git("status", "--porcelain") == ""


def test_of_a_target_without_a_line_of_the_month_the_months_that_have_one_are_named() -> None:
    source = SimpleNamespace(
        commitment=SimpleNamespace(department="金融办"),
        ref="金融办-01/listed",
        target=SimpleNamespace(name="新增上市公司"),
    )
    none = NothingReportedError(source, None, ())  # type: ignore[arg-type]
    assert none.message == "金融办-01/listed 新增上市公司没有可以改的记录"
    assert none.hint == "尚未报送；报数：ledger log 金融办 金融办-01/listed 数量"
    some = NothingReportedError(source, date(2023, 6, 30), ("2023-01", "2023-05"))  # type: ignore[arg-type]
    assert some.message == "金融办-01/listed 新增上市公司 2023-06 没有可以改的记录"
    assert some.hint == "有记录的月份：2023-01、2023-05；如 --month 2023-05"
