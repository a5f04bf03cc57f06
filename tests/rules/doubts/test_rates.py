"""How often honest figures are asked about, and how many typing errors are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

import pytest

from ledger.core.errors import LedgerError
from ledger.core.models import Entry
from ledger.core.models.base import read_model
from ledger.core.progress import Policy, problems
from ledger.core.reading import Hints, read_figures
from ledger.core.structs import replace
from ledger.files.ids import IdMaker
from ledger.files.ledger import Ledger
from ledger.rules.doubts import find_doubts
from ledger.rules.gate import DOUBTS_OF_CHECK
from tests.paths import REPOSITORY
from tests.rules.doubts.habits import habitual_year, slips
from tests.rules.doubts.simulation import Typed, fat_fingers, honest_year

LEDGER = Ledger.open(REPOSITORY)
PLAN = [source.commitment for source in LEDGER.load_plan(2023)]
POLICY = Policy.of(LEDGER.config, LEDGER.units)
new_id = IdMaker()


def entry_of(typed: Typed, before: Sequence[Entry]) -> Entry:
    named = {"benchmark": typed.benchmark} if typed.benchmark else {}
    hints = Hints(
        basis=("total" if typed.total else "add") if typed.target.kind == "accumulate" else None, named=named
    )
    figures = read_figures(typed.target, typed.text, hints, LEDGER.units)
    if typed.mends:
        last = next(line for line in reversed(before) if line.target == typed.target.key)
        figures |= {"corrects": last.id, "reason": "核对"}
    return read_model(
        Entry, {"id": new_id(), "on": typed.on, "target": typed.target.key, "by": "模拟", **figures}
    )


def asked(typed: Typed, before: Sequence[Entry]) -> list[str]:
    """Return why a figure is asked about or refused; nothing where it is taken as it is."""
    try:
        entry = entry_of(typed, before)
    except LedgerError as error:
        return [error.code]
    lines = [*before, entry]
    wrong = [
        problem.code
        for problem in problems(typed.target, lines, POLICY)
        if problem.place.entry == entry.id and problem.code not in DOUBTS_OF_CHECK
    ]
    family = {target.key: target for target in typed.commitment.targets}
    return wrong or [doubt.rule for doubt in find_doubts(typed.target, lines, entry, POLICY, family)]


def alarms(year: Sequence[Typed]) -> Counter[str]:
    """Return what is asked about in a year, by the first rule; who is asked confirms."""
    journals: dict[str, list[Entry]] = defaultdict(list)
    rules: Counter[str] = Counter()
    for typed in year:
        journal = journals[typed.commitment.id]
        doubts = asked(typed, journal)
        rules.update(doubts[:1])
        journal.append(replace(entry_of(typed, journal), confirmed=tuple(doubts)))
    return rules


def entries_before(year: Sequence[Typed], place: int, *, doubled: bool) -> list[Entry]:
    """Return the lines of a figure's commitment that were written before it; itself too where it is typed twice."""
    entries: list[Entry] = []
    for typed in year[: place + doubled]:
        if typed.commitment is year[place].commitment:
            entries.append(entry_of(typed, entries))
    return entries


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("make_year", [honest_year, habitual_year])
def test_honest_figures_are_rarely_asked_about(make_year: Callable[..., list[Typed]], seed: int) -> None:
    year = make_year(PLAN, seed)
    rules = alarms(year)
    assert len(year) > 2000
    assert rules.total() * 100 <= len(year), rules


@pytest.mark.parametrize("seed", [11, 12])
@pytest.mark.parametrize(("make_year", "make_errors"), [(honest_year, fat_fingers), (habitual_year, slips)])
def test_nine_typing_errors_of_ten_are_asked_about(
    make_year: Callable[..., list[Typed]],
    make_errors: Callable[[Sequence[Typed], int], Iterator[tuple[str, int, Typed]]],
    seed: int,
) -> None:
    missed: Counter[str] = Counter()
    total: Counter[str] = Counter()
    year = make_year(PLAN, seed)
    for kind, place, wrong in make_errors(year, seed):
        before = entries_before(year, place, doubled=kind == "doubled")
        total[kind] += 1
        missed[kind] += not asked(wrong, before)
    assert total.total() == 500
    assert missed.total() <= 50, (missed, total)
