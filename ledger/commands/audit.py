"""Audits a ledger's history: from the last tip found clean, from a seal, or all of it. Prints nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from ledger.core.errors import LedgerError
from ledger.git import Repo
from ledger.rules.audit import checkpoint, seals, tampering
from ledger.rules.audit.breach import Breach
from ledger.rules.audit.commit_context import SIGNERS
from ledger.rules.audit.engine import Range, prove


class UnknownSealError(LedgerError):
    """`--since` names no seal."""

    def __init__(self, name: str, known: list[seals.Seal]) -> None:
        have = "、".join(f"{one.label}（{one.short}）" for one in known) or "（还没有封过账）"
        super().__init__(f"没有封账 {name}：写月份如 2023-06，或通报上印的封账号", f"现有的封账：{have}")


@dataclass(frozen=True)
class Question:
    """How to audit: all again, or from a seal; `signers` is a list of allowed signers kept outside of the repository."""

    full: bool = False
    since: str | None = None
    signers: Path | None = None


@dataclass(frozen=True)
class Audit:
    """What was found, and how much of the history was walked. `tip` is None for a ledger without a commit."""

    breaches: tuple[Breach, ...]
    tip: str | None
    base: str | None
    commits: int


def audit(root: Path, question: Question, today: date) -> Audit:
    """Prove the history of the ledger at `root` up to HEAD.

    Raises:
        UnknownSealError: when `since` names none.
        ExternalError: when git or the repository fails.
    """
    repo = Repo.open(root)
    tip = repo.head()
    if tip is None:
        return Audit((), None, None, 0)
    known, breaches = seals.read(repo)
    breaches += tampering.history_is_shown_as_written(repo)
    before = checkpoint.read(repo.common_dir)
    breaches += seals.vanished(known, before.seals)
    breaches += seals.chain(known)
    prefix = _prefix(repo, root)
    with TemporaryDirectory(prefix="ledger-signers-") as folder:
        signers = _signers(repo, question.signers, tip, prefix, Path(folder))
        proven_with = _digest(signers, prefix)
        base = _base(repo, question, before, known, proven_with)
        if before.tip and not repo.is_ancestor(before.tip, tip):
            breaches.append(_rewritten(before.tip))
            base = None if question.since is None else base
        for seal in known:
            if base is None or not repo.is_ancestor(seal.commit, base):
                breaches += seals.facts(repo, seal, tip, prefix)
        proof = prove(repo, Range(tip, base, prefix, signers), today, known)
    breaches += proof.breaches
    fresh = replace(
        before, seals={**before.seals, **{one.name: one.id for one in known if one.name not in before.seals}}
    )
    if not breaches and question.since is None:
        fresh = replace(fresh, tip=tip, proven_with=proven_with)
    if fresh != before:
        checkpoint.write(repo.common_dir, fresh)
    return Audit(tuple(dict.fromkeys(breaches)), tip, base, proof.commits)


def _prefix(repo: Repo, root: Path) -> str:
    inside = root.resolve().relative_to(repo.top).as_posix()
    return "" if inside == "." else f"{inside}/"


def _base(
    repo: Repo,
    question: Question,
    before: checkpoint.Checkpoint,
    known: list[seals.Seal],
    proven_with: str,
) -> str | None:
    """Return the commit up to which nothing needs to be proven again."""
    if question.since is not None:
        return _since(question.since, known).commit
    if question.full or before.tip is None or before.proven_with != proven_with:
        return None
    return repo.find_commit(before.tip)


def _since(name: str, known: list[seals.Seal]) -> seals.Seal:
    wanted = name.removeprefix("seal/")
    for seal in known:
        if seal.label == wanted or (len(wanted) >= 8 and seal.id.startswith(wanted.lower())):
            return seal
    raise UnknownSealError(name, known)


def _signers(repo: Repo, named: Path | None, tip: str, prefix: str, folder: Path) -> Path | None:
    """Return the list of allowed signers: the one named, else the one of the user's settings, else the ledger's own."""
    if named is not None:
        return named.resolve()
    if repo.find_setting("gpg.ssh.allowedSignersFile"):
        return None
    found = repo.tree(tip, f"{prefix}{SIGNERS}")
    file = folder / "allowed_signers"
    with repo.open_blobs() as contents:
        file.write_bytes(b"".join(contents(blob) for _, blob, _ in found.values()))
    return file


def _digest(signers: Path | None, prefix: str) -> str:
    """Return what tells one way of proving from another: a changed list of signers proves all again."""
    listed = signers.read_bytes() if signers is not None and signers.is_file() else b""
    return hashlib.sha256(prefix.encode() + b"\0" + listed).hexdigest()


def _rewritten(tip: str) -> Breach:
    message = f"上次审计证实过的提交 {tip[:12]} 不在现在的历史里：历史被改写（强制推送、重置或变基）"
    return Breach(
        "rewritten", tip, "", 0, message, f"对照：git log {tip[:12]}；查明是谁推送的，再决定以哪一份为准"
    )
