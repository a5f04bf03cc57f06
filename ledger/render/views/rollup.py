"""`rollup`: many ledgers added up, one line for each city, county or department, each mean beside the count it leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from ledger.commands.rollup import Cell, Rollup
from ledger.core.progress.lights import Light
from ledger.render.columns import DATA, DAY, SHARE, WHOLE, Column, Columns, Records
from ledger.render.view import Block, View, day, lines
from ledger.render.views.status import SIMULATED

TOTAL = "合计"


class By(StrEnum):
    """What one line stands for."""

    CITY = "city"
    COUNTY = "county"
    DEPARTMENT = "department"


_HEADINGS = {By.CITY: "市", By.COUNTY: "市/县", By.DEPARTMENT: "部门"}


class _Line(NamedTuple):
    """A name, how many ledgers it stands in, and their sums."""

    name: str
    ledgers: int
    cell: Cell


SUMS: Columns[Cell] = Columns(
    Column("commitments", "承诺事项", lambda c: c.commitments, WHOLE),
    Column("targets", "目标", lambda c: c.lights.total(), WHOLE),
    Column("completion", "完成率", lambda c: c.completion.value, SHARE, "—"),
    Column("uncounted", "无法计算", lambda c: c.uncounted, WHOLE),
    Column(
        "lights", "", lambda c: {light.value: c.lights[light] for light in Light if c.lights[light]}, DATA
    ),
    Column("entries", "记录数", lambda c: c.entries, WHOLE),
)


def _light_column(light: Light) -> Column[Cell]:
    return Column(light.value, light.value, lambda c: c.lights[light], WHOLE)


_LIGHTS: Columns[Cell] = Columns(*map(_light_column, Light))
LINE: Columns[_Line] = Columns(
    Column("name", "名称", lambda line: line.name),
    Column("ledgers", "账本", lambda line: line.ledgers, WHOLE),
)


def _columns(rollup: Rollup, by: By) -> Columns[_Line]:
    starred = rollup.inferred() if by is By.DEPARTMENT else frozenset()
    name: Columns[_Line] = Columns(
        Column("name", _HEADINGS[by], lambda line: line.name + ("*" if line.name in starred else ""))
    )
    sums = SUMS.pick("commitments targets completion uncounted") + _LIGHTS
    return name + LINE.pick("ledgers") + sums.within(lambda line: line.cell)


def _record_columns(rollup: Rollup, by: By) -> Columns[_Line]:
    head: Columns[_Line] = Columns(
        Column("name", _HEADINGS[by], lambda line: line.name),
        Column("year", "年度", lambda _: rollup.year, WHOLE),
        Column("as_of", "截至", lambda _: rollup.as_of, DAY),
    )
    note: Columns[_Line] = Columns(Column("note", "说明", lambda _: "模拟数据" if rollup.simulated else ""))
    sums = SUMS.pick("commitments targets completion uncounted") + _LIGHTS + SUMS.pick("entries")
    return head + LINE.pick("ledgers") + sums.within(lambda line: line.cell) + note


def rollup_view(rollup: Rollup, by: By) -> View:
    """Return the view of a rollup."""
    return View(lambda: _blocks(rollup, by), lambda: _data(rollup), lambda: _records(rollup, by))


def _blocks(rollup: Rollup, by: By) -> tuple[Block, ...]:
    cities = len({one.place.city for one in rollup.members})
    heading = (
        f"{len(rollup.members)} 本账，{cities} 个市  {rollup.year} 年  截至 {day(rollup.as_of)}（含当天）"
    )
    blocks: list[Block] = [lines(heading, style="heading")]
    if rollup.simulated:
        blocks.append(lines(SIMULATED, style="warning"))
    inferred = rollup.inferred()
    blocks.append(_columns(rollup, by).table(_lines(rollup, by)))
    words = ["完成率为所辖各事项完成率的平均，每个事项一样重；无法计算的事项不计入，数列在旁。"]
    if by is By.DEPARTMENT and inferred:
        words.append("* 责任单位系初步认定，待核实。")
    blocks.append(lines("".join(words), style="faint"))
    if not rollup.alike:
        blocks.append(
            lines("注意：这些账本的亮灯规则不尽相同，各按自己的规则亮灯，灯数不宜直接比较。", style="warning")
        )
    return tuple(blocks)


def _lines(rollup: Rollup, by: By) -> Iterator[_Line]:
    """Yield name, number of ledgers and sums of every line, and of the whole."""
    yield from _each(rollup, by)
    yield _Line(TOTAL, len(rollup.members), rollup.total())


def _each(rollup: Rollup, by: By) -> Iterator[_Line]:
    if by is By.DEPARTMENT:
        ledgers = Counter(department for _, department in rollup.cells)
        departments = rollup.sums(lambda _, department: department)
        for name in rollup.departments():
            yield _Line(name, ledgers[name], departments[name])
        return
    label = (lambda place: place.city) if by is By.CITY else str
    ledgers = Counter(label(one.place) for one in rollup.members)
    sums = rollup.sums(lambda place, _: label(place))
    for name, count in ledgers.items():
        yield _Line(name, count, sums.get(name, Cell()))


def _records(rollup: Rollup, by: By) -> Records:
    return _record_columns(rollup, by).records(_lines(rollup, by))


def _data(rollup: Rollup) -> dict[str, object]:
    whole = rollup.sums(lambda place, _: place)
    return {
        "as_of": day(rollup.as_of),
        "year": rollup.year,
        "simulated": rollup.simulated,
        "same_rules": rollup.alike,
        "ledgers": [
            {
                "name": one.ledger,
                "city": one.place.city,
                "county": one.place.county,
                **SUMS.data(whole.get(one.place, Cell())),
                "departments": [
                    {"name": name, "inferred": inferred, **SUMS.data(rollup.cells[one.place, name])}
                    for name, inferred in one.departments
                    if (one.place, name) in rollup.cells
                ],
            }
            for one in rollup.members
        ],
        "cities": [
            {"name": name, "ledgers": count, **SUMS.data(cell)}
            for name, count, cell in _each(rollup, By.CITY)
        ],
        "departments": [
            {"name": name, "inferred": name in rollup.inferred(), "ledgers": count, **SUMS.data(cell)}
            for name, count, cell in _each(rollup, By.DEPARTMENT)
        ],
        "total": {"ledgers": len(rollup.members), **SUMS.data(rollup.total())},
    }
