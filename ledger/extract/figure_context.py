"""Context of a figure: its bounds, the words before and behind it, the next goal."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger.extract.model import Figure
from ledger.extract.source import FILLER, SourceText
from ledger.extract.words import (
    BOUND_AFTER,
    BOUND_BEFORE,
    COUNT_VERBS,
    FALL_VERBS,
    LEVEL_VERBS,
    RISE_VERBS,
    alternation,
)

BEFORE = re.compile(rf"(?:{alternation(map(re.escape, BOUND_BEFORE))})$")
AFTER = re.compile(rf"(?:{alternation(map(re.escape, BOUND_AFTER))})")
PREDICATE = re.compile(
    rf"(?:{alternation(LEVEL_VERBS | RISE_VERBS | FALL_VERBS)}|(?:不|至|最)?(?:少|多|低|高|大|小)于|[≤≥<>])(?:了|约|近)?$"
)
CHANGE_GAP = re.compile(
    rf"[，、]?(?:同比|较上年|比上年|较去年)*(?:{alternation(RISE_VERBS | FALL_VERBS)}|其中|达到?|（|）)*$"
)
COUNT_VERB = re.compile(rf"(?:{alternation(COUNT_VERBS)}|建)(?:了|约|好)?$")
ANY_VERB = re.compile(alternation(v for v in COUNT_VERBS if len(v) > 1))
STOP = "，、；：（）。！？"
# 调水55亿方等十二项指标, 突破千亿元大关, 增长6%的目标: what follows is no noun that the figure counts.
DONE_WITHIN = r"(?:全部)?(?:办结|完成|办理|答复|反馈|到位|送达|解决|出具|审结|受理)"
NO_NOUN = re.compile(
    rf"等|(?:的)?新?(?:大关|台阶|关口|门槛|目标|任务)(?=[，。；、）]|$)|(?<=[日时天钟内]){DONE_WITHIN}(?=[，。；、）]|$)"
)
_PER_HEAD = re.compile(r"(?<=[到至为达高于])(?:每(?:人|户|亩|生|床|学期|年|月|天|日|次|平方米))+$")
_WITHIN = re.compile(DONE_WITHIN)
_WINDOW = 240
"""Characters in front of a figure that may belong to its clause: a long list is read in linear time."""

_CLOSERS = frozenset(["", *"，。；、）"])
# Words that end like a bound: 签约1500户, 附近3公里.
_NO_BOUNDS = (
    "附近", "最近", "签约", "履约", "解约", "违约", "合约", "公约", "集约", "预约", "特约", "邀约", "节约", "条约", "契约", "制约",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FigureContext:
    """A figure with the words around it, and the next target mention of its sentence."""

    source: SourceText
    figure: Figure
    before: str  # from the last stop to the figure, without its bound
    bound_before: str
    bound_after: str
    tail: str  # from the bound to the next stop
    gap: str | None  # from the bound to the next target mention; None where there is none in the sentence

    @property
    def bounded(self) -> bool:
        """Whether a bound stands before or behind."""
        return bool(self.bound_before or self.bound_after)

    @property
    def same_item(self) -> bool:
        """Whether the next target follows without any separator."""
        return self.gap is not None and not re.search(rf"[{STOP}]", self.gap)


def locate(source: SourceText, figure: Figure, following: int | None) -> FigureContext:
    """Return the words around a figure; `following` is where the next target mention begins."""
    text = source.masked
    earliest = max(0, figure.start - _WINDOW)
    start = max(earliest, max((text.rfind(c, earliest, figure.start) for c in STOP), default=-1) + 1)
    before = text[start : figure.start]
    bound = BEFORE.search(before)
    bound_before = bound[0] if bound else ""
    if bound_before == "+" and not (figure.ratio and re.search(r"[\u4e00-\u9fff]\+$", before)):
        bound_before = ""
    if bound_before == "起" or (len(bound_before) == 1 and before.endswith(_NO_BOUNDS)):
        bound_before = ""
    after = AFTER.match(text, figure.end)
    bound_after = after[0] if after else ""
    if (
        bound_after == "内"
        and text[figure.end + 1 : figure.end + 2] not in _CLOSERS
        and not _WITHIN.match(text, figure.end + 1)
    ):
        bound_after = ""
    end = figure.end + len(bound_after)
    stop = min(
        (position for position in (text.find(mark, end) for mark in STOP) if position >= 0), default=len(text)
    )
    if NO_NOUN.match(text, end):
        stop = end
        following = None if following is not None and text[end:following].count("，") == 0 else following
    gap = text[end:following] if following is not None else None
    return FigureContext(
        source,
        figure,
        _PER_HEAD.sub("", before[: len(before) - len(bound_before)].rstrip(FILLER)),
        bound_before,
        bound_after,
        text[end:stop],
        gap,
    )


def list_lead(place: FigureContext) -> str | None:
    """Return the words in front of the list whose later figure this is (甲、乙分别为2个、3小时: 甲、乙分别为); None where it is no such one.

    The figures of a list have one unit, which the earlier ones may leave out (35、60微克) or shorten (2个、3个工作日).
    """
    end = place.figure.start - len(place.bound_before)
    unit, lead = place.figure.unit, place.source.masked[max(0, end - _WINDOW) : end]
    earlier = re.compile(
        rf"[\d.]+(?:个?{re.escape(unit)}|个)(?:{alternation(map(re.escape, BOUND_AFTER))})?[、和与及]$"
    )
    first = lead
    while unit and (match := earlier.search(first)):
        first = BEFORE.sub("", first[: match.start()])
    return first if first != lead else None
