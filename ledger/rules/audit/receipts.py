"""Receipts: one commit for each update that the guard accepted, in a chain under `refs/ledger/receipts` on the server.

A receipt says, by the server's clock, when a ref moved from which object to which, and who pushed as far as the transport says. Its
parent is the receipt before it, so its id covers all earlier ones. Clients fetch the chain; a server that has no guard has none.

One lock for branch and seals (see `HOOK`). The guard judges a push against the state that the newest receipt T describes, and prepares
a receipt whose parent is T. While git holds the lock of the ref that is to move, the reference-transaction hook moves the chain from T to
the new receipt, and refuses when somebody else was quicker: of two pushes that were judged at the same time, one is told to try again,
even where one is an entry and the other a seal.

A server that is killed between the two moves leaves a receipt for an update that did not happen. The next update of that ref starts
from where the ref really is, which `check` accepts: it finds every other gap.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from ledger.core.errors import ExternalError
from ledger.core.findings import Finding, Origin
from ledger.core.structs import FrozenStruct, replace
from ledger.git import Commit, DetachedHeadError, Ref, Repo, lockfiles
from ledger.git.walk import Walk

REF = "refs/ledger/receipts"
INCOMING = "refs/ledger/incoming"
PENDING = "ledger/pending"
"""Where the guard leaves, for the hook, which receipt belongs to an accepted update: PENDING/<new object>/<ref>."""
SKEW = 600
_SETTLE_SECONDS = 5.0
_STEP = 0.02
_KEPT_SECONDS = 3600.0
_WHO = ("REMOTE_USER", "GL_USERNAME", "GL_ID", "GITOLITE_USER", "LOGNAME", "USER", "USERNAME")
_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")

HOOK = f"""\
#!/bin/sh
# ledger guard：由 ledger guard install 写下。每次放行的更新先记收据，再移动分支或封账标签；两个推送撞在一起时只放行一个。
[ "$1" = prepared ] || [ "$1" = committed ] || exit 0
while read -r old new ref; do
  case $ref in refs/heads/*|refs/tags/seal/*) ;; *) continue ;; esac
  file="{PENDING}/$new/$ref"
  [ -f "$file" ] || continue
  if [ "$1" = committed ]; then rm -rf "{PENDING}/$new"; continue; fi
  read -r receipt before < "$file"
  if ! git update-ref {REF} "$receipt" "$before" 2>/dev/null; then
    echo "ledger: 刚才有别人先推送了，这次没有接受；再同步一次就好（ledger sync）" >&2
    exit 1
  fi
done
exit 0
"""
"""The reference-transaction hook of a guarded repository."""


class ServerBusyError(ExternalError):
    """Another push is being accepted and does not come to its end."""

    def __init__(self) -> None:
        super().__init__("服务器正在接受另一次推送，等了几秒还没有完", "稍后再 ledger sync")


class Receipt(FrozenStruct):
    """One accepted update of one ref. `time` is the server's, seconds since 1970; `old` is zeros for a new ref."""

    id: str
    ref: str
    old: str
    new: str
    previous: str | None
    time: int
    pusher: str = ""

    @property
    def when(self) -> datetime:
        """The server's time."""
        return datetime.fromtimestamp(self.time, UTC)


def settled_tip(repo: Repo) -> str | None:
    """Return the newest receipt once the update that it describes has happened or is known never to happen; None before the first.

    Called by the guard before it judges a push. Locks that a killed server left on its refs are removed.

    Raises:
        ServerBusyError: when another push holds the ref's lock for longer than five seconds.
        GitFailedError: when the refs cannot be read.
    """
    deadline = time.monotonic() + _SETTLE_SECONDS
    while True:
        lockfiles.clear_abandoned(repo)
        refs = _read_refs(repo)
        if REF not in refs:
            return None
        tip, message = refs[REF]
        receipt = _parse(Commit(tip, message))
        if receipt is None or refs.get(receipt.ref, ("",))[0] == receipt.new:
            return tip
        # Looked at after the refs: without the lock, the other push has ended, one way or the other.
        if not (repo.common_dir / f"{receipt.ref}.lock").exists() and _read_refs(repo) == refs:
            return tip
        if time.monotonic() > deadline:
            raise ServerBusyError
        time.sleep(_STEP)


def prepare_receipts(
    repo: Repo,
    updates: Sequence[tuple[str, str, str]],
    tip: str | None,
    now: datetime,
    environ: Mapping[str, str],
) -> None:
    """Make the receipts of a push that was found in order, for the hook to take: `updates` are (old, new, ref).

    `tip` is what `settled_tip` returned before the push was judged.

    Raises:
        GitFailedError: when git cannot write them; nothing is accepted then.
    """
    folder = repo.git_dir / PENDING
    _clear_old(folder)
    pusher = next((environ[name] for name in _WHO if environ.get(name)), "")
    previous = tip
    for old, new, ref in updates:
        receipt = _make(repo, Receipt("", ref, old, new, previous, int(now.timestamp()), pusher))
        file = folder / new / ref
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{receipt} {previous or '0' * len(new)}\n", encoding="ascii", newline="\n")
        previous = receipt


def _make(repo: Repo, receipt: Receipt) -> str:
    empty_tree = ("hash-object", "-w", "-t", "tree", "--stdin")
    tree = f"{receipt.previous}^{{tree}}" if receipt.previous else repo.git.text(*empty_tree)
    message = (
        f"收到 {receipt.ref}\n\n"
        f"Ledger-Ref: {receipt.ref}\nLedger-Old: {receipt.old}\nLedger-New: {receipt.new}\n"
        f"Ledger-Pusher: {' '.join(receipt.pusher.split())}\n"
    )
    stamp = {
        f"GIT_{role}_{field}": value
        for role in ("AUTHOR", "COMMITTER")
        for field, value in (
            ("NAME", "ledger guard"),
            ("EMAIL", "guard@ledger"),
            ("DATE", f"@{receipt.time} +0000"),
        )
    }
    parents = ("-p", receipt.previous) if receipt.previous else ()
    git = repo.git.with_environ(**stamp)
    return git.text("commit-tree", "--no-gpg-sign", tree, *parents, stdin=message.encode())


def _clear_old(folder: Path) -> None:
    """Remove what pushes left that git refused after the guard had accepted them."""
    limit = time.time() - _KEPT_SECONDS
    for kept in folder.iterdir() if folder.is_dir() else ():
        if kept.stat().st_mtime < limit:
            import shutil  # two milliseconds that most pushes do without

            shutil.rmtree(kept, ignore_errors=True)


def _read_refs(repo: Repo) -> dict[str, tuple[str, str]]:
    """Return object and text of the refs that the guard keeps, by name, from one process."""
    form = "--format=%(refname)%00%(objectname)%00%(contents)%00"
    out = repo.git.text("for-each-ref", form, REF, "refs/heads/", "refs/tags/seal/")
    fields = [field.lstrip("\n") for field in out.split("\0")]
    return {fields[n]: (fields[n + 1], fields[n + 2]) for n in range(0, len(fields) - 3, 3)}


def read_receipts(
    repo: Repo, ref: str = REF, known_refs: Sequence[Ref] | None = None
) -> tuple[list[Receipt], list[Finding]]:
    """Return the receipts, oldest first, and a finding for each commit of the chain that is none.

    `known_refs` are the repository's refs, at least `ref`, where they were read already.

    Raises:
        GitFailedError: when the chain cannot be read.
    """
    refs = repo.refs(ref) if known_refs is None else known_refs
    tip = next((existing for existing in refs if existing.name == ref), None)
    if tip is None:
        return [], []
    receipts, findings = [], []
    for commit in repo.walk(Walk(tip.object, changes=False)):
        receipt = _parse(commit)
        if receipt is None:
            findings.append(_finding(f"收据链里的 {commit.short} 不是守卫写下的收据", commit.id))
        else:
            receipts.append(receipt)
    return receipts, findings


def _parse(commit: Commit) -> Receipt | None:
    ref, old, new = ("".join(commit.trailer(f"Ledger-{key}")) for key in ("Ref", "Old", "New"))
    if (
        len(commit.parents) > 1
        or not ref.startswith("refs/")
        or not _ID.fullmatch(old)
        or not _ID.fullmatch(new)
    ):
        return None
    previous = commit.parents[0] if commit.parents else None
    pusher = "".join(commit.trailer("Ledger-Pusher"))
    return Receipt(commit.id, ref, old, new, previous, commit.committed, pusher)


def check_receipts(receipts: Sequence[Receipt], refs: Sequence[Ref]) -> Iterator[Finding]:
    """Check the chain: each receipt starts where the one before it ended, time runs forward, and `refs` stand where it says.

    `refs` are the server's refs as they were fetched. Seals of commits that were there before the first receipt need none, and that
    of the newest commit may have one that was not fetched yet.
    """
    # A seal is put on the branch's tip, so its receipt comes before the one that moves the branch on from there.
    replaced = {
        receipt.old
        for receipt in [
            branch_receipt for branch_receipt in receipts if branch_receipt.ref.startswith("refs/heads/")
        ][1:]
    }
    latest: dict[str, Receipt] = {}
    before: Receipt | None = None
    for receipt in receipts:
        known = latest.get(receipt.ref)
        if known is not None and receipt.old not in (known.new, known.old):
            yield _finding(
                f"{receipt.ref} 的收据接不上：上一张到 {known.new[:12]}，这一张从 {receipt.old[:12]} 起",
                receipt.id,
            )
        if before is not None and receipt.time < before.time - SKEW:
            yield _finding(f"收据的时间倒退了：{receipt.when:%Y-%m-%d %H:%M} 早于上一张", receipt.id)
        latest[receipt.ref], before = receipt, receipt
    for ref in refs:
        last = latest.get(ref.name)
        if last is None:
            if ref.name.startswith("refs/tags/") and ref.commit in replaced:
                message = f"封账 {ref.name.removeprefix('refs/tags/')} 没有收据：没有经过守卫"
                yield _finding(message, receipts[-1].id)
        elif ref.object not in (last.new, last.old):
            message = f"{ref.name} 现在是 {ref.object[:12]}，收据上是 {last.new[:12]}：没有经过守卫"
            yield _finding(message, last.id)


def fetched_refs(repo: Repo, refs: Sequence[Ref]) -> list[Ref]:
    """Return, of the repository's refs, those of the server as the last `ledger sync` fetched them: its branch, and its seals."""
    branches = [replace(ref, name=f"refs/heads/{_upstream(repo)}") for ref in refs if ref.name == INCOMING]
    return [*branches, *(ref for ref in refs if ref.name.startswith("refs/tags/seal/"))]


def times_of(repo: Repo, receipts: Sequence[Receipt], tip: str) -> dict[str, int]:
    """Return, by commit of the history of `tip`, when the server received it; empty where there are no receipts.

    Raises:
        GitFailedError: when the history cannot be read.
    """
    branches = [receipt for receipt in receipts if receipt.ref.startswith("refs/heads/")]
    if not branches:
        return {}
    commits = repo.git.text("rev-list", "--topo-order", "--reverse", "--end-of-options", tip).splitlines()
    return received_times(receipts, branches[-1].ref, commits)


def _upstream(repo: Repo) -> str:
    try:
        branch = repo.branch()
    except DetachedHeadError:
        return ""
    merge = repo.find_setting(f"branch.{branch}.merge")
    return (merge or branch).removeprefix("refs/heads/")


def received_times(receipts: Sequence[Receipt], branch: str, commits: Sequence[str]) -> dict[str, int]:
    """Return when each commit was received, by the server's clock; a commit without a receipt is left out.

    `commits` are those of the branch, oldest first. The first receipt whose end stands at a commit or behind it vouches for the
    commit; what was there before the first receipt has none.
    """
    places = {commit: place for place, commit in enumerate(commits)}
    times: dict[str, int] = {}
    last = -1
    for receipt in receipts:
        end = places.get(receipt.new)
        if receipt.ref != branch or end is None:
            continue
        start = max(last, places.get(receipt.old, last))
        for place in range(start + 1, end + 1):
            times.setdefault(commits[place], receipt.time)
        last = max(last, end)
    return times


def _finding(message: str, receipt: str) -> Finding:
    hint = f"git log {REF} 看全部收据；请服务器管理员查明"
    return Finding("receipt", message, hint, origin=Origin(receipt))
