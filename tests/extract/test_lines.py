"""Single constructions with their answers: the shared cases, and lines labelled before the rules were changed for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ledger.commands.plan_import import year_of
from ledger.documents import Material, Row
from ledger.extract import Draft, TargetDraft, draft

from .labels import LabelledLine, lines
from .scoring import Label, alike, amount

CORPUS = Path(__file__).parent / "corpus"
OPS = {"more_than": "above", "less_than": "below"}
SIDES = {
    "reach": "",
    "about": "",
    "between": "",
    "at_least": "up",
    "above": "up",
    "at_most": "down",
    "below": "down",
}


def shown(target: TargetDraft) -> str:
    """A target in the notation of docs/draft.md."""
    words = [target.name, target.kind]
    if target.value is not None and target.op is not None:
        figure = f"{target.value}~{target.value2}" if target.value2 else target.value
        words.append(f"{OPS.get(target.op, target.op)} {figure} {target.unit}".rstrip())
    if target.due:
        words.append("due {:02d}-{:02d}".format(*target.due))
    if target.plan:
        points = (
            f"{point.day[0]:02d}-{point.day[1]:02d} {point.value} {target.unit}" for point in target.plan
        )
        words.append("plan " + ", ".join(points))
    return " | ".join(words)


@pytest.mark.parametrize("line", lines(CORPUS / "constructions.txt"), ids=lambda line: line.text[:20])
def test_constructions(line: LabelledLine) -> None:
    result = draft(line.text)
    if line.expected.startswith("unknown"):
        assert [target.kind for target in result.targets] == ["unknown"]
        assert result.targets[0].rule == "other_year"
        return
    assert ("; ".join(map(shown, result.targets)) or "—") == line.expected


@dataclass
class LineScore:
    """Figures of lines that agree in value, unit, direction and indicator."""

    labelled: int = 0
    drafted: int = 0
    hits: int = 0
    wrong_directions: list[str] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.hits / self.drafted

    @property
    def recall(self) -> float:
        return self.hits / self.labelled

    def add(self, line: LabelledLine, result: Draft) -> None:
        labels = list(filter(None, map(_label, line.expected.split("; "))))
        targets = [t for t in result.targets if t.value is not None and t.kind != "unknown"]
        self.labelled += len(labels)
        self.drafted += len(targets)
        for label in labels:
            same = [t for t in targets if amount(t.value or "0", t.unit or "") == label.key]
            if not same:
                self.misses.append(f"{line.text!r}: no {label.name} {label.value}{label.unit}")
                continue
            best = max(same, key=lambda t: (alike(t.name, label.name), t.kind == label.kind))
            targets.remove(best)
            op = OPS.get(best.op or "", best.op or "")
            if SIDES[op] != SIDES[OPS.get(label.op or "", label.op or "")]:
                self.wrong_directions.append(f"{line.text!r}: {label.name} {op} for {label.op}")
            elif alike(best.name, label.name):
                self.hits += 1
            else:
                self.misses.append(f"{line.text!r}: {best.name} for {label.name}")
        self.misses += [f"{line.text!r}: too much {shown(target)}" for target in targets]


def _label(words: str) -> Label | None:
    cells = [cell.strip() for cell in words.split("|")]
    if len(cells) < 3 or " " not in cells[2] or cells[2].startswith("due "):
        return None
    op, figure, *unit = cells[2].split(" ", 2)
    value, _, value2 = figure.partition("~")
    return Label(cells[0], cells[1], op, value, value2 or None, unit[0] if unit else "")


def _year_of(text: str) -> int | None:
    """The year of a text, as `ledger draft` takes it from a file that holds the text."""
    return year_of(Material("", tuple(Row("", line) for line in text.split("\n"))))


@pytest.mark.parametrize("half", ["dev", "held", "genre-dev", "genre-held"])
def test_lines_score(half: str) -> None:
    score = LineScore()
    for line in lines(CORPUS / f"lines-{half}.txt"):
        score.add(line, draft(line.text, year=_year_of(line.text) if half.startswith("genre") else None))
    print(f"\n{half}: precision {score.precision:.3f}, recall {score.recall:.3f} of {score.labelled}")
    print("\n".join(score.misses) if half.endswith("dev") else "")
    assert score.labelled > 150
    assert not score.wrong_directions
    assert score.precision >= 0.95
    assert score.recall >= (0.93 if half == "genre-held" else 0.95)
