"""What a printed page may say of a ledger's integrity: its seal, and what the audit found."""

from __future__ import annotations

from datetime import date

from ledger.commands.audit import Audit, AuditRequest, NothingToAuditError, audit
from ledger.commands.report_data import IntegrityStatement
from ledger.files.ledger import Ledger
from ledger.git import NotARepositoryError, Repo
from ledger.rules.audit.seals import standing
from ledger.rules.sealed import confirmed_seals

SHORT = 12


def integrity_statement(
    ledger: Ledger, as_of: date, today: date, *, of_month: bool = False
) -> IntegrityStatement:
    """Audit the history, and find the last seal of a month that is over by `as_of`; with `of_month` that very month's.

    Raises:
        ExternalError: when git or the repository fails.
    """
    try:
        repo = Repo.open(ledger.home)
        result = audit(ledger.home, AuditRequest(), today)
    except (NotARepositoryError, NothingToAuditError):
        return IntegrityStatement()
    known = standing(confirmed_seals(repo))
    fitting = [seal for seal in known if (seal.month == as_of if of_month else seal.month <= as_of)]
    seal = fitting[-1] if fitting else None
    return IntegrityStatement(
        seal=seal.short if seal else None,
        seal_label=seal.label if seal else "",
        audit=_words(result),
        sound=result.clean,
    )


def _words(result: Audit) -> str:
    if result.findings:
        return f"发现 {len(result.findings)} 个问题，请运行 ledger audit 查看"
    if not result.complete:
        return "历史不完整，没有核验"
    return f"到提交 {result.proved.tip[:SHORT]} 为止未发现问题"
