"""Checks a whole ledger: rules, plan and entries, also when `data/ledger.yaml` itself cannot be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ledger.core.findings import Finding
from ledger.core.progress import Policy
from ledger.core.structs import replace
from ledger.files.assessment import assess_commitment
from ledger.files.ledger import InvalidLedgerError, Ledger
from ledger.rules.check import check as apply_rules


def rules_notice(root: Path, today: date) -> str | None:
    """Return what to say of a ledger that names no version of the rules while the current ones change an answer; None otherwise.

    Raises:
        LedgerNotFoundError: when there is none.
    """
    try:
        ledger = Ledger.open(root)
        return None if ledger.config.rules is not None else _changed_answer(ledger, today)
    except InvalidLedgerError:
        return None  # what is wrong with it is told as findings


def _changed_answer(ledger: Ledger, today: date) -> str | None:
    config = ledger.config
    former, current = (Policy.of(replace(config, rules=rules), ledger.units) for rules in (2023, 2026))
    for source in ledger.load_plan(config.year):
        was, now = (assess_commitment(ledger, source, today, policy) for policy in (former, current))
        pairs = [(was.light, now.light)]
        pairs += [(old.light, new.light) for old, new in zip(was.targets, now.targets, strict=True)]
        changed = next((pair for pair in pairs if pair[0] != pair[1]), None)
        if changed is not None:
            return (
                f"评定规则已更新，有的亮灯与旧规则不同（如 {source.commitment.id}：{changed[0]} → {changed[1]}）；"
                "在 data/ledger.yaml 写 rules: 2026 采用新规则，或 rules: 2023 沿用旧规则，即不再提示"
            )
    return None


def check(root: Path, today: date) -> tuple[Finding, ...]:
    """Return everything wrong with the ledger at `root`.

    Raises:
        LedgerNotFoundError: when there is none.
    """
    try:
        ledger = Ledger.open(root)
    except InvalidLedgerError as error:
        return error.findings
    return apply_rules(ledger, today)
