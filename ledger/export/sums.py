"""Exact sums over many ledgers, and the cuts that a roll-up shows: by city, county, department, kind and light."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeVar

from ledger.core.progress.averages import Mean
from ledger.core.progress.lights import Light
from ledger.core.progress.report import StatusReport
from ledger.export.header import Header

K = TypeVar("K")


@dataclass
class Subtotal:
    """Some commitments or targets: the exact sum of their completions, how many, and the lights of the targets.

    `counted` and `uncounted` count commitments in cells of departments, and targets in cells of kinds. `targets_uncounted`
    are the targets without a completion.
    """

    total: Fraction = Fraction(0)
    counted: int = 0
    uncounted: int = 0
    targets_uncounted: int = 0
    entries: int = 0
    lights: Counter[Light] = field(default_factory=Counter)

    @property
    def items(self) -> int:
        """Number of commitments (of targets in a cell of kinds), computable or not."""
        return self.counted + self.uncounted

    @property
    def targets(self) -> int:
        """Number of targets."""
        return self.lights.total()

    @property
    def completion(self) -> Mean:
        """The mean over the computable ones, each with the same weight, and the count of the others."""
        return Mean(self.total / self.counted if self.counted else None, self.counted, self.uncounted)

    def add(self, other: Subtotal) -> None:
        """Add another cell to this one."""
        self.total += other.total
        self.counted += other.counted
        self.uncounted += other.uncounted
        self.targets_uncounted += other.targets_uncounted
        self.entries += other.entries
        self.lights.update(other.lights)

    def add_value(self, value: Fraction | None, count: int = 1) -> None:
        """Add `count` items whose completions sum up to `value`; None where they have none."""
        if value is None:
            self.uncounted += count
        else:
            self.total += value
            self.counted += count

    def add_targets(self, light: Light, count: int, uncounted: int, entries: int) -> None:
        """Add targets of one light."""
        self.lights[light] += count
        self.targets_uncounted += uncounted
        self.entries += entries


Departments = dict[tuple[str, str], Subtotal]
"""(ledger, department) → its commitments."""
Kinds = dict[tuple[str, str], Subtotal]
"""(city, kind) → its targets."""


@dataclass(frozen=True)
class Sums:
    """The cells from which every cut is made, and the headers of the ledgers they come from."""

    headers: tuple[Header, ...]
    departments: Departments
    kinds: Kinds

    def by_department(self, key: Callable[[Header, str], K]) -> dict[K, Subtotal]:
        """Return the cells of departments, added up where `key` (of header and department) gives the same name."""
        headers = {header.ledger: header for header in self.headers}
        return add_up((key(headers[ledger], name), cell) for (ledger, name), cell in self.departments.items())

    def by_kind(self, key: Callable[[str, str], K]) -> dict[K, Subtotal]:
        """Return the cells of kinds, added up where `key` (of city and kind) gives the same name."""
        return add_up((key(city, kind), cell) for (city, kind), cell in self.kinds.items())

    def total(self) -> Subtotal:
        """Return the sum over everything."""
        return self.by_department(lambda _header, _department: "").get("", Subtotal())

    def department_names(self) -> tuple[str, ...]:
        """Return the name of every department, in the order of the ledgers."""
        names = dict.fromkeys(name for header in self.headers for name, _ in header.departments)
        present = {name for _, name in self.departments}
        return (*(name for name in names if name in present), *sorted(present - names.keys()))


def add_up(items: Iterable[tuple[K, Subtotal]]) -> dict[K, Subtotal]:
    """Return the sum of the cells of each key."""
    sums: dict[K, Subtotal] = {}
    for key, cell in items:
        sums.setdefault(key, Subtotal()).add(cell)
    return sums


def sum_report(header: Header, report: StatusReport) -> Sums:
    """Return the sums of one ledger from its own status report."""
    departments: Departments = {}
    kinds: Kinds = {}
    for commitment in report.commitments:
        cell = departments.setdefault((header.ledger, commitment.commitment.department), Subtotal())
        cell.add_value(commitment.completion.value)
        for target in commitment.targets:
            cell.add_targets(target.light, 1, int(target.completion is None), target.entries)
            kind = kinds.setdefault((header.place.city, target.kind), Subtotal())
            value = (
                None if target.completion is None else min(Fraction(1), max(Fraction(0), target.completion))
            )
            kind.add_value(value)
            kind.add_targets(target.light, 1, int(value is None), target.entries)
    return Sums((header,), departments, kinds)


def sum_rows(headers: Sequence[Header], rows: Mapping[str, Iterable[Sequence[Any]]]) -> Sums:
    """Return the sums from the rows of `sql/completion.sql`, `sql/lights.sql` and `sql/kinds.sql`."""
    departments: Departments = {}
    kinds: Kinds = {}
    for ledger, department, denominator, long_numerator, numerator, count in rows["completion"]:
        cell = departments.setdefault((ledger, department), Subtotal())
        cell.add_value(_sum(denominator, long_numerator, numerator, count), count)
    for ledger, department, light, targets, uncounted, entries in rows["lights"]:
        cell = departments.setdefault((ledger, department), Subtotal())
        cell.add_targets(Light(light), targets, uncounted, entries)
    for city, kind, light, denominator, long_numerator, numerator, count, entries in rows["kinds"]:
        cell = kinds.setdefault((city, kind), Subtotal())
        value = _sum(denominator, long_numerator, numerator, count, clamp=True)
        cell.add_value(value, count)
        cell.add_targets(Light(light), count, count if value is None else 0, entries)
    return Sums(tuple(headers), departments, kinds)


def merge_sums(parts: Sequence[Sums]) -> Sums:
    """Return the sums of several sets of ledgers, none of which is in two of them."""
    return Sums(
        tuple(
            sorted(
                (header for part in parts for header in part.headers),
                key=lambda header: (header.place, header.ledger),
            )
        ),
        add_up(item for part in parts for item in part.departments.items()),
        add_up(item for part in parts for item in part.kinds.items()),
    )


def _sum(
    denominator: Any, long_numerator: Any, numerator: Any, count: int, *, clamp: bool = False
) -> Fraction | None:
    """Return a sum of `count` completions of one denominator; of `count` equal ones where the numerator is a long one."""
    if denominator is None:
        return None
    if long_numerator is None:
        return Fraction(int(numerator), int(denominator))
    value = Fraction(int(long_numerator), int(denominator))
    return (min(Fraction(1), max(Fraction(0), value)) if clamp else value) * count


def encode(sums: Sums) -> dict[str, object]:
    """Return sums in JSON types, exactly."""
    return {
        "headers": [header.to_json() for header in sums.headers],
        "departments": [[*key, *_encode_cell(cell)] for key, cell in sums.departments.items()],
        "kinds": [[*key, *_encode_cell(cell)] for key, cell in sums.kinds.items()],
    }


def decode(content: Mapping[str, Any]) -> Sums:
    """Read what `encode` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    return Sums(
        tuple(Header.from_json(header) for header in content["headers"]),
        {(row[0], row[1]): _decode_cell(row[2:]) for row in content["departments"]},
        {(row[0], row[1]): _decode_cell(row[2:]) for row in content["kinds"]},
    )


def _encode_cell(cell: Subtotal) -> tuple[object, ...]:
    lights = {light.value: count for light, count in cell.lights.items()}
    return str(cell.total), cell.counted, cell.uncounted, cell.targets_uncounted, cell.entries, lights


def _decode_cell(row: Sequence[Any]) -> Subtotal:
    total, counted, uncounted, targets_uncounted, entries, lights = row
    counter = Counter({Light(light): count for light, count in lights.items()})
    return Subtotal(Fraction(total), counted, uncounted, targets_uncounted, entries, counter)
