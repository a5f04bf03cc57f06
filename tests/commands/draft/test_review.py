"""`ledger draft --review`: a person's answers, one line each, and the files they leave."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from tests.conftest import Ran, World

DRAFT = "data/drafts/2023/金融办/02.yaml"
PLAN = "data/targets/2023/金融办/02.yaml"
WORDS = "新建泵站5座，东区、西区各清淤3公里，用电量翻一番。"


@pytest.fixture
def drafted(world: World) -> World:
    ran = world("draft", WORDS, "--title", "水利建设", "--department", "金融办", "--write")
    assert ran.code == 0, ran.err
    assert (world.root / DRAFT).is_file()
    return world


@pytest.fixture
def answer(drafted: World, monkeypatch: pytest.MonkeyPatch) -> object:
    def given(*lines: str, options: tuple[str, ...] = ()) -> Ran:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(line + "\n" for line in lines)))
        return drafted("draft", "--review", *options)

    return given


def test_accepting_everything_makes_a_plan(drafted: World, answer) -> None:
    """Two targets as they stand, the unread figure said to be none, the whole confirmed."""
    ran = answer("", "", "c", "没有基数", "")
    assert ran.code == 0, ran.err
    assert "已确认 金融办-02" in ran.out
    assert "这次确认了 1 项，还有 0 项草稿" in ran.out
    assert "下一步：ledger check" in ran.out
    assert not (drafted.root / DRAFT).exists()
    text = drafted.read(PLAN)
    assert "draft" not in text
    assert "没有基数" in text
    assert drafted("check").code == 0
    assert "泵站" in drafted("targets", "泵站").out


def test_a_preview_saves_and_confirms_nothing(drafted: World, answer) -> None:
    before = drafted.read(DRAFT)
    ran = answer("", "", "c", "没有基数", "", options=("--dry-run",))
    assert ran.code == 0, ran.err
    assert "会确认 金融办-02" in ran.out
    assert "只是预览，没有写入（会确认 1 项）" in ran.out
    assert drafted.read(DRAFT) == before
    assert not (drafted.root / PLAN).exists()


def test_stopped_in_the_middle_it_goes_on_there(drafted: World, answer) -> None:
    first = answer("", "q")
    assert "目标 1/2" in first.out
    assert "还有 1 项草稿" in first.out
    second = answer("q")
    assert "目标 2/2" in second.out
    assert "目标 1/2" not in second.out
    assert (drafted.root / DRAFT).is_file()


def test_the_end_of_the_input_stops_and_keeps(drafted: World, answer) -> None:
    assert answer("").code == 0
    assert "目标 2/2" in answer("b").out
    assert not (drafted.root / PLAN).exists()


def test_back_and_for_later(drafted: World, answer) -> None:
    ran = answer("", "b", "n")
    assert ran.out.count("目标 1/2") == 2
    assert "还有 1 项草稿" in ran.out


def test_a_wrong_letter_is_asked_again(drafted: World, answer) -> None:
    ran = answer("x", "q")
    assert "没有“x”这个选择" in ran.out


def test_a_target_edited(drafted: World, answer) -> None:
    ran = answer("e", "泵站", "水平", "不少于5座", "", "", "c", "", "")
    assert "已确认" in ran.out, ran.out
    text = drafted.read(PLAN)
    assert "name: 泵站\n    kind: level\n    goal: {at_least: 5 座}" in text


def test_a_figure_that_does_not_stand_in_the_words_is_refused(drafted: World, answer) -> None:
    before = drafted.read(DRAFT)
    ran = answer("e", "", "", "6座", "q")
    assert "没有改：" in ran.out
    assert drafted.read(DRAFT) == before


@pytest.mark.parametrize(
    ("kind", "goal", "said"),
    [
        ("名次", "很前", "不是位次"),
        ("比较", "全省", "没有写明高于还是低于谁"),
        ("水平", "3万5座", "口语"),
        ("累计", "第5位", "是位次"),
        ("没有的", "", "没有“没有的”这一类"),
    ],
)
def test_goals_that_cannot_be_read(drafted: World, answer, kind: str, goal: str, said: str) -> None:
    before = drafted.read(DRAFT)
    ran = answer("e", "", kind, goal, "q")
    assert said in ran.out
    assert drafted.read(DRAFT) == before


def test_a_target_split_in_two(drafted: World, answer) -> None:
    ran = answer("s", "城东泵站；城西泵站", "q")
    assert "目标 1/3  城东泵站" in ran.out
    refused = answer("s", "一个", "q")
    assert "拆分要写两个以上不同的名称" in refused.out


def test_a_target_dropped_leaves_its_reason(drafted: World, answer) -> None:
    ran = answer("d", "只是背景", "", "c", "没有基数", "")
    assert "已确认" in ran.out, ran.out
    assert "只是背景" in drafted.read(PLAN)
    assert drafted("check").code == 0


def test_the_unread_becomes_a_target(drafted: World, answer) -> None:
    ran = answer("", "", "t", "用电量翻番", "定性", "")
    assert "未能识别：" in ran.out
    assert "已确认" in ran.out, ran.out
    assert "用电量翻番" in drafted.read(PLAN)


def test_a_commitment_without_targets_gets_a_judgement(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert world("draft", "。", "--title", "做好信访工作", "--department", "金融办", "--write").code == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n\n"))
    ran = world("draft", "--review")
    assert "至少要有一个" in ran.out
    assert "已确认" in ran.out, ran.out
    assert "kind: judgement" in world.read(PLAN)


def test_nothing_to_confirm(world: World) -> None:
    ran = world("draft", "--review")
    assert ran.code == 2
    assert "没有要确认的草稿" in ran.err


def test_only_the_department_or_commitment_asked_for(drafted: World, answer) -> None:
    assert answer("q", options=("金融办-02",)).code == 0
    assert "没有要确认的草稿" in answer("q", options=("--department", "商务局")).err


def test_a_spoilt_draft_is_a_located_error(drafted: World, answer) -> None:
    drafted.write(DRAFT, "id: [\n")
    ran = answer("")
    assert ran.code == 1
    assert f"{DRAFT}:" in ran.out + ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
def test_at_a_real_terminal_the_words_are_coloured(drafted: World) -> None:
    """Typed by a person: the quote of each target stands out, and what was confirmed is on the disk after Ctrl-C."""
    import pexpect

    child = pexpect.spawn(
        sys.executable,
        ["-m", "ledger", "draft", "--review"],
        cwd=str(drafted.root),
        env={**os.environ, "TERM": "xterm-256color", "PYTHONUTF8": "1", "COLUMNS": "100"},
        encoding="utf-8",
        timeout=20,
    )
    child.expect("目标 1/2")
    assert "\x1b[" in child.before
    child.expect("q 暂停 > ")
    child.sendline("")
    child.expect("目标 2/2")
    child.expect("q 暂停 > ")
    child.sendintr()
    child.expect("已做的都已保存")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert "reviewed: 1" in Path(drafted.root, DRAFT).read_text("utf-8")
