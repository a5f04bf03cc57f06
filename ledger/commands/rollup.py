"""Adds up many ledgers: reads ledgers or their exports, lets SQL sum over the Parquet, and puts the exact means together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from ledger.core.errors import LedgerError
from ledger.core.progress.averages import Mean
from ledger.core.progress.lights import Light
from ledger.core.progress.report import Query
from ledger.export import store
from ledger.export.errors import DamagedExportError
from ledger.export.header import Header
from ledger.export.place import Place
from ledger.export.rows import extract, header
from ledger.export.schema import ROLLUP
from ledger.files import layout
from ledger.files.ledger import Ledger

K = TypeVar("K")

QUERIES = ("completion", "lights")


class Engine(StrEnum):
    """What runs the SQL."""

    DUCKDB = "duckdb"
    SPARK = "spark"


class IncompatibleLedgersError(LedgerError):
    """What is to be added up does not belong together."""


class InvalidMemberError(LedgerError):
    """One of the ledgers cannot be read; its own error says why."""

    def __init__(self, folder: Path, error: LedgerError) -> None:
        super().__init__(f"账本 {folder} 读不成，没有汇总：{error.message}", error.hint)
        self.exit_code = error.exit_code


@dataclass(frozen=True, slots=True)
class Member:
    """A folder to add up, and the place its ledger has, if one was named."""

    folder: Path
    place: Place | None = None


@dataclass
class Cell:
    """Some commitments: the exact sum of their completions, how many, and their targets by light."""

    total: Fraction = Fraction(0)
    counted: int = 0
    uncounted: int = 0
    entries: int = 0
    lights: Counter[Light] = field(default_factory=Counter)

    @property
    def commitments(self) -> int:
        """How many, computable or not."""
        return self.counted + self.uncounted

    @property
    def completion(self) -> Mean:
        """The mean over the computable ones, and the count of the others."""
        return Mean(self.total / self.counted if self.counted else None, self.counted, self.uncounted)

    def add(self, other: Cell) -> None:
        """Take another cell's commitments in."""
        self.total += other.total
        self.counted += other.counted
        self.uncounted += other.uncounted
        self.entries += other.entries
        self.lights.update(other.lights)


@dataclass(frozen=True)
class Rollup:
    """Many ledgers on one day: a cell for each department of each, from which every sum is made."""

    year: int
    as_of: date
    simulated: bool
    members: tuple[Header, ...]
    cells: Mapping[tuple[Place, str], Cell]

    @property
    def alike(self) -> bool:
        """Whether all ledgers judge by the same lights."""
        return len({one.rules for one in self.members}) == 1

    def sums(self, key: Callable[[Place, str], K]) -> dict[K, Cell]:
        """Return the sums of the cells that `key` (of place and department) gives the same name, in one pass."""
        found: dict[K, Cell] = {}
        for (place, department), cell in self.cells.items():
            found.setdefault(key(place, department), Cell()).add(cell)
        return found

    def total(self) -> Cell:
        """Return the sum over everything."""
        return self.sums(lambda _, __: "").get("", Cell())

    def inferred(self) -> frozenset[str]:
        """Return the departments that some ledger inferred from content and nobody has confirmed."""
        return frozenset(name for one in self.members for name, inferred in one.departments if inferred)

    def departments(self) -> tuple[str, ...]:
        """Return every department's name in the order of the ledgers."""
        names = dict.fromkeys(name for one in self.members for name, _ in one.departments)
        have = {name for _, name in self.cells}
        return (*(name for name in names if name in have), *sorted(have - names.keys()))


def rollup(
    members: Sequence[Member], *, year: int | None, as_of: date | None, today: date, engine: Engine
) -> Rollup:
    """Add up ledgers and exports, all of one year and one day; `as_of` and `year` decide where ledgers leave it open.

    Raises:
        IncompatibleLedgersError: when years, days, places or real and simulated data do not go together.
        InvalidMemberError: when one of the ledgers holds an error.
        MissingExportError, SchemaVersionError, DamagedExportError: when an export cannot be relied on.
        MissingDependencyError: when the engine is not installed.
    """
    ready: list[store.Export] = []
    ledgers = [one for one in members if (one.folder / layout.CONFIG).is_file()]
    for one in members:
        if one not in ledgers:
            ready += store.read(one.folder, year, ROLLUP)
    _refuse_unlike([one.header for one in ready])
    if ready:
        year, as_of = year or ready[0].header.year, as_of or ready[0].header.as_of
    with TemporaryDirectory(prefix="ledger-rollup-") as beside:
        if ledgers:
            made = Path(beside) / "made"
            heads = [_take(made, one, year, as_of or today) for one in ledgers]
            _refuse_unlike([*(one.header for one in ready), *heads])
            ready += store.read(made, None, ROLLUP)
        ready.sort(key=lambda one: one.header.place)
        _refuse_other_day(ready, as_of)
        found = _summed(ready, engine)
    first = ready[0].header
    return Rollup(first.year, first.as_of, first.simulated, tuple(one.header for one in ready), found)


