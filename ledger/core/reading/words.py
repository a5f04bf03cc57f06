"""Words that a report may hold beside or in place of a figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ledger.core.models import Change, Compare, Rank

Basis = Literal["add", "total"]

BASIS_WORDS: Mapping[str, Basis] = {
    **dict.fromkeys(("本期新增", "本月新增", "当月新增", "新增", "本月", "本期", "增加", "增"), "add"),
    **dict.fromkeys(
        ("年初至今累计", "年初累计", "本年累计", "今年累计", "年累计", "累计", "总计", "共计"), "total"
    ),
}
"""Words in front of an accumulated figure, or in the cell beside it: longer ones before those they begin with."""
BASIS_NAMES: Mapping[Basis, str] = {"add": "本期新增", "total": "年初累计"}
DONE = frozenset(("完成", "已完成", "done", "是", "做完"))
VERDICTS: Mapping[str, Literal["met", "unmet"]] = {
    "达到": "met",
    "已达到": "met",
    "met": "met",
    "未达到": "unmet",
    "没达到": "unmet",
    "unmet": "unmet",
}
OPTIONS: Mapping[type, tuple[str, ...]] = {
    Change: ("current", "base"),
    Rank: ("of",),
    Compare: ("benchmark",),
}
"""The figures that may be given by name, by the kind of target."""
NOTHING = frozenset(("-", "—", "——", "－", "/", "／", "无", "暂无", "没有"))
"""What people write where they have no figure."""


def split_basis(text: str) -> tuple[Basis | None, str]:
    """Split a word like 累计 or 增 from the figure behind it."""
    for word, basis in BASIS_WORDS.items():
        if text.startswith(word):
            return basis, text.removeprefix(word).lstrip(" 　:：")
    return None, text
