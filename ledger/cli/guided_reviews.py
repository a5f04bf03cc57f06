"""Parts of the guided entry that answer a reviewer: figures that were sent back, causes and measures of what is behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.cli.prompt import StoppedError, ask
from ledger.core.dates import DateError, read_deadline
from ledger.core.errors import LedgerError
from ledger.render import render

if TYPE_CHECKING:
    from ledger.cli.guided import GuidedSession
    from ledger.commands.correct import Correction
    from ledger.commands.sheet.export import ReturnedFigure, TargetLine

ASK_RETURNED = "更正为（回车跳过　=文字 数没有错，写说明　q 暂停） > "
ASK_CORRECTION = "回车 记下　- 不改 > "
ASK_CAUSE, ASK_MEASURE = "  原因（回车不写） > ", "  措施 > "
ASK_OWNER, ASK_UNTIL = "  责任人（可不写） > ", "  时限，如 9月30日（可不写） > "
REMARK_KEYS = ("!", "！")
HINT_BEHIND = "  落后于序时进度：写 ! 补写原因、措施、责任人和时限"


def ask_returned(session: GuidedSession) -> None:
    """Ask for the right figures in place of those that were sent back; each is written at once."""
    returned = [(line, figure) for line in session.blank.lines for figure in line.returned]
    if returned:
        session.say(f"督查退回 {len(returned)} 项，先更正：")
    for line, figure in returned:
        _ask_correction(session, line, figure)


def _ask_correction(session: GuidedSession, line: TargetLine, figure: ReturnedFigure) -> None:
    from ledger.render.views.show import figure_text

    target = line.target_ref.target
    session.say(
        "",
        f"退回 {line.target_ref.ref}  {target.name}  {figure.entry.on:%Y-%m} {figure_text(figure.entry, target)}",
        f"  理由：{figure.reason}（{figure.by}）",
    )
    while typed := ask(session.context.env, ASK_RETURNED):
        if typed in ("q", "Q"):
            raise StoppedError
        try:
            correction = _prepare(session, line, figure, typed)
        except LedgerError as error:
            session.refuse(error)
            continue
        from ledger.render.views.correct import correction_view

        render(correction_view(correction), session.context.env)
        if ask(session.context.env, ASK_CORRECTION) == "" and not session.dry_run:
            _write(session, correction)
        return


def _prepare(session: GuidedSession, line: TargetLine, figure: ReturnedFigure, typed: str) -> Correction:
    from ledger.commands.correct import CorrectionRequest, correct
    from ledger.commands.log import Batch
    from ledger.files.entry_lookup import FoundEntry

    source = line.target_ref.source
    reported = FoundEntry(source, session.ledger.load_progress(source.commitment), figure.entry)
    words = typed[1:].strip() if typed[0] in "=＝" else ""
    request = CorrectionRequest(
        amount=None if words else typed, note=words or None, by=session.terms.by, late=session.terms.late
    )
    batch = Batch.open(session.ledger, session.context.env.today, session.repo.identity(), session.repo)
    return correct(batch, reported, request, session.terms.reason or f"按退回意见更正：{figure.reason}")


def _write(session: GuidedSession, correction: Correction) -> None:
    from ledger.commands.correct import write_correction

    try:
        written = write_correction(
            session.ledger,
            correction,
            today=session.context.env.today,
            repo=session.repo,
            notify=session.context.notify,
        )
    except LedgerError as error:
        session.refuse(error)
        return
    if written.commit is not None:
        session.say(f"  已更正，提交 {written.commit.short}")


def ask_remark(session: GuidedSession) -> dict[str, str]:
    """Ask why a target is behind and what is done; empty where nothing is to be said. The day is read as people write it."""
    env = session.context.env
    cause = ask(env, ASK_CAUSE)
    measure = ask(env, ASK_MEASURE) if cause else ""
    if not cause or not measure:
        return {}
    remark = {"cause": cause, "measure": measure, "owner": ask(env, ASK_OWNER)}
    while until := ask(env, ASK_UNTIL):
        try:
            return remark | {"until": str(read_deadline(until, env.today))}
        except DateError as error:
            session.say(f"  {error.message}")
    return remark | {"until": ""}
