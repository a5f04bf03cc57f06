"""Judges a push before it is accepted: which refs may move and how, then the rules of the audit over what is new. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from ledger.core.findings import Finding, Origin
from ledger.core.models.guard import GuardConfig
from ledger.core.structs import FrozenStruct
from ledger.git import Ref, Repo
from ledger.git.signatures import open_verifier
from ledger.git.trees import TreeBoundsError
from ledger.rules.audit import seals
from ledger.rules.audit.engine import Range, prove
from ledger.rules.audit.policy import ServerPolicy, comparable_email
from ledger.rules.audit.pushed import BRANCHES, Moved, PushedCommits


class _Push(FrozenStruct):
    """What a push is judged by: the server's repository, its settings and its clock."""

    repo: Repo
    config: GuardConfig
    now: datetime

    @property
    def branch(self) -> str:
        return f"{BRANCHES}{self.config.branch}"

    @property
    def prefix(self) -> str:
        folder = self.config.folder.strip("/")
        return f"{folder}/" if folder else ""

    @property
    def signers(self) -> Path | None:
        return self.repo.git_dir / self.config.signers if self.config.signers else None

    @property
    def seconds(self) -> int:
        return int(self.now.timestamp())

    @property
    def today(self) -> date:
        """The latest calendar day on earth, so that no zone's today counts as the future."""
        return datetime.fromtimestamp(self.now.timestamp() + 14 * 3600, UTC).date()


def judge(
    repo: Repo,
    config: GuardConfig,
    moves: Sequence[Moved],
    now: datetime,
    begun: PushedCommits | None = None,
) -> list[Finding]:
    """Return every reason to refuse a push; `begun` are its commits, where their reading has begun already.

    Raises:
        GitFailedError: when the repository cannot be read.
    """
    push = _Push(repo, config, now)
    findings = [
        _refused(move, f"只能推送分支 {config.branch} 和封账标签，不能推送 {move.name}")
        for move in moves
        if move.name != push.branch and not move.name.startswith(seals.PREFIX)
    ]
    known, _ = seals.read_seals(repo)
    for move in moves:
        if move.name == push.branch and move.deletes:
            findings.append(_refused(move, f"不能删除分支 {push.config.branch}"))
        elif move.name == push.branch:
            with begun if begun and begun.move == move else PushedCommits(repo, move) as commits:
                findings += _judge_branch(push, commits, known)
    pushed_seals = [move for move in moves if move.name.startswith(seals.PREFIX)]
    head = _head_after(push, moves) if pushed_seals else None
    for move in sorted(pushed_seals, key=lambda moved: moved.name):
        sealed, refused = _judge_seal(push, move, known, head)
        findings += refused
        known += [sealed] if sealed else []
    return findings


def _head_after(push: _Push, moves: Sequence[Moved]) -> str | None:
    """Return the commit of the branch once the push is accepted; None where there is none."""
    head = push.repo.find_commit(push.branch)
    for move in moves:
        if move.name == push.branch and not move.deletes:
            head = move.new
    return head


def _judge_branch(push: _Push, commits: PushedCommits, known: Sequence[seals.Seal]) -> list[Finding]:
    move = commits.move
    if not commits.follow():
        hint = "先同步：ledger sync，它会把您的记录接在后面"
        return [_refused(move, "强制推送会抹掉服务器上已有的记录，不接受", hint)]
    commit_range = Range(
        tip=move.new,
        base=None if move.creates else move.old,
        prefix=push.prefix,
        signers=push.signers,
        server=ServerPolicy(comparable_email(push.config.admins), push.config.signatures),
        now=push.seconds,
    )
    try:
        return prove(
            push.repo, commit_range, push.today, known, whole=move.creates, commits=commits.read()
        ).findings
    except TreeBoundsError as error:
        return [_refused(move, f"推送超过上限：{error.reason}", "账本里只放账本的文件；提交很多时分几次推送")]


def _judge_seal(
    push: _Push, move: Moved, known: Sequence[seals.Seal], head: str | None
) -> tuple[seals.Seal | None, list[Finding]]:
    if move.deletes or not move.creates:
        what = "删除" if move.deletes else "移动"
        message = f"封账标签不能{what}：{move.name.removeprefix('refs/tags/')}"
        return None, [
            _refused(move, message, "封错了的，请管理员重开：ledger seal --reopen 月份 --reason 理由")
        ]
    repo = push.repo
    kind = repo.git.text("cat-file", "-t", move.new)
    with repo.open_blobs() as blobs:
        seal = seals.parse_seal(Ref(move.name, move.new, kind, ""), blobs) if kind == "tag" else None
        if seal is None:
            message = f"{move.name} 不是 ledger seal 做的封账标签"
            return None, [_refused(move, message, "用 ledger seal 月份 封账")]
        content = blobs(seal.id)
    findings = list(seals.chain([*known, seal]))
    if seal.month >= push.today:
        message = f"{seal.label} 还没有过完，服务器的时间是 {push.now:%Y-%m-%d}"
        findings.append(_refused(move, message, "校准电脑的时钟；过完以后再封"))
    if head is None or seal.commit != head:
        message = "封账封的不是服务器上最新的提交"
        findings.append(_refused(move, message, "先同步：ledger sync，再封账"))
    else:
        findings += seals.facts(repo, seal, head, push.prefix)
    return seal, [*findings, *_check_sealer(push, move, seal, content)]


def _check_sealer(push: _Push, move: Moved, seal: seals.Seal, content: bytes) -> Iterator[Finding]:
    admins = comparable_email(push.config.admins)
    sealers = comparable_email(push.config.sealers) | admins
    if seal.reopens and seal.email.casefold() not in admins:
        hint = "请管理员来做；没有登记管理员的，请服务器管理员在 ledger-guard.yaml 的 admins 里写上"
        yield _refused(move, f"{seal.email} 不能重开封过的月份：只有管理员可以", hint)
    elif sealers and seal.email.casefold() not in sealers:
        yield _refused(move, f"{seal.email} 不能封账：不在服务器登记的名单里")
    elif not sealers:
        yield from seals.check_sealer(push.repo, seal, push.prefix)
    if not push.config.signatures:
        return
    with open_verifier(push.repo.git, push.signers) as verifier:
        verdict = verifier.verify("tag", seal.id, content, seal.email, push.seconds)
    if verdict.state != "good":
        yield _refused(
            move, "封账标签没有封账人本人的有效签名", "git config user.signingkey 设好密钥，再封账"
        )


def _refused(move: Moved, message: str, hint: str = "") -> Finding:
    return Finding("ref", message, hint, origin=Origin("" if move.deletes else move.new))
