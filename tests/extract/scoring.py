"""Scores drafts against labels: precision and recall of (value, unit), then kinds, names and stretch of the matched."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

from ledger.extract import Draft

SCALE = {
    "万亿": 10**12,
    "千亿": 10**11,
    "百亿": 10**10,
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "万": 10**4,
}
ALIASES = {"个月": "月", "个工作日": "工作日", "个百分点": "百分点", "个小时": "小时"}


@dataclass(frozen=True)
class Label:
    name: str
    kind: str
    op: str | None = None
    value: str | None = None
    value2: str | None = None
    unit: str = ""
    hedge: str | None = None

    @property
    def key(self) -> tuple[Fraction, str]:
        assert self.value is not None
        return amount(self.value, self.unit)


@dataclass
class Score:
    labelled: int = 0
    drafted: int = 0
    hit: int = 0
    kind: int = 0
    name: int = 0
    op: int = 0
    value2: int = 0
    hedge: int = 0
    steps: int = 0
    steps_found: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.hit / max(self.drafted, 1)

    @property
    def recall(self) -> float:
        return self.hit / max(self.labelled, 1)

    def share(self, what: str) -> float:
        return int(getattr(self, what)) / max(self.hit, 1)

    def line(self) -> str:
        parts = [
            f"precision {self.precision:.3f} ({self.hit}/{self.drafted})",
            f"recall {self.recall:.3f} ({self.hit}/{self.labelled})",
        ]
        parts += [f"{what} {self.share(what):.3f}" for what in ("kind", "name", "op", "value2", "hedge")]
        return ", ".join([*parts, f"without a figure {self.steps_found}/{self.steps}"])


def amount(value: str, unit: str) -> tuple[Fraction, str]:
    """A figure multiplied out, and its unit without multiplier."""
    for word, scale in SCALE.items():
        if unit.startswith(word):
            return Fraction(value) * scale, ALIASES.get(unit[len(word) :], unit[len(word) :])
    return Fraction(value), ALIASES.get(unit, unit).lower()


def plain_name(name: str) -> str:
    return re.sub(r"[“”\"（）()《》、，\s]", "", name)


def alike(first: str, second: str) -> bool:
    a, b = plain_name(first), plain_name(second)
    return bool(a and b) and (a in b or b in a)


def overlap(label: str, drafted: str) -> float:
    """The share of a label's characters that a drafted step has too: steps have no figure to match them by."""
    characters = plain_name(label)
    return sum(c in drafted for c in characters) / max(len(characters), 1)


def compare(score: Score, where: str, labels: list[Label], draft: Draft) -> None:
    """Add one paragraph to a score."""
    labelled = [label for label in labels if label.value is not None]
    drafted = [t for t in draft.targets if t.value is not None]
    score.labelled += len(labelled)
    score.drafted += len(drafted)
    free = list(drafted)
    for label in labelled:
        same = [t for t in free if amount(t.value or "0", t.unit or "") == label.key]
        if not same:
            score.misses.append(f"{where}  MISSED  {label.name} {label.value}{label.unit}")
            continue
        best = max(same, key=lambda t: (alike(t.name, label.name), t.kind == label.kind))
        free.remove(best)
        score.hit += 1
        score.kind += best.kind == label.kind
        score.name += alike(best.name, label.name)
        score.op += best.op == label.op
        score.value2 += best.value2 == label.value2
        score.hedge += best.hedge == label.hedge
        for what, got, want in (
            ("kind", best.kind, label.kind),
            ("op", best.op, label.op),
            ("value2", best.value2, label.value2),
            ("hedge", best.hedge, label.hedge),
        ):
            if got != want:
                score.misses.append(
                    f"{where}  {what}  {label.name} {label.value}{label.unit}: {got} for {want}"
                )
        if not alike(best.name, label.name):
            score.misses.append(f"{where}  name  {label.name}: {best.name}")
    score.misses += [f"{where}  EXTRA  {t.name} {t.value}{t.unit} [{t.rule}] {t.quote}" for t in free]
    others = [t for t in draft.targets if t.value is None]
    for label in labels:
        if label.value is None:
            score.steps += 1
            if any(
                alike(t.name, label.name) or overlap(label.name, t.name + t.quote) >= 0.75 for t in others
            ):
                score.steps_found += 1
            else:
                score.misses.append(f"{where}  step  {label.name} ({label.kind})")
