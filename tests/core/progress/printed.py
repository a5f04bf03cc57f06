"""Runs an example of docs/reference/kinds.md and writes its result the way the page shows it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ledger.core.models import Commitment
from ledger.core.progress import (
    Forecast,
    Policy,
    TargetStatus,
    assess,
    commitment_completion,
    commitment_light,
    commitment_score,
    department_score,
    fold,
    forecast_target,
    ranking,
)
from ledger.core.progress.calls import report_calls
from ledger.core.progress.judge import entries_of_target, with_lateness
from ledger.core.progress.percent import decimals_apart, percent
from ledger.core.progress.report import CommitmentStatus
from ledger.core.progress.score import too_silent

from .world import commitment, entries, policy, target


def run(example: dict[str, Any]) -> str:
    """The printed result of an example: of one target, of the targets of a commitment, of departments, or of a month's calls."""
    rules = policy(**{"pace": None, **example.get("config", {})})
    if "departments" in example:
        return "\n".join(_departments(example, rules))
    rows = entries(example["entries"])
    if "month" in example:
        return "\n".join(_calls(example, rows, rules))
    if "targets" in example:
        return "\n".join(_commitment(example, rows, rules))
    one, day = target(example["target"]), example["as_of"]
    whole = _whole(example, one)
    lines = list(_target(_status(whole, one, rows, day, rules), day, rules))
    if example.get("outlook"):
        aggregate = fold(one, rows, as_of=day, policy=rules)
        lines += _outlook(forecast_target(whole, one, rows, aggregate, day, rules))
    return "\n".join(lines)


def _whole(example: dict[str, Any], *targets: Any) -> Commitment:
    return commitment(*targets, **example.get("period", {}))


def _status(whole: Commitment, one: Any, rows: Any, day: Any, rules: Policy) -> TargetStatus:
    aggregate = fold(one, rows, as_of=day, policy=rules)
    status = assess(whole, one, aggregate, as_of=day, policy=rules)
    return with_lateness(whole, one, status, lambda: entries_of_target(one, rows, day), rules)


def _target(found: TargetStatus, day: Any, rules: Policy) -> Iterator[str]:
    yield f"目标：{found.goal}"
    yield f"实际：{found.actual or '—'}"
    if found.paced_on != day:
        yield f"序时进度算到：{found.paced_on}"
    if found.completion is not None:
        yield f"完成：{_both(found.completion)}"
    if found.progress is not None and found.expected_progress is not None:
        yield f"从基期算：{_both(found.progress)}，应到 {_both(found.expected_progress)}"
    elif found.expected is not None:
        yield f"应完成：{_both(found.expected)}"
    if found.gap is not None:
        size = percent(abs(found.gap))
        words = f"{size.removesuffix('%')} 个百分点" if rules.lights.gap == "points" else f"应完成数的 {size}"
        yield f"{'落后' if found.gap > 0 else '领先'}：{words}"
    yield f"达标：{ {True: '是', False: '否', None: '—'}[found.met] }"
    yield f"亮灯：{found.light_text}"
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
    whole = _whole(example, *several)
    statuses = [_status(whole, item, rows, example["as_of"], rules) for item in several]
    for found in statuses:
        yield f"{found.name}：{percent(found.completion)} {found.light_text}"
    mean = commitment_completion(whole, statuses, rules)
    score = commitment_score(whole, statuses, rules)
    light = commitment_light(whole, statuses, rules)
    counts = CommitmentStatus(whole, mean, light, tuple(statuses)).light_counts
    yield f"承诺事项：{percent(mean.value)}（计入 {mean.counted} 项，未计 {mean.uncounted} 项）"
    yield f"亮灯：{light.value}（{counts}）"
    yield f"得分：未报按零计 {_points(score.counting_all.value)}，按已报计 {_points(score.as_reported.value)}"


def _points(value: Fraction | None, decimals: int = 1) -> str:
    return percent(None if value is None else value / 100, decimals=decimals).removesuffix("%")


def _departments(example: dict[str, Any], rules: Policy) -> Iterator[str]:
    scores = {}
    for name, part in example["departments"].items():
        several = [target(row) for row in part["targets"]]
        whole, rows = _whole(example, *several), entries(part["entries"])
        statuses = [_status(whole, item, rows, example["as_of"], rules) for item in several]
        scores[name] = department_score([(whole, commitment_score(whole, statuses, rules))], rules)
    values = {name: score.plain.value for name, score in scores.items()}
    decimals = decimals_apart(None if value is None else value / 100 for value in values.values())
    for row in ranking(values, too_silent(scores, rules)):
        score = scores[row.name]
        yield (
            f"{row.place or '—'} {row.name}：{_points(row.score, decimals)}"
            f"（未报按零计 {_points(score.counting_all.value)}，按已报计 {_points(score.as_reported.value)}，"
            f"已报 {score.reported}/{score.reported + score.silent}）"
        )


def _calls(example: dict[str, Any], rows: Any, rules: Policy) -> Iterator[str]:
    several = [target(row) for row in example["targets"]]
    for call in report_calls(_whole(example, *several), rows, example["month"], rules):
        state = "不需报" if not call.called else "已报" if call.answered else "应报未报"
        yield f"{call.target.name}：{state}（{call.reason.text}）"


def _outlook(found: Forecast) -> Iterator[str]:
    yield f"还须完成：{found.required_text}"
    yield f"最快的一个月：{found.best_text}"
    yield f"最晚起步日：{found.unreachable_from}"
