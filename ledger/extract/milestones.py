"""Find the clauses that promise a step without a figure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger.extract.source import SourceText
from ledger.extract.words import DONE_END, DONE_START, HEDGES, SCOPE, TALK, TIME, alternation, split_words

_VAGUE_END = split_words("建设 编制 运行 运营 施工 突破 通过 完成 全覆盖 出让 命名")
_VAGUE_START = split_words("力争 争取 推动 推进 实现 取得 建设 打造 首次 率先 实施 完成 消除")
_DONE = alternation(DONE_END - _VAGUE_END)
_END = re.compile(rf"(?:{_DONE})(?:工作|建设|阶段)?$")
_WEAK_END = re.compile(r"(?:建设|编制|施工|运行|运营|建成|完成|创建|审批|命名|征迁)$")
_START = re.compile(rf"(?:{alternation(DONE_START - _VAGUE_START)})")
_FINISH = re.compile(r"(?:全面|基本|高质量|超额|全面超额|如期)?完成.{2,}")
_REACH = re.compile(rf"(?:争取|推动|实现|确保|推进).{{2,}}?(?:{_DONE}|出台|印发|列入|纳入|突破|达标)")
_NOT_FIRST = split_words(
    "不发生 不出现 杜绝 严防 防止 避免 无 未 不新增 不突破 不被 守住 坚决遏制 坚决防止 坚决杜绝 坚决守住 消除"
)
_NOT_LAST = split_words("不发生 不垮坝 不决口 不溃坝 不断水 不断电 不死人 不反弹 不出险 不失守 不亡人 不被盗")
_NEGATED = re.compile(rf"(?:{alternation(_NOT_FIRST)}).{{2,}}|.{{2,}}(?:{alternation(_NOT_LAST)})$")
_BUILDING = split_words("建设 打造 建立 组建 设立 成立 举办 召开 开展 实施 承办 办好")
_BUILT = split_words(
    "院 馆 中心 园 平台 工程 大会 会议 推进会 论坛 峰会 赛事 机制 体系 标准 大厅 场 站 基地 集团 公司 基金 制度 系统 试点 联盟 "
    "实验室 调查 周 节 展 行动"
)
_BUILD = re.compile(rf"(?:{alternation(_BUILDING)}).{{3,}}(?:{alternation(_BUILT)})$")
_BEFORE = split_words(
    "确保 务必 坚决 切实 并 且 同时 全力 全面 率先 积极 牵头 高水平 高质量 高标准 成功 加快 推动 推进 实现 启动并 抓紧 尽快 统筹 持续 "
    "全年 做好 筹备"
)
_STRIP = re.compile(
    rf"^(?:[，、：；（“\s]|{TIME}|{alternation(HEDGES - {'争创', '争当'})}|(?:{alternation(SCOPE)})(?=.{{4}})"
    rf"|{alternation(_BEFORE)})+"
)
_TALK = re.compile(rf"(?:{alternation(TALK)})")
_HEDGED = re.compile(rf"(?:{alternation(HEDGES | {'争创', '争当'})})")


@dataclass(frozen=True, slots=True)
class StepClause:
    """A clause that promises a step: its clean span, name, hedge and the rule that found it."""

    start: int
    end: int
    name: str
    hedge: str | None
    rule: str


def find(source: SourceText, low: int, high: int) -> list[StepClause]:
    """Return the steps in a stretch of text that holds no other target."""
    steps = []
    for start, end in _clauses(source.masked, low, high):
        step = _step(source, start, end)
        if step:
            steps.append(step)
    return steps


def _clauses(text: str, low: int, high: int) -> list[tuple[int, int]]:
    spans, start = [], low
    for i in range(low, high + 1):
        if i == high or text[i] in "，；。：":
            if i > start:
                spans.append((start, i))
            start = i + 1
    return spans


def _step(source: SourceText, start: int, end: int) -> StepClause | None:
    text = source.clean[start:end].rstrip("、")
    while text[-1:] in {"”", "）"} and text.count("“") + text.count("（") < text.count("”") + text.count(
        "）"
    ):
        text = text[:-1]
    match = _STRIP.match(text)
    core = text[match.end() :] if match else text
    core = core if core.count("“") == core.count("”") else text.strip("，、：； ")
    if len(text) < 4 or not core or len(core) > 48 or core.endswith("基础上"):
        return None
    due = bool(re.search(rf"{TIME}", text))
    for rule, finds in (
        ("negation", bool(_NEGATED.match(core) or _NEGATED.match(text.lstrip("，、")))),
        ("clearance", bool(re.search(r"(?:清零|出清|销号|归零)$", core))),
        ("step_done", bool(_END.search(core)) and (due or not _TALK.match(core))),
        ("step_due", due and bool(_WEAK_END.search(core)) and not _TALK.match(core)),
        ("document_or_founding", bool(_START.match(core)) and not _TALK.match(core)),
        ("task_finished", bool(_FINISH.match(core))),
        ("brought_about", bool(_REACH.match(text.lstrip("，、")))),
        ("something_built", bool(_BUILD.match(core)) and not _TALK.match(core)),
    ):
        if finds:
            hedge = _HEDGED.search(text[:12])
            return StepClause(start, start + len(text), core, hedge[0] if hedge else None, rule)
    return None
