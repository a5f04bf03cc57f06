"""Rules over a commitment and its verbatim text: every figure is in its quote, every numeral of the text is accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ledger.core.findings import Finding, Place
from ledger.core.models import Accumulate, Change, Compare, Level
from ledger.core.quantity import format_number
from ledger.core.units import UnitTable
from ledger.files.ledger import Source
from ledger.rules.check.accounting import (
    figures,
    goal_figures,
    needed_context,
    numerals_with_meanings,
    signed_goal,
    spans,
    unaccounted,
)
from ledger.rules.check.registry import RuleContext, commitment_rule

_SENTENCE_ENDS = "。！？"
_WHOLE = "全覆盖"  # says 100 % without a numeral


@commitment_rule
def quotes_are_verbatim(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """Each quote, of a target or a context item, stands letter for letter in the title or the text."""
    commitment = source.commitment
    for group in ("targets", "context"):
        for number, item in enumerate(getattr(commitment, group)):
            if not spans(commitment, item.quote):
                yield source.finding(
                    "quote",
                    (group, number, "quote"),
                    f"摘句不在原文中：{item.quote}",
                    "照 title 或 text 逐字抄录，标点也要一致",
                )


@commitment_rule
def figures_stand_in_their_quotes(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """Each figure of a goal or a stretch goal is one of the numerals of the target's quote."""
    for number, target in enumerate(source.commitment.targets):
        quoted = [value for _, meanings in numerals_with_meanings(target.quote) for value in meanings]
        if _WHOLE in target.quote:
            quoted.append(Fraction(100))
        for loc, values in figures(target):
            if not any(value in quoted for value in values):
                shown = "、".join(format_number(value) for value in quoted) or "没有数字"
                yield source.finding(
                    "figure",
                    ("targets", number, *loc),
                    f"{target.name} 的数字 {format_number(values[-1])} 不在它的摘句里（摘句中有：{shown}）",
                    "改正数字，或把摘句取到含这个数字",
                )


@commitment_rule
def units_stand_in_their_quotes(source: Source, context: RuleContext) -> Iterator[Finding]:
    """Where the quote writes a unit behind a target's figure, it is the goal's unit: 16亿美元 is no goal of 16 亿元."""
    for number, target in enumerate(source.commitment.targets):
        if not isinstance(target, (Accumulate, Level, Change)):
            continue
        for loc, figure in goal_figures(target):
            behind = [
                _unit_behind(target.quote[numeral.end :].lstrip(), figure.unit, context.units)
                for numeral, meanings in numerals_with_meanings(target.quote)
                if figure.value in meanings[:1]
            ]
            if behind and not any(not unit or _agree(unit, figure.unit, context.units) for unit in behind):
                yield source.finding(
                    "unit",
                    ("targets", number, *loc),
                    f"{target.name} 的单位是 {figure.unit}，它的摘句里写的是 {behind[0]}",
                    "照摘句改正单位",
                )


@commitment_rule
def benchmarks_stand_in_their_quotes(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """Whom a comparison is made with stands in the target's quote in the same words."""
    for number, target in enumerate(source.commitment.targets):
        if not isinstance(target, Compare):
            continue
        loc, goal = signed_goal(target)
        if goal.benchmark not in target.quote:
            yield source.finding(
                "benchmark",
                ("targets", number, *loc, goal.op),
                f"{target.name} 的参照对象 {goal.benchmark} 不在它的摘句里",
                "照摘句的原话写参照对象",
            )


@commitment_rule
def hedges_stand_before_their_figures(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """A hedge is a word of the source, in the quote's own sentence and before the quote's end."""
    commitment = source.commitment
    for number, target in enumerate(commitment.targets):
        if target.hedge is None:
            continue
        places = spans(commitment, target.quote)
        if places and not any(
            target.hedge in _sentence_up_to(getattr(commitment, p), end) for p, _, end in places
        ):
            yield source.finding(
                "hedge",
                ("targets", number, "hedge"),
                f"{target.name} 写了缓和语 {target.hedge}，原文这一句里没有",
                "照原文改正，或去掉 hedge",
            )


@commitment_rule
def numerals_are_accounted_for(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """Each numeral of title and text is a target's figure inside its quote, or inside a context quote with a reason."""
    commitment = source.commitment
    for part, numeral in unaccounted(commitment):
        words = getattr(commitment, part)
        line, column = source.document.locate_in_text((part,), numeral.start)
        around = words[max(0, numeral.start - 8) : numeral.end + 8]
        yield Finding(
            "numeral",
            f"原文中的数字 {numeral.text} 没有着落（……{around}……）",
            "给它立一个目标，或在 context 里写明它为什么不是目标",
            place=Place(source.path, line, column),
            excerpt=around,
        )


@commitment_rule
def context_is_needed(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """Each context item alone accounts for some numeral; one that does not would hide it when the plan changes."""
    commitment = source.commitment
    if not commitment.context:
        return
    needed = needed_context(commitment)
    for number, item in enumerate(commitment.context):
        if number not in needed and spans(commitment, item.quote):
            yield source.finding(
                "idle",
                ("context", number, "quote"),
                f"这一条说明没有用处：{item.quote} 里没有数字，或数字已有着落",
                "删去这一条",
            )


def _sentence_up_to(words: str, end: int) -> str:
    start = max(words.rfind(mark, 0, end - 1) for mark in _SENTENCE_ENDS) + 1
    return words[start:end]


def _unit_behind(words: str, goal_unit: str, units: UnitTable) -> str:
    """Return the unit that prose begins with, `goal_unit` in whatever case; empty where there is none."""
    if words.casefold().startswith(goal_unit.casefold()):
        return goal_unit
    leading = units.leading(words)
    return leading[1].spelling if leading else ""


def _agree(written: str, goal_unit: str, units: UnitTable) -> bool:
    """Whether a unit of prose is the goal's: 千人口托位数达到4.5个 is 4.5 个/千人."""
    return units.same(written, goal_unit) or units.same(written, goal_unit.partition("/")[0])
