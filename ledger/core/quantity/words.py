"""The words around a figure: bounds before and behind, hedges, words that change nothing."""

from __future__ import annotations

import re

from ledger.core.quantity.model import Op
from ledger.core.units.lazy import LazyPattern

_BEFORE = {
    Op.AT_LEAST: "不少于 不得少于 不应少于 不低于 不得低于 不应低于 不小于 不下于 不下 至少 最少 最低 起码 "
    "大于等于 大于或等于 大于或者等于 高于或等于 达到或超过 ≥ >= ⩾ ≧",
    Op.MORE_THAN: "超过 超出 超 突破 破 大于 高于 多于 不止 逾 过 >",
    Op.AT_MOST: "不超过 不得超过 不应超过 不超出 不超 不高于 不得高于 不应高于 不得突破 不大于 不多于 不突破 至多 最多 最高 "
    "小于等于 小于或等于 小于或者等于 低于或等于 ≤ <= ⩽ ≦",
    Op.LESS_THAN: "低于 少于 小于 不足 不到 不满 未满 <",
    Op.ABOUT: "大约 约为 约 将近 接近 近 大概 ≈",
}
_BEHIND = {
    Op.AT_LEAST: "以上 及以上 或以上 或者以上 含以上 及其以上 (含)以上 (含本数)以上 以上(含) 以上(含本数) 起",
    Op.MORE_THAN: "以上(不含) 以上(不含本数) (不含)以上 (不含本数)以上",
    Op.AT_MOST: "以内 之内 内 以下 及以下 或以下 或者以下 (含)以下 (含本数)以下 以下(含) 以下(含本数) (含)以内 (含本数)以内 以内(含) 以内(含本数)",
    Op.LESS_THAN: "以下(不含) 以下(不含本数) (不含)以下 (不含本数)以下",
    Op.ABOUT: "左右 上下 前后",
}
HEDGES = (
    "全力争取",
    "努力争取",
    "奋力争取",
    "力争",
    "争取",
    "力求",
    "确保",
    "努力",
    "尽力",
    "力保",
    "奋力",
    "保证",
    "预计",
    "预期",
    "计划",
    "有望",
    "冲刺",
)
# Words that say something was reached, and change no figure.
_NEUTRAL = "达到了 达到 达 完成了 完成 实现了 实现 为 是 有"
# 提高到90%, 降至5%以下: the level reached is written, not the change.
_MOVED = "提高 提升 上升 增加 增长 扩大 降低 下降 降 减少 压减 压降 缩短 缩减"
# Words that say where a figure is kept: they mean something only with a bound or a range behind.
KEEPING = ("控制在", "保持在", "稳定在", "维持在", "在", "介于")
# Words that turn a figure round or say how it adds up: reading the bare figure would lose that.
TURNING = (
    "下降", "减少", "降低", "压减", "下调", "缩减", "增长", "增加", "提高", "新增", "累计", "合计", "共计", "总计", "同比", "环比",
    "年均", "月均", "日均", "提升", "上升", "降幅", "增幅", "增速", "净增",
)  # fmt: skip
VAGUE = LazyPattern(r"(?:数|几|好几|上|成)[十百千万亿几]|若干|许多|大量|无数|多[个家]|几[个家]")
PER_HEAD = {"人均": "人", "户均": "户", "亩均": "亩"}

MOVED_TO = LazyPattern(rf"(?:{'|'.join(_MOVED.split())})[到至]")

NAMES = {
    Op.AT_LEAST: "至少（含本数）",
    Op.MORE_THAN: "超过（不含本数）",
    Op.AT_MOST: "至多（含本数）",
    Op.LESS_THAN: "低于（不含本数）",
    Op.ABOUT: "约",
    Op.BETWEEN: "范围（含两端）",
    Op.RANK: "位次",
}


def _table(words: dict[Op, str]) -> dict[str, Op]:
    return {word: op for op, listed in words.items() for word in listed.split()}


def _longest_first(words: dict[str, Op] | tuple[str, ...] | list[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


BEFORE = _table(_BEFORE)
BEHIND = _table(_BEHIND)
BEFORE_PATTERN = LazyPattern(_longest_first(BEFORE))
BEHIND_PATTERN = LazyPattern(rf"(.*?)({_longest_first(BEHIND)})")
HEDGE_PATTERN = LazyPattern(_longest_first(HEDGES))
NEUTRAL_PATTERN = LazyPattern(
    rf"{_longest_first(_NEUTRAL.split())}|(?:{_longest_first(_MOVED.split())})(?:到|至)(?:了)?"
)
KEEPING_PATTERN = LazyPattern(_longest_first(KEEPING))
