"""The words of a bulletin (通报): heading, sentences and rows in Chinese, the same for every format. Knows no format.

The names are Chinese because the office edits them in its template: `{{ 标题 }}`, `{%p for 部门 in 部门们 %}`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from ledger.commands.bulletin import Bulletin
from ledger.commands.report_data import CommitmentSection, Ranked
from ledger.core.progress import Light, TargetStatus
from ledger.core.progress.percent import percent
from ledger.render.views.standing import gap_name, gap_number, gap_text, remarks_of

Content = dict[str, Any]
Row = dict[str, str]

NAMED = 6
"""How many laggards a department's sentence names before it says 等; the table names them all."""


def content(bulletin: Bulletin) -> Content:
    """Return everything a template can name."""
    dossier, status = bulletin.dossier, bulletin.dossier.status
    lights = Counter(one.light for file in dossier.files for one in file.status.targets)
    made = dossier.assurance
    unsealed = "未封账，数字还可能改动"
    return {
        "账本": status.ledger,
        "标题": f"关于{bulletin.month.year}年{bulletin.month.month}月份承诺事项进展情况的通报",
        "模拟": status.simulated,
        "模拟说明": "模拟数据：本通报全部进度都是为演示生成的，不是任何部门的真实进度",
        "年": str(bulletin.month.year),
        "月": str(bulletin.month.month),
        "截至": chinese_day(bulletin.as_of),
        "印发日期": chinese_day(bulletin.today),
        "总述": _summary(bulletin, lights),
        "部门数": str(len(status.departments)),
        "部门们": [_department(one, dossier.files) for one in dossier.ranking],
        "滞后": _laggards(dossier.files),
        "差距名": gap_name(all(file.points for file in dossier.files)),
        "未报": _missing(bulletin),
        "待评定": _reviews(bulletin),
        "无法判断": _unknown(dossier.files),
        "推断": [one.department.name for one in status.departments if one.department.inferred],
        "封账": f"{made.seal_label} 封账号 {made.seal}" if made.seal else unsealed,
        "审计": made.audit or "未审计",
        "依据提交": dossier.tip[:12] if dossier.tip else "有未提交的改动",
        "报送期限": chinese_day(bulletin.due.deadline),
    }


def chinese_day(on: date) -> str:
    """Return a day as official papers write it: 2023年6月30日."""
    return f"{on.year}年{on.month}月{on.day}日"


def _summary(bulletin: Bulletin, lights: Mapping[Light, int]) -> str:
    files = bulletin.dossier.files
    return (
        f"截至{chinese_day(bulletin.as_of)}，{len(bulletin.dossier.ranking)}个部门的{len(files)}项承诺事项共"
        f"{sum(lights.values())}个目标中，{_lit(lights)}。"
    )


def _lit(lights: Mapping[Light, int]) -> str:
    return "，".join(f"{light.value}{lights[light]}个" for light in Light if lights.get(light)) or "没有目标"


def _department(ranked: Ranked, files: Iterable[CommitmentSection]) -> Content:
    one, name = ranked.department, ranked.department.department.name
    own = [
        (file, status)
        for file in files
        if file.commitment.department == name
        for status in file.status.targets
    ]
    late = [(file, status) for file, status in own if status.light in {Light.BEHIND, Light.FAR_BEHIND}]
    late.sort(key=lambda pair: (pair[1].light is not Light.FAR_BEHIND, -(pair[1].gap or Fraction(0))))
    uncounted = f"（{one.completion.uncounted}项无法计算，未计入）" if one.completion.uncounted else ""
    share = percent(one.completion.value)
    said = f"{one.commitments}项承诺、{one.targets}个目标，完成率{share}{uncounted}，{_lit(one.lights)}。"
    if late:
        named = "、".join(_named(file, status) for file, status in late[:NAMED])
        more = f"等{len(late)}个目标" if len(late) > NAMED else ""
        said += f"落后于序时进度的有：{named}{more}。"
    return {
        "名称": name,
        "位次": "—" if ranked.place.place is None else str(ranked.place.place),
        "承诺": str(one.commitments),
        "目标": str(one.targets),
        "完成率": share,
        "未计入": str(one.completion.uncounted or ""),
        **{light.value: str(one.lights[light] or "") for light in Light},
        "进展": said,
    }


def _named(file: CommitmentSection, status: TargetStatus) -> str:
    gap = gap_text(status, file.points).replace(" ", "")
    return status.name + (f"（{gap}）" if gap else "")


def _laggards(files: Iterable[CommitmentSection]) -> list[Row]:
    found = [
        (file, status)
        for file in files
        for status in file.status.targets
        if status.light in {Light.BEHIND, Light.FAR_BEHIND}
    ]
    found.sort(key=lambda pair: (pair[1].light is not Light.FAR_BEHIND, -(pair[1].gap or Fraction(0))))
    return [
        {
            "部门": file.commitment.department,
            "编号": file.commitment.id,
            "目标": status.name,
            "目标值": status.goal,
            "现在": status.actual or "—",
            "完成": percent(status.completion),
            "序时": percent(status.expected),
            "差距": gap_number(status),
            "亮灯": status.light.value,
        }
        for file, status in found
    ]


def _missing(bulletin: Bulletin) -> list[Row]:
    return [
        {
            "部门": one.department.name,
            "应报": str(one.called),
            "未报": str(len(one.own)),
            "目标": "；".join(f"{item.commitment.id} {item.target.name}" for item in one.own),
        }
        for one in bulletin.due.departments
        if one.own
    ]


def _reviews(bulletin: Bulletin) -> list[Row]:
    return [
        {"部门": one.department.name, "编号": item.commitment.id, "目标": item.target.name}
        for one in bulletin.due.departments
        for item in one.reviews
    ]


def _unknown(files: Iterable[CommitmentSection]) -> list[Row]:
    return [
        {
            "部门": file.commitment.department,
            "编号": file.commitment.id,
            "目标": status.name,
            "原因": "；".join(remarks_of(status)) or "—",
        }
        for file in files
        for status in file.status.targets
        if status.light is Light.UNKNOWN
    ]
