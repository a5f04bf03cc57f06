"""How often honest figures are asked about, and how many typing errors are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import pytest

from ledger.core.errors import LedgerError
from ledger.core.models import Commitment, Entry
from ledger.core.models.base import read
from ledger.core.progress import Policy, problems
from ledger.core.reading import Hints, read_figures
from ledger.files.ids import IdMaker
from ledger.files.ledger import Ledger
from ledger.rules.doubts import find_doubts
from tests.paths import REPOSITORY
from tests.rules.doubts.simulation import Typed, fat_fingers, honest_year

LEDGER = Ledger.open(REPOSITORY)
PLAN = [source.commitment for source in LEDGER.load_plan(2023)]
POLICY = Policy.of(LEDGER.config, LEDGER.units)
new_id = IdMaker()


def entry_of(typed: Typed) -> Entry:
    named = {"benchmark": typed.benchmark} if typed.benchmark else {}
    hints = Hints(
        basis=("total" if typed.total else "add") if typed.target.kind == "accumulate" else None, named=named
    )
    figures = read_figures(typed.target, typed.text, hints, LEDGER.units)
    return read(Entry, {"id": new_id(), "on": typed.on, "target": typed.target.key, "by": "模拟", **figures})


def asked(typed: Typed, before: Sequence[Entry]) -> list[str]:
    """Return why a figure is asked about or refused; nothing where it is taken as it is."""
    try:
        entry = entry_of(typed)
    except LedgerError as error:
        return [error.code]
    wrong = [
        one.code for one in problems(typed.target, [*before, entry], POLICY) if one.place.entry == entry.id
    ]
    family = {one.key: one for one in typed.commitment.targets}
    return wrong or [one.rule for one in find_doubts(typed.target, [*before, entry], entry, POLICY, family)]


def walked(year: Sequence[Typed]) -> Iterator[tuple[Typed, list[Entry], list[str]]]:
    journals: dict[str, list[Entry]] = defaultdict(list)
    for typed in year:
        journal = journals[typed.commitment.id]
        yield typed, journal, asked(typed, journal)
        journal.append(entry_of(typed))


def alarms(commitments: Sequence[Commitment], seed: int) -> tuple[int, Counter[str]]:
    year = honest_year(commitments, seed)
    rules = Counter(rule for _, _, found in walked(year) for rule in found[:1])
    return len(year), rules


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_honest_figures_are_rarely_asked_about(seed: int) -> None:
    entries, rules = alarms(PLAN, seed)
    assert entries > 2000
    assert sum(rules.values()) * 100 <= entries, rules


@pytest.mark.parametrize("seed", [11, 12])
def test_nine_typing_errors_of_ten_are_asked_about(seed: int) -> None:
    missed: Counter[str] = Counter()
    total: Counter[str] = Counter()
    year = honest_year(PLAN, seed)
    for kind, place, wrong in fat_fingers(year, seed):
        before = [entry_of(one) for one in year[:place] if one.commitment is wrong.commitment]
        if kind == "重复":
            before.append(entry_of(year[place]))
        total[kind] += 1
        missed[kind] += not asked(wrong, before)
    assert sum(total.values()) == 500
    assert sum(missed.values()) <= 50, (missed, total)
