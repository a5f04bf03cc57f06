"""What a printed page may say of the ledger's soundness: its seal, and what the audit found. Prints nothing."""

from __future__ import annotations

from datetime import date

from ledger.commands.audit import Question, audit
from ledger.commands.report_data import IntegrityStatement
from ledger.files.ledger import Ledger
from ledger.git import NotARepositoryError, Repo
from ledger.rules.audit import seals

SHORT = 12


def integrity_statement(
    ledger: Ledger, as_of: date, today: date, *, of_month: bool = False
) -> IntegrityStatement:
    """Audit the history, and find the last seal of a month that is over by `as_of`; with `of_month` that very month's.

    Raises:
        ExternalError: when git or the repository fails.
    """
    try:
        repo = Repo.open(ledger.root)
    except NotARepositoryError:
        return IntegrityStatement()
    known, _ = seals.read(repo)
    fitting = [one for one in known if (one.month == as_of if of_month else one.month <= as_of)]
    seal = fitting[-1] if fitting else None
    found = audit(ledger.root, Question(), today)
    sound = None if found.tip is None else not found.breaches
    return IntegrityStatement(
        seal=seal.short if seal else None,
        seal_label=seal.label if seal else "",
        audit=None if found.tip is None else _words(found.tip, len(found.breaches)),
        sound=sound,
    )


def _words(tip: str, breaches: int) -> str:
    if breaches:
        return f"发现 {breaches} 个问题，请运行 ledger audit 查看"
    return f"到提交 {tip[:SHORT]} 为止未发现问题"
