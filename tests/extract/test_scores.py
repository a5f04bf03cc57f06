"""The drafts against labels: the half that rules were tuned on, the half that was only scored, the hand-typed plan."""

from __future__ import annotations

import pytest

from ledger.extract import draft

from .labels import Paragraph, half, plan
from .scoring import Score, compare


def _score(paragraphs: list[Paragraph]) -> Score:
    score = Score()
    for paragraph in paragraphs:
        compare(
            score,
            paragraph.where,
            paragraph.labels,
            draft(paragraph.text, paragraph.title, year=paragraph.year),
        )
    return score


def _show(name: str, score: Score) -> None:
    print(f"\n{name}: {score.line()}")
    print("\n".join(score.misses))


@pytest.mark.parametrize("name", ["dev", "held", "cities-dev", "cities-held"])
def test_paragraphs_of_other_domains(name: str) -> None:
    score = _score(half(name))
    _show(name, score)
    assert score.labelled > 200
    assert score.precision >= 0.97
    assert score.recall >= 0.97
    assert score.share("kind") >= 0.95
    assert score.share("name") >= 0.95
    assert score.share("op") >= 0.97
    assert score.share("value2") >= 0.97
    assert score.share("hedge") >= 0.95


def test_hand_typed_plan() -> None:
    paragraphs = plan()
    assert len(paragraphs) == 80
    score = _score(paragraphs)
    _show("plan 2023", score)
    assert score.labelled > 200
    assert score.precision >= 0.97
    assert score.recall >= 0.97
    assert score.share("kind") >= 0.9
    assert score.share("name") >= 0.8
