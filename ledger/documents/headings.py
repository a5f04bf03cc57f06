"""What the columns of a table hold, found by the meaning of their headings and by what stands below them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from ledger.core.units import default_units
from ledger.documents.model import Grid, GridRow

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
_BODY = re.compile(
    r"(?:[局委办厅处部院镇乡科室]|中心|街道|公司|集团|银行|政府|[大总支]队|联合会|[残妇]联|管委会|法院|学校|园区|[县区市]|协会|系|组|站|所)$"
)
_NUMBER = re.compile(
    r"[≥≤<>＞＜±约超过不低高少于大小]{0,4}\s*[-−]?\d[\d,.]*\s*(?:[%‰％])?(?:以上|以下|以内|左右|及以上)?"
)
_SIGN = re.compile(r"[≥≤><=＝＞＜≧≦]|大于等于|小于等于|等于|大于|小于|不低于|不高于|定性|定量")
_WITHIN = 30
"""A heading stands near the top: titles and remarks above it are a few lines."""


@dataclass(frozen=True, slots=True)
class HeadedColumn:
    """One column: its place from 0, what it holds, the unit its heading names, and the year it is of."""

    at: int
    role: str
    heading: str
    unit: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Headings:
    """The columns of a table, and the number of its first line below them."""

    columns: tuple[HeadedColumn, ...]
    first: int

    def find(self, role: str) -> HeadedColumn | None:
        """Return the first column of a role."""
        return next((column for column in self.columns if column.role == role), None)

    def all(self, role: str) -> tuple[HeadedColumn, ...]:
        """Return every column of a role, from left to right."""
        return tuple(column for column in self.columns if column.role == role)


def find_headings(grid: Grid, year: int | None = None) -> Headings | None:
    """Return the headings of a grid, of one line or two; None where no line is a heading of a plan."""
    for number, line in enumerate(grid.lines[:_WITHIN]):
        following = grid.lines[number + 1] if number + 1 < len(grid.lines) else None
        for cells, first in _candidates(line, following, number):
            columns = _resolve_roles(_columns(cells), grid.lines[first:], year)
            if columns is not None:
                return Headings(columns, first)
    return None


def given_headings(grid: Grid, places: Mapping[str, int], year: int | None = None) -> Headings:
    """Return the headings that a person has given as role → column from 1; lines that look like headings are passed over."""
    headings = find_headings(grid, year)
    first = headings.first if headings else 0
    names = grid.lines[first - 1].cells if headings else ()
    columns = tuple(
        HeadedColumn(
            at - 1,
            role,
            names[at - 1] if at - 1 < len(names) else "",
            _unit_in(names[at - 1]) if at - 1 < len(names) else "",
        )
        for role, at in sorted(places.items(), key=lambda pair: pair[1])
    )
    return Headings(columns, first)


def is_heading(line: GridRow) -> bool:
    """Return whether a line is a heading again, as on a new page."""
    return _resolve_roles(_columns(line.cells), (), None) is not None and not any(
        re.search(r"\d{2}", cell) for cell in line.cells
    )


def _candidates(line: GridRow, following: GridRow | None, number: int) -> list[tuple[tuple[str, ...], int]]:
    """Return the heading that a line is alone, and with the line below where its cells are merged or the line below goes on."""
    plain = [(line.cells, number + 1)]
    if following is None or len(following.cells) != len(line.cells):
        return plain
    if len({cell for cell in line.cells if cell}) < 2:
        return plain  # a title over the whole table
    merged = len({cell for cell in line.cells if cell}) < sum(bool(cell) for cell in line.cells) or bool(
        following.joined
    )
    units = [cell for cell in following.cells if cell]
    merged = merged or (bool(units) and all(_unit_in(cell) for cell in units))
    short = all(len(cell) <= 14 and not _NUMBER.fullmatch(cell) for cell in following.cells)
    if not (merged and short and any(following.cells)):
        return plain
    both = tuple(
        upper if upper == lower or not lower else lower if not upper else f"{upper}{lower}"
        for upper, lower in zip(line.cells, following.cells, strict=True)
    )
    distinct = len(set(both)) > len(set(line.cells)) or all(_unit_in(cell) for cell in units)
    return [(both, number + 2), *plain] if distinct else plain


def _columns(cells: Sequence[str]) -> list[HeadedColumn]:
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
        columns.append(HeadedColumn(at, role, cell, _unit_in(heading), int(dated[1]) if dated else None))
    return columns


def _role(heading: str) -> str:
    if not heading or len(heading) > 16:
        return ""
    strict = next((role for role, pattern in _PATTERNS if pattern.fullmatch(heading)), "")
    return strict or next((role for role, pattern in _LOOSE if pattern.fullmatch(heading)), "")


def _unit_in(heading: str) -> str:
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


def _resolve_roles(
    columns: list[HeadedColumn], lines: Sequence[GridRow], year: int | None
) -> tuple[HeadedColumn, ...] | None:
    """Return the columns with doubtful roles decided by what stands below; None where they are no plan's."""
    columns = [_by_cells(column, columns, lines) for column in columns]
    columns = _by_year(columns, year)
    for decide in _DECISIONS:
        columns = decide(columns, lines)
        if "measure" in _in_roles(columns):
            return tuple(columns)
    roles = _in_roles(columns)
    known = sum(column.role not in {"", "year", "planned"} for column in columns)
    enough = {"goal", "indicator"} <= roles or ("text" in roles and known >= 2)
    return tuple(columns) if enough else None


