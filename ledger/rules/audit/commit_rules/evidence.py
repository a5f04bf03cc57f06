"""Rules on evidence files: each is what its name says, and stays so."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from ledger.core.findings import Finding
from ledger.rules.audit.commit_context import CommitContext
from ledger.rules.paths import EVIDENCE


def check_evidence(context: CommitContext) -> Iterator[Finding]:
    """An evidence file has the SHA-256 that its name says, and never changes or goes."""
    for change in context.changes:
        match = EVIDENCE.fullmatch(change.path)
        if match is None:
            continue
        if not change.added:
            message = "佐证文件被删除" if change.removed else "佐证文件被改动"
            hint = f"恢复：git show {context.commit.short}^:{change.path}"
            yield context.finding("evidence-changed", message, change.path, 0, hint)
        elif hashlib.sha256(context.blob(change.new)).hexdigest() != match["sha256"]:
            message = "佐证文件的内容和文件名里的校验码不一致"
            yield context.finding(
                "evidence-hash", message, change.path, 0, "由 ledger log --evidence 文件 放入"
            )
