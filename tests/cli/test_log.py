"""`ledger log`: one commit of exactly its own paths, and every wrong report refused with nothing written."""

from __future__ import annotations

import json

import pytest

from tests.conftest import World


def test_one_commit_of_its_own_path_only(world: World) -> None:
    world.write("别的.txt", "已暂存")
    world.git("add", "别的.txt")
    world.write(
        "data/targets/2023/商务局/01.yaml",
        world.read("data/targets/2023/商务局/01.yaml") + "# 未提交的改动\n",
    )
    before = world.git("status", "--porcelain")
    done = world("log", "金融办", "新增上市", "2家")
    assert done.code == 0, done.err
    assert world.git("rev-list", "--count", "HEAD").strip() == "2"
    touched = world.git("show", "--format=", "--name-only", "HEAD").split()
    assert touched == ["data/progress/2023/金融办/01.yaml"]
    assert world.git("status", "--porcelain") == before


def test_says_what_it_recorded_the_new_completion_and_the_commit(world: World) -> None:
    done = world("log", "市金融办", "金融办-01/listed", "2家", "--on", "2023-03-31")
    assert "新增 2家" in done.out
    assert "33.3%" in done.out
    assert world.git("rev-parse", "HEAD")[:8] in done.out


def test_subject_and_trailers(world: World) -> None:
    world("log", "金融办", "listed", "2家", "--on", "2023-05-31")
    world("log", "金融办", "listed", "2家")
    message = world.git("log", "-1", "--format=%B")
    entry = json.loads(world.read("data/progress/2023/金融办/01.yaml").splitlines()[-1][2:])
    assert message.splitlines()[0] == "log(金融办): 新增上市公司 +2家 → 4家/≥6家 (66.7%)"
    assert f"Ledger-Entry: {entry['id']}\nLedger-Target: 金融办-01/listed\n" in message
    assert entry["add"] == "2家"
    assert entry["by"] == "张三"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("金融办公室", "listed", "2家"), 1, "没有叫“金融办公室”的部门"),
        (("金融办", "上市公司家数", "2家"), 1, "找不到目标“上市公司家数”"),
        (("金融办", "绿色贷款", "2%"), 1, "可以指 2 个目标"),
        (("金融办", "listed", "2亿元"), 1, "元"),
        (("金融办", "loans", "2"), 1, "没有写单位"),
        (("金融办", "listed", "3万5家"), 1, "3万5"),
        (("金融办", "listed"), 1, "没有写数量"),
        (("金融办", "listed", "2家", "--on", "2023-07-01"), 1, "还没有到"),
        (("金融办", "listed", "2家", "--on", "2022-12-31"), 1, "不在 金融办-01 的计划期"),
        (("金融办", "listed", "2家", "--on", "六月"), 2, "--on 不是日期"),
        (("金融办", "quality", "前三"), 1, "不是位次"),
        (("金融办", "faster", "5%"), 1, "缺少参照值"),
        (("金融办", "opinion", "快了"), 1, "没有步骤"),
        (("金融办", "front", "很好"), 1, "不是评定"),
        (("金融办", "balance", "3500亿元", "--total"), 1, "用不上 --total"),
        (("金融办", "listed", "2家", "--base", "1家"), 1, "用不上 --base"),
        (("金融办", "listed", "2家", "3家"), 2, "多出内容"),
        (("金融办",), 2, "缺少"),
    ],
)
def test_a_wrong_report_is_refused_and_nothing_is_written(
    world: World, arguments: tuple[str, ...], code: int, said: str
) -> None:
    head = world.git("rev-parse", "HEAD")
    done = world("log", *arguments)
    assert done.code == code, done.err
    assert said in done.err
    assert "下一步：" in done.err
    assert "Traceback" not in done.err
    assert done.out == ""
    assert world.git("rev-parse", "HEAD") == head
    assert world.git("status", "--porcelain") == ""
