"""Closes a month, or opens it again: a tag over the server's tip that names the seal before it, put on the server at once."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ledger.core.errors import ExternalError, LedgerError
from ledger.files.exchange import exchange_lock
from ledger.files.exclusive import held
from ledger.files.ledger import Ledger
from ledger.files.notices import OnNotice, tidying
from ledger.files.seal_note import begin_seal, end_seal, undo_seal
from ledger.git import DetachedHeadError, Repo
from ledger.git.gitpython_bridge import time_limit
from ledger.git.remote import Remote
from ledger.git.remote_errors import NoRemoteError, PushRejectedError
from ledger.rules.audit import seals
from ledger.rules.permissions import may_seal, sealers

_SYNC_FIRST = "先同步：ledger sync，再封账"


class SealRefusedError(LedgerError):
    """A month that cannot be sealed, or opened again, now."""


class SealFailedError(ExternalError):
    """Git refused the tag; there is no new seal."""

    def __init__(self, label: str, reason: str) -> None:
        quoted = "\n".join(f"  {line}" for line in reason.splitlines())
        super().__init__(f"{label} 没有封成，没有留下标签；git 的原话：\n{quoted}", "照原话改正后再试")


class UnsignedSealError(ExternalError):
    """Git made the tag without the signature it was asked for; there is no new seal."""

    def __init__(self, label: str, key: str) -> None:
        super().__init__(
            f"{label} 没有封成，没有留下标签：要用密钥 {key} 签名，git 没有签上",
            "看密钥文件在不在、能不能读：git config user.signingkey；改好后再封账；不签名的：git config --unset user.signingkey",
        )


class SealRejectedError(ExternalError):
    """The server's rules did not let the seal in; there is no new seal."""

    def __init__(self, ready: Sealable, reason: str) -> None:
        quoted = "\n".join(f"  {line}" for line in reason.splitlines())
        what = "重开" if ready.reason is not None else "封账"
        super().__init__(
            f"服务器 {ready.server} 没有接受 {ready.label} 的{what}，本机没有留下标签；服务器的原话：\n{quoted}",
            "照上面箭头后的办法做，再试；不明白时把这段话发给管理员",
        )


