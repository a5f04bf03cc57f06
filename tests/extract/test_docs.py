"""What docs/internals/extraction.md shows and claims is what the engine does."""

from __future__ import annotations

import re

import pytest

from ledger.extract import draft
from tests.paths import REPOSITORY

from .labels import half, plan
from .scoring import Score, compare

DOC = (REPOSITORY / "docs" / "internals" / "extraction.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^    (\S.*?) => (.*)$", DOC, flags=re.MULTILINE)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 8


@pytest.mark.parametrize(("text", "expected"), EXAMPLES)
def test_examples_give_what_the_page_shows(text: str, expected: str) -> None:
    shown = []
    for t in draft(text).targets:
        figure = f"{t.value}~{t.value2}" if t.value2 else t.value
        shown.append(f"{t.name} | {t.kind} | {t.op} {figure} {t.unit}")
    assert "; ".join(shown) == expected


@pytest.mark.parametrize("name", ["dev", "held", "cities-dev", "cities-held", "plan 2023, typed by hand"])
def test_scores_on_the_page_are_not_better_than_measured(name: str) -> None:
    row = re.search(
        rf"^\| {name} \| (\d+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", DOC, flags=re.MULTILINE
    )
    assert row is not None
    score = Score()
    for paragraph in plan() if name.startswith("plan") else half(name):
        compare(
            score,
            paragraph.where,
            paragraph.labels,
            draft(paragraph.text, paragraph.title, year=paragraph.year),
        )
    measured = (score.precision, score.recall, score.share("kind"), score.share("name"))
    claimed = [float(cell) for cell in row.groups()[1:]]
    assert all(have + 0.0005 >= claim for have, claim in zip(measured, claimed, strict=True)), (
        measured,
        claimed,
    )