def _take(made: Path, member: Member, year: int | None, as_of: date) -> Header:
    """Judge one ledger and put what is summed into the store that lives as long as the rollup."""
    try:
        ledger = Ledger.open(member.folder)
        query = Query(year or ledger.config.year, as_of)
        if query.year not in ledger.years:
            raise IncompatibleLedgersError(
                f"没有 {query.year} 年的计划", "用 --year 写都有的年份，或先不汇总这一本"
            )
        told = header(ledger, query, member.place or Place(ledger.config.name))
        if (made / store.manifest_path(told.year, told.place)).exists():
            raise IncompatibleLedgersError(
                f"与另一本同是 {told.place}", "写明各自的市、县：ledger rollup 湖州/安吉=文件夹 …"
            )
        store.write(made, told, extract(ledger, query, told.place, entries=False), ROLLUP)
    except LedgerError as error:
        raise InvalidMemberError(member.folder, error) from None
    return told


def _refuse_unlike(heads: Sequence[Header]) -> None:
    for label, name, remedy in (
        ("年度", "year", "用 --year 指明一年，各年分别汇总"),
        ("截至日", "as_of", "按同一天重新导出：ledger export --as-of 日期"),
    ):
        seen: dict[Any, Header] = {}
        for one in heads:
            seen.setdefault(getattr(one, name), one)
        if len(seen) > 1:
            shown = "，".join(f"{one.place} 是 {value}" for value, one in sorted(seen.items()))
            raise IncompatibleLedgersError(f"{label}不一致，不能合在一起：{shown}", remedy)
    if len({one.simulated for one in heads}) > 1:
        made_up = next(one for one in heads if one.simulated)
        raise IncompatibleLedgersError(
            f"{made_up.place} 是模拟数据，不能与真实数据合在一起", "去掉模拟的账本再汇总"
        )
    places = Counter(one.place for one in heads)
    if twice := [place for place, count in places.items() if count > 1]:
        raise IncompatibleLedgersError(f"{twice[0]} 出现了两次，会重复计算", "每个市、县只给一本账或一份导出")


def _refuse_other_day(ready: Sequence[store.Export], as_of: date | None) -> None:
    for one in ready:
        if as_of is not None and one.header.as_of != as_of:
            raise IncompatibleLedgersError(
                f"{one.header.place} 的导出截至 {one.header.as_of}，要的是 {as_of}",
                f"按同一天重新导出：ledger export --as-of {as_of}",
            )


def _summed(ready: Sequence[store.Export], engine: Engine) -> dict[tuple[Place, str], Cell]:
    parts = {table: [(one.parts[table].folder, one.parts[table].file) for one in ready] for table in ROLLUP}
    sql = files("ledger.export") / "sql"
    queries = {name: (sql / f"{name}.sql").read_text(encoding="utf-8") for name in QUERIES}
    rows = _runner(engine)(parts, queries)
    cells: dict[tuple[Place, str], Cell] = {}
    for city, county, department, denominator, wide, numerator, count in rows["completion"]:
        cell = cells.setdefault((Place(city, county), department), Cell())
        if denominator is not None:
            cell.total += Fraction(int(numerator), int(denominator))
        elif wide is not None:
            cell.total += Fraction(wide) * count
        if denominator is None and wide is None:
            cell.uncounted += count
        else:
            cell.counted += count
    for city, county, department, light, targets, entries in rows["lights"]:
        cell = cells.setdefault((Place(city, county), department), Cell())
        cell.lights[Light(light)] += targets
        cell.entries += entries
    _recount(ready, cells)
    return cells


def _recount(ready: Sequence[store.Export], cells: Mapping[tuple[Place, str], Cell]) -> None:
    """See that the engine read every row that the manifests promise."""
    own: dict[Place, Cell] = {}
    for (place, _), cell in cells.items():
        own.setdefault(place, Cell()).add(cell)
    for one in ready:
        found = own.get(one.header.place, Cell())
        counted = (found.commitments, found.lights.total())
        if counted != tuple(one.parts[table].rows for table in ROLLUP):
            raise DamagedExportError(one.parts[ROLLUP[0]].file, "的行数与清单不符")


def _runner(engine: Engine) -> Any:
    if engine is Engine.SPARK:
        from ledger.export import spark_engine

        return spark_engine.run
    from ledger.export import duckdb_engine

    return duckdb_engine.run
