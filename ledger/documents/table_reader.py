"""Reads one table with known headings into rows of a plan."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ledger.documents.bounds import MAX_CELL
from ledger.documents.heading_roles import HeadedColumn
from ledger.documents.headings import Headings, is_heading
from ledger.documents.model import (
    Grid,
    GridRow,
    Row,
    TableReading,
)
from ledger.documents.prose import ITEM_END, one_line

_STRICT_TITLES = re.compile(r"承诺(?:事项|内容|项目)|事项(?:名称)?|目标事项")
_BARE_AMOUNT = re.compile(
    r"(?:[≥≤><＞＜≧≦=＝]|不[低少小]于|不[高多大]于|不超过|超过?|低于|高于|大于|小于|约|控制在)*\s*[-−负]?\d[\d,.]*(?:\s*[-~～—至]\s*\d[\d,.]*)?"
    r"\s*(?:及?以上|及?以下|以内|左右|（含）)?"
)
_WORDED_AMOUNT = re.compile(r"([^\d]*[\u4e00-\u9fff]\s*-?\d[\d.,]*)(\s*(?:及?以上|及?以下|以内|左右)?)")
_MARK = re.compile(
    r"^[\s*★▲※☆△●■◆]*(?:[（(]?\d{1,3}[）).、．](?!\d)|[（(][一二三四五六七八九十]+[）)]|[一二三四五六七八九十]{1,3}、|[①-⑳])?\s*"
)
_BODY_ENDS = re.compile(r"(?:[局委办厅处部院镇乡科室区县市组会站所校]|中心|街道|公司|集团|银行|政府|队|联)$")
_MEASURED = re.compile(r"(?:年度|计划)?(?:完成)?投资(?:计划|额)?$")
_NAMELESS = re.compile(r"(?:年度|计划|目标|全年)?(?:任务|目标|计划)(?:任务)?(?:数|量|值)?|数量|合计")
EMPTY_CELLS = frozenset(["", "-", "—", "——", "/", "\\", "无", "……"])


@dataclass(slots=True)
class TableReader:
    """Reader of the lines of tables; collects rows, notices and faults over all of them."""

    year: int | None
    rows: list[Row] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    tables: list[TableReading] = field(default_factory=list)
    above: dict[str, str] = field(default_factory=dict)  # what a blank cell takes from the line above

    def read(self, grid: Grid, headings: Headings, default_unit: str) -> None:
        """Read the lines below a table's headings."""
        self.above = {"table": _table_title(grid, headings)}
        for line in grid.lines[headings.first :]:
            if not any(line.cells) or is_heading(line):
                continue
            if self._is_section(line, headings):
                continue
            if headings.find("measure") is not None:
                self._shares(line, headings, default_unit)
            elif headings.find("goal") is not None and headings.find("indicator") is not None:
                self._indicator(line, headings, default_unit)
            else:
                self._task(line, headings)

    def _is_section(self, line: GridRow, headings: Headings) -> bool:
        """Return whether a line only holds a heading between rows or a remark; said in a notice."""
        filled = [cell for cell in line.cells if cell]
        words = filled[0]
        alone = len(set(line.cells)) == 1 or (len(filled) == 1 and not re.search(r"\d[^、.）)]", words))
        department = self._cell(line, headings.find("department"))
        bare = bool(department) and not any(
            self._cell(line, headings.find(role))
            for role in ("title", "text", "indicator", "goal", "measure")
        )
        if alone or bare:
            self.notices.append(f"{line.place}只有一格文字，当作小标题或附注，没有读：{words[:20]}")
        return alone or bare

    def _task(self, line: GridRow, headings: Headings) -> None:
        title_column, text_column = headings.find("title"), headings.find("text")
        texts = [self._cell(line, column) for column in headings.all("text")]
        title, text = self._cell(line, title_column), ITEM_END.join(dict.fromkeys(filter(None, texts)))
        department, partners = self._owners(line, headings)
        if not title and not text:
            self.notices.append(f"{line.place}没有承诺事项和年度目标，没有读")
            return
        if (
            title_column is not None
            and not title
            and not _STRICT_TITLES.fullmatch(title_column.heading.strip())
        ):
            title = self.above.get("title", "")
        if not text or (not title and title_column is not None):
            missing = "承诺事项" if text else "年度目标"
            words = f"没有{missing}，只有“{(title or text)[:30]}”"
            if title_column is not None and _STRICT_TITLES.fullmatch(title_column.heading.strip()):
                self.faults.append(f"{line.place}：{words}")
            else:
                self.notices.append(f"{line.place}{words}，没有读")
            return
        self.above["title"] = title
        joined = {column.at for column in (title_column, text_column) if column is not None}
        if joined <= line.joined and len(joined) == 2:
            return  # one commitment drawn over several rows: read once
        self._add(line, text, title, department, partners, headings)

    def _indicator(self, line: GridRow, headings: Headings, default_unit: str) -> None:
        """One indicator with its goal, composed into words: 地区生产总值（亿元）：550（上年512亿元）."""
        names = [self._cell(line, column) for column in headings.all("indicator")]
        name = next((name for name in reversed(names) if name), "")
        name = _MARK.sub("", name).strip("：: ") or self.above.get("indicator", "")
        goal_column = headings.find("goal")
        goal = self._cell(line, goal_column)
        department, partners = self._owners(line, headings)
        if goal in EMPTY_CELLS or not name or goal_column is None:
            shown = "、".join(dict.fromkeys(cell for cell in line.cells if cell))[:30]
            self.notices.append(f"{line.place}没有{'目标值' if name else '指标名称'}，没有读：{shown}")
            return
        self.above["indicator"] = name
        goal = self._signed(line, headings, goal)
        unit = self._cell(line, headings.find("unit")) or goal_column.unit or default_unit
        text = _goal_text(name + _measured(goal_column), unit if unit not in EMPTY_CELLS else "", goal)
        text = self._dated(headings, goal_column) + text + self._by_period(line, headings, unit, goal)
        before = self._cell(line, self._last_year(headings))
        if before not in EMPTY_CELLS and re.search(r"\d", before):
            bare = _BARE_AMOUNT.fullmatch(before)
            text += f"（上年{before}{unit if bare and unit not in EMPTY_CELLS else ''}）"
        text += self._growth(line, headings, goal_column, unit)
        beside = [self._cell(line, column) for column in headings.all("text")]
        text = ITEM_END.join([*filter(None, beside), text])
        title = next((self._cell(line, column) for column in headings.all("title")), "") or name
        self._add(
            line, text, re.sub(r"[（(][^（）()]*[）)]$", "", title) or title, department, partners, headings
        )

    def _shares(self, line: GridRow, headings: Headings, default_unit: str) -> None:
        """One unit's share of each indicator that has a column: 到位资金（亿元）：12; 新开工项目（个）：6."""
        department, partners = self._owners(line, headings)
        if not department or re.fullmatch(r"合计|总计|小计|全[市县区省]", department):
            self.notices.append(
                f"{line.place}是合计或没有单位，没有读：{'、'.join(filter(None, line.cells))[:30]}"
            )
            return
        texts = []
        for column in headings.all("measure"):
            goal = self._cell(line, column)
            if goal in EMPTY_CELLS:
                continue
            name = re.sub(r"[（(][^（）()]*[）)]$", "", re.sub(r"\s", "", column.heading))
            if _NAMELESS.fullmatch(name):
                remark = self._cell(line, headings.find("attribute"))
                name = remark if remark and not re.search(r"\d", remark) else self.above["table"] or name
            texts.append(_goal_text(name, column.unit or default_unit, goal))
        if texts:
            self._add(
                line,
                ITEM_END.join(texts),
                f"{department}{texts[0].split('（')[0]}等" if len(texts) > 1 else texts[0],
                department,
                partners,
                headings,
            )

    def _signed(self, line: GridRow, headings: Headings, goal: str) -> str:
        """Return a goal with the sign that stands in a column of its own: ≥ | 15; = is no bound."""
        sign = self._cell(line, headings.find("sign"))
        if _BARE_AMOUNT.fullmatch(goal) and goal[:1].isdigit() and sign not in {"定性", "定量"}:
            goal = sign + goal
        return re.sub(r"^(?:[=＝]|等于)\s*(?=[\d-])", "", goal)

    def _by_period(self, line: GridRow, headings: Headings, unit: str, goal: str) -> str:
        """Return the amounts due by quarter, where the table has a column for each: ，其中一季度40亿元，上半年105亿元."""
        points = [(column, self._cell(line, column)) for column in headings.all("period")]
        if unit in {"", "%", "％", "‰", *EMPTY_CELLS} or not _BARE_AMOUNT.fullmatch(goal):
            return ""
        words = [
            f"{re.sub(r'[（(].*', '', column.heading).strip()}{cell}{unit}"
            for column, cell in points
            if re.fullmatch(r"\d[\d.]*", cell)
        ]
        return "".join(f"，其中{word}" if number == 0 else f"，{word}" for number, word in enumerate(words))

    def _growth(self, line: GridRow, headings: Headings, goal: HeadedColumn, unit: str) -> str:
        """Return the growth that a column behind the goal states beside an amount: ，增长6.5%."""
        column = headings.find("growth")
        cell = self._cell(line, column).rstrip("%％")
        if (
            column is None
            or column.at < goal.at
            or unit in {"%", "％", "‰"}
            or not re.fullmatch(r"[+-]?\d[\d.]*", cell)
        ):
            return ""
        return f"，同比增长{cell.lstrip('+')}%"

    def _dated(self, headings: Headings, goal: HeadedColumn) -> str:
        """Return the words that say a goal is of another year, where its column is: 到2025年，."""
        if goal.year is None:
            return ""
        earlier = [
            column.year for column in headings.columns if column.year is not None and column.year < goal.year
        ]
        distant = bool(earlier) and goal.year - max(earlier) > 1
        other = goal.year != self.year if self.year is not None else distant
        return f"到{goal.year}年，" if other else ""

    def _last_year(self, headings: Headings) -> HeadedColumn | None:
        columns = headings.all("baseline")
        dated = [column for column in columns if column.year is not None]
        return (
            max(dated, key=lambda column: column.year or 0) if dated else (columns[-1] if columns else None)
        )

    def _owners(self, line: GridRow, headings: Headings) -> tuple[str, tuple[str, ...]]:
        """Return the leading unit and the others of a line; a blank cell takes the unit above."""
        named: list[str] = []
        for column in headings.all("department"):
            named += units_in(self._raw(line, column))
        if named:
            self.above["department"] = "、".join(named)
        elif headings.find("department") is not None:
            named = [name for name in self.above.get("department", "").split("、") if name]
        partners = [*named[1:]]
        for column in headings.all("partners"):
            partners += units_in(self._raw(line, column))
        return (named[0] if named else ""), tuple(dict.fromkeys(partners))

    def _add(
        self,
        line: GridRow,
        text: str,
        title: str,
        department: str,
        partners: tuple[str, ...],
        headings: Headings,
    ) -> None:
        if max(len(title), len(text)) > MAX_CELL:
            self.faults.append(
                f"{line.place}：一格有 {max(len(title), len(text))} 字，超过上限 {MAX_CELL} 字"
            )
            return
        due = self._cell(line, headings.find("due"))
        if due not in EMPTY_CELLS:
            text += f"\u3000完成时限：{due}"
        difficulty = self._cell(line, headings.find("difficulty"))
        self.rows.append(Row(line.place, text, title, department, difficulty, partners))

    @staticmethod
    def _raw(line: GridRow, column: HeadedColumn | None) -> str:
        return line.cells[column.at] if column is not None and column.at < len(line.cells) else ""

    def _cell(self, line: GridRow, column: HeadedColumn | None) -> str:
        return one_line(self._raw(line, column))


