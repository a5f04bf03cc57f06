"""Turns answers of the guided entry into checked entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ledger.cli.context import AppContext
from ledger.commands.log import Batch, EntryRequest, PendingEntry, collect_evidence
from ledger.commands.remark import RemarkRequest, remark_line
from ledger.commands.sheet.export import BlankSheet, TargetLine
from ledger.core import structs
from ledger.core.models import Compare, Judgement
from ledger.files.evidence import Attachment
from ledger.files.ledger import Ledger
from ledger.files.lookup import TargetRef
from ledger.files.saved_answers import Answer
from ledger.git import Repo


@dataclass(frozen=True)
class AnswerDrafts:
    """Makes the entries of answers about the targets of a sheet; `terms` holds what all of them have in common."""

    context: AppContext
    ledger: Ledger
    repo: Repo
    blank: BlankSheet
    terms: EntryRequest

    def new_batch(self) -> Batch:
        """Return an empty batch of entries, to be checked together."""
        return Batch.open(self.ledger, self.context.env.today, self.repo.identity(), self.repo)

    def batch(self, answers: Sequence[Answer]) -> Batch:
        """Return the entries and remarks of answers, checked in this order.

        Raises:
            LedgerError: for the first answer that cannot be recorded.
        """
        targets = {line.target_ref.ref: line.target_ref for line in self.blank.lines}
        batch = self.new_batch()
        for answer in answers:
            target_ref = targets[answer.ref]
            batch.add_request(target_ref, self._request(target_ref, answer))
            if answer.cause:
                batch.add(target_ref, remark_line(batch, target_ref, self._remark(answer)))
        return batch

    def effect(self, waiting: Sequence[Answer], line: TargetLine, answer: Answer) -> PendingEntry:
        """Return the entry of an answer, checked after those of the answers that wait to be written."""
        return self.batch(waiting).add_request(line.target_ref, self._request(line.target_ref, answer))

    def remark(self, line: TargetLine, answer: Answer) -> list[PendingEntry]:
        """Return the remark of an answer without its figure."""
        batch = self.new_batch()
        batch.add(line.target_ref, remark_line(batch, line.target_ref, self._remark(answer)))
        return batch.pending

    def evidence(self, answer: Answer) -> tuple[tuple[str, ...], tuple[Attachment, ...]]:
        """Return the evidence of an answer, and the files among it."""
        return collect_evidence(self.ledger, self.blank.stamp.year, [answer.evidence], self.context.env.cwd)

    def _remark(self, answer: Answer) -> RemarkRequest:
        until = date.fromisoformat(answer.until) if answer.until else None
        return RemarkRequest(
            answer.cause,
            answer.measure,
            answer.owner or None,
            until,
            on=self.terms.on,
            by=self.terms.by,
            late=self.terms.late,
            reason=self.terms.reason,
        )

    def _request(self, target_ref: TargetRef, answer: Answer) -> EntryRequest:
        compared = isinstance(target_ref.target, Compare)
        judged = isinstance(target_ref.target, Judgement)
        return structs.replace(
            self.terms,
            target=target_ref.ref,
            amount=answer.amount or None,
            figures={"benchmark": answer.second} if answer.second and compared else {},
            evidence=(*self.terms.evidence, *self.evidence(answer)[0]),
            note=(None if judged else answer.note) or self.terms.note,
            reason=answer.unavailable or (answer.note if judged else "") or self.terms.reason,
            unavailable=bool(answer.unavailable),
            confirm=bool(answer.confirmed),
        )
