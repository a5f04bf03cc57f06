"""`rollup`: many ledgers and exports added up exactly, each once, with the evidence of their origin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from ledger.commands.export import CommitState, Member, describe_export, place_of, with_soundness
from ledger.core.errors import ExitCode, LedgerError, UsageError
from ledger.core.progress.report import Query
from ledger.export import Engine, store
from ledger.export.division import Division
from ledger.export.errors import DamagedExportError
from ledger.export.header import Header
from ledger.export.schema import ROLLUP
from ledger.export.sums import Sums, decode, encode, merge_sums, sum_report, sum_rows
from ledger.files import layout
from ledger.files.assessment import assess_ledger
from ledger.files.cache import Cache
from ledger.files.ledger_state import state_of
from ledger.files.parallel import map_forked
from ledger.rules.known import base_of_copies, open_as_sealed

_BATCH = 256
"""Exports that one query reads. DuckDB's memory grows with the files it reads at once: 800 MiB for a nation's 3,131 ledgers."""
QUERIES = ("completion", "lights", "kinds")
"""The SQL files of `ledger/export/sql`."""


class IncompatibleLedgersError(LedgerError):
    """What is to be added up does not belong together."""


class InvalidMemberError(LedgerError):
    """One of the ledgers cannot be read; its own error says why."""

    def __init__(self, folder: str, message: str, hint: str, exit_code: ExitCode = ExitCode.FINDINGS) -> None:
        super().__init__(f"账本 {folder} 读不成，没有汇总：{message}", hint)
        self.exit_code = exit_code


@dataclass(frozen=True, slots=True)
class RollupOptions:
    """What to add up. `year` and `as_of` are those of the exports, or each ledger's own year and today, where they are None."""

    today: date
    year: int | None = None
    as_of: date | None = None
    engine: Engine = Engine.DUCKDB
    expected: tuple[Division, ...] = ()
    include_broken: bool = False
    cache_of: Callable[[Path], Cache | None] = lambda _: None


