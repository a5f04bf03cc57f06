"""`rollup`: many ledgers added up by city, county, department, kind or light, each mean beside the counts it leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledger.commands.rollup import Rollup
from ledger.core.progress.lights import Light
from ledger.export.header import Header
from ledger.export.sums import Subtotal
from ledger.render.columns import DATA, DAY, FLAG, SHARE, WHOLE, Column, Columns, Records
from ledger.render.view import Block, View, day, lines
from ledger.render.views.rollup_rows import By, Cut, RollupRow, make_lines, total_line
from ledger.render.views.status import SIMULATED

_HEADINGS = {By.CITY: "市", By.COUNTY: "市/县", By.DEPARTMENT: "部门", By.KIND: "目标种类", By.LIGHT: "亮灯"}

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
        "cities": [row_data(line) for line in make_lines(rollup, (By.CITY,))],
        "departments": [
            {**row_data(line), "inferred": line.names[0] in rollup.inferred}
            for line in make_lines(rollup, (By.DEPARTMENT,))
        ],
        "kinds": [
            {"city": city, "kind": kind, **SUMS.data(cell)}
            for (city, kind), cell in sorted(rollup.sums.kinds.items())
        ],
        "total": {"ledgers": len(rollup.headers), **SUMS.data(rollup.sums.total())},
    }


def row_data(line: RollupRow) -> dict[str, object]:
    """Return a row as JSON."""
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
