"""Answers to a reviewer: figures that were sent back, causes and measures of what is behind."""

from __future__ import annotations

from ledger.cli.guided.dialog import Dialog
from ledger.cli.guided.drafts import AnswerDrafts
from ledger.cli.guided.wording import (
    ASK_CAUSE,
    ASK_CORRECTION,
    ASK_MEASURE,
    ASK_OWNER,
    ASK_RETURNED,
    ASK_UNTIL,
    STOP,
)
from ledger.cli.prompt import StoppedError
from ledger.commands.correct import Correction, CorrectionRequest, correct, write_correction
from ledger.commands.sheet.export import ReturnedFigure, TargetLine
from ledger.core.dates import DateError, read_deadline
from ledger.core.errors import LedgerError
from ledger.files.entry_lookup import FoundEntry
from ledger.render import render


def ask_returned(dialog: Dialog, drafts: AnswerDrafts, *, dry_run: bool) -> None:
    """Ask for the right figures in place of those that were sent back; each is written at once."""
    returned = [(line, figure) for line in drafts.blank.lines for figure in line.returned]
    if returned:
        dialog.say(f"督查退回 {len(returned)} 项，先更正：")
    for line, figure in returned:
        _ask_correction(dialog, drafts, line, figure, dry_run=dry_run)


def ask_remark(dialog: Dialog) -> dict[str, str]:
    """Ask why a target is behind and what is done about it; empty where no cause or no measure is given."""
    cause = dialog.ask(ASK_CAUSE)
    measure = dialog.ask(ASK_MEASURE) if cause else ""
    if not cause or not measure:
        return {}
    remark = {"cause": cause, "measure": measure, "owner": dialog.ask(ASK_OWNER)}
    while until := dialog.ask(ASK_UNTIL):
        try:
            return remark | {"until": str(read_deadline(until, dialog.env.today))}
        except DateError as error:
            dialog.say(f"  {error.message}")
    return remark | {"until": ""}


def _ask_correction(
    dialog: Dialog, drafts: AnswerDrafts, line: TargetLine, figure: ReturnedFigure, *, dry_run: bool
) -> None:
    from ledger.render.views.correct import correction_view
    from ledger.render.views.show import figure_text

    target = line.target_ref.target
    dialog.say(
        "",
        f"退回 {line.target_ref.ref}  {target.name}  {figure.entry.on:%Y-%m} {figure_text(figure.entry, target)}",
        f"  理由：{figure.reason}（{figure.by}）",
    )
    while typed := dialog.ask(ASK_RETURNED):
        if typed in STOP:
            raise StoppedError
        try:
            correction = _prepare_correction(drafts, line, figure, typed)
        except LedgerError as error:
            dialog.refuse(error)
            continue
        render(correction_view(correction), dialog.env)
        if dialog.ask(ASK_CORRECTION) == "" and not dry_run:
            _write_correction(dialog, drafts, correction)
        return


def _prepare_correction(
    drafts: AnswerDrafts, line: TargetLine, figure: ReturnedFigure, typed: str
) -> Correction:
    source = line.target_ref.source
    reported = FoundEntry(source, drafts.ledger.load_progress(source.commitment), figure.entry)
    words = typed[1:].strip() if typed[0] in "=＝" else ""
    request = CorrectionRequest(
        amount=None if words else typed, note=words or None, by=drafts.terms.by, late=drafts.terms.late
    )
    reason = drafts.terms.reason or f"按退回意见更正：{figure.reason}"
    return correct(drafts.new_batch(), reported, request, reason)


def _write_correction(dialog: Dialog, drafts: AnswerDrafts, correction: Correction) -> None:
    context = drafts.context
    written = dialog.attempt(
        lambda: write_correction(
            drafts.ledger, correction, today=context.env.today, repo=drafts.repo, notify=context.notify
        )
    )
    if written is not None and written.commit is not None:
        dialog.say(f"  已更正，提交 {written.commit.short}")
