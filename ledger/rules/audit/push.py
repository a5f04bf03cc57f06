"""A push, judged before it is accepted: which refs may move and how, then the engine's rules over what is new. Writes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from ledger.core.errors import LedgerError
from ledger.core.models.guard import GuardConfig
from ledger.git import Ref, Repo
from ledger.rules.audit import seals
from ledger.rules.audit.breach import Breach
from ledger.rules.audit.commit_rules.people import email_of
from ledger.rules.audit.engine import Range, prove
from ledger.rules.audit.policy import ServerPolicy, fold

_EMPTY = re.compile(r"0+")
_LINE = re.compile(r"([0-9a-f]{40,64}) ([0-9a-f]{40,64}) (refs/\S.*)")
_UNTIL = re.compile(r'valid-before="?(\d{8,14}Z?)"?', re.IGNORECASE)
_SIGNED_BY = re.compile(
    r'^(?:Good "git" signature for (.+) with \S+ key \S+|\[GNUPG:\] GOODSIG \S+ (.+))$', re.MULTILINE
)
"""What git says of a tag well signed, by an SSH key or by OpenPGP: for a commit it would be %GS."""


class PushLineError(LedgerError):
    """Git said something of a push that is not understood; then nothing is accepted."""

    def __init__(self, line: str) -> None:
        super().__init__(
            f"读不懂 git 传来的推送内容：{line!r}", "这条命令由服务器的 pre-receive 钩子调用，不用手工执行"
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
        PushLineError: when it is something else.
    """
    found = []
    for line in lines:
        matched = _LINE.fullmatch(line.rstrip("\n"))
        if not matched:
            raise PushLineError(line)
        found.append(Moved(matched[1], matched[2], matched[3]))
    return found


def judge(archive: Repo, config: GuardConfig, moves: Sequence[Moved], now: datetime) -> list[Breach]:
    """Return every reason to refuse a push.

    Raises:
        GitFailedError: when the repository cannot be read.
    """
    main = f"refs/heads/{config.branch}"
    breaches = [
        _ref(move, f"只能推送分支 {config.branch} 和封账标签，不能推送 {move.name}")
        for move in moves
        if move.name != main and not move.name.startswith(seals.PREFIX)
    ]
    head = archive.find_commit(main)
    before, _ = seals.read(archive)
    with TemporaryDirectory(prefix="ledger-guard-") as folder:
        signers = _valid_signers(archive, config, now, Path(folder))
        for move in moves:
            if move.name == main:
                found = _branch(archive, config, move, before, signers, now)
                breaches += found
                head = head if move.deletes else move.new
        for move in sorted(moves, key=lambda one: one.name):
            if move.name.startswith(seals.PREFIX):
                made, found = _seal(archive, config, move, before, head, signers)
                breaches += found
                before += [made] if made else []
    return breaches


def _branch(
    archive: Repo,
    config: GuardConfig,
    move: Moved,
    before: Sequence[seals.Seal],
    signers: Path | None,
    now: datetime,
) -> list[Breach]:
    if move.deletes:
        return [_ref(move, f"不能删除分支 {config.branch}")]
    if not move.creates and not archive.is_ancestor(move.old, move.new):
        return [
            _ref(
                move,
                "强制推送会抹掉服务器上已有的记录，不接受",
                "先同步：ledger sync，它会把您的记录接在后面",
            )
        ]
    prefix = f"{config.folder.strip('/')}/" if config.folder.strip("/") else ""
    wanted = Range(
        tip=move.new,
        base=None if move.creates else move.old,
        prefix=prefix,
        signers=signers,
        server=ServerPolicy(fold(config.admins), config.signatures),
        now=int(now.timestamp()),
    )
    return prove(archive, wanted, _today(now), before, whole=move.creates).breaches


def _today(now: datetime) -> date:
    """Return the latest calendar day on earth, so that no zone's today counts as the future."""
    return datetime.fromtimestamp(now.timestamp() + 14 * 3600, UTC).date()


def _seal(
    archive: Repo,
    config: GuardConfig,
    move: Moved,
    before: Sequence[seals.Seal],
    head: str | None,
    signers: Path | None,
) -> tuple[seals.Seal | None, list[Breach]]:
    if move.deletes or not move.creates:
        what = "删除" if move.deletes else "移动"
        message = f"封账标签不能{what}：{move.name.removeprefix('refs/tags/')}"
        return None, [_ref(move, message, "封账有误也只能往后补报更正")]
    kind = archive.git.text("cat-file", "-t", move.new)
    with archive.open_blobs() as contents:
        made = seals.parse(Ref(move.name, move.new, kind or "", ""), contents) if kind == "tag" else None
    if made is None:
        return None, [_ref(move, f"{move.name} 不是 ledger seal 做的封账标签", "用 ledger seal 月份 封账")]
    found = list(seals.chain([*before, made]))
    if before and made.month <= before[-1].month:
        found.append(_ref(move, f"已经封到 {before[-1].label}，不能再封 {made.label}"))
    if head is None or not archive.is_ancestor(made.commit, head):
        found.append(_ref(move, "封账封的提交还不在服务器上", "先同步：ledger sync，再封账"))
    else:
        found += seals.facts(archive, made, head, f"{config.folder}/" if config.folder else "")
    return made, found + list(_sealer(archive, config, move, made, signers))


def _sealer(
    archive: Repo, config: GuardConfig, move: Moved, made: seals.Seal, signers: Path | None
) -> Iterator[Breach]:
    sealers = fold(config.sealers) | fold(config.admins)
    if sealers and made.email.casefold() not in sealers:
        yield _ref(move, f"{made.email} 不能封账：不在服务器登记的名单里")
    if config.signatures and not _signed_by_tagger(archive, made, signers):
        yield _ref(move, "封账标签没有封账人本人的有效签名", "git config user.signingkey 设好密钥，再封账")


def _signed_by_tagger(archive: Repo, made: seals.Seal, signers: Path | None) -> bool:
    known = ("-c", f"gpg.ssh.allowedSignersFile={signers}") if signers else ()
    result = archive.git.attempt(*known, "verify-tag", "--raw", made.id)
    signed = _SIGNED_BY.search((result.err + result.out).decode("utf-8", "replace"))
    return (
        result.code == 0 and signed is not None and email_of(signed[1] or signed[2]) == made.email.casefold()
    )


def _valid_signers(archive: Repo, config: GuardConfig, now: datetime, folder: Path) -> Path | None:
    """Return the allowed signers whose keys are valid at this moment by the server's clock.

    Git asks whether a key was valid at the time the commit itself claims, which its maker chooses freely.
    """
    if not config.signers:
        return None
    kept = []
    for line in (archive.git_dir / config.signers).read_text(encoding="utf-8").splitlines():
        options = line.split(None, 1)[1:]  # without the principal, which may hold anything
        until = _UNTIL.search(options[0]) if options else None
        if not until or _moment(until[1]) > now:
            kept.append(line)
    file = folder / "allowed_signers"
    file.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8", newline="\n")
    return file


def _moment(text: str) -> datetime:
    """Read a time of the allowed signers format; one without Z is in the server's zone, as ssh-keygen takes it."""
    digits = text.rstrip("Zz").ljust(14, "0")
    moment = datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return moment if text[-1] in "Zz" else moment.replace(tzinfo=None).astimezone()


def _ref(move: Moved, message: str, hint: str = "") -> Breach:
    return Breach("ref", "" if move.deletes else move.new, "", 0, message, hint)
