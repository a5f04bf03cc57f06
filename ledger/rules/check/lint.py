"""Rules of `ledger lint`: parts of a plan that are not wrong, but leave a question that a department should be asked early.

The hint of each finding is the question to ask.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from fractions import Fraction

from ledger.core.findings import Finding, Place
from ledger.core.models import Accumulate, Change, Judgement, LedgerConfig, Level, Milestone, Target
from ledger.core.quantity import QuantityError, format_amount, parse_amount
from ledger.core.units import UnitTable
from ledger.extract import TargetDraft, draft
from ledger.files.ledger import Source
from ledger.rules.check.registry import LINT_RULES, RuleContext, lint_rule

_KEPT = re.compile(r"保持|维持|稳定|持续|不低于|巩固")
_LOWERED = re.compile(r"降|减|压|缩|下调|收窄")
_STANDING = re.compile(
    r"前列|前茅|领先|一流|上游|第一方阵|第一梯队|排头兵|先进行列|走在前|标杆|位次前移|争先"
)
_WHEN = re.compile(r"年内|年底|年末|年前|全年|季度|上半年|下半年|\d{1,2}\s*月|月底|月末|期末|汛前|节前")
_GROWTH = re.compile(r"(?:同比)?(?:增速|增幅|增长率?|降幅|减幅|下降率?|降低|减少|（\d+）)+$")
_STANDS_ALL_YEAR = re.compile(r"零(?!售|工|部|距)|连[冠优胜]|蝉联|不发生|无.{0,6}事[故件]|杜绝")
_AMOUNT_IN_NAME = re.compile(
    r"(?<![A-Za-z\d.+-])\d[\d.,]*\s*(?:[%‰]|万?[人名户家个件项套张座条公]|公里|万元|亿元)(?!以[上下]|的|及以上|级|强|岁)"
)
_NUMBERED_NAME = re.compile(r"（\d{1,2}）$")
_SURE = "确保"
_PLAIN = re.compile(r"[“”\"（）()《》、，\s]|^(?:全年|完成|实现|新增|全市|开展)+")
SAME_NAME = 0.6
"""How alike two names must be (difflib's ratio) for a title's figure and a text's to be taken for the same indicator."""


@lint_rule
def level_without_baseline(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """A level to be raised or cut says from where: without a baseline its pace cannot be worked out."""
    for number, target in enumerate(source.commitment.targets):
        if not isinstance(target, Level) or target.baseline is not None or target.hold:
            continue
        if _KEPT.search(target.quote) or (target.goal.descending and not _LOWERED.search(target.quote)):
            continue
        yield _of_target(
            source,
            number,
            "lint-baseline",
            f"{target.name} 没有基期数，年中看不出进度",
            "上年末（基期）是多少？写入 baseline",
        )


@lint_rule
def growth_without_base(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """A rate of growth stands beside the figure that grows, or nobody can check it later."""
    targets = source.commitment.targets
    amounts = [_plain(target.name) for target in targets if isinstance(target, (Accumulate, Level))]
    for number, target in enumerate(targets):
        if not isinstance(target, Change):
            continue
        subject = _plain(_GROWTH.sub("", target.name))
        if subject and any(subject in name or name in subject for name in amounts):
            continue
        yield _of_target(
            source,
            number,
            "lint-base",
            f"{target.name} 只有增减幅度，没有绝对数",
            "上年的基数是多少、按什么口径？写入 note",
        )


@lint_rule
def standing_without_place(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """前列, 领先, 一流 name no place."""
    for number, target in enumerate(source.commitment.targets):
        if isinstance(target, Judgement) and (word := _STANDING.search(target.quote)):
            yield _of_target(
                source,
                number,
                "lint-standing",
                f"{target.name} 说“{word[0]}”，没有位次",
                "在哪里排名、由谁排、第几名算达到？",
            )


@lint_rule
def target_only_in_title(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """A figure or a step that only the title promises is easily forgotten when the text is reported on."""
    commitment = source.commitment
    for number, target in enumerate(commitment.targets):
        if (
            isinstance(target, Judgement)
            or target.quote in commitment.text
            or target.quote not in commitment.title
        ):
            continue
        yield _of_target(
            source,
            number,
            "lint-title-only",
            f"{target.name} 只在标题里，年度目标里没有",
            "是不是今年的目标？是就写进年度目标",
        )


@lint_rule
def title_and_text_disagree(source: Source, context: RuleContext) -> Iterator[Finding]:
    """Title and text give the same indicator the same figure."""
    commitment = source.commitment
    in_text = [promised for promised in draft(commitment.text).targets if promised.value is not None]
    for promised in draft(commitment.title).targets:
        alike = [written for written in in_text if _same_indicator(promised, written)]
        if (
            promised.value is None
            or not alike
            or any(_figure(written, context.units) == _figure(promised, context.units) for written in alike)
        ):
            continue
        line, column = source.document.locate_in_text(("title",), promised.span[0])
        words = f"标题说 {promised.name} {promised.value}{promised.unit}，年度目标说 {alike[0].value}{alike[0].unit}"
        yield Finding(
            "lint-disagree",
            words,
            "以哪个为准？",
            Place(source.path, line, column),
            excerpt=commitment.title,
        )


@lint_rule
def goal_without_unit(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """A bare number can be reported in anything."""
    for number, target in enumerate(source.commitment.targets):
        if isinstance(target, (Accumulate, Level, Change)) and not target.unit:
            goal = format_amount(target.goal.figure.value, "", target.goal.figure.scale)
            yield _of_target(
                source, number, "lint-unit", f"{target.name} 的目标 {goal} 没有单位", "单位是什么？写入 goal"
            )


@lint_rule
def name_of_an_indicator(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """A name is an indicator: not one character, not a figure with its unit, not the second of two alike."""
    for number, target in enumerate(source.commitment.targets):
        name = target.name
        if len(name) < 2:
            fault = "只有一个字"
        elif _AMOUNT_IN_NAME.search(name):
            fault = "里有数字，多半是没有读准"
        elif _NUMBERED_NAME.search(name):
            fault = "与别的目标同名，只用编号分开"
        else:
            continue
        yield _of_target(source, number, "lint-name", f"目标名称“{name}”{fault}", "这个指标叫什么？改 name")


@lint_rule
def about_without_tolerance(source: Source, context: RuleContext) -> Iterator[Finding]:
    """约 and 左右 can be judged only with a tolerance."""
    if context.config is None or context.config.tolerance is not None:
        return
    for number, target in enumerate(source.commitment.targets):
        if isinstance(target, (Accumulate, Level, Change)) and target.goal.about is not None:
            yield _of_target(
                source,
                number,
                "lint-about",
                f"{target.name} 是约数，没有定容差",
                "差多少以内算达到？在 data/ledger.yaml 里写 tolerance",
            )


@lint_rule
def parts_exceed_whole(source: Source, context: RuleContext) -> Iterator[Finding]:
    """What is 其中 adds up to no more than the whole."""
    targets = source.commitment.targets
    for number, whole in enumerate(targets):
        if not isinstance(whole, (Accumulate, Level)):
            continue
        parts = [
            target for target in targets if target.part_of == whole.key and isinstance(target, type(whole))
        ]
        values = [part.goal.figure for part in parts if isinstance(part, (Accumulate, Level))]
        if len(parts) < 2 or any(
            value.unit != whole.unit and not context.units.comparable(value.unit, whole.unit)
            for value in values
        ):
            continue
        total = sum((context.in_unit(value, whole.unit) for value in values), Fraction(0))
        if total > (whole.goal.upper or whole.goal.figure).value:
            scale = whole.scale
            yield _of_target(
                source,
                number,
                "lint-parts",
                f"{whole.name} 的“其中”各项合计 {format_amount(total, whole.unit, scale)}，"
                f"超过总数 {format_amount(whole.goal.figure.value, whole.unit, scale)}",
                "各项有没有交叉？总数有没有写错？",
            )


@lint_rule
def hedge_on_a_sure_item(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """确保 and 力争 do not both hold: neither in one clause, nor 确保 in the title and 力争 in the text."""
    for number, target in enumerate(source.commitment.targets):
        if target.hedge is None or getattr(target, "stretch", None):
            continue
        words = _sentence_of(source, target)
        before, _, behind = words.rpartition(target.hedge)
        clause = before.rpartition("，")[2] + behind.partition("，")[0]
        if _SURE in clause or _SURE in source.commitment.title:
            message = f"{target.name} 又说确保又说{target.hedge}"
            yield _of_target(source, number, "lint-hedge", message, "达不到算不算没完成？")


@lint_rule
def milestone_without_date(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """A step without a date is due on the last day of December, when it is too late to ask."""
    for number, target in enumerate(source.commitment.targets):
        if not isinstance(target, Milestone) or target.due or any(step.due for step in target.steps):
            continue
        if not _WHEN.search(_sentence_of(source, target)) and not _STANDS_ALL_YEAR.search(
            target.name + target.quote
        ):
            yield _of_target(
                source,
                number,
                "lint-due",
                f"{target.name} 没有写完成时间",
                "哪个月完成？写入 due；不写按年底算",
            )


@lint_rule
def nothing_measurable(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """A commitment of judgements alone cannot be followed during the year."""
    if all(isinstance(target, Judgement) for target in source.commitment.targets):
        yield source.finding(
            "lint-measure",
            ("text",),
            f"{source.commitment.id} 没有一个可衡量的目标",
            "做到什么数、什么节点算完成？",
            source.commitment.title,
        )


def same_indicator_twice(sources: Sequence[Source]) -> Iterator[Finding]:
    """One indicator has one owner: two departments with the same target will both report it, or neither."""
    owners: dict[tuple[str, str, str], list[tuple[Source, int]]] = defaultdict(list)
    for source in sources:
        for number, target in enumerate(source.commitment.targets):
            if isinstance(target, (Accumulate, Level, Change)):
                owners[_plain(target.name), target.kind, target.unit].append((source, number))
    for places in owners.values():
        first, first_number = places[0]
        for source, number in places[1:]:
            if source.commitment.department != first.commitment.department:
                owner = first.commitment
                yield _of_target(
                    source,
                    number,
                    "lint-twice",
                    f"{source.commitment.targets[number].name} 在 {owner.id}/{owner.targets[first_number].key} 也有",
                    "是不是同一个指标？由谁报、按谁的数？",
                )


def lint(sources: Sequence[Source], config: LedgerConfig, units: UnitTable) -> tuple[Finding, ...]:
    """Apply every rule, and return the findings in the order of the files."""
    context = RuleContext(units, config)
    findings = [finding for source in sources for rule in LINT_RULES for finding in rule(source, context)]
    return tuple(sorted([*findings, *same_indicator_twice(sources)]))


def _of_target(source: Source, number: int, rule: str, message: str, question: str) -> Finding:
    quote = source.commitment.targets[number].quote
    return source.finding(rule, ("targets", number, "name"), message, question, quote)


def _plain(name: str) -> str:
    return _PLAIN.sub("", name)


def _same_indicator(a: TargetDraft, b: TargetDraft) -> bool:
    if a.kind != b.kind or (a.unit or "").lstrip("百千万亿") != (b.unit or "").lstrip("百千万亿"):
        return False
    first, second = _plain(a.name), _plain(b.name)
    return bool(first and second) and (
        first in second
        or second in first
        or SequenceMatcher(None, first, second, autojunk=False).ratio() >= SAME_NAME
    )


def _figure(target: TargetDraft, units: UnitTable) -> object:
    try:
        amount = parse_amount(f"{target.value} {target.unit or ''}".strip(), units)
    except QuantityError:
        return target.value, target.unit
    return amount.value, amount.unit


def _sentence_of(source: Source, target: Target) -> str:
    """Return the target's quote with the words in front of it, back to the last stop."""
    for words in (source.commitment.text, source.commitment.title):
        at = words.find(target.quote)
        if at >= 0:
            start = max(words.rfind(mark, 0, at) for mark in "。；！？") + 1
            return words[start : at + len(target.quote)]
    return target.quote
