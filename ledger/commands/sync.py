"""Exchanges commits with the server: others' in, ours on top of them, and up; nothing lost, nothing written twice.

Fetch → the server's history must continue the one seen last → our commits rebased in a work tree of their own and compared line by
line → the branch moved to them → none of them may touch a month sealed meanwhile → push; again from the start when somebody else
was quicker.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.core.errors import ExternalError
from ledger.core.structs import FrozenStruct
from ledger.files import layout
from ledger.files.branch_move import move_branch
from ledger.files.exchange import exchange_lock
from ledger.files.exclusive import held
from ledger.files.notices import OnNotice, tidying
from ledger.git import SHORT, GitFailedError, Repo
from ledger.git.remote import OnProgress, Remote
from ledger.git.trees import compare_trees, list_files, tree_of
from ledger.rules.audit import checkpoint
from ledger.rules.sealed import sealed_until

if TYPE_CHECKING:
    from ledger.core.models import Entry

TRIES = 40
"""How often to begin again when others were quicker: sixteen clones at once needed fewer than ten."""
_LONGEST_WAIT = 2.0
_AUDIT_FULL = "下一次审计从头核验：ledger audit --full"
_ID = re.compile(rb'"id": ?"([0-7][0-9A-HJKMNP-TV-Z]{25})"')


class RewrittenHistoryError(ExternalError):
    """The server's history is no longer the one seen before."""

    def __init__(self, remote: Remote, known: str, tip: str | None) -> None:
        now = f"现在的 {tip[:SHORT]} 不是接着它写的" if tip else "现在这个分支没有了"
        super().__init__(
            f"服务器 {remote.name} 的历史被改写过：上次看到的是 {known[:SHORT]}，{now}；本机什么也没有动，原来的历史都在本机",
            f"先告诉管理员和审计：git log {known[:SHORT]} 是原来的历史。"
            f"查明确属有意为之、要接受新的历史，再执行一次：git update-ref -d {remote.seen}；"
            f"git update-ref -d {remote.tracking}；然后 ledger sync",
        )


class UnrelatedHistoryError(ExternalError):
    """The two histories have nothing in common."""

    def __init__(self, remote: Remote) -> None:
        super().__init__(
            f"服务器 {remote.name} 上是另一本账：与本机的历史没有共同的来历；什么也没有动",
            "检查地址：git remote -v；要用服务器上的那本：git clone 地址 新文件夹",
        )


