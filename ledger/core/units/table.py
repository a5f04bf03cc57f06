"""The table of units: which words are units, which mean the same, which can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ledger.core.errors import LedgerError
from ledger.core.units.lazy import LazyPattern
from ledger.core.units.spelling import MISTYPED, closest

Dimension = tuple[tuple[str, int], ...]

_HERE = Path(__file__).parent
_NAME = LazyPattern(r"([^{}]+)(?:\{([^{}]*)\})?")
_TERM = LazyPattern(r"([^*/^]+)(?:\^([1-9]))?")
_NUMBER = LazyPattern(r"[0-9]+(?:\.[0-9]+|/[1-9][0-9]*)?")
_PER_SCALE = LazyPattern(r"(10万|100万|1000万|10000|1000|100|10|1|百万|千万|十万|百|千|万|亿)?(.+)")
_PER_SPELLING = {"1": "", "10": "10", "100": "百", "1000": "千", "10000": "万", "十万": "10万", "100万": "百万",
                 "1000万": "千万"}  # fmt: skip
_PER_VALUE = {"": 1, "10": 10, "百": 100, "千": 1000, "万": 10**4, "10万": 10**5, "百万": 10**6,
              "千万": 10**7, "亿": 10**8}  # fmt: skip
_LONGEST_NAME = 40


class UnitDefinitionError(LedgerError):
    """A line of a definitions file, or a `units` entry of a ledger, that cannot be used."""

    def __init__(self, line: str, reason: str) -> None:
        super().__init__(
            f"单位定义“{line}”有误：{reason}",
            "写法：名称 = 系数 已有单位，例如 公里 = 1000 米；新量词只写名称",
        )


class Unit(NamedTuple):
    """One spelling of a unit. `name` is the unit's own name, shared by its synonyms; `spelling` is what is shown."""

    name: str
    spelling: str
    relation: str
    per_only: bool = False
    parts: tuple[tuple[int, str], ...] = ()

    @property
    def counted(self) -> bool:
        """Whether it is a count word: whole things, tied to no other unit."""
        return not self.relation and not self.parts


