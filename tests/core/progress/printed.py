"""Runs an example of docs/reference/kinds.md and writes its result the way the page shows it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ledger.core.progress import (
    Forecast,
    Policy,
    TargetStatus,
    assess,
    commitment_completion,
    commitment_light,
    commitment_score,
    fold,
    forecast_target,
)
from ledger.core.progress.percent import percent

from .world import commitment, entries, policy, target


def run(example: dict[str, Any]) -> str:
    """The printed result of an example: of one target, or of several of a commitment."""
    rules = policy(**example.get("config", {}))
    rows = entries(example["entries"])
    if "targets" in example:
        return "\n".join(_commitment(example, rows, rules))
    one, day = target(example["target"]), example["as_of"]
    aggregate = fold(one, rows, as_of=day, policy=rules)
    lines = list(_target(assess(commitment(one), one, aggregate, as_of=day, policy=rules)))
    if example.get("outlook"):
        lines += _outlook(forecast_target(commitment(one), one, rows, aggregate, day, rules))
    return "\n".join(lines)


def _target(found: TargetStatus) -> Iterator[str]:
    yield f"目标：{found.goal}"
    yield f"实际：{found.actual or '—'}"
    if found.completion is not None:
        yield f"完成：{_both(found.completion)}"
    if found.progress is not None and found.expected_progress is not None:
        yield f"从基期算：{_both(found.progress)}，应到 {_both(found.expected_progress)}"
    elif found.expected is not None:
        yield f"应完成：{_both(found.expected)}"
    if found.gap is not None:
        yield f"{'落后' if found.gap > 0 else '领先'}：{percent(abs(found.gap)).removesuffix('%')} 个百分点"
    yield f"达标：{ {True: '是', False: '否', None: '—'}[found.met] }"
    yield f"亮灯：{found.light.value}"
    for tier in found.tiers:
        yield f"争取 {tier.goal}：{'已达到' if tier.reached else '未达到'}"
    told = (
        found.standing if found.reason is None or not found.reason.startswith(str(found.standing)) else None
    )
    yield from (f"说明：{text}" for text in (told, found.reason, *found.notes) if text is not None)


def _both(value: Fraction) -> str:
    return percent(value) + ("" if value.denominator == 1 else f"（{value.numerator}/{value.denominator}）")


def _commitment(example: dict[str, Any], rows: Any, rules: Policy) -> Iterator[str]:
    several = [target(row) for row in example["targets"]]
    whole, statuses = commitment(*several), []
    for one in several:
        aggregate = fold(one, rows, as_of=example["as_of"], policy=rules)
        found = assess(whole, one, aggregate, as_of=example["as_of"], policy=rules)
        statuses.append(found)
        yield f"{found.name}：{percent(found.completion)} {found.light.value}"
    mean, score = (
        commitment_completion(whole, statuses, rules),
        commitment_score(whole, statuses, rules).by(rules.basis),
    )
    yield f"承诺事项：{percent(mean.value)} {commitment_light(whole, statuses, rules).value}（计入 {mean.counted} 项，未计 {mean.uncounted} 项）"
    yield f"得分：{'—' if score.value is None else percent(score.value / 100).removesuffix('%')}"


def _outlook(found: Forecast) -> Iterator[str]:
    yield f"还须完成：{found.required_text}"
    yield f"最快的一个月：{found.best_text}"
    yield f"最晚起步日：{found.unreachable_from}"
