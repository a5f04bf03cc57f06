"""Reads the labelled paragraphs beside it, and the hand-typed plan of the repository."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from tests.paths import REPOSITORY

from .scoring import Label

HERE = Path(__file__).parent
PLAN = REPOSITORY / "data" / "targets" / "2023"
_FIGURE = re.compile(r"(\w+) ([\d./]+)(?:~([\d./]+))? ?(\S*)")
_GOAL = re.compile(r"([\d.,/]+)\s*(.*)")
_OPS = {"above": "more_than", "below": "less_than"}


class Paragraph(NamedTuple):
    where: str
    title: str
    text: str
    labels: list[Label]
    year: int | None = None


def half(name: str) -> list[Paragraph]:
    read = YAML(typ="safe").load((HERE / "corpus" / f"{name}.yaml").read_text(encoding="utf-8"))
    return [
        Paragraph(
            f"{name}/{entry['domain']}/{entry['title']}",
            entry["title"],
            entry["text"],
            [_label(line) for line in entry["targets"]],
        )
        for entry in read
    ]


def _label(line: str) -> Label:
    cells = [cell.strip() for cell in line.split("|")]
    hedge = cells[3] if len(cells) > 3 and cells[3] else None
    if len(cells) < 3 or not cells[2]:
        return Label(cells[0], cells[1], hedge=hedge)
    match = _FIGURE.fullmatch(cells[2])
    if match is None:
        return Label(cells[0], cells[1], hedge=hedge)
    return Label(cells[0], cells[1], match[1], match[2], match[3], match[4] or "", hedge)


def plan() -> list[Paragraph]:
    """The 80 commitments as somebody typed them by hand."""
    yaml = YAML(typ="safe")
    paragraphs = []
    for path in sorted(PLAN.glob("*/*.yaml")):
        read = yaml.load(path.read_text(encoding="utf-8"))
        paragraphs.append(
            Paragraph(
                read["id"],
                read["title"],
                read["text"],
                [_typed(t) for t in read.get("targets", ())],
                read["year"],
            )
        )
    return paragraphs


def _typed(target: dict[str, Any]) -> Label:
    goal = target.get("goal") or {}
    kind, name, hedge = target["kind"], target["name"], target.get("hedge")
    if kind == "rank":
        op, value = next(iter(goal.items()))
        tiers = target.get("stretch") or []
        second = str(next(iter(tiers[0].values()))) if tiers else None
        return Label(name, kind, "reach", str(value), second, "位", hedge)
    if kind == "compare" or not goal:
        return Label(name, kind, hedge=hedge)
    op, value = next(iter(goal.items()))
    if op == "between":
        low, high = (_GOAL.fullmatch(str(v)) for v in value)
        assert low is not None
        assert high is not None
        return Label(name, kind, op, low[1], high[1], low[2], hedge)
    figure = _GOAL.fullmatch(str(value))
    assert figure
    tiers = target.get("stretch") or []
    second = _GOAL.fullmatch(str(next(iter(tiers[0].values())))) if tiers else None
    return Label(
        name,
        kind,
        _OPS.get(op, op),
        figure[1].replace(",", ""),
        second[1] if second else None,
        figure[2],
        hedge,
    )


class LabelledLine(NamedTuple):
    """A text and its targets in the notation of docs/draft.md."""

    text: str
    expected: str


def lines(path: Path) -> list[LabelledLine]:
    """The lines of a file: `text => targets`, with `\\n` and `\\t` for line breaks and tabs."""
    split = (
        line.partition(" => ") for line in path.read_text(encoding="utf-8").splitlines() if " => " in line
    )
    return [
        LabelledLine(text.replace("\\n", "\n").replace("\\t", "\t"), expected) for text, _, expected in split
    ]