@dataclass(frozen=True)
class Rollup:
    """Many ledgers on one day: their exact sums, the expected ones that are absent, and notices for people."""

    year: int
    as_of: date
    sums: Sums
    absent: tuple[Division, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def headers(self) -> tuple[Header, ...]:
        """The ledgers, in the order of their places."""
        return self.sums.headers

    @property
    def simulated(self) -> bool:
        """Whether the data are made up; real and simulated data are never added."""
        return self.headers[0].simulated

    @property
    def alike(self) -> bool:
        """Whether all ledgers judge by the same lights."""
        return len({header.rules for header in self.headers}) == 1

    @property
    def inferred(self) -> frozenset[str]:
        """Departments that some ledger marks as inferred from content and not yet confirmed."""
        return frozenset(name for header in self.headers for name, inferred in header.departments if inferred)

    @property
    def broken(self) -> tuple[Header, ...]:
        """The ledgers that `check` finds something in, counted because it was asked for."""
        return tuple(header for header in self.headers if not header.sound)


def rollup(members: Sequence[Member], options: RollupOptions) -> Rollup:
    """Add up ledgers and exports, all of one year and one day.

    Raises:
        IncompatibleLedgersError: when years, days, places, identities or real and simulated data do not go together.
        InvalidMemberError: when one of the ledgers cannot be read, or `check` finds something in it.
        MissingExportError, SchemaVersionError, DamagedExportError: when an export cannot be relied on.
        MissingDependencyError: when the engine is not installed.
    """
    ledgers = [member for member in members if (member.folder / layout.CONFIG).is_file()]
    exports = [
        export
        for member in members
        if member not in ledgers
        for export in _read_store(member.folder, options)
    ]
    _require_alike([export.header for export in exports])
    if exports:
        first = exports[0].header
        options = replace(options, year=options.year or first.year, as_of=options.as_of or first.as_of)
    parts = list(_assess(ledgers, options))
    kept, notices = _take_once([sums.headers[0] for sums in parts], exports)
    headers = [*(sums.headers[0] for sums in parts), *(export.header for export in kept)]
    _require_alike(headers)
    if kept:
        parts.append(_sum_exports(kept, options.engine))
    sums = merge_sums(parts)
    present = {header.place for header in sums.headers} | {replace(h.place, code="") for h in sums.headers}
    absent = tuple(place for place in options.expected if place not in present)
    return Rollup(headers[0].year, headers[0].as_of, sums, absent, notices)


def trend(members: Sequence[Member], options: RollupOptions, days: Sequence[date]) -> list[Rollup]:
    """Return a roll-up for each day, leaving out the days that no export has.

    Raises:
        LedgerError: as `rollup`.
    """
    in_stores = {
        day
        for member in members
        if not (member.folder / layout.CONFIG).is_file()
        for day in store.days(member.folder, options.year)
    }
    if in_stores:
        last = options.as_of or max(in_stores)
        days = sorted(day for day in in_stores if day <= last)
    return [rollup(members, replace(options, as_of=day)) for day in days]


def read_expected(file: Path) -> tuple[Division, ...]:
    """Read the places that are expected: one code or `市/县` a line; `#` begins a comment.

    Raises:
        UsageError: when the file cannot be read or names no place.
    """
    try:
        lines = [line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8-sig").splitlines()]
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"名单 {file} 读不出来", "写成 UTF-8 的文本文件，一行一个代码或 市/县") from None
    places = tuple(dict.fromkeys(Division.parse(line) for line in lines if line))
    if not places:
        raise UsageError(f"名单 {file} 里没有地方", "一行写一个行政区划代码，或 市/县")
    return places


def _read_store(folder: Path, options: RollupOptions) -> list[store.Export]:
    if options.as_of is None and len(days := store.days(folder, options.year)) > 1:
        raise IncompatibleLedgersError(
            f"{folder} 里有 {len(days)} 个截至日（{days[0]} 至 {days[-1]}）",
            f"指明一天：--as-of {days[-1]}；或按月看：--trend",
        )
    return store.read_exports(folder, options.year, options.as_of, ROLLUP)


def _assess(members: Sequence[Member], options: RollupOptions) -> Iterator[Sums]:
    """Yield the sums of each ledger, in order; several processes share the work.

    Raises:
        InvalidMemberError: for the first ledger that cannot be read.
    """
    by_folder: dict[str, Member] = {}
    for member in members:
        if (folder := str(member.folder.resolve())) in by_folder:
            raise IncompatibleLedgersError(f"账本 {member.folder} 给了两次", "去掉其中一个，免得重复计算")
        by_folder[folder] = member

    def work(folders: Sequence[str]) -> dict[str, Any]:
        return {folder: _assess_one(by_folder[folder], options) for folder in folders}

    results: Mapping[str, Any] = map_forked(list(by_folder), work)
    for folder, member in by_folder.items():
        result = results.get(folder) or _assess_one(member, options)  # again here if its process died
        if "error" in result:
            raise InvalidMemberError(
                str(member.folder), result["error"], result["hint"], ExitCode(result["exit_code"])
            )
        yield decode(result)


def _assess_one(member: Member, options: RollupOptions) -> dict[str, Any]:
    """Return the encoded sums of one ledger, from the cache where nothing has changed since; its error where it has one."""
    with ExitStack() as stack:
        try:
            cache = options.cache_of(member.folder)
            state = None if cache is None else state_of(member.folder)
            name = _cache_name(member, options)
            if cache and state and (stored := cache.read(name)) and stored["state"] == state:
                return dict(stored["sums"])
            encoded = _sum_ledger(member, options, base_of_copies(cache, stack))
        except LedgerError as error:
            return {"error": error.message, "hint": error.hint, "exit_code": int(error.exit_code)}
        if cache and state:
            cache.write(name, {"state": state, "sums": encoded})
        return encoded


def _cache_name(member: Member, options: RollupOptions) -> str:
    """Return the name under which the sums of a ledger are kept: all but its state that they depend on."""
    asked = (member.place, options.year, options.as_of, options.today, options.include_broken)
    return f"rollup-{sha256(repr(asked).encode()).hexdigest()[:16]}"


def _sum_ledger(member: Member, options: RollupOptions, base: Path) -> dict[str, Any]:
    """Return the encoded sums of a ledger, as sealed where a seal covers the day.

    Raises:
        LedgerError: when the ledger cannot be read, `check` finds something in it, or it has no plan of the year.
    """
    day = options.as_of or options.today
    ledger = open_as_sealed(member.folder, day, base).reading_once()
    query = Query(options.year or ledger.config.year, day)
    if query.year not in ledger.years:
        raise IncompatibleLedgersError(
            f"没有 {query.year} 年的计划", "用 --year 写都有的年份，或先不汇总这一本"
        )
    header = describe_export(ledger, query, place_of(ledger, member.place), CommitState.of(ledger))
    header = with_soundness(header, ledger, options.today, include_broken=options.include_broken)
    return encode(sum_report(header, assess_ledger(ledger, query)))


def _take_once(
    ledgers: Sequence[Header], exports: Sequence[store.Export]
) -> tuple[list[store.Export], tuple[str, ...]]:
    """Return the exports of ledgers that are not given otherwise, and notices of those left out.

    Raises:
        IncompatibleLedgersError: when one ledger is given twice with figures that may differ, or under two names.
    """
    seen: dict[str, Header] = {}
    for header in ledgers:
        if earlier := seen.get(header.ledger):
            raise _same_ledger(earlier, header)
        seen[header.ledger] = header
    kept, notices = [], []
    for export in exports:
        header = export.header
        if (earlier := seen.get(header.ledger)) is None:
            seen[header.ledger] = header
            kept.append(export)
        elif (earlier.commit, earlier.clean, earlier.place) == (header.commit, True, header.place):
            notices.append(f"{header.place} 的账本给了两次（提交相同），只计一次")
        else:
            raise _same_ledger(earlier, header)
    return kept, tuple(notices)


def _same_ledger(first: Header, second: Header) -> IncompatibleLedgersError:
    return IncompatibleLedgersError(
        f"{first.place}（{first.name}）与 {second.place}（{second.name}）是同一本账，会重复计算",
        "去掉其中一个",
    )


def _require_alike(headers: Sequence[Header]) -> None:
    """Check that ledgers can be added: one year, one day, no made-up data among real ones, no place twice.

    Raises:
        IncompatibleLedgersError: when they cannot.
    """
    for label, name, remedy in (
        ("年度", "year", "用 --year 指明一年，各年分别汇总"),
        ("截至日", "as_of", "按同一天重新导出：ledger export --as-of 日期"),
    ):
        examples: dict[Any, Header] = {}
        for header in headers:
            examples.setdefault(getattr(header, name), header)
        if len(examples) > 1:
            listed = "，".join(f"{header.place} 是 {value}" for value, header in sorted(examples.items()))
            raise IncompatibleLedgersError(f"{label}不一致，不能合在一起：{listed}", remedy)
    if len({header.simulated for header in headers}) > 1:
        simulated = next(header for header in headers if header.simulated)
        raise IncompatibleLedgersError(
            f"{simulated.place} 是模拟数据，不能与真实数据合在一起", "去掉模拟的账本再汇总"
        )
    identities: dict[Division, set[str]] = {}
    for header in headers:
        identities.setdefault(header.place, set()).add(header.ledger)
    for place, ledgers in identities.items():
        if len(ledgers) > 1:
            raise IncompatibleLedgersError(
                f"两本不同的账都写作 {place}",
                "写明各自的市、县：ledger rollup 湖州/安吉=文件夹 …；或写进各自 data/ledger.yaml 的 city、county",
            )


def _sum_exports(exports: Sequence[store.Export], engine: Engine) -> Sums:
    """Add up exports by SQL; DuckDB takes some at a time.

    Raises:
        DamagedExportError: when the engine read fewer or more rows than the manifests promise.
    """
    size = len(exports) if engine is Engine.SPARK else _BATCH
    folder = files("ledger.export") / "sql"
    queries = {name: (folder / f"{name}.sql").read_text(encoding="utf-8") for name in QUERIES}
    run = _runner(engine)
    batches = (exports[first : first + size] for first in range(0, len(exports), size))
    return merge_sums([_sum_batch(batch, run, queries) for batch in batches])


def _sum_batch(
    exports: Sequence[store.Export],
    run: Callable[..., dict[str, list[Any]]],
    queries: Mapping[str, str],
) -> Sums:
    parts = {
        table: [(export.parts[table].folder, export.parts[table].file) for export in exports]
        for table in ROLLUP
    }
    sums = sum_rows([export.header for export in exports], run(parts, queries))
    rows: Counter[tuple[str, str]] = Counter()
    for (ledger, _), cell in sums.departments.items():
        rows[ledger, "commitments"] += cell.items
        rows[ledger, "status"] += cell.targets
    for export in exports:
        for table in ROLLUP:
            if rows[export.header.ledger, table] != export.parts[table].rows:
                raise DamagedExportError(export.parts[table].file, "的行数与清单不符")
    if sum(cell.items for cell in sums.kinds.values()) != sum(
        export.parts["status"].rows for export in exports
    ):
        raise DamagedExportError(exports[0].parts["status"].folder, "的行数与清单不符")
    return sums


def _runner(engine: Engine) -> Callable[..., dict[str, list[Any]]]:
    if engine is Engine.SPARK:
        from ledger.export import spark_engine

        return spark_engine.run
    from ledger.export import duckdb_engine

    return duckdb_engine.run
