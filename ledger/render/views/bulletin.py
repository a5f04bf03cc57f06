"""The text of a bulletin (通报): title, paragraphs and rows of tables, the same for Word and Markdown.

The names are Chinese because offices use them in their templates: `{{ 标题 }}`, `{%p for 行 in 部门们 %}`. docs/guide/bulletin.md lists them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from ledger.commands.bulletin import Bulletin
from ledger.commands.report import Ranked, ReportData
from ledger.core.models.config import BulletinSettings
from ledger.core.progress import Light, TargetStatus
from ledger.core.progress.averages import WeightedValue, mean
from ledger.core.progress.percent import percent
from ledger.render.official import chinese_day, chinese_number, format_official
from ledger.render.views.bulletin_rows import (
    laggard_row,
    measure_row,
    measure_text,
    missing_rows,
    returned_rows,
    review_rows,
    unknown_rows,
)
from ledger.render.views.standing import (
    Standing,
    gap_name,
    gap_text,
    laggards,
    light_name,
    mean_completion,
    standings,
)
from ledger.render.views.status import dated_text, tiers_text

Content = dict[str, Any]

NAMED = 3
"""How many of its laggards a department's sentence names."""
SINGLED_OUT = 10
"""How many laggards the text describes; an attachment lists them all."""
LEADING = 3


def content(bulletin: Bulletin) -> Content:
    """Return everything a template can name."""
    data, settings = bulletin.data, bulletin.settings
    report = data.status
    late = laggards(data.sections)
    explained = any(standing.status.remark for standing in late)
    words = _letterhead(settings) | {
        "核验码": data.integrity.seal or "",
        "标题": f"{settings.issuer or ''}关于{bulletin.month.year}年{bulletin.month.month}月份承诺事项进展情况的通报",
        "账本": report.ledger,
        "模拟": report.simulated,
        "模拟说明": "本通报全部进度均为演示而生成的模拟数据，不是真实进度",
        "年": str(bulletin.month.year),
        "月": str(bulletin.month.month),
        "截至": chinese_day(bulletin.as_of),
        "印发日期": chinese_day(bulletin.today),
        "报送期限": chinese_day(data.due.deadline),
        "部门数": str(len(report.departments)),
        "总述": _summary(bulletin),
        "总体情况": _overall(data),
        "部门们": [_department(number, ranked, data) for number, ranked in enumerate(data.ranking, start=1)],
        "重点滞后": [
            {"序号": str(number), "说明": _described(standing, explained=explained)}
            for number, standing in enumerate(late[:SINGLED_OUT], start=1)
        ],
        "其余滞后": str(len(late) - SINGLED_OUT) if len(late) > SINGLED_OUT else "",
        "滞后": [laggard_row(standing) for standing in late],
        "措施": [measure_row(standing) for standing in late] if explained else [],
        "退回": returned_rows(data.due.departments),
        "差距名": gap_name(all(section.points for section in data.sections)),
        "未报": missing_rows(data.due.departments),
        "待评定": review_rows(data.due.departments),
        "无法判断": unknown_rows(data.sections),
    }
    words |= _attachments(words)
    words["报送情况"] = _reporting(bulletin, words["附件号"])
    words["说明"] = _notes(data)
    return words


def _letterhead(settings: BulletinSettings) -> Content:
    return {
        "发文机关": settings.issuer or "",
        "发文字号": settings.number or "",
        "签发": settings.signer or "",
        "主送": settings.recipients,
        "抄送": settings.copies or "",
        "印发机关": settings.printed_by or settings.issuer or "",
    }


def _attachments(words: Content) -> Content:
    titles = {
        "部门们": "承诺事项进展情况一览表",
        "滞后": "滞后目标明细表",
        "措施": "滞后目标原因和整改措施表",
        "未报": "未报送目标明细表",
        "退回": "退回待更正数据表",
        "待评定": "待督查评定目标表",
        "无法判断": "暂无法判断的目标及原因",
    }
    present = [name for name in titles if words[name]]
    return {
        "附件号": {name: str(number) for number, name in enumerate(present, start=1)},
        "附件": [
            f"{'附件：' if number == 1 else '　　　'}{number}.{titles[name]}"
            for number, name in enumerate(present, start=1)
        ],
        "附件名": titles,
    }


