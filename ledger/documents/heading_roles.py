"""What one column holds by the words of its heading alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.core.units import default_units

ROLE_NAMES = {
    "序号": "number", "部门": "department", "协办": "partners", "事项": "title", "内容": "text", "任务": "text",
    "指标": "indicator", "单位": "unit", "目标": "goal", "上年": "baseline", "时限": "due", "难度": "difficulty", "不读": "other",
}  # fmt: skip
"""The words by which a person says what a column holds: `--columns 指标=2,单位=3,目标=5`."""

_UNIT_WORD = r"(?:单位|部门|处室|科室)"
_PERSON = r"(?:领导|责任人|负责人|联系人|市领导|县领导|区领导|人)"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("other", re.compile(rf"(?:牵头|责任|分管|包联|包抓|挂钩|主管|联系|挂联|督导|第一|项目|具体)*(?:市|县|区)?{_PERSON}|联系电话|电话")),
    ("number", re.compile(r"序号|编号|序|项次|NO\.?", re.IGNORECASE)),
    ("partners", re.compile(rf"(?:配合|协办|协同|协助|参与|参加|责任配合|辅助)(?:责任)?{_UNIT_WORD}")),
    (
        "department",
        re.compile(
            rf"(?:市级|县级|区级|主要|第一)?(?:责任|牵头|主办|承办|负责|实施|落实|主管|主体|承诺|牵头责任|责任牵头|牵头主办|完成|申报|建设){_UNIT_WORD}"
            rf"(?:及?{_UNIT_WORD})?|(?:部门|单位)名称|部门|责任主体|牵头部门|乡镇(?:街道)?|镇街|街镇|镇|街道|县区|区县|县市区|市县|地区|园区|开发区|县|区"
        ),
    ),
    ("supervisor", re.compile(r"(?:监考|监管|考核|督查|督办|评价|数据采集|数据来源|主管)(?:责任)?(?:单位|部门)")),
    (
        "due",
        re.compile(
            r"(?:计划|目标|预计|任务)?(?:完成|办结|实施|完工|竣工|整改)?(?:时限|期限|时间节点|时间要求|完成时间|时间安排"
            r"|时间|节点|进度安排|日期)(?:要求)?"
        ),
    ),
    ("difficulty", re.compile(r"(?:评定)?难度(?:评定|等级|系数)?")),
    (
        "growth",
        re.compile(
            r"(?:同比|比上年|较上年|比去年|年度|计划|预期|目标|预计)?(?:增长|增速|增幅|增减|±)(?:率|幅度|速度)?[±%％]*"
        ),
    ),
    ("period", re.compile(r"(?:第?[一二三四1-4]季度|上半年|前三季度|1-\d{1,2}月)(?:末|底|前)?(?:目标|计划|任务|累计|进度)*")),
    ("sign", re.compile(r"(?:指标)?(?:方向|符号|运算符|运算符号|判断符|比较符)")),
    ("weight", re.compile(r"分值|权重|标准分|赋分|得分|分数|考核分值|基准分")),
    (
        "attribute",
        re.compile(
            r"(?:指标)?(?:属性|类型|性质|类别)|备注|说明|评分(?:标准|办法)|计分(?:方法|办法)"
            r"|考核(?:标准|办法|方式|依据)|评价标准|佐证材料|数据来源|计算方法|资金来源|指标解释"
        ),
    ),
    ("unit", re.compile(r"(?:计量|指标|度量|计算)单位|单位")),
    (
        "baseline",
        re.compile(
            r"(?:上年|去年|上一年|前一年|现状|基期|基数|往年|历史|同期)(?:度|底|末)?(?:实际"
            r"|实绩|预计|已)?(?:完成|值|数|情况|水平|基数|实绩|实际|完成值|完成数|完成情况|基准)*"
            r"|基准值|基数|现状值|现值|初始值"
        ),
    ),
    (
        "goal",
        re.compile(
            r"(?:全年|年度|年初|本年|本年度|今年|当年|预期|考核|计划)?(?:预期|计划|绩效)?(?:目标值|指标值"
            r"|计划数|任务数|目标数|计划值|预期值|预期目标|计划目标|奋斗目标|实现值|预期实现值|目标量|任务量|考核值|值)"
            r"|(?:本年|今年|当年)(?:度)?(?:目标|计划|任务|预期)|增长目标|预计(?:完成|增长)|全年(?:累计|合计|任务)?"
        ),
    ),
    ("indicator", re.compile(r"(?:[一二三四]级|考核|评价|主要|具体|绩效|核心|经济|发展)?指标(?:名称|内容|项目)?|目标名称|指标体系")),
    (
        "text",
        re.compile(
            r"(?:年度|全年|本年度|今年|承诺|工作|具体|主要|重点|阶段|考核|任务|建设|项目)*(?:目标(?:和"
            r"|与|及)?任务|任务(?:和|与|及)?目标|任务及目标|目标任务|目标要求|工作要求|目标内容|工作目标|年度目标)"
            r"(?:要求|内容|值)?|(?:项目|工作|任务|建设|具体|主要|实施|承诺|考核|整改|重点工作|事项|措施)+(?:内容"
            r"|任务|要求|举措|措施)(?:及(?:目标|规模|标准|要求|规模))?|目标|任务|内容|建设规模|建设标准|实施规模|规模|数量|重点(?:工作)?任务"
            r"|(?:全年|本年度?|今年)目标|(?:年度|主要|核心|重点|具体)?量化(?:指标|目标|任务|标准)|(?:完成|达到|工作|目标)标准|(?:工作|预期|年度|目标|标志性)(?:成效|成果|效果)"
            r"|(?:建设|实施|推进|攻坚|整治)(?:目标|计划)|工作进度|进度目标|(?:年度|阶段性?)(?:工作)?(?:安排|计划)"
        ),
    ),
    (
        "title",
        re.compile(
            r"(?:承诺|民生|工作|目标|重点|实事|任务|考核|责任|改革|督办)*(?:事项|项目|工作"
            r"|实事)(?:名称|内容)?|任务名称|工作名称|工程名称|项目名称|名称|类别|领域|板块|责任目标"
        ),
    ),
)  # fmt: skip
_LOOSE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("goal", re.compile(r".{1,8}(?:目标值|指标值|目标数|任务数|计划数|计划值)")),
    ("indicator", re.compile(r"(?!.*(?:完成|情况)).{1,8}指标(?:名称|内容)?")),
    ("due", re.compile(r"(?!.*(?:开始|启动|开工)).{1,8}(?:时限|期限|时间节点)")),
    ("partners", re.compile(r".{0,6}(?:配合|协办|协助).{0,4}(?:单位|部门)")),
    (
        "department",
        re.compile(
            r"(?!.*(?:计量|度量|考核|监督|监管)).{1,8}(?:责任|牵头|主办|承办|实施).{0,4}(?:单位|部门|科室|处室)"
        ),
    ),
    ("text", re.compile(r"(?!.*(?:完成|情况|进展)).{1,8}(?:任务|内容|举措|措施|目标)")),
    ("title", re.compile(r"(?!.*(?:完成|情况|进展)).{1,8}(?:项目|事项|工作|名称)")),
)
"""By the last word of a heading, where its whole is none of the above: 主要任务指标, 城建重点项目."""

_YEAR = re.compile(r"(20\d\d)年?(?:度)?(.*)")


@dataclass(frozen=True, slots=True)
class HeadedColumn:
    """One column: its place from 0, what it holds, the unit its heading names, and the year it is of."""

    at: int
    role: str
    heading: str
    unit: str = ""
    year: int | None = None


def columns_of(cells: Sequence[str]) -> list[HeadedColumn]:
    """Return the columns that a line of headings names; the role is empty where a heading says nothing."""
    columns = []
    for at, cell in enumerate(cells):
        heading = re.sub(r"[\s\u3000*]", "", cell)
        bare = re.sub(r"[（(\[【].*?[）)\]】]", "", heading).strip("：:")
        dated = _YEAR.fullmatch(bare)
        role = _role(dated[2] if dated and dated[2] else bare)
        if dated and role in {"", "goal", "text", "baseline", "value"}:
            rest = dated[2]
            planned = re.search(r"目标|计划|预期|任务|安排", rest)
            done = re.search(r"完成|实际|实绩|现状|基期|基数|基准|执行", rest) and not planned
            role = "baseline" if done else "planned" if planned else "year"
        columns.append(HeadedColumn(at, role, cell, unit_in(heading), int(dated[1]) if dated else None))
    return columns


def _role(heading: str) -> str:
    if not heading or len(heading) > 16:
        return ""
    strict = next((role for role, pattern in _PATTERNS if pattern.fullmatch(heading)), "")
    return strict or next((role for role, pattern in _LOOSE if pattern.fullmatch(heading)), "")


def unit_in(heading: str) -> str:
    """Return the unit in brackets at the end of a heading: 投资额（万元）; empty where there is none."""
    match = re.search(r"[（(](?:单位[：:]?)?([^（）()]{1,10})[）)]$", re.sub(r"\s", "", heading))
    return match[1] if match and is_unit(match[1]) else ""


def is_unit(text: str) -> bool:
    """Return whether a text is a unit, with or without a multiplier: 万元, %, 微克/立方米, 个."""
    text = text.strip().replace("％", "%")
    if not text or len(text) > 12:
        return False
    table = default_units()
    bare = re.sub(r"^(?:万亿|千亿|百亿|亿|千万|百万|万|千|百)", "", text)
    words = {text, bare, *(bare.split("/")[:1] if "/" in bare else ())}
    return any(word and table.find(word) is not None for word in words) or bare in {
        "",
        "人次",
        "%",
        "‰",
        "百分点",
        "个百分点",
        "分",
        "位",
    }