class SealRaceError(ExternalError):
    """Somebody else pushed while the seal was being made; there is no new seal."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"{label} 没有封成：正要封的时候服务器上有了别的推送", "再来一次：ledger sync，再封账"
        )


@dataclass(frozen=True)
class Sealed:
    """A seal just made, and the server it was put on (None: kept on this machine alone)."""

    seal: seals.Seal
    server: str | None


@dataclass(frozen=True)
class Sealable:
    """A link of the chain that can be made now: its name, at which commit, with what text, and the server that holds that commit."""

    name: str
    label: str
    repo: Repo
    tip: str
    text: str
    counted: Mapping[str, str | int]
    remote: Remote | None
    reason: str | None = None

    @property
    def month(self) -> str:
        """The month, as `2023-06`."""
        return self.label

    @property
    def server(self) -> str | None:
        """The name of the server, None for a seal that stays on this machine."""
        return self.remote.name if self.remote else None


def seal(
    root: Path,
    month: str,
    today: date,
    *,
    local: bool = False,
    reopen_reason: str | None = None,
    on_notice: OnNotice = lambda _: None,
) -> Sealed:
    """Seal `month` (`2023-06`) and all before it at the server's tip, or open it again where there is a `reopen_reason`.

    The tag is pushed at once, and taken back when the server refuses it; a command killed in between leaves a note, by which the
    next one takes it back. `local` is for a ledger without a server.

    Raises:
        SealRefusedError: as `sealable` does.
        SealFailedError, SealRaceError: git refused, or somebody else was quicker.
        SealRejectedError, RemoteUnreachableError, …: from the server; there is no new seal then.
    """
    repo = Repo.open(root)
    with exchange_lock(repo):
        with held(repo, on_notice):
            pass  # takes back what a killed command left, before the server is asked
        ready = sealable(root, month, today, local=local, reopen_reason=reopen_reason)
        with held(repo, on_notice):
            if repo.head() != ready.tip:
                raise SealRefusedError("准备封账的时候又记下了新的记录", _SYNC_FIRST)
            ref = f"{seals.PREFIX}{ready.name}"
            begin_seal(repo, ref)
            try:
                _tag(ready)
                made = next(seal for seal in seals.read_seals(repo)[0] if seal.name == f"seal/{ready.name}")
                if ready.remote is not None and not ready.remote.push_ref(ref, ref):
                    raise SealRaceError(ready.label)
            except PushRejectedError as error:
                undo_seal(repo)
                raise SealRejectedError(ready, error.reason) from None
            except BaseException:
                undo_seal(repo)
                raise
            if ready.remote is not None:
                with tidying("服务器封账的登记", on_notice, "ledger sync 会补上"):
                    ready.remote.note_seal(ready.name, made.id)
            with tidying("封账时所留记号的清除", on_notice, "ledger sync 会补上"):
                end_seal(repo)
    return Sealed(made, ready.server)


def sealable(
    root: Path, month: str, today: date, *, local: bool = False, reopen_reason: str | None = None
) -> Sealable:
    """Check that a month can be sealed, or opened again, and return what the tag would say. Asks the server, and changes nothing.

    Raises:
        SealRefusedError: the month is not over, is sealed already (or not sealed), or HEAD is not the server's tip.
        RemoteUnreachableError, RemoteAccessError, MissingIdentityError: the server does not answer; nobody is there to sign.
    """
    last = seals.month_of(f"{seals.PREFIX}{month}") if len(month) == len("2023-06") else None
    if last is None:
        raise SealRefusedError(f"月份写得不对：{month}", "写成 2023-06 这样")
    if last >= today:
        raise SealRefusedError(f"{month} 还没有过完（今天是 {today}）", f"{last} 之后再封")
    if reopen_reason is not None and not any(map(str.isalnum, reopen_reason)):
        raise SealRefusedError("重开要写理由", f"ledger seal --reopen {month} --reason 理由")
    repo = Repo.open(root)
    if local:
        _require_no_server(repo, month)
    remote = None if local else _remote(repo)
    tip = repo.head()
    if tip is None:
        raise SealRefusedError("账本还没有一次提交，没有可封的内容", "先记数或写下计划")
    _refuse_uncommitted(repo, root)
    if remote is not None:
        _require_tip(repo, remote, tip)
    known = _require_month(repo, month, last, reopens=reopen_reason is not None)
    inside = root.resolve().relative_to(repo.top).as_posix()
    counted = seals.counted(repo, tip, "" if inside == "." else f"{inside}/")
    previous = known[-1].id if known else None
    text = seals.text_of(month, previous=previous, tip=tip, counted=counted, reason=reopen_reason)
    _require_sealer(root, repo, reopens=reopen_reason is not None)
    name = seals.next_name(known, month, reopens=reopen_reason is not None)
    return Sealable(name, month, repo, tip, text, counted, remote, reopen_reason)


def _require_month(repo: Repo, month: str, last: date, *, reopens: bool) -> list[seals.Seal]:
    """Return the chain, where the month can be its next link."""
    known, foreign = seals.read_seals(repo)
    broken = [*foreign, *seals.chain(known)]
    if broken:
        raise SealRefusedError(
            f"现有的封账对不上：{broken[0].message}", "ledger audit 看全部；查明以前不能再封"
        )
    until = seals.last_sealed_day(known)
    if reopens:
        if until != last:
            now = f"最近封的是 {until:%Y-%m}" if until else "还没有封过账"
            raise SealRefusedError(f"{month} 不能重开：{now}", "只能从最近封的月份起，一个月一个月地重开")
    elif until is not None and until >= last:
        latest = next((seal for seal in reversed(known) if seal.month == last), known[-1])
        raise SealRefusedError(
            f"已经封到 {until:%Y-%m}（{latest.label}：{latest.short}），不能再封 {month}",
            f"封过的月份要补报：ledger log … --late --reason 理由；封错了的，请管理员重开最近封的：ledger seal --reopen {until:%Y-%m} --reason 理由",
        )
    return known


def _require_sealer(root: Path, repo: Repo, *, reopens: bool) -> None:
    """Refuse a seal by somebody who may not, which the audit would report even where the server does not refuse it."""
    email, config = repo.identity().email, Ledger.open(root).config
    if not may_seal(config, email, reopens=reopens):
        permitted = "、".join(sealers(config, reopens=reopens) or ())
        raise SealRefusedError(
            f"{email} 不能{'重开' if reopens else '封账'}；可以的人：{permitted}",
            "请上面的人来做；名单有误时，请管理员改 data/ledger.yaml；邮箱写错了：git config user.email 自己的邮箱",
        )


def _refuse_uncommitted(repo: Repo, root: Path) -> None:
    changed = repo.snapshot([root / "data"]).changes
    if changed:
        raise SealRefusedError(
            f"data 里有没有提交的改动：{'、'.join(sorted(changed)[:5])}", "提交或放弃这些改动，再封账"
        )


def _remote(repo: Repo) -> Remote:
    try:
        return Remote.of(repo)
    except DetachedHeadError as error:
        raise SealRefusedError(error.message, error.hint) from None
    except NoRemoteError:
        raise SealRefusedError(
            "这本账没有服务器，封账后若改写历史无人知道", "确实只在这台电脑上用：ledger seal … --local"
        ) from None


def _require_no_server(repo: Repo, month: str) -> None:
    """Refuse a seal on this machine alone where there is a server, which would never know of it."""
    with suppress(NoRemoteError, DetachedHeadError):
        name = Remote.of(repo).name
        raise SealRefusedError(f"这本账有服务器 {name}，只留在本机的封账不算数", f"ledger seal {month}")


def _require_tip(repo: Repo, remote: Remote, tip: str) -> None:
    """Refuse to seal anything but the tip of the server's branch, behind the last of its seals, as the server says now."""
    branch = f"refs/heads/{remote.upstream}"
    refs = remote.server_refs(branch, f"{seals.PREFIX}*")
    server_tip = refs.pop(branch, None)
    if server_tip is None:
        raise SealRefusedError("服务器上还没有这个分支", _SYNC_FIRST)
    if server_tip != tip:
        behind = repo.find_commit(server_tip) is None or repo.is_ancestor(tip, server_tip)
        what = "服务器上有新的记录，本机还没有" if behind else "服务器上还没有最近的这些记录"
        raise SealRefusedError(f"{what}；封账封的要是服务器上最新的提交", _SYNC_FIRST)
    ours = {ref.name: ref.object for ref in repo.all_refs(seals.PREFIX)}
    unsent = [name.removeprefix("refs/tags/") for name in ours if name not in refs]
    if unsent and refs.items() <= ours.items():
        raise SealRefusedError(
            f"本机有服务器上没有的封账：{'、'.join(unsent)}",
            f"送上去：git push {remote.name} {' '.join(unsent)}；不要了：git tag -d {' '.join(unsent)}；再封账",
        )
    if refs != ours:
        raise SealRefusedError("服务器上的封账和本机的不一样", _SYNC_FIRST)


def _tag(ready: Sealable) -> None:
    """Make the annotated tag, signed where a key is set."""
    repo = ready.repo
    key = repo.find_setting("user.signingkey")
    signed = key is not None
    with repo.gitpython() as opened:
        from git import GitCommandError

        try:
            opened.create_tag(
                f"seal/{ready.name}",
                ref=ready.tip,
                message=ready.text,
                annotate=True,
                cleanup="verbatim",
                sign=signed,
                no_sign=not signed,
                **time_limit(repo.git),
            )
        except GitCommandError as error:
            raise SealFailedError(ready.label, str(error.stderr).strip()) from None
    # git 2.39 makes the tag without a signature, and exits with 0, where ssh-keygen fails.
    if key is not None and "-----BEGIN " not in repo.git.text(
        "cat-file", "tag", f"{seals.PREFIX}{ready.name}"
    ):
        raise UnsignedSealError(ready.label, key)
    if not repo.refs(f"{seals.PREFIX}{ready.name}"):
        raise SealFailedError(ready.label, "git 说做好了标签，而标签不在")
