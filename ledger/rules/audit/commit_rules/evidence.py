"""Rules on evidence files: each is what its name says, and stays so, and what an entry names is there when the entry is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from ledger.core.findings import Finding
from ledger.rules.audit.commit_context import CommitContext
from ledger.rules.audit.commit_rules.goals import closing_evidence
from ledger.rules.paths import EVIDENCE, EVIDENCE_FOLDER, TARGETS


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


def check_named_evidence(context: CommitContext) -> Iterator[Finding]:
    """A file of the ledger that an entry names as its evidence lies in the ledger with the entry's own commit.

    Its path holds its SHA-256, which `check_evidence` compares with the file, so that each proves the other unchanged.
    """
    for path, number, name in _named(context):
        if name.startswith(EVIDENCE_FOLDER) and name not in context.evidence:
            message = f"佐证文件 {name} 不在这次提交的账本里"
            hint = "由 ledger log --evidence 文件 放入，文件和记录在同一次提交里；已经记下的，另记一条更正，再附文件"
            yield context.finding("evidence-missing", message, path, number, hint)


def _named(context: CommitContext) -> Iterator[tuple[str, int, str]]:
    """Yield path, line and item for the evidence of every entry that was added and of every commitment that was closed."""
    for path, diff in context.appended.items():
        for line in diff.added:
            for name in line.entry.evidence if line.entry else ():
                yield path, line.number, name
    for change in context.changes:
        if TARGETS.fullmatch(change.path) and not change.removed:
            content = context.blob(change.new)
            if EVIDENCE_FOLDER.encode() in content:
                for line_number, name in closing_evidence(content, context.units):
                    yield change.path, line_number, name
