"""Rows of a roll-up: the sums of many ledgers cut by city, county, department, kind and light."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from ledger.commands.rollup import Rollup
from ledger.core.errors import UsageError
from ledger.core.progress.lights import Light
from ledger.export.header import Header
from ledger.export.sums import Subtotal
from ledger.render.columns import KIND_NAMES

TOTAL = "合计"


class By(StrEnum):
    """What one row sums up, alone or together with another."""

    CITY = "city"
    COUNTY = "county"
    DEPARTMENT = "department"
    KIND = "kind"
    LIGHT = "light"


Cut = tuple[By, ...]

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
    """Names, the number of ledgers that have them, the sums, and the rank among comparable rows."""

    names: tuple[str, ...]
    ledgers: int
    cell: Subtotal
    rank: int | None = None


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