def _summary(bulletin: Bulletin) -> str:
    data = bulletin.data
    lights = Counter(status.light for section in data.sections for status in section.status.targets)
    completion = mean_completion(section.status for section in data.sections).value
    before = mean_completion(section.previous for section in data.sections).value
    return (
        f"截至{chinese_day(bulletin.as_of)}，{len(data.status.departments)}个部门共承担承诺事项{len(data.sections)}项、"
        f"目标{lights.total()}项，平均完成率{_share(completion)}{_compared(completion, before)}。其中，{_lit(lights)}。"
    )


def _compared(now: Fraction | None, before: Fraction | None) -> str:
    if now is None or before is None:
        return ""
    change = now - before
    if not change:
        return "，与上月持平"
    return f"，较上月{'提高' if change > 0 else '下降'}{percent(abs(change)).removesuffix('%')}个百分点"


def _share(value: Fraction | None) -> str:
    """Return a completion as a sentence tells it."""
    return "暂无法计算" if value is None else percent(value)


def _lit(lights: Mapping[Light, int]) -> str:
    return (
        "，".join(f"{light_name(light)}{lights[light]}项" for light in Light if lights.get(light))
        or "没有目标"
    )


def _overall(data: ReportData) -> list[str]:
    ranked = [ranked for ranked in data.ranking if ranked.department.completion.value is not None]
    ranked.sort(key=lambda ranked: -(ranked.department.completion.value or 0))
    paragraphs = []
    if len(ranked) > 2 * LEADING:
        paragraphs.append(
            f"完成率居前的部门是{_with_completion(ranked[:LEADING])}；"
            f"靠后的部门是{_with_completion(ranked[-LEADING:])}。"
        )
    elif ranked:
        paragraphs.append(f"按完成率由高到低，依次为{_with_completion(ranked)}。")
    paragraphs += _verified(data)
    changes = Counter(standing.turn for standing in standings(data.sections))
    if data.previous is not None and (turns := [turn for turn in ("改善", "转差", "持平") if changes[turn]]):
        counted = "，".join(f"{changes[turn]}项目标{turn}" for turn in turns)
        paragraphs.append(f"与上月底相比，{counted}{'' if changes['转差'] else '，没有转差的目标'}。")
    return paragraphs


def _verified(data: ReportData) -> list[str]:
    """Return how much of what was reported is verified; nothing where no figure was ever reviewed."""
    if not data.status.reviewed and not data.verified_only:
        return []
    waiting = sum(department.unverified for department in data.status.departments)
    rest = f"，尚有{waiting}项目标的数据待核定" if waiting else "，全部核定"
    known = [section.status.verified for section in data.sections if section.status.verified is not None]
    share = mean(WeightedValue(verified.value) for verified in known).value
    if data.verified_only:
        return [f"本通报只计督查核定的数据{rest}。"]
    return [f"已核定数据的承诺事项，按核定数计平均完成率{_share(share)}{rest}。"]


def _with_completion(ranked: Sequence[Ranked]) -> str:
    return "、".join(
        f"{item.department.department.name}（{percent(item.department.completion.value)}）" for item in ranked
    )


def _department(number: int, ranked: Ranked, data: ReportData) -> Content:
    status, name = ranked.department, ranked.department.department.name
    previous = (
        {each.department.name: each.completion.value for each in data.previous.departments}
        if data.previous
        else {}
    )
    share, before = status.completion.value, previous.get(name)
    place = f"，位居第{ranked.place.place}" if ranked.place.place is not None else ""
    sentences = [
        f"承担承诺事项{status.commitments}项、目标{status.targets}项，完成率{_share(share)}{_compared(share, before)}{place}。",
        f"{_lit(status.lights)}。",
    ]
    late = laggards(section for section in data.sections if section.commitment.department == name)
    if late:
        named = "、".join(_named(each) for each in late[:NAMED])
        sentences.append(f"落后于序时进度的目标{'主要' if len(late) > NAMED else ''}是{named}。")
    missing = next((len(each.to_report) for each in data.due.departments if each.department.name == name), 0)
    if missing:
        sentences.append(f"本期应报目标尚有{missing}项未报送。")
    change = None if share is None or before is None else share - before
    return {
        "序号": chinese_number(number),
        "名称": name,
        "位次": "—" if ranked.place.place is None else str(ranked.place.place),
        "承诺": str(status.commitments),
        "目标": str(status.targets),
        "完成率": percent(share),
        "环比": "—" if change is None else _signed(change),
        "未计入": str(status.completion.uncounted or ""),
        **{light.value: str(status.lights[light] or "") for light in Light},
        "尚无数据": str(status.lights[Light.UNREPORTED] or ""),
        "未报送": str(missing or ""),
        "进展": "".join(sentences),
    }