def _in_roles(columns: Sequence[HeadedColumn]) -> set[str]:
    return {column.role for column in columns}


def _with_role(columns: Sequence[HeadedColumn], places: Collection[int], role: str) -> list[HeadedColumn]:
    return [replace(column, role=role) if column.at in places else column for column in columns]


def _goal_of_text(columns: list[HeadedColumn], lines: Sequence[GridRow]) -> list[HeadedColumn]:
    """Beside an indicator a column of texts that are mostly figures holds the goals."""
    roles = _in_roles(columns)
    if "goal" in roles or not {"indicator", "text"} <= roles:
        return columns
    figures = {column.at for column in columns if column.role == "text" and _numeric(column, lines) >= 0.5}
    return _with_role(columns, figures, "goal")


def _goal_of_figures(columns: list[HeadedColumn], lines: Sequence[GridRow]) -> list[HeadedColumn]:
    """The only column of figures under an unknown heading holds the goals, where another column has words."""
    if {"goal", "indicator"} & _in_roles(columns):
        return columns
    figures = {
        column.at
        for column in columns
        if not column.role and column.heading and _numeric(column, lines) >= 0.7
    }
    return _with_role(columns, figures, "goal") if len(figures) == 1 and _wordy(columns, lines) else columns


def _indicator_of_subject(columns: list[HeadedColumn], lines: Sequence[GridRow]) -> list[HeadedColumn]:
    """Goals without an indicator belong to the column that names their subject."""
    roles = _in_roles(columns)
    if "goal" not in roles or "indicator" in roles or not {"title", "text"} & roles:
        return columns
    return _with_role(columns, {_subject_column(columns, lines)}, "indicator")


def _text_of_last(columns: list[HeadedColumn], _: Sequence[GridRow]) -> list[HeadedColumn]:
    """Without goals and texts the last title states the goal, and so does the last indicator that stands beside others."""
    roles = _in_roles(columns)
    if {"text", "goal"} & roles:
        return columns
    last = {column.role: column.at for column in columns}
    named = sum(bool(column.role) for column in columns)
    texts = {
        last[role] for role in ("title", "indicator") if role in roles and (role == "title" or named > 1)
    }
    return _with_role(columns, texts, "text")


def _department_of_supervisor(columns: list[HeadedColumn], _: Sequence[GridRow]) -> list[HeadedColumn]:
    """Where no column names departments, those that lead are meant."""
    if "department" in _in_roles(columns):
        return columns
    leading = {column.at for column in columns if column.role == "supervisor"}
    return _with_role(columns, leading, "department")


def _by_cells(
    column: HeadedColumn, columns: Sequence[HeadedColumn], lines: Sequence[GridRow]
) -> HeadedColumn:
    """单位 is a unit where units stand below, and else a department; 目标 is a goal where numbers stand below."""
    cells = [
        line.cells[column.at].strip()
        for line in lines
        if column.at < len(line.cells) and line.cells[column.at].strip()
    ]
    if cells and column.role not in {"goal", "text"} and all(_SIGN.fullmatch(cell) for cell in cells):
        return replace(column, role="sign")
    if column.role == "indicator" and len(columns) > 1 and _numeric(column, lines) >= 0.7:
        return replace(column, role="goal")
    if column.role == "unit":
        units, bodies = sum(map(is_unit, cells)), sum(bool(_BODY.search(cell)) for cell in cells)
        return (
            replace(column, role="department")
            if bodies > units
            or (
                not cells
                and _role_count(columns, "department") == 0
                and _role_count(columns, "indicator") == 0
            )
            else column
        )
    strict = any(re.fullmatch(r"承诺(?:事项|内容|项目)", other.heading.strip()) for other in columns)
    if column.role == "text" and cells and not strict and _numeric(column, lines) >= 0.7:
        return replace(column, role="goal")
    if column.role == "goal" and cells and sum(len(cell) > 24 for cell in cells) > len(cells) / 2:
        return replace(column, role="text")
    return column


