"""Whatever the text: no crash, the same answer twice, every numeral in a target's quote or in the context."""

from __future__ import annotations

import os
import random
import time

import pytest

from ledger.core.quantity import numerals
from ledger.extract import Draft, draft

from .labels import half

COUNT = int(os.environ.get("LEDGER_FUZZ", "2000"))
WORDS = (
    "， 、 。 ； （ ） “ ” 《 》 ： 和 其中 分别 均 各 以上 以内 左右 超 不少于 突破 "
    "3 12 1,200 １２ 2.5 0 007 1.2.3 12万 3亿元 万元 亿 百亿 % ％ ‰ 个百分点 家 人次 5G PM2.5 1+4 A "
    "三 十五 两千余 百分之五 三分之一 七成 一个百分点 第一 前三 第3位 保6争8 保三争二拼第一 六连优 零突破 全覆盖 100% "
    "高于全省平均 提升2位 同比增长 下降 提高到 降至 控制在 力争 确保 争取 2023年 6月底前 年内 开工 建成投用 新增 引进 "
    "项目 企业 总投资 占比 保 争 至 - ～ 由 从 到 每 亩 / ① ² Ⅲ ٣ 🙂 半 一 零"
)
PIECES = [*WORDS.split(" "), "\n", " ", "\u3000", "\x00"]


def test_any_paragraph_is_drafted_and_every_numeral_accounted_for() -> None:
    rng = random.Random(20230101)
    seeds = [
        line
        for paragraph in half("dev") + half("held") + half("cities-dev") + half("cities-held")
        for line in paragraph.text.replace("。", "。\n").split("\n")
        if line
    ]
    for number in range(COUNT):
        text = _mutated(rng, seeds) if number % 2 else "".join(rng.choices(PIECES, k=rng.randint(1, 24)))
        title = "".join(rng.choices(PIECES, k=rng.randint(0, 5))) if number % 5 == 0 else ""
        result = draft(text, title)
        _sound(result, text, title)
        if number % 50 == 0:
            assert draft(text, title) == result


def _mutated(rng: random.Random, seeds: list[str]) -> str:
    text = list(rng.choice(seeds)[:90])
    for _ in range(rng.randint(1, 5)):
        place = rng.randrange(len(text) + 1)
        match rng.randrange(3):
            case 0:
                text[place:place] = rng.choice(PIECES)
            case 1:
                del text[place : place + rng.randint(1, 4)]
            case _:
                text[place : place + 1] = rng.choice(PIECES)
    return "".join(text)


def _sound(result: Draft, text: str, title: str) -> None:
    for raw, in_title in ((text, False), (title, True)):
        spans = [t.span for t in result.targets if t.in_title == in_title]
        spans += [c.span for c in result.context if c.in_title == in_title]
        for numeral in numerals(raw):
            assert any(a <= numeral.start and numeral.end <= b for a, b in spans), (raw, numeral)
        for part in (*result.targets, *result.context):
            if part.in_title == in_title:
                assert part.quote == raw[slice(*part.span)], (raw, part)
    for index, target in enumerate(result.targets):
        assert target.quote, (text, target)
        assert (target.value is None) == (target.op is None) == (target.unit is None), (text, target)
        assert target.part_of is None or 0 <= target.part_of < len(result.targets), (text, target)
        assert target.part_of != index, (text, target)


@pytest.mark.parametrize("joint", ["、", "，", ""])
def test_a_list_of_thousands_of_figures_is_read_in_linear_time(joint: str) -> None:
    """Four times the figures take about four times the time, not sixteen."""

    def seconds(count: int) -> float:
        text = joint.join(f"新建项目{chr(0x4E00 + number % 500)}{number}个" for number in range(1, count))
        times = []
        for _ in range(2):
            start = time.process_time()
            draft(text)
            times.append(time.process_time() - start)
        return min(times)

    assert seconds(1600) < 9 * seconds(400)
