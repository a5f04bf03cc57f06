"""Checks a whole ledger: rules, plan and entries, also when `data/ledger.yaml` itself cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ledger.core.findings import Finding
from ledger.core.progress import Policy
from ledger.core.structs import replace
from ledger.files.assessment import Entries, assess_commitment
from ledger.files.ledger import InvalidLedgerError, Ledger, Source
from ledger.rules.check import check as apply_rules
from ledger.rules.check import check_and_compare


class CheckResult(NamedTuple):
    """Everything wrong with a ledger, and what to say of its rules."""

    findings: tuple[Finding, ...]
    notice: str | None = None


class RulesComparison:
    """Judges commitments by the former and by the current rules, until the first one that they give different lights."""

    def __init__(self, ledger: Ledger, today: date) -> None:
        self._ledger, self._today = ledger, today
        self._policies = [
            Policy.of(replace(ledger.config, rules=rules), ledger.units) for rules in (2023, 2026)
        ]
        self._differs = False

    def __call__(self, source: Source, entries: Entries) -> Sequence[str]:
        """Return a light of the commitment, or of one of its targets, by the former and by the current rules; empty where none differs."""
        if self._differs:
            return ()
        was, now = (
            assess_commitment(self._ledger, source, self._today, policy, entries) for policy in self._policies
        )
        pairs = [(was.light, now.light)]
        pairs += [(old.light, new.light) for old, new in zip(was.targets, now.targets, strict=True)]
        change = next((pair for pair in pairs if pair[0] != pair[1]), ())
        self._differs = bool(change)
        return change


def check(root: Path, today: date) -> CheckResult:
    """Return everything wrong with the ledger at `root`, and a notice where it names no rules and the current ones change an answer.

    Raises:
        LedgerNotFoundError: when there is none.
    """
    try:
        ledger = Ledger.open(root)
    except InvalidLedgerError as error:
        return CheckResult(error.findings)
    if ledger.config.rules is not None:
        return CheckResult(apply_rules(ledger, today))
    report = check_and_compare(ledger, today, RulesComparison(ledger, today))
    return CheckResult(report.findings, _notice(*report.change) if report.change else None)


def _notice(commitment: str, former: str, current: str) -> str:
    return (
        f"评定规则已更新，有的亮灯与旧规则不同（如 {commitment}：{former} → {current}）；"
        "在 data/ledger.yaml 写 rules: 2026 采用新规则，或 rules: 2023 沿用旧规则，即不再提示"
    )