def units_in(cell: str) -> list[str]:
    """Return the units that a cell names, in order: 市发改局（牵头）、市经信局 → 市发改局, 市经信局."""
    pieces = [
        piece
        for piece in re.split(
            r"[、，,；;/\s]+",
            re.sub(r"(?:责任|牵头|配合|主办|协办)?(?:单位|部门)[：:]|牵头[：:]|配合[：:]", "、", cell),
        )
        if piece
    ]
    joined: list[str] = []
    for piece in pieces:
        if joined and not _BODY_ENDS.search(joined[-1]) and not re.search(r"[、，,；;/]", cell):
            joined[-1] += piece  # a name wrapped in its cell
        else:
            joined.append(piece)
    names = [
        re.sub(r"[（(](?:牵头|主办|配合|协办|责任)[^）)]*[）)]|(?:牵头|等)$", "", piece).strip()
        for piece in joined
    ]
    return [name for name in dict.fromkeys(names) if name and name not in EMPTY_CELLS]


def _table_title(grid: Grid, headings: Headings) -> str:
    """Return what the line above the headings calls the table: 2025年危房改造任务分解表 → 危房改造."""
    for line in reversed(grid.lines[: headings.first]):
        words = {cell for cell in line.cells if cell}
        if len(words) == 1:
            title = re.sub(r"\s|^(?:附件|附表|表)\s*\d*[：:]?|20\d\d年(?:度)?", "", words.pop())
            title = re.sub(
                r"^[\u4e00-\u9fff]{2,6}?[市县区](?=.{4})|(?:目标)?(?:任务)?(?:分解|分配|安排|计划)?(?:一览)?表$|(?:目标|任务)+$",
                "",
                title,
            )
            if 2 <= len(title) <= 24 and "单位" not in title:
                return title
    return ""


def _measured(goal: HeadedColumn) -> str:
    """Return what a heading says is measured, where the rows only name projects: 2025年计划投资（万元）."""
    match = _MEASURED.search(re.sub(r"[（(].*?[）)]", "", goal.heading))
    return match[0] if match else ""


def _goal_text(name: str, unit: str, goal: str) -> str:
    """Return the words of an indicator and its goal."""
    unit = re.sub(r"^1(?=/)", "", unit)  # 1/10万
    if _BARE_AMOUNT.fullmatch(goal):
        in_name = re.search(r"[（(][^（）()]+[）)]$", name)
        return f"{name}（{unit}）：{goal}" if unit and not in_name else f"{name}：{goal}"
    number = _WORDED_AMOUNT.fullmatch(goal)
    if number and unit and unit not in goal:
        goal = f"{number[1]}{unit}{number[2]}"  # 降至8.5 in %
    glued = re.match(r"[\d\u4e00-\u9fff]", goal) and not re.search(r"[\dA-Za-z）)]$", name)
    return f"{name}{goal}" if glued and re.search(r"\d", goal) else f"{name}：{goal}"
