"""Saved answers of the guided entry of a department's month that are not written yet, kept in the git directory.

A session that commits each answer saves only what was skipped: what the month already has is not asked again. A session that commits
once, at its end, saves its answers, so that it can be continued.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Answer:
    """What was typed for one target: its figure, the figure it is compared with, evidence, a remark, doubts confirmed.

    `unavailable` is the reason why there is no figure this time; `cause` and what follows say why the target is behind.
    """

    ref: str
    amount: str = ""
    second: str = ""
    evidence: str = ""
    note: str = ""
    confirmed: str = ""
    unavailable: str = ""
    cause: str = ""
    measure: str = ""
    owner: str = ""
    until: str = ""


@dataclass(frozen=True)
class SavedAnswers:
    """The file of one department's month: answers not written, and the targets skipped."""

    path: Path

    @classmethod
    def of(cls, git_dir: Path, department: str, month: date) -> SavedAnswers:
        """Return the file for a department and the month of a date; it need not exist."""
        return cls(git_dir / f"ledger-answers-{department}-{month:%Y-%m}.json")

    def load(self) -> tuple[list[Answer], set[str]]:
        """Return answers and skipped targets; none where the file is absent or damaged: they were never part of the ledger."""
        try:
            stored = json.loads(self.path.read_text("utf-8"))
            answers, skipped = (
                (stored, ()) if isinstance(stored, list) else (stored["answers"], stored["skipped"])
            )
            return (
                [Answer(**{key: str(value) for key, value in fields.items()}) for fields in answers],
                set(map(str, skipped)),
            )
        except (OSError, ValueError, TypeError, AttributeError, KeyError):
            return [], set()

    def save(self, answers: Sequence[Answer], skipped: Collection[str] = ()) -> None:
        """Keep answers and skipped targets in place of those before; no file when there are none."""
        if not answers and not skipped:
            self.path.unlink(missing_ok=True)
            return
        new = self.path.with_suffix(".new")
        stored = {"answers": [asdict(answer) for answer in answers], "skipped": sorted(skipped)}
        new.write_text(json.dumps(stored, ensure_ascii=False), "utf-8")
        new.replace(self.path)