def _signed(change: Fraction) -> str:
    if not change:
        return "持平"
    return f"{'▲' if change > 0 else '▼'}{percent(abs(change)).removesuffix('%')}"


def _named(standing: Standing) -> str:
    gap = gap_text(standing.status, standing.section.points).replace(" ", "")
    return f"“{standing.status.name}”" + (f"（{gap}）" if gap else "")


def _described(standing: Standing, *, explained: bool) -> str:
    """Describe a laggard in a sentence; `explained` says that causes are asked for, so that a missing one is said."""
    status = standing.status
    gap = gap_text(status, standing.section.points).replace(" ", "").replace("落后", "低于序时进度")
    turn = standing.turn
    clauses = [
        f"目标值{status.goal}，当前值{status.actual or '—'}"
        + (f"，系{dated_text(status)}数据" if status.months_old else ""),
        f"完成率{percent(status.completion)}" if status.completion is not None else "",
        gap,
        f"较上月{turn}" if turn in {"改善", "转差"} else "与上月持平" if turn else "",
        tiers_text(status),
    ]
    words = format_official("，".join(filter(None, clauses)))
    cause = f"{_cause(status)}。" if status.remark else "责任单位未说明原因和措施。" if explained else ""
    return f"{standing.section.commitment.department}“{status.name}”。{words}。{cause}"


def _cause(status: TargetStatus) -> str:
    """Return cause and measure of a laggard as an official writes them: 原因：…；措施：…，由李四负责，9月30日前完成（已逾期）."""
    remark = status.remark
    assert remark is not None
    measure = f"措施：{measure_text(remark)}" if remark.measure else ""
    return "；".join(filter(None, (f"原因：{remark.cause.rstrip('。；')}", measure)))


def _reporting(bulletin: Bulletin, numbers: Mapping[str, str]) -> list[str]:
    due = bulletin.data.due
    called = sum(department.called - len(department.reviews) for department in due.departments)
    missing = sum(len(department.to_report) for department in due.departments)
    if not missing:
        paragraphs = [f"本期应报目标{called}项，均已报送。"]
    else:
        verb = "应于" if due.days_late else "请于"
        names = "、".join(
            f"{department.department.name}（{len(department.to_report)}项）"
            for department in due.departments
            if department.to_report
        )
        paragraphs = [
            (
                f"本期应报目标{called}项，已报送{called - missing}项，未报送{missing}项（{verb}{chinese_day(due.deadline)}前报送）。"
                f"未报送的部门是{names}，明细见附件{numbers['未报']}。"
            )
        ]
    if due.returned:
        names = "、".join(
            f"{department.department.name}（{sum(len(item.call.returned) for item in department.returned)}项）"
            for department in due.departments
            if department.returned
        )
        paragraphs.append(
            f"经核对，退回上报数据{due.returned}项，有关部门应抓紧核实更正：{names}，明细见附件{numbers['退回']}。"
        )
    reviews = sum(len(department.reviews) for department in due.departments)
    if reviews:
        paragraphs.append(f"另有{reviews}项定性目标待督查评定，见附件{numbers['待评定']}。")
    return paragraphs


def _notes(data: ReportData) -> list[str]:
    integrity = data.integrity
    seal = "数据尚未封账，以封账数为准。"
    if integrity.seal:
        source = "" if integrity.seal_asked else "（核验码以最近一次同步所得为准）"
        seal = f"以上为{integrity.seal_label}封账数{source}。"
    checked = {
        True: "经核验，本期记录未见改动。",
        False: "本期记录的核验发现问题，正在核查。",
        None: "本期记录尚未核验。",
    }
    notes = [
        (
            "完成率为各承诺事项完成率的平均值，单项目标超额部分不计，暂无法计算和未报送的不计入；"
            "位次、比较、定性类目标不计算完成率。"
        ),
        data.status.pace_text.replace(" ", "")
        + "。"
        + (
            "位次按得分排列，逾期未报送的目标按零计。"
            if data.silence_is_zero
            else "位次按已报送目标的得分排列。"
        ),
        seal + checked[integrity.sound],
    ]
    inferred = [status.department.name for status in data.status.departments if status.department.inferred]
    if inferred:
        notes.append(f"以下责任单位系初步认定，待核实：{'、'.join(inferred)}。")
    return notes