class MergeMismatchError(ExternalError):
    """Putting two sides of a progress file together did not give exactly both; it was not taken over."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f"{path} 两边的记录合在一起后{why}，没有采用；本机的文件和提交保持原样",
            f"多半是有人用编辑器改过已有的行：git log -p -- {path} 查看；ledger audit 会指出是哪次提交",
        )


class EmptyRemoteError(ExternalError):
    """Neither side has a commit."""

    def __init__(self) -> None:
        super().__init__("本机和服务器上都还没有提交，没有可同步的", "新建账本：ledger init 文件夹")


class RemoteBusyError(ExternalError):
    """Others were quicker every time."""

    def __init__(self, tries: int) -> None:
        super().__init__(
            f"服务器很忙，试了 {tries} 次都有别人先写入；本机的记录都在", "过一会儿再 ledger sync"
        )


class SealedMeanwhileError(ExternalError):
    """Commits that were not pushed yet touch a month that was sealed meanwhile."""

    def __init__(self, until: date, entries: Sequence[Entry]) -> None:
        ids = "、".join(entry.id for entry in entries[:5]) + (" 等" if len(entries) > 5 else "")
        super().__init__(
            f"{until:%Y-%m} 及以前各月已封账，本机有 {len(entries)} 条没有送出的记录动了封过的账（{ids}），服务器不会接受；"
            "记录都还在本机，别人的已经收下",
            "作为补报重做：ledger redo --late --reason 理由；不要了：ledger redo --drop 编号；然后 ledger sync",
        )


class Synced(FrozenStruct):
    """What was exchanged: commits that came, commits that went, the common tip, and how often it was tried.

    Of a preview: what would be exchanged, with the tip there is now, tried no time.
    """

    remote: str
    branch: str
    received: int
    sent: int
    tip: str
    tries: int


def wait(attempt: int) -> None:
    """Wait a random while, longer with each attempt, so that clones that collided do not collide again."""
    time.sleep(random.SystemRandom().uniform(0, min(_LONGEST_WAIT, 0.05 * 2**attempt)))


def sync(
    repo: Repo,
    root: Path,
    *,
    on_notice: OnNotice = lambda _: None,
    pause: Callable[[int], None] = wait,
    tries: int = TRIES,
    on_progress: OnProgress | None = None,
) -> Synced:
    """Bring both sides to the same tip. Commits of ours that the server lacks are rebased on top of its own, never merged.

    `on_notice` is called with what was done about a killed command's leftovers; `on_progress` with how far a fetch or push is.

    Raises:
        NoRemoteError, DetachedHeadError, RemoteUnreachableError, RemoteAccessError, PushRejectedError, PushHookError: from git and
            the server.
        RewrittenHistoryError, RewrittenReceiptsError, UnrelatedHistoryError, MergeMismatchError, RebaseConflictError,
            LocalChangesError, SigningFailedError: when going on could lose something; nothing has changed then.
        SealedMeanwhileError: when the server would refuse our commits; others' have been taken over then.
        RemoteBusyError: when others were quicker `tries` times.
    """
    remote = Remote.of(repo)
    with exchange_lock(repo):
        sent = received = 0
        for attempt in range(tries):
            if attempt:
                pause(attempt)
            before = remote.refs()
            tip = remote.fetch(on_progress)
            with held(repo, on_notice) as deferral:
                local = remote.refs().get("HEAD")
                base = remote.base(local, tip) if local and tip else None
                refuse_rewritten(remote, before, tip, base)
                if tip is None:
                    if local is None:
                        raise EmptyRemoteError
                    joined, sent = local, remote.count(local)
                else:
                    if tip != before.get(remote.seen):
                        remote.pin(tip)
                    sent, fresh = remote.apart(local, tip) if local else (0, remote.count(tip))
                    received += fresh
                    deferral.check()
                    joined = _join(remote, root, Divergence(local, tip, base), on_notice)
                    with tidying("审计旧结果的清除", on_notice, _AUDIT_FULL):
                        forget_proof(repo, local, joined)
                deferral.check()
            if joined == tip:
                return Synced(remote.name, remote.branch, received, sent, joined, attempt + 1)
            if tip is not None:
                _refuse_sealed(repo, root, tip, joined)
            if remote.push(joined, on_progress):
                with tidying("服务器最新提交的登记", on_notice, "下一次 ledger sync 会补上"):
                    remote.pin(joined)
                return Synced(remote.name, remote.branch, received, sent, joined, attempt + 1)
    raise RemoteBusyError(tries)


def forget_proof(repo: Repo, old: str | None, new: str) -> None:
    """Let the next audit start anew where the last one proved commits of `old` that were made again as part of `new`.

    Commits that nobody else has seen may be made again; without this the audit would call the history rewritten.
    """
    proven = checkpoint.read_checkpoint(repo.common_dir)
    if proven.tip and old and repo.is_ancestor(proven.tip, old) and not repo.is_ancestor(proven.tip, new):
        checkpoint.write_checkpoint(repo.common_dir, checkpoint.Checkpoint(seals=proven.seals))


def _refuse_sealed(repo: Repo, root: Path, tip: str, joined: str) -> None:
    """Stop before a push that the guard would refuse for a seal that this clone has only now learned of."""
    until = sealed_until(repo)
    if until is None:
        return
    from ledger.files import entryfile  # with the models, for ledgers with a seal
    from ledger.rules.effect import unexplained_changes

    folder = repo.relative(root / layout.PROGRESS)
    unexplained: list[Entry] = []
    with repo.open_blobs() as read_blob:
        for path, (before, after) in sorted(repo.changed_files(tip, joined, folder).items()):
            if not after.strip("0"):
                continue
            old = entryfile.read_progress(path, read_blob(before)).entries if before.strip("0") else ()
            known = {entry.id for entry in old}
            new = [
                entry
                for entry in entryfile.read_progress(path, read_blob(after)).entries
                if entry.id not in known
            ]
            unexplained += unexplained_changes(old, new, until)
    if unexplained:
        raise SealedMeanwhileError(until, unexplained)


def preview_sync(repo: Repo) -> Synced:
    """Return what `sync` would exchange now; whether two changes of one line would stop it is not looked at. Nothing is kept.

    Raises:
        NoRemoteError, DetachedHeadError, RemoteUnreachableError, RewrittenHistoryError, UnrelatedHistoryError, EmptyRemoteError: as `sync` does.
    """
    remote = Remote.of(repo)
    refs = remote.refs()
    local = refs.get("HEAD")
    with remote.glimpsed() as (seen, tip):
        refuse_rewritten(seen, refs, tip)
        if tip is None:
            if local is None:
                raise EmptyRemoteError
            return Synced(remote.name, remote.branch, 0, remote.count(local), local, 0)
        if local is None:
            return Synced(remote.name, remote.branch, seen.count(tip), 0, tip, 0)
        if seen.base(local, tip) is None:
            raise UnrelatedHistoryError(remote)
        sent, received = seen.apart(local, tip)
        return Synced(remote.name, remote.branch, received, sent, tip, 0)


def refuse_rewritten(
    remote: Remote, before: Mapping[str, str], tip: str | None, contained: str | None = None
) -> None:
    """Stop where the server's history does not continue the one seen last. `contained` is a commit known to be part of it.

    Raises:
        RewrittenHistoryError: with the commands that accept the new one.
        GitFailedError: when the commit seen last cannot be read.
    """
    known = before.get(remote.seen) or before.get(remote.tracking)
    if known is None or known == contained:
        return
    if tip is None or not remote.contains(tip, known):
        if remote.repo.find_commit(known) is None:
            raise GitFailedError("merge-base", f"上次看到的提交 {known[:SHORT]} 读不到")
        raise RewrittenHistoryError(remote, known, tip)


class Divergence(NamedTuple):
    """What is to be joined: the tips here and on the server, and their nearest common ancestor."""

    local: str | None
    tip: str
    base: str | None


def _join(remote: Remote, root: Path, divergence: Divergence, on_notice: OnNotice) -> str:
    """Bring the branch to where it holds both sides, and return its tip."""
    local, tip, base = divergence
    if local is None or base == local:
        if local != tip:
            move_branch(remote.repo, remote.branch, local, tip, on_notice)
        return tip
    if base is None:
        raise UnrelatedHistoryError(remote)
    if base == tip:
        return local
    joined = remote.rebase(local, tip)
    _prove(remote.repo, remote.repo.relative(root / layout.PROGRESS), divergence, joined)
    move_branch(remote.repo, remote.branch, local, joined, on_notice)
    return joined


def _prove(repo: Repo, folder: str, divergence: Divergence, joined: str) -> None:
    """Prove that each progress file is the server's, then our new lines in their order, and that no id stands twice."""
    added_ids: set[bytes] = set()
    with repo.open_blobs() as read:
        base, local, server, merged = (
            tree_of(read(str(commit)))
            for commit in (divergence.base, divergence.local, divergence.tip, joined)
        )
        our_changes = compare_trees(read, base, local, folder)
        their_changes = compare_trees(read, server, merged, folder)
        files = list_files(read.read_many, merged, folder)
        for path in sorted({*our_changes, *their_changes}):
            if path not in our_changes:
                raise MergeMismatchError(path, "不正好是两边之和")
            before, ours = (read(blob) if blob else b"" for blob in our_changes[path])
            # Where nothing changed, the server had all our lines of this file already.
            there = files[path].id if path in files else ""
            theirs, now = (read(blob) if blob else b"" for blob in their_changes.get(path, (there, there)))
            if not ours.startswith(before):
                raise MergeMismatchError(path, "对不上：本机改动过已有的行")
            known = set(theirs.splitlines(keepends=True))
            added = [line for line in ours[len(before) :].splitlines(keepends=True) if line not in known]
            if now != theirs + b"".join(added):
                raise MergeMismatchError(path, "不正好是两边之和")
            added_ids.update(entry_id for line in added for entry_id in _ID.findall(line))
        if added_ids:
            contents = read.read_many(file.id for file in files.values())
            _unique(added_ids, zip(files, contents, strict=True))


def _unique(added_ids: set[bytes], files: Iterable[tuple[str, bytes]]) -> None:
    seen: set[bytes] = set()
    for path, text in files:
        for entry_id in _ID.findall(text):
            if entry_id in added_ids and entry_id in seen:
                raise MergeMismatchError(path, f"编号 {entry_id.decode()} 出现两次")
            seen.add(entry_id)
