"""One set of conventions over all sixteen departments: the same wording is typed the same way everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

import pytest

from ledger.core.models import Accumulate, Change, Commitment, Goal, Level, Rank, Target
from ledger.core.quantity import Numeral, numerals
from ledger.core.units import default_units
from tests.plan import real

MODELINE = "# yaml-language-server: $schema=../../../../schemas/commitment.schema.json"
TOP = ["id", "department", "title", "year", "difficulty", "text", "targets", "context"]
FIELDS = [
    "key", "name", "kind", "direction", "goal", "stretch", "hold", "among", "steps", "quote", "hedge", "any_of", "part_of", "note",
]  # fmt: skip
HEDGES = re.compile("全力争取|力争|争取|积极|争创|争当")
BEFORE = {
    "不少于": "at_least", "不低于": "at_least", "突破": "above", "超": "above", "破": "above", "≤": "at_most", "约": "about",
}  # fmt: skip


def targets() -> Iterator[tuple[Commitment, Target]]:
    for commitment in real.commitments():
        for target in commitment.targets:
            yield commitment, target


def figured() -> Iterator[tuple[Commitment, Accumulate | Level | Change]]:
    for one, target in targets():
        if isinstance(target, (Accumulate, Level, Change)):
            yield one, target


def wording(quote: str, numeral: Numeral) -> str:
    """The operator that the words around a figure ask for."""
    ahead, behind = quote[: numeral.start], quote[numeral.end :]
    if re.match(r"[^，。；、0-9]*以上", behind):
        return "at_least"
    if re.match(r"[^，。；、0-9]*以内", behind):
        return "at_most"
    if re.match(r"至[0-9]", behind):
        return "between"
    return next((operator for word, operator in BEFORE.items() if ahead.endswith(word)), "reach")


def test_operators_follow_the_words() -> None:
    odd = []
    for one, target in figured():
        asked = {
            wording(target.quote, n) for n in numerals(target.quote) if n.value == target.goal.figure.value
        }
        if asked != {target.goal.op}:
            odd.append((one.id, target.key, target.goal.op, asked))
    assert odd == [("金融办-03", "listed", "at_least", {"reach"})]  # 保6争8: 保 is no less than


def test_a_unit_that_the_source_leaves_out_is_explained() -> None:
    for one, target in figured():
        figure = target.goal.figure
        unit = figure.unit.partition("/")[0]
        behind = [target.quote[n.end :] for n in numerals(target.quote) if n.value == figure.value]
        written = any(words.startswith((unit, "至", f"个{unit}")) for words in behind)
        assert written or "原文" in (target.note or ""), f"{one.id}/{target.key}: {target.quote}"


def test_every_hedge_of_a_quote_is_typed() -> None:
    for one, target in targets():
        found = HEDGES.search(target.quote)
        assert found is None or target.hedge is not None, f"{one.id}/{target.key}: {found}"


def test_a_share_of_growth_says_so_in_its_name() -> None:
    for one, target in targets():
        if isinstance(target, Change):
            falls = target.direction == "decrease"
            endings = ("降幅",) if falls else ("增幅", "增长率")
            assert target.name.endswith(endings), f"{one.id} {target.name}"
            assert falls == ("下降" in target.quote), f"{one.id} {target.name}"
        if isinstance(target, Rank):
            assert target.name.endswith("全省位次"), f"{one.id} {target.name}"
            assert target.among == "全省", f"{one.id} {target.name}"


@pytest.mark.parametrize("department", [department.name for department in real.ledger().config.departments])
def test_a_name_means_one_target_of_its_department(department: str) -> None:
    names = [target.name for one, target in targets() if one.department == department]
    assert sorted(names) == sorted(set(names))
    for name in names:
        assert 2 <= len(name) <= 20, name
        assert not set(name) & set("“”‘’\"' ，。；"), name


def test_files_are_written_alike() -> None:
    for source in real.sources():
        raw = (real.ROOT / source.path).read_bytes()
        text = raw.decode("utf-8")
        assert b"\r" not in raw, source.path
        assert text.endswith("\n"), source.path
        lines = text.split("\n")
        assert lines[0] == MODELINE, source.path
        keys = [line.split(":")[0] for line in lines if re.match(r"[a-z]+:", line)]
        assert keys == [key for key in TOP if key in keys], source.path
        assert keys[:7] == TOP[:7], source.path
        assert lines[lines.index("text: >-") + 1] == f"  {source.commitment.text}", source.path
        assert lines[lines.index("text: >-") + 2] == "targets:", source.path
        for item in source.document.data["targets"]:
            assert list(item) == [key for key in FIELDS if key in item], f"{source.path} {item['key']}"


def test_amounts_are_written_with_one_blank_before_the_unit() -> None:
    for one, target in figured():
        for figure in chain.from_iterable(amounts(goal) for goal in (target.goal, *target.stretch)):
            assert re.fullmatch(r"[0-9]+(\.[0-9]+)? \S+", figure), f"{one.id}/{target.key}: {figure}"


def amounts(goal: Goal) -> list[str]:
    return [item.text for item in (goal.figure, goal.upper) if item is not None]


def test_units_are_those_of_the_common_table() -> None:
    """A ledger made from this plan needs no units of its own."""
    assert not real.ledger().config.units
    for one, target in figured():
        assert default_units().find(target.unit) is not None, f"{one.id}/{target.key}: {target.unit}"
