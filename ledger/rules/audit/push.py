"""Judges a push before it is accepted: which refs may move and how, then the rules of the audit over what is new. Writes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from ledger.core.errors import LedgerError
from ledger.core.findings import Finding, Origin
from ledger.core.models.guard import GuardConfig
from ledger.git import Ref, Repo
from ledger.git.signatures import open_verifier
from ledger.git.trees import TreeBoundsError
from ledger.rules.audit import seals
from ledger.rules.audit.engine import HistoryLimits, Range, prove
from ledger.rules.audit.policy import ServerPolicy, comparable_email
from ledger.rules.paths import MAX_DEPTH

MAX_COMMITS = 20_000
"""Commits of one push: a city of a hundred departments makes some 15,000 in a year."""
MAX_PATHS = 20_000
"""Paths of one version of a ledger: ten years of a hundred departments with ten commitments each."""
MAX_TREES = 200_000
"""Different folders in all versions of one push."""
_EMPTY = re.compile(r"0+")
_LINE = re.compile(r"([0-9a-f]{40}|[0-9a-f]{64}) ([0-9a-f]{40}|[0-9a-f]{64}) (refs/\S.*)")


class PushLineError(LedgerError):
    """Git described a push in a way that is not understood; then nothing is accepted."""

    code = "push-line"

    def __init__(self, line: str) -> None:
        super().__init__(
            f"未能识别 git 传来的推送内容：{line!r}", "这条命令由服务器的 pre-receive 钩子调用，不用手工执行"
        )


@dataclass(frozen=True)
class Moved:
    """One ref that a push wants to move; an id of zeros means it is not there."""

    old: str
    new: str
    name: str

    @property
    def creates(self) -> bool:
        """Whether the ref is new."""
        return bool(_EMPTY.fullmatch(self.old))

    @property
    def deletes(self) -> bool:
        """Whether the ref is to go."""
        return bool(_EMPTY.fullmatch(self.new))


def read_moves(lines: Iterable[str]) -> list[Moved]:
    """Read what git tells a pre-receive hook.

    Raises:
        PushLineError: when it is something else, or nothing.
    """
    moves = []
    for line in lines:
        matched = _LINE.fullmatch(line.rstrip("\n"))
        if not matched:
            raise PushLineError(line)
        moves.append(Moved(matched[1], matched[2], matched[3]))
    if not moves:
        raise PushLineError("")
    return moves


@dataclass(frozen=True)
class _Push:
    """What a push is judged by: the server's repository, its settings and its clock."""

    repo: Repo
    config: GuardConfig
    now: datetime

    @property
    def branch(self) -> str:
        return f"refs/heads/{self.config.branch}"

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


def judge(repo: Repo, config: GuardConfig, moves: Sequence[Moved], now: datetime) -> list[Finding]:
    """Return every reason to refuse a push.

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
    head = repo.find_commit(push.branch)
    for move in moves:
        if move.name == push.branch:
            findings += _judge_branch(push, move, known)
            head = head if move.deletes else move.new
    for move in sorted(moves, key=lambda moved: moved.name):
        if move.name.startswith(seals.PREFIX):
            sealed, refused = _judge_seal(push, move, known, head)
            findings += refused
            known += [sealed] if sealed else []
    return findings


def _judge_branch(push: _Push, move: Moved, known: Sequence[seals.Seal]) -> list[Finding]:
    if move.deletes:
        return [_refused(move, f"不能删除分支 {push.config.branch}")]
    repo = push.repo
    if not move.creates and not repo.is_ancestor(move.old, move.new):
        hint = "先同步：ledger sync，它会把您的记录接在后面"
        return [_refused(move, "强制推送会抹掉服务器上已有的记录，不接受", hint)]
    commit_range = Range(
        tip=move.new,
        base=None if move.creates else move.old,
        prefix=push.prefix,
        signers=push.signers,
        server=ServerPolicy(comparable_email(push.config.admins), push.config.signatures),
        now=push.seconds,
        bounds=HistoryLimits(MAX_COMMITS, MAX_DEPTH, MAX_PATHS, MAX_TREES),
    )
    try:
        return prove(repo, commit_range, push.today, known, whole=move.creates).findings
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
