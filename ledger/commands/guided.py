"""What a person answers on a walk through a department's month: an answer → a report; answers kept until they are written.

A walk that commits each answer needs no memory: what the month already has is not asked again. A walk that commits once,
at its end, keeps its answers beside git's own files, out of the working tree, so that a walk broken off goes on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from ledger.commands.log import EntryRequest, PendingEntry, compute_effects, entry_of
from ledger.commands.sealed import refuse_sealed
from ledger.core.models import Change, Compare, Rank, Target
from ledger.core.progress import Policy
from ledger.core.quantity import QuantityError, parse_amount
from ledger.core.reading import unit_word, without_prefix
from ledger.core.units import UnitTable
from ledger.files.ledger import Ledger
from ledger.files.lookup import TargetRef

_TWO_YEARS = re.compile(r"本期(?:数)?\s*(?P<current>.+?)[\s，,、；]+(?:上年)?同期(?:数)?\s*(?P<base>.+)")
_PLACE = re.compile(r"(?P<rank>.+?)\s*(?:/|／|[，,、\s]共|共)\s*(?P<of>\d+)\s*[个家名位]?")


@dataclass(frozen=True)
class Answer:
    """What was typed for one target: its figure, the figure it is compared with, and a word of evidence."""

    ref: str
    amount: str
    second: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class WalkTerms:
    """What holds for every answer of one walk."""

    day: date
    identity: str
    by: str | None = None
    note: str | None = None
    evidence: tuple[str, ...] = ()
    late: bool = False
    reason: str | None = None


def report_of(
    found: TargetRef, answer: Answer, sitting: WalkTerms, units: UnitTable, *, simulated: bool
) -> EntryRequest:
    """Return the report that an answer means; how figures are read is for `ledger.core.reading` to say."""
    target = found.target
    amount: str | None = _in_unit(target, answer.amount, units)
    figures: dict[str, str] = {}
    if isinstance(target, Compare) and answer.second:
        figures = {"benchmark": _in_unit(target, answer.second, units)}
    elif isinstance(target, Change) and (years := _TWO_YEARS.fullmatch(answer.amount)):
        amount, figures = None, years.groupdict()
    elif isinstance(target, Rank) and (place := _PLACE.fullmatch(answer.amount)):
        amount, figures = place["rank"], {"of": place["of"]}
    return EntryRequest(
        department=found.commitment.department,
        target=found.ref,
        amount=amount,
        figures=figures,
        on=sitting.day,
        by=sitting.by,
        note=sitting.note,
        evidence=(*sitting.evidence, *filter(None, (answer.evidence,))),
        simulated=simulated,
        late=sitting.late,
        reason=sitting.reason,
    )


def _in_unit(target: Target, text: str, units: UnitTable) -> str:
    """Add the unit of the target's goal to a bare number: the walk shows what it read before it is written.

    What already has a multiplier (72.5亿), and a rate like 0.15, could mean two things and is left to be refused.
    """
    body, prefix = without_prefix(text)
    unit = unit_word(target)
    try:
        read = parse_amount(body, units)
    except QuantityError:
        return text
    unsure = read.unit or read.scale != 1 or (unit == "%" and 0 < abs(read.value) < 1)
    return text if unsure or not unit else f"{prefix}{body}{unit}"


def prepare(
    ledger: Ledger, answers: Sequence[tuple[TargetRef, Answer]], sitting: WalkTerms, today: date
) -> list[PendingEntry]:
    """Read answers strictly, and work out what each changes after those before it; nothing is written.

    Raises:
        EntryDateError, SealedMonthError, UnreadableFigureError, InvalidEntryError, InvalidLedgerError: as `ledger.commands.log.prepare` does.
    """
    policy = Policy.of(ledger.config, ledger.units)
    simulated = ledger.config.simulated
    entries = [
        (
            found,
            entry_of(
                found,
                report_of(found, answer, sitting, ledger.units, simulated=simulated),
                policy=policy,
                today=today,
                identity=sitting.identity,
            ),
        )
        for found, answer in answers
    ]
    refuse_sealed(ledger.root, [entry for _, entry in entries])
    return compute_effects(ledger, entries, today)


@dataclass(frozen=True)
class SavedAnswers:
    """The file of the answers of one department's month that are not written yet."""

    path: Path

    @classmethod
    def of(cls, git_dir: Path, department: str, month: date) -> SavedAnswers:
        """Return the file for a department and the month of a date; it need not exist."""
        return cls(git_dir / f"ledger-answers-{department}-{month:%Y-%m}.json")

    def load(self) -> list[Answer]:
        """Return the answers kept; none where the file is absent or damaged: they were never part of the ledger."""
        try:
            return [
                Answer(**{key: str(value) for key, value in one.items()})
                for one in json.loads(self.path.read_text("utf-8"))
            ]
        except (OSError, ValueError, TypeError, AttributeError):
            return []

    def save(self, answers: Sequence[Answer]) -> None:
        """Keep the answers in place of those before; no file when there are none."""
        if not answers:
            self.path.unlink(missing_ok=True)
            return
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps([asdict(one) for one in answers], ensure_ascii=False), "utf-8")
        new.replace(self.path)
