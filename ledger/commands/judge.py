"""Records a reviewer's verdict on a target with nothing countable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.commands.log import Batch, EntryRequest, PendingEntry
from ledger.core.errors import UsageError
from ledger.core.models import Judgement
from ledger.core.reading import VERDICTS
from ledger.files.ledger import Ledger
from ledger.files.lookup import TargetRef, resolve
from ledger.git import Identity
from ledger.rules.reasons import MissingReasonError


@dataclass(frozen=True)
class VerdictRequest:
    """What a reviewer typed."""

    ref: str
    verdict: str
    evidence: tuple[str, ...] = ()
    reason: str | None = None
    on: date | None = None
    late: bool = False


def prepare_verdict(
    ledger: Ledger, year: int, verdict_request: VerdictRequest, *, today: date, who: Identity
) -> PendingEntry:
    """Check a verdict and compute its effect; nothing is written. `log.write_entries` writes it.

    Raises:
        UsageError: when the target is judged by figures, a commitment is named, or evidence or reason is missing.
        UnknownTargetError, AmbiguousTargetError, EntryDateError, InvalidLedgerError: as `log` does.
    """
    target_ref = _find_judgement(ledger, year, verdict_request.ref)
    verdict, reason = _require_grounds(verdict_request)
    request = EntryRequest(
        target_ref.commitment.department,
        target_ref.ref,
        verdict,
        on=verdict_request.on or today,
        evidence=verdict_request.evidence,
        simulated=ledger.config.simulated,
        reason=reason,
        late=verdict_request.late,
    )
    return Batch.open(ledger, today, who).add_request(target_ref, request)


def _find_judgement(ledger: Ledger, year: int, ref: str) -> TargetRef:
    """Return the judgement that `ref` names, or the only one of the commitment that it names."""
    source, target = resolve(ledger, year, ref)
    if target is None:
        judgements = [target for target in source.commitment.targets if isinstance(target, Judgement)]
        if len(judgements) != 1:
            listed = "、".join(
                f"{source.commitment.id}/{target.key}（{target.name}）" for target in judgements
            )
            raise UsageError(
                f"{source.commitment.id} 没有写评定哪一个目标",
                f"定性目标：{listed}" if listed else "这个事项没有要评定的定性目标，由上报的数判断",
            )
        target = judgements[0]
    if not isinstance(target, Judgement):
        raise UsageError(
            f"{target.name} 由上报的数判断，不用评定", "报数用 ledger log；数错了用 ledger correct"
        )
    return TargetRef(source, target)


def _require_grounds(request: VerdictRequest) -> tuple[str, str | None]:
    """Return the verdict, with the reason on one line; `met` needs evidence, `unmet` a reason."""
    verdict = VERDICTS.get(request.verdict.strip())
    if verdict is None:
        raise UsageError(f"“{request.verdict}”不是评定", "写 达到 或 未达到")
    if verdict == "met" and not request.evidence:
        raise UsageError("评定达到要有佐证，没有写", "加上 --evidence，如 --evidence 省政府通报〔2023〕3号")
    reason = " ".join((request.reason or "").split()) or None
    if verdict == "unmet" and reason is None:
        raise MissingReasonError("评定未达到", "没有列入省级试点")
    return verdict, reason
