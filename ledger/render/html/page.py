"""The contents of the page: report data in Chinese words, ready for the templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from ledger.commands.changes import ChangeKind, Difference
from ledger.commands.doubts import DoubtfulEntry
from ledger.commands.due import DepartmentDue
from ledger.commands.report import CommitmentSection, Ranked, ReportData
from ledger.core.models import Target
from ledger.core.progress import Light, TargetStatus
from ledger.core.progress.averages import WeightedValue, mean
from ledger.core.progress.entries import is_report
from ledger.core.progress.percent import percent
from ledger.core.progress.report import DepartmentStatus
from ledger.files.initials import letters_of
from ledger.render.columns import KIND_NAMES
from ledger.render.html.chart import chart
from ledger.render.html.months import months_of
from ledger.render.html.quotes import find_quotes, pieces
from ledger.render.html.report_parts import (
    ChangeGroup,
    CommitmentPart,
    DepartmentPart,
    Headline,
    ReportPage,
    TargetPart,
)
from ledger.render.html.report_tables import (
    Whole,
    anchor_of,
    change_text,
    overview_table,
    ranking_table,
    reasons_table,
    targets_table,
    worse_table,
)
from ledger.render.html.table import HtmlTable, make_chip
from ledger.render.official import format_official
from ledger.render.view import day
from ledger.render.views.changes import NAMES
from ledger.render.views.reviews import cause_text, review_notes
from ledger.render.views.show import figure_text, forecast_remarks
from ledger.render.views.standing import (
    LATE,
    Standing,
    gap_text,
    laggards,
    mean_completion,
    remarks_of,
    standings,
)
from ledger.render.views.status import dated_text, mean_text

NO_CURVE = {
    "rank": "位次类指标不计算完成率，各次位次见逐月记录。",
    "compare": "与参照值比较，不计算完成率，各次数值见逐月记录。",
    "judgement": "由督查评定，不计算完成率。",
}
AUDITED = {True: "记录未见改动", False: "发现问题，正在核查", None: "尚未核验"}
SOON = timedelta(days=30)
MOST_CHANGES = 6
"""How many changes of one kind the first page lists; of more it tells the number."""
_TOLD_ELSEWHERE = {
    ChangeKind.WORSE,
    ChangeKind.BETTER,
    ChangeKind.FIGURE,
    ChangeKind.REPORTED,
    ChangeKind.CAUSE,
}
MOST_SOON = 20
"""How many targets due soon the first page lists by name; of more it tells the number by department."""


def make_report_page(data: ReportData, made_on: date) -> ReportPage:
    """Return the page of a report made on a day."""
    report = data.status
    parts = _departments(data)
    every = list(standings(data.sections))
    lights = Counter(standing.status.light for standing in every)
    completion = mean_completion(section.status for section in data.sections).value
    before = mean_completion(section.previous for section in data.sections).value
    soon = sorted(_soon(data.sections, report.as_of))
    differences = data.since.differences if data.since else ()
    late = laggards(data.sections)
    return ReportPage(
        ledger=report.ledger,
        year=report.year,
        as_of=day(report.as_of),
        made_on=day(made_on),
        simulated=report.simulated,
        inferred=any(department.department.inferred for department in report.departments),
        rated=any(section.commitment.difficulty for section in data.sections),
        verified_only=any(section.ranked is not section.status for section in data.sections),
        headlines=_headlines(data, lights, completion, before),
        lights=tuple(make_chip(light, lights[light]) for light in Light),
        departments=tuple(parts.values()),
        commitments=len(data.sections),
        targets=len(every),
        overview=overview_table(data, Whole(len(data.sections), len(every), lights, completion, before)),
        ranking=ranking_table(data.ranking),
        since=data.since.label if data.since else "",
        sealed=data.since is not None and data.since.sealed,
        worse=_worse(every, differences),
        better=tuple(
            (change.department, f"t-{change.target}", change.name)
            for change in differences
            if change.kind is ChangeKind.BETTER
        ),
        changes=tuple(_change_groups(differences)),
        behind=targets_table(late, "gap"),
        causes=tuple(_causes([*late, *(each for each in every if each.status.light is Light.UNREPORTED)])),
        unexplained=sum(standing.status.remark is None for standing in late)
        if any(standing.status.remark for standing in late)
        else 0,
        returned=tuple(_returned(data.due.departments)),
        doubtful=tuple(_doubtful(data.doubtful)),
        verified=_verified(data),
        silent=tuple(_silent(data.due.departments)),
        soon=tuple(soon if len(soon) <= MOST_SOON else ()),
        soon_departments=tuple(Counter(row[1] for row in soon).items()) if len(soon) > MOST_SOON else (),
        deadline=day(data.due.deadline),
        due_month=f"{data.due.month.year} 年 {data.due.month.month} 月",
        unreported=reasons_table(every, Light.UNREPORTED, "说明"),
        unknown=reasons_table(every, Light.UNKNOWN, "原因，补上什么就能判断"),
        tip=data.tip or "",
        seal=data.integrity.seal or "",
        seal_label=data.integrity.seal_label,
        seal_asked=data.integrity.seal_asked,
        audit=AUDITED[data.integrity.sound],
    )


def _departments(data: ReportData) -> dict[str, DepartmentPart]:
    ranking = {ranked.department.department.name: ranked for ranked in data.ranking}
    return {
        status.department.name: _department(status, ranking[status.department.name], data)
        for status in data.status.departments
    }


def _worse(every: Sequence[Standing], differences: Iterable[Difference]) -> HtmlTable:
    """Return the targets whose light is worse, each with what it was."""
    before = {change.target: change.before for change in differences if change.kind is ChangeKind.WORSE}
    rows = [
        (standing, before[ref])
        for standing in every
        for ref in (f"{standing.section.commitment.id}/{standing.status.key}",)
        if ref in before
    ]
    return worse_table(rows)


def _change_groups(differences: Iterable[Difference]) -> Iterator[ChangeGroup]:
    """Yield what changed besides lights and figures, by kind: corrections, returns, goals, departments."""
    groups: dict[ChangeKind, list[Difference]] = {}
    for change in differences:
        if change.kind not in _TOLD_ELSEWHERE:
            groups.setdefault(change.kind, []).append(change)
    for kind, changes in groups.items():
        rows = tuple(
            (
                change.department,
                f"#t-{change.target}" if "/" in change.target else f"#c-{change.target}",
                change.name,
                _moved(change),
            )
            for change in changes[:MOST_CHANGES]
        )
        yield ChangeGroup(NAMES[kind], len(changes), rows)


def _moved(change: Difference) -> str:
    """Return what changed from what to what, and why: 2家 → 3家，漏报一家."""
    moved = " → ".join(filter(None, (change.before, change.after)))
    return "，".join(filter(None, (moved, change.reason)))


def _causes(late: Iterable[Standing]) -> Iterator[tuple[str, str, str, str, bool]]:
    for standing in late:
        remark = standing.status.remark
        if remark is not None:
            commitment = standing.section.commitment
            anchor = anchor_of(commitment.id, standing.status.key)
            text = cause_text(remark)
            yield commitment.department, anchor, standing.status.name, text, remark.overdue


def _returned(departments: Iterable[DepartmentDue]) -> Iterator[tuple[str, str, str, str]]:
    for department in departments:
        for item in department.returned:
            anchor = anchor_of(item.commitment.id, item.target.key)
            for returned in item.call.returned:
                text = f"{returned.on.month} 月的数，{returned.reason}"
                yield department.department.name, anchor, item.target.name, text


def _doubtful(doubtful: Iterable[DoubtfulEntry]) -> Iterator[tuple[str, str, str, str]]:
    for item in doubtful:
        commitment, target = item.target_ref.commitment, item.target_ref.target
        text = f"{figure_text(item.entry, target)}：{item.doubt.message}"
        state = "，填报时已核对" if item.confirmed else "，尚未核对"
        yield commitment.department, anchor_of(commitment.id, target.key), target.name, text + state


def _verified(data: ReportData) -> str:
    if not data.status.reviewed:
        return ""
    waiting = sum(department.unverified for department in data.status.departments)
    known = (section.status.verified for section in data.sections if section.status.verified is not None)
    share = mean(WeightedValue(verified.value) for verified in known).value
    return f"按核定数计，已核定的承诺事项平均完成率 {percent(share)}；尚有 {waiting} 项目标的数待核定。"


def _silent(departments: Iterable[DepartmentDue]) -> Iterator[tuple[str, int, int, str]]:
    """Yield the departments with reports missing: (name, targets called for, targets missing, their names)."""
    for department in departments:
        if missing := department.to_report:
            names = "、".join(item.target.name for item in missing)
            yield department.department.name, department.called, len(missing), names


def _headlines(
    data: ReportData, lights: Mapping[Light, int], completion: Fraction | None, before: Fraction | None
) -> tuple[Headline, ...]:
    as_of = data.status.as_of
    year = date(as_of.year, 12, 31) - date(as_of.year - 1, 12, 31)
    elapsed = Fraction((as_of - date(as_of.year - 1, 12, 31)).days, year.days)
    change = change_text(completion, before)
    missing = sum(len(department.to_report) for department in data.due.departments)
    worse = sum(change.kind is ChangeKind.WORSE for change in data.since.differences) if data.since else 0
    since = "上次封账以来" if data.since is not None and data.since.sealed else "较上月"
    return (
        Headline(
            "平均完成率",
            percent(completion),
            f"全年时间已过 {percent(elapsed)}" + (f"，较上月 {change}" if change else ""),
        ),
        Headline("已达标", str(lights[Light.MET]), f"另有正常 {lights[Light.ON_TRACK]} 项", "met"),
        Headline(
            "落后于序时进度",
            str(sum(lights[light] for light in LATE)),
            f"其中严重滞后 {lights[Light.FAR_BEHIND]} 项，{since}转差 {worse} 项",
            "far",
        ),
        Headline(
            "未报送",
            str(missing),
            f"{data.due.month.month} 月份应报而未报；尚无数据 {lights[Light.UNREPORTED]} 项",
            "none",
        ),
    )


def _soon(sections: Iterable[CommitmentSection], as_of: date) -> Iterator[tuple[str, str, str, str]]:
    """Yield what falls due within 30 days and is not met: (day, department, name, anchor)."""
    for section in sections:
        for status in section.status.targets:
            anchor = anchor_of(section.commitment.id, status.key)
            steps = section.forecasts[status.key].next_steps if status.key in section.forecasts else ()
            open_steps: list[tuple[str, date | None]] = [
                (f"{status.name}：{name}", due) for name, due in steps
            ]
            for name, due in open_steps or [(status.name, status.due)]:
                if due is not None and as_of < due <= as_of + SOON and not status.met:
                    yield day(due), section.commitment.department, name, anchor


def circled(number: int) -> str:
    """Return a number in a circle, as lists of targets are numbered; beyond ⑳ in brackets."""
    return chr(0x2460 + number - 1) if number <= 20 else f"({number})"


def _department(status: DepartmentStatus, ranked: Ranked, data: ReportData) -> DepartmentPart:
    name = status.department.name
    return DepartmentPart(
        name=name,
        anchor=f"d-{name}",
        letters=letters_of(name),
        inferred=status.department.inferred,
        completion=percent(status.completion.value),
        uncounted=status.completion.uncounted,
        place="—" if ranked.place.place is None else str(ranked.place.place),
        commitments=tuple(
            _commitment(section) for section in data.sections if section.commitment.department == name
        ),
    )


def _commitment(section: CommitmentSection) -> CommitmentPart:
    commitment, status = section.commitment, section.status
    quotes = {number: target.quote for number, target in enumerate(commitment.targets, start=1)}
    in_text = find_quotes(commitment.text, quotes)
    closed = commitment.closed
    names = (commitment.department, commitment.title, *(target.name for target in commitment.targets))
    return CommitmentPart(
        id=commitment.id,
        anchor=anchor_of(commitment.id),
        letters=" ".join(map(letters_of, names)),
        title=pieces(commitment.title, {n: quote for n, quote in quotes.items() if n not in in_text}),
        text=pieces(commitment.text, {n: quote for n, quote in quotes.items() if n in in_text}),
        chip=make_chip(status.light),
        completion=mean_text(status.completion),
        difficulty=commitment.difficulty or "未评定",
        partners="、".join(commitment.partners),
        closed="" if closed is None else f"已于 {day(closed.on)} 销号",
        targets=tuple(
            _target(standing, number, target)
            for number, (standing, target) in enumerate(
                zip(standings([section]), commitment.targets, strict=True), start=1
            )
        ),
    )


def _target(standing: Standing, number: int, target: Target) -> TargetPart:
    section, status = standing.section, standing.status
    curve = section.curves.get(target.key)
    entries = [
        entry for entry in section.entries if entry.entry.target == target.key and is_report(entry.entry)
    ]
    remarks = (
        *review_notes(status),
        *filter(None, [cause_text(status.remark)]),
        *remarks_of(status),
        *forecast_remarks(section.forecasts[target.key], target.kind),
    )
    return TargetPart(
        number=number,
        key=target.key,
        sign=circled(number),
        anchor=anchor_of(section.commitment.id, target.key),
        name=target.name,
        kind=KIND_NAMES[target.kind],
        goal=status.goal + (f"（{target.hedge}）" if target.hedge else ""),
        actual=status.actual or "—",
        on=dated_text(status) or "",
        completion=percent(status.completion),
        expected=percent(status.expected),
        gap=gap_text(status, section.points),
        turn=standing.turn if standing.turn in {"改善", "转差"} else "",
        due=day(status.due),
        chip=make_chip(status.light),
        quote=target.quote,
        remarks=tuple(map(format_official, remarks)),
        svg="" if curve is None else chart(curve, _description(status)),
        drawn=curve is not None and any(value is not None for _, value in curve.actual),
        paced=curve is not None and sum(value is not None for _, value in curve.pace) > 1,
        no_curve=NO_CURVE.get(target.kind, ""),
        months=tuple(months_of(section.commitment, target, entries, curve)),
        entries=len(entries),
    )


def _description(status: TargetStatus) -> str:
    return (
        f"{status.name}：进度与序时进度。目标值 {status.goal}；当前值 {status.actual or '尚无数据'}；"
        f"完成率 {percent(status.completion)}；序时进度 {percent(status.expected)}；{status.light.value}。"
    )
