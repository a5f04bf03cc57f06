"""`rank --rules`: places under several rules side by side, and where and why the order flips."""

from __future__ import annotations

from ledger.commands.rank_rules import ExplainedFlip, RuleResult, RulesReport
from ledger.core.progress.rank_rules import OWN
from ledger.render.columns import TEXT, WHOLE, Column, Columns, score_points
from ledger.render.view import Block, View, day, lines, number
from ledger.render.views.status import SIMULATED

SHOWN = 3
"""How many targets that two rules judge apart are named of a flip."""
NOTES = {
    "own": "本账本：账本自己定的排名办法",
    "guiyang": "贵阳：按完成率计分，控制类 2 − 完成数/目标数，负增长记 0，单项不超过满分，未报按零计（未见文件原文）",
    "report-10": "未报扣分：同上，每项到期未报另扣 10 分（一份区政府督查考核细则，未见正本）",
    "default": "本程序亮灯：落后 30 个百分点以内黄灯，超过红灯",
    "yinchuan-2025": "银川亮灯：落后 10 至 30 个百分点黄灯，超过 30 个百分点红灯",
    "sanya-2022": "三亚亮灯：比计划少 50% 以内黄牌，超过 50% 红牌",
}


def rules_view(report: RulesReport) -> View:
    """Return the view of the departments' places under every rule."""
    return View(
        lambda: tuple(_blocks(report)),
        lambda: _data(report),
        lambda: _columns(report, values=True).records(report.departments),
    )


def _columns(report: RulesReport, *, values: bool) -> Columns[str]:
    """Return the columns: a place for each rule, and with `values` what is behind each."""
    columns: list[Column[str]] = [Column("name", "部门", lambda name: name)]
    for result in report.results:
        columns.append(
            Column(
                result.rule.key,
                result.rule.name,
                lambda name, result=result: result.places.get(name),  # type: ignore[misc]
                WHOLE,
                "—",
            )
        )
        if values:
            columns.append(
                Column(
                    f"{result.rule.key}-value",
                    f"{result.rule.name}（依据）",
                    lambda name, result=result: value_text(result, name),  # type: ignore[misc]
                    TEXT,
                )
            )
    return Columns(*columns, Column("spread", "最大位差", lambda name: _spread(report, name), WHOLE, "—"))


def _spread(report: RulesReport, name: str) -> int | None:
    places = [place for result in report.results if (place := result.places.get(name)) is not None]
    return max(places) - min(places) if places else None


def value_text(result: RuleResult, name: str) -> str:
    """Return what a department has under a rule: its score, or its red and yellow lights among those judged."""
    if name in result.lights:
        shares = result.lights[name]
        return f"红 {shares.red}、黄 {shares.yellow}，共判 {shares.judged}"
    score = result.scores[name].plain.value
    return "—" if score is None else f"{score_points(score, 2)} 分"


def _blocks(report: RulesReport) -> list[Block]:
    blocks: list[Block] = [
        lines(
            f"{report.ledger}  {report.year} 年  截至 {day(report.as_of)}（含当天）  各种办法的位次",
            style="heading",
        )
    ]
    if report.simulated:
        blocks.append(lines(SIMULATED, style="warning"))
    blocks.append(_columns(report, values=False).table(report.departments))
    blocks.append(lines("次序颠倒的相邻部门：" if report.flips else "各种办法的次序一致", style="heading"))
    if report.flips:
        blocks.append(lines(*(flip_text(report, item) for item in report.flips)))
    blocks.append(
        lines(
            *(NOTES[result.rule.key] for result in report.results),
            "两地的办法只规定亮灯，没有规定排名；这里按红灯占已判目标的比例排，相同的再按黄灯，到期未报的算红灯。",
            style="faint",
        )
    )
    return blocks


def flip_text(report: RulesReport, item: ExplainedFlip) -> str:
    """Say that two departments change places under a rule, by which values, and which targets it judges otherwise."""
    own_result, other = report.result(OWN), report.result(item.flip.rule)
    first, second = item.flip.first, item.flip.second
    text = (
        f"{other.rule.name}：{second} 在 {first} 前（{value_text(other, second)}；{value_text(other, first)}），"
        f"本账本相反（{value_text(own_result, second)}；{value_text(own_result, first)}）"
    )
    if not item.targets:
        return f"{text}。{_reason(item, report)}"
    rest = f" 等 {len(item.targets)} 项" if len(item.targets) > SHOWN else ""
    return f"{text}。判法不同的目标：{'；'.join(item.targets[:SHOWN])}{rest}"


def _reason(item: ExplainedFlip, report: RulesReport) -> str:
    """Say why two departments change places where no target's light is another."""
    other = report.result(item.flip.rule)
    if other.lights:
        return "得分看完成率高低，亮灯只看落后了多少"
    first, second = (other.scores[name] for name in (item.flip.first, item.flip.second))
    return f"到期未报：{item.flip.first} {first.silent} 项，{item.flip.second} {second.silent} 项"


def _data(report: RulesReport) -> dict[str, object]:
    return {
        "as_of": day(report.as_of),
        "year": report.year,
        "simulated": report.simulated,
        "rules": [{"key": result.rule.key, "name": result.rule.name} for result in report.results],
        "departments": [
            {
                "name": name,
                "places": {result.rule.key: result.places.get(name) for result in report.results},
                "values": {result.rule.key: _value_data(result, name) for result in report.results},
            }
            for name in report.departments
        ],
        "flips": [
            {**item.flip._asdict(), "targets": list(item.targets), "text": flip_text(report, item)}
            for item in report.flips
        ],
    }


def _value_data(result: RuleResult, name: str) -> object:
    if name in result.lights:
        return result.lights[name]._asdict()
    return number(result.scores[name].plain.value)
