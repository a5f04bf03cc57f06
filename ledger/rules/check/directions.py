"""Rules on the direction of a goal: what falls to a figure is a ceiling, and a goal lies on its side of the baseline."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ledger.core.findings import Finding
from ledger.core.models import Accumulate, Change, Level
from ledger.files.ledger import Source
from ledger.rules.check.accounting import goal_figures, numerals_with_meanings
from ledger.rules.check.registry import RuleContext, commitment_rule

_HEDGED = r"(?:约|近|不足|大约|左右)*\s*$"
_FALLS_TO = re.compile(
    rf"(?:降|降低|下降|压缩|压减|压降|压|缩短|减少|减|缩减|缩小|收窄|回落|下调|精简|削减|控制|严控|稳控)(?:到|至|为|在){_HEDGED}"
)
_RISES_TO = re.compile(rf"(?:提高|提升|增加|增长|上升|扩大|拓展|升|增)(?:到|至|为){_HEDGED}")
_FLOORS = frozenset({"reach", "at_least", "above"})
_CEILINGS = frozenset({"at_most", "below"})
_FLOOR_BEHIND = re.compile(r"\s*[^\d，。；、]{0,8}?以上")
_FLOOR_WORDS = re.compile(r"以上|不[低少小]于|不[低少]|至少|≥|高于|大于|超过?|突破|保底|最低")
_CEILING_WORDS = re.compile(
    r"以[内下]|之内|不[高多大]于|不超过|≤|低于|小于|少于|控制|最多|至多|不突破|最高|[降减压缩]"
)
_CEILING_BEHIND = re.compile(r"\s*[^\d，。；、]{0,8}?(?:以[下内]|之内)")


@commitment_rule
def goals_face_the_way_of_their_verb(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """漏损率降至8.5% is at most 8.5 %: a goal of at least 8.5 % would be met by what is worse."""
    for number, target in enumerate(source.commitment.targets):
        if not isinstance(target, (Accumulate, Level, Change)) or target.goal.op not in _FLOORS | _CEILINGS:
            continue
        value = target.goal.figure.value
        for numeral, meanings in numerals_with_meanings(target.quote):
            if value not in meanings:
                continue
            before, behind = target.quote[: numeral.start], target.quote[numeral.end :]
            falls = _FALLS_TO.search(before) and target.goal.op in _FLOORS and not _FLOOR_BEHIND.match(behind)
            rises = (
                _RISES_TO.search(before) and target.goal.op in _CEILINGS and not _CEILING_BEHIND.match(behind)
            )
            if falls or rises:
                verb = (_FALLS_TO if falls else _RISES_TO).search(before)
                words = verb[0].strip() if verb else ""
                right = "at_most（不超过）" if falls else "at_least（不低于）"
                yield source.finding(
                    "direction",
                    ("targets", number, "goal"),
                    f"{target.name} 的摘句说“{words}”，目标的方向却相反",
                    f"方向应是 {right}",
                    target.quote,
                )


@commitment_rule
def goals_lie_beyond_their_baseline(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """A goal to be reached lies above its baseline, and a ceiling below it, unless the words say the bound.

    95%以上 may stand below last year's 96 %, and 4%以内 above last year's 3.9 %: the plan states the bound in words.
    """
    for number, target in enumerate(source.commitment.targets):
        if not isinstance(target, Level) or target.baseline is None or target.baseline.unit != target.unit:
            continue
        figure = next((figure for _, figure in goal_figures(target)), None)
        if figure is None or target.goal.op not in _FLOORS | _CEILINGS:
            continue
        op, start = target.goal.op, target.baseline.value
        above = start > figure.value and (
            op in {"reach", "above"} or (op == "at_least" and not _FLOOR_WORDS.search(target.quote))
        )
        below = start < figure.value and op in _CEILINGS and not _CEILING_WORDS.search(target.quote)
        if above or below:
            yield source.finding(
                "direction",
                ("targets", number, "baseline"),
                f"{target.name} 的基期数比目标值还{'高' if above else '低'}，目标的方向可能反了",
                "要降下来的写 at_most；确实要升的，核对基期数"
                if above
                else "要升上去的写 at_least；确实要降的，核对基期数",
            )
