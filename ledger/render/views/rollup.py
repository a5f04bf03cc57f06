"""Shows many ledgers added up: one line per city, county or department, each mean beside the count it leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum

from ledger.commands.rollup import Cell, Rollup
from ledger.core.progress.lights import Light
from ledger.core.progress.percent import percent
from ledger.render.view import Block, Column, Table, View, day, lines, number, strings
from ledger.render.views.status import SIMULATED

TOTAL = "合计"


class By(StrEnum):
    """What one line stands for."""

    CITY = "city"
    COUNTY = "county"
    DEPARTMENT = "department"


_HEADINGS = {By.CITY: "市", By.COUNTY: "市/县", By.DEPARTMENT: "部门"}


def rollup_view(found: Rollup, by: By) -> View:
    """Return the view of a rollup."""
    return View(lambda: _blocks(found, by), lambda: _data(found), lambda: _records(found, by))


def _blocks(found: Rollup, by: By) -> tuple[Block, ...]:
    cities = len({one.place.city for one in found.members})
    heading = f"{len(found.members)} 本账，{cities} 个市  {found.year} 年  截至 {day(found.as_of)}（含当天）"
    blocks: list[Block] = [lines(heading, style="heading")]
    if found.simulated:
        blocks.append(lines(SIMULATED, style="warning"))
    columns = (
        Column(_HEADINGS[by]),
        Column("账本", "figure"),
        Column("事项", "figure"),
        Column("目标", "figure"),
        Column("完成率", "figure"),
        Column("无法计算", "figure"),
        *(Column(light.value, "figure") for light in Light),
    )
    inferred = found.inferred()
    rows = [
        strings(
            (
                name + ("*" if by is By.DEPARTMENT and name in inferred else ""),
                ledgers,
                cell.commitments,
                cell.lights.total(),
                percent(cell.completion.value),
                cell.uncounted,
                *(cell.lights[light] for light in Light),
            )
        )
        for name, ledgers, cell in _lines(found, by)
    ]
    blocks.append(Table(columns, rows))
    words = ["完成率为所辖各事项完成率的平均，每个事项一样重；无法计算的事项不计入，数列在旁。"]
    if by is By.DEPARTMENT and inferred:
        words.append("* 部门由内容推断，待确认。")
    blocks.append(lines("".join(words), style="faint"))
    if not found.alike:
        blocks.append(
            lines("注意：这些账本的亮灯规则不尽相同，各按自己的规则亮灯，灯数不宜直接比较。", style="warning")
        )
    return tuple(blocks)


def _lines(found: Rollup, by: By) -> Iterator[tuple[str, int, Cell]]:
    """Yield name, number of ledgers and sums of every line, and of the whole."""
    yield from _each(found, by)
    yield TOTAL, len(found.members), found.total()


def _each(found: Rollup, by: By) -> Iterator[tuple[str, int, Cell]]:
    if by is By.DEPARTMENT:
        ledgers = Counter(department for _, department in found.cells)
        departments = found.sums(lambda _, department: department)
        for name in found.departments():
            yield name, ledgers[name], departments[name]
        return
    label = (lambda place: place.city) if by is By.CITY else str
    ledgers = Counter(label(one.place) for one in found.members)
    sums = found.sums(lambda place, _: label(place))
    for name, count in ledgers.items():
        yield name, count, sums.get(name, Cell())


def _records(found: Rollup, by: By) -> Table:
    titles = (
        *(_HEADINGS[by], "年度", "截至", "账本", "事项", "目标", "完成率", "完成率（精确）", "无法计算"),
        *(light.value for light in Light),
        *("记录数", "说明"),
    )
    note = "模拟数据" if found.simulated else ""
    rows = [
        strings(
            (
                *(name, found.year, day(found.as_of), ledgers, cell.commitments, cell.lights.total()),
                *(
                    percent(cell.completion.value, ""),
                    number(cell.completion.value),
                    cell.uncounted,
                    *(cell.lights[light] for light in Light),
                ),
                *(cell.entries, note),
            )
        )
        for name, ledgers, cell in _lines(found, by)
    ]
    return Table(tuple(map(Column, titles)), rows)


def _data(found: Rollup) -> dict[str, object]:
    whole = found.sums(lambda place, _: place)
    return {
        "as_of": day(found.as_of),
        "year": found.year,
        "simulated": found.simulated,
        "same_rules": found.alike,
        "ledgers": [
            {
                "name": one.ledger,
                "city": one.place.city,
                "county": one.place.county,
                **_sums(whole.get(one.place, Cell())),
                "departments": [
                    {"name": name, "inferred": inferred, **_sums(found.cells[one.place, name])}
                    for name, inferred in one.departments
                    if (one.place, name) in found.cells
                ],
            }
            for one in found.members
        ],
        "cities": [
            {"name": name, "ledgers": count, **_sums(cell)} for name, count, cell in _each(found, By.CITY)
        ],
        "departments": [
            {"name": name, "inferred": name in found.inferred(), "ledgers": count, **_sums(cell)}
            for name, count, cell in _each(found, By.DEPARTMENT)
        ],
        "total": {"ledgers": len(found.members), **_sums(found.total())},
    }


def _sums(cell: Cell) -> dict[str, object]:
    return {
        "commitments": cell.commitments,
        "targets": cell.lights.total(),
        "completion": number(cell.completion.value),
        "uncounted": cell.uncounted,
        "lights": {light.value: cell.lights[light] for light in Light if cell.lights[light]},
        "entries": cell.entries,
    }
