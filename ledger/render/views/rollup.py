"""`rollup`: many ledgers added up by city, county, department, kind or light, each mean beside the counts it leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from ledger.commands.rollup import Rollup
from ledger.core.errors import UsageError
from ledger.core.progress.lights import Light
from ledger.export.header import Header
from ledger.export.sums import Subtotal
from ledger.render.columns import DATA, DAY, FLAG, KIND_NAMES, SHARE, WHOLE, Column, Columns, Records
from ledger.render.view import Block, View, day, lines
from ledger.render.views.status import SIMULATED

TOTAL = "合计"


class By(StrEnum):
    """What one line stands for, alone or together with another."""

    CITY = "city"
    COUNTY = "county"
    DEPARTMENT = "department"
    KIND = "kind"
    LIGHT = "light"


Cut = tuple[By, ...]
_HEADINGS = {By.CITY: "市", By.COUNTY: "市/县", By.DEPARTMENT: "部门", By.KIND: "目标种类", By.LIGHT: "亮灯"}
_CUTS = (
    ("city",), ("county",), ("department",), ("kind",), ("light",),
    ("city", "department"), ("county", "department"), ("city", "kind"), ("city", "light"), ("department", "light"),
)  # fmt: skip


def parse_cut(text: str) -> Cut:
    """Read `city` or `city,department`.

    Raises:
        UsageError: when it is none of the cuts that a roll-up has.
    """
    words = tuple(word.strip() for word in text.replace("，", ",").split(","))
    if words not in _CUTS:
        known = "、".join(",".join(cut) for cut in _CUTS)
        raise UsageError(f"--by {text} 不能用", f"可选：{known}")
    return tuple(By(word) for word in words)


class RollupRow(NamedTuple):
    """Names, the number of ledgers they stand in, the sums, and the place among the lines compared with it."""

    names: tuple[str, ...]
    ledgers: int
    cell: Subtotal
    rank: int | None = None


class _Month(NamedTuple):
    """The whole on one day, and the change of its completion against the day before."""

    rollup: Rollup
    total: Subtotal
    change: Fraction | None


SUMS: Columns[Subtotal] = Columns(
    Column("commitments", "承诺事项", lambda cell: cell.items, WHOLE),
    Column("targets", "目标", lambda cell: cell.targets, WHOLE),
    Column("completion", "完成率", lambda cell: cell.completion.value, SHARE, "—"),
    Column("uncounted", "事项未计", lambda cell: cell.uncounted, WHOLE),
    Column("targets_uncounted", "目标未计", lambda cell: cell.targets_uncounted, WHOLE),
    Column(
        "lights",
        "",
        lambda cell: {light.value: cell.lights[light] for light in Light if cell.lights[light]},
        DATA,
    ),
    Column("entries", "记录数", lambda cell: cell.entries, WHOLE),
)


def _light_column(light: Light) -> Column[Subtotal]:
    return Column(light.value, light.value, lambda cell: cell.lights[light], WHOLE)


_LIGHTS: Columns[Subtotal] = Columns(*map(_light_column, Light))

ORIGIN: Columns[Header] = Columns(
    Column("place", "市/县", lambda header: str(header.place)),
    Column("name", "账本", lambda header: header.name),
    Column("_as_of", "数据至", lambda header: header.as_of, DAY),
    Column("sealed", "封账至", lambda header: header.sealed, missing="未封账"),
    Column("sound", "通过检查", lambda header: header.sound, FLAG),
    Column("clean", "全部已提交", lambda header: header.clean, FLAG),
    Column(
        "audited",
        "审计",
        lambda header: {"complete": "已审，无问题", "findings": "已审，有问题"}.get(header.audited or ""),
        missing="未审",
    ),
    Column("_commit", "提交", lambda header: header.commit[:12]),
    Column("_program", "程序", lambda header: header.program),
)
"""What vouches for each ledger, shown beside the sums."""


def rollup_view(rollup: Rollup, cut: Cut) -> View:
    """Return the view of a roll-up."""
    return View(lambda: _blocks(rollup, cut), lambda: rollup_data(rollup), lambda: _records(rollup, cut))


def trend_view(rollups: Sequence[Rollup]) -> View:
    """Return the view of the months of a year, each with its change against the one before."""
    return View(
        lambda: _trend_blocks(rollups), lambda: _trend_data(rollups), lambda: _TREND.records(_months(rollups))
    )


def rollup_columns(rollup: Rollup, cut: Cut, *, starred: bool = True) -> Columns[RollupRow]:
    """Return the columns of a cut; departments that were inferred are `starred`."""
    inferred = rollup.inferred if starred else frozenset()
    names: Columns[RollupRow] = Columns(
        *(_name_column(number, by, inferred) for number, by in enumerate(cut))
    )
    ledgers: Columns[RollupRow] = Columns(Column("ledgers", "账本", lambda line: line.ledgers, WHOLE))
    if By.LIGHT in cut:
        return names + ledgers + SUMS.pick("targets").within(lambda line: line.cell)
    rank: Columns[RollupRow] = Columns(Column("rank", "位次", lambda line: line.rank, WHOLE, "—"))
    keys = (
        "targets completion targets_uncounted"
        if By.KIND in cut
        else "commitments targets completion uncounted targets_uncounted"
    )
    return names + ledgers + rank + (SUMS.pick(keys) + _LIGHTS).within(lambda line: line.cell)


def _name_column(number: int, by: By, inferred: frozenset[str]) -> Column[RollupRow]:
    def name(line: RollupRow) -> str:
        star = "*" if by is By.DEPARTMENT and line.names[number] in inferred else ""
        return line.names[number] + star

    return Column(by.value, _HEADINGS[by], name)


def _blocks(rollup: Rollup, cut: Cut) -> tuple[Block, ...]:
    cities = len({header.place.city for header in rollup.headers})
    heading = (
        f"{len(rollup.headers)} 本账，{cities} 个市  {rollup.year} 年  截至 {day(rollup.as_of)}（含当天）"
    )
    blocks: list[Block] = [lines(heading, style="heading")]
    if rollup.simulated:
        blocks.append(lines(SIMULATED, style="warning"))
    blocks.extend(lines(text, style="warning") for text in warnings_of(rollup))
    blocks.append(rollup_columns(rollup, cut).table([*make_lines(rollup, cut), total_line(rollup, cut)]))
    blocks.append(lines(_explanation(rollup, cut), style="faint"))
    blocks.append(lines("各账本的依据：", style="heading"))
    blocks.append(ORIGIN.table(rollup.headers))
    return tuple(blocks)


def warnings_of(rollup: Rollup) -> Iterator[str]:
    """Yield what a reader has to know before the figures."""
    if rollup.absent:
        yield f"缺 {len(rollup.absent)} 处，合计不含：{'、'.join(map(str, rollup.absent))}"
    if rollup.broken:
        yield f"未通过检查仍计入的 {len(rollup.broken)} 本：{'、'.join(str(h.place) for h in rollup.broken)}"
    yield from rollup.notices
    if not rollup.alike:
        yield "注意：这些账本的亮灯规则不尽相同，各按自己的规则亮灯，灯数不宜直接比较。"


def _explanation(rollup: Rollup, cut: Cut) -> str:
    if By.LIGHT in cut:
        return "各灯的目标数。"
    if By.KIND in cut:
        text = "完成率为各目标完成率的平均，单项在 0 至 100% 之间，每个目标一样重；没有完成率的目标不计入，数列在“目标未计”。"
    else:
        text = (
            "完成率为所辖各承诺事项完成率的平均，每个事项一样重；无法计算的事项不计入，数列在“事项未计”；"
            "计入的事项里没有完成率的目标也在“目标未计”。"
        )
    return text + ("* 责任单位系初步认定，待核实。" if By.DEPARTMENT in cut and rollup.inferred else "")


def make_lines(rollup: Rollup, cut: Cut) -> list[RollupRow]:
    """Return the lines of a cut, without the total: in the order of the ledgers, ranked within each second name."""
    if By.KIND in cut:
        lines = _kind_lines(rollup, cut)
    elif By.LIGHT in cut:
        lines = _light_lines(rollup, cut)
    else:
        lines = _department_lines(rollup, cut)
    return _ranked(list(lines))


def total_line(rollup: Rollup, cut: Cut) -> RollupRow:
    """Return the line of the whole."""
    total = rollup.sums.total()
    if By.KIND in cut:
        total = rollup.sums.by_kind(lambda _city, _kind: "").get("", Subtotal())
    return RollupRow((TOTAL, *[""] * (len(cut) - 1)), len(rollup.headers), total)


def _names(cut: Cut, header: Header, department: str) -> tuple[str, ...]:
    names = {By.CITY: header.place.city, By.COUNTY: str(header.place), By.DEPARTMENT: department}
    return tuple(names[by] for by in cut)


def _department_lines(rollup: Rollup, cut: Cut) -> Iterator[RollupRow]:
    headers = {header.ledger: header for header in rollup.headers}
    ledgers: dict[tuple[str, ...], set[str]] = {}
    for ledger, department in rollup.sums.departments:
        ledgers.setdefault(_names(cut, headers[ledger], department), set()).add(ledger)
    cells = rollup.sums.by_department(lambda header, department: _names(cut, header, department))
    order = {name: number for number, name in enumerate(rollup.sums.department_names())}
    places = {
        name: number
        for number, name in enumerate(dict.fromkeys(_names(cut[:1], h, "")[0] for h in rollup.headers))
    }

    def position(names: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(
            order[name] if by is By.DEPARTMENT else places[name] for by, name in zip(cut, names, strict=True)
        )

    for names in sorted(cells, key=position):
        yield RollupRow(names, len(ledgers[names]), cells[names])


def _kind_lines(rollup: Rollup, cut: Cut) -> Iterator[RollupRow]:
    in_city = Counter(header.place.city for header in rollup.headers)
    with_city = By.CITY in cut
    cells = rollup.sums.by_kind(lambda city, kind: (city, kind) if with_city else (kind,))
    order = list(KIND_NAMES)
    cities = list(in_city)
    for names in sorted(cells, key=lambda names: (*map(cities.index, names[:-1]), order.index(names[-1]))):
        count = in_city[names[0]] if with_city else len(rollup.headers)
        yield RollupRow((*names[:-1], KIND_NAMES[names[-1]]), count, cells[names])


def _light_lines(rollup: Rollup, cut: Cut) -> Iterator[RollupRow]:
    outer = (
        [RollupRow((), len(rollup.headers), rollup.sums.total())]
        if len(cut) == 1
        else _department_lines(rollup, cut[:-1])
    )
    for line in outer:
        for light in Light:
            yield RollupRow(
                (*line.names, light.value),
                line.ledgers,
                Subtotal(lights=Counter({light: line.cell.lights[light]})),
            )


def _ranked(lines: list[RollupRow]) -> list[RollupRow]:
    """Return the lines with their places: among the lines with the same second name, equal completions in the same place."""
    values: dict[tuple[str, ...], list[Fraction]] = {}
    for line in lines:
        if line.cell.completion.value is not None:
            values.setdefault(line.names[1:], []).append(line.cell.completion.value)
    return [
        line._replace(rank=1 + sum(other > value for other in values[line.names[1:]]))
        if (value := line.cell.completion.value) is not None
        else line
        for line in lines
    ]


def _records(rollup: Rollup, cut: Cut) -> Records:
    head: Columns[RollupRow] = Columns(
        Column("year", "年度", lambda _: rollup.year, WHOLE),
        Column("as_of", "截至", lambda _: rollup.as_of, DAY),
    )
    note: Columns[RollupRow] = Columns(Column("note", "说明", lambda _: "；".join(_record_notes(rollup))))
    return (rollup_columns(rollup, cut, starred=False) + head + note).records(
        [*make_lines(rollup, cut), total_line(rollup, cut)]
    )


def _record_notes(rollup: Rollup) -> Iterable[str]:
    if rollup.simulated:
        yield "模拟数据"
    if rollup.absent:
        yield f"缺 {len(rollup.absent)} 处"
    if rollup.broken:
        yield f"{len(rollup.broken)} 本未通过检查"


def rollup_data(rollup: Rollup) -> dict[str, object]:
    """Return a roll-up for JSON: every ledger with its departments and provenance, and the sums of every cut."""
    by_ledger = rollup.sums.by_department(lambda header, _: header.ledger)
    cells = rollup.sums.departments
    return {
        "as_of": day(rollup.as_of),
        "year": rollup.year,
        "simulated": rollup.simulated,
        "same_rules": rollup.alike,
        "absent": [str(place) for place in rollup.absent],
        "notices": list(rollup.notices),
        "ledgers": [
            {
                **_provenance(header),
                **SUMS.data(by_ledger.get(header.ledger, Subtotal())),
                "departments": [
                    {"name": name, "inferred": inferred, **SUMS.data(cells[header.ledger, name])}
                    for name, inferred in header.departments
                    if (header.ledger, name) in cells
                ],
            }
            for header in rollup.headers
        ],
        "cities": [_line_data(line) for line in make_lines(rollup, (By.CITY,))],
        "departments": [
            {**_line_data(line), "inferred": line.names[0] in rollup.inferred}
            for line in make_lines(rollup, (By.DEPARTMENT,))
        ],
        "kinds": [
            {"city": city, "kind": kind, **SUMS.data(cell)}
            for (city, kind), cell in sorted(rollup.sums.kinds.items())
        ],
        "total": {"ledgers": len(rollup.headers), **SUMS.data(rollup.sums.total())},
    }


def _line_data(line: RollupRow) -> dict[str, object]:
    return {"name": line.names[0], "ledgers": line.ledgers, "rank": line.rank, **SUMS.data(line.cell)}


def _provenance(header: Header) -> dict[str, object]:
    return {
        "name": header.name,
        "ledger": header.ledger,
        "city": header.place.city,
        "county": header.place.county,
        "code": header.place.code or None,
        "as_of": day(header.as_of),
        "known": header.known,
        "commit": header.commit,
        "clean": header.clean,
        "sealed": header.sealed,
        "audited": header.audited,
        "audited_to": header.audited_to,
        "sound": header.sound,
        "program": header.program,
    }


def _months(rollups: Sequence[Rollup]) -> Iterator[_Month]:
    before: Fraction | None = None
    for rollup in rollups:
        total = rollup.sums.total()
        value = total.completion.value
        yield _Month(rollup, total, None if value is None or before is None else value - before)
        before = value


def _change(value: Fraction) -> str:
    """Return a change in percentage points with its sign and one decimal."""
    tenths = round(abs(value) * 1000)
    sign = "▲" if value > 0 else "▼" if value < 0 else ""
    return f"{sign}{tenths // 10}.{tenths % 10}"


def _month_light(light: Light) -> Column[_Month]:
    return Column(f"_{light.value}", light.value, lambda month: month.total.lights[light], WHOLE)


_TREND: Columns[_Month] = Columns(
    Column("as_of", "截至", lambda month: month.rollup.as_of, DAY),
    Column("ledgers", "账本", lambda month: len(month.rollup.headers), WHOLE),
    Column(
        "sealed",
        "已封账",
        lambda month: sum(
            (header.sealed or "") >= f"{header.as_of:%Y-%m}" for header in month.rollup.headers
        ),
        WHOLE,
    ),
    Column("completion", "完成率", lambda month: month.total.completion.value, SHARE, "—"),
    Column(
        "_change",
        "较上期（百分点）",
        lambda month: None if month.change is None else _change(month.change),
        missing="—",
    ),
    *(_month_light(light) for light in Light),
    Column("uncounted", "事项未计", lambda month: month.total.uncounted, WHOLE),
    Column("targets_uncounted", "目标未计", lambda month: month.total.targets_uncounted, WHOLE),
)


def _trend_blocks(rollups: Sequence[Rollup]) -> tuple[Block, ...]:
    last = rollups[-1]
    blocks: list[Block] = [
        lines(f"{len(last.headers)} 本账  {last.year} 年  {len(rollups)} 个截至日", style="heading")
    ]
    if last.simulated:
        blocks.append(lines(SIMULATED, style="warning"))
    blocks.extend(lines(text, style="warning") for text in warnings_of(last))
    blocks.append(_TREND.table(_months(rollups)))
    return tuple(blocks)


def _trend_data(rollups: Sequence[Rollup]) -> dict[str, object]:
    return {
        "year": rollups[-1].year,
        "simulated": rollups[-1].simulated,
        "months": [
            {
                **_TREND.data(month),
                "lights": {
                    light.value: month.total.lights[light] for light in Light if month.total.lights[light]
                },
                "cities": [_line_data(line) for line in make_lines(month.rollup, (By.CITY,))],
            }
            for month in _months(rollups)
        ],
    }
