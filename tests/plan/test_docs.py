"""What `docs/reference/plan-2023.md` says of the plan is recomputed from the plan: counts, notes, and what became no target."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from ledger.core.models import Commitment
from tests.plan import real

DOC = real.ROOT / "docs" / "reference" / "plan-2023.md"
KINDS = ("accumulate", "level", "change", "rank", "compare", "milestone", "judgement")
WITH_A_FIGURE = ("accumulate", "level", "change", "rank")
REASONS = {"背景", "引语", "概况", "做法", "口号"}


def table(heading: str) -> list[list[str]]:
    """The rows of the table under a heading, without its head."""
    section = DOC.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in section.split("\n") if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def counts(commitments: list[Commitment]) -> list[str]:
    kinds = Counter(target.kind for commitment in commitments for target in commitment.targets)
    figures = sum(kinds[kind] for kind in WITH_A_FIGURE)
    return [str(number) for number in (kinds.total(), *(kinds[kind] for kind in KINDS), figures)]


def clauses_without_target(one: Commitment) -> Iterator[str]:
    quoted = {
        place
        for target in one.targets
        for found in re.finditer(re.escape(target.quote), one.text)
        for place in range(found.start(), found.end())
    }
    for clause in re.finditer("[^，,。；]+", one.text):
        if quoted.isdisjoint(range(clause.start(), clause.end())):
            yield clause[0]


def test_the_counts_by_department_and_kind() -> None:
    plan = list(real.commitments())
    departments = [department.name for department in real.ledger().config.departments]
    assert table("有多少目标") == [
        *([name, *counts([item for item in plan if item.department == name])] for name in departments),
        ["合计", *counts(plan)],
    ]


def test_the_notes_are_those_of_the_files() -> None:
    assert table("编录说明") == [
        [f"{commitment.id}/{target.key}", target.name, target.note]
        for commitment in real.commitments()
        for target in commitment.targets
        if target.note
    ]


def test_every_clause_without_target_is_listed_with_a_reason() -> None:
    rows = table("正文里没有立目标的话")
    assert [row[:2] for row in rows] == [
        [commitment.id, clause]
        for commitment in real.commitments()
        for clause in clauses_without_target(commitment)
    ]
    assert {row[2] for row in rows} == REASONS


@pytest.mark.parametrize("words", ["力争", "争取", "超过", "突破", "第一", "前三", "前列", "不少于"])
def test_no_clause_without_target_promises_a_figure_or_a_place(words: str) -> None:
    promising = [row for row in table("正文里没有立目标的话") if words in row[1]]
    assert promising == ([["统计局-01", "在数据评估上力争于我有利", "口号"]] if words == "力争" else [])