class UnitTable:
    """Looks units up by any spelling. Never changed after it is made: `extended` gives a new one."""

    def __init__(self, lines: Iterable[tuple[str, str]], base: UnitTable | None = None) -> None:
        self._exact: dict[str, Unit] = dict(base._exact) if base else {}
        self._folded: dict[str, set[str]] = {k: set(v) for k, v in base._folded.items()} if base else {}
        self._refused: set[str] = set(base._refused) if base else set()
        self._rates: dict[str, Unit | None] = {}
        self._measures: dict[str, tuple[Fraction, Dimension]] = {}
        for left, right in lines:
            self._define(left, right)
        self.initials = frozenset(name[0] for name in self._exact)

    def __iter__(self) -> Iterator[Unit]:
        """Every spelling of every unit, in the order of definition; rates made on the way are not among them."""
        return iter(dict.fromkeys(self._exact.values()))

    def find(self, name: str) -> Unit | None:
        """The unit this text names, in its conventional spelling; None where no unit or more than one fits."""
        unit = self._exact.get(name)
        if unit is not None:
            return None if unit.per_only else unit
        if len(name) > _LONGEST_NAME or not name:
            return None
        if name in self._rates:
            return self._rates[name]
        symbol = self._by_case(name)
        if symbol is None and ("/" in name or "每" in name):
            symbol = self._rate(name.replace("/每", "/").replace("每", "/"))
        if symbol is None and name.endswith((")", "）")):
            symbol = self._or_else(name.replace("（", "(").replace("）", ")"))
        if symbol is not None and symbol.per_only:
            symbol = None
        if len(self._rates) < 4096:  # a bound: names come from user text
            self._rates[name] = symbol
        return symbol

    def plain(self, name: str) -> str | None:
        """The spelling of a unit, or of one unit per another, named exactly so, at the price of a look-up; None for anything else."""
        unit = self._exact.get(name)
        if unit is None:
            above, _, below = name.partition("/")
            known = below in self._exact or (below[:1] in _PER_VALUE and below[1:] in self._exact)
            unit = self.find(name) if known and above in self._exact else None
        return None if unit is None or unit.per_only else unit.spelling

    def rate(self, numerator: str, denominators: Iterable[str]) -> Unit | None:
        """The unit `numerator` per each of `denominators`; None where one of them is no unit."""
        return self.find("/".join((numerator, *denominators)))

    def suggest(self, name: str) -> list[str]:
        """Spellings close to a text that is no unit, the closest first; at most three, often none."""
        folded = self._folded.get(name.lower(), set())
        if folded:
            return sorted(folded)
        multiplier = MISTYPED.get(name[:1])
        if multiplier and self.find(name[1:]) is not None:
            return [multiplier + name[1:]]
        return closest(name, dict.fromkeys(unit.spelling for unit in self if not unit.per_only))

    def ambiguous(self, name: str) -> list[str]:
        """The units a text could mean by its letters, where case decides and the case fits none or several."""
        if name in self._refused or self._by_case(name) is None:
            return sorted(self._folded.get(name.lower(), set()))
        return []

    def same(self, a: str, b: str) -> bool:
        """Whether two names are the same unit: synonyms, or the same multiple of the same dimension."""
        if a == b:
            return True
        first, second = self.find(a), self.find(b)
        return first is not None and second is not None and self.measure(first) == self.measure(second)

    def comparable(self, a: str, b: str) -> bool:
        """Whether two names have one dimension, so that a figure in one can be converted to the other."""
        if a == b:
            return True
        first, second = self.find(a), self.find(b)
        return first is not None and second is not None and self.measure(first)[1] == self.measure(second)[1]

    def measure(self, unit: Unit) -> tuple[Fraction, Dimension]:
        """How many base units one of it is, and its dimension as (base, exponent) pairs."""
        known = self._measures.get(unit.spelling)
        if known is None:
            known = self._measures[unit.spelling] = self._compute(unit)
        return known

    def leading(self, text: str) -> tuple[str, Unit] | None:
        """The longest name of a unit that `text` begins with, and the unit; None where there is none."""
        for end in range(min(len(text), _LONGEST_NAME), 0, -1):
            unit = self._exact.get(text[:end])
            if unit is not None and not unit.per_only:
                return text[:end], unit
        return None

    def extended(self, definitions: Mapping[str, str]) -> UnitTable:
        """A new table with a ledger's own units: name → what stands after `=` (量词, or "", for a new count word).

        Raises UnitDefinitionError for a name that is taken, a relation to an unknown unit, or a circle.
        """
        lines = [split_line(k if v.strip() in ("", "量词") else f"{k} = {v}") for k, v in definitions.items()]
        table = UnitTable(lines, self)
        for left, _ in lines:
            match = _NAME.match(left)
            unit = table._exact.get(match[1].strip()) if match else None
            if unit is not None:
                table.measure(unit)
        return table

    def terms(self, relation: str) -> tuple[Fraction, list[tuple[str, int]]]:
        """A relation taken apart: its factor and its (unit, exponent) terms, or (1, [("[x]", 1)]) for a base."""
        if relation.startswith("["):
            return Fraction(1), [(relation, 1)]
        number, _, rest = relation.rpartition(" ")
        if number and not _NUMBER.fullmatch(number):
            raise UnitDefinitionError(relation, f"“{number}”不是系数")
        terms = []
        for position, factor in enumerate(rest.split("/")):
            for term in factor.split("*"):
                match = _TERM.fullmatch(term)
                if match is None:
                    raise UnitDefinitionError(relation, f"看不懂“{term}”")
                power = int(match[2] or 1)
                terms.append((match[1], -power if position else power))
        return Fraction(number or 1), terms

    def definition(self, unit: Unit) -> tuple[Fraction, list[tuple[str, int]]]:
        """A unit by other units: its factor and (unit, exponent) terms; a base has the term ("[dimension]", 1)."""
        if not unit.parts:
            return self.terms(unit.relation or f"[{unit.name}]")
        factor = Fraction(1)
        for scale, _ in unit.parts:
            factor /= scale
        return factor, [(name, -1 if position else 1) for position, (_, name) in enumerate(unit.parts)]

    def named(self, name: str, needed_by: Unit | None = None) -> Unit:
        """The unit with exactly this spelling, also one that only stands under a stroke."""
        unit = self._exact.get(name)
        if unit is None:
            line = (needed_by.relation or needed_by.name) if needed_by else name
            raise UnitDefinitionError(line, f"没有“{name}”这个单位")
        return unit

    def _define(self, left: str, right: str) -> None:
        relation, _, synonyms = (part.strip() for part in right.partition("|"))
        names = [left, *synonyms.split()]
        chosen = ""
        for text in names:
            match = _NAME.fullmatch(text)
            if match is None:
                raise UnitDefinitionError(f"{left} = {right}", f"看不懂“{text}”")
            per_only = match[1].startswith(":")
            spelling = match[1].lstrip(":")
            chosen = chosen or spelling
            unit = Unit(chosen, spelling, relation, per_only)
            self._register(spelling, unit)
            for variant in filter(None, (match[2] or "").split(",")):
                if variant.startswith("!"):
                    self._refused.add(variant[1:])
                else:
                    self._register(variant, unit)

    def _register(self, text: str, unit: Unit) -> None:
        if text in self._exact:
            raise UnitDefinitionError(text, f"“{text}”已经是“{self._exact[text].name}”的写法")
        self._exact[text] = unit
        if not text.isascii() or not text.isalpha():
            lowered = text.lower()
            if lowered == text.upper():
                return
        self._folded.setdefault(text.lower(), set()).add(unit.spelling)

    def _by_case(self, name: str) -> Unit | None:
        """A Latin spelling in whatever case, where only one unit has these letters."""
        if name in self._refused:
            return None
        spellings = self._folded.get(name.lower())
        if spellings is None or len(spellings) != 1:
            return None
        return self._exact[next(iter(spellings))]

    def _or_else(self, name: str) -> Unit | None:
        """Return the unit of 套(户), two count words for one thing: the first, spelt as it was written."""
        first, bracket, second = name[:-1].partition("(")
        unit, other = self._exact.get(first), self._exact.get(second)
        if not bracket or unit is None or other is None or not (unit.counted and other.counted):
            return None
        if first + second in self._exact:  # 人(次) may be 人 or 人次
            return None
        return Unit(unit.name, f"{unit.spelling}（{other.spelling}）", unit.relation)

    def _under_stroke(self, name: str) -> Unit | None:
        unit = self._exact.get(name)
        return unit if unit is not None else self._by_case(name)

    def _rate(self, name: str) -> Unit | None:
        top, *bottoms = name.replace("/(", "/").replace(")", "").replace("·", "/").split("/")
        numerator = self.find(top) if top else None
        if numerator is None or numerator.parts or len(bottoms) > 3:
            return None
        parts, spelled = [(1, numerator.spelling)], [numerator.spelling]
        for bottom in bottoms:
            scale, denominator = self._denominator(bottom)
            if denominator is None or denominator.parts:
                return None
            parts.append((_PER_VALUE[scale], denominator.spelling))
            spelled.append(scale + denominator.spelling)
        spelling = "/".join(spelled)
        return Unit(spelling, spelling, "", False, tuple(parts))

    def _denominator(self, text: str) -> tuple[str, Unit | None]:
        """What stands under a stroke: a unit as it is (千瓦时), else a multiplier and a unit (千 人)."""
        whole = self._under_stroke(text)
        match = _PER_SCALE.fullmatch(text)
        if whole is not None or match is None:
            return "", whole
        return _PER_SPELLING.get(match[1] or "", match[1] or ""), self._under_stroke(match[2])

    def _compute(self, unit: Unit, depth: int = 0) -> tuple[Fraction, Dimension]:
        if depth > 20:
            raise UnitDefinitionError(unit.name, "定义绕成了圈")
        factor, terms = self.definition(unit)
        exponents: dict[str, int] = {}
        for name, power in terms:
            if name.startswith("["):
                exponents[name] = exponents.get(name, 0) + power
                continue
            size, dimension = self._compute(self.named(name, unit), depth + 1)
            factor *= size**power
            for base, exponent in dimension:
                exponents[base] = exponents.get(base, 0) + exponent * power
        return factor, tuple(sorted((k, v) for k, v in exponents.items() if v))


def split_line(line: str) -> tuple[str, str]:
    """One line of a definitions file as (name part, relation and synonyms)."""
    if "=" in line.partition("|")[0]:
        left, _, right = line.partition("=")
        return left.strip(), right.strip()
    left, bar, right = line.partition("|")
    return left.strip(), f"|{right}" if bar else ""


@lru_cache(maxsize=1)
def default_units() -> UnitTable:
    """The units of `ledger/core/units/*.txt`, read once."""
    lines: list[tuple[str, str]] = []
    for path in sorted(_HERE.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        lines += [split_line(line) for line in text.splitlines() if line and not line.startswith("#")]
    return UnitTable(lines)
