"""Audits a ledger's history: from the last tip that was proven, from a seal, or all of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from ledger import __version__
from ledger.core.errors import ExternalError, LedgerError
from ledger.core.findings import Finding, Origin
from ledger.core.structs import FrozenStruct, replace
from ledger.files import cache
from ledger.git import Commit, Repo
from ledger.rules.audit import checkpoint, receipts, seals, tampering
from ledger.rules.audit.certificate import Certificate, Reopened, Unchecked
from ledger.rules.audit.engine import Proof, Range, prove
from ledger.rules.paths import SIGNERS

MAX_REMEMBERED = 1000
"""Findings that are kept for the next audit; where there are more, it proves all again."""
_SETTING = "gpg.ssh.allowedSignersFile"


class UnknownSealError(LedgerError):
    """`--since` names no seal."""

    code = "unknown-seal"

    def __init__(self, name: str, known: Sequence[seals.Seal]) -> None:
        have = "、".join(f"{seal.label}（{seal.short}）" for seal in known) or "（还没有封过账）"
        super().__init__(f"没有封账 {name}：写月份如 2023-06，或通报上印的封账号", f"现有的封账：{have}")


class MissingSignersError(ExternalError):
    """The list of allowed signers cannot be read."""

    code = "missing-signers"

    def __init__(self, file: Path) -> None:
        super().__init__(f"签名名单 {file} 读不了", "核对文件名，再试：ledger audit --signers 文件")


class NothingToAuditError(ExternalError):
    """The repository has no commit: there is nothing that could be proven."""

    code = "no-commit"

    def __init__(self) -> None:
        super().__init__("仓库里还没有一次提交，没有可以证明的历史", "ledger doctor 说明怎么把账本提交进去")


class AuditRequest(FrozenStruct):
    """How to audit: all again, or from a seal; `signers` is a list of allowed signers kept outside of the repository."""

    full: bool = False
    since: str | None = None
    signers: Path | None = None


class Audit(FrozenStruct):
    """What was found and what was proven. `complete` is False where a part of the history could not be checked."""

    findings: tuple[Finding, ...]
    proved: Certificate
    complete: bool
    base: str | None = None
    """The commit up to which nothing was walked, None where all history was."""
    seals: tuple[seals.Seal, ...] = ()
    """The seals in the order of their chain, as they were read."""

    @property
    def clean(self) -> bool:
        """Whether everything was checked and nothing was found."""
        return self.complete and not self.findings


class _Signers(FrozenStruct):
    """A file of allowed signers, and where it came from."""

    file: Path
    source: str
    digest: bytes

    @classmethod
    def of(cls, file: Path, source: str) -> _Signers:
        """Return the list in a file that can be read."""
        return cls(file, source, hashlib.sha256(file.read_bytes()).digest())


class _Run(FrozenStruct):
    """One audit: what was asked, of which repository, and what is known before the walk."""

    repo: Repo
    request: AuditRequest
    tip: str
    prefix: str
    signers: _Signers
    known: Sequence[seals.Seal]
    before: checkpoint.Checkpoint

    @property
    def proven_with(self) -> str:
        """A digest of what the proof depends on besides the history, the program included: another one makes it start again."""
        parts = (cache.program().encode(), self.prefix.encode(), self.signers.digest)
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    @property
    def since(self) -> seals.Seal | None:
        """The seal behind which the audit was asked to begin."""
        return None if self.request.since is None else _find_seal(self.request.since, self.known)

    @property
    def is_rewritten(self) -> bool:
        """Whether the tip of the last audit is gone from the history."""
        return self.before.tip is not None and not self.repo.is_ancestor(self.before.tip, self.tip)

    def base(self) -> str | None:
        """Return the commit up to which nothing needs to be proven again."""
        if self.since is not None:
            return self.since.commit
        if self.request.full or self.before.proven_with != self.proven_with or self.is_rewritten:
            return None
        return self.before.tip


def audit(
    root: Path,
    request: AuditRequest,
    today: date,
    now: datetime | None = None,
    on_commit: Callable[[Commit, Iterable[str]], None] | None = None,
) -> Audit:
    """Prove the history of the ledger at `root` up to HEAD. What was proven is remembered only where the walk was complete.

    `now` is the time by which commits from the future are told, this machine's where none is given. `on_commit` is called with each
    commit that is walked and the files it changed, parents first: all of them where the result has no `base`.

    Raises:
        UnknownSealError: when `since` names none.
        ExternalError: when git, the repository or the list of signers cannot be read.
    """
    repo = Repo.open(root)
    tip = repo.head()
    if tip is None:
        raise NothingToAuditError
    refs = repo.all_refs(seals.PREFIX, tampering.REPLACE, receipts.REF, receipts.INCOMING)
    settings = repo.settings()
    known, findings = seals.read_seals(repo, refs)
    before = checkpoint.read_checkpoint(repo.common_dir)
    findings += tampering.check_display(repo, refs, settings)
    findings += [*seals.vanished(known, before.seals), *seals.chain(known), *seals.premature(known, today)]
    prefix = prefix_of(repo, root)
    with TemporaryDirectory(prefix="ledger-signers-") as folder:
        signers = _read_signers(repo, request.signers, tip, prefix, Path(folder), settings)
        run = _Run(repo, request, tip, prefix, signers, known, before)
        base = run.base()
        if run.is_rewritten:
            findings.append(_rewritten(str(before.tip)))
        kept, wrong = receipts.read_receipts(repo, known_refs=refs)
        findings += [*wrong, *receipts.check_receipts(kept, receipts.fetched_refs(repo, refs))]
        received = receipts.times_of(repo, kept, tip)
        clock = int((now or datetime.now(UTC)).timestamp())
        commit_range = Range(tip, base, prefix, signers.file, clock=clock, received=received)
        whole = base is None or run.since is not None
        proof = prove(repo, commit_range, today, known, whole=whole, on_commit=on_commit)
        proof.history += _check_seals(run, base)
    complete = not any(finding.code == "shallow" for finding in findings)
    fresh = _continued(run, base, proof)
    proved = _certificate(run, proof, fresh.totals)
    few = len(fresh.history) + len(fresh.content) <= MAX_REMEMBERED
    if complete and few and run.since is None and not run.is_rewritten:
        _remember(run, fresh)
    else:
        _remember(run, replace(before, seals=fresh.seals))
    findings += [*fresh.history, *fresh.content]
    return Audit(tuple(dict.fromkeys(findings)), proved, complete, base, tuple(known))


def prefix_of(repo: Repo, root: Path) -> str:
    """Return the folder of a ledger in its repository, with a slash at its end; empty for the top folder."""
    inside = root.resolve().relative_to(repo.top).as_posix()
    return "" if inside == "." else f"{inside}/"


def _find_seal(name: str, known: Sequence[seals.Seal]) -> seals.Seal:
    word = name.removeprefix("seal/")
    for seal in known:
        if seal.label == word or (len(word) >= 8 and seal.id.startswith(word.lower())):
            return seal
    raise UnknownSealError(name, known)


def _check_seals(run: _Run, base: str | None) -> Iterator[Finding]:
    """Yield a finding for each false statement of the seals of the range, and of those that no audit saw before it."""
    for seal in run.known:
        seen = run.before.seals.get(seal.name) == seal.id
        if base is None or not seen or not run.repo.is_ancestor(seal.commit, base):
            yield from seals.facts(run.repo, seal, run.tip, run.prefix)
            yield from seals.check_sealer(run.repo, seal, run.prefix)


def _continued(run: _Run, base: str | None, proof: Proof) -> checkpoint.Checkpoint:
    """Return what is known after a walk: its findings with those of the audits that it continues, as far as they still hold."""
    before = run.before if base and run.since is None else checkpoint.Checkpoint()
    kept = [
        finding for finding in before.content if not proof.whole and finding.place.path not in proof.touched
    ]
    totals = checkpoint.Totals(
        proof.commits,
        proof.entries,
        proof.signatures,
        proof.signed,
        proof.by_keyring,
        proof.by_others,
    )
    seal_ids = {seal.name: seal.id for seal in run.known} | dict(run.before.seals)
    return checkpoint.Checkpoint(
        run.tip,
        run.proven_with,
        seal_ids,
        (*before.history, *proof.history),
        (*kept, *proof.content),
        before.totals.plus(totals),
    )


def _remember(run: _Run, fresh: checkpoint.Checkpoint) -> None:
    if fresh != run.before:
        checkpoint.write_checkpoint(run.repo.common_dir, fresh)


def _read_signers(
    repo: Repo, named: Path | None, tip: str, prefix: str, folder: Path, settings: Mapping[str, str]
) -> _Signers:
    """Return the list of allowed signers: the one named, else the one of the user's settings, else the ledger's own."""
    setting = ""
    if settings.get(_SETTING.lower()):
        setting = repo.git.text("config", "--type=path", "--get", _SETTING, expected=(0, 1))
    if named is not None or setting:
        file = (named or repo.top / setting).resolve()
        if not file.is_file():
            raise MissingSignersError(file)
        return _Signers.of(file, str(file) if named is not None else f"{file}（git 设置 {_SETTING}）")
    files = repo.tree(tip, f"{prefix}{SIGNERS}")
    copy = folder / "allowed_signers"
    copy.write_bytes(b"")
    if files:
        with repo.open_blobs() as blobs:
            copy.write_bytes(b"".join(blobs(file.blob) for file in files.values()))
    return _Signers.of(copy, f"仓库里的 {SIGNERS}" if files else "（没有名单）")


def _certificate(run: _Run, proof: Proof, totals: checkpoint.Totals) -> Certificate:
    since = run.since
    return Certificate(
        tip=run.tip,
        base=since.commit if since else None,
        since=since.label if since else None,
        walked=proof.commits,
        commits=totals.commits,
        entries=totals.entries,
        files=proof.files,
        seals=len(run.known),
        last_seal=run.known[-1].short if run.known else None,
        reopened=tuple(
            Reopened(seal.label, seal.email, seal.when, seal.reason) for seal in run.known if seal.reopens
        ),
        signatures=totals.signatures,
        signers=run.signers.source,
        unchecked=tuple(_unchecked(run, proof.simulated, totals)),
        ledger_version=__version__,
        git_version=run.repo.git.text("version").removeprefix("git version "),
    )


def _unchecked(run: _Run, simulated: bool, totals: checkpoint.Totals) -> Iterator[Unchecked]:
    yield Unchecked("truth", "报上来的数是否属实：程序无从知道")
    if not totals.signed:
        yield Unchecked("signatures", "签名：账本没有要求签名，作者是提交自己写的")
    if totals.by_keyring:
        message = f"{totals.by_keyring} 个 GnuPG 签名的公钥是谁的：按这台电脑的钥匙圈核对，不按签名名单"
        yield Unchecked("keyring", message)
    if totals.by_others and not simulated:
        message = f"{totals.by_others} 条记录写的上报人不是提交的作者：作者是谁查了，上报人是他写的"
        yield Unchecked("reporters", message)
    if simulated:
        yield Unchecked("times", "提交时间：这是模拟数据，时间是编的")
    if (run.repo.common_dir / "shallow").is_file():
        yield Unchecked("shallow", "较早的历史：这是浅克隆，只有最近的提交")
    if run.since is not None:
        message = f"封账 {run.since.label} 以前的提交：没有走，从头证明用 ledger audit --full"
        yield Unchecked("before", message)


def _rewritten(tip: str) -> Finding:
    message = f"上次审计证实过的提交 {tip[:12]} 不在现在的历史里：历史被改写（强制推送、重置或变基）"
    hint = f"对照：git log {tip[:12]}；查明是谁推送的，再决定以哪一份为准"
    return Finding("rewritten", message, hint, origin=Origin(tip))