def _by_year(columns: list[HeadedColumn], year: int | None) -> list[HeadedColumn]:
    """Of columns that only name years, the plan's year is the goal, and the year before it the baseline.

    A column that says 目标 or 计划 beside its year comes before one that only names a year.
    """
    dated = [c for c in columns if c.role in {"year", "planned"}]
    if not dated:
        return columns
    if any(c.role == "goal" for c in columns):
        return [replace(c, role="baseline") if c in dated else c for c in columns]
    years = sorted({c.year or 0 for c in dated if c.role == "planned"} or {c.year or 0 for c in dated})
    chosen = year if year in years else years[-1]
    roles = {c.at: _dated_role(c, chosen, dated) for c in dated}
    return [replace(c, role=roles.get(c.at, c.role)) for c in columns]


def _measures(columns: list[HeadedColumn], lines: Sequence[GridRow]) -> list[HeadedColumn]:
    """Return the columns of a table that gives each unit its share, a column for each indicator: 单位 | 到位资金（亿元） | 新开工项目（个）."""
    roles = [c.role for c in columns]
    owner = next((c for c in columns if c.role in {"department", "unit"}), None)
    if owner is None or "indicator" in roles or len(lines) < 2:
        return columns
    owners = [line.cells[owner.at] for line in lines if owner.at < len(line.cells) and line.cells[owner.at]]
    named = sum(bool(_BODY.search(re.sub(r"\s", "", cell))) for cell in owners)
    if (
        not owners
        or named < len(owners) / 2
        or any(c.role in {"title", "text"} and _numeric(c, lines) < 0.5 for c in columns)
    ):
        return columns
    measures = [
        c
        for c in columns
        if c.at > owner.at
        and c.role in {"", "goal", "text", "title"}
        and c.heading
        and _numeric(c, lines) >= 0.7
    ]
    if not any(c.unit or _shows_units(c, lines) for c in measures):
        return columns
    at = {c.at for c in measures}
    return [
        replace(c, role="measure") if c.at in at else replace(c, role="department") if c is owner else c
        for c in columns
    ]


def _shows_units(column: HeadedColumn, lines: Sequence[GridRow]) -> bool:
    """Return whether the cells of a column hold figures with units: 120户."""
    cells = [line.cells[column.at] for line in lines if column.at < len(line.cells) and line.cells[column.at]]
    return sum(bool(re.search(r"\d\s*[^\d\s.,]", cell)) for cell in cells) > len(cells) / 2


def _subject_column(columns: Sequence[HeadedColumn], lines: Sequence[GridRow]) -> int:
    """Return the column that names what the goals are of: the short words beside them, else the titles."""
    titles = [c.at for c in columns if c.role == "title"]
    texts = [c.at for c in columns if c.role == "text"]
    goal = next(c.at for c in columns if c.role == "goal")
    near = [at for at in texts if at == goal - 1]
    if titles and near:
        cells = [line.cells[near[0]] for line in lines if near[0] < len(line.cells) and line.cells[near[0]]]
        short = sum(len(cell) <= 16 and not re.search(r"\d[^A-Za-z]*$", cell) for cell in cells)
        if cells and short > len(cells) / 2:
            return near[0]
    return max(titles or texts)


def _wordy(columns: Sequence[HeadedColumn], lines: Sequence[GridRow]) -> bool:
    """Return whether the columns that should state goals hold words without figures: 项目名称 | 数."""
    cells = [
        line.cells[c.at]
        for c in columns
        if c.role in {"text", "title"}
        for line in lines
        if c.at < len(line.cells) and line.cells[c.at]
    ]
    return len(cells) > 1 and not any(re.search(r"\d", cell) for cell in cells)


def _dated_role(column: HeadedColumn, chosen: int, dated: Sequence[HeadedColumn]) -> str:
    if column.year != chosen:
        return "baseline" if (column.year or 0) < chosen else "other"
    planned = any(other.role == "planned" and other.year == chosen for other in dated)
    return "goal" if column.role == "planned" or not planned else "baseline"


def _role_count(columns: Sequence[HeadedColumn], role: str) -> int:
    return sum(column.role == role for column in columns)


def _numeric(column: HeadedColumn, lines: Sequence[GridRow]) -> float:
    cells = [
        line.cells[column.at].strip()
        for line in lines
        if column.at < len(line.cells) and line.cells[column.at].strip()
    ]
    amounts = sum(
        bool(_NUMBER.match(cell)) and len(cell) <= 14 and not re.match(r"\d{1,3}[.、．]\D", cell)
        for cell in cells
    )
    return amounts / len(cells) if cells else 0.0


_DECISIONS = (
    _measures,
    _goal_of_text,
    _goal_of_figures,
    _indicator_of_subject,
    _text_of_last,
    _department_of_supervisor,
)
"""What decides doubtful roles, in this order; each sees what the ones before it decided."""
